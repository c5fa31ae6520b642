from __future__ import annotations

import plistlib
from pathlib import Path

from portfolio.ingest.timers import launchd
from tests.ingest.timers.builders import ODD, jobs


def test_the_agents_say_what_runs_when_whatever_the_paths_hold() -> None:
    weekly, monthly = jobs(home=ODD, program=f"{ODD}/<&>", environment={"CODEX_HOME": "<a>&"})
    found = [
        plistlib.loads(text.encode())
        for job in (weekly, monthly)
        for text in launchd.agent_files(job, Path("/a")).values()
    ]

    assert [one["ProgramArguments"] for one in found] == [
        [f"{ODD}/<&>", "--home", ODD, routine] for routine in ("weekly", "monthly")
    ]
    assert [one["StartCalendarInterval"] for one in found] == [
        {"Hour": 9, "Minute": 7},
        {"Hour": 10, "Minute": 7, "Day": 1},
    ]
    assert found[0]["EnvironmentVariables"] == {"CODEX_HOME": "<a>&"}
    assert found[0]["StandardOutPath"] == f"{ODD}/weekly.log"


def test_only_the_agent_of_this_home_and_routine_is_ours() -> None:
    weekly, monthly = jobs()
    (text,) = launchd.agent_files(weekly, Path("/a")).values()

    assert launchd.is_ours(text.encode(), weekly)
    assert not launchd.is_ours(text.encode(), monthly)
    assert not launchd.is_ours(text.encode(), jobs(home="/other")[0])
    assert not launchd.is_ours(b"<plist>", weekly)
    assert not launchd.is_ours(b"no list", weekly)
