"""The house itself: what its pages promise about its parts."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from parsers.records import ProblemSlug
from portfolio import errors
from portfolio.store import opening

ROOT = Path(__file__).resolve().parents[1]
SLUG_HEADING = re.compile(r"^### ([a-z-]+)$", re.MULTILINE)


def error_slugs() -> set[str]:
    return {
        kind.slug
        for kind in vars(errors).values()
        if isinstance(kind, type)
        and issubclass(kind, errors.PortfolioError)
        and kind is not errors.PortfolioError
    }


def problem_slugs() -> set[str]:
    return {*get_args(ProblemSlug), *get_args(errors.WorkProblemSlug)}


def test_every_slug_has_its_heading_and_no_heading_lacks_its_slug() -> None:
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")

    headings = SLUG_HEADING.findall(page)

    assert sorted(headings) == sorted(error_slugs() | problem_slugs())


def test_every_slug_is_provoked_by_a_test() -> None:
    texts = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "tests").rglob("*")
        if path.suffix in (".py", ".json", ".ambr") and path != Path(__file__)
    )

    untested = [slug for slug in error_slugs() | problem_slugs() if f'"{slug}"' not in texts]

    assert untested == []


def queries() -> Iterator[Path]:
    yield from (ROOT / "portfolio" / "store" / "queries").glob("*.sql")


def test_every_query_says_what_it_answers_and_is_asked_somewhere() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "portfolio" / "store").glob("*.py")
    )

    silent = [path.name for path in queries() if not path.read_text().startswith("-- ")]
    unused = [path.name for path in queries() if f'"{path.stem}"' not in code]

    assert (silent, unused) == ([], [])


def test_every_parser_module_is_under_the_contract_that_only_ingest_calls_it() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    rule = next(one for one in contracts["contracts"] if one["name"].startswith("Only ingest"))
    modules = {path.stem for path in (ROOT / "parsers").glob("*.py")} - {"__init__", "records"}

    # parsers.values is under it too: a command has no business reading meters by itself.
    assert {f"parsers.{name}" for name in modules} == set(rule["forbidden_modules"])


def test_what_readme_and_docs_show_is_what_the_program_prints() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "printing.py"), "--check"],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )

    assert (done.returncode, done.stdout) == (0, ""), f"run `make docs`\n{done.stdout}{done.stderr}"


def test_migrations_are_numbered_without_a_gap() -> None:
    numbers = [int(name.partition("_")[0]) for name, _ in opening.migrations()]

    assert numbers == list(range(1, len(numbers) + 1))


def test_help_imports_no_heavy_library() -> None:
    code = (
        "import sys, portfolio.cli.app\n"
        "print([name for name in ('duckdb', 'numpy', 'scipy', 'git', 'rich.table', 'tomlkit')"
        " if name in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )

    assert done.stdout.strip() == "[]"
