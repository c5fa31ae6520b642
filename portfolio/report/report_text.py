"""The report and one window's observation, laid out for a terminal of 80 columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from portfolio.estimate.burn import Burn
from portfolio.estimate.interval import Interval
from portfolio.estimate.ledger import AccountPaid
from portfolio.estimate.rows import EfficiencyRow, Missing
from portfolio.report import paid_text, quality_text
from portfolio.report.answers.reporting import ReportAnswer, TotalPaid
from portfolio.report.answers.windows import WindowAnswer
from portfolio.report.layout import Page
from portfolio.report.terminal import drift as drift_printing
from portfolio.report.terminal.coupling import coupling
from portfolio.report.text import amount, day, plural, safe, span, usd

REASONS = {
    "no-reading-before": "no meter reading near its start",
    "no-reading-after": "no meter reading near its end",
    "reset-inside": "the meter was reset in it, not read in the ten minutes before",
    "reset-unknown": "the meter fell though no reset was due (before and after swapped?)",
    "account-unknown": "this account was never added",
    "twin-run": "a twin ran on it then, which is no cost of what shipped",
}
COMPUTED = "Computed: counted from this machine's logs, not read from the meter."
TOO_WIDE = 20  # from low to high; a range that wide tells nobody anything
STATUSES = {
    "provisional": "provisional",
    "low-exposure": "little burn",
    "no-features": "nothing shipped",
    "no-burn": "no burn",
    "unbounded": "too few",
    "at-least": "at least",
    "ok": "",
}


def window(answer: WindowAnswer, page: Page) -> None:
    """Print one window as it was observed."""
    how = f" with {safe(answer.methodology)}" if answer.methodology else ""
    how += " (guessed)" * answer.is_guess
    dry = " (dry run: nothing was stored)" if answer.is_dry_run else ""
    page.say(f"{answer.window}{how}: {span(answer.start_at, answer.end_at, page.zone)}{dry}")
    if answer.burn:
        page.table(
            ("account", "pool", "before", "after", "burn", "status"),
            [_burn(burn) for burn in answer.burn],
            right={2, 3, 4},
        )
    else:
        page.say("No meter reading lies near its start and end; its burn is not known.")
    if any(burn.is_computed for burn in answer.burn):
        page.say(COMPUTED)
    for burn in answer.burn:
        if burn.status in REASONS:
            page.say(f"{safe(burn.account)}'s {burn.pool} is left out: {REASONS[burn.status]}.")
    for part in answer.parts:
        page.say(
            f"{safe(part.methodology)} on {', '.join(map(safe, part.accounts)) or 'no account'}:"
            f" {plural(len(part.shipped), 'feature')} shipped of {len(part.features)} named"
            f" ({', '.join(map(safe, part.features))})"
        )
    shipped = answer.features.shipped
    page.say(
        f"{plural(len(shipped), 'feature')} shipped of"
        f" {len(answer.features.attempted)} worked on"
        + (f": {', '.join(shipped)}" if shipped else "")
        + (
            f"; taken back: {', '.join(answer.features.reverted)}"
            if answer.features.reverted
            else ""
        )
    )


def _burn(burn: Burn) -> tuple[str, ...]:
    sign = " %" if burn.unit == "pp" else ""
    return (
        burn.account,
        burn.pool,
        amount(burn.before) + sign,
        amount(burn.after) + sign,
        f"{amount(burn.burn)} {burn.unit}" if burn.burn is not None else "–",
        burn.status + ", computed" * burn.is_computed,
    )


def report(answer: ReportAnswer, page: Page) -> None:
    """Print what a feature costs, how sure that is, and what could not be counted."""
    if not answer.efficiency and not answer.excluded:
        if answer.windows_logged:
            windows = plural(answer.windows_logged, "window")
            page.say(f"{windows} logged, but no meter was read near: portfolio read, at both ends.")
        elif answer.since is None:
            page.say("Nothing is logged yet: portfolio log-window, after a window of work.")
        else:
            page.say(f"No window is logged {span(answer.since, answer.until, page.zone)}.")
        if answer.shipped_unlogged:
            page.say(_unlogged(answer))
        if answer.since is not None:
            page.say("")
            _paid(answer, page)
        paid_text.paid_for(answer, page)
        _work(answer, page)
        _waiting(answer, page)
        return
    since = f"{day(answer.since, page.zone)} to " if answer.since else "up to "
    page.say(f"What a shipped feature costs, {since}{day(answer.until, page.zone)}")
    page.say("")
    _paid(answer, page)
    paid_text.paid_for(answer, page)
    page.say("")
    _rows(answer, page)
    _guesses(answer.efficiency, page)
    if any("computed" in row.notes for row in answer.efficiency):
        page.say(COMPUTED)
    _sums(answer.efficiency, page)
    _precision(answer.efficiency, page)
    drift_printing.drift(answer.drift, page)
    drift_printing.epochs(answer.epochs, page)
    coupling(answer.coupling, page)
    if told := left_out(answer):
        page.say("")
        page.say("Not in these rows:")
        for line in told:
            page.say(f"  {line}")
    _work(answer, page)
    _waiting(answer, page)


def _work(answer: ReportAnswer, page: Page) -> None:
    quality_text.quality(answer.quality, page)
    quality_text.merged(answer, page)
    quality_text.doubts(answer, page)


def _waiting(answer: ReportAnswer, page: Page) -> None:
    if answer.windows_proposed:
        told = plural(answer.windows_proposed, "past window")
        page.say(
            f"{told} of work wait{'s' * (answer.windows_proposed == 1)} to be confirmed:"
            " portfolio windows"
        )


def _paid(answer: ReportAnswer, page: Page) -> None:
    """Print the headline: what was paid for each feature that shipped."""
    rows = [
        (
            account.account,
            usd(account.paid_usd),
            str(account.features_shipped),
            usd(account.paid_per_feature_usd),
            _range(account),
            STATUSES.get(account.status, account.status),
        )
        for account in answer.accounts
    ]
    total = answer.total
    rows.append(
        (
            "all",
            usd(total.paid_usd),
            str(total.features_shipped),
            usd(total.paid_per_feature_usd),
            _range(total),
            STATUSES.get(total.status, total.status),
        )
    )
    page.table(
        ("account", "paid", "features", "paid per feature", "interval", ""),
        rows,
        right={1, 2, 3},
        whole={4},
    )


def _rows(answer: ReportAnswer, page: Page) -> None:
    if not answer.efficiency:
        page.say("No logged window tells what a feature takes at full use of the cap.")
        return
    page.say("At full use of the cap, what a feature takes, with its 95 % interval:")
    page.table(
        ("", "windows", "shipped", "all burn", "a feature", "interval", "note"),
        [(_name(row, answer.efficiency, page), *_row(row)) for row in answer.efficiency],
        right={1, 2, 3, 4},
        whole={0, 5},
    )


def _row(row: EfficiencyRow) -> tuple[str, ...]:
    cost = row.cost_per_feature_usd
    notes = [STATUSES.get(row.efficiency.status, row.efficiency.status), *row.notes]
    if row.guessed and row.methodology:
        notes.append(f"{row.guessed} guessed")
    burn = usd(row.burn) if row.unit == "usd" else f"{amount(row.burn)} {_unit(row.unit)}"
    return (
        str(row.windows),
        str(row.features_shipped),
        burn,
        usd(cost.point) if cost else _per_feature(row),
        _interval(cost) if cost else "price or cap unknown",
        ", ".join(note for note in notes if note),
    )


def _guesses(rows: Sequence[EfficiencyRow], page: Page) -> None:
    if any(row.guessed and row.methodology for row in rows):
        page.say(
            "Guessed: nobody said the methodology of that many windows (portfolio windows confirm"
            " NAME --methodology M)."
        )


def _sums(rows: Sequence[EfficiencyRow], page: Page) -> None:
    """Say that a methodology on several accounts takes all of its rows for one feature."""
    costs: dict[str, list[tuple[str, float]]] = {}
    for row in rows:
        point = row.cost_per_feature_usd.point if row.cost_per_feature_usd else None
        if row.methodology and row.account and point is not None:
            costs.setdefault(row.methodology, []).append((row.account, point))
    for methodology, points in costs.items():
        # An account that changed its plan has two rows, of which a feature takes one.
        if len({account for account, _ in points}) == len(points) > 1:
            parts = " + ".join(usd(point) for _, point in points)
            page.say(
                f"A feature by {safe(methodology)} takes all of its rows where it works on several"
                f" accounts at once: {parts}."
            )


def _unit(unit: str) -> str:
    return "%" if unit == "pp" else unit


def _name(row: EfficiencyRow, rows: Sequence[EfficiencyRow], page: Page) -> str:
    """Name a row by account and methodology; by its plan too, where an account changed it.

    What begins at an epoch says since when it holds.
    """
    named = [part for part in (row.account, row.methodology) if part]
    alike = [
        one for one in rows if (one.account, one.methodology) == (row.account, row.methodology)
    ]
    if row.plan and len({one.plan for one in alike}) > 1:
        named.append(row.plan)
    if row.epoch_since is not None:
        local = row.epoch_since.astimezone(page.zone)
        named.append(f"since {local.day} {local:%b}")
    return " ".join(named) or row.provider or "–"


def _per_feature(row: EfficiencyRow) -> str:
    point = row.efficiency.point
    return f"{amount(1 / point)} {row.unit}" if point else "–"


def _range(paid: AccountPaid | TotalPaid) -> str:
    if paid.paid_per_feature_range is not None:
        return _interval(paid.paid_per_feature_range)
    return "from 4 weeks on" if paid.paid_per_feature_usd else ""


def _interval(cost: Interval) -> str:
    if cost.low is None:
        return "–"
    if cost.high is None:
        return f"at least {usd(cost.low)}"
    if cost.low > 0 and cost.high / cost.low > TOO_WIDE:
        return "too few to say"
    return f"{usd(cost.low)} – {usd(cost.high)}"


def _precision(rows: Sequence[EfficiencyRow], page: Page) -> None:
    """Say how many features were kept, and how many are missing for a narrower interval."""
    if not rows:
        return
    page.say("")
    page.say(
        "Features worked on and kept, how many more an interval of ± takes, and in how many weeks"
        " the first comes at your pace (counted cautiously: a few windows look steadier than they"
        " are):"
    )
    page.table(
        ("", "worked on", "kept", *(f"±{one.within:.0%}" for one in rows[0].missing), "wk"),
        [
            (
                _name(row, rows, page),
                str(row.features_attempted),
                _kept(row),
                *(f"{missing.features:,}" for missing in row.missing),
                _weeks(row.missing[0]),
            )
            for row in rows
        ],
        right={1, 3, 4, 5, 6},
    )


def _weeks(one: Missing) -> str:
    """Write in how many weeks what is missing comes; over a year as >52."""
    if one.weeks is None or not one.features:
        return "–"
    return ">52" if one.weeks > 52 else str(max(1, round(one.weeks)))


def _kept(row: EfficiencyRow) -> str:
    rate = row.success_rate
    if rate.low is None or rate.high is None:
        return "–"
    finished = row.features_shipped + row.features_reverted
    return f"{row.features_shipped} of {finished} ({rate.low:.0%}–{rate.high:.0%})"


def left_out(answer: ReportAnswer) -> list[str]:
    """Say what is not in the rows, and why."""
    told = []
    for (account, pool, reason), count in sorted(
        Counter((one.account, one.pool, one.reason) for one in answer.excluded).items()
    ):
        names = [
            one.window
            for one in answer.excluded
            if (one.account, one.pool, one.reason) == (account, pool, reason)
        ]
        told.append(
            f"{plural(count, 'window')} of {safe(account)} ({pool}): {REASONS.get(reason, reason)}"
            f" ({_some(names)})"
        )
    if answer.shipped_in_excluded:
        told.append(
            f"{plural(len(answer.shipped_in_excluded), 'shipped feature')} in windows left out of"
            " a row"
            f" ({_some(answer.shipped_in_excluded)})"
        )
    if answer.shipped_unlogged:
        told.append(_unlogged(answer))
    told += [
        f"{amount(outside.burn)} {_unit(outside.unit)} of {safe(outside.account)}'s"
        f" {outside.pool}, all its cycles together, burned outside the logged windows, or between"
        " readings that do not tell"
        for outside in answer.outside
        if outside.burn > 0
    ]
    if answer.straddled:
        told.append(
            f"{plural(len(answer.straddled), 'feature')} worked on under more than one methodology,"
            f" counted where it shipped ({_some(_with_costs(answer))})"
        )
    return told


def _with_costs(answer: ReportAnswer) -> list[str]:
    """Name what straddles methodologies, each with what it took where that is known."""
    took = {one.feature: one.usd for one in answer.straddled_usd}
    return [
        f"{safe(item)} {usd(took[item])}" if item in took else safe(item)
        for item in answer.straddled
    ]


def _some(names: Sequence[str]) -> str:
    """Name the first of them, and say that there are more."""
    return ", ".join(names[:4]) + (", …" if len(names) > 4 else "")


def _unlogged(answer: ReportAnswer) -> str:
    return (
        f"{plural(len(answer.shipped_unlogged), 'shipped feature')} in no logged window"
        f" ({_some(answer.shipped_unlogged)})"
    )
