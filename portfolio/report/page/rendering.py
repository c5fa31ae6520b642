"""Lay the page out: one HTML file with its style and pictures inside, and no script."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from portfolio.errors import ExtraMissingError
from portfolio.report.answers.page import PageAnswer
from portfolio.report.charts.chart import Cell, Chart
from portfolio.report.charts.every import head_of, money_charts, pool_charts, work_charts
from portfolio.report.document import encode
from portfolio.report.page import deciding, parts
from portfolio.report.text import day, moment

if TYPE_CHECKING:
    from markupsafe import Markup

COMMAND: Final = re.compile(
    r"((?<=\()portfolio [^()]+(?=\))|\bportfolio [a-z-]+(?: (?:[A-Z]+|--[a-z-]+)\b)*)"
)
PACKAGE: Final = "portfolio.report.page"


@dataclass(frozen=True, slots=True)
class Shown:
    """A chart with its picture."""

    chart: Chart
    picture: Markup


def page(answer: PageAnswer, zone: tzinfo) -> str:
    """Give the page as HTML.

    Raises:
        ExtraMissingError: What draws charts or lays out pages is not installed.
    """
    try:
        import matplotlib as mpl
        from jinja2 import Environment, FunctionLoader, StrictUndefined
        from markupsafe import Markup
    except ImportError:
        raise ExtraMissingError("page", "the page") from None
    del mpl  # asked for here, so that what is missing is told before anything is computed
    style = _file("page.css")
    environment = Environment(
        autoescape=True,
        loader=FunctionLoader(_file),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = number
    environment.filters["said"] = said
    told = parts.lines(answer.lines)
    work = work_charts(answer, zone)
    paces = deciding.paces(answer.burns, zone)
    return environment.get_template("page.html").render(
        style=Markup(style),  # noqa: S704 - our own file
        style_hash=_hash(style),
        made_at=moment(answer.made_at, zone),
        made_on=day(answer.made_at, zone),
        since=day(answer.report.since, zone) if answer.report.since else None,
        until=day(answer.report.until, zone),
        lines=told,
        cheapest=deciding.cheapest(answer),
        priced=deciding.priced(answer),
        measures=deciding.measures(answer, [line.text for line in told]),
        advice=deciding.advice(answer.keep),
        judged=deciding.judged(answer.keep, zone),
        decisions=deciding.decisions(answer.keep),
        next_race=deciding.next_race(answer),
        next_cap=deciding.next_cap(paces, answer.burns, zone),
        paces=paces,
        money=shown(money_charts(answer)),
        burn_legend=parts.burn_legend(answer.burns),
        pools=shown(pool_charts(answer, zone)),
        changes=parts.changes(answer),
        work=shown(work),
        work_head=head_of(work),
        unknown=parts.unknown(answer),
    )


def shown(charts: Sequence[Chart]) -> list[Shown]:
    """Draw charts."""
    from markupsafe import Markup

    from portfolio.report.page.svg import embedded

    return [
        Shown(
            chart,
            Markup(  # noqa: S704 - written by an XML writer, which escapes all text
                embedded(chart.draw(), name=chart.name, title=chart.title, told=chart.told)
            ),
        )
        for chart in charts
    ]


def said(text: str) -> Markup:
    """Give a sentence with the commands in it marked as such."""
    from markupsafe import Markup, escape

    parts = COMMAND.split(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part)
        for place, part in enumerate(parts)
    )


def number(cell: Cell) -> str:
    """Give the number of a cell as the JSON document has it; empty where it is not known."""
    return "" if cell.value is None else json.dumps(encode(cell.value))


def _hash(style: str) -> str:
    """Give what the page's policy knows its one style by."""
    digest = hashlib.sha256(style.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _file(name: str) -> str:
    return files(PACKAGE).joinpath(name).read_text(encoding="utf-8")
