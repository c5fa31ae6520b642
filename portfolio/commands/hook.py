"""The git hook: put in, taken out, and looked at. The store is not needed for any of it.

What is to hold is written into git's configuration, which is all that the hook reads:
portfolio.mode, portfolio.style (only where the user forces one), portfolio.home, and
portfolio.conventional: whether the repository writes conventional commits.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, NamedTuple

from portfolio.commands.hook_kept import LASTING, configure, is_everywhere, line_of, unset
from portfolio.commands.hook_style import Said, habits, told
from portfolio.errors import HookFolderError, NotARepositoryError
from portfolio.ingest import hook_files, hook_places
from portfolio.ingest.hook_files import OURS, RUN_HUSKY
from portfolio.ingest.hook_places import HookPlace
from portfolio.report.answers.hook import HookAnswer, HookLine
from portfolio.settings import Home, Settings


class InHooks(NamedTuple):
    """The hooks of several repositories."""

    lines: tuple[HookLine, ...]
    notes: tuple[str, ...]


def install(home: Home, settings: Settings, *, folder: Path) -> HookAnswer:
    """Mark the commits of one repository from now on. Doing it again is fine.

    Raises:
        NotARepositoryError: The folder lies in none.
        HookFolderError: Git's folder of hooks is shared with all repositories, or not writable.
    """
    place = hook_places.find_place(folder)
    notes: list[str] = []
    if is_everywhere(home, place):
        lines = [line_of(place.hooks / hook, "everywhere") for hook in OURS]
    else:
        _refuse_shared(place)
        lines = [_install_one(place, hook, notes) for hook in OURS]
    found = habits(place.root)
    configure(place.root, home, settings, scope="local")
    says = "true" if found else "false"
    hook_places.set_config(place.root, "portfolio.conventional", says, scope="local")
    return _answer("install", place, lines, notes)


def install_in(home: Home, settings: Settings, folders: Iterable[str]) -> InHooks:
    """Mark the commits of several repositories; one where that cannot be is a note."""
    lines: list[HookLine] = []
    notes: list[str] = []
    for folder in folders:
        try:
            answer = install(home, settings, folder=Path(folder))
        except (HookFolderError, NotARepositoryError) as error:
            notes.append(f"no hook in {folder}: {error.what}")
        else:
            lines += answer.hooks
            notes += answer.notes
    return InHooks(tuple(lines), tuple(dict.fromkeys(notes)))


def uninstall(home: Home, *, folder: Path) -> HookAnswer:
    """Mark no more commits of one repository; hooks that were here before are back.

    Raises:
        NotARepositoryError: The folder lies in none.
        HookFolderError: The hooks cannot be written.
    """
    place = hook_places.find_place(folder)
    notes: list[str] = []
    if is_everywhere(home, place):
        lines = [line_of(place.hooks / hook, "everywhere") for hook in OURS]
        notes.append("`portfolio hook uninstall --global` removes it from all your repositories")
    else:
        _refuse_shared(place)
        lines = [_remove_one(place, hook) for hook in OURS]
        notes += [
            f"{line.kept} stays: another program wrote over our hook that kept it"
            for line in lines
            if line.kept is not None
        ]
    unset(place.root, scope="local")
    return _answer("uninstall", place, lines, notes)


def status(home: Home, *, folder: Path) -> HookAnswer:
    """Tell whether the commits of a repository are marked, how, and why so.

    Raises:
        NotARepositoryError: The folder lies in none.
        HookFolderError: Git's folder of hooks cannot be reached.
    """
    place = hook_places.find_place(folder)
    is_ours = is_everywhere(home, place)
    lines = []
    for hook in OURS:
        path = place.hooks / hook if is_ours else _path_of(place, hook)
        state = hook_files.state_of(path)
        is_run = is_ours and state == "installed"
        lines.append(line_of(path, "everywhere" if is_run else state))
    return _answer("status", place, lines, [])


def _refuse_shared(place: HookPlace) -> None:
    if place.hooks_scope in {"global", "system"}:
        raise HookFolderError(
            place.hooks,
            f"core.hooksPath is set for all repositories ({place.hooks_scope}): what is written"
            " there reaches all of them",
            hint="run `portfolio hook install --global`, or set core.hooksPath in this repository",
        )


def _path_of(place: HookPlace, hook: str) -> Path:
    """Give the file that is to be ours; beside husky its own file, unless the team keeps one."""
    if not place.is_husky:
        return place.hooks / hook
    own = place.hooks.parent / hook
    return place.hooks / hook if os.path.lexists(own) and not hook_files.is_ours(own) else own


def _install_one(place: HookPlace, hook: str, notes: list[str]) -> HookLine:
    path = _path_of(place, hook)
    if not place.is_husky:
        text = hook_files.hook_text(hook)
    elif path.parent == place.hooks:
        text = hook_files.hook_text(hook, others=RUN_HUSKY)
        notes.append(
            f".husky/{hook} is your team's, so ours is in .husky/_, which husky writes anew with"
            " every `npm install`: run `portfolio hook install` again then"
        )
    else:
        text = hook_files.hook_text(hook, others=":")
        _leave_out_of_git(place, f"/{path.relative_to(place.root).as_posix()}")
    return line_of(path, hook_files.install_file(path, text))


def _leave_out_of_git(place: HookPlace, pattern: str) -> None:
    """Keep a file of this user's out of the team's repository."""
    exclude = place.shared / "info" / "exclude"
    try:
        text = exclude.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        text = ""
    if pattern not in text.splitlines():
        exclude.parent.mkdir(parents=True, exist_ok=True)
        end = "" if not text or text.endswith("\n") else "\n"
        with exclude.open("a", encoding="utf-8") as file:
            file.write(f"{end}{pattern}\n")


def _remove_one(place: HookPlace, hook: str) -> HookLine:
    paths = [place.hooks / hook, *([place.hooks.parent / hook] if place.is_husky else [])]
    done = [(path, hook_files.remove_file(path)) for path in paths]
    return line_of(*next((one for one in done if one[1] != "absent"), done[0]))


def _answer(
    asked: Literal["install", "uninstall", "status"],
    place: HookPlace,
    lines: list[HookLine],
    notes: list[str],
) -> HookAnswer:
    is_installed = any(line.status in LASTING for line in lines)
    said = told(place.root) if is_installed else Said()
    wrong = {
        "overwritten": "is not ours any more",
        "program-gone": "points to a portfolio that is gone",
    }
    notes += [
        f"{line.hook}: {line.file} {wrong[line.status]}; run `portfolio hook install` again"
        for line in lines
        if line.status in wrong
    ]
    if said.is_outdated:
        notes.append("the habit of this repository has changed; run `portfolio hook install` again")
    return HookAnswer(
        asked=asked,
        repository=str(place.root),
        folder=str(place.hooks),
        is_installed=is_installed,
        hooks=tuple(lines),
        mode=said.mode,
        style=said.style,
        why=said.why,
        branch=said.branch,
        next_mark=said.mark,
        notes=tuple(notes),
    )
