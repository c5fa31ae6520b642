"""Read of Claude Code's `.claude.json` who is logged in and the copy of the usage answer.

The file also holds the user's projects, prompts and servers: nothing of these is decoded, and the
e-mail address is not either. It may be megabytes long and is rewritten all the time.

Source: third-party readers' code and issues of 2025 and 2026 (reference/meters.md, 1c).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import msgspec

from parsers.log_reading import decoded
from parsers.login import login_digest

LONGEST_WORD: Final = 64
# Tiers that say the size of a Max plan begin so; others (`default_claude_ai`) say no plan.
TELLING_TIER: Final = "default_claude_max"


class ClaudeConfig(NamedTuple):
    """What the file says: digests of the ids, the plan in Anthropic's word, the usage."""

    account: str | None  # digest of the person's account
    org: str | None  # digest of the organisation that pays
    plan_word: str | None
    subscribed_on: int | None  # the day of the month on which the subscription began
    usage: str | None  # a document with cachedUsageUtilization alone, for parse_cache


class _OAuthAccount(msgspec.Struct):
    accountUuid: str | None = None  # noqa: N815 - the file's own words, as those below
    organizationUuid: str | None = None  # noqa: N815
    organizationType: str | None = None  # noqa: N815
    organizationRateLimitTier: str | None = None  # noqa: N815
    userRateLimitTier: str | None = None  # noqa: N815
    subscriptionCreatedAt: str | None = None  # noqa: N815


class _File(msgspec.Struct):
    oauthAccount: msgspec.Raw = msgspec.Raw()  # noqa: N815
    cachedUsageUtilization: msgspec.Raw = msgspec.Raw()  # noqa: N815


_FILE: Final = msgspec.json.Decoder(_File)


def read_config(raw: bytes) -> ClaudeConfig:
    """Read the file.

    Raises:
        ValueError: It is no JSON object (it may be in the middle of being written).
    """
    try:
        file = decoded(_FILE, memoryview(raw))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    who = _who(bytes(file.oauthAccount))
    return ClaudeConfig(
        account=_digest(who.accountUuid),
        org=_digest(who.organizationUuid),
        plan_word=_plan_word(who),
        subscribed_on=_day(who.subscriptionCreatedAt),
        usage=_usage(bytes(file.cachedUsageUtilization)),
    )


def _who(raw: bytes) -> _OAuthAccount:
    """Read who is logged in; a form we do not know tells nothing."""
    try:
        return msgspec.json.decode(raw, type=_OAuthAccount) if raw else _OAuthAccount()
    except (ValueError, RecursionError):
        return _OAuthAccount()


def _digest(identity: str | None) -> str | None:
    return login_digest(identity) if identity and identity.strip() else None


def _plan_word(who: _OAuthAccount) -> str | None:
    """Give the word that says most: of a Max plan only the tier tells the size."""
    for tier in (who.userRateLimitTier, who.organizationRateLimitTier):
        if tier and tier.startswith(TELLING_TIER):
            return tier[:LONGEST_WORD]
    return (who.organizationType or "").strip()[:LONGEST_WORD] or None


def _day(moment: str | None) -> int | None:
    day = (moment or "")[8:10]
    return int(day) if day.isascii() and day.isdigit() and 1 <= int(day) <= 31 else None


def _usage(raw: bytes) -> str | None:
    if not raw or raw == b"null":
        return None
    return f'{{"cachedUsageUtilization":{raw.decode("utf-8", "replace")}}}'
