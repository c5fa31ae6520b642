from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portfolio.errors import TimerPathError
from portfolio.ingest.timers import cron
from tests.ingest.timers.builders import ODD, jobs

LINES = st.lists(st.sampled_from([b"0 1 * * * true", b"# a", b"", b"A=\xff", b"\r"]), max_size=4)


@given(LINES, st.sampled_from([b"", b"\n"]))
@example([], b"")
def test_taken_out_the_crontab_is_what_it_was_byte_for_byte(lines: list[bytes], end: bytes) -> None:
    before = b"\n".join(lines) + end
    after = cron.put_in(before, jobs())

    assert cron.take_out(after, jobs()) == before
    assert cron.put_in(after, jobs()) == after
    assert after.startswith(before)


def test_where_there_was_no_crontab_there_is_none_again() -> None:
    assert cron.take_out(cron.put_in(None, jobs()), jobs()) is None
    assert cron.take_out(cron.put_in(b"", jobs()), jobs()) == b""
    assert cron.take_out(None, jobs()) is None


def test_what_was_written_behind_the_block_stays_a_line_of_its_own() -> None:
    after = cron.put_in(b"a", jobs()) + b"b\n"

    assert cron.take_out(after, jobs()) == b"a\nb\n"
    assert cron.take_out(cron.put_in(None, jobs()) + b"b\n", jobs()) == b"b\n"


def test_the_block_of_another_home_is_left_alone() -> None:
    other = cron.put_in(b"a\n", jobs(home="/other"))
    both = cron.put_in(other, jobs())

    assert cron.take_out(both, jobs()) == other
    assert cron.take_out(other, jobs()) == other


def test_an_older_block_is_brought_up_to_date_where_it_stands() -> None:
    older = cron.put_in(b"a", jobs(program="/old/portfolio")) + b"b\n"

    newer = cron.put_in(older, jobs())

    assert newer == older.replace(b"/old/portfolio", b"/opt/bin/portfolio")


def test_the_lines_say_what_runs_when() -> None:
    assert [cron.line_of(one) for one in jobs(home="/h h", environment={"CODEX_HOME": "/c c"})] == [
        "7 9 * * * CODEX_HOME='/c c' /opt/bin/portfolio --home '/h h' weekly"
        " >'/h h/weekly.log' 2>&1",
        "7 10 1 * * CODEX_HOME='/c c' /opt/bin/portfolio --home '/h h' monthly"
        " >'/h h/monthly.log' 2>&1",
    ]


def test_run_as_cron_does_odd_paths_come_out_as_they_went_in(tmp_path: Path) -> None:
    home = tmp_path / ODD.removeprefix("/")
    home.mkdir()
    program = home / "portfolio"
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$CODEX_HOME" "$@"\n')
    program.chmod(0o755)
    job = jobs(home=str(home), program=str(program), environment={"CODEX_HOME": ODD})[0]
    line = cron.line_of(job).split(" ", 5)[5]

    # cron ends the command at the first % without a mark, and takes the marks away.
    assert "%" not in line.replace("\\%", "")
    subprocess.run(["/bin/sh", "-c", line.replace("\\%", "%")], check=True, cwd=tmp_path)

    assert job.log.read_text().split("\n") == [ODD, "--home", str(home), "weekly", ""]
    assert [path.name for path in tmp_path.iterdir()] == [home.name]


def test_a_backslash_that_crons_read_each_in_its_way_is_refused() -> None:
    with pytest.raises(TimerPathError):
        cron.line_of(jobs(home="/a\\%b")[0])
