"""A plan as a calendar (RFC 5545): one event a window, which a later plan moves or calls off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from portfolio.report.text import safe

if TYPE_CHECKING:
    import icalendar

    from portfolio.report.answers.route import RouteAnswer, RouteItem

PRODUCT: Final = "-//subscription-portfolio//route//EN"
FIRST: Final = datetime(2020, 1, 1, tzinfo=UTC)  # revisions are counted in minutes since then
MOST_NAMED: Final = 3  # items in the title of an event


class Slot(NamedTuple):
    """A window of an account, as one event."""

    account: str
    start_at: datetime  # UTC
    end_at: datetime  # UTC

    @property
    def uid(self) -> str:
        """Name it for good, so that a later plan changes the event and adds no other."""
        return f"{self.account}-{self.start_at:%Y%m%dT%H%M%SZ}@route.subscription-portfolio"


def slots_of(windows: Sequence[Mapping[str, Any]]) -> tuple[Slot, ...]:
    """Give the events of a plan that was kept as JSON."""
    moments = datetime.fromisoformat
    return tuple(
        Slot(str(one["account"]), moments(one["start_at"]), moments(one["end_at"]))
        for one in windows
    )


def calendar(answer: RouteAnswer, *, before: Sequence[Slot], now: datetime) -> str:
    """Write a plan as a calendar; what was planned before and is not any more is called off.

    Args:
        answer: The plan.
        before: The events of the plan before this one.
        now: When it is written; a later one rules.
    """
    import icalendar

    made = icalendar.Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    by_slot: dict[tuple[str, datetime], list[RouteItem]] = defaultdict(list)
    for item in answer.assignments:
        for start in (item.start_at, *item.goes_on_at):
            by_slot[item.account, start].append(item)
    uids = set()
    for one in answer.windows:
        own = by_slot[one.account, one.start_at]
        slot = _begun(Slot(one.account, one.start_at, one.end_at), before)
        uids.add(slot.uid)
        event = _event(slot, now)
        event.add("summary", _title(slot, own))
        event.add("description", "\n".join(map(_line, own)))
        made.add_component(event)
    for slot in before:
        if slot.uid not in uids and slot.start_at > now:
            event = _event(slot, now)
            event.add("summary", f"{safe(slot.account)}: not planned any more")
            event.add("status", "CANCELLED")
            made.add_component(event)
    return str(made.to_ical().decode("utf-8"))


def _begun(slot: Slot, before: Sequence[Slot]) -> Slot:
    """Give a window with the begin it had in the plan before, where it runs since then."""
    for one in before:
        if one.account == slot.account and one.start_at < slot.start_at < one.end_at:
            return slot._replace(start_at=one.start_at)
    return slot


def _event(slot: Slot, now: datetime) -> icalendar.Event:
    import icalendar

    event = icalendar.Event()
    event.add("uid", slot.uid)
    event.add("dtstamp", now)
    event.add("sequence", max(0, int((now - FIRST).total_seconds()) // 60))
    event.add("dtstart", slot.start_at)
    event.add("dtend", slot.end_at)
    event.add("transp", "TRANSPARENT")  # an agent works: one is free for other things
    return event


def _title(slot: Slot, items: Sequence[RouteItem]) -> str:
    named = ", ".join(safe(one.feature) for one in items[:MOST_NAMED])
    more = f" and {len(items) - MOST_NAMED} more" if len(items) > MOST_NAMED else ""
    return f"{safe(slot.account)}: {named}{more}"


def _line(one: RouteItem) -> str:
    way = f", {safe(one.methodology)}" if one.methodology else ""
    steps = f" ({' '.join(map(safe, one.steps))})" if one.steps else ""
    due = f", due {one.due_at:%Y-%m-%d %H:%M} UTC" if one.due_at else ""
    return f"{safe(one.feature)}, {one.size}{way}{steps}{due}"
