from __future__ import annotations

import os
import tempfile
from pathlib import Path
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from portfolio.ingest import window_file
from portfolio.ingest.window_file import Opened

EPOCH = 1_793_577_600
HOUR = 3600


def names(home: Path) -> list[str]:
    return [one.name for one in window_file.read(str(home))[1]]


def test_without_the_file_nothing_is_known_and_nothing_is_opened(tmp_path: Path) -> None:
    assert window_file.open_at(str(tmp_path), EPOCH + HOUR) is None
    assert not any(tmp_path.iterdir())


@given(hours=st.lists(st.floats(0, 500), max_size=12))
def test_a_moment_lies_in_one_window_and_no_name_is_given_twice(hours: list[float]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        window_file.write(folder, EPOCH, [], [])
        given_: dict[str, int] = {}
        for hour in sorted(hours):
            moment = EPOCH + int(hour * HOUR)
            name = window_file.open_at(folder, moment)
            assert name is not None
            began = given_.setdefault(name, moment)
            assert began <= moment < began + window_file.LASTS_S
            assert name.startswith(f"W{(began - EPOCH) // window_file.WEEK_S}-")


def test_names_that_commits_bear_and_logged_windows_are_not_given_again(tmp_path: Path) -> None:
    home = str(tmp_path)
    logged = Opened("W0-002", EPOCH, EPOCH + 5 * HOUR)
    window_file.write(home, EPOCH, [logged], [Opened("W0-007", EPOCH, EPOCH)])

    assert window_file.open_at(home, EPOCH + HOUR) == "W0-002"
    assert window_file.open_at(home, EPOCH + 6 * HOUR) == "W0-008"


def test_what_was_opened_stays_when_the_file_is_written_anew(tmp_path: Path) -> None:
    home = str(tmp_path)
    window_file.write(home, EPOCH, [], [])
    window_file.open_at(home, EPOCH + HOUR)
    before = (tmp_path / "window").read_text(encoding="utf-8")

    window_file.write(home, EPOCH, [], [])

    assert (tmp_path / "window").read_text(encoding="utf-8") == before


def test_a_window_opened_while_the_file_is_written_is_not_lost(tmp_path: Path) -> None:
    home = str(tmp_path)
    window_file.write(home, EPOCH, [], [])
    rename = os.replace

    def opened_meanwhile(aside: str, path: str) -> None:
        window_file.open_at(home, EPOCH + HOUR)
        rename(aside, path)

    with patch("os.replace", opened_meanwhile):
        window_file.write(home, EPOCH, [], [])

    assert names(tmp_path) == ["W0-001"]


def test_a_damaged_line_says_nothing_and_stops_no_other(tmp_path: Path) -> None:
    text = f"epoch {EPOCH}\nW0-001 x 5\n\xff\nW0-003 {EPOCH} {EPOCH + HOUR}\nepoch\n"
    (tmp_path / "window").write_text(text, encoding="latin-1")

    assert window_file.read(str(tmp_path))[0] == EPOCH
    assert names(tmp_path) == ["W0-003"]


def test_the_file_stays_small(tmp_path: Path) -> None:
    many = [Opened(f"W0-{n:03d}", EPOCH + n, EPOCH + n + 1) for n in range(100)]

    window_file.write(str(tmp_path), EPOCH, many, [])

    assert len(names(tmp_path)) == window_file.MOST
    assert names(tmp_path)[-1] == "W0-099"
