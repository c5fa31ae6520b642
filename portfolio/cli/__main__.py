"""`python -m portfolio.cli`: the program without its console script."""

from portfolio.cli import main

if __name__ == "__main__":
    main()
