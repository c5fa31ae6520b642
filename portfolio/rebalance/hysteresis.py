"""Whether a change of plans is worth its trouble: it saves surely enough, and soon.

Its trouble counts as plans are chosen (`change_usd`), so that of a change only the part is made
that is worth it. To pay less for plans is only proposed where that is surely the better choice. To
pay more is an insurance: it is the better choice in few scenarios, and by much. Refused where it is
not so in most, months cost more (docs/holding.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from portfolio.rebalance.monthly.problem import Cvar, FloatArray

SURE: Final = 0.8  # of the scenarios, in which paying less has to save
REPAID_MONTHS: Final = 3.0  # within which its trouble has to be repaid
TROUBLE_USD: Final = 20.0  # of one account that is bought, left or switched
A_CENT: Final = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What a change of plans saves beside changing nothing."""

    saving_usd_month: float  # on average, features that are missing counted
    probability: float  # of saving anything
    trouble_usd: float  # once
    is_more_paid: bool  # for plans, over all months

    @property
    def is_sure(self) -> bool:
        """Tell whether it saves in enough of the scenarios, or insures against the others."""
        return self.is_more_paid or self.probability >= SURE

    @property
    def is_repaid(self) -> bool:
        """Tell whether what it saves in three months is more than its trouble."""
        return REPAID_MONTHS * self.saving_usd_month > self.trouble_usd


def worth_of(
    stays_usd: FloatArray,
    changed_usd: FloatArray,
    *,
    months: int,
    accounts: int,
    is_more_paid: bool,
    worst: Cvar | None = None,
) -> Worth:
    """Weigh a change by the scenarios that both were put to.

    A change is made if 3 · E[saving a month] > $20 for each account that changes, and if
    P(saving > 0) >= 0.8 where less is paid for plans.

    Args:
        stays_usd: What each scenario costs if nothing changes, shape (scenarios,).
        changed_usd: What it costs with the change.
        months: That these costs are of.
        accounts: How many are bought, left or switched.
        is_more_paid: For plans, with the change.
        worst: How the worst scenarios count beside the mean of all; None: not besides.

    Example:
        Two months; $20 less in three of four scenarios, $4 more in the other: $7 a month.

        >>> import numpy as np
        >>> found = worth_of(
        ...     np.array([40.0] * 4),
        ...     np.array([20.0] * 3 + [44.0]),
        ...     months=2,
        ...     accounts=1,
        ...     is_more_paid=False,
        ... )
        >>> found.saving_usd_month, found.probability, found.is_sure, found.is_repaid
        (7.0, 0.75, False, True)
    """
    saved = stays_usd - changed_usd
    return Worth(
        saving_usd_month=(_counted(stays_usd, worst) - _counted(changed_usd, worst)) / months,
        probability=float((saved > A_CENT).mean()),
        trouble_usd=TROUBLE_USD * accounts,
        is_more_paid=is_more_paid,
    )


def _counted(usd: FloatArray, worst: Cvar | None) -> float:
    """Give the mean over scenarios, and beside it that of the worst: (1 - w) · E + w · CVaR."""
    mean = float(usd.mean())
    if worst is None:
        return mean
    import numpy as np

    number = max(1, round((1 - worst.level) * len(usd)))
    return (1 - worst.weight) * mean + worst.weight * float(np.sort(usd)[-number:].mean())
