from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from portfolio.store import routines

if TYPE_CHECKING:
    from portfolio.store.opening import Database

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def test_an_alert_is_kept_once_with_the_text_it_was_told_in(database: Database) -> None:
    for text in ("first", "second"):
        routines.add_alert(
            database, "price", "claude-pro 20.00", about_at=NOON, text=text, now=NOON + DAY
        )

    (one,) = routines.alerts_told(database)
    assert one[1:] == ("price", "claude-pro 20.00", NOON, "first", NOON + DAY)


def test_that_an_address_took_an_alert_is_kept_once(database: Database) -> None:
    for _ in range(2):
        routines.add_alert_sent(database, "1a", "slack-1", now=NOON)

    assert routines.alerts_sent(database) == {("1a", "slack-1")}


def test_the_last_run_is_the_newest_of_its_routine_up_to_now(database: Database) -> None:
    assert routines.last_run(database, "weekly", now=NOON) is None
    routines.add_run(database, "weekly", {"shipped": 3}, now=NOON)
    routines.add_run(database, "weekly", {"shipped": 4}, now=NOON + DAY)
    routines.add_run(database, "monthly", {"shipped": 5}, now=NOON)

    for now, found in ((NOON - DAY, None), (NOON, 3), (NOON + DAY, 4), (NOON + 9 * DAY, 4)):
        last = routines.last_run(database, "weekly", now=now)
        assert (last.figures["shipped"] if last else None) == found
