"""Read JSON without the json package, which takes as long to import as Python to start.

The interpreter's own scanner, on which json itself stands, is asked directly; where there is none,
json is. The statusline loads this before a prompt, so nothing else is imported.
"""

TYPE_CHECKING = False  # typing costs as much again
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from parsers.values import Json

BLANKS = " \t\n\r"
# The scanner's own; SystemError: before Python 3.12 it cannot say what is wrong without json.
FAILURES = (StopIteration, RecursionError, SystemError)


def load(text: str) -> "Json":
    """Decode a JSON text.

    Raises:
        ValueError: It is none, holds NaN or Infinity, or is nested too deeply.
    """
    value, end = _scanned(text, len(text) - len(text.lstrip(BLANKS)))
    if text[end:].strip(BLANKS):
        raise ValueError("more stands behind it")
    return value


def leading(text: str) -> "Json":
    """Decode the JSON value that a text begins with, whatever stands behind it.

    >>> leading('{"a": 1}, "b": 2')
    {'a': 1}

    Raises:
        ValueError: It begins with none, or with one that does not end.
    """
    return _scanned(text, 0)[0]


def raw_member(text: str, name: str, value: "Json") -> str | None:
    """Give the text of a member of this name and value, as it is written; None if there is none.

    >>> raw_member('{"a": [1, 2.50], "b": 2}', "a", [1, 2.5])
    '[1, 2.50]'
    """
    at = -1
    while (at := text.find(f'"{name}"', at + 1)) >= 0:  # in a text its quotes would be escaped
        behind = text[at + len(name) + 2 :].lstrip(BLANKS)
        if behind.startswith(":"):
            behind = behind[1:].lstrip(BLANKS)
            found, end = _scanned(behind, 0)
            if found == value:
                return behind[:end]
    return None


def _scanned(text: str, at: int) -> "tuple[Json, int]":
    try:
        return _scanner()(text, at)
    except FAILURES as error:
        raise ValueError("no JSON") from error


class _Ways:
    """How the scanner is to read, by the names it asks for."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float = float
    parse_int = int

    @staticmethod
    def parse_constant(name: str) -> "Json":
        raise ValueError(f"{name} is no number")


def _scanner() -> "Callable[[str, int], tuple[Json, int]]":
    ways: Any = _Ways
    try:
        from _json import make_scanner

        return make_scanner(ways)
    except (ImportError, AttributeError, TypeError):  # it is another interpreter's, or has changed
        from json import JSONDecoder, scanner

        ways = JSONDecoder(parse_constant=_Ways.parse_constant)
        return scanner.make_scanner(ways)


def quoted(text: str) -> str:
    """Write a text as JSON, in ASCII."""
    try:
        from _json import encode_basestring_ascii
    except ImportError:
        from json.encoder import encode_basestring_ascii
    return encode_basestring_ascii(text)
