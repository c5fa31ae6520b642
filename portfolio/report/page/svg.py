"""A figure as SVG inside a page: its colours as classes, without styles, which the page forbids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from portfolio.report.charts.look import COLOURS, drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SVG: Final = "{http://www.w3.org/2000/svg}"
HREF: Final = "{http://www.w3.org/1999/xlink}href"
NAMES: Final = {colour: name for name, colour in COLOURS.items()}
PAINTS: Final = {"fill": "f", "stroke": "s"}
LEFT_OUT: Final = frozenset({"font-family", "font", "stroke-miterlimit"})
LONG_NUMBER: Final = re.compile(r"-?\d+\.\d{2,}")
REFERENCE: Final = re.compile(r"url\(#([^)]+)\)")
BLANKS: Final = re.compile(r"\s+")


def embedded(drawn: Figure, *, name: str, title: str, told: str) -> str:
    """Give a figure as an SVG element that speaks for itself.

    Args:
        drawn: The figure.
        name: Unique on the page; ids begin with it.
        title: Its name, for who does not see it.
        told: What it shows, likewise.
    """
    held = BytesIO()
    with drawing():
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        drawn.savefig(held, format="svg", metadata=nothing)
    root = ET.fromstring(held.getvalue())  # noqa: S314 - matplotlib wrote it just now
    used = _references(root)
    _clean(root, name=name, used=used)
    _about(root, name=name, title=title, told=told)
    return ET.tostring(root, encoding="unicode")


def _references(root: ET.Element) -> set[str]:
    """Find the ids that something refers to."""
    found = set()
    for part in root.iter():
        for value in part.attrib.values():
            found.update(REFERENCE.findall(value))
        if (href := part.get(HREF, "")).startswith("#"):
            found.add(href[1:])
    return found


def _clean(part: ET.Element, *, name: str, used: set[str]) -> None:
    """Take from an element and all below it what the page does not need or allow."""
    part.tag = part.tag.removeprefix(SVG)
    part.text = _text(part)
    part.tail = None
    part.attrib = dict(_attributes(part, name=name, used=used))
    for child in list(part):
        if child.tag.removeprefix(SVG) in ("metadata", "style"):
            part.remove(child)
            continue
        _clean(child, name=name, used=used)
        if child.tag in ("g", "defs") and not len(child):
            part.remove(child)


def _text(part: ET.Element) -> str | None:
    return part.text if part.tag in ("text", "tspan") else None


def _attributes(part: ET.Element, *, name: str, used: set[str]) -> Iterator[tuple[str, str]]:
    classes: list[str] = []
    for key, value in part.attrib.items():
        if key == "id":
            if value in used:
                yield "id", f"{name}-{value}"
        elif key == HREF:
            yield "href", f"#{name}-{value[1:]}"
        elif key == "style":
            yield from _declared(value, name, classes)
        elif key in ("version", "width", "height") and part.tag == "svg":
            continue
        elif key in PAINTS and value in NAMES:
            classes.append(f"{PAINTS[key]}-{NAMES[value]}")
        elif key != "transform" or not value.startswith("rotate(-0 "):
            yield key, _shorter(_renamed(value, name))
    if classes:
        yield "class", " ".join(classes)


def _declared(style: str, name: str, classes: list[str]) -> Iterator[tuple[str, str]]:
    """Turn a style into attributes, and its colours into classes."""
    for said in style.split(";"):
        key, _, value = (part.strip() for part in said.partition(":"))
        if key in PAINTS and value in NAMES:
            classes.append(f"{PAINTS[key]}-{NAMES[value]}")
        elif key and key not in LEFT_OUT:
            yield key, _renamed(value.removesuffix("px"), name)


def _renamed(value: str, name: str) -> str:
    return REFERENCE.sub(rf"url(#{name}-\1)", value)


def _shorter(value: str) -> str:
    r"""Write a path in fewer letters; a tenth of a unit is finer than a screen.

    >>> _shorter("M 4.048181 20.95 \nL 356 50.7612 \nz\n")
    'M 4 20.9 L 356 50.8 z'
    """
    rounded = LONG_NUMBER.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), value)
    return BLANKS.sub(" ", rounded).strip()


def _about(root: ET.Element, *, name: str, title: str, told: str) -> None:
    """Name the picture and say what it shows."""
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-desc")
    root.set("class", "chart")
    for place, (tag, said) in enumerate((("title", title), ("desc", told))):
        child = ET.Element(tag, {"id": f"{name}-{tag}"})
        child.text = said
        root.insert(place, child)
