"""What was worked, as a replay needs it: minute by minute, whose, and how much of each meter.

Everything counts in whole minutes since 1970, UTC, so no clock change can hide or double an hour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    IntArray: TypeAlias = npt.NDArray[np.int64]
    FloatArray: TypeAlias = npt.NDArray[np.float64]

MICRO: Final = 1_000_000  # of a unit: sums of whole numbers are the same in every order


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The work of one account that counts on the same pools, oldest first.

    What the account's meter showed and no turn on this machine explains was worked elsewhere; it
    is part of the work, dated where the meter rose.
    """

    account: str
    provider: str
    scope: str | None  # "opus": counts on scoped pools of that name too; None: on no scoped pool
    minutes: IntArray  # (n,) ascending, no two equal
    usd: FloatArray  # (n,) what it would have cost at API prices; elsewhere: by the measured rate
    elsewhere_usd: FloatArray  # (n,) the part of `usd` that was worked elsewhere
    burn: Mapping[str, FloatArray]  # by pool of its own account: (n,) in that pool's unit
    credits_high: FloatArray  # (n,) GLM credits it takes on the dearest model with published rates
    credits_low: FloatArray  # (n,) the same on the cheapest


def micro(amounts: FloatArray) -> IntArray:
    """Give amounts in millionths, so rounded that every sum from the first on is exact to one.

    >>> import numpy as np
    >>> micro(np.array([1 / 3, 1 / 3, 1 / 3])).tolist()
    [333333, 333334, 333333]
    """
    import numpy as np

    whole = np.rint(np.cumsum(amounts) * MICRO).astype(np.int64)
    return np.diff(whole, prepend=0)
