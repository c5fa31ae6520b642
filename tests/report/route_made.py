"""Plans as they are answered, made by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from portfolio.report.answers.route import RouteAnswer, RouteItem, RouteWindow

NOW = datetime(2026, 10, 23, 7, tzinfo=UTC)  # a Friday; clocks go back on Sunday in Vienna
HOUR = timedelta(hours=1)


def plan(*windows: tuple[str, datetime, tuple[str, ...]]) -> RouteAnswer:
    items = [
        RouteItem(
            feature=name,
            methodology=None,
            account=account,
            window=None,
            start_at=start,
            end_at=start + 5 * HOUR,
            goes_on_at=(),
            steps=(),
            size="M",
            size_from="backlog",
            priority=3,
            due_at=None,
        )
        for account, start, names in windows
        for name in names
    ]
    return RouteAnswer(
        since=NOW,
        until=NOW + timedelta(days=7),
        assignments=tuple(items),
        pools=(),
        windows=tuple(
            RouteWindow(
                account=account,
                window=None,
                start_at=start,
                end_at=start + 5 * HOUR,
                items=len(names),
                planned=None,
                cap=None,
            )
            for account, start, names in windows
        ),
        unassigned=(),
        expiring=(),
        twins=(),
        relief=(),
        takes=(),
        not_planned=(),
        worth=1.0,
        bound=1.0,
        gap=0.0,
        status="proved",
        calendar=None,
        problems=(),
    )
