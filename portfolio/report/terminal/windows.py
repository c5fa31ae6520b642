"""Print windows."""

from __future__ import annotations

from portfolio.estimate.burn import Burn
from portfolio.estimate.proposals import Proposal
from portfolio.model import Window, priced_among
from portfolio.report import report_text
from portfolio.report.answers.windows import ConfirmAnswer, WindowAnswer, WindowsAnswer
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.text import amount, moment, plural, safe

MOST_SHOWN = 40  # rows of a table; the newest, as they are best remembered


@render.register
def _(answer: WindowAnswer, page: Page) -> None:
    report_text.window(answer, page)


@render.register
def _(answer: WindowsAnswer, page: Page) -> None:
    if answer.written is not None:
        ended = sum(not one.is_running for one in answer.proposed)
        rows = ended + sum(one.is_guess for one in answer.logged)
        page.say(f"{plural(rows, 'window')} written to {safe(answer.written)}.")
        page.say(f"Edit it, then: portfolio windows confirm --from {safe(answer.written)}")
        return
    guesses = [one for one in answer.logged if one.is_guess]
    logged = plural(len(answer.logged), "logged window")
    if not answer.proposed:
        page.say(f"No window waits to be confirmed; {logged}.")
    else:
        _proposed(answer.proposed, page)
        if any(burn.is_computed for one in answer.proposed for burn in one.burn):
            page.say(report_text.COMPUTED)
        page.say(f"Beside {logged}. To take one: portfolio windows confirm NAME --methodology M.")
        page.say("All as they are: portfolio windows confirm --all. In a table: --write FILE.")
    if guesses:
        names = ", ".join(safe(one.window) for one in guesses[-4:])
        page.say(
            f"{plural(len(guesses), 'logged window')} with a guessed methodology ({names}"
            f"{', …' if len(guesses) > 4 else ''}); say it: portfolio windows confirm NAME"
            " --methodology M."
        )


def _proposed(proposed: tuple[Proposal, ...], page: Page) -> None:
    """Print what is proposed, the newest last, with what shows it."""
    shown = proposed[-MOST_SHOWN:]
    page.say(f"{plural(len(proposed), 'window')} of work in no logged window:")
    page.table(
        ("window", "from", "accounts", "methodology", "seen", "burn"),
        [
            (
                one.window,
                moment(one.start_at, page.zone),
                ", ".join(one.accounts) or "–",
                _methodology(one),
                _seen(one),
                _burn(one),
            )
            for one in shown
        ],
        whole={0, 1},
    )
    if len(shown) < len(proposed):
        page.say(f"and {len(proposed) - len(shown)} earlier ones (--json or --write lists all)")


def _methodology(one: Proposal) -> str:
    if one.methodology is None:
        return " or ".join(one.methodologies_started) or "unknown"
    return f"{one.methodology} (guessed)" if one.is_guess else one.methodology


def _seen(one: Proposal) -> str:
    told = [
        plural(count, noun)
        for count, noun in ((one.turns, "turn"), (one.commits, "commit"), (one.starts, "start"))
        if count
    ]
    if one.turns_unassigned:
        told.append(f"{one.turns_unassigned:,} of no known account")
    return ", ".join(told) or "its meter rose"


def _burn(one: Proposal) -> str:
    """Give what is known of its burn, of each account's longest pool, or why it is not."""
    measured = {(burn.account, burn.pool): burn for burn in one.burn if burn.is_measured}
    pools: dict[str, set[str]] = {}
    for account, pool in measured:
        pools.setdefault(account, set()).add(pool)
    longest = [(account, priced_among(own)) for account, own in sorted(pools.items())]
    told = [
        _told(account, measured[account, pool]) for account, pool in longest if pool is not None
    ]
    if one.is_running:
        return "still running"
    if not told:
        return "no meter read at both ends"
    return "; ".join(told) + ("" if one.is_measurable else "; others not read")


def _told(account: str, burn: Burn) -> str:
    return f"{account} {amount(burn.burn)} {burn.unit}" + ", computed" * burn.is_computed


@render.register
def _(answer: ConfirmAnswer, page: Page) -> None:
    done = plural(len(answer.confirmed), "window")
    same = f", {len(answer.unchanged)} as before" if answer.unchanged else ""
    page.say(f"{done} logged{same}.")
    if answer.confirmed:
        page.table(
            ("window", "from", "to", "methodology"),
            [_logged(one, page) for one in answer.confirmed[-MOST_SHOWN:]],
            whole={0},
        )
    if any(one.is_guess for one in answer.confirmed):
        page.say(
            "A guessed methodology stays marked as one in the report until you say it:"
            " portfolio windows confirm NAME --methodology M."
        )


def _logged(one: Window, page: Page) -> tuple[str, ...]:
    how = one.methodology or "unknown"
    return (
        one.window,
        moment(one.start_at, page.zone),
        moment(one.end_at, page.zone),
        f"{how} (guessed)" if one.is_guess else how,
    )
