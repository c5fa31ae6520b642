from __future__ import annotations

import shutil
import subprocess
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.ingest.timers import systemd
from tests.ingest.timers.builders import ODD, jobs


def texts(home: str, program: str, environment: dict[str, str] | None = None) -> list[str]:
    found = jobs(home=home, program=program, environment=environment)
    return [text for job in found for text in systemd.unit_files(job, Path("/u")).values()]


def unquoted(line: str) -> list[str]:
    """Read words as systemd does: C escapes in double quotes, %% is %."""
    words, word, is_in = [], "", False
    at = 0
    while at < len(line):
        char = line[at]
        if char == "\\":
            at += 1
            word += line[at]
        elif char == '"':
            if is_in:
                words.append(word)
                word = ""
            is_in = not is_in
        elif is_in:
            word += char
        at += 1
    return [word.replace("%%", "%") for word in words]


def test_the_units_say_what_runs_when() -> None:
    weekly, weekly_timer, _, monthly_timer = texts("/h", "/bin/portfolio", {"CODEX_HOME": "/c 1"})

    assert 'Environment="CODEX_HOME=/c 1"' in weekly
    assert 'ExecStart=:"/bin/portfolio" "--home" "/h" "weekly"' in weekly
    assert "SuccessExitStatus=4" in weekly
    assert "OnCalendar=*-*-* 09:07:00" in weekly_timer
    assert "OnCalendar=*-*-01 10:07:00" in monthly_timer


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=30))
def test_every_word_comes_out_as_it_went_in(text: str) -> None:
    service = texts(f"/{text}", "/p")[0]

    line = next(line for line in service.split("\n") if line.startswith("ExecStart="))

    assert unquoted(line.removeprefix("ExecStart=:")) == [
        "/p",
        "--home",
        str(PurePosixPath(f"/{text}")),
        "weekly",
    ]


def test_a_program_that_systemd_would_not_start_is_started_by_a_shell_as_it_is() -> None:
    line = next(line for line in texts("/h", ODD)[0].split("\n") if line.startswith("ExecStart="))

    assert unquoted(line.removeprefix("ExecStart=:")) == [
        *("/bin/sh", "-c", 'exec "$0" "$@"'),
        *(ODD, "--home", "/h", "weekly"),
    ]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd is installed")
def test_systemd_itself_finds_nothing_wrong_with_odd_paths(tmp_path: Path) -> None:
    program = tmp_path / ODD.removeprefix("/") / "portfolio"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    units = []
    for job in jobs(home=str(program.parent), program=str(program), environment={"A_B": ODD}):
        for path, text in systemd.unit_files(job, tmp_path).items():
            path.write_text(text, encoding="utf-8")
            units.append(str(path))

    done = subprocess.run(
        ["systemd-analyze", "verify", *units], check=False, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
