"""Print into README and docs what the program prints, so that no page shows anything else.

A block begins with `<!-- printed: SOURCE -->` and ends with `<!-- end -->`; between them stands
what SOURCE gives. SOURCE is a command line (`portfolio plans list --at 2026-11-21`), for the demo's
step N `portfolio demo N`, or `settings` and `schema` for pages made from the code.

    python docs/printing.py            print again
    python docs/printing.py --check    say which block is out of date, and exit with 1
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"(<!-- printed: ([^\n]+) -->\n).*?(<!-- end -->)", re.DOTALL)
DEMO_STEP = re.compile(r"portfolio demo ([0-9])")
COLUMN = re.compile(r" +([a-z_0-9]+) ([A-Z]+(?:\[\])?)([A-Z' ]*)[^-]*?,? *(?:-- (.*))?")


def pages() -> list[Path]:
    """Give every page that may hold a block."""
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def printed_again(page: str) -> str:
    """Give a page with every block printed anew."""
    return BLOCK.sub(lambda block: f"{block[1]}{_content(block[2])}{block[3]}", page)


@lru_cache
def _content(source: str) -> str:
    if source == "settings":
        from portfolio.settings import table

        return table()
    if source == "schema":
        return "\n".join(_schema())
    if step := DEMO_STEP.fullmatch(source):
        shown = _demo_steps()[int(step[1])]
        return f"```console\n$ {shown.command}\n{shown.output}```\n"
    return f"```console\n$ {source}\n{_run(source)}```\n"


@lru_cache
def _demo_steps():  # type: ignore[no-untyped-def]
    from portfolio.cli.desk import DEFAULT_SEED
    from portfolio.commands.demo import demo
    from portfolio.settings import data_folder
    from portfolio.store.catalogue import read_catalogue

    return demo(catalogue=read_catalogue(data_folder() / "plans.toml"), seed=DEFAULT_SEED).steps


def _run(source: str) -> str:
    """Run a command line of ours in a home of its own."""
    program, *arguments = shlex.split(source)
    if program != "portfolio":
        raise ValueError(f"not ours to run: {source}")
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-m", "portfolio.cli", "--home", f"{home}/none", *arguments],
            check=True,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={"PATH": "", "COLUMNS": "80", "NO_COLOR": "1", "TZ": "UTC", "PYTHONUTF8": "1"},
        )
    return "\n".join(line.rstrip() for line in done.stdout.strip("\n").split("\n")) + "\n"


def _schema() -> Iterator[str]:
    """Tell every table and view from the migrations: its comment and its columns."""
    from portfolio.store.opening import migrations

    for name, text in migrations():
        yield f"## {name}\n"
        for statement in text.split(";\n"):
            lines = statement.strip("\n").split("\n")
            comment = [line[2:].strip() for line in lines if line.startswith("--")]
            head = next((line for line in lines if line.startswith("CREATE")), "")
            kind, _, what = head.removeprefix("CREATE ").partition(" ")
            if kind not in ("TABLE", "VIEW"):
                continue
            yield f"### {what.split(' ')[0]} ({kind.lower()})\n"
            if comment:
                yield " ".join(comment) + "\n"
            if kind == "TABLE":
                yield "| column | type | meaning |\n|---|---|---|"
                yield from _columns(lines)
                yield ""


def _columns(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if line.startswith("    ") and (column := COLUMN.fullmatch(line)):
            name, kind, _, meaning = column.groups()
            yield f"| `{name}` | {kind} | {meaning or ''} |"


def main() -> int:
    """Print every page again, or check that nothing would change."""
    stale = []
    for path in pages():
        old = path.read_text(encoding="utf-8")
        new = printed_again(old)
        if new != old:
            stale.append(path.relative_to(ROOT))
            if "--check" not in sys.argv:
                path.write_text(new, encoding="utf-8")
    for page in stale:
        sys.stdout.write(f"{page}: {'out of date' if '--check' in sys.argv else 'printed'}\n")
    return int(bool(stale) and "--check" in sys.argv)


if __name__ == "__main__":
    raise SystemExit(main())
