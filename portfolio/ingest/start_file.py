"""What was started in a checkout: a small file in its own git folder, which the git hook reads."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from portfolio.errors import FileUnreadableError, NotARepositoryError
from portfolio.ingest.git_places import GitPlace, place_of
from portfolio.ingest.git_surface import read_small
from portfolio.ingest.head_log import branch_of_head
from portfolio.model import WorkStart

NAME: Final = "portfolio-start"


def checkout_of(folder: Path) -> tuple[GitPlace, str | None]:
    """Give the checkout that a folder lies in, and the branch it is on.

    Raises:
        NotARepositoryError: It lies in none.
    """
    place = place_of(folder.resolve())
    if place is None:
        raise NotARepositoryError(folder)
    head = read_small(Path(place.git_folder) / "HEAD").decode("utf-8", "surrogateescape")
    return place, branch_of_head(head.strip()) or None


def write_start(place: GitPlace, started: WorkStart) -> None:
    """Note what was started, in place of what was.

    Raises:
        FileUnreadableError: The git folder cannot be written to.
    """
    told = {
        "item": started.item,
        "step": started.step,
        "methodology": started.methodology,
        "branch": started.branch,
        "at": str(int(started.at.timestamp())),
    }
    text = "".join(f"{key} {value}\n" for key, value in told.items() if value is not None)
    path = Path(place.git_folder) / NAME
    aside = path.with_name(f"{NAME}.{os.getpid()}")
    try:
        aside.write_text(text, encoding="utf-8", errors="surrogateescape")
        aside.replace(path)
    except OSError as error:
        raise FileUnreadableError(path, error.strerror or str(error)) from error
