"""Our reading of the list, held against the list's own reckoning."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from genai_prices import Usage, calc_price
from genai_prices.types import (
    ClauseEquals,
    ConditionalPrice,
    ModelInfo,
    StartDateConstraint,
    Tier,
    TieredPrices,
    TimeOfDateConstraint,
)
from genai_prices.types import ModelPrice as ListedPrice
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.ingest import price_list
from portfolio.ingest.model_names import MAKERS
from portfolio.ingest.price_list import SELLERS, prices_of
from tests.token_costs import cost_of
from tests.turns import made_turn

BEGAN = datetime(2025, 1, 1, tzinfo=UTC)


def by_the_hour(info: ModelInfo) -> bool:
    return isinstance(info.prices, list) and any(
        isinstance(one.constraint, TimeOfDateConstraint) for one in info.prices
    )


def listed_models() -> list[tuple[str, str]]:
    """Give the models that their makers sell by the token, at any hour, under their own names."""
    return sorted(
        (seller, info.id)
        for seller in {maker for _, maker in MAKERS}
        for info in SELLERS[seller].models
        if not by_the_hour(info)
        and (prices := prices_of(info.id))[0].is_priced
        and prices[0].price_list.endswith(f": {seller}")
        and SELLERS[seller].find_model(info.id) is info
    )


LISTED = listed_models()


@settings(max_examples=150)
@given(
    st.sampled_from(LISTED),
    st.integers(0, 900),
    st.tuples(*[st.sampled_from((0, 1, 70_000, 130_000, 300_000))] * 4),
    st.integers(0, 3),
)
def test_a_request_costs_what_the_list_itself_makes_it(
    listed: tuple[str, str], days: int, tokens: tuple[int, int, int, int], hours: int
) -> None:
    seller, model = listed
    at = BEGAN + timedelta(days=days)
    plain, output, read, write = tokens
    hour = write * hours // 3
    turn = made_turn(at, model)._replace(
        input_tokens=plain,
        output_tokens=output,
        cache_read_tokens=read,
        cache_write_tokens=write,
        cache_write_1h_tokens=hour,
    )

    cost = cost_of(turn, prices_of(model))

    usage = Usage(
        input_tokens=plain + read + write,
        output_tokens=output,
        cache_read_tokens=read,
        cache_write_tokens=write,
        cache_write_5m_tokens=write - hour,
        cache_write_1h_tokens=hour,
    )
    told = calc_price(usage, model, provider_id=seller, genai_request_timestamp=at)
    assert cost is not None
    assert sum(cost) == pytest.approx(float(told.total_price))


def test_the_models_that_people_use_are_among_those_compared() -> None:
    models = {model for _, model in LISTED}

    assert len(models) > 100
    assert {"claude-opus-4-6", "claude-sonnet-4-5", "gpt-5.3-codex", "GLM-5.3"} <= models


def named(name: str, prices: ListedPrice | list[ConditionalPrice]) -> ModelInfo:
    return ModelInfo(id=name, match=ClauseEquals(equals=name), prices=prices)


def priced(usd: str) -> ListedPrice:
    return ListedPrice(input_mtok=Decimal(usd), output_mtok=Decimal(usd))


def from_day(day: int, usd: str) -> ConditionalPrice:
    start = datetime(2026, 11, day, tzinfo=UTC).date()
    return ConditionalPrice(StartDateConstraint(start_date=start), prices=priced(usd))


@pytest.fixture
def sold(monkeypatch: pytest.MonkeyPatch) -> list[ModelInfo]:
    """Give the models of a maker, to add to."""
    models: list[ModelInfo] = []
    monkeypatch.setattr(SELLERS["anthropic"], "models", models)
    return models


def dated(model: str) -> list[tuple[int | None, float | None]]:
    return [(one.since.day if one.since else None, one.input_usd) for one in prices_of(model)]


def test_of_prices_that_hold_the_lists_last_one_rules_whatever_their_order(
    sold: list[ModelInfo],
) -> None:
    sold.append(
        named(
            "claude-t",
            [ConditionalPrice(prices=priced("1")), from_day(9, "3"), from_day(5, "2")],
        )
    )

    # From the 9th on, the one from the 5th still stands behind it in the list.
    assert dated("claude-t") == [(None, 1), (5, 2), (9, 2)]


def test_before_the_first_day_of_a_list_without_an_open_begin_there_is_no_price(
    sold: list[ModelInfo],
) -> None:
    sold.append(named("claude-t", [from_day(5, "2")]))

    assert dated("claude-t") == [(5, 2)]


def test_a_price_for_some_hours_gives_way_to_the_one_for_all_the_day(
    sold: list[ModelInfo],
) -> None:
    hours = TimeOfDateConstraint(
        start_time=datetime(2026, 1, 1, 1, tzinfo=UTC).timetz(),
        end_time=datetime(2026, 1, 1, 4, tzinfo=UTC).timetz(),
    )
    sold.append(
        named(
            "claude-t",
            [ConditionalPrice(prices=priced("1")), ConditionalPrice(hours, prices=priced("9"))],
        )
    )

    assert dated("claude-t") == [(None, 1)]


def test_a_model_whose_price_is_only_for_some_hours_has_none(sold: list[ModelInfo]) -> None:
    hours = TimeOfDateConstraint(
        start_time=datetime(2026, 1, 1, 1, tzinfo=UTC).timetz(),
        end_time=datetime(2026, 1, 1, 4, tzinfo=UTC).timetz(),
    )
    sold.append(named("claude-t", [ConditionalPrice(hours, prices=priced("9"))]))

    assert [one.is_priced for one in prices_of("claude-t")] == [False]


def test_a_model_that_is_given_away_or_sold_otherwise_has_no_price(
    sold: list[ModelInfo],
) -> None:
    sold.append(named("claude-free", ListedPrice()))
    sold.append(named("claude-odd", ListedPrice(input_mtok=Decimal(1))))

    assert [prices_of(name)[0].is_priced for name in ("claude-free", "claude-odd")] == [False] * 2


def test_sizes_of_every_kind_of_token_are_edges(sold: list[ModelInfo]) -> None:
    sold.append(
        named(
            "claude-t",
            ListedPrice(
                input_mtok=TieredPrices(base=Decimal(1), tiers=[Tier(start=100, price=Decimal(2))]),
                output_mtok=TieredPrices(
                    base=Decimal(5), tiers=[Tier(start=300, price=Decimal(6))]
                ),
            ),
        )
    )

    assert [(one.from_tokens, one.input_usd, one.output_usd) for one in prices_of("claude-t")] == [
        (0, 1, 5),
        (100, 2, 5),
        (300, 2, 6),
    ]


def test_the_record_names_the_list_its_version_and_the_seller() -> None:
    from importlib.metadata import version

    (price,) = prices_of("glm-5.3")

    assert (
        price.price_list
        == f"genai-prices {version('genai-prices')}: zai"
        == (f"{price_list.LIST}: zai")
    )
