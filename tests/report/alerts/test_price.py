from __future__ import annotations

from datetime import UTC, datetime

from portfolio.model import Plan, PriceFact
from portfolio.report.alerts.price import price_alerts
from tests.report.alerts.builders import DAY, NOW


def fact(usd: float, since: datetime | None) -> PriceFact:
    return PriceFact(
        usd_month=usd, billing="monthly", since=since, as_of="2026-11-01", source="made up"
    )


def told(before: dict[str, float], *facts: PriceFact, days: float = 31.0) -> list[str]:
    plan = Plan(plan="a-pro", provider="a", name="A Pro", prices=facts, pools=())
    return [one.text for one in price_alerts([plan], before, ahead_days=days, zone=UTC, now=NOW)]


def test_another_price_than_the_last_run_saw_is_told() -> None:
    assert told({"a-pro": 17.0}, fact(20, None)) == [
        "The price of a-pro is now $20.00 a month; it was $17.00."
    ]


def test_the_same_price_and_one_that_nobody_saw_before_are_not_told() -> None:
    assert told({"a-pro": 20.0}, fact(20, None)) == []
    assert told({}, fact(20, None)) == []
    assert told({"a-pro": 20.0}) == []


def test_a_price_to_come_is_told_as_far_ahead_as_is_set() -> None:
    soon = [fact(20, None), fact(25, NOW + 10 * DAY)]

    assert told({}, *soon) == [
        "The price of a-pro from 12 Dec 2026 on is $25.00 a month; it was $20.00."
    ]
    assert told({}, *soon, days=9.0) == []


def test_a_price_told_ahead_is_the_same_alert_once_it_holds() -> None:
    from portfolio.report.alerts.alert import untold

    plan = Plan(
        plan="a-pro",
        provider="a",
        name="A Pro",
        prices=(fact(20, None), fact(25, NOW + 10 * DAY)),
        pools=(),
    )
    ahead, then = (
        list(price_alerts([plan], {"a-pro": 20.0}, ahead_days=31, zone=UTC, now=NOW + days * DAY))
        for days in (0, 11)
    )

    assert (len(ahead), len(then), untold(then, ahead)) == (1, 1, [])
