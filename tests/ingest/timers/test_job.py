from __future__ import annotations

from pathlib import Path

import pytest

from portfolio.errors import NoTimerError, TimerPathError
from portfolio.ingest.machine import Machine
from portfolio.ingest.timers.job import TimerFacts, jobs_of, kind_of, timer_facts
from tests.ingest.timers.builders import jobs


def facts(platform: str, *programs: str, has_user_systemd: bool = False) -> TimerFacts:
    return TimerFacts(
        platform=platform, programs=frozenset(programs), has_user_systemd=has_user_systemd
    )


@pytest.mark.parametrize(
    ("machine", "kind"),
    [
        (facts("darwin", "launchctl", "crontab"), "launchd"),
        (facts("linux", "systemctl", "crontab", has_user_systemd=True), "systemd"),
        (facts("linux", "systemctl", "crontab"), "cron"),  # as in a container
        (facts("freebsd14", "crontab"), "cron"),
    ],
)
def test_a_machine_is_given_the_timers_that_it_has(machine: TimerFacts, kind: str) -> None:
    assert kind_of(machine) == kind


@pytest.mark.parametrize("machine", [facts("win32"), facts("linux", "systemctl")])
def test_a_machine_without_timers_is_told_so(machine: TimerFacts) -> None:
    with pytest.raises(NoTimerError) as caught:
        kind_of(machine)

    assert caught.value.slug == "automate-nothing"


def test_what_is_here_is_seen_in_the_path_and_the_runtime_folder(tmp_path: Path) -> None:
    (tmp_path / "systemd").mkdir()
    (tmp_path / "crontab").write_text("#!/bin/sh\n")
    (tmp_path / "crontab").chmod(0o755)
    environment = {"PATH": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}

    found = timer_facts(Machine(home=tmp_path, environment=environment))

    assert found == facts("linux", "crontab", has_user_systemd=True)


@pytest.mark.parametrize("bad", ["/a\nb", "/a\x1bb", "/a\udce9b"])
def test_a_path_with_a_line_end_or_no_unicode_is_refused(bad: str) -> None:
    for home, program, environment in (
        (bad, "/p", {}),
        ("/h", bad, {}),
        ("/h", "/p", {"CODEX_HOME": bad}),
    ):
        machine = Machine(home=Path("/"), environment=environment)
        with pytest.raises(TimerPathError) as caught:
            jobs_of(Path(home), (program,), machine)
        assert caught.value.slug == "automate-path"


def test_where_the_clients_logs_are_is_passed_on_and_nothing_else() -> None:
    environment = {"CODEX_HOME": "/c", "CLAUDE_CONFIG_DIR": "", "ZAI_API_KEY": "hush"}

    found = jobs_of(Path("/h"), ("/p",), Machine(home=Path("/"), environment=environment))

    assert [one.environment for one in found] == [{"CODEX_HOME": "/c"}] * 2


def test_two_homes_have_timers_of_their_own() -> None:
    first, second = jobs(home="/a")[0], jobs(home="/b")[0]

    assert first.home_id != second.home_id
    assert first.home_id == jobs(home="/a")[1].home_id
