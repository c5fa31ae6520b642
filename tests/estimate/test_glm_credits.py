from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.glm_credits import PEAK_ZONE, RATES, credits_of, is_glm, is_peak

MONDAY = datetime(2026, 11, 2, tzinfo=PEAK_ZONE)
MOMENTS = st.integers(0, 500 * 86_400).map(lambda second: MONDAY + timedelta(seconds=second))
TOKENS = st.integers(0, 10**9)


def taken(model: str, at: datetime, *tokens: int) -> float | None:
    fresh, read, written, output = tokens
    return credits_of(
        model,
        input_tokens=fresh,
        cache_read_tokens=read,
        cache_write_tokens=written,
        output_tokens=output,
        at=at,
    )


@pytest.mark.parametrize(
    ("model", "expected"),
    [("glm-5.3", 326.0), ("glm-5-turbo", 282.0), ("glm-4.7", 218.0), ("glm-5.1", 326.0)],
)
def test_ten_thousand_tokens_of_each_kind_take_what_the_table_says(
    model: str, expected: float
) -> None:
    rates = RATES[model]

    found = taken(model, MONDAY.replace(hour=14), 100_000, 100_000, 0, 100_000)

    assert found == pytest.approx(expected)
    assert found == pytest.approx(10 * (rates.input + rates.cached + rates.output))


@pytest.mark.parametrize("model", ["glm-6", "glm-4.5-air", "glm", "glm-5.3-flash", "claude-opus-5"])
def test_a_model_without_published_rates_has_no_credits(model: str) -> None:
    assert taken(model, MONDAY, 1, 1, 1, 1) is None


def test_a_model_is_known_by_its_name_with_seller_and_context_size() -> None:
    plain = taken("glm-5.3", MONDAY, 5, 6, 7, 8)

    assert plain is not None
    assert taken("z-ai/GLM-5.3[1m]", MONDAY, 5, 6, 7, 8) == plain
    assert is_glm("z-ai/GLM-6")
    assert not is_glm("claude-opus-5")


def test_peak_is_half_open_and_on_weekdays_only() -> None:
    hours = [(day, hour) for day in range(7) for hour in range(24)]
    peak = {(day, hour) for day, hour in hours if is_peak(MONDAY + timedelta(days=day, hours=hour))}

    assert peak == {(day, hour) for day in range(5) for hour in (14, 15, 16, 17)}
    assert not is_peak(MONDAY.replace(hour=18))
    assert is_peak(MONDAY.replace(hour=17, minute=59, second=59, microsecond=999_999))


@given(MOMENTS, st.sampled_from(sorted(RATES)), TOKENS, TOKENS, TOKENS, TOKENS)
def test_credits_add_up_over_the_kinds_of_tokens_and_halve_off_peak(
    at: datetime, model: str, fresh: int, read: int, written: int, output: int
) -> None:
    whole = taken(model, at, fresh, read, written, output)
    parts = [
        taken(model, at, fresh, 0, 0, 0),
        taken(model, at, 0, read, 0, 0),
        taken(model, at, written, 0, 0, 0),  # a cache write counts as input
        taken(model, at, 0, 0, 0, output),
    ]
    at_peak = taken(model, MONDAY.replace(hour=15), fresh, read, written, output)

    assert whole == pytest.approx(sum(part for part in parts if part is not None))
    assert at_peak == pytest.approx((whole or 0) * (1 if is_peak(at) else 2))
