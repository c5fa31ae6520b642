"""The report as Markdown: tables that line up, and nothing from outside that is live."""

from __future__ import annotations

import re
from datetime import UTC
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from portfolio.report.markdown import MarkdownPage, escaped
from portfolio.report.text import safe

GITHUB = MarkdownIt("commonmark").enable(["table", "strikethrough"])
GAP = "\u200b"
LIVE = re.compile(  # what hosts look for in the text of a page that is rendered
    r"@[a-z0-9]|[#!]\d|gh-\d|https?://|ftp://|www\.|mailto:|:[a-z]\w*:", re.IGNORECASE
)
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](https://evil.example)",
    "![pixel](https://evil.example/x.png)",
    "[ref]: https://evil.example",
    "<https://evil.example>",
    "https://evil.example/a_b*c*",
    "www.evil.example",
    "me@evil.example",
    "@octocat",
    "owner/repo#123",
    "#123",
    "GH-123",
    "!12",
    "a | b \\| c",
    "`code` ``",
    "**bold** _it_ ~~gone~~",
    "&lt;b&gt; &#64;octocat",
    "# heading",
    "1. one",
    "- entry",
    "+ entry",
    "> quote",
    "---",
    "===",
    "    code",
    "```",
    "a\n\n| b |\n|---|",
    "\\",
    "$x^2$ :rocket:",
]


def paragraph(text: str) -> str:
    page = MarkdownPage(UTC)
    page.say(text)
    return str(GITHUB.render(page.text()))


def told(html: str) -> str:
    """Give the text of a page, as a host has it before it looks for mentions."""
    return unescape(re.sub(r"<[^>]*>", "", html))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_stays_text_in_a_paragraph_and_in_a_cell(text: str) -> None:
    page = MarkdownPage(UTC)
    page.table(("name", "n"), [(text, "1")], right={1})

    cells = GITHUB.render(page.text())
    said = paragraph(f"x{text}")

    assert set(re.findall(r"<(\w+)", said)) == {"p"}
    assert set(re.findall(r"<(\w+)", cells)) == {"table", "thead", "tbody", "tr", "th", "td"}
    for html, whole in ((said, f"x{text}"), (cells, text)):
        assert not LIVE.search(told(html))
        assert safe(whole).strip() in told(html).replace(GAP, "")
    assert cells.count("<td") == 2
    assert set(re.findall(r"<(\w+)", paragraph(text.strip()))) <= {"p"}


@given(st.text(alphabet="<>[]()!`*_~|\\&#;:@$-+=. \n\tab1/w", max_size=40))
def test_no_text_at_all_makes_more_than_a_paragraph_or_changes_what_is_read(text: str) -> None:
    html = paragraph(text.strip())  # what is set in is an entry of a list

    assert set(re.findall(r"<(\w+)", html)) <= {"p"}
    assert not LIVE.search(told(html))
    read = re.sub(r"\s+", " ", told(html).replace(GAP, "")).strip()
    assert read == re.sub(r"\s+", " ", safe(text)).strip()


def test_a_table_lines_up_in_its_source_and_numbers_stand_right() -> None:
    page = MarkdownPage(UTC)
    page.table(("account", "paid"), [("claude-a", "$1.00"), ("b|c", "$12.00")], right={1})

    assert page.text().splitlines() == [
        "| account  |   paid |",
        "| -------- | -----: |",
        "| claude-a |  $1.00 |",
        "| b&#124;c | $12.00 |",
    ]


def test_what_is_set_in_becomes_a_list_and_dollars_stay_readable() -> None:
    page = MarkdownPage(UTC)
    for line in ("Not in these rows:", "  one", "  two", "", "$4.60 – $5.00 at 12:30:15"):
        page.say(line)

    assert page.text() == "Not in these rows:\n\n- one\n- two\n\n$4.60 – $5.00 at 12:30:15\n"


def test_a_commit_of_a_hostile_name_is_no_reference() -> None:
    assert "deadbeef12" not in told(GITHUB.render(escaped("see deadbeef12")))
