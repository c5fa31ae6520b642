"""What the git hook says of a mark that is wrong, and that it names the same items as we do."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.commits import parse_message
from portfolio.estimate.branch_items import item_of_branch, kind_of_branch, passes_on, short_name
from portfolio.ingest.repository_names import forge_path
from portfolio.settings import Home, data_folder
from tests.hook_world import Hooked

LOGIC = data_folder() / "hook"


def api_in(folder: Path, *, mode: str = "warn", branch: str = "AUTH-01") -> Hooked:
    api = Hooked(folder / "api", home=Home(folder / "home"), mode=mode)
    api.branch(branch)
    return api


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (
            "xfeat:AUTH-01 Add",
            'line 1 is no mark (not kind::id::window::step): "xfeat:AUTH-01 Add"; it should'
            " read: xfeat::AUTH-01::W0-003::BUILD Add",
        ),
        ("xfeat::412::W0-001::BUILD Add", "line 1 is no mark (the id is a letter, then"),
        ("Add\n\n* xproto::UI::0-1::MOCK draw", "line 3 is no mark (the window is like"),
        ("xfeat::PAY-1::W0-001::Build Add", "it should read: xfeat::PAY-1::W0-001::BUILD Add"),
        ("xfeat::PAY-1::W0-001::BUILD", "should read: xfeat::PAY-1::W0-001::BUILD what was done"),
        ("xfeat::A::W0-001::BUILD::X Add", "(not kind::id::window::step)"),
        ("Add\n\nWork: #412", "line 3 is no mark (the id is one word"),
        ("Add\n\nSigned-off-by: A <a@b>\nWork: two words", "it should read: Work: AUTH-01"),
    ],
)
def test_a_wrong_mark_is_told_in_one_line_and_only_strict_refuses(
    tmp_path: Path, message: str, said: str
) -> None:
    api = api_in(tmp_path)

    warned = api.attempt("commit", "--allow-empty", "-q", "-m", message)
    api.git("config", "portfolio.mode", "strict")
    refused = api.attempt("commit", "--allow-empty", "-q", "-m", f"{message} ")
    unasked = api.attempt("commit", "--allow-empty", "-q", "--no-verify", "-m", message)

    assert (warned.returncode, refused.returncode, unasked.returncode) == (0, 1, 0)
    [line] = warned.stderr.splitlines()
    assert line.startswith("portfolio: ")
    assert said in line
    assert (refused.stderr.splitlines(), unasked.stderr) == ([line], "")
    assert api.git("rev-list", "--count", "HEAD") == "3"


@pytest.mark.parametrize(
    "message",
    [
        "Add\n\nWork: in progress, and more\n\nSigned-off-by: A <a@b>",
        "Add\n\nSome prose here.\nWork: in progress, and more",
        "Work: on it now",
        "xfeature: none of ours",
    ],
)
def test_prose_is_no_wrong_mark(tmp_path: Path, message: str) -> None:
    api = api_in(tmp_path, mode="strict", branch="main-2")

    done = api.attempt("commit", "--allow-empty", "-q", "-m", message)

    assert (done.returncode, done.stderr, api.work()) == (0, "", ["api.2"])


def test_a_wrong_mark_below_a_comment_is_not_looked_at(tmp_path: Path) -> None:
    api = api_in(tmp_path, mode="strict")
    api.git("config", "core.commentChar", "*")

    done = api.edit(first="Add\n* xfeat:nonsense")

    assert (done.returncode, done.stderr) == (0, "")


KINDS = ["xfeat", "xproto", ":", "::"]
PARTS = ["AUTH-01", "W0-003", "W-P1", "W0-", "BUILD", "Add", "9", ".", "_"]
words = st.sampled_from([*KINDS, *KINDS, *PARTS, "*", "-", "+", " ", "\t"])


@settings(max_examples=15)
@given(st.lists(st.lists(words, max_size=9).map("".join), min_size=60, max_size=60))
def test_what_is_a_tag_to_the_hook_is_one_to_the_parser(lines: Sequence[str]) -> None:
    said = shell(
        'while IFS= read -r given; do printf "%s\\n" "$given" >"$file"; read_message "$file"; '
        'printf "%s|%s\\n" "$is_marked" "$wrong"; done',
        lines,
    )

    for line, answer in zip(lines, said, strict=True):
        parsed = parse_message(f"{line}\n")
        is_marked, _, wrong = answer.partition("|")
        reasons = [problem.text for problem in parsed.problems]
        assert (is_marked == "yes") == bool(parsed.tags or reasons), line
        assert [f"({wrong})" in reason for reason in reasons] == [True] * bool(wrong), line


letters = st.one_of(
    st.sampled_from(
        [
            *"AZaz09-_./:",
            "AUTH-",
            "-12-",
            "é",
            "main",
            "dev",
            "feature/",
            "release",
            "staging",
            ".git",
        ]
    ),
    st.characters(exclude_characters="\n\0\r\u0130\u212a", exclude_categories=["Cs"]),
)
names = st.lists(
    st.one_of(st.lists(letters, max_size=12), st.lists(letters, max_size=80)).map("".join),
    min_size=50,
    max_size=50,
)


@settings(max_examples=25)
@given(names)
def test_the_hook_finds_the_item_of_a_branch_that_we_find(branches: Sequence[str]) -> None:
    said = shell(
        'while IFS= read -r given; do item_of_branch "$given" api; kind_of_branch "$given"; '
        'passes=True; passes_on "$given" || passes=False; '
        'printf "%s|%s|%s|%s\\n" "$item" "$rule" "$kind" "$passes"; done',
        branches,
    )

    for branch, answer in zip(branches, said, strict=True):
        found = item_of_branch(branch, "api")
        kind = kind_of_branch(branch)
        ours = kind if kind in {"fix", "chore"} else ""
        facts = [*(found or ("", "")), ours, str(passes_on(branch))]
        assert answer == "|".join(facts), branch


@settings(max_examples=15)
@given(names)
def test_the_hook_calls_a_repository_as_we_do(origins: Sequence[str]) -> None:
    said = shell(
        'while IFS= read -r given; do repository_name "$given" "/src/My.Api"; '
        'printf "%s\\n" "$name"; done',
        origins,
    )

    for origin, name in zip(origins, said, strict=True):
        path = forge_path(origin)
        # Letters that are no ASCII are joined into hyphens, whatever their lower case is.
        assert name == short_name(path.rpartition("/")[2] if path else "My.Api"), origin


def shell(script: str, lines: Sequence[str]) -> list[str]:
    """Run a script with the functions of the hooks, and lines on its standard input."""
    done = subprocess.run(
        ["sh", "-c", f'logic={LOGIC}\n. "$logic/marking.sh"\ncomment= drops=yes wants_text=no\n'
         f'file=$(mktemp)\n{script}\nrm "$file"'],
        input="".join(f"{line}\n" for line in lines).encode(),
        capture_output=True,
        check=True,
    )  # fmt: skip
    assert done.stderr == b""
    return done.stdout.decode().split("\n")[:-1]
