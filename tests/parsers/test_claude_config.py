"""Who is logged in to Claude Code: digests and the plan's word, and nothing else of the file."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.claude_config import ClaudeConfig, read_config
from parsers.login import login_digest

PERSON, ORG = "11111111-AAAA-4000-8000-000000000001", "22222222-0000-4000-8000-000000000002"
NOBODY = ClaudeConfig(None, None, None, None, None)


def read(**account: Any) -> ClaudeConfig:
    return read_config(json.dumps({"numStartups": 3, "oauthAccount": account}).encode())


def test_the_ids_are_kept_as_digests_whatever_their_case() -> None:
    found = read(accountUuid=PERSON, organizationUuid=ORG, emailAddress="u@example.com")

    assert (found.account, found.org) == (login_digest(PERSON.lower()), login_digest(ORG))
    assert not any(word in repr(found) for word in (PERSON, ORG, "example.com"))


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"organizationType": "claude_pro"}, "claude_pro"),
        (
            {
                "organizationType": "claude_max",
                "organizationRateLimitTier": "default_claude_max_20x",
            },
            "default_claude_max_20x",
        ),
        (
            {
                "userRateLimitTier": "default_claude_max_5x",
                "organizationRateLimitTier": "default_claude_max_20x",
            },
            "default_claude_max_5x",
        ),
        (
            {"organizationType": "claude_pro", "organizationRateLimitTier": "default_claude_ai"},
            "claude_pro",
        ),
        ({"organizationRateLimitTier": "default_claude_ai"}, None),
        ({}, None),
    ],
)
def test_the_word_that_says_most_of_the_plan_is_taken(
    said: dict[str, str], word: str | None
) -> None:
    assert read(**said).plan_word == word


def test_the_day_of_the_subscription_is_read_where_it_stands() -> None:
    assert read(subscriptionCreatedAt="2026-03-14T10:00:00Z").subscribed_on == 14
    assert read(subscriptionCreatedAt="soon").subscribed_on is None


def test_the_usage_is_given_as_a_document_of_its_own() -> None:
    usage = {"fetchedAtMs": 1787299200500, "utilization": {"five_hour": None}}
    found = read_config(json.dumps({"cachedUsageUtilization": usage, "x": 1}).encode())

    assert json.loads(found.usage or "") == {"cachedUsageUtilization": usage}


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"oauthAccount": None},
        {"oauthAccount": 7},
        {"oauthAccount": {"accountUuid": 7}},
        {"oauthAccount": {"accountUuid": " "}},
        {"cachedUsageUtilization": None},
    ],
)
def test_a_form_that_is_not_known_tells_nothing(document: dict[str, Any]) -> None:
    assert read_config(json.dumps(document).encode()) == NOBODY


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b'{"oauthAccount": {"accountUuid": "a', b"\xff\xfe"]
)
def test_what_is_no_whole_document_raises_to_be_read_again_later(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_config(raw)


def test_a_mark_of_byte_order_and_deep_nesting_elsewhere_do_no_harm() -> None:
    deep = b'{"projects": ' + b"[" * 300 + b"]" * 300 + b', "oauthAccount": {"accountUuid": "p"}}'

    assert read_config(b"\xef\xbb\xbf" + deep).account == login_digest("p")


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_bytes_make_it_raise_anything_else(raw: bytes) -> None:
    try:
        found = read_config(raw)
    except ValueError:
        return
    assert found.account is None  # so short a text names nobody


def test_half_a_character_in_what_the_user_wrote_hides_nobody() -> None:
    said = json.dumps({"history": "cut \ud83d", "oauthAccount": {"accountUuid": PERSON}})

    assert read_config(said.encode()).account == login_digest(PERSON)
