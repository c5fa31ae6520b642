"""The peers that start-up and the report are measured against: the least that such a program is."""

from __future__ import annotations

import sys

import typer

app = typer.Typer()


@app.command()
def hello(name: str = "you") -> None:
    """Say hello."""
    typer.echo(f"hello {name}")


@app.command()
def empty(path: str) -> None:
    """Open a store and ask it one thing."""
    import duckdb

    with duckdb.connect(path) as database:
        typer.echo(str(database.execute("SELECT 42").fetchone()))


if __name__ == "__main__":
    sys.exit(app())
