"""The badge in a README."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.paid_world import NOW, paid_world
from tests.world import World


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return paid_world(tmp_path_factory.mktemp("paid"))


def figures(text: str) -> dict[str, float]:
    found = re.findall(r"(Saved|Spent|Net): (-?)\$([\d.,]+\d)", text)
    return {name: float(sign + number.replace(",", "")) for name, sign, number in found}


def test_the_block_is_kept_up_to_date_byte_for_byte(world: World, tmp_path: Path) -> None:
    readme, svg = tmp_path / "README.md", tmp_path / "docs" / "my badge.svg"
    svg.parent.mkdir()
    readme.write_bytes(b"# Shop\r\n\xff\xfe no UTF-8\r\n")
    asked = ("badge", "--readme", readme, "--svg", svg, "--at", NOW)

    first = world.ok(*asked)
    page, drawn = readme.read_bytes(), svg.read_bytes()
    again = world.ok(*asked)

    assert "Written: " in first.out
    assert "As it was: " in again.out
    assert (readme.read_bytes(), svg.read_bytes()) == (page, drawn)
    assert page.startswith(b"# Shop\r\n\xff\xfe no UTF-8\r\n")
    assert b"\n" not in page.replace(b"\r\n", b"")
    assert b"](docs/my%20badge.svg)" in page
    found = figures(page.decode("utf-8", "replace"))
    assert found["Saved"] == 18.0
    assert found["Net"] == pytest.approx(found["Saved"] - found["Spent"])
    assert found["Spent"] == pytest.approx(4 * 20 / 4.345 / 7, abs=0.005)


def test_the_document_says_the_same(world: World, tmp_path: Path) -> None:
    (tmp_path / "R.md").write_text("")

    told = world.ok("badge", "--readme", tmp_path / "R.md", "--at", NOW, "--json").document

    report = world.ok("report", "--at", NOW, "--json").document
    assert (told["saved_usd"], told["is_at_least"], told["is_changed"]) == (18.0, True, True)
    assert told["net_usd"] == pytest.approx(told["saved_usd"] - told["spent_usd"])
    assert told["paid_per_feature_usd"] == report["total"]["paid_per_feature_usd"]
    assert (told["date"], told["days"], told["days_known"]) == ("2026-11-07", 5, 4)


def test_a_later_day_changes_the_block_alone(world: World, tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("above\n<!-- portfolio:begin -->\n<!-- portfolio:end -->\nbelow")
    world.ok("badge", "--readme", readme, "--at", NOW)
    first = readme.read_text("utf-8")

    world.ok("badge", "--readme", readme, "--at", "2026-11-09T12:00")

    later = readme.read_text("utf-8")
    assert later != first
    for page in (first, later):
        assert page.startswith("above\n<!-- portfolio:begin -->\n**Saved: ")
        assert page.endswith("\n<!-- portfolio:end -->\nbelow")


def test_broken_marks_change_nothing(world: World, tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("x\n<!-- portfolio:begin -->\ny\n")

    done = world.run(
        "badge", "--readme", readme, "--svg", tmp_path / "b.svg", "--at", NOW, "--json"
    )

    assert (done.code, done.document["slug"]) == (1, "badge-markers")
    assert readme.read_text() == "x\n<!-- portfolio:begin -->\ny\n"
    assert not (tmp_path / "b.svg").exists()


def test_a_picture_of_others_and_a_readme_that_is_not_there_are_told(
    world: World, tmp_path: Path
) -> None:
    readme, svg = tmp_path / "README.md", tmp_path / "logo.svg"
    missing = world.run("badge", "--readme", readme, "--at", NOW, "--json")
    readme.write_text("x")
    svg.write_text("<svg/>")

    foreign = world.run("badge", "--readme", readme, "--svg", svg, "--at", NOW, "--json")

    assert missing.document["slug"] == "file-unreadable"
    assert foreign.document["slug"] == "export-foreign"
    assert (readme.read_text(), svg.read_text()) == ("x", "<svg/>")
