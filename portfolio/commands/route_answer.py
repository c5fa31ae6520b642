"""A route as it is answered: moments for minutes, names for numbers, and what is left unused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from portfolio.commands.route_arms import METHODOLOGY
from portfolio.commands.twin_offer import LEAST_EXPIRING
from portfolio.estimate.proposals import Span
from portfolio.estimate.window_names import names_of
from portfolio.ingest import window_file
from portfolio.model import WINDOW_LASTS
from portfolio.report.answers.route import (
    RouteAnswer,
    RouteExpiring,
    RouteItem,
    RouteLeft,
    RouteNote,
    RoutePool,
    RouteRelief,
    RouteWindow,
)

if TYPE_CHECKING:
    from parsers.records import Problem
    from portfolio.commands.backlog import ToDo
    from portfolio.commands.route_accounts import OpenAccount
    from portfolio.commands.route_arms import Arms
    from portfolio.model import Window
    from portfolio.route.answer import OpenedWindow, PoolPlan, Route, Unassigned
    from portfolio.settings import Home

MINUTE: Final = timedelta(minutes=1)


def answer_of(
    route: Route,
    to_do: Sequence[ToDo],
    accounts: Sequence[OpenAccount],
    arms: Arms,
    *,
    names: Mapping[int, str],
    notes: Sequence[RouteNote],
    problems: Sequence[Problem],
) -> RouteAnswer:
    """Write a route as it is answered.

    Args:
        route: The plan.
        to_do: What was to be planned.
        accounts: Those that could be planned on.
        arms: The ways of doing it.
        names: Of windows, by the minute they begin.
        notes: Why some accounts or caps were not planned.
        problems: Of the backlog.
    """
    by_name = {one.item: one for one in to_do}
    known = {one.account: one for one in accounts}
    sizes = {one.size for one in to_do}
    return RouteAnswer(
        since=route.begin_at,
        until=_at(route, route.span_min),
        assignments=tuple(_items(route, by_name, names)),
        pools=tuple(_pool(route, one) for one in route.pools),
        windows=tuple(_window(route, one, known[one.account], names) for one in route.windows),
        unassigned=tuple(
            _left(one, by_name[one.item], has_arms=bool(arms.methods)) for one in route.unassigned
        ),
        expiring=tuple(_expiring(route, known)),
        twins=(),
        relief=tuple(
            RouteRelief(like=one.like, plan=known[one.like].plan, features_most=one.items_most)
            for one in route.relief
        ),
        takes=tuple(one for one in arms.takes if one.size in sizes),
        not_planned=(*notes, *arms.notes),
        worth=route.worth,
        bound=route.bound,
        gap=route.gap,
        status=route.status,
        calendar=None,
        problems=tuple(problems),
    )


def _at(route: Route, minute: int) -> datetime:
    return route.begin_at + minute * MINUTE


def _items(route: Route, to_do: Mapping[str, ToDo], names: Mapping[int, str]) -> list[RouteItem]:
    ends: dict[tuple[str, int], OpenedWindow] = {
        (one.account, one.start_min): one for one in route.windows
    }
    found = []
    for one in route.assignments:
        is_way, item = one.method.startswith(METHODOLOGY), to_do[one.item]
        for part in one.parts:
            first = ends[part.account, part.start_min]
            found.append(
                RouteItem(
                    feature=one.item,
                    methodology=one.method.removeprefix(METHODOLOGY) if is_way else None,
                    account=part.account,
                    window=names.get(part.start_min),
                    start_at=_at(route, part.start_min),
                    end_at=_at(route, first.end_min),
                    goes_on_at=tuple(_at(route, use.start_min) for use in part.uses[1:]),
                    steps=part.steps,
                    size=item.size,
                    size_from=item.size_from,
                    priority=item.priority,
                    due_at=item.due_at,
                )
            )
    return sorted(found, key=lambda one: (one.start_at, one.account, one.priority, one.feature))


def _window(
    route: Route, one: OpenedWindow, account: OpenAccount, names: Mapping[int, str]
) -> RouteWindow:
    is_read = account.fullest is None  # else it is filled by pace, which is no figure of a meter
    return RouteWindow(
        account=one.account,
        window=names.get(one.start_min),
        start_at=_at(route, one.start_min),
        end_at=_at(route, one.end_min),
        items=one.items,
        planned=one.planned if is_read else None,
        cap=one.cap if is_read else None,
    )


def _left(one: Unassigned, item: ToDo, *, has_arms: bool) -> RouteLeft:
    return RouteLeft(
        feature=one.item,
        reason=one.reason if has_arms else "account",
        binds=one.binds,
        size=item.size,
        due_at=item.due_at,
    )


def _pool(route: Route, one: PoolPlan) -> RoutePool:
    return RoutePool(
        account=one.account,
        pool=one.pool,
        unit=one.unit,
        begins_at=_at(route, one.begins_min) if one.begins_min else None,
        resets_at=None if one.resets_min is None else _at(route, one.resets_min),
        used=one.used,
        planned=one.planned,
        reserve=one.reserve,
        cap=one.cap,
    )


def _expiring(route: Route, accounts: Mapping[str, OpenAccount]) -> list[RouteExpiring]:
    """Give what the resets of priced pools take away unused, as far as it is worth a word."""
    found = []
    for one in route.pools:
        account = accounts[one.account]
        share = one.expires / one.cap if one.expires is not None and one.cap else 0.0
        if one.pool == account.priced.now.pool and share >= LEAST_EXPIRING and one.resets_min:
            found.append(
                RouteExpiring(
                    account=one.account,
                    pool=one.pool,
                    share=share,
                    usd=share * account.capacity_usd,
                    resets_at=_at(route, one.resets_min),
                )
            )
    return sorted(found, key=lambda one: (one.resets_at, one.account))


def window_names(route: Route, windows: Sequence[Window], *, home: Home) -> dict[int, str]:
    """Name the windows of a plan as `start` will, if they are opened then; none without an epoch.

    Args:
        route: The plan.
        windows: The logged ones.
        home: Where the file of opened windows is.
    """
    epoch, known = window_file.read(str(home.folder))
    if epoch is None:
        return {}
    opened = {
        Span(_moment(one.start_s), _moment(one.end_s)): one.name
        for one in known
        if one.start_s < one.end_s
    }
    starts = sorted({one.start_min for one in route.windows})
    spans: list[Span] = []
    holds: dict[int, Span] = {}
    for start in starts:
        at = _at(route, start)
        if not spans or at >= spans[-1].end_at:
            running = (one for one in opened if one.start_at <= at < one.end_at)
            spans.append(next(running, Span(at, at + WINDOW_LASTS)))
        holds[start] = spans[-1]
    names = names_of(
        spans,
        [],
        windows,
        epoch=_moment(epoch),
        opened=opened,
        given=[one.name for one in known],
    )
    by_span = dict(zip(spans, names, strict=True))
    return {start: by_span[span] for start, span in holds.items()}


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
