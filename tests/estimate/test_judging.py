from __future__ import annotations

import pytest

from portfolio.estimate.judging import guessed_command, is_test


@pytest.mark.parametrize(
    "path",
    [
        "tests/test_cart.py",
        "test_cart.py",
        "src/cart/conftest.py",
        "cart_test.go",
        "src/cart.test.tsx",
        "src/cart.spec.js",
        "src/__tests__/__snapshots__/cart.snap",
        "spec/models/cart_spec.rb",
        "app/Cart/CartTest.java",
        "CartTests.cs",
        "Tests/CartTests/cart.json",
        "crates/cart/tests/it.rs",
    ],
)
def test_these_are_tests_or_what_tests_need(path: str) -> None:
    assert is_test(path)


@pytest.mark.parametrize(
    "path",
    ["cart.py", "src/contest.py", "latest.md", "testing.md", "src/spectrum.js", "Fastest.java"],
)
def test_these_are_not(path: str) -> None:
    assert not is_test(path)


def test_the_command_is_told_by_the_first_file_that_knows() -> None:
    files = {"package.json": '{"scripts": {"test": "jest"}}', "Makefile": "all:\n\ntest: all\n"}

    assert guessed_command({"pyproject.toml": "pytest>=8", **files}, ["tests/a b_test.py"]) == (
        "python -m pytest 'tests/a b_test.py'"
    )
    assert guessed_command({"pyproject.toml": "[project]", **files}, []) == "npm test"
    assert guessed_command({"Makefile": files["Makefile"]}, []) == "make test"


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"package.json": '{"scripts": {}}'},
        {"package.json": "[1, 2"},
        {"package.json": '{"scripts": ["test"]}'},
        {"Makefile": "test := yes\nlatest:\n"},
    ],
)
def test_where_nothing_tells_nothing_is_guessed(files: dict[str, str]) -> None:
    assert guessed_command(files, ["tests/x.txt"]) is None
