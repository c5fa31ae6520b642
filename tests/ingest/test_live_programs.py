"""Live meters of vendors' own programs: small programs that play them, asked as the real ones."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.ingest.live import Answer, ask_all, take_in_answers
from portfolio.ingest.live_programs import _answer_to, _lines
from portfolio.ingest.live_questions import Question, live_sources, questions_of
from portfolio.ingest.look import Look
from portfolio.ingest.machine import Machine
from portfolio.model import AccountSpan
from portfolio.store import logins, read, write
from tests.vendors import NOTICE, Programs, limits
from tests.world import World, usage

if TYPE_CHECKING:
    from portfolio.store.opening import Database

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
RESET = int((NOW + timedelta(days=2)).timestamp())


def span(name: str, folder: Path | None = None) -> AccountSpan:
    return AccountSpan(
        account=name,
        span=0,
        provider=name.partition("-")[0],
        plan=None,
        since=None,
        until=None,
        folder=None if folder is None else str(folder),
    )


def ask(machine: Machine, *spans: AccountSpan, seconds: float = 20.0) -> list[Answer]:
    questions = questions_of(
        machine, spans, glm_endpoint="http://127.0.0.1:9", run_in=machine.home, now=NOW
    )
    return ask_all(questions, clock=lambda: NOW, seconds=seconds)


@pytest.fixture
def programs(tmp_path: Path) -> Programs:
    return Programs(tmp_path)


@pytest.fixture
def machine(tmp_path: Path, programs: Programs) -> Machine:
    user = tmp_path / "user"
    user.mkdir()
    return Machine(home=user, environment={"PATH": programs.path})


class Taking:
    """What a store holds after live meters were asked."""

    def __init__(self, database: Database, machine: Machine, *spans: AccountSpan) -> None:
        for one in spans:
            write.account_span(database, one, now=NOW)
        self.look = Look()
        answers = ask(machine, *spans)
        take_in_answers(database, answers, self.look, zone=UTC, now=NOW)
        self.readings = [
            (one.account, one.pool, one.used, one.source) for one in read.readings(database)
        ]
        self.problems = [(one.slug, one.text) for one in self.look.problems]


def test_claude_is_asked_by_its_own_command_and_without_keys_of_others(
    database: Database, machine: Machine, programs: Programs
) -> None:
    programs.claude(usual=usage(71, session=24))
    names = ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "CLAUDECODE", "PORTFOLIO_GLM_KEY_B")
    secrets = dict.fromkeys(names, "a-secret")
    machine = replace(machine, environment={**machine.environment, **secrets})

    taking = Taking(database, machine, span("claude-a"))

    assert (taking.look.readings_added, taking.problems) == (2, [])
    assert taking.readings == [
        ("claude-a", "5h", 24.0, "claude-usage"),
        ("claude-a", "week", 71.0, "claude-usage"),
    ]
    asked = programs.record("claude-record-usual")
    assert (asked["argv"], asked["stdin"]) == (["-p", "/usage"], "")
    assert "a-secret" not in asked["environment"].values()


def test_each_account_is_asked_in_its_own_folder(
    database: Database, machine: Machine, programs: Programs
) -> None:
    programs.claude(usual=usage(10), second=usage(60))
    second = machine.home / "second"

    taking = Taking(
        database, machine, span("claude-a", machine.home / ".claude"), span("claude-b", second)
    )

    week = [(name, used) for name, pool, used, _ in taking.readings if pool == "week"]
    assert sorted(week) == [("claude-a", 10.0), ("claude-b", 60.0)]
    assert programs.record("claude-record-usual")["config"] is None
    assert programs.record("claude-record-second")["config"] == str(second)


def test_a_folder_that_is_no_accounts_is_not_asked_beside_those_that_are(
    database: Database, machine: Machine, programs: Programs
) -> None:
    programs.claude(usual=usage(10), second=usage(60))

    taking = Taking(database, machine, span("claude-b", machine.home / "second"))

    week = [(name, used) for name, pool, used, _ in taking.readings if pool == "week"]
    assert week == [("claude-b", 60.0)]


def test_two_accounts_without_folders_leave_the_reading_aside(
    database: Database, machine: Machine, programs: Programs
) -> None:
    programs.claude(usual="Current week (all models): 9% used")

    taking = Taking(database, machine, span("claude-a"), span("claude-b"))

    assert taking.readings == [(None, "week", 9.0, "claude-usage")]
    assert [slug for slug, _ in taking.problems] == ["account-needed"]


def test_a_subscription_notice_alone_is_no_reading_and_says_so(
    database: Database, machine: Machine, programs: Programs
) -> None:
    programs.claude(usual=NOTICE)

    taking = Taking(database, machine, span("claude-a"))

    ((slug, text),) = taking.problems
    assert slug == "live-unanswered"
    assert "claude in ~/.claude: answered with its subscription notice alone" in text
    assert taking.readings == []


def test_codex_is_greeted_first_and_only_its_answer_counts(
    database: Database, machine: Machine, programs: Programs
) -> None:
    programs.codex(limits(31, resets_at=RESET))

    taking = Taking(database, machine, span("codex-a"))

    assert (taking.look.readings_added, taking.problems) == (1, [])
    assert taking.readings == [("codex-a", "week", 31.0, "codex-app-server")]
    asked = programs.record("codex-record")
    assert asked["argv"] == ["app-server"]
    assert asked["home"] == str(machine.home / ".codex")
    assert [(one.get("id"), one["method"]) for one in asked["heard"]] == [
        (1, "initialize"),
        (None, "initialized"),
        (2, "account/rateLimits/read"),
    ]
    assert set(asked["heard"][0]["params"]["clientInfo"]) == {"name", "title", "version"}
    (plan,) = logins.plan_sightings(database)
    assert (plan.plan_word, plan.folder) == ("plus", str(machine.home / ".codex"))


def test_an_old_codex_that_knows_no_such_request_is_a_problem(
    database: Database, machine: Machine, programs: Programs
) -> None:
    unknown = {"code": -32600, "message": "unknown variant `account/rateLimits/read`"}
    programs.codex({"error": unknown})

    ((slug, text),) = Taking(database, machine, span("codex-a")).problems

    assert slug == "meter-error"
    assert text.startswith("codex in ~/.codex: unknown variant")


def test_a_codex_that_fails_over_an_unknown_plan_still_shows_what_it_quotes(
    database: Database, machine: Machine, programs: Programs
) -> None:
    window = {"used_percent": 4, "limit_window_seconds": 604_800, "reset_at": RESET}
    quoted = json.dumps({"plan_type": "new", "rate_limit": {"primary_window": window}})
    message = f"failed: unknown variant `new`; body={quoted}"
    programs.codex({"error": {"code": -32603, "message": message}})

    taking = Taking(database, machine, span("codex-a"))

    assert taking.readings == [("codex-a", "week", 4.0, "codex-usage")]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise SystemExit('error: unrecognized subcommand')", "unrecognized subcommand"),
        ("", "ended without an answer"),
        ("print('garbage\\n{' * 5)", "ended without an answer"),
        ("import sys\nwhile True: sys.stdout.write('x' * 65536)", "more than a meter takes"),
    ],
)
def test_a_codex_that_answers_nothing_of_use_is_told_with_the_reason(
    machine: Machine, programs: Programs, code: str, said: str
) -> None:
    programs.write("codex", code)

    (answer,) = ask(machine, span("codex-a"))

    assert answer.text is None
    assert said in answer.why_not


ANSWER = '{"id": 2, "result": {"rateLimits": {"limitId": "codex"}}}'
NOISE = st.one_of(
    st.binary(max_size=80).map(lambda raw: raw.replace(b"\n", b" ")),
    st.sampled_from(
        [
            b'{"method": "account/rateLimits/updated", "params": {"rateLimits": {}}}',
            b'{"id": 2, "method": "execCommandApproval", "params": {}}',
            b'{"id": 1, "result": {}}',
            b'{"id": "2", "result": {}}',
            b"[2]",
            b"[" * 5000,
            b"9" * 5000,
        ]
    ),
)


@given(
    st.lists(NOISE, max_size=6),
    st.lists(NOISE, max_size=3),
    st.integers(1, 40),
    st.sampled_from([b"", b"\n"]),
)
def test_the_answer_is_found_in_any_noise_however_it_is_cut(
    before: list[bytes], after: list[bytes], size: int, end: bytes
) -> None:
    written = b"\n".join([*before, ANSWER.encode(), *after]) + end
    chunks = [written[at : at + size] for at in range(0, len(written), size)]

    assert _answer_to(2, _lines(iter(chunks))) == ANSWER


def test_noise_on_stderr_however_much_stops_no_answer(machine: Machine, programs: Programs) -> None:
    noise = "import sys\nfor _ in range(3000): sys.stderr.write('x' * 1000 + '\\n')\n"
    programs.write("claude", noise + "print('Current week (all models): 5% used')")

    (answer,) = ask(machine, span("claude-a"))

    assert answer.text == "Current week (all models): 5% used\n"


def test_a_program_that_is_not_here_is_told_to_who_has_an_account(
    database: Database, machine: Machine
) -> None:
    assert Taking(database, machine, span("codex-a")).problems == [
        ("live-unanswered", "codex: there is no program `codex` here to ask for codex-a")
    ]


def test_with_nothing_to_ask_that_is_said(database: Database, machine: Machine) -> None:
    ((slug, text),) = Taking(database, machine).problems

    assert slug == "live-unanswered"
    assert "no program `claude` or `codex` here, and no key" in text


@pytest.fixture
def world(tmp_path: Path, programs: Programs, monkeypatch: pytest.MonkeyPatch) -> World:
    """Give a home with one account, on a machine that has no programs but ours, and git."""
    user = tmp_path / "user"
    user.mkdir(exist_ok=True)
    (programs.folder / "git").symlink_to(str(shutil.which("git")))
    monkeypatch.setenv("HOME", str(user))
    monkeypatch.setenv("PATH", programs.path)
    for name in ("CLAUDE_CONFIG_DIR", "CODEX_HOME"):
        monkeypatch.delenv(name, raising=False)
    made = World(tmp_path)
    made.ok("init")
    made.ok("account", "add", "claude-a", "--provider", "claude", "--plan", "claude-pro")
    return made


def test_nothing_is_asked_unless_the_user_says_so(world: World, programs: Programs) -> None:
    for name in ("claude", "codex"):
        programs.write(name, "open(RECORD, 'w')", RECORD=str(programs.folder / "was-run"))

    world.ok("sync")
    world.ok()
    world.ok("log-window", "--start", "2026-11-03T07:00Z", "--end", "2026-11-03T12:00Z")

    assert not (programs.folder / "was-run").exists()


def test_log_window_takes_the_live_meter_as_the_windows_end(
    world: World, programs: Programs
) -> None:
    before = world.capture("before.txt", usage(40))
    world.ok("read", before, "--account", "claude-a", "--at", "2026-11-03T07:00Z")
    programs.claude(usual=usage(52))

    done = world.ok(
        *("log-window", "--live", "--at", "2026-11-03T12:00Z"),
        *("--start", "2026-11-03T07:00Z", "--end", "2026-11-03T12:00Z", "--json"),
    ).document

    week = next(burn for burn in done["burn"] if burn["pool"] == "week")
    assert (week["before"], week["after"], week["burn"]) == (40.0, 52.0, 12.0)
    # Away from the checkout that the user stands in: its settings and hooks are not ours to run.
    assert programs.record("claude-record-usual")["cwd"] == str(world.home)


def test_sync_answers_with_what_the_live_meters_showed(world: World, programs: Programs) -> None:
    programs.claude(usual=usage(52))
    programs.write("codex", "raise SystemExit('error: not logged in')")

    done = world.ok("sync", "--live", "--at", "2026-11-03T12:00Z", "--json").document

    assert done["readings_added"] == 2
    assert [(one["slug"], one["text"]) for one in done["problems"]] == [
        (
            "live-unanswered",
            "codex in ~/.codex: ended without an answer: error: not logged in",
        )
    ]


HANGS = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-IS", "-c", "import time; time.sleep(60)"])
with open(RECORD + ".new", "w") as file:
    file.write(f"{os.getpid()} {child.pid}")
os.rename(RECORD + ".new", RECORD)
time.sleep(60)
"""


def is_running(pid: int) -> bool:
    """Tell whether a process runs: one that ended and was not fetched by its parent does not."""
    try:
        os.kill(pid, 0)
        status = Path(f"/proc/{pid}/stat")
        return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")
    except (ProcessLookupError, FileNotFoundError):
        return False


def wait_until_gone(pids: list[int]) -> list[int]:
    until = time.monotonic() + 5
    while any(map(is_running, pids)) and time.monotonic() < until:
        time.sleep(0.01)
    return [pid for pid in pids if is_running(pid)]


def test_programs_that_hang_are_ended_with_all_that_they_started(
    tmp_path: Path, machine: Machine, programs: Programs
) -> None:
    records = [tmp_path / "claude-pids", tmp_path / "codex-pids"]
    programs.write("claude", HANGS, RECORD=str(records[0]))
    programs.write("codex", HANGS, RECORD=str(records[1]))
    began = time.monotonic()

    answers = ask(machine, span("claude-a"), span("codex-a"), seconds=1.0)

    assert time.monotonic() - began < 5
    assert [one.why_not for one in answers] == ["did not answer within 1 seconds"] * 2
    pids = [int(pid) for record in records for pid in record.read_text().split()]
    assert len(pids) == 4
    assert wait_until_gone(pids) == []


def test_a_helper_that_outlives_its_program_is_not_waited_for(
    machine: Machine, programs: Programs
) -> None:
    code = (
        "import subprocess, sys\n"
        "subprocess.Popen([sys.executable, '-IS', '-c', 'import time; time.sleep(60)'])\n"
        "print('Current week (all models): 5% used', flush=True)"
    )
    programs.write("claude", code)

    (answer,) = ask(machine, span("claude-a"))

    assert answer.text == "Current week (all models): 5% used\n"


def test_ctrl_c_ends_the_programs_too(world: World, programs: Programs) -> None:
    record = programs.folder / "pids"
    programs.write("claude", HANGS, RECORD=str(record))
    command = [sys.executable, "-m", "portfolio.cli", "--home", str(world.home), "sync", "--live"]
    world.let_go()
    running = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    until = time.monotonic() + 20
    while not record.exists() and time.monotonic() < until:
        time.sleep(0.02)

    running.send_signal(signal.SIGINT)
    running.communicate(timeout=20)

    assert running.returncode == 130
    assert wait_until_gone([int(pid) for pid in record.read_text().split()]) == []


def test_no_question_tells_a_key_when_it_is_printed(tmp_path: Path) -> None:
    machine = Machine(home=tmp_path, environment={"PORTFOLIO_GLM_KEY": "sk-very-secret"})

    found: list[Question] = questions_of(
        machine, [span("glm-a")], glm_endpoint="https://api.z.ai", run_in=tmp_path, now=NOW
    )

    assert [one.account for one in found] == ["glm-a"]
    assert "very-secret" not in repr(found)


def test_what_could_be_asked_is_told_without_asking(tmp_path: Path, programs: Programs) -> None:
    programs.write("codex", "open(RECORD, 'w')", RECORD=str(tmp_path / "was-run"))
    environment = {"PATH": programs.path, "PORTFOLIO_GLM_KEY_GLM_B": "sk-very-secret"}
    machine = Machine(home=tmp_path, environment=environment)

    found = live_sources(machine, ["glm-a", "glm-b"])

    assert [(one.source, one.is_ready) for one in found] == [
        ("claude-usage", False),
        ("codex-app-server", True),
        ("glm-quota", True),
    ]
    assert [one.hint for one in found][1:] == ["portfolio sync --live"] * 2
    assert "PORTFOLIO_GLM_KEY_GLM_B" in found[2].found
    assert "very-secret" not in repr(found)
    assert not (tmp_path / "was-run").exists()
