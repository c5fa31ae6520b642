"""Make the checkout in which an item is run once more: nothing later than its base is in it.

Nothing of the repository is run: no hook, no filter but the user's own. What is made appears whole
or not at all.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from portfolio.errors import FileUnreadableError, TwinFolderError
from portfolio.ingest.git_places import place_of
from portfolio.ingest.twin_change import Changed, Git

DEPTH: Final = 50  # commits back from the base, so that its history can be asked as it was
UNHOOKED: Final = ("-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false")
# Of a commit that no branch stands at; and from a folder, whatever the user says of folders.
FROM: Final = "git -c uploadpack.allowAnySHA1InWant=true upload-pack"
TO: Final = (
    *("-c", "protocol.file.allow=always", "-c", "fetch.recurseSubmodules=false"),
    *("-c", "gc.auto=0", "-c", "maintenance.auto=false"),  # nothing goes on behind it
)


def check_free(folder: Path, *, repository: Path) -> None:
    """Check that a checkout can be made in a folder.

    Raises:
        TwinFolderError: Something is there, or it lies in the repository that has the solution.
    """
    if os.path.lexists(folder) and not (folder.is_dir() and not any(folder.iterdir())):
        raise TwinFolderError(folder, "something is there already")
    above = next((one for one in folder.parents if one.is_dir()), None)
    around = place_of(above.resolve()) if above else None
    own = place_of(repository)
    if around is not None and own is not None and around.repository == own.repository:
        raise TwinFolderError(folder, "this lies in the repository, where the solution is")


def make_checkout(
    git: Git, folder: Path, *, base: str, branch: str, environment: Mapping[str, str]
) -> None:
    """Make a checkout of a commit and of some commits before it, on a branch, without a remote.

    Args:
        git: Asked in the repository that has the commit.
        folder: Where it is to be, free.
        base: The commit.
        branch: Its name.
        environment: Of git.

    Raises:
        TwinChangeError: Git fails.
        FileUnreadableError: The folder cannot be written to.
    """
    aside = folder.with_name(f"{folder.name}.preparing-{os.getpid()}")
    source = git.text("rev-parse", "--path-format=absolute", "--git-common-dir")
    form = git.text("rev-parse", "--show-object-format")
    try:
        aside.mkdir(parents=True)
        new = Git(aside, environment)
        new.text(
            "init",
            "--quiet",
            "--template=",
            f"--object-format={form}",
            f"--initial-branch={branch}",
        )
        fetch = ("fetch", "--quiet", "--no-tags", f"--depth={DEPTH}", f"--upload-pack={FROM}")
        new.text(*UNHOOKED, *TO, *fetch, Path(source).as_uri(), base)
        (aside / ".git" / "FETCH_HEAD").unlink()  # it says where the rest is
        new.text(*UNHOOKED, "reset", "--quiet", "--hard", base)
        if folder.is_dir():
            folder.rmdir()
        aside.replace(folder)
    except OSError as error:
        raise FileUnreadableError(folder, error.strerror or str(error)) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def keep_tests(git: Git, files: Sequence[Changed], folder: Path) -> list[str]:
    """Write tests as a change left them below a folder, in place of what is there.

    Raises:
        FileUnreadableError: The folder cannot be written to.
    """
    kept = []
    try:
        shutil.rmtree(folder, ignore_errors=True)
        for one in files:
            text = git.blob(one.blob)
            if text is not None:
                place = folder / one.path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(text)
                kept.append(one.path)
    except (OSError, ValueError) as error:
        raise FileUnreadableError(folder, str(error)) from error
    return kept
