"""Answers as JSON documents: the fields are the keys, numbers are what JSON can hold."""

from __future__ import annotations

import json
import math
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from parsers.records import Problem
    from portfolio.errors import PortfolioError
    from portfolio.report.answers import Answer

Json: TypeAlias = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

DIGITS = 6  # significant ones, in every float


def document(answer: Answer) -> str:
    """Write an answer as one JSON document."""
    body = encode(answer)
    assert isinstance(body, dict)  # an answer is a record  # noqa: S101
    return _dump({"schema": answer.schema, **body})


def error_document(error: PortfolioError, problems: tuple[Problem, ...]) -> str:
    """Write an error that ended a command as one JSON document."""
    return _dump(
        {
            "schema": "portfolio.error/1",
            "slug": error.slug,
            "what": error.what,
            "where": error.where,
            "hint": error.hint,
            "problems": encode(problems),
        }
    )


def _dump(body: dict[str, Json]) -> str:
    # ASCII, so that nothing read from outside reaches a terminal raw.
    return json.dumps(body, indent=2, allow_nan=False)


def encode(value: object) -> Json:
    """Turn records into what JSON can hold: moments as ISO in UTC, floats to six digits.

    >>> encode((1 / 3, float("inf"), 7))
    [0.333333, None, 7]
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: encode(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, tuple | list):
        return [encode(item) for item in value]
    raise ValueError(f"no JSON for {type(value).__name__}")
