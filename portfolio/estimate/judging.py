"""Which files of a change are tests, and the command that likely runs them.

A file is a test by where it lies or how it is named, as the usual runners find theirs: below a
folder `test`, `tests`, `spec`, `specs` or `__tests__`, or called `test_x.py`, `x_test.go`,
`x.test.ts`, `x.spec.js`, `x_spec.rb`, `XTest.java`, `XTests.cs`, `conftest.py`. What lies below
such a folder and is no test itself (samples, snapshots) is what its tests need, so it counts.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final

FOLDERS: Final = frozenset({"test", "tests", "spec", "specs", "__tests__"})
_NAMED: Final = re.compile(
    r"test_.+|conftest\.py|.+[._-](?:test|tests|spec)\.\w+|.*[a-z0-9](?:Test|Tests|Spec)\.\w+"
)
_MAKE: Final = re.compile(r"^test[ \t]*:(?!=)", re.MULTILINE)
TOLD_BY: Final = ("pyproject.toml", "package.json", "Makefile")  # files that tell the command


def is_test(path: str) -> bool:
    """Tell whether a file, by its path in the repository, is a test or what tests need.

    >>> is_test("tests/data/a.json"), is_test("src/cart.test.ts"), is_test("src/contest.py")
    (True, True, False)
    """
    place = PurePosixPath(path)
    return not FOLDERS.isdisjoint(map(str.lower, place.parts[:-1])) or bool(
        _NAMED.fullmatch(place.name)
    )


def guessed_command(files: Mapping[str, str], tests: Sequence[str]) -> str | None:
    """Guess the command that runs some tests from the files at a repository's root.

    Args:
        files: The text of those of `TOLD_BY` that are there, by name.
        tests: Paths of the tests.

    >>> guessed_command({"pyproject.toml": "[tool.pytest.ini_options]"}, ["tests/test_cart.py"])
    'python -m pytest tests/test_cart.py'
    """
    if "pytest" in files.get("pyproject.toml", ""):
        named = [one for one in tests if re.search(r"(?:^|/)test_[^/]*\.py$|_test\.py$", one)]
        return shlex.join(["python", "-m", "pytest", *named])
    if _has_npm_test(files.get("package.json", "")):
        return "npm test"
    if _MAKE.search(files.get("Makefile", "")):
        return "make test"
    return None


def _has_npm_test(text: str) -> bool:
    try:
        told = json.loads(text) if text else None
    except ValueError:
        return False
    scripts = told.get("scripts") if isinstance(told, dict) else None
    return isinstance(scripts, dict) and bool(scripts.get("test"))
