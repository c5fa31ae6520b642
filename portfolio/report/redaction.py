"""Cut from a line of a log or a capture all that is its user's own, and keep how it is built.

What remains is for a bug report: names of fields, numbers to three digits, words that formats
choose from a few (types, roles, models), and of every other text its sort and length. Nothing is
parsed: a line that is torn or broken is cut just so, as such lines are what is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

LONGEST: Final = 20_000  # characters of a line that are looked at
SHOWN: Final = 2_000  # characters of a report's line

TOKEN: Final = re.compile(
    r'"(?P<text>(?:[^"\\]|\\.)*)(?P<end>"|$)'
    r"|(?P<number>-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<word>[^\W\d_]+)"
    r"|(?P<space>\s+)"
    r"|(?P<mark>[{}\[\]:,])"
    r"|(?P<other>.)",
    re.DOTALL,
)
# A name of a field: letters, and at most two digits in a row (`ephemeral_5m_input_tokens`).
NAME: Final = re.compile(r"\$?_{0,2}[A-Za-z](?:[A-Za-z_-]|(?<![0-9]{2})[0-9])*")
MOST_DIGITS: Final = 4  # in a name; what is made by chance has more
LONGEST_NAME: Final = 40
SECRET: Final = re.compile(
    r"(?i)^(?:(?:sk|pk|rk|gh[a-z]|glpat|github_pat|xox[a-z]|akia|asia|eyj|ya29|aiza)"
    r"(?:[-_.]|(?=[A-Za-z0-9]{12}))|(?:bearer|basic|token)\s)"
)
# Below these, names are the user's own: paths, servers, variables.
OWN_NAMES: Final = {
    *("env", "environment", "files", "fileEdits", "githubRepoPaths", "headers", "mcpServers"),
    *("input", "arguments", "args", "params", "projects", "trackedFileBackups", "toolUseResult"),
}
# What stands in these is one of a few words that the format chooses from.
CHOSEN: Final = {
    *("type", "subtype", "role", "status", "kind", "model", "unit", "window", "speed", "level"),
    *("plan_type", "planType", "limit_id", "limitId", "stop_reason", "service_tier", "severity"),
    *("group", "rateLimitType", "rate_limit_reached_type", "rateLimitReachedType", "timeUnit"),
    *("version", "cli_version", "limit_name", "userType", "entrypoint", "method"),
}
WORD: Final = re.compile(r"[A-Za-z]{1,20}(?:[_-][A-Za-z]{1,16}){0,4}")
VERSION: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,4}){1,3}")
MODEL: Final = re.compile(
    r"(?:claude|codex|deepseek|gemini|glm|gpt|grok|haiku|kimi|minimax|o[0-9]|opus|qwen|sonnet)"
    r"(?:[-_.][A-Za-z]{1,9}|[-_.]v?[0-9]{1,2}[a-z]?|-20[0-9]{6}){0,6}|<[a-z]{1,12}>"
)
SORTS: Final = (
    ("secret", SECRET),
    ("time", re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.,]+(?:Z|[-+][0-9:]+)?)?\Z")),
    ("e-mail", re.compile(r"[^\s@]{1,100}@[^\s@]{1,100}\Z")),
    ("uuid", re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")),
    ("link", re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}://")),
    ("path", re.compile(r"(?:[A-Za-z]:)?[~.]{0,2}[/\\]")),
    ("number", re.compile(r"[-+]?[0-9][0-9.,]*%?\Z")),
)
LITERALS: Final = {"true", "false", "null"}
# Words of meters and of their errors, which text that is no JSON is shown with.
METER_WORDS: Final = frozenset(
    {
        *(
            "a",
            "account",
            "all",
            "am",
            "and",
            "api",
            "as",
            "at",
            "available",
            "balance",
            "cap",
            "codex",
        ),
        *(
            "claude",
            "context",
            "credit",
            "credits",
            "current",
            "daily",
            "data",
            "day",
            "days",
            "error",
        ),
        *("extra", "fable", "failed", "five", "for", "glm", "gpt", "h", "haiku", "hour", "hourly"),
        *(
            "hours",
            "in",
            "is",
            "left",
            "limit",
            "limits",
            "loading",
            "max",
            "min",
            "minutes",
            "model",
        ),
        *(
            "models",
            "month",
            "monthly",
            "not",
            "of",
            "on",
            "only",
            "opus",
            "out",
            "percent",
            "plan",
        ),
        *("pm", "pp", "pro", "prompts", "quota", "refreshes", "remaining", "reset", "resets", "s"),
        *("session", "seven", "sonnet", "spark", "status", "subscription", "the", "to", "token"),
        *("tokens", "up", "usage", "usd", "used", "utc", "week", "weekly", "window", "you", "your"),
        *("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
    }
)

# Words that what is wrong with a line is told with.
REASON_WORDS: Final = METER_WORDS.union(
    {
        *("answer", "array", "be", "bool", "byte", "character", "date", "decoded", "depth", "end"),
        *("exceeded", "expected", "field", "float", "got", "id", "int", "invalid", "its", "json"),
        *("length", "line", "malformed", "mib", "missing", "more", "must", "name", "no", "null"),
        *(
            "number",
            "object",
            "or",
            "range",
            "read",
            "required",
            "row",
            "str",
            "text",
            "than",
            "this",
        ),
        *("time", "trailing", "truncated", "type", "unexpected", "unknown", "utf", "value", "with"),
        *("without", "above", "another", "before", "between", "has", "it", "list", "meter"),
        *("message", "moment", "names", "none", "pool", "reached", "seconds", "shape", "share"),
        *("something", "stands", "ten", "that", "times", "unix", "was", "zone"),
    }
)
PLACE: Final = re.compile(r"`(\$?(?:[.\[\]]|\.\.\.|[A-Za-z_0-9]){1,120})`")


def redacted(line: str) -> str:
    """Cut a line to what may be shown to strangers.

    >>> redacted('{"type":"assistant","cwd":"/home/ada/shop","usage":{"input_tokens":51234}}')
    '{"type":"assistant","cwd":"<path 14>","usage":{"input_tokens":51200}}'
    >>> redacted("Current week (all models): 82% used by ada")
    'Current week (all models): 82% used xx xxx'
    """
    walk = _Walk(is_json=line.lstrip()[:1] in ("{", "["))
    shown = "".join(walk.pieces(line[:LONGEST]))
    if len(line) > LONGEST or len(shown) > SHOWN:
        return f"{shown[:SHOWN]}…"
    return shown


def redacted_reason(reason: str) -> str:
    """Cut what is wrong with a line to what may be shown: names of fields, and words we use.

    >>> redacted_reason("Expected `int`, got `str` - at `$.message.usage` of ada's")
    "Expected `int`, got `str` - at `$.message.usage` of xxx's"
    """
    parts = PLACE.split(reason)  # every second one is a place
    shown = []
    for number, part in enumerate(parts):
        if number % 2:
            names = [name for name in re.split(r"[.\[\]$]+", part) if name]
            shown.append(f"`{part}`" if all(map(_is_name, names)) else "`…`")
        else:
            shown += _Walk(is_json=False, words=REASON_WORDS).pieces(part)
    return "".join(shown)


@dataclass(slots=True)
class _Walk:
    """One way through a line; knows in which field of which object it stands."""

    is_json: bool
    words: AbstractSet[str] = METER_WORDS  # that are shown where it is no JSON
    parents: list[str] = field(default_factory=list)  # the field that each open object is in
    name: str = ""  # the field whose value comes next
    is_value: bool = False

    def pieces(self, line: str) -> Iterator[str]:
        for token in TOKEN.finditer(line):
            kind = token.lastgroup
            said = token.group()
            if kind == "end":
                is_name = line[token.end() :].lstrip()[:1] == ":" and not self.is_value
                yield self._text(token["text"], token["end"], is_name=is_name)
            elif kind == "number":
                yield _number(said)
            elif kind == "word":
                yield said if self._may_show(said) else _shape(said)
            elif kind == "space":
                yield " " if self.is_json else said if set(said) <= set(" \n") else " "
            else:
                yield self._mark(said) if kind == "mark" else _other(said)

    def _text(self, text: str, end: str, *, is_name: bool) -> str:
        if not self.is_json:
            inner = "".join(_Walk(is_json=False).pieces(text.replace('"', "'")))
            return f'"{inner}{end}'
        if is_name:
            is_shown = _is_name(text) and OWN_NAMES.isdisjoint(self.parents)
            self.name = text if is_shown else ""
            return f'"{text}"' if is_shown else f'"<name {len(text)}>{end}'
        # A text that is torn off may be the first word of several: then none was chosen.
        return f'"{_value(text, name=self.name if end else "")}{end}'

    def _may_show(self, word: str) -> bool:
        return word in LITERALS if self.is_json else word.lower() in self.words

    def _mark(self, mark: str) -> str:
        if mark in "{[":
            self.parents.append(self.name)
            self.is_value = False
            if mark == "{":
                self.name = ""
        elif mark in "}]":
            self.name = self.parents.pop() if self.parents else ""
            self.is_value = False
        else:
            self.is_value = mark == ":"
        return mark


def _is_name(text: str) -> bool:
    """Tell whether a name is one that a format gives, not one that stands for something."""
    return (
        len(text) <= LONGEST_NAME
        and NAME.fullmatch(text) is not None
        and sum(map(str.isdigit, text)) <= MOST_DIGITS
        and SECRET.match(text) is None
    )


def _value(text: str, *, name: str) -> str:
    """Give a text as it is shown: itself if the format chose it, else its sort and length."""
    is_chosen = name in CHOSEN and any(one.fullmatch(text) for one in (WORD, VERSION, MODEL))
    if is_chosen and SECRET.match(text) is None:
        return text
    sort = next((name for name, shape in SORTS if shape.match(text)), None)
    if sort in ("time", "number"):
        return re.sub(r"[0-9]", "0", text)
    return f"<{sort or 'text'} {len(text)}>" if text else ""


def _number(said: str) -> str:
    """Keep three digits of a number, and how long it is.

    >>> _number("1774020000"), _number("0.123456"), _number("82")
    ('1770000000', '0.123000', '82')
    """
    seen = 0
    digits = []
    for char in said:
        if char.isdigit():
            seen += seen > 0 or char != "0"
            digits.append(char if seen <= 3 else "0")
        else:
            digits.append(char)
    return "".join(digits)


def _shape(word: str) -> str:
    """Give the shape of a word: its letters as x."""
    return "".join("X" if char.isupper() else "x" for char in word)


def _other(char: str) -> str:
    """Keep punctuation and the blocks that meters are drawn with; nothing that can be read."""
    if char.isalnum():
        return "x"
    return char if char.isprintable() else "."
