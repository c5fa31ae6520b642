"""Tell what kind of capture a text is, and which parser reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Final

from parsers.values import clean, load_json
from portfolio.errors import UnknownChoiceError

if TYPE_CHECKING:
    from parsers.records import Occasion, Parsed

# The function of each kind, as MODULE.FUNCTION of parsers: imported when one is read.
PARSERS: Final = {
    "claude-usage": "claude_usage.parse_usage",
    "claude-statusline": "claude.parse_statusline",
    "claude-oauth": "claude.parse_oauth",
    "claude-cache": "claude.parse_cache",
    "claude-desktop": "claude_desktop.parse_history",
    "claude-stream": "claude_limits.parse_stream",
    "claude-monitor": "claude_monitor.parse_monitor",
    "codex-status": "codex.parse_status",
    "codex-usage": "codex.parse_usage_endpoint",
    "codex-app-server": "codex.parse_app_server",
    "codex-rollout": "rollout_capture.parse_rollout",
    "glm-quota": "glm.parse_quota",
    "antigravity-usage": "antigravity.parse_usage",
    "copilot-user": "copilot.parse_user",
    "cursor-summary": "cursor.parse_summary",
    "kimi-usages": "kimi.parse_usages",
    "minimax-remains": "minimax.parse_remains",
    "codexbar": "codexbar.parse_usage",
    "openusage": "openusage.parse_limits",
    "ccusage": "ccusage.parse_ccusage",
    "plain": "plain.parse_plain",
}
OF_NO_PROVIDER: Final = {"codexbar", "openusage", "ccusage", "plain"}
PLAIN: Final = "plain"

_CODEX_ROW = re.compile(  # with its bar, or its reset in brackets; else people write so too
    r"(?i)\b(?:5h|weekly|monthly)(?: credit)? limit:[ \t]{0,40}"
    r"(?:\[|[0-9.]{1,12}% (?:left|used) \(resets (?!in ))"  # "resets in 5d" is another's
)
_CLAUDE_ROW = re.compile(r"(?im)^[^\w\n]{0,20}cur{1,2}e?n?t? ?(?:session|week)")
_CLAUDE_WORDS = re.compile(
    r"(?i)your claude code usage|failed ?to ?load ?usage ?data|loading usage data|claude code v\d"
    r"|settings: ?status"
)
_EMBEDDED_USAGE = re.compile(r"wham/usage|body=\s*\{")


def parser_of(kind: str) -> Callable[[str, Occasion], Parsed]:
    """Give the parser of a kind.

    Raises:
        UnknownChoiceError: There is no such kind.
    """
    if kind not in PARSERS:
        raise UnknownChoiceError("kind", kind, known=list(PARSERS))
    module, _, name = PARSERS[kind].partition(".")
    parse: Callable[[str, Occasion], Parsed] = getattr(import_module(f"parsers.{module}"), name)
    return parse


def provider_of(kind: str) -> str | None:
    """Name the provider of a kind; None where the capture itself has to tell."""
    return None if kind in OF_NO_PROVIDER else kind.partition("-")[0]


def recognise(text: str) -> str:
    """Tell the kind of a capture from its shape; what is no provider's own form is plain."""
    shown = clean(text)
    if shown.lstrip().startswith(("{", "[")):
        return _recognise_json(shown)
    if _EMBEDDED_USAGE.search(shown):
        return "codex-usage"
    if _CODEX_ROW.search(shown) or "OpenAI Codex" in shown:
        return "codex-status"
    if _CLAUDE_ROW.search(shown) or _CLAUDE_WORDS.search(shown):
        return "claude-usage"
    return PLAIN


def _recognise_json(text: str) -> str:
    """Tell the kind by the keys of the document; if it is none, by the first that is written."""
    try:
        document = load_json(text)
    except ValueError:  # cut off, or several documents one after the other
        return next((kind for kind, marks in _JSON_MARKS if _writes_any(text, marks)), PLAIN)
    if isinstance(document, list):  # CodexBar tells of several providers so
        document = next((one for one in document if isinstance(one, dict)), None)
    if not isinstance(document, dict):
        return PLAIN
    keys = set(document)
    inner = document.get("result")
    if isinstance(inner, dict):  # a JSON-RPC envelope
        keys |= set(inner)
    if pair := next((kind for kind, pair in _JSON_PAIRS if pair <= keys), None):
        return pair
    found = next((kind for kind, marks in _JSON_MARKS if keys & marks), None)
    return found or next((kind for kind, keyed in _JSON_ERRORS if keyed <= keys), PLAIN)


def _writes_any(text: str, keys: set[str]) -> bool:
    return any(f'"{key}"' in text for key in keys)


_JSON_MARKS: Final[tuple[tuple[str, set[str]], ...]] = (
    ("codex-rollout", {"token_count", "session_meta", "turn_context"}),
    ("claude-stream", {"rate_limit_info"}),
    ("ccusage", {"daily", "blocks"}),
    ("openusage", {"providers"}),
    ("claude-monitor", {"local_history", "confidence"}),
    ("codexbar", {"openaiDashboard", "antigravityPlanInfo"}),
    ("antigravity-usage", {"command", "buckets"}),
    ("copilot-user", {"quota_snapshots", "copilot_plan"}),
    ("cursor-summary", {"individualUsage", "billingCycleStart"}),
    ("kimi-usages", {"ratelimitCode5h", "ratelimitCode7d"}),
    ("minimax-remains", {"model_remains"}),
    ("claude-cache", {"cachedUsageUtilization", "numStartups"}),
    ("claude-desktop", {"samples"}),
    ("codex-app-server", {"rateLimits", "rateLimitsByLimitId"}),
    ("codex-usage", {"rate_limit", "plan_type"}),
    ("glm-quota", {"data", "code"}),
    ("claude-statusline", {"rate_limits", "session_id", "transcript_path", "context_window"}),
    ("claude-oauth", {"five_hour", "seven_day", "limits", "extra_usage", "response"}),
    ("claude-usage", {"result"}),  # the envelope of --output-format json
)
_JSON_PAIRS: Final[tuple[tuple[str, set[str]], ...]] = (  # words too common to tell alone
    ("codexbar", {"provider", "usage"}),
    ("kimi-usages", {"usage", "limits"}),
    ("codex-rollout", {"timestamp", "payload"}),
)
_JSON_ERRORS: Final[tuple[tuple[str, set[str]], ...]] = (
    ("codex-app-server", {"id", "error"}),  # an answer of JSON-RPC
    ("codex-usage", {"error", "status"}),
    ("claude-oauth", {"error", "type"}),
)
