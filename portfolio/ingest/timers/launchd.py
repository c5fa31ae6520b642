"""The agent of launchd that runs a job: a property list, escaped by the standard library."""

from __future__ import annotations

import plistlib
from pathlib import Path
from xml.parsers.expat import ExpatError

from portfolio.ingest.timers.job import MINUTE, Job


def agent_files(job: Job, folder: Path) -> dict[Path, str]:
    """Give the property list of a job, by its file in the folder of agents."""
    when = {"Hour": job.hour, "Minute": MINUTE}
    if job.routine == "monthly":
        when["Day"] = 1
    agent = {
        "Label": label(job),
        "ProgramArguments": job.words,
        "EnvironmentVariables": dict(job.environment),
        "StartCalendarInterval": when,
        "StandardOutPath": str(job.log),
        "StandardErrorPath": str(job.log),
    }
    text = plistlib.dumps(agent, sort_keys=False).decode()
    return {folder / f"{label(job)}.plist": text}


def label(job: Job) -> str:
    """Name a job's agent."""
    return f"portfolio.{job.routine}.{job.home_id}"


def is_ours(text: bytes, job: Job) -> bool:
    """Tell whether a property list is the one of this home and routine."""
    try:
        agent = plistlib.loads(text)
    except (ValueError, ExpatError, plistlib.InvalidFileException):
        return False
    return isinstance(agent, dict) and agent.get("Label") == label(job)
