"""Figures as SVG inside a page: text is text, colours are classes, nothing refers outside."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.report.charts.look import COLOURS, SHARP, WIDTH, axes, drawing, figure, png
from portfolio.report.page.svg import embedded
from portfolio.report.text import safe

TOLD = "what <it> shows & more"


def picture(text: str) -> str:
    with drawing():
        made = figure(60)
        own = axes(made, top=4, height=40)
        own.barh(0, 1, color=COLOURS["green"], hatch="//", edgecolor=COLOURS["ink"])
        own.text(0, 0, text, color=COLOURS["soft"])
    return embedded(made, name="one", title="A title", told=TOLD)


@settings(max_examples=15)
@given(st.text(max_size=30).map(safe))
def test_any_name_stays_the_text_it_is(text: str) -> None:
    root = ET.fromstring(picture(f"[{text}]"))  # and is well-formed

    assert f"[{text}]" in [part.text for part in root.iter() if part.tag.endswith("text")]
    assert root.findtext("desc") == TOLD


def test_dollars_are_no_mathematics() -> None:
    assert ">$5 and $6_x^2<" in picture("$5 and $6_x^2")


def test_colours_are_classes_and_no_style_is_left() -> None:
    svg = picture("a")

    assert "style" not in svg
    assert all(colour not in svg for colour in COLOURS.values())
    classes = {name for part in ET.fromstring(svg).iter() for name in part.get("class", "").split()}
    assert classes == {"chart", "f-green", "f-ink", "s-ink", "f-soft", "s-line"}


def test_what_is_referred_to_bears_the_charts_name() -> None:
    svg = picture("a")

    root = ET.fromstring(svg)
    ids = {part.get("id") for part in root.iter()} - {None}
    assert ids == {one for one in ids if one and one.startswith("one-")}
    assert {"one-title", "one-desc"} < ids
    assert svg.count("url(#one-") == 2  # the pattern, and what it is cut to


def test_a_picture_file_is_three_dots_to_a_unit() -> None:
    with drawing():
        made = figure(60)

    image = png(made)

    assert image.startswith(b"\x89PNG")
    width, height = (int.from_bytes(image[at : at + 4], "big") for at in (16, 20))
    assert (width, height) == (WIDTH / 72 * SHARP, 60 / 72 * SHARP)
