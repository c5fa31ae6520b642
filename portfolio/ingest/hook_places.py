"""Where git looks for a repository's hooks, and what its configuration says of ours."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from portfolio.errors import HookFolderError, NotARepositoryError

Scope: TypeAlias = Literal["local", "global"]
HOOKS_PATH: Final = "core.hooksPath"


@dataclass(frozen=True, slots=True, kw_only=True)
class HookPlace:
    """One repository, as far as hooks go."""

    root: Path  # of the checkout
    shared: Path  # the git folder that all its worktrees share
    hooks: Path  # where git looks for hooks
    hooks_scope: str | None  # whose configuration says so; None: nobody's, it is git's own folder

    @property
    def is_husky(self) -> bool:
        """Tell whether husky writes these hooks anew with every `npm install`."""
        return self.hooks.parts[-2:] == (".husky", "_")


def find_place(folder: Path) -> HookPlace:
    """Ask git about the checkout that a folder lies in.

    Raises:
        NotARepositoryError: It lies in none.
        HookFolderError: Its configuration names a folder of hooks that cannot be.
    """
    asked = _git(
        folder, "rev-parse", "--path-format=absolute", "--show-toplevel", "--git-common-dir"
    )
    if asked is None or len(lines := asked.splitlines()) != 2:
        raise NotARepositoryError(folder)
    root = Path(lines[0])
    hooks = _git(root, "rev-parse", "--path-format=absolute", "--git-path", "hooks")
    if not hooks:
        raise HookFolderError(
            root, "git cannot reach its folder of hooks", hint="see `git config core.hooksPath`"
        )
    scope = _git(root, "config", "--show-scope", "--get", HOOKS_PATH)
    return HookPlace(
        root=root,
        shared=Path(lines[1]),
        hooks=Path(hooks.removesuffix("\n")),
        hooks_scope=scope.split()[0] if scope else None,
    )


def hooks_path_everywhere() -> Path | None:
    """Give the folder that the user's own configuration names for the hooks of every repository."""
    said = _git(Path.home(), "config", "--global", "--type=path", "--get", HOOKS_PATH)
    return Path(said.removesuffix("\n")) if said else None


def set_config(folder: Path, key: str, value: str | None, *, scope: Scope) -> None:
    """Write one key of git's configuration; None takes it out.

    Raises:
        HookFolderError: The configuration cannot be written.
    """
    if value is None:
        _git(folder, "config", f"--{scope}", "--unset-all", key)
    elif _git(folder, "config", f"--{scope}", "--replace-all", key, value) is None:
        raise HookFolderError(
            folder, "git's configuration cannot be written", hint="see `git config --list`"
        )


def config(folder: Path, key: str) -> str | None:
    """Give what git's configuration says, whoever says it."""
    said = _git(folder, "config", "--get", key)
    return None if said is None else said.removesuffix("\n")


def newest_subjects(folder: Path, *, most: int) -> list[str]:
    """Give the subjects of the newest commits here, merges left out."""
    return (_git(folder, "log", f"-{most}", "--no-merges", "--format=%s") or "").splitlines()


def previewed(folder: Path, logic: Path) -> Iterator[tuple[str, str]]:
    """Ask the hooks themselves what they would write for the next commit."""
    try:
        done = subprocess.run(
            ["sh", str(logic / "preview")], cwd=folder, capture_output=True, check=False
        )
    except OSError:
        return  # no shell: git runs no hook here either
    for line in done.stdout.decode(errors="replace").splitlines():
        key, _, value = line.partition(" ")
        yield key, value


def _git(folder: Path, *arguments: str) -> str | None:
    """Run git in a folder; None where it fails."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, check=False
        )
    except OSError:
        return None
    return None if done.returncode else done.stdout.decode("utf-8", "surrogateescape")
