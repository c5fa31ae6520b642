from __future__ import annotations

from collections.abc import Sequence

from portfolio.estimate.burn import Tolerances
from portfolio.estimate.credits import Credits
from portfolio.estimate.observations import (
    Observation,
    WindowWork,
    clashes,
    observe,
    work_by_window,
)
from portfolio.estimate.reverts import taken_back
from portfolio.estimate.work import events_of, items_of
from portfolio.model import (
    GivenReading,
    Mark,
    MeterPoint,
    Methodology,
    Revert,
    Step,
    Window,
)
from tests.estimate.builders import given, point, revert, sighting, window


def work(
    sightings: Sequence[Mark], windows: Sequence[Window], reverts: Sequence[Revert] = ()
) -> dict[str | None, WindowWork]:
    events = events_of(sightings, reverted=taken_back(reverts))
    return work_by_window(items_of(events, terminal_steps=("SHIP",)), Credits(windows))


def seen(
    readings: Sequence[MeterPoint],
    *,
    handed: Sequence[GivenReading] = (),
    steps_on: Sequence[str] = (),
    of: Sequence[Window] | None = None,
) -> list[Observation]:
    steps = tuple(Step(step="BUILD", model="m", account=account) for account in steps_on)
    return observe(
        of or [window(methodology="solo")],
        sorted(readings, key=lambda point: point.read_at),
        given=handed,
        methodologies=[Methodology(methodology="solo", steps=steps)],
        work={},
        tolerances=Tolerances(),
    )


TWO = [window("W0-001", 0), window("W0-002", 24)]


# What was done in a window


def test_credit_goes_to_the_window_it_shipped_in_and_work_to_every_window() -> None:
    steps = [sighting("A", "BUILD"), sighting("A", "SHIP", window="W0-002", hours=25)]

    found = work(steps, TWO)

    assert found["W0-001"] == WindowWork(attempted=("A",))
    assert found["W0-002"] == WindowWork(attempted=("A",), shipped=("A",))


def test_a_revert_takes_the_credit_back_where_it_was_given() -> None:
    found = work([sighting("A", commit="c1")], TWO, [revert("r1", "c1")])

    assert found["W0-001"] == WindowWork(attempted=("A",), reverted=("A",))


def test_work_after_shipping_is_rework_and_still_attempted() -> None:
    steps = [sighting("A", "SHIP"), sighting("A", "FIX", window="W0-002", hours=25)]

    assert work(steps, TWO)["W0-002"] == WindowWork(attempted=("A",), reworked=("A",))


def test_prototypes_are_on_their_own_even_when_they_ship() -> None:
    found = work([sighting("UI", kind="prototype"), sighting("UI", "BUILD")], TWO)

    assert found["W0-001"] == WindowWork(attempted=("UI",), prototypes=("UI",))


def test_a_feature_counts_once_in_a_window_however_many_steps_it_takes() -> None:
    steps = [sighting("A", step, commit=step) for step in ("SPEC", "BUILD", "SHIP")]

    assert work(steps, TWO)["W0-001"] == WindowWork(attempted=("A",), shipped=("A",))


def test_work_in_no_logged_window_is_kept_apart() -> None:
    found = work([sighting("A", window="W7-001", hours=400)], TWO)

    assert found == {None: WindowWork(attempted=("A",), shipped=("A",))}


def test_a_clash_names_the_tag_the_commit_and_where_it_counts() -> None:
    events = events_of([sighting("A", hours=30, commit="c" * 40)], reverted=set())

    (found,) = clashes(events, Credits(TWO))

    assert found.slug == "window-clash"
    assert "A SHIP is tagged W0-001" in found.text
    assert "counted in W0-001" in found.text


# Who took part


def test_an_account_takes_part_when_its_meter_moved() -> None:
    idle = [point(hour, 20, 90, account="idle") for hour in (0, 5)]
    busy = [point(0, 20, 90, account="busy"), point(5, 21, 90, account="busy")]

    assert seen([*idle, *busy])[0].accounts == ("busy",)


def test_a_meter_that_moved_down_by_rounding_takes_part_so_that_burns_telescope() -> None:
    assert seen([point(0, 20, 90), point(5, 19, 90)])[0].accounts == ("a",)


def test_an_account_takes_part_when_the_methodology_has_a_step_on_it() -> None:
    (found,) = seen([point(hour, 20, 90) for hour in (0, 5)], steps_on=["a", "unread"])

    assert found.accounts == ("a", "unread")
    assert [(burn.account, burn.burn) for burn in found.burns] == [("a", 0)]


def test_an_account_takes_part_when_a_capture_of_it_was_handed_over() -> None:
    readings = [point(0, 20, 90, name="mine"), point(5, 20, 90)]

    assert seen(readings, handed=[given("before", "mine")])[0].accounts == ("a",)


def test_an_account_whose_burn_a_reset_hides_takes_part_if_it_shows_use_after_it() -> None:
    used_since = [point(0, 80, 3), point(5, 4, 171)]
    idle_since = [point(0, 80, 3), point(5, 0)]

    (found,) = seen(used_since)

    assert found.accounts == ("a",)
    assert [burn.status for burn in found.burns] == ["reset-inside"]
    moved = [point(hour, used, 90, account="b") for hour, used in ((0, 10), (5, 12))]
    assert seen([*idle_since, *moved])[0].accounts == ("b",)


def test_where_no_meter_moved_the_accounts_that_were_looked_at_took_part() -> None:
    (still,) = seen([point(0, 10, 90), point(5, 10, 90)])
    (half,) = seen([point(0, 10, 90)])

    assert [(burn.account, burn.burn, burn.status) for burn in still.burns] == [("a", 0, "ok")]
    assert [(burn.account, burn.status) for burn in half.burns] == [("a", "no-reading-after")]


def test_every_pool_of_an_account_is_measured_on_its_own() -> None:
    readings = [
        *(point(hour, used, 90) for hour, used in ((0, 20), (5, 25))),
        point(0, 50, 3, pool="5h"),
        point(5, 10, 8, pool="5h"),
    ]

    (found,) = seen(readings)

    assert [(burn.pool, burn.burn, burn.status) for burn in found.burns] == [
        ("5h", None, "reset-inside"),
        ("week", 5, "ok"),
    ]


def test_a_capture_handed_over_for_one_window_is_no_first_choice_in_another() -> None:
    readings = [point(24, 20, 90, name="mine"), point(24, 22, 90, source="line")]
    readings.append(point(29, 30, 90, source="line"))

    (found,) = seen(readings, of=[window("W0-002", 24)], handed=[given("before", "mine")])

    assert [burn.burn for burn in found.burns] == [8]
