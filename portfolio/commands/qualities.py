"""How good the work was, by account and by methodology: what held, what was redone, what broke."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from portfolio.estimate.quality import ItemQuality, is_below_floor, quality
from portfolio.report.answers.quality import QualityRow

if TYPE_CHECKING:
    from portfolio.commands.item_turns import ItemTurns
    from portfolio.commands.work import Work
    from portfolio.estimate.work import WorkItem
    from portfolio.settings import Settings


def quality_rows(
    work: Work,
    turns: Mapping[str, ItemTurns],
    *,
    settings: Settings,
    since: datetime | None,
    until: datetime,
) -> list[QualityRow]:
    """Sum up the features of each account, each methodology, and all; finished in a span.

    A feature is on the account that most of it was done on, and under the methodology of the window
    that it counts in.
    """
    methodologies = {window.window: window.methodology for window in work.windows}
    groups: dict[tuple[str | None, str | None], list[_Finished]] = defaultdict(list)
    for item in work.items:
        if not item.is_feature or not _is_in(item, since, until):
            continue
        own = turns.get(item.item)
        finished = _finished(item, own)
        groups[None, None].append(finished)
        if own is not None and own.account is not None:
            groups[own.account, None].append(finished)
        window = work.credits.window_of(item.shipped) if item.shipped else None
        if (methodology := methodologies.get(window or "")) is not None:
            groups[None, methodology].append(finished)
    return [
        _row(account, methodology, items, settings)
        for (account, methodology), items in sorted(groups.items(), key=_order)
    ]


def _order(group: tuple[tuple[str | None, str | None], object]) -> tuple[bool, bool, str]:
    account, methodology = group[0]
    return account is None, methodology is None, account or methodology or ""


def _is_in(item: WorkItem, since: datetime | None, until: datetime) -> bool:
    """Tell whether an item was finished in a span; a failed one when it was worked on last."""
    if item.outcome == "open":
        return False
    if item.shipped:
        at: datetime | None = item.shipped.at
    else:
        moments = [event.at for event in item.events] + [one.at for one in item.merges]
        at = max(moments, default=None)
    return at is None or ((since is None or since <= at) and at < until)


class _Finished(NamedTuple):
    """A feature that is finished, and what its turns cost at API prices; None: not known."""

    told: ItemQuality
    usd: float | None


def _finished(item: WorkItem, turns: ItemTurns | None) -> _Finished:
    told = ItemQuality(
        outcome=item.outcome,
        bugs=item.bugs,
        is_reworked=item.is_reworked,
        first_turn_at=turns.first_at if turns else None,
        shipped_at=item.shipped.at if item.shipped else None,
    )
    is_priced = turns is not None and turns.is_priced
    return _Finished(told, sum(turns.usd.values()) if turns and is_priced else None)


def _row(
    account: str | None, methodology: str | None, items: Sequence[_Finished], settings: Settings
) -> QualityRow:
    found = quality([item.told for item in items])
    shipped = sum(item.told.outcome == "shipped" for item in items)
    spent = [item.usd for item in items if item.usd is not None]
    return QualityRow(
        account=account,
        methodology=methodology,
        features=len(items),
        features_shipped=shipped,
        success=found.success,
        first_pass=found.first_pass,
        rework=found.rework,
        revert=found.revert,
        bugs_per_feature=found.bugs_per_feature,
        median_hours_to_ship=found.median_hours_to_ship,
        # What failed or was redone cost, too.
        api_usd_per_feature=sum(spent) / shipped if shipped and len(spent) == len(items) else None,
        features_without_turns=len(items) - len(spent),
        is_below_floor=is_below_floor(found.success, settings.quality_floor),
    )
