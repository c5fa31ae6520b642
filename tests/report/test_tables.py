"""Answers as plain tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

import pytest

from portfolio.report.answers import Answer
from portfolio.report.tables import Column, tables_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    low: float | None
    kind: Literal["a", "b"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    features: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    name: str
    cost: Inner | None
    notes: tuple[str, ...]
    steps: tuple[Step, ...]
    week_start: str
    is_good: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made(Answer):
    schema = "portfolio.made/1"
    at: datetime | None
    rows: tuple[Row, ...]
    names: tuple[str, ...]
    best: Inner | None


def row(name: str, cost: Inner | None, *steps: int) -> Row:
    return Row(
        name=name,
        cost=cost,
        notes=("one", "two"),
        steps=tuple(Step(features=count) for count in steps),
        week_start="2026-11-02",
        is_good=True,
    )


AT = datetime(2026, 11, 3, 12, tzinfo=UTC)
MADE = Made(
    at=AT,
    rows=(row("x", Inner(low=1 / 3, kind="a"), 3), row("y", None, 4, 5)),
    names=("n",),
    best=None,
)


def test_a_record_in_a_row_becomes_columns_and_what_is_not_known_is_none() -> None:
    rows = next(table for table in tables_of(MADE) if table.name == "rows")

    assert [column.name for column in rows.columns] == [
        *("name", "cost_low", "cost_kind", "notes", "week_start", "is_good")
    ]
    assert rows.rows == (
        ("x", 0.333333, "a", "one; two", date(2026, 11, 2), True),
        ("y", None, None, "one; two", date(2026, 11, 2), True),
    )


def test_a_list_in_a_row_becomes_a_table_that_names_the_row() -> None:
    steps = next(table for table in tables_of(MADE) if table.name == "rows_steps")

    assert steps.columns == (Column("rows_row", "integer"), Column("features", "integer"))
    assert steps.rows == ((1, 3), (2, 4), (2, 5))


def test_what_is_no_list_stands_in_one_row_and_a_record_that_is_missing_in_none() -> None:
    found = {table.name: table for table in tables_of(MADE)}

    assert (found["made"].columns, found["made"].rows) == ((Column("at", "moment"),), ((AT,),))
    assert (found["names"].columns, found["names"].rows) == ((Column("item", "text"),), (("n",),))
    assert (len(found["best"].columns), found["best"].rows) == (2, ())


def test_what_has_no_column_is_refused() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Odd(Answer):
        schema = "portfolio.odd/1"
        what: object

    Odd.__annotations__["what"] = object

    with pytest.raises(ValueError, match="no column for what"):
        tables_of(Odd(what=object()))
