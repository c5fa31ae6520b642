"""`report --html`: one file, whose numbers and words are those of the other commands."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from portfolio.report.charts.chart import chance, count, dollars, share
from portfolio.store.opening import opened
from tests.page_world import HOSTILE, NOW, WAYS, make
from tests.world import World

AT = ("--at", NOW.isoformat())
KINDS = (dollars, share, count, chance)
VOID = {"meta", "br"}
MAY_STAND_IN_SVG = {
    *("svg", "g", "path", "text", "use", "defs", "rect", "title", "desc", "clippath", "pattern"),
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = World(tmp_path_factory.mktemp("page"))
    made.set_up()
    with opened(made.home / "portfolio.duckdb") as database:
        make(database)
    made.ok("sync", *AT)  # as the five lines do, which some test asks for
    return made


@pytest.fixture(scope="module")
def text(world: World) -> str:
    file = world.home / "page.html"
    done = world.ok("report", "--html", file, "--json", *AT)
    written = done.document
    assert written["schema"] == "portfolio.report-page/1"
    assert written["bytes"] == len(file.read_bytes())
    return file.read_text(encoding="utf-8")


class Read(HTMLParser):
    """Reads a page: its elements, their nesting, its text and the numbers in it."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str]]] = []
        self.said: list[str] = []
        self.numbers: list[tuple[str, str]] = []  # value, and how it is written
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "data":
            self.numbers.append((dict(attrs)["value"] or "", ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "data":
            self.numbers[-1] = (self.numbers[-1][0], data)
        self.said.append(data)


def numbers_in(document: Any) -> Iterator[float]:
    if isinstance(document, dict):
        for value in document.values():
            yield from numbers_in(value)
    elif isinstance(document, list):
        for value in document:
            yield from numbers_in(value)
    elif isinstance(document, int | float) and not isinstance(document, bool):
        yield document


def test_every_number_is_one_that_another_command_prints(world: World, text: str) -> None:
    known: set[float] = set()
    for asked in (("report",), ("keep",), ("race",)):
        known |= set(numbers_in(world.ok(*asked, "--json", *AT).document))
    read = world.ok("readings", "--json", *AT).document["readings"]
    known |= {float(f"{one['used'] / 100:.6g}") for one in read}

    told = [json.loads(value) for value, _ in Read(text).numbers if value]

    assert len(told) > 200
    assert [one for one in told if one not in known] == []


def test_every_number_is_written_as_it_is(text: str) -> None:
    for value, written in Read(text).numbers:
        known = json.loads(value) if value else None
        # A number was rounded for JSON, and what is read was not.
        near = [known] if known is None else [known * off for off in (1, 1 + 5e-6, 1 - 5e-6)]
        assert written in {cell(one).text for cell in KINDS for one in near}


def test_the_five_lines_come_first(world: World, text: str) -> None:
    lines = world.ok("--json", *AT).document["lines"]

    said = " ".join("".join(Read(text).said).split())

    places = [said.index(" ".join(line.split())) for line in lines]
    assert places == sorted(places)
    assert max(places) < said.index("What to decide", places[0])


def test_hostile_names_stay_text(text: str) -> None:
    page = Read(text)  # every element is closed in its place

    elements = {tag for tag, _ in page.found}
    assert not elements & {"script", "img", "iframe", "b", "link", "object", "base", "form"}
    assert all(attributes.get("id") != "x" for _, attributes in page.found)
    assert HOSTILE.replace("\x1b", "\\x1b") in "".join(page.said)
    assert WAYS[1] in "".join(page.said)
    assert "49" not in {part.strip() for part in page.said}  # no template was filled in by a name


def test_nothing_is_loaded_and_no_style_or_handler_stands_in_an_element(text: str) -> None:
    for _, attributes in Read(text).found:
        assert not [name for name in attributes if name == "style" or name.startswith("on")]
        assert "src" not in attributes
        assert attributes.get("href", "#").startswith("#")
    urls = re.findall(r"url\(([^)]*)\)", text)
    assert all(url.startswith("#") for url in urls)
    assert "http" not in re.sub(r'http-equiv="|xmlns="http://www.w3.org/2000/svg"', "", text)


def test_ids_are_unique_and_what_is_pointed_at_is_there(text: str) -> None:
    page = Read(text)

    ids = [attributes["id"] for _, attributes in page.found if "id" in attributes]
    pointed = [
        name
        for _, attributes in page.found
        for name in (
            *attributes.get("aria-labelledby", "").split(),
            attributes.get("href", "")[1:],
        )
        if name
    ]
    pointed += re.findall(r"url\(#([^)]*)\)", text)

    assert len(ids) == len(set(ids))
    assert set(pointed) <= set(ids)


def test_who_does_not_see_the_pictures_is_told_the_same(text: str) -> None:
    page = Read(text)
    tags = [tag for tag, _ in page.found]

    assert tags.count("svg") == tags.count("figure") == tags.count("figcaption") > 6
    assert tags.count("details") == tags.count("svg")  # a table beside each
    pictures = [attributes for tag, attributes in page.found if tag == "svg"]
    assert all(one["role"] == "img" and one["aria-labelledby"] for one in pictures)
    assert {"header", "main", "nav", "footer"} <= set(tags)
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_same_history_gives_the_same_page(world: World, text: str) -> None:
    again = world.home / "again.html"

    world.ok("report", "--html", again, *AT)

    assert again.read_text(encoding="utf-8") == text


def test_without_the_libraries_the_command_names_what_installs_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)

    done = world.run("report", "--html", world.home / "no.html", "--json", *AT)

    assert (done.code, done.document["slug"]) == (1, "extra-missing")
    assert 'pip install "subscription-portfolio[page]"' in done.err
    assert not (world.home / "no.html").exists()


def test_a_file_in_a_folder_that_is_not_there_is_told(world: World) -> None:
    done = world.run("report", "--html", world.home / "none" / "p.html", "--json", *AT)

    assert (done.code, done.document["slug"]) == (1, "file-unwritable")


def test_an_empty_home_has_a_page_that_says_what_is_missing(tmp_path: Path) -> None:
    made = World(tmp_path)
    made.set_up()

    made.ok("report", "--html", tmp_path / "p.html", *AT)

    said = " ".join("".join(Read((tmp_path / "p.html").read_text(encoding="utf-8")).said).split())
    assert "No account is held whose plan could be left out" in said
    assert "there is no whole week with work yet" in said
