from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers.records import TokenTotal, Turn
from portfolio.model import TokenCount
from portfolio.store import prices, token_totals, tokens, turns
from portfolio.store.opening import transaction
from portfolio.store.prices import ModelPrice
from portfolio.store.turns import FoundTurns
from tests.token_costs import cost_of
from tests.turns import made_turn

if TYPE_CHECKING:
    from portfolio.store.opening import Database

BEGAN = datetime(2026, 11, 1, tzinfo=UTC)
DAYS = 6
MODELS = ("a", "b", "unlisted", "unheard-of")


def add(database: Database, *found: Turn) -> None:
    with transaction(database):
        turns.add(database, [FoundTurns(found, "/made/up", "made-up.jsonl")], now=BEGAN)


def costs(database: Database) -> list[float | None]:
    rows = database.execute("SELECT cost_usd FROM priced_turn ORDER BY turn_at").fetchall()
    return [row[0] for row in rows]


def price(
    model: str, usd: float, *, since: datetime | None = None, from_tokens: int = 0
) -> ModelPrice:
    return ModelPrice(
        model,
        "test 1",
        is_priced=True,
        since=since,
        from_tokens=from_tokens,
        input_usd=usd,
        output_usd=10 * usd,
    )


COUNT = st.integers(0, 300)
TURNS = st.builds(
    lambda minutes, model, tokens, write, hour: made_turn(
        BEGAN + timedelta(minutes=minutes), model
    )._replace(
        input_tokens=tokens[0],
        output_tokens=tokens[1],
        cache_read_tokens=tokens[2],
        cache_write_tokens=write,
        cache_write_1h_tokens=min(hour, write),
    ),
    st.integers(0, DAYS * 24 * 60 - 1),
    st.sampled_from(MODELS),
    st.tuples(COUNT, COUNT, COUNT),
    COUNT,
    COUNT,
)
DOLLARS = st.one_of(st.none(), st.floats(0, 100))
PRICES = st.builds(
    lambda model, since, size, need, other: ModelPrice(
        model,
        "test 1",
        is_priced=True,
        since=None if since is None else BEGAN + timedelta(days=since),
        from_tokens=size,
        input_usd=need[0],
        output_usd=need[1],
        cache_read_usd=other[0],
        cache_write_usd=other[1],
        cache_write_1h_usd=other[2],
    ),
    st.sampled_from(("a", "b")),
    st.one_of(st.none(), st.integers(-1, DAYS)),
    st.sampled_from((0, 0, 100, 200, 500)),
    st.tuples(st.floats(0, 100), st.floats(0, 100)),
    st.tuples(DOLLARS, DOLLARS, DOLLARS),
)
LISTS = st.lists(PRICES, max_size=8, unique_by=lambda one: (one.model, one.since, one.from_tokens))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TURNS, min_size=20, max_size=40), LISTS, LISTS)
def test_every_request_costs_what_the_price_of_its_day_and_size_makes_it(
    database: Database, found: list[Turn], before: list[ModelPrice], listed: list[ModelPrice]
) -> None:
    database.execute("DELETE FROM turn")
    database.execute("DELETE FROM model_price")
    add(database, *found)
    prices.add(database, before, now=BEGAN)
    prices.add(database, [*listed, ModelPrice("unlisted", "test 1")], now=BEGAN)
    # What was said anew of a model takes the place of all that was said before.
    said = {one.model for one in listed}
    ruling = [*listed, *(one for one in before if one.model not in said)]

    rows = database.execute(
        "SELECT message, input_cost_usd, output_cost_usd, cache_read_cost_usd,"
        " cache_write_cost_usd FROM turn_cost ORDER BY message"
    ).fetchall()

    expected = {turn.message: cost_of(turn, ruling) for turn in found}
    assert len(rows) == len(found)  # no price was joined twice
    for message, *usd in rows:
        wanted = expected[message]
        assert usd == ([None] * 4 if wanted is None else pytest.approx(wanted))

    days = [(BEGAN + timedelta(days=day), BEGAN + timedelta(days=day + 1)) for day in range(DAYS)]
    counted = tokens.tokens_in(database, days, by_session=False)
    assert sum(one.counted.requests for one in counted) == len(found)
    assert sum(one.counted.tokens for one in counted) == sum(sum(turn[8:12]) for turn in found)
    assert sum(one.counted.usd for one in counted) == pytest.approx(
        sum(sum(usd) for usd in expected.values() if usd is not None)
    )
    assert sum(one.counted.unpriced_tokens for one in counted) == sum(
        sum(turn[8:12]) for turn in found if expected[turn.message] is None
    )


def test_a_request_has_the_columns_of_a_turn_and_its_cost(database: Database) -> None:
    columns = [
        [row[0] for row in database.execute(f"DESCRIBE {name}").fetchall()]
        for name in ("current_turn", "priced_turn")
    ]

    assert columns[1] == [*columns[0], "cost_usd"]


def test_before_the_first_price_there_is_none_unless_the_list_begins_open(
    database: Database,
) -> None:
    add(database, *(made_turn(BEGAN + timedelta(days=day), "a") for day in range(2)))
    noon = BEGAN + timedelta(hours=12)

    prices.add(database, [price("a", 1, since=noon)], now=BEGAN)
    assert costs(database) == [None, pytest.approx(210e-6)]

    prices.add(database, [price("a", 2), price("a", 1, since=noon)], now=BEGAN)
    assert costs(database) == [pytest.approx(420e-6), pytest.approx(210e-6)]


def test_a_size_counts_all_that_is_put_in_and_the_edge_is_the_smaller_price(
    database: Database,
) -> None:
    prices.add(database, [price("a", 1), price("a", 7, from_tokens=100)], now=BEGAN)
    for number, read in enumerate((90, 91)):
        turn = made_turn(BEGAN + timedelta(hours=number), "a")
        add(database, turn._replace(cache_read_tokens=read, output_tokens=0))

    assert costs(database) == [pytest.approx(100e-6), pytest.approx(7 * 101e-6)]


def test_a_line_of_more_than_any_model_takes_is_no_large_request(database: Database) -> None:
    prices.add(
        database,
        [price("a", 1), price("a", 7, from_tokens=200_000), price("a", 9, from_tokens=500_000)],
        now=BEGAN,
    )
    for hour, size in enumerate([200_000, 300_000, 2_000_000, 2_000_001, 30_000_000]):
        turn = made_turn(BEGAN + timedelta(hours=hour), "a")
        add(database, turn._replace(input_tokens=0, cache_read_tokens=size, output_tokens=0))

    assert costs(database) == pytest.approx([0.2, 2.1, 18, 2.000001, 30])


def test_a_price_that_was_taken_back_is_none(database: Database) -> None:
    add(database, made_turn(BEGAN, "a"))
    prices.add(database, [price("a", 1)], now=BEGAN)
    prices.add(database, [ModelPrice("a", "test 2")], now=BEGAN)

    assert costs(database) == [None]
    assert tokens.models_recorded(database) == {
        "a": tokens.RecordedModel(is_priced=False, price_list="test 2")
    }


def test_what_is_looked_up_is_what_was_used_and_is_not_recorded(database: Database) -> None:
    assert (prices.models_seen(database), prices.models_unrecorded(database)) == ([], [])
    add(database, made_turn(BEGAN, "a"), made_turn(BEGAN, "b"))
    prices.add(database, [ModelPrice("a", "test 1"), ModelPrice("c", "test 1")], now=BEGAN)
    prices.add(database, [], now=BEGAN)

    assert prices.models_seen(database) == ["a", "b"]
    assert prices.models_unrecorded(database) == ["b"]


def test_tokens_are_told_apart_by_session_where_that_is_asked(database: Database) -> None:
    add(database, made_turn(BEGAN, "a"), made_turn(BEGAN, "a")._replace(session="t"))
    span = [(BEGAN, BEGAN + timedelta(days=1))]

    together = tokens.tokens_in(database, span, by_session=False)
    apart = tokens.tokens_in(database, span, by_session=True)

    assert [(one.folder, one.session, one.counted.requests) for one in together] == [
        (None, None, 2)
    ]
    assert [(one.folder, one.session, one.counted.requests) for one in apart] == [
        ("/made/up", "s", 1),
        ("/made/up", "t", 1),
    ]


def test_the_end_of_a_span_is_not_in_it_and_gaps_are_in_none(database: Database) -> None:
    add(database, *(made_turn(BEGAN + timedelta(hours=hour), "a") for hour in range(4)))
    spans = [
        (BEGAN, BEGAN + timedelta(hours=1)),
        (BEGAN + timedelta(hours=2), BEGAN + timedelta(hours=3)),
    ]

    found = tokens.tokens_in(database, spans, by_session=False)

    assert [(one.place, one.counted.requests) for one in found] == [(0, 1), (1, 1)]
    assert found[0].counted == TokenCount(1, 10, 20, 0, 0, 0, 0, 0, 0, 1, 30, 0)


def test_an_empty_store_has_no_days_no_tokens_and_no_totals(database: Database) -> None:
    span = [(BEGAN, BEGAN + timedelta(days=1))]

    assert tokens.days_of_turns(database) == []
    assert tokens.tokens_in(database, span, by_session=True) == []
    assert tokens.tokens_in(database, [], by_session=True) == []
    assert tokens.token_totals(database) == []


def test_days_of_turns_are_those_of_utc(database: Database) -> None:
    late = datetime(2026, 11, 3, 23, 59, 59, 999_999, tzinfo=UTC)
    add(database, made_turn(late, "a"), made_turn(BEGAN, "a"), made_turn(BEGAN, "b"))

    assert tokens.days_of_turns(database) == [date(2026, 11, 1), date(2026, 11, 3)]


def test_what_a_tool_counted_again_takes_the_place_of_what_it_said_before(
    database: Database,
) -> None:
    def said(count: int, usd: float | None) -> TokenTotal:
        return TokenTotal(
            source="ccusage-daily",
            start_at=BEGAN,
            end_at=BEGAN + timedelta(days=1),
            model="a",
            input_tokens=count,
            output_tokens=0,
            cache_read_tokens=0,
            cache_write_tokens=0,
            cost_usd=usd,
        )

    for one in (said(5, None), said(7, 1.5)):
        token_totals.add(database, [one], origin="test", now=BEGAN)

    assert tokens.token_totals(database) == [said(7, 1.5)]
