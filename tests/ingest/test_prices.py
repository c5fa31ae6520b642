from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from portfolio.ingest.look import Look
from portfolio.ingest.model_names import Name, names_of
from portfolio.ingest.prices import take_in_prices
from portfolio.settings import Home
from portfolio.store import prices
from portfolio.store.prices import ModelPrice
from tests.turns import add_turns

if TYPE_CHECKING:
    from portfolio.store.opening import Database

LONG_AGO = datetime(2026, 1, 10, tzinfo=UTC)
NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


def take_in(database: Database, home: Home) -> list[str]:
    """Take in prices, and give the slugs of what could not be."""
    look = Look()
    take_in_prices(database, home, look, now=NOON)
    return [problem.slug for problem in look.problems]


def costs(database: Database, model: str) -> list[float | None]:
    rows = database.execute(
        "SELECT round(cost_usd * 1e6, 6) FROM priced_turn WHERE model = $model ORDER BY turn_at",
        {"model": model},
    ).fetchall()
    return [row[0] for row in rows]


def records(database: Database) -> int:
    return int(database.execute("SELECT count(*) FROM model_price").fetchall()[0][0])


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("claude-opus-4-7", Name("anthropic", "claude-opus-4-7")),
        (" Claude-Opus-4-7[1m] ", Name("anthropic", "claude-opus-4-7")),
        ("anthropic/claude-opus-4.7", Name("anthropic", "claude-opus-4.7")),
        ("openrouter/openai/gpt-5.3-codex", Name("openai", "gpt-5.3-codex")),
        ("gpt-5.3-codex", Name("openai", "gpt-5.3-codex")),
        ("glm-5.3", Name("zai", "glm-5.3")),
        ("GLM-5.3[1m]", Name("zai", "glm-5.3")),
        ("MiniMax-M2.5", Name("minimax", "minimax-m2.5")),
        (
            "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
            Name("aws", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
        ),
        (
            "arn:aws:bedrock:us-east-1:1:inference-profile/eu.anthropic.claude-opus-4-8-v1:0",
            Name("aws", "eu.anthropic.claude-opus-4-8-v1:0"),
        ),
        ("claude-sonnet-4-5@20250929", Name("google", "claude-sonnet-4-5@20250929")),
    ],
)
def test_a_model_is_looked_up_where_it_is_sold_under_its_name_there(
    model: str, expected: Name
) -> None:
    assert names_of(model)[0] == expected


def test_what_a_cloud_resells_falls_back_to_its_maker() -> None:
    names = names_of("us.anthropic.claude-new-9-v1:0")

    assert names[1] == Name("anthropic", "claude-new-9")


@pytest.mark.parametrize("model", ["", "<synthetic>", "[]", "my-own-model", "x" * 10_000])
def test_a_name_that_says_nothing_is_looked_up_nowhere(model: str) -> None:
    assert names_of(model) == []


@pytest.mark.parametrize(
    "model",
    [
        "claude-sonnet-4-5-20250929",
        "claude-opus-4-7[1m]",
        "anthropic/claude-opus-4.7",
        "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "claude-sonnet-4-5@20250929",
        "gpt-5.3-codex",
        "openai/gpt-5.3-codex",
        "glm-5.3",
        "kimi-k2.5",
        "MiniMax-M2.5",
    ],
)
def test_names_as_logs_write_them_are_in_the_list(model: str) -> None:
    from portfolio.ingest.price_list import prices_of

    assert all(one.is_priced and one.model == model for one in prices_of(model))


def test_the_lists_own_reckoning_gives_the_same_cost(database: Database, home: Home) -> None:
    from genai_prices import Usage, calc_price

    add_turns(database, [LONG_AGO, NOON], "claude-opus-4-6")
    database.execute(
        "UPDATE turn SET cache_read_tokens = 250_000, cache_write_tokens = 3_000,"
        " cache_write_1h_tokens = 1_000"
    )

    assert take_in(database, home) == []

    usage = Usage(
        input_tokens=253_010,
        output_tokens=20,
        cache_read_tokens=250_000,
        cache_write_tokens=3_000,
        cache_write_5m_tokens=2_000,
        cache_write_1h_tokens=1_000,
    )
    listed = [
        calc_price(usage, "claude-opus-4-6", genai_request_timestamp=at).total_price
        for at in (LONG_AGO, NOON)
    ]
    assert costs(database, "claude-opus-4-6") == [round(float(usd) * 1e6, 6) for usd in listed]
    assert listed[0] > listed[1]  # long requests cost more then than they do now


def test_a_model_that_no_list_knows_has_no_price_and_stops_nothing(
    database: Database, home: Home
) -> None:
    add_turns(database, [NOON], "no-such-model-9")
    add_turns(database, [NOON], "gpt-5.3-codex")

    assert take_in(database, home) == []
    assert costs(database, "no-such-model-9") == [None]
    assert costs(database, "gpt-5.3-codex") == [10 * 1.75 + 20 * 14]


def test_prices_are_recorded_once_and_what_is_new_is_added(database: Database, home: Home) -> None:
    add_turns(database, [NOON], "no-such-model-9")
    take_in(database, home)
    take_in(database, home)
    assert records(database) == 1

    add_turns(database, [NOON], "gpt-5.3-codex")
    take_in(database, home)
    assert records(database) == 2


def test_where_nothing_is_new_the_list_is_not_imported(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from datetime import UTC, datetime\n"
        "from pathlib import Path\n"
        "from portfolio.ingest.look import Look\n"
        "from portfolio.ingest.prices import take_in_prices\n"
        "from portfolio.settings import Home\n"
        "from portfolio.store.opening import opened\n"
        "from tests.turns import add_turns\n"
        "now = datetime(2026, 11, 3, tzinfo=UTC)\n"
        "home = Home(Path(sys.argv[1]))\n"
        "with opened(home.store_path) as database:\n"
        "    if sys.argv[2] == 'first':\n"
        "        add_turns(database, [now], 'gpt-5.3-codex')\n"
        "    take_in_prices(database, home, Look(), now=now)\n"
        "print('genai_prices' in sys.modules)\n"
    )

    said = [
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path), word],
            check=True,
            capture_output=True,
            text=True,
            cwd=Path(__file__).parents[2],
        ).stdout.strip()
        for word in ("first", "again")
    ]

    assert said == ["True", "False"]


def test_another_version_of_the_list_prices_all_models_again(
    database: Database, home: Home
) -> None:
    add_turns(database, [NOON], "gpt-5.3-codex")
    take_in(database, home)
    prices.add(
        database,
        [ModelPrice("gpt-5.3-codex", "an-old-list 0.1", is_priced=True, input_usd=9, output_usd=9)],
        now=NOON,
    )
    database.execute("UPDATE log_file SET modified_ns = 1 WHERE source = 'prices'")
    assert costs(database, "gpt-5.3-codex") == [30 * 9]

    take_in(database, home)

    assert costs(database, "gpt-5.3-codex") == [10 * 1.75 + 20 * 14]


def test_the_users_own_price_goes_before_the_list_from_its_day_on(
    database: Database, home: Home
) -> None:
    add_turns(database, [LONG_AGO, NOON], "gpt-5.3-codex")
    add_turns(database, [LONG_AGO, NOON], "no-such-model-9")
    take_in(database, home)
    home.prices_path.write_text(
        '[models."gpt-5.3-codex"]\ninput_usd = 1\noutput_usd = 2.5\nsince = 2026-10-01\n'
        '[models."no-such-model-9"]\ninput_usd = 0.5\noutput_usd = 1\n'
    )

    assert take_in(database, home) == []
    assert costs(database, "gpt-5.3-codex") == [10 * 1.75 + 20 * 14, 10 + 50]
    assert costs(database, "no-such-model-9") == [25, 25]

    home.prices_path.unlink()
    take_in(database, home)

    assert costs(database, "gpt-5.3-codex") == [10 * 1.75 + 20 * 14] * 2
    assert costs(database, "no-such-model-9") == [None, None]


@pytest.mark.parametrize(
    "said",
    [
        "input_usd = 1",
        "input_usd = 1\noutput_usd = true",
        "input_usd = 1\noutput_usd = -1",
        "input_usd = 1\noutput_usd = nan",
        "input_usd = 1\noutput_usd = 1e9",
        'input_usd = 1\noutput_usd = "2"',
        "input_usd = 1\noutput_usd = 2\nper_token = 3",
        "input_usd = 1\noutput_usd = 2\nsince = 5",
        "input_usd = 1\noutput_usd = 2\nsince = 2026-10-01T09:00:00Z",
    ],
)
def test_a_price_that_cannot_be_used_is_a_problem_and_the_others_hold(
    database: Database, home: Home, said: str
) -> None:
    add_turns(database, [NOON], "gpt-5.3-codex")
    add_turns(database, [NOON], "no-such-model-9")
    home.prices_path.write_text(
        f'[models.gpt-5_3]\n{said}\n[models."no-such-model-9"]\ninput_usd = 1\noutput_usd = 1\n'
    )

    assert take_in(database, home) == ["price-unreadable"]
    assert costs(database, "no-such-model-9") == [30]


@pytest.mark.parametrize(
    "written", [b"[models", b"\xff", b"models = 3", b"[models]\nx = 1", b"a = " + b"[" * 50_000]
)
def test_a_file_of_prices_that_cannot_be_read_is_a_problem(
    database: Database, home: Home, written: bytes
) -> None:
    add_turns(database, [NOON], "gpt-5.3-codex")
    home.prices_path.write_bytes(written)

    assert take_in(database, home) == ["price-unreadable"]
    assert costs(database, "gpt-5.3-codex") == [10 * 1.75 + 20 * 14]
    assert take_in(database, home) == ["price-unreadable"]
    assert records(database) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_file_of_prices_that_may_not_be_read_is_a_problem(
    database: Database, home: Home, tmp_path: Path
) -> None:
    home.prices_path.write_text("")
    home.prices_path.chmod(0)

    look: Any = Look()
    take_in_prices(database, home, look, now=NOON)

    assert [problem.slug for problem in look.problems] == ["price-unreadable"]
    assert str(tmp_path) not in look.problems[0].text
