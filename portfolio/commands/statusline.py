"""`statusline`: keep what Claude Code tells its statusline, and say it in one line.

It runs before every prompt: nothing slow is imported.
"""

import time

from portfolio.ingest import window_file
from portfolio.ingest.statusline import LIMITS, client_folder, drop, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

LONGEST_NAME = 40
LARGEST_SHARE = 1000  # a meter may stand above its cap; over ten times it, it is none
YEARS_S = (946_684_800, 4_102_444_800)  # 2000 to 2100; other times are some program's "no time"
WINDOWS = (
    ("five_hour", "5h", "%H:%M"),
    ("seven_day", "week", "%a %H:%M"),
    ("seven_day_opus", "week:opus", "%a %H:%M"),
    ("seven_day_sonnet", "week:sonnet", "%a %H:%M"),
)
SILENT = "portfolio: this is not what Claude Code tells its statusline"


def statusline(
    raw: bytes, *, home: str, user_home: str, environment: "Mapping[str, str]", now_ns: int
) -> str:
    """Drop a capture of the meters in the spool, and give the line for the user.

    Args:
        raw: What Claude Code wrote to its statusline command.
        home: Our own home; its spool is made where there is none.
        user_home: The user's own folder.
        environment: That of Claude Code.
        now_ns: This moment, in nanoseconds since 1970.
    """
    text, members = told(raw)
    if not members:
        return SILENT
    folder, accounts = client_folder(members, user_home=user_home, environment=environment)
    said = line(members, now_s=now_ns / 1e9)
    try:
        window_file.open_at(home, now_ns // 1_000_000_000)
        drop(text, members, home=home, folder=folder, accounts=accounts, now_ns=now_ns)
    except OSError as error:
        return f"{said} · portfolio keeps nothing: {error.strerror or error}"
    return said


def line(members: "dict[str, Any]", *, now_s: float) -> str:
    """Say the model and each meter that is there: what is absent is not said.

    A meter whose cycle has ended meanwhile is unknown until Claude Code's next answer.
    """
    model = members.get("model")
    name = model.get("display_name") if isinstance(model, dict) else None
    said = [_safe(name)] if isinstance(name, str) and name.strip() else []
    is_told = False  # when the first of them resets; more would not fit a prompt
    for pool, window, clock in _windows(members.get(LIMITS)):
        used = _number(window.get("used_percentage", window.get("utilization")), 0, LARGEST_SHARE)
        if used is None:
            continue
        resets_s = _seconds(window.get("resets_at"))
        is_over = resets_s is not None and resets_s <= now_s
        shown = f"{pool} –" if is_over else f"{pool} {used:.0f} %"
        if resets_s is not None and not is_over and not is_told:
            shown += f" (resets {time.strftime(clock, time.localtime(resets_s))})"
            is_told = True
        said.append(shown)
    return " · ".join(said) or "Claude"


def _windows(limits: "Any") -> "Iterator[tuple[str, dict[str, Any], str]]":
    """Give each window with its pool, and how its reset is said."""
    if not isinstance(limits, dict):
        return
    for name, pool, clock in WINDOWS:
        if isinstance(window := limits.get(name), dict):
            yield pool, window, clock
    scoped = limits.get("model_scoped")
    for window in scoped[:8] if isinstance(scoped, list) else ():
        model = window.get("display_name") if isinstance(window, dict) else None
        if isinstance(model, str) and model.strip():
            yield f"week:{_safe(model.split()[0].lower())}", window, "%a %H:%M"


def _number(value: "Any", least: float, most: float) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and least <= value <= most else None


def _seconds(moment: "Any") -> float | None:
    if isinstance(moment, str):
        from datetime import datetime

        try:
            moment = datetime.fromisoformat(moment).timestamp()
        except (ValueError, OverflowError, OSError):
            return None
    return _number(moment, *YEARS_S)


def _safe(text: str) -> str:
    """Make text from outside harmless to a terminal, as `report.text.safe` does."""
    cut = text.strip()
    cut = cut if len(cut) <= LONGEST_NAME else f"{cut[: LONGEST_NAME - 1]}…"
    if cut.isprintable():
        return cut
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in cut
    )
