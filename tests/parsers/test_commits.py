from __future__ import annotations

import re
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.commits import parse_message
from parsers.records import CommitTag
from tests.parsers.meter_samples import takes_linear_time

HASH = "0123456789abcdef0123456789abcdef01234567"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ALNUM = LETTERS + LETTERS.lower() + "0123456789"
GRAMMAR = re.compile(  # DESIGN §4, written down once more and independently of the parser
    r"[ \t]*(?:[*+-][ \t]*)?(?:xfeat|xproto)::[A-Za-z][A-Za-z0-9._-]{0,63}"
    r"::(?:W[0-9]+-[0-9]+|W-[A-Za-z0-9]+)::[A-Z]+ .*\S.*"
)
KINDS: dict[str, Literal["feature", "prototype"]] = {"xfeat": "feature", "xproto": "prototype"}

digits = st.text("0123456789", min_size=1, max_size=5)
items = st.builds(
    "".join, st.tuples(st.sampled_from(LETTERS + LETTERS.lower()), st.text(ALNUM + "._-"))
).map(lambda item: item[:64])
windows = st.builds("W{}-{}".format, digits, digits) | st.text(ALNUM, min_size=1, max_size=20).map(
    "W-{}".format
)
steps = st.text(LETTERS, min_size=1, max_size=12)
messages = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\n\r"), min_size=1
).filter(str.strip)
bullets = st.sampled_from(["", "* ", "- ", "+ ", "    ", "\t", "  * ", "*", "    - "])
pieces = st.sampled_from(
    [
        "xfeat",
        "xproto",
        "::",
        ":",
        " ",
        "\t",
        "*",
        "-",
        "\n",
        "\r\n",
        "A-1",
        "W0-001",
        "W-P1",
        "W",
        "SPEC",
        "spec",
        "٣",
        "W٣-1",
        "\x00",
        "[red]",
        "\x1b[31m",
        "This reverts commit ",
        HASH,
        "é",
    ]
)


def tag_of(line: str) -> CommitTag:
    parsed = parse_message(line)
    assert parsed.problems == []
    (tag,) = parsed.tags
    return tag


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "xfeat::AUTH-01::W0-003::SPEC implement login validation",
            ("feature", "AUTH-01", "W0-003", "SPEC", "implement login validation"),
        ),
        (
            "xfeat::FEED-02::W0-005::REVIEW fix edge cases",
            ("feature", "FEED-02", "W0-005", "REVIEW", "fix edge cases"),
        ),
        (
            "xproto::UI-PROTOS::W-P1::MOCK create dashboard wireframe",
            ("prototype", "UI-PROTOS", "W-P1", "MOCK", "create dashboard wireframe"),
        ),
        (
            "xproto::DATA-MIG::W-M2::TEMP add migration script",
            ("prototype", "DATA-MIG", "W-M2", "TEMP", "add migration script"),
        ),
    ],
)
def test_the_seed_examples_are_tags(line: str, expected: tuple[str, ...]) -> None:
    tag = tag_of(line)

    assert (tag.kind, tag.item, tag.window, tag.step, tag.message) == expected


@settings(database=None, deadline=None)
@given(bullets, st.sampled_from(list(KINDS)), items, windows, steps, messages)
def test_a_tag_line_of_sound_parts_gives_those_parts(
    bullet: str, kind: str, item: str, window: str, step: str, message: str
) -> None:
    line = f"{bullet}{kind}::{item}::{window}::{step} {message}"

    assert parse_message(f"A subject\n\n{line}\n").tags == [
        CommitTag(
            kind=KINDS[kind],
            item=item,
            window=window,
            step=step,
            message=message.strip(),
            line=3,
        )
    ]


@settings(database=None, deadline=None, max_examples=400)
@given(st.text() | st.lists(pieces, max_size=14).map("".join))
def test_no_text_gives_a_tag_outside_the_grammar_and_none_is_dropped_in_silence(text: str) -> None:
    parsed = parse_message(text)

    lines = text.split("\n")
    for tag in parsed.tags:
        assert GRAMMAR.fullmatch(lines[tag.line - 1].rstrip("\r"))
    told = {tag.line for tag in parsed.tags} | {found.line for found in parsed.problems}
    begun = {
        number
        for number, line in enumerate(lines, start=1)
        if line.lstrip(" \t").startswith(("xfeat:", "xproto:"))
    }
    assert begun <= told
    assert {found.slug for found in parsed.problems} <= {"tag-malformed"}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("xfeat:A-1:W0-1:SPEC single colons", "kind::id"),
        ("xfeat::A-1::W0-1 no step", "kind::id"),
        ("xfeat::A-1::W0-1::SPEC::MORE one part too many", "kind::id"),
        ("xfeat::A-1::W0-1::SPEC", "no message"),
        ("xfeat::A-1::W0-1::SPEC   ", "no message"),
        ("xfeat::A-1::W0-1::SPEC\ttab for a blank", "step"),
        ("xfeat::A-1::W0-1::Spec lower case", "step"),
        ("xfeat::1A::W0-1::SPEC begins with a digit", "the id"),
        ("xfeat::::W0-1::SPEC no id", "the id"),
        (f"xfeat::{'A' * 65}::W0-1::SPEC too long an id", "the id"),
        ("xfeat::A-1::W0::SPEC half a window", "the window"),
        ("xfeat::A-1::W-::SPEC no window", "the window"),
        ("xfeat::A-1::W٣-١::SPEC Arabic digits", "the window"),
        (f"xfeat::A-1::W{'9' * 5000}-1::SPEC a number no machine counts to", "the window"),
        ("xfeat::A\x00::W0-1::SPEC a NUL in the id", "the id"),
        ("xfeat::[red]A::W0-1::SPEC markup in the id", "the id"),
        ("xfeat:: A-1::W0-1::SPEC a blank in the tag", "kind::id"),
    ],
)
def test_what_begins_like_a_tag_and_is_none_is_a_problem(line: str, reason: str) -> None:
    parsed = parse_message(f"subject\n{line}\nxfeat::B::W0-1::PLAN the next line is read")

    ((slug, number, text),) = [(p.slug, p.line, p.text) for p in parsed.problems]
    assert (slug, number) == ("tag-malformed", 2)
    assert text.startswith(line[:100])
    assert reason in text
    assert [tag.item for tag in parsed.tags] == ["B"]


@pytest.mark.parametrize(
    "line",
    [
        "feat: add xfeat::A::W0-1::SPEC later",
        "see xfeat::A::W0-1::SPEC x",
        "XFEAT::A::W0-1::SPEC x",
        "> xfeat::A::W0-1::SPEC quoted",
        "xfeature: no tag",
        "",
    ],
)
def test_a_line_that_does_not_begin_like_a_tag_is_none(line: str) -> None:
    parsed = parse_message(line)

    assert (parsed.tags, parsed.problems) == ([], [])


@pytest.mark.parametrize(
    "message",
    [
        "[bold red]login[/bold red]",
        "\x1b[31mred\x1b[0m",
        "=HYPERLINK(1)",
        "a\x00b",
        "٣ rows",
        "{x}",
        "y" * 10000,
    ],
)
def test_a_message_is_kept_as_it_stands(message: str) -> None:
    assert tag_of(f"xfeat::A::W0-1::SPEC {message}").message == message


def test_a_squash_of_a_hosting_site_gives_the_tag_of_every_bullet() -> None:
    parsed = parse_message(
        "Login (#12)\r\n\r\n* xfeat::A::W0-1::SPEC one\r\n\r\n* xfeat::A::W0-1::BUILD two\r\n\r\n"
        "---------\r\n\r\nCo-authored-by: Bot <bot@example.com>\r\n"
    )

    assert [(tag.step, tag.message, tag.line) for tag in parsed.tags] == [
        ("SPEC", "one", 3),
        ("BUILD", "two", 5),
    ]


def test_a_squash_of_git_gives_the_tag_of_every_indented_subject() -> None:
    parsed = parse_message(
        "Squashed commit of the following:\n\ncommit " + HASH + "\nAuthor: A <a@x>\n\n"
        "    xfeat::A::W0-1::BUILD two\n\ncommit " + HASH + "\n\n    xfeat::A::W0-1::SPEC one\n"
    )

    assert [tag.step for tag in parsed.tags] == ["BUILD", "SPEC"]


@pytest.mark.parametrize(
    ("line", "hashes"),
    [
        (f"This reverts commit {HASH}.", [HASH]),
        (f"    This reverts commit {HASH}.", [HASH]),
        (f"This reverts commit {HASH}, reversing", [HASH]),
        (f"This reverts commit {HASH[:7]} (Add login, 2026-11-03).", [HASH[:7]]),
        (f"This reverts commit {HASH * 2}"[:84] + ".", [(HASH * 2)[:64]]),
        ("This reverts commit abc.", []),
        ("This reverts commit HEAD.", []),
        (f"Perhaps this reverts commit {HASH}.", []),
    ],
)
def test_a_revert_names_the_commit_it_takes_back(line: str, hashes: list[str]) -> None:
    assert parse_message(f'Revert "Add login"\n\n{line}\n').reverts == hashes


@pytest.mark.parametrize(
    "piece",
    [
        "xfeat::A::W0-1::SPEC x\n",
        "xfeat:\n",
        "::",
        "xfeat::",
        " ",
        "* ",
        "\t- ",
        "A" * 50,
        "\r",
        f"This reverts commit {HASH}\n",
        "xfeat::" + "W" * 40 + "\n",
    ],
)
def test_reading_takes_linear_time(piece: str) -> None:
    assert takes_linear_time(parse_message, piece)
    assert takes_linear_time(lambda text: parse_message("xfeat::" + text), piece)
