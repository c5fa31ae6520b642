"""`python -m portfolio.cli`: the program without its console script."""

from portfolio.cli.app import main

if __name__ == "__main__":
    main()
