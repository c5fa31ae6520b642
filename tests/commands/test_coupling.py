"""How pools hang together, from windows of which all is known."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from random import Random

from portfolio.commands.coupling import coupling_rows
from portfolio.estimate.burn import Burn
from portfolio.estimate.observations import Observation, WindowWork
from portfolio.estimate.pool_drift import Spent
from portfolio.model import AccountSpan, Window
from portfolio.report.answers.coupling import CouplingRow
from portfolio.report.layout import Page, console_for
from portfolio.report.terminal.coupling import coupling

BEGIN = datetime(2026, 11, 2, 9, tzinfo=UTC)


def span(account: str) -> AccountSpan:
    return AccountSpan(
        account=account,
        span=0,
        provider=account.partition("-")[0],
        plan=None,
        since=None,
        until=None,
        folder=None,
    )


def burn(window: str, account: str, pool: str, used: float, *, status: str = "ok") -> Burn:
    return Burn(
        window=window,
        account=account,
        pool=pool,
        unit="pp",
        before=0.0,
        after=used,
        burn=used if status == "ok" else None,
        status=status,
        cap=100.0,
    )


def seen(
    n: int = 24, *, opus: float = 1.0, beside: float = 1.0
) -> tuple[list[Observation], dict[tuple[str, str], Spent]]:
    """Work n windows: every other one with Codex beside it, by two models of Claude."""
    rng, found, spent = Random(1), [], {}
    for number in range(n):
        name = f"W0-{number:03d}"
        usd = {"claude-opus-9": rng.uniform(1, 5), "claude-sonnet-9": rng.uniform(1, 5)}
        is_beside = number % 2 == 0
        took = opus * usd["claude-opus-9"] + usd["claude-sonnet-9"]
        took *= (beside if is_beside else 1) * rng.lognormvariate(0, 0.05)
        burns = [burn(name, "claude-a", "week", took), burn(name, "claude-a", "5h", 6 * took)]
        burns.append(burn(name, "claude-a", "week:opus", 1.0, status="reset-inside"))
        spent[name, "claude-a"] = Spent(sum(usd.values()), 0, "claude-opus-9", tuple(usd.items()))
        if is_beside:
            spent[name, "codex-b"] = Spent(2.0, 0, "gpt-9-codex", (("gpt-9-codex", 2.0),))
        window = Window(
            window=name,
            start_at=BEGIN + timedelta(hours=6 * number),
            end_at=BEGIN + timedelta(hours=6 * number + 5),
            methodology=None,
        )
        accounts = ("claude-a", "codex-b") if is_beside else ("claude-a",)
        found.append(
            Observation(window=window, burns=tuple(burns), accounts=accounts, work=WindowWork())
        )
    return found, spent


def rows(**world: float) -> dict[tuple[str, str], CouplingRow]:
    observed, spent = seen(**world)  # type: ignore[arg-type]
    found = coupling_rows(observed, spent, [span("claude-a"), span("codex-b")])
    return {(row.what, row.beside): row for row in found}


def holds(row: CouplingRow, truth: float) -> bool:
    low, high = row.ratio.low, row.ratio.high
    return low is not None and high is not None and low <= truth <= high


def test_each_way_that_pools_may_hang_together_is_told_with_its_interval() -> None:
    found = rows()

    assert set(found) == {
        ("longer-per-shorter", "5h"),
        ("scoped-over-other", "opus"),
        ("beside-over-alone", "codex"),
    }
    assert holds(found["longer-per-shorter", "5h"], 1 / 6)
    assert holds(found["scoped-over-other", "opus"], 1.0)
    assert holds(found["beside-over-alone", "codex"], 1.0)
    assert {row.windows for row in found.values()} == {24}


def test_a_scope_and_a_provider_that_do_matter_are_seen() -> None:
    faster, beside = rows(opus=2.0), rows(beside=1.5)

    assert holds(faster["scoped-over-other", "opus"], 2.0)
    assert not holds(faster["scoped-over-other", "opus"], 1.0)
    assert holds(beside["beside-over-alone", "codex"], 1.5)
    assert not holds(beside["beside-over-alone", "codex"], 1.0)


def test_without_tokens_meters_alone_are_compared() -> None:
    observed, _ = seen()

    found = coupling_rows(observed, {}, [span("claude-a"), span("codex-b")])

    assert [row.what for row in found] == ["longer-per-shorter"]


def test_windows_whose_turns_lack_a_price_tell_nothing_of_dollars() -> None:
    observed, spent = seen()
    unpriced = {key: did._replace(unpriced_tokens=5) for key, did in spent.items()}

    found = coupling_rows(observed, unpriced, [span("claude-a"), span("codex-b")])

    assert [row.what for row in found] == ["longer-per-shorter"]


def test_what_is_told_is_said_in_a_sentence_each() -> None:
    file = io.StringIO()
    page = Page(console_for(file, width=200), UTC)

    coupling(list(rows(opus=2.0).values()), page)

    said = file.getvalue()
    assert "claude-a: each 1 of the 5-hour meter takes 0.17 (" in said
    assert "a dollar of work by opus burns the weekly meter" in said
    assert "with work on codex beside it" in said
    assert said.count("chance may be all of it") == 1


def test_nothing_is_printed_where_nothing_is_told() -> None:
    file = io.StringIO()

    coupling(list(rows(n=2).values()), Page(console_for(file), UTC))

    assert not file.getvalue()
