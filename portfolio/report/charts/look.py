"""One look for every chart: Okabe and Ito's colours, marks besides colour, text that stays text.

A chart is drawn 360 units wide, as a telephone shows it. On the page its colours become classes
(`report/charts/svg.py`), so that the page's own style says what they are by day and by night.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH: Final = 360.0  # units; one is a CSS pixel on a telephone
DPI: Final = 72  # at which a point is a unit, as in matplotlib's SVG
SHARP: Final = 216  # dots an inch of a picture file

# Each is told from all others by every common kind of eye; text on them is `black` or `white`.
COLOURS: Final[Mapping[str, str]] = {
    "green": "#009e73",
    "vermillion": "#d55e00",
    "blue": "#0072b2",
    "sky": "#56b4e9",
    "purple": "#cc79a7",
    "orange": "#e69f00",
    "yellow": "#f0e442",
    "black": "#000000",
    "white": "#ffffff",
    # These turn with the page's light.
    "ink": "#1a1e24",
    "soft": "#56606c",
    "line": "#d5dbe3",
    "empty": "#eef1f5",
    "paper": "#fdfdfe",
}
SMALL: Final = 11.0
TEXT: Final = 12.0

RULES: Final[Mapping[Any, Mapping[str, Any]]] = {
    "svg": {"fonttype": "none", "hashsalt": "portfolio"},  # text is text; same figure, same bytes
    "text": {"parse_math": False, "color": COLOURS["ink"]},  # a dollar is a dollar
    # DejaVu comes with matplotlib, and is wider than what pages use.
    "font": {"family": "DejaVu Sans", "size": TEXT},
    "axes": {
        "edgecolor": COLOURS["line"],
        "facecolor": "none",
        "linewidth": 1.0,
        "titlesize": TEXT,
    },
    "axes.spines": {"top": False, "right": False, "left": False},
    "xtick": {"color": COLOURS["soft"], "labelsize": SMALL},
    "ytick": {"color": COLOURS["soft"], "labelsize": SMALL},
    "xtick.major": {"size": 0},
    "xtick.minor": {"size": 0},
    "ytick.major": {"size": 0},
    "ytick.minor": {"size": 0},
    "hatch": {"linewidth": 0.8},
    "figure": {"facecolor": "none"},
}


@contextmanager
def drawing() -> Iterator[None]:
    """Draw by our rules, and leave the caller's as they were."""
    import matplotlib as mpl

    with warnings.catch_warnings():
        # A name may be in a script that the measuring font lacks; a browser's has it.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        with mpl.rc_context():
            for group, said in RULES.items():
                mpl.rc(group, **said)
            yield


def figure(height: float) -> Figure:
    """Make an empty figure so many units high."""
    from matplotlib.figure import Figure

    return Figure(figsize=(WIDTH / DPI, height / DPI), dpi=DPI)


def axes(onto: Figure, *, top: float, height: float, left: float = 4, right: float = 4) -> Axes:
    """Place axes by units: so far from the figure's top, so high, inside these margins."""
    whole = onto.get_figheight() * DPI
    made = onto.add_axes(
        (
            left / WIDTH,
            (whole - top - height) / whole,
            (WIDTH - left - right) / WIDTH,
            height / whole,
        )
    )
    made.set_axisbelow(True)
    return made


MADE_BY: Final = {"Software": "portfolio"}  # in every PNG file, so that it is known again


def png(drawn: Figure) -> bytes:
    """Give a figure as a PNG on white paper."""
    held = BytesIO()
    with drawing():
        drawn.savefig(held, format="png", dpi=SHARP, facecolor=COLOURS["white"], metadata=MADE_BY)
    return held.getvalue()
