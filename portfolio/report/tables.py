"""An answer as plain tables, whatever they are then written as: CSV, Parquet, a workbook.

The columns come from the types, so that a table without rows has them too. A list of records is a
table; a record within a row becomes columns of it (`efficiency_low`), a list within a row a table
of its own that names the row. Numbers are rounded as in the JSON document.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from typing import Any, Final, Literal, NamedTuple, TypeAlias, Union, get_args, get_origin
from typing import get_type_hints as hints_of

from portfolio.report.answers import Answer
from portfolio.report.document import encode

Kind: TypeAlias = Literal["text", "integer", "number", "truth", "moment", "day"]
Cell: TypeAlias = None | str | int | float | bool | datetime | date

KINDS: Final[dict[object, Kind]] = {
    bool: "truth",
    int: "integer",
    float: "number",
    str: "text",
    datetime: "moment",
}
DAYS: Final = {"day", "week", "week_start"}  # fields that hold a day as ISO text


class Column(NamedTuple):
    """One column, and what its cells are where they are known."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under their columns; a cell that is not known is None."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


class _Leaf(NamedTuple):
    """A column, and which fields lead to its cell."""

    path: tuple[str, ...]
    column: Column


def tables_of(answer: Answer) -> list[Table]:
    """Give every table of an answer; what is no list stands in one row, named by the schema."""
    name = answer.schema.removeprefix("portfolio.").partition("/")[0]
    single: list[_Leaf] = []
    found: list[Table] = []
    for key, hint in _hints(type(answer)).items():
        value, inner = getattr(answer, key), _listed(hint)
        if inner is str:
            column = Column("item", "text")
            found.append(Table(name=key, columns=(column,), rows=tuple((one,) for one in value)))
        elif inner is not None:
            found += table_of(key, inner, value)
        elif is_dataclass(hint):
            found += table_of(key, hint, () if value is None else (value,))
        else:
            single.append(_Leaf((key,), Column(key, _kind(key, hint))))
    return [_table(name, single, (answer,)), *found]


def table_of(name: str, record: Any, rows: Sequence[object]) -> Iterator[Table]:
    """Give the table of some records of one type, and those of the lists in them."""
    yield _table(name, list(_leaves(record)), rows)
    for key, hint in _hints(record).items():
        inner = _listed(hint)
        if is_dataclass(inner):
            pairs = [(n, one) for n, row in enumerate(rows, 1) for one in getattr(row, key)]
            below = _table(f"{name}_{key}", list(_leaves(inner)), [one for _, one in pairs])
            yield Table(
                name=below.name,
                columns=(Column(f"{name}_row", "integer"), *below.columns),
                rows=tuple((n, *row) for (n, _), row in zip(pairs, below.rows, strict=True)),
            )


def _table(name: str, leaves: Sequence[_Leaf], rows: Sequence[object]) -> Table:
    return Table(
        name=name,
        columns=tuple(leaf.column for leaf in leaves),
        rows=tuple(tuple(_cell(row, leaf) for leaf in leaves) for row in rows),
    )


def _leaves(record: Any, before: tuple[str, ...] = ()) -> Iterator[_Leaf]:
    """Give the columns of a record, those of records in it included."""
    for key, hint in _hints(record).items():
        path = (*before, key)
        inner = _listed(hint)
        if is_dataclass(hint):
            yield from _leaves(hint, path)
        elif inner is None or inner is str:
            kind: Kind = "text" if inner is str else _kind(key, hint)
            yield _Leaf(path, Column("_".join(path), kind))


def _cell(row: object, leaf: _Leaf) -> Cell:
    value: Any = row
    for key in leaf.path:
        if value is None:
            return None
        value = getattr(value, key)
    if isinstance(value, tuple):
        return "; ".join(value)
    if leaf.column.kind == "day" and value is not None:
        return date.fromisoformat(value)
    if isinstance(value, datetime):
        return value
    told = encode(value)
    assert not isinstance(told, list | dict)  # _leaves gives what is neither  # noqa: S101
    return told


def _kind(key: str, hint: object) -> Kind:
    if hint is str and key in DAYS:
        return "day"
    kind = KINDS.get(str if get_origin(hint) is Literal else hint)
    if kind is None:
        raise ValueError(f"no column for {key}: {hint}")
    return kind


def _hints(record: Any) -> dict[str, Any]:
    """Give the type of each field, None left out of it."""
    hints = hints_of(record)
    return {item.name: _known(hints[item.name]) for item in fields(record)}


def _known(hint: Any) -> Any:
    if get_origin(hint) not in (Union, types.UnionType):
        return hint
    inner = [one for one in get_args(hint) if one is not types.NoneType]
    return inner[0] if len(inner) == 1 else hint


def _listed(hint: Any) -> Any:
    """Give what a list is of; None for what is no list."""
    return get_args(hint)[0] if get_origin(hint) is tuple else None
