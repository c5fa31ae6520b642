"""What a shipped feature took on each account, by the turns on it: no window need be logged."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from portfolio.estimate.work import WorkItem


def feature_costs(
    items: Iterable[WorkItem], item_usd: Mapping[str, Mapping[str, float]]
) -> dict[str, float]:
    """Give each account's dollars of capacity for each feature that shipped on it.

    A feature is on the account that most of it was done on; what failed or was taken back is paid
    for by what shipped. An account on which none shipped has no such cost.

    Args:
        items: All work items.
        item_usd: What each took, by account; of items that took nothing known there is nothing.
    """
    usd: dict[str, float] = defaultdict(float)
    shipped: Counter[str] = Counter()
    for item in items:
        took = item_usd.get(item.item, {})
        whole = sum(took.values())
        if not item.is_feature or item.outcome == "open" or whole <= 0:
            continue
        account = max(took, key=lambda one: (took[one], one))
        usd[account] += whole
        shipped[account] += item.outcome == "shipped"
    return {account: usd[account] / count for account, count in sorted(shipped.items()) if count}
