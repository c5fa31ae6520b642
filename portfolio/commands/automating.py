"""`automate`: let this machine run `weekly` and `monthly`; they buy and cancel nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from portfolio.ingest.timers.job import Kind, jobs_of, kind_of, timer_facts
from portfolio.ingest.timers.keeping import Place, Timers, timers_of
from portfolio.report.answers.automating import Asked, AutomateAnswer, Done, TimerPlace

if TYPE_CHECKING:
    from portfolio.ingest.machine import Machine

KINDS: Final[tuple[Kind, ...]] = ("systemd", "launchd", "cron")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What would be done, shown before it is."""

    asked: Asked
    timers: Timers
    places: list[Place]

    @property
    def is_needed(self) -> bool:
        """Tell whether anything would change."""
        wanted = "as-wanted" if self.asked == "install" else "absent"
        return any(place.state != wanted for place in self.places)

    def told(self, result: Done, *, hint: str | None = None) -> AutomateAnswer:
        """Say how it stands."""
        return AutomateAnswer(
            asked=self.asked,
            kind=self.timers.kind,
            result=result,
            files=tuple(
                TimerPlace(file=place.name, state=place.state, text=place.text)
                for place in self.places
            ),
            commands=tuple(self.timers.commands()),
            active=tuple(self.timers.active()),
            hint=hint,
        )


def offer(asked: Asked, *, home: Path, program: Sequence[str], machine: Machine) -> Offer:
    """Say what would be done with this home's timers; those that are there tell their kind.

    Raises:
        NoTimerError: Nothing here runs a command by the time of the day.
        TimerForeignError: A stranger's file is where ours would be.
        TimerPathError: A path cannot be written into a timer's file.
    """
    jobs = jobs_of(home, tuple(program), machine)
    facts = timer_facts(machine)
    known = [one for one in KINDS if one != "cron" or "crontab" in facts.programs]
    for kind in known:
        timers = timers_of(kind, jobs, machine)
        places = timers.places()
        if any(place.state != "absent" for place in places):
            return Offer(asked=asked, timers=timers, places=places)
    timers = timers_of(kind_of(facts), jobs, machine)
    return Offer(asked=asked, timers=timers, places=timers.places())


def make(offered: Offer) -> AutomateAnswer:
    """Do it; a person has said yes, or it only starts what is there already."""
    if offered.asked == "install":
        offered.timers.put_in()
    else:
        offered.timers.take_out()
    return offered.told("done" if offered.is_needed else "not-needed")
