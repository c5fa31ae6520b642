"""Calendars of plans, read back by the library that others read them with."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import icalendar

from portfolio.report.answers.route import RouteAnswer
from portfolio.report.calendar import Slot, calendar, slots_of
from portfolio.report.document import encode
from tests.report.route_made import HOUR, NOW, plan


def events(text: str) -> list[icalendar.Event]:
    found = icalendar.Calendar.from_ical(text).walk("VEVENT")
    return [one for one in found if isinstance(one, icalendar.Event)]


def kept(answer: RouteAnswer) -> tuple[Slot, ...]:
    windows = encode(answer.windows)
    assert isinstance(windows, list)
    return slots_of([one for one in windows if isinstance(one, dict)])


def test_events_say_when_by_utc_also_in_the_week_in_which_clocks_are_changed() -> None:
    starts = (NOW, NOW + timedelta(days=3, hours=1))  # 9 o'clock in Vienna on both days
    text = calendar(plan(*(("claude-a", at, ("A-1",)) for at in starts)), before=(), now=NOW)

    assert [(one.start, one.end) for one in events(text)] == [(at, at + 5 * HOUR) for at in starts]


def test_a_title_names_three_items_and_the_description_all() -> None:
    names = ("A-1", "A-2", "A-3", "A-4")
    (event,) = events(calendar(plan(("claude-a", NOW, names)), before=(), now=NOW))

    assert event["summary"] == "claude-a: A-1, A-2, A-3 and 1 more"
    assert str(event["description"]).split("\n") == [f"{name}, M" for name in names]


def test_the_same_window_is_the_same_event_in_every_plan_and_the_later_plan_rules() -> None:
    first = plan(("claude-a", NOW + HOUR, ("A-1",)))
    later = plan(("claude-a", NOW + HOUR, ("A-2",)))
    (one,) = events(calendar(first, before=(), now=NOW))
    (other,) = events(calendar(later, before=kept(first), now=NOW + timedelta(minutes=1)))

    assert one["uid"] == other["uid"]
    assert int(str(other["sequence"])) == int(str(one["sequence"])) + 1


def test_a_window_that_is_not_planned_any_more_is_called_off_and_one_that_began_is_not() -> None:
    first = plan(
        ("claude-a", NOW - 2 * HOUR, ("A-1",)),
        ("claude-a", NOW + 3 * HOUR, ("A-2",)),
        ("codex-b", NOW - 9 * HOUR, ("A-3",)),
    )
    later = plan(("claude-a", NOW, ("A-1",)))
    found = events(calendar(later, before=kept(first), now=NOW))
    before = [one["uid"] for one in events(calendar(first, before=(), now=NOW - 9 * HOUR))]

    assert [(one["uid"], one.get("status")) for one in found] == [
        (before[0], None),
        (before[1], "CANCELLED"),
    ]
    assert found[0].start == NOW - 2 * HOUR


def test_what_is_hostile_in_a_name_stays_text() -> None:
    name = "A\r\nEND:VEVENT\r\nBEGIN:VALARM;\x1b[31m"
    answer = plan(("claude-a", NOW, (name,)))
    way = replace(answer.assignments[0], methodology="x\nATTACH:file:///etc/passwd")
    text = calendar(replace(answer, assignments=(way,)), before=(), now=NOW)

    (event,) = events(text)
    assert not event.subcomponents
    assert "attach" not in event
    assert "\x1b" not in text
