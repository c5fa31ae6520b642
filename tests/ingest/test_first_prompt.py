from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from portfolio.ingest.first_prompt import prompts_of_session
from tests.parsers.rollout_samples import asked, line, meta
from tests.parsers.transcript_samples import answer, prompt


def claude(folder: Path, session: str, *said: str) -> None:
    log = folder / "projects" / "shop" / f"{session}.jsonl"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_bytes(b"".join(map(prompt, said)) + answer())


def test_what_a_session_was_asked_is_found_by_its_name_in_any_folder(tmp_path: Path) -> None:
    claude(tmp_path / "one", "s1", "Add a total", "And test it")
    claude(tmp_path / "two", "s2", "Another")

    found = prompts_of_session([str(tmp_path / "one"), str(tmp_path / "two")], "s2")
    first = prompts_of_session([str(tmp_path / "one"), str(tmp_path / "two")], "s1")

    assert found is not None
    assert (found.first, found.said, Path(found.path).name) == ("Another", 1, "s2.jsonl")
    assert first is not None
    assert (first.first, first.said) == ("Add a total", 2)


@pytest.mark.parametrize("ending", ["", ".zst"])
def test_codex_is_read_too_compressed_or_not(tmp_path: Path, ending: str) -> None:
    log = tmp_path / "sessions" / "2026" / "rollout-2026-11-03-s9.jsonl"
    log.parent.mkdir(parents=True)
    log.write_bytes(meta("s9") + asked(1, "Add a total") + line("event_msg", 2, {"type": "x"}))
    if ending:
        duckdb.execute(
            f"COPY (SELECT unnest($lines::VARCHAR[])) TO '{log}.zst' (FORMAT csv, COMPRESSION zstd,"
            " HEADER false, DELIMITER '\x01', QUOTE '', ESCAPE '')",
            {"lines": log.read_text().splitlines()},
        )
        log.unlink()

    found = prompts_of_session([str(tmp_path)], "s9")

    assert found is not None
    assert (found.first, found.said) == ("Add a total", 1)


def test_of_a_session_without_a_log_or_a_person_nothing_is_given(tmp_path: Path) -> None:
    claude(tmp_path, "s1")

    assert prompts_of_session([str(tmp_path)], "s1") is None
    assert prompts_of_session([str(tmp_path)], "s2") is None
    assert prompts_of_session([str(tmp_path / "gone")], "s1") is None
