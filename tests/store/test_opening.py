from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from portfolio.errors import StoreBusyError, StoreUnreadableError
from portfolio.store.opening import held, migrations, opened, query, transaction

if TYPE_CHECKING:
    from portfolio.store.opening import Database

ROOT = Path(__file__).parents[2]
ADD = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from parsers.records import Reading
from portfolio.store import write
from portfolio.store.opening import opened, transaction

def reading(used: int) -> Reading:
    at = datetime(2026, 11, 3, tzinfo=UTC) + timedelta(minutes=used)
    return Reading(account=sys.argv[2], provider="claude", pool="week", unit="pp", used=used / 1000,
                   cap=100.0, read_at=at, resets_at=None, source="plain")

def add(used: int) -> None:
    with opened(Path(sys.argv[1]), wait_s=60) as database, transaction(database):
        write.readings(database, [reading(used)], origin="-", now=datetime.now(UTC))
"""


def child(code: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", ADD + code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def versions(database: Database) -> list[int]:
    rows = database.execute("SELECT version FROM schema_version ORDER BY version").fetchall()
    return [row[0] for row in rows]


def test_a_migration_runs_once(tmp_path: Path) -> None:
    path = tmp_path / "portfolio.duckdb"
    for _ in range(2):
        with opened(path) as database:
            assert versions(database) == list(range(1, len(migrations()) + 1))


def test_a_store_of_the_first_version_keeps_its_readings(tmp_path: Path) -> None:
    path = tmp_path / "portfolio.duckdb"
    with duckdb.connect(str(path)) as old:
        old.execute("SET TimeZone = 'UTC'")
        old.execute(query("make_version_table"))
        old.execute(migrations()[0][1])
        old.execute(query("set_version"), {"version": 1})
        old.execute(
            "INSERT INTO reading (id, pool, unit, used, read_at, source, origin, recorded_at)"
            " VALUES ('a', 'week', 'pp', 5, '2026-11-03', 'plain', '-', '2026-11-03')"
        )

    with opened(path) as database:
        assert database.execute("SELECT id, is_folded FROM current_reading").fetchall() == [
            ("a", False)
        ]


def test_a_store_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "portfolio.duckdb"
    with opened(path) as database:
        database.execute(query("set_version"), {"version": 99})
    before = path.read_bytes()

    newer = pytest.raises(StoreUnreadableError, match="version 99, newer than this program")
    with newer, opened(path):
        pass

    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"not a database at all\n" * 500, b"\0" * 9000, b"x"])
def test_a_file_that_is_no_store_is_told_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "portfolio.duckdb"
    path.write_bytes(content)

    with pytest.raises(StoreUnreadableError) as told, opened(path):
        pass

    assert (told.value.slug, told.value.where) == ("store-unreadable", str(path))
    assert path.read_bytes() == content


def test_a_damaged_page_is_told_when_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "portfolio.duckdb"
    with opened(path) as database:
        database.execute("CREATE TABLE big AS SELECT hash(i) AS x FROM range(500000) AS r(i)")
    raw = bytearray(path.read_bytes())
    for at in range(1_000_000, len(raw) - 300_000, 4096):
        raw[at] ^= 0xFF
    path.write_bytes(raw)

    with pytest.raises(StoreUnreadableError), opened(path) as database:
        database.execute("SELECT sum(x) FROM big").fetchall()


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreUnreadableError), opened(tmp_path / "file" / "portfolio.duckdb"):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_a_full_disk_is_told_and_what_was_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "portfolio.duckdb"
    code = """
import resource, signal
from portfolio.errors import StoreUnreadableError
add(1)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # so that a write beyond the limit fails
try:
    with opened(Path(sys.argv[1])) as database:
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))
        with transaction(database):
            write.readings(database, [reading(2)], origin="-", now=datetime.now(UTC))
except StoreUnreadableError as error:
    print(error.slug, flush=True)
"""
    with child(code, path, "a") as other:
        assert said(other) == "store-unreadable"

    with opened(path) as database:
        assert database.execute("SELECT used FROM reading").fetchall() == [(0.001,)]


def test_a_store_held_by_another_process_names_it_after_the_wait(tmp_path: Path) -> None:
    path = tmp_path / "portfolio.duckdb"
    other = child(
        "with opened(Path(sys.argv[1])):\n print('held', flush=True)\n input()", path, "a"
    )
    with other:
        assert said(other) == "held"

        busy = pytest.raises(StoreBusyError, match=rf"process {other.pid} .*waited 0\.2 s")
        with busy, opened(path, wait_s=0.2):
            pass

        other.communicate("\n")
    with opened(path, wait_s=0.2):
        pass


def test_a_store_open_in_another_program_is_busy_too(tmp_path: Path) -> None:
    path = tmp_path / "portfolio.duckdb"
    code = "import duckdb\nd = duckdb.connect(sys.argv[1])\nprint('open', flush=True)\ninput()"
    other = child(code, path, "a")
    with other:
        assert said(other) == "open"

        busy = pytest.raises(StoreBusyError, match=f"PID {other.pid}")
        with busy as told, opened(path, wait_s=0.2):
            pass
        assert told.value.slug == "store-busy"

        other.communicate("\n")


def test_a_lock_left_by_a_killed_process_holds_nobody_up(tmp_path: Path) -> None:
    path = tmp_path / "portfolio.duckdb"
    code = "with opened(Path(sys.argv[1])):\n print('held', flush=True)\n input()"
    other = child(code, path, "a")
    with other:
        assert said(other) == "held"
        other.send_signal(signal.SIGKILL)

    with opened(path, wait_s=5):
        pass
    assert not Path(f"{path}.holder").exists()


def test_the_lock_needs_no_name_of_its_holder(tmp_path: Path) -> None:
    path = tmp_path / "portfolio.duckdb"
    Path(f"{path}.holder").mkdir()

    with held(path, wait_s=1):
        other = child(
            "from portfolio.errors import StoreBusyError\n"
            "try:\n with opened(Path(sys.argv[1]), wait_s=0): pass\n"
            "except StoreBusyError as e: print(e)",
            path,
            "a",
        )
        with other:
            assert "in use by another process" in said(other)


def test_many_processes_adding_facts_lose_none(tmp_path: Path) -> None:
    path = tmp_path / "portfolio.duckdb"
    with opened(path):
        pass
    several = [
        child("for used in range(8):\n add(used)\n print(used, flush=True)", path, f"a-{number}")
        for number in range(3)
    ]
    for process in several:
        out, _ = process.communicate()
        assert (process.returncode, len(out.split())) == (0, 8)

    with opened(path) as database:
        rows = database.execute("SELECT account, count(*) FROM reading GROUP BY ALL ORDER BY ALL")
        assert rows.fetchall() == [("a-0", 8), ("a-1", 8), ("a-2", 8)]


def test_a_process_killed_in_the_middle_of_a_write_loses_nothing_it_had_acknowledged(
    tmp_path: Path,
) -> None:
    path = tmp_path / "portfolio.duckdb"
    code = """
add(0)
with opened(Path(sys.argv[1])) as database:
    for used in range(1, 10):
        with transaction(database):
            write.readings(database, [reading(used)], origin="-", now=datetime.now(UTC))
        print(used, flush=True)
    database.begin()
    write.readings(database, [reading(n) for n in range(10, 5000)], origin="-",
                   now=datetime.now(UTC))
    print("middle", flush=True)
    input()
"""
    writer = child(code, path, "a")
    with writer:
        assert [said(writer) for _ in range(10)] == [*map(str, range(1, 10)), "middle"]
        writer.send_signal(signal.SIGKILL)

    with opened(path) as database:
        rows = database.execute("SELECT used FROM reading ORDER BY used").fetchall()
    assert [round(row[0] * 1000) for row in rows] == list(range(10))


def test_what_fails_in_the_middle_leaves_nothing_of_it(tmp_path: Path) -> None:
    with opened(tmp_path / "portfolio.duckdb") as database:
        with pytest.raises(duckdb.Error), transaction(database):
            database.execute("INSERT INTO schema_version VALUES (999); SELECT 1 FROM nowhere")

        assert 999 not in versions(database)
