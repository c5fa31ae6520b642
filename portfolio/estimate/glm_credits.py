"""What a GLM request takes from its plan, in credits: the one law a provider has published.

A request's tokens are weighted by kind and by model, and count half outside the peak hours. Only
the models below have published rates; for any other nothing is said, as a guess would pass for a
meter.

Source:
    docs.z.ai/devpack/overview, "Usage instruction", as quoted in omacom/omarchy#7566 on 23 August
    2026, with the older models that the plans route to GLM-5.3 at its rates. Cache writes have no
    rate of their own there and count as input.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone
from typing import Final, NamedTuple

from portfolio.estimate.ownership import provider_of_model

TOKENS: Final = 10_000  # the rates are credits for so many tokens
OFF_PEAK: Final = 0.5
PEAK_ZONE: Final = timezone(timedelta(hours=8))
PEAK_DAYS: Final = range(5)  # Monday to Friday
PEAK_BEGINS: Final = time(14)
PEAK_ENDS: Final = time(18)  # not included


class Rates(NamedTuple):
    """Credits for 10,000 tokens of each kind, at peak."""

    input: float
    cached: float
    output: float


AS_OF: Final = "2026-08-23"
RATES: Final = {
    "glm-5.3": Rates(6.9, 1.7, 24),
    "glm-5.2": Rates(6.9, 1.7, 24),  # routed to 5.3
    "glm-5.1": Rates(6.9, 1.7, 24),  # routed to 5.3
    "glm-5-turbo": Rates(5.7, 1.5, 21),
    "glm-4.7": Rates(4.6, 1.2, 16),
}


def rates_of(model: str) -> Rates | None:
    """Give a model's rates; None where none are published.

    Clients write a model with its seller before it and the size of its context behind it.

    >>> rates_of("z-ai/GLM-4.7") == rates_of("glm-4.7[1m]") == RATES["glm-4.7"]
    True
    """
    return RATES.get(model.lower().rpartition("/")[2].partition("[")[0])


def is_glm(model: str) -> bool:
    """Tell whether a model draws on a GLM plan, whether its rates are known or not."""
    return provider_of_model(model) == "glm"


def is_peak(at: datetime) -> bool:
    """Tell whether a moment lies in the hours that count in full.

    >>> from datetime import UTC
    >>> [is_peak(datetime(2026, 11, 3, hour, tzinfo=UTC)) for hour in (5, 6, 9, 10)]
    [False, True, True, False]
    """
    there = at.astimezone(PEAK_ZONE)
    return there.weekday() in PEAK_DAYS and PEAK_BEGINS <= there.time() < PEAK_ENDS


def credits_of(
    model: str,
    *,
    input_tokens: int,
    cache_read_tokens: int,
    cache_write_tokens: int,
    output_tokens: int,
    at: datetime,
) -> float | None:
    """Give the credits that one request takes; None where the model's rates are not published.

    Args:
        input_tokens: Those not read from a cache.
        at: When it was made, aware.

    Example:
        GLM-5.3 on a Tuesday at peak: (100,000 x 6.9 + 400,000 x 1.7 + 10,000 x 24) / 10,000.

        >>> from datetime import UTC
        >>> sent = dict(input_tokens=100_000, cache_read_tokens=400_000, cache_write_tokens=0)
        >>> tuesday = datetime(2026, 11, 3, 14, 30, tzinfo=PEAK_ZONE)
        >>> credits_of("glm-5.3", **sent, output_tokens=10_000, at=tuesday)
        161.0
        >>> credits_of("glm-5.3", **sent, output_tokens=10_000, at=tuesday.replace(hour=20))
        80.5
    """
    rates = rates_of(model)
    if rates is None:
        return None
    weighted = (
        (input_tokens + cache_write_tokens) * rates.input
        + cache_read_tokens * rates.cached
        + output_tokens * rates.output
    )
    return weighted / TOKENS * (1.0 if is_peak(at) else OFF_PEAK)
