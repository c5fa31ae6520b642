from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.report.redaction import (
    LONGEST,
    METER_WORDS,
    SHOWN,
    redacted,
    redacted_reason,
)

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
NAMES = st.sampled_from(
    ("type", "usage", "input_tokens", "ephemeral_5m_input_tokens", "cwd", "limits", "rateLimits")
)
TOKENS = st.text(LETTERS + "0123456789", min_size=20, max_size=40)
WORDS = st.text(LETTERS, min_size=4, max_size=12).map("zq{}".format)  # no word of a format
SECRETS = st.one_of(
    TOKENS.map("sk-ant-api03-{}".format),
    TOKENS.map("Bearer {}".format),
    TOKENS.map("ghp_{}".format),
    WORDS.map("/home/{}/private".format),
    WORDS.map("C:\\Users\\{}".format),
    WORDS.map("{}@example.org".format),
    st.uuids().map(str),
    st.lists(WORDS, min_size=2).map(" ".join),
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | SECRETS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


def texts_of(value: Any) -> list[str]:
    """Give every text that is a value somewhere in a document."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inner for text in texts_of(one)]


def words_of(text: str) -> set[str]:
    return {word for word in re.findall(r"[A-Za-z]{5,}", text) if word.lower() not in METER_WORDS}


def shape_of(value: Any) -> Any:
    """Give how a document is built, without what its values say."""
    if isinstance(value, dict):
        return {name: shape_of(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape_of(inner) for inner in value]
    return value if value is None or isinstance(value, bool) else type(value)


@given(st.dictionaries(NAMES, VALUES, min_size=1))
def test_no_text_of_a_document_is_shown(document: dict[str, Any]) -> None:
    shown = redacted(json.dumps(document))

    for text in texts_of(document):
        assert text not in shown
        assert not words_of(text) & words_of(shown)


@given(st.dictionaries(NAMES, VALUES, min_size=1))
def test_how_a_document_is_built_is_shown_whole(document: dict[str, Any]) -> None:
    shown = redacted(json.dumps(document))

    if len(shown) <= SHOWN:
        assert shape_of(json.loads(shown)) == shape_of(document)


@given(st.dictionaries(NAMES, VALUES, min_size=1), st.data())
def test_a_torn_document_shows_no_more_than_a_whole_one(
    document: dict[str, Any], data: st.DataObject
) -> None:
    line = json.dumps(document)
    torn = line[: data.draw(st.integers(1, len(line)))]

    shown = redacted(torn)

    for text in texts_of(document):
        assert not words_of(text) & words_of(shown)


@given(SECRETS, st.sampled_from(("", "Error: ", "data: ", "Current week: ", "{", '{"a":', "[")))
def test_no_text_outside_a_document_is_shown(secret: str, before: str) -> None:
    shown = redacted(f"{before}{secret} 42% used")

    assert secret not in shown
    assert not words_of(secret) & words_of(shown)


@given(SECRETS, NAMES)
def test_what_stands_for_something_is_no_name(secret: str, name: str) -> None:
    shown = redacted(json.dumps({name: {secret: {"input_tokens": 3}}}))

    assert not words_of(secret) & words_of(shown)
    assert '"input_tokens": 3' in shown


@given(st.text() | st.text('{}[]:,"\\ \n0aé\x1b', max_size=40))
def test_any_text_can_be_cut(text: str) -> None:
    shown = redacted(text)

    assert len(shown) <= SHOWN + 1
    assert shown.isprintable() or set(re.findall(r"\W", shown)) >= {"\n"}


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('{"type":"token_count","rate_limits":null}', '{"type":"token_count","rate_limits":null}'),
        ('{"model":"claude-opus-4-5-20251101"}', '{"model":"claude-opus-4-5-20251101"}'),
        (
            '{"model":"<synthetic>","version":"2.1.270"}',
            '{"model":"<synthetic>","version":"2.1.270"}',
        ),
        ('{"type":"what did I say"}', '{"type":"<text 14>"}'),
        ('{"type":"sk-ant-abcdefghijkl"}', '{"type":"<secret 19>"}'),
        ('{"at":"2026-11-03T09:12:44.123Z"}', '{"at":"0000-00-00T00:00:00.000Z"}'),
        ('{"id":8523847593,"u":0.28999}', '{"id":8520000000,"u":0.28900}'),
        ('{"env":{"TOKEN":"x"},"a":1}', '{"env":{"<name 5>":"<text 1>"},"a":1}'),
        ('{"content":"caf\\u00e9 \\"x\\""}', '{"content":"<text 15>"}'),
        ('{"a":"to', '{"a":"<text 2>'),
        ('{"type":"josefine', '{"type":"<text 8>'),
        ("Weekly limit: [██░] 56% left (resets 03:16 on 2 Dec)",) * 2,
        ("5h limit for ada@example.org", "5h limit for xxx@xxxxxxx.xxx"),
        ("\x1b[1mCurrent session", ".[1xXxxxxxx session"),
    ],
)
def test_a_line_is_cut_so(line: str, shown: str) -> None:
    assert redacted(line) == shown


def test_a_long_line_is_cut_off() -> None:
    shown = redacted('{"a":[' + "1," * LONGEST)

    assert (len(shown), shown[-1]) == (SHOWN + 1, "…")


def test_a_name_that_takes_long_to_read_takes_no_longer_than_another() -> None:
    assert redacted('{"' + "a" * 39 + '!":1}') == '{"<name 40>":1}'


@pytest.mark.parametrize(
    "reason",
    [
        "a window without its used_percent, or of another shape",
        "a limit on something without a name",
        "a reset that is no Unix time in seconds",
        "a limit was reached: its message names none",
        "a limit without its time",
        "week at 120000 pp: not between 0 and 1000",
    ],
)
def test_what_we_say_of_a_line_is_shown_whole(reason: str) -> None:
    assert redacted_reason(reason) == reason


@given(SECRETS)
def test_what_is_wrong_is_told_without_what_stands_there(secret: str) -> None:
    shown = redacted_reason(f"Invalid value '{secret}' - at `$.message.usage` - `{secret}`")

    assert shown.startswith("Invalid value '")
    assert "`$.message.usage`" in shown
    assert secret not in shown
    assert not words_of(secret) & words_of(shown)
