"""Whatever a message says, the hook adds one mark that git or our parser reads, and no more."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.commits import parse_message
from portfolio.settings import Home
from tests.checkouts import BEGAN, Repository
from tests.hook_world import Hooked

TAG = "xfeat::AUTH-01::W0-003::BUILD"
LINES = [
    *(
        "",
        "",
        "",
        "Add the form",
        "feat: add",
        "#7 is mended",
        "# A heading",
        "---",
        "-- ",
        "* point",
    ),
    *("    indented", "\ttab", "Signed-off-by: A <a@b>", "Refs: #12", "Key: value", "  folded"),
    *(
        "BREAKING CHANGE: gone",
        "(cherry picked from commit 12ab)",
        "diff --git a/x b/x",
        "\\n %s &",
    ),
    *("Über", "a: b: c", "trailing  "),
    *("Conflicts:", "Worked: on it", "work", "line\r", "; x", "Author: A", "[tag] x", "'\"$`"),
]
messages = st.lists(st.lists(st.sampled_from(LINES), max_size=9).map("\n".join), max_size=6)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Repository, Hooked]:
    """Give two repositories of one name, one with the hook."""
    folder = tmp_path_factory.mktemp("messages")
    plain = Repository(folder / "plain" / "api")
    plain.commit("Begin")
    return plain, Hooked(folder / "api", home=Home(folder / "home"), style="trailer")


@settings(max_examples=12)
@given(messages, st.sampled_from(["default", "whitespace", "verbatim", "strip", "scissors"]))
def test_a_trailer_is_read_by_git_and_the_rest_is_as_it_was(
    pair: tuple[Repository, Hooked], texts: Sequence[str], cleanup: str
) -> None:
    for text in texts:
        plain, marked = committed(pair, text, branch="fix/1", cleanup=cleanup)
        if plain is None or says_nothing(plain):
            assert marked == plain
            continue
        assert marked is not None
        assert pair[1].work() == ["api.1"], text
        without = [line for line in marked.splitlines() if line != "Work: api.1"]
        assert visible("\n".join(without)) == visible(plain), text


@settings(max_examples=12)
@given(messages, st.sampled_from(["default", "whitespace", "verbatim", "strip", "scissors"]))
def test_a_tag_stands_before_the_subject_and_the_rest_is_as_it_was(
    pair: tuple[Repository, Hooked], texts: Sequence[str], cleanup: str
) -> None:
    for text in texts:
        pair[1].git("config", "portfolio.style", "tag")
        plain, marked = committed(pair, text, branch="AUTH-01", cleanup=cleanup)
        pair[1].git("config", "portfolio.style", "trailer")
        if plain is None or says_nothing(plain):
            assert marked == plain
            continue
        assert marked is not None
        assert len(parse_message(marked).tags) == 1, text
        assert visible(marked.replace(f"{TAG} ", "", 1).strip()) == visible(plain), text


def committed(
    pair: tuple[Repository, Hooked], text: str, *, branch: str, cleanup: str
) -> tuple[str | None, str | None]:
    """Commit a message in both; give what stands in the commits, None where git refused."""
    said: list[str | None] = []
    for repository in pair:
        repository.git("checkout", "-q", "-B", branch)
        repository.git("config", "commit.cleanup", cleanup)
        before = repository.head()
        try:
            repository.git(
                *("commit", "-q", "--allow-empty", "--file=-"),
                stdin=f"{text}\n".encode(),
                at=BEGAN,
            )
        except subprocess.CalledProcessError:  # an empty message
            said.append(None)
            continue
        assert repository.head() != before
        said.append(repository.git("log", "-1", "--format=%B"))
    return said[0], said[1]


def says_nothing(text: str) -> bool:
    """Tell whether git calls a message empty unless it is told to take it verbatim."""
    return all(line.startswith("Signed-off-by: ") for line in visible(text))


def visible(text: str) -> list[str]:
    """Give the lines that are not blank: a trailer may need a blank line before it."""
    return [line.rstrip() for line in text.split("\n") if line.strip()]
