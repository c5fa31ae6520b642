"""`init` on machines of all sorts: what it finds, what it asks, and that it takes nothing in."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portfolio.cli.desk import catalogue as read_plans
from portfolio.commands.accounts import add_account, list_accounts
from portfolio.commands.setup import LookAround, init
from portfolio.report.answers.setup import InitAnswer
from portfolio.settings import Home, load
from portfolio.store import read
from portfolio.store.opening import opened
from tests.checkouts import Repository
from tests.ingest.clients import MAX_5X, ClientFiles, cached, person
from tests.parsers.rollout_samples import context, count, limits, meta, named, window
from tests.parsers.transcript_samples import answer

if TYPE_CHECKING:
    from portfolio.store.opening import Database

END_S = 60.0


class Machine(ClientFiles):
    """A machine on which portfolio is set up for the first time."""

    def __init__(self, folder: Path, now: datetime) -> None:
        super().__init__(folder / "u", now)
        self.home = Home(folder / "home")
        self.asked: list[str] = []

    def init(self, *replies: str) -> InitAnswer:
        """Set up; with replies, on a terminal."""
        waiting = iter(replies)

        def ask(question: str) -> str:
            self.asked.append(question)
            return next(waiting, "")

        return init(
            self.home,
            repos=(),
            epoch=None,
            now=self.now,
            around=LookAround(
                machine=self.machine,
                catalogue_of=lambda: read_plans(self.home),
                ask=ask if replies else None,
            ),
        )

    @contextmanager
    def store(self) -> Iterator[Database]:
        with opened(self.home.store_path) as database:
            yield database

    def work_of_three(self) -> None:
        """Leave logs of three providers, in two repositories."""
        api, web = (str(Repository(self.user / "w" / name).folder) for name in ("api", "web"))
        self.config(person("p", "o", **MAX_5X, subscriptionCreatedAt="2026-03-14T08:00:00Z"))
        self.log(".claude/projects/a/a.jsonl", answer("m1", "r1", cwd=api, model="claude-opus-5"))
        self.log(".claude/projects/b/b.jsonl", answer("m2", "r2", cwd=web, model="glm-5.3"))
        self.rollout("plus", day=0)
        self.rollout("prolite", day=2)

    def rollout(self, plan: str | None, *, day: int) -> None:
        seconds = day * 86_400
        session, tokens = named(seconds, day), (100, 80, 9)
        path = self.log(
            f".codex/sessions/2026/11/03/rollout-{session}.jsonl",
            meta(session, seconds, cwd=str(self.user / "w" / "api")),
            context(seconds + 1),
            count(seconds + 2, tokens, tokens, shown=limits(window(7), plan_type=plan)),
        )
        os.utime(path, (day, day))


@pytest.fixture
def machine(tmp_path: Path, now: datetime) -> Machine:
    return Machine(tmp_path, now)


def standing(answer: InitAnswer) -> list[tuple[str, str | None, int | None]]:
    return [(one.account, one.plan, one.renewal_day) for one in answer.accounts]


def test_a_machine_without_any_client_is_set_up_all_the_same(machine: Machine) -> None:
    found = machine.init("1", "2", "3")

    assert (found.is_new, found.accounts, found.repos_found) == (True, (), ())
    assert machine.asked == []
    assert "portfolio account add" in "\n".join(found.next_steps)


def test_accounts_plans_and_repositories_are_found(machine: Machine) -> None:
    machine.work_of_three()

    found = machine.init()

    assert standing(found) == [
        ("claude-a", "claude-max", None),
        ("codex-a", "codex-prolite", None),
        ("glm-a", None, None),
    ]
    assert sorted(Path(one).name for one in found.repos_found) == ["api", "web"]
    assert found.next_steps[0].startswith("portfolio ")


def test_nothing_is_taken_in(machine: Machine) -> None:
    machine.config(person("p", "o"), cached("p", machine.now, week=60))
    machine.work_of_three()
    machine.init()

    with machine.store() as database:
        assert read.readings(database) == []
        assert database.execute("SELECT count(*) FROM turn").fetchall() == [(0,)]
        assert database.execute("SELECT count(*) FROM log_file").fetchall() == [(0,)]


def test_the_three_questions_are_kept_where_they_are_used(machine: Machine) -> None:
    machine.work_of_three()

    found = machine.init("14 3", "1", "claude-max=80")

    assert len(machine.asked) == 3
    assert standing(found)[:2] == [("claude-a", "claude-max", 14), ("codex-a", "codex-prolite", 3)]
    assert found.accounts[0].price_usd == 80
    assert load(machine.home).repos_ignored == found.repos_ignored != ()
    assert len(found.repos_found) == 1
    price, _ = read_plans(machine.home).plan("claude-max").price_at(machine.now)
    assert price is not None
    assert price.is_own


def test_off_a_terminal_nothing_is_asked_and_no_day_is_guessed(machine: Machine) -> None:
    machine.work_of_three()

    assert {day for _, _, day in standing(machine.init())} == {None}


def test_doing_it_again_asks_for_nothing_that_was_said(machine: Machine) -> None:
    machine.work_of_three()
    first = machine.init("14 3", "1 2", "")
    machine.asked.clear()

    again = machine.init("", "", "")

    assert machine.asked == []
    assert (again.accounts, again.repos_ignored, again.is_new) == (
        first.accounts,
        first.repos_ignored,
        False,
    )
    with machine.store() as database:
        assert len(list_accounts(database).accounts) == 3


def test_what_the_user_added_before_is_not_added_again(machine: Machine) -> None:
    machine.init()
    with machine.store() as database:
        for name, provider, plan in (("mine", "claude", "claude-pro"), ("gpt", "codex", None)):
            add_account(
                database,
                name,
                provider=provider,
                plan=plan,
                since=None,
                folder=None,
                catalogue=read_plans(None),
                now=machine.now,
            )
    machine.work_of_three()

    found = machine.init()

    assert [one[:2] for one in standing(found)] == [
        ("glm-a", None),
        ("gpt", "codex-prolite"),
        ("mine", "claude-pro"),
    ]
    assert [one.slug for one in found.problems] == ["plan-differs"]


def test_a_rollout_whose_plan_is_null_leaves_the_word_to_an_older_one(machine: Machine) -> None:
    machine.rollout("plus", day=0)
    machine.rollout(None, day=2)

    assert standing(machine.init()) == [("codex-a", "codex-plus", None)]


def test_of_long_logs_only_a_little_is_read(machine: Machine) -> None:
    path = machine.log(".claude/projects/p/a.jsonl", b"{}\n")
    with path.open("r+b") as file:
        file.seek(8 << 30)  # a hole, that no machine of tests could hold in memory
        file.write(b"\n" + answer("m1", "r1", model="glm-5.3"))

    assert standing(machine.init()) == [("glm-a", None, None)]


def test_damaged_files_are_passed_over(machine: Machine) -> None:
    machine.write(".claude.json", b"{")
    machine.log(".claude/projects/p/a.jsonl", b"\xff\x00{", b"\n")
    machine.log(".codex/sessions/rollout-x.jsonl", b"{}\n", b'{"cwd":"\\u0000"}\n')

    assert standing(machine.init()) == [("codex-a", None, None)]


def test_repositories_of_folders_that_are_gone_or_none_are_not_counted(machine: Machine) -> None:
    machine.log(".claude/projects/p/a.jsonl", answer("m1", "r1", cwd="/gone/for/ever"))
    machine.log(".claude/projects/q/a.jsonl", answer("m2", "r2", cwd=str(machine.user)))

    assert machine.init().repos_found == ()


def test_the_worktrees_of_a_repository_are_one_repository(machine: Machine) -> None:
    shop = Repository(machine.user / "shop")
    shop.commit("begin")
    shop.git("worktree", "add", "--quiet", str(machine.user / "tree"), "-b", "feat")
    machine.log(".claude/projects/p/a.jsonl", answer("m1", "r1", cwd=str(machine.user / "tree")))
    machine.log(".claude/projects/q/a.jsonl", answer("m2", "r2", cwd=str(shop.folder)))

    assert machine.init().repos_found == (str(shop.folder.resolve()),)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
def test_at_a_terminal_a_person_is_asked_and_what_is_printed_is_the_answer(
    machine: Machine,
) -> None:
    machine.work_of_three()

    asked, out = _at_a_terminal(machine, ["14 3", "", ""])

    assert asked.count("?") >= 3
    assert "account claude-a: claude-max, $100.00 a month, paid on day 14" in out
    assert "On which day" not in out


def _at_a_terminal(machine: Machine, replies: Sequence[str]) -> tuple[str, str]:
    """Run the program as a person would who types a reply whenever something is asked."""
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "portfolio.cli", "--home", str(machine.home.folder), "init"]
    environment = {**os.environ, "HOME": str(machine.user), "NO_COLOR": "1"}
    with subprocess.Popen(
        command, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, env=environment
    ) as running:
        os.close(theirs)
        seen, waiting = b"", [*replies]
        while running.poll() is None or select.select([ours], [], [], 0)[0]:
            if select.select([ours], [], [], 0.05)[0]:
                try:
                    seen += os.read(ours, 4096)
                except OSError:  # the other end is closed
                    break
            if waiting and seen.rstrip(b" ").endswith((b"?", b"]")):
                os.write(ours, f"{waiting.pop(0)}\n".encode())
                seen += b"\n"
        out = running.stdout.read().decode() if running.stdout else ""
        running.wait(END_S)
    os.close(ours)
    assert running.returncode == 0, seen.decode()
    return seen.decode(), out


def test_init_and_then_portfolio_alone_print_the_first_own_numbers(machine: Machine) -> None:
    machine.work_of_three()

    _run(machine, "init")
    said = json.loads(_run(machine, "--at", f"{machine.now:%Y-%m-%dT%H:%MZ}", "--json"))

    assert (said["next_cap"]["account"], said["next_cap"]["share_used"]) == ("codex-a", 0.07)
    assert said["lines"][1].startswith("Money since ")
    assert " paid = $" in said["lines"][1]


def _run(machine: Machine, *command: str) -> str:
    """Run the program on this machine, and give what it prints."""
    program = [sys.executable, "-m", "portfolio.cli", "--home", str(machine.home.folder)]
    environment = {**os.environ, "HOME": str(machine.user), "TZ": "UTC"}
    done = subprocess.run(
        [*program, *command], env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout
