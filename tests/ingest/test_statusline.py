from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from portfolio.ingest.machine import Machine
from portfolio.ingest.statusline import client_folder


@pytest.mark.parametrize(
    ("environment", "transcript", "folder", "accounts"),
    [
        ({}, None, "/u/.claude", "/u/.claude.json"),
        ({}, "/u/.claude/projects/-x/s.jsonl", "/u/.claude", "/u/.claude.json"),
        ({}, "/u/.config/claude/projects/-x/s.jsonl", "/u/.config/claude", "/u/.claude.json"),
        ({}, "/w/claude/projects/-x/s.jsonl", "/w/claude", "/w/claude/.claude.json"),
        ({}, "/w/claude/other/-x/s.jsonl", "/u/.claude", "/u/.claude.json"),
        ({}, "projects/-x/s.jsonl", "/u/.claude", "/u/.claude.json"),
        ({}, 7, "/u/.claude", "/u/.claude.json"),
        ({"CLAUDE_CONFIG_DIR": "/w"}, "/v/projects/-x/s.jsonl", "/w", "/w/.claude.json"),
        ({"CLAUDE_CONFIG_DIR": "~/w"}, None, "/u/w", "/u/w/.claude.json"),
        ({"CLAUDE_CONFIG_DIR": "/w,/v"}, "/v/projects/-x/s.jsonl", "/v", "/v/.claude.json"),
        ({"CLAUDE_CONFIG_DIR": " "}, None, "/u/.claude", "/u/.claude.json"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="places are named otherwise")
def test_the_clients_folder_is_found(
    environment: dict[str, str], transcript: Any, folder: str, accounts: str
) -> None:
    members = {} if transcript is None else {"transcript_path": transcript}

    found = client_folder(members, user_home="/u", environment=environment)

    assert found == (folder, accounts)
    machine = Machine(home=Path("/u"), environment=environment)
    if transcript is None:
        assert Path(folder) in machine.claude_folders()
        assert machine.claude_config(Path(folder)) == Path(accounts)
