"""The git hook for every repository of a user, by git's core.hooksPath.

Git then looks for hooks in one folder alone, so that folder gets all of githooks(5): each runs the
repository's own. Where the user has such a folder already, ours lie in it beside what is there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from portfolio.commands.hook_kept import LASTING, configure, line_of, unset
from portfolio.ingest import hook_files, hook_places
from portfolio.ingest.hook_files import OTHERS, OURS, RUN_KEPT, RUN_OWN
from portfolio.report.answers.hook import HookAnswer, HookLine
from portfolio.settings import Home, Settings


def install_everywhere(home: Home, settings: Settings) -> HookAnswer:
    """Mark the commits of every repository of this user from now on.

    Raises:
        HookFolderError: The folder of hooks, or git's configuration, is not writable.
    """
    ours, theirs = home.folder / "hooks", hook_places.hooks_path_everywhere()
    home.folder.mkdir(parents=True, exist_ok=True)
    if theirs is not None and theirs != ours:  # a folder of the user's own: beside what is there
        folder, others, notes = theirs, RUN_KEPT, [f"core.hooksPath was set already: {theirs}"]
    else:
        folder, others, notes = ours, RUN_OWN, []
    lines = []
    for hook in OURS:
        text = hook_files.hook_text(hook, others=others)
        lines.append(line_of(folder / hook, hook_files.install_file(folder / hook, text)))
    if theirs is None or theirs == ours:
        for hook in OTHERS:
            hook_files.install_file(folder / hook, hook_files.other_text(hook))
        hook_places.set_config(home.folder, hook_places.HOOKS_PATH, str(ours), scope="global")
        notes.append(
            "a repository that sets core.hooksPath itself, as husky does, is not reached: run"
            " `portfolio hook install` there"
        )
    configure(home.folder, home, settings, scope="global")
    return _answer("install", folder, lines, settings.hook__mode, notes)


def uninstall_everywhere(home: Home) -> HookAnswer:
    """Take out what `install_everywhere` put in.

    Raises:
        HookFolderError: The hooks cannot be written.
    """
    ours, theirs = home.folder / "hooks", hook_places.hooks_path_everywhere()
    folder = theirs or ours
    lines = [line_of(folder / hook, hook_files.remove_file(folder / hook)) for hook in OURS]
    cwd = home.folder if home.folder.is_dir() else Path.home()
    if folder == ours:
        for hook in OTHERS:
            hook_files.remove_file(folder / hook)
        hook_places.set_config(cwd, hook_places.HOOKS_PATH, None, scope="global")
    unset(cwd, scope="global")
    return _answer("uninstall", folder, lines, None, [])


def _answer(
    asked: Literal["install", "uninstall"],
    folder: Path,
    lines: list[HookLine],
    mode: str | None,
    notes: list[str],
) -> HookAnswer:
    return HookAnswer(
        asked=asked,
        repository=None,
        folder=str(folder),
        is_installed=any(line.status in LASTING for line in lines),
        hooks=tuple(lines),
        mode=mode,
        style=None,
        why=(),
        branch=None,
        next_mark=None,
        notes=tuple(notes),
    )
