"""The report in other forms: the same numbers, all of it or nothing, and nothing of others lost."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from portfolio.report.csv_text import plain
from tests.paid_world import HOSTILE, NOW, paid_world
from tests.world import World

ONE_ROW = "report"  # the table of what is no list


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return paid_world(tmp_path_factory.mktemp("paid"))


@pytest.fixture(scope="module")
def document(world: World) -> dict[str, Any]:
    return world.ok("report", "--json", "--at", NOW).document


def flat(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Give a JSON record as columns; lists of records in it are tables of their own."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flat(inner, f"{name}_{key}" if name else key)
    elif not (isinstance(value, list) and any(isinstance(one, dict) for one in value)):
        yield name, "; ".join(value) if isinstance(value, list) else value


def expected(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Give the tables that a document holds."""
    found: dict[str, list[dict[str, Any]]] = {}
    alone = {}
    for key, value in document.items():
        if isinstance(value, list):
            found[key] = [dict(flat(v)) if isinstance(v, dict) else {"item": v} for v in value]
        elif isinstance(value, dict):
            found[key] = [dict(flat(value))]
        elif key not in ("schema", "forecast", "usual"):
            alone[key] = value
    return {**found, ONE_ROW: [alone]}


def as_text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else plain(str(value))


def test_every_csv_file_holds_the_numbers_of_the_document(
    world: World, document: dict[str, Any], tmp_path: Path
) -> None:
    done = world.ok("report", "--at", NOW, "--csv", tmp_path / "tables")

    assert f"Written: {tmp_path / 'tables'}" in done.out
    tables = expected(document)
    assert {path.stem for path in (tmp_path / "tables").iterdir()} == {
        *tables,
        *("daily_totals", "efficiency_missing", "forecast", "usual"),
    }
    for name, rows in tables.items():
        with (tmp_path / "tables" / f"{name}.csv").open(newline="", encoding="utf-8") as file:
            read = list(csv.DictReader(file))
        assert len(read) == len(rows)
        for found, row in zip(read, rows, strict=True):
            for key, value in row.items():
                if isinstance(value, float):
                    assert float(found[key]) == value
                elif value is not None or key in found:  # a missing record has no key of its own
                    assert found[key] == as_text(value)
    methodology = (tmp_path / "tables" / "efficiency.csv").read_text("utf-8")
    assert f"'{HOSTILE}" in methodology


def test_every_parquet_file_holds_the_same_as_the_csv_file(world: World, tmp_path: Path) -> None:
    world.ok("report", "--at", NOW, "--csv", tmp_path / "c", "--parquet", tmp_path / "p")

    names = sorted(path.stem for path in (tmp_path / "p").iterdir())
    assert names == sorted(path.stem for path in (tmp_path / "c").iterdir())
    for name in names:
        with duckdb.connect() as other:
            other.execute("SET TimeZone = 'UTC'")
            found = other.execute(
                "FROM read_parquet($p)", {"p": str(tmp_path / "p" / f"{name}.parquet")}
            )
            heads = [head for head, *_ in found.description or ()]
            rows = found.fetchall()
        with (tmp_path / "c" / f"{name}.csv").open(newline="", encoding="utf-8") as file:
            read = list(csv.reader(file))
        assert read[0] == heads
        for texts, row in zip(read[1:], rows, strict=True):
            for text, value in zip(texts, row, strict=True):
                if isinstance(value, float | int) and not isinstance(value, bool):
                    assert float(text) == value
                elif not hasattr(value, "isoformat"):
                    assert text == as_text(value)
                else:
                    assert text.startswith(value.isoformat()[:10])
    with duckdb.connect() as other:
        path = str(tmp_path / "p" / "efficiency.parquet")
        efficiency = other.execute("FROM read_parquet($p)", {"p": path}).fetchall()
    assert efficiency[0][1] == HOSTILE  # text as it is: nothing reads formulas there


def test_the_workbook_has_the_daily_totals_and_every_table(
    world: World, document: dict[str, Any], tmp_path: Path
) -> None:
    world.ok("report", "--at", NOW, "--xlsx", tmp_path / "budget.xlsx")

    book = openpyxl.load_workbook(tmp_path / "budget.xlsx")
    sheet = book["daily_totals"]
    assert "Saved: at API prices − spent, USD" in [cell.value for cell in sheet[1]]
    days = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [day[1] for day in days] == [None, 15.0, 0.0, 3.0, 0.0, 18.0]
    paid = 20 / 4.345 / 7
    assert days[1][2] == pytest.approx(paid, rel=1e-5)
    assert days[1][3] == pytest.approx(15 - paid, rel=1e-5)
    assert days[0][3] is None
    assert days[-1][0] == "Total"
    assert days[-1][3] == pytest.approx(18 - 4 * paid, rel=1e-5)
    notes = " ".join(str(row[0].value) for row in book["notes"].iter_rows())
    assert "known of 4 of 5 days" in notes
    assert "50 tokens have no price" in notes
    for name in ("efficiency", "paid_split", "excluded", "forecast"):
        assert name in book.sheetnames
    row = {
        head.value: cell
        for head, cell in zip(book["efficiency"][1], book["efficiency"][2], strict=True)
    }
    assert row["burn"].value == document["efficiency"][0]["burn"]
    assert (row["methodology"].value, row["methodology"].data_type) == (HOSTILE, "s")
    assert not [
        cell
        for sheet in book
        for line in sheet.iter_rows()
        for cell in line
        if cell.data_type == "f"
    ]


def test_the_days_add_up_to_what_the_report_says_was_paid(
    world: World, document: dict[str, Any], tmp_path: Path
) -> None:
    world.ok("report", "--at", NOW, "--csv", tmp_path)

    with (tmp_path / "daily_totals.csv").open(newline="") as file:
        spent = [float(row["spent_usd"]) for row in csv.DictReader(file)]
    assert sum(spent) == pytest.approx(document["total"]["paid_usd"], rel=1e-5)


def test_all_forms_in_one_call_and_written_again_they_are_the_same(
    world: World, tmp_path: Path
) -> None:
    asked = (
        *("report", "--at", NOW, "--csv", tmp_path / "d", "--parquet", tmp_path / "d"),
        *("--xlsx", tmp_path / "b.xlsx", "--markdown", tmp_path / "r.md"),
    )

    world.ok(*asked)
    first = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    world.ok(*asked)

    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == first
    assert {path.suffix for path in first} == {".csv", ".parquet", ".xlsx", ".md"}


def test_with_json_the_document_is_printed_and_the_files_are_told_beside_it(
    world: World, document: dict[str, Any], tmp_path: Path
) -> None:
    done = world.ok("report", "--json", "--at", NOW, "--markdown", tmp_path / "r.md")

    assert done.document == document
    assert f"written: {tmp_path / 'r.md'}" in done.err


def test_the_markdown_is_printed_where_that_is_asked_for(world: World, tmp_path: Path) -> None:
    done = world.ok("report", "--at", NOW, "--markdown", "-")
    world.ok("report", "--at", NOW, "--markdown", tmp_path / "r.md")

    assert done.out == (tmp_path / "r.md").read_text("utf-8")
    assert "| claude-a" in done.out
    assert "@octo" not in done.out
    both = world.run("report", "--at", NOW, "--markdown", "-", "--json")
    assert both.code == 2


@pytest.mark.parametrize(
    ("option", "name"),
    [
        ("--csv", "unnamed.csv"),
        ("--parquet", "unnamed.parquet"),
        ("--markdown", ""),
        ("--xlsx", ""),
    ],
)
def test_a_file_of_others_stays_and_nothing_else_is_written(
    world: World, tmp_path: Path, option: str, name: str
) -> None:
    there = tmp_path / "place"
    foreign = there / name if name else there
    foreign.parent.mkdir(exist_ok=True)
    foreign.write_text("items,mine\n")

    done = world.run(
        *("report", "--json", "--at", NOW, option, there, "--csv", tmp_path / "c")
        if option != "--csv"
        else ("report", "--json", "--at", NOW, option, there)
    )

    assert (done.code, done.document["slug"]) == (1, "export-foreign")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [foreign]
    assert foreign.read_text() == "items,mine\n"


def test_a_place_that_cannot_be_written_is_told(world: World, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    for option in ("--csv", "--markdown", "--parquet", "--xlsx"):
        done = world.run("report", "--json", "--at", NOW, option, tmp_path / "file" / "below")
        assert (done.code, done.document["slug"]) == (1, "file-unwritable")
    nowhere = world.run("report", "--json", "--at", NOW, "--markdown", tmp_path / "none" / "r.md")
    assert nowhere.document["slug"] == "file-unwritable"
    folder = world.run("report", "--json", "--at", NOW, "--markdown", tmp_path)
    assert folder.document["slug"] == "file-unwritable"


def test_a_home_without_anything_yet_has_every_form_too(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.set_up()

    world.ok(
        *("report", "--at", NOW, "--csv", tmp_path / "c", "--parquet", tmp_path / "p"),
        *("--xlsx", tmp_path / "b.xlsx", "--markdown", tmp_path / "r.md"),
    )

    assert (tmp_path / "c" / "daily_totals.csv").read_text().count("\n") == 1
    assert "Nothing is logged yet" in (tmp_path / "r.md").read_text()
    notes = openpyxl.load_workbook(tmp_path / "b.xlsx")["notes"]
    assert "no day to tell of" in str(notes["A2"].value)


def test_the_page_is_written_beside_the_other_forms_and_over_nothing_of_others(
    world: World, document: dict[str, Any], tmp_path: Path
) -> None:
    page, other = tmp_path / "page.html", tmp_path / "other.html"
    asked = ("report", "--at", NOW, "--csv", tmp_path / "c", "--html", page)

    done = world.ok(*asked)
    told = world.ok(*asked, "--json")
    other.write_text("<!doctype html>\n<title>mine</title>")
    foreign = world.run("report", "--json", "--at", NOW, "--html", other)

    assert f"Written: {page}" in done.out
    assert f"Written: {tmp_path / 'c'}" in done.out
    assert told.document == document
    assert f"written: {page}" in told.err
    assert foreign.document["slug"] == "export-foreign"


def test_the_charts_alone_are_pictures_and_are_written_over_nothing_of_others(
    world: World, tmp_path: Path
) -> None:
    done = world.ok("report", "--at", NOW, "--png", tmp_path / "p")
    world.ok("report", "--at", NOW, "--png", tmp_path / "p")

    pictures = sorted((tmp_path / "p").iterdir())
    assert pictures
    assert {path.read_bytes()[:8] for path in pictures} == {b"\x89PNG\r\n\x1a\n"}
    assert f"Written: {tmp_path / 'p'}" in done.out
    pictures[0].write_bytes(b"\x89PNG mine")
    foreign = world.run("report", "--json", "--at", NOW, "--png", tmp_path / "p")
    assert foreign.document["slug"] == "export-foreign"
    assert pictures[0].read_bytes() == b"\x89PNG mine"
