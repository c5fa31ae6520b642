"""Ask the user's own `gh` for the text of one issue, for a twin that is to be asked the same."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from portfolio.ingest.live_programs import for_children

WAIT_S: Final = 30


def issue_text(
    number: int, *, forge_path: str, environment: Mapping[str, str], folder: Path
) -> str | None:
    """Give the title and text of an issue; None where gh does not give them.

    Its comments are not asked for: they may tell how it was solved.

    Args:
        number: Of the issue.
        forge_path: Whose it is: owner/name.
        environment: Of gh, which has the login.
        folder: Where to run it, in no repository.
    """
    own = for_children(environment)
    own |= {"GH_PROMPT_DISABLED": "1", "NO_COLOR": "1", "PAGER": "cat"}
    command = ["gh", "issue", "view", str(number), "--repo", f"github.com/{forge_path}"]
    try:
        done = subprocess.run(
            [*command, "--json", "title,body,url"],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            cwd=folder,
            env=own,
            timeout=WAIT_S,
            check=False,
        )
        told = json.loads(done.stdout.decode("utf-8", "replace")) if not done.returncode else None
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return _text(told)


def _text(told: object) -> str | None:
    """Write an issue as a task; a pull request, which gh gives too, tells its own solution."""
    if not isinstance(told, dict) or "/pull/" in str(told.get("url")):
        return None
    parts = [told.get("title"), told.get("body")]
    text = "\n\n".join(part.strip() for part in parts if isinstance(part, str))
    return text.strip().replace("\r\n", "\n") or None
