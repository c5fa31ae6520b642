"""Every check of `doctor` beside the sources: what is not in order, and what puts it right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from portfolio.commands.doctor_seen import Seen
from portfolio.commands.stored import Stored
from portfolio.ingest.log_files import Unreachable
from portfolio.report.answers.doctor import CheckLine, OffendingSample
from portfolio.report.text import plural
from portfolio.settings import MACHINE_ZONE, Settings

MOST_NAMED = 4
SHORT_DAYS = 90  # a transcript that is deleted sooner may be so before it is taken in


def fine(name: str, what: str) -> CheckLine:
    """Say that something is in order."""
    return CheckLine(name=name, is_ok=True, what=what, command=None)


def wrong(name: str, what: str, command: str | None) -> CheckLine:
    """Say that something is not, and what puts it right."""
    return CheckLine(name=name, is_ok=False, what=what, command=command)


def checks_of(
    seen: Seen,
    settings: Settings,
    *,
    unreachable: Sequence[Unreachable],
    samples: Sequence[OffendingSample],
) -> Iterator[CheckLine]:
    """Check all but the home itself."""
    stored = seen.stored
    yield fine("timezone", f"times without a zone are in {_zone(settings)}")
    yield from _folders(seen, unreachable)
    yield from _kept(seen)
    yield from _lines(stored, samples)
    if seen.is_set_up:
        yield from _accounts(stored)
        yield from _aside(stored)
        yield from _nobodys(stored)
        yield _prices(seen)


def _zone(settings: Settings) -> str:
    if settings.timezone:
        return settings.timezone
    key = str(settings.zone)
    return "this machine's zone" if key == MACHINE_ZONE else f"{key}, this machine's"


def _folders(seen: Seen, unreachable: Sequence[Unreachable]) -> Iterator[CheckLine]:
    if unreachable:
        first = unreachable[0]
        more = f" (and {len(unreachable) - 1} more)" if len(unreachable) > 1 else ""
        yield wrong(
            "folders",
            f"{seen.shown(first.path)} cannot be looked at: {first.why}{more}",
            f"ls -ld {seen.shown(first.path)}",
        )


def _kept(seen: Seen) -> Iterator[CheckLine]:
    for one in seen.kept:
        what = f"Claude Code deletes transcripts in {seen.shown(one.folder)} after {one.days} days"
        if one.days > SHORT_DAYS:
            yield fine("kept", what)
        else:
            stays = f"{what}; what was taken in stays"
            yield wrong("kept", stays, "portfolio init --keep-transcripts")


def _lines(stored: Stored, samples: Sequence[OffendingSample]) -> Iterator[CheckLine]:
    skipped: dict[str, int] = {}
    for state in stored.log_states.values():
        skipped[state.source] = skipped.get(state.source, 0) + state.lines_skipped
    told = [f"{plural(count, 'line')} of {source}" for source, count in skipped.items() if count]
    if told:
        what = f"{' and '.join(told)} could not be read"
        first = f": {samples[0].problem}" if samples else ""
        yield wrong("lines", what + first, "portfolio doctor --bug-report")
    elif stored.log_states:
        lines = sum(state.lines_read for state in stored.log_states.values())
        yield fine("lines", f"{plural(lines, 'line')} of logs read; all that count were understood")


def _accounts(stored: Stored) -> Iterator[CheckLine]:
    if not stored.spans:
        yield wrong(
            "accounts",
            "no account is known",
            "portfolio account add claude-a --provider claude --plan claude-pro",
        )
        return
    open_now = [span for span in stored.spans if span.until is None]
    without = [span for span in open_now if span.plan is None]
    for span in without:
        yield wrong(
            "plans",
            f"{span.account} has no plan: its burn is kept, dollars wait",
            f"portfolio account add {span.account} --provider {span.provider} --plan ID",
        )
    if not without:
        yield fine("plans", f"{plural(len(open_now), 'open account')}, each on a plan")


def _aside(stored: Stored) -> Iterator[CheckLine]:
    if not stored.aside:
        yield fine("aside", "no reading is kept aside")
    for provider, count in stored.aside.items():
        told = plural(count, "reading")
        if provider is None:  # only who took the capture can say
            what = f"{told} kept aside: nothing says of which provider they are"
            yield wrong("aside", what, "portfolio readings")
        else:
            what = f"{told} of {provider} kept aside: nothing says of which account"
            command = f"portfolio account add NAME --provider {provider} --folder DIR"
            yield wrong("aside", what, command)


def _nobodys(stored: Stored) -> Iterator[CheckLine]:
    known = {span.provider for span in stored.spans}
    for provider, count in sorted(stored.nobodys.items()):
        what = f"{plural(count, 'request')} to {provider} are nobody's: "
        if provider in known:
            yield wrong(
                "nobody",
                what + "several accounts could be meant, or none was open then",
                f"portfolio account add NAME --provider {provider} --folder DIR",
            )
        else:
            yield wrong(
                "nobody",
                what + "there is no account with it",
                f"portfolio account add {provider}-a --provider {provider} --plan ID",
            )


def _prices(seen: Seen) -> CheckLine:
    models = sorted(set(seen.stored.unpriced))
    if not models:
        return fine("prices", "every model that was used has a price")
    more = f" and {len(models) - MOST_NAMED} more" if len(models) > MOST_NAMED else ""
    return wrong(
        "prices",
        f"models without a price: {', '.join(models[:MOST_NAMED])}{more}; say it there"
        " (docs/errors.md, price-unreadable)",
        f"edit {seen.shown(seen.prices_path)}",
    )
