"""The command line: arguments, one function of commands/, print.

The clock, the seed and the paths begin here.
"""

from portfolio.cli.app import main

__all__ = ["main"]
