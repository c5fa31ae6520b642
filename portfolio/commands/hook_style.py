"""How commits are marked here, tag or trailer, and why: for `hook install` and `hook status`.

What the next commit would bear is asked of the hooks themselves, so that this cannot say otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from portfolio.ingest import hook_places
from portfolio.settings import data_folder

NEWEST: Final = 50  # subjects that show a habit
FEWEST: Final = 3  # of them written so, and half of all
CONVENTIONAL: Final = re.compile(
    r"(?:feat|fix|docs|style|refactor|perf|test|build|ci|chore|revert)(?:\([^)]*\))?!?: "
)
# Programs that need a conventional type to stand first, by the files that set them up.
TOOLS: Final = (
    ("commitlint", "commitlint.config.*"),
    ("commitlint", ".commitlintrc*"),
    ("release-please", "release-please-config.json"),
    ("release-please", ".release-please-manifest.json"),
    ("release-please", ".github/workflows/*release-please*"),
    ("semantic-release", ".releaserc*"),
    ("semantic-release", "release.config.*"),
    ("standard-version", ".versionrc*"),
    ("commitizen", ".cz.*"),
    ("git-cliff", "cliff.toml"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the hooks say of the next commit."""

    mode: str | None = None
    style: str | None = None
    branch: str | None = None
    mark: str | None = None
    why: tuple[str, ...] = ()
    is_outdated: bool = False  # the repository took up conventional commits, or gave them up


def habits(root: Path) -> list[str]:
    """Give what shows that a repository writes conventional commits; empty where nothing does."""
    found = dict.fromkeys(
        f"{tool} is set up here ({pattern})"
        for tool, pattern in TOOLS
        if any(True for _ in root.glob(pattern))
    )
    subjects = hook_places.newest_subjects(root, most=NEWEST)
    if has_habit(subjects):
        count = sum(map(bool, map(CONVENTIONAL.match, subjects)))
        found[f"{count} of the newest {len(subjects)} subjects are conventional commits"] = None
    return list(found)


def has_habit(subjects: Sequence[str]) -> bool:
    """Tell whether subjects show the habit of conventional commits.

    >>> has_habit(["feat: a", "fix(api): b", "chore!: c", "wip"]), has_habit(["feat: a"])
    (True, False)
    """
    count = sum(map(bool, map(CONVENTIONAL.match, subjects)))
    return count >= FEWEST and count * 2 >= len(subjects)


def told(root: Path) -> Said:
    """Tell how the next commit here would be marked, and why."""
    said = dict(hook_places.previewed(root, data_folder() / "hook"))
    item, style = said.get("item"), said.get("style")
    if not said or said.get("mode") == "off" or item is None:
        why = () if said.get("mode") == "off" else ("this branch is for no item that is known",)
        return Said(mode=said.get("mode"), branch=said.get("branch", "") or None, why=why)
    is_tag = style == "tag" and "window" in said
    mark = f"Work: {item}"
    if is_tag:
        mark = f"xfeat::{item}::{said['window']}::{said['step']}"
    elif style == "tag" and "windows" in said:
        mark = f"xfeat::{item}::(a window that opens then)::{said['step']}"
    return Said(
        mode=said.get("mode"),
        style="tag" if mark.startswith("xfeat") else "trailer",
        branch=said.get("branch") or None,
        mark=mark,
        why=tuple(_reasons(root, said)),
        is_outdated=said["rule"] == "ticket" and _is_outdated(root),
    )


def _is_outdated(root: Path) -> bool:
    kept = hook_places.config(root, "portfolio.conventional")
    return kept is not None and (kept == "true") != bool(habits(root))


def _reasons(root: Path, said: dict[str, str]) -> list[str]:
    rules = {
        "ticket": "the branch names this ticket",
        "number": "the branch names this number",
        "words": "the branch names no ticket or number, so its words count",
    }
    where = "`portfolio start` says so" if "started" in said else rules[said["rule"]]
    reasons = [f"the item: {where}"]
    if said["kind"]:
        return [*reasons, f"the trailer: the branch is a {said['kind']}, and a tag says feature"]
    if forced := hook_places.config(root, "portfolio.style"):
        reasons.append(f"the {forced}: portfolio.style in git's configuration says so")
    elif said["style"] == "tag":
        reasons.append("the tag: it is a ticket, and nothing here shows conventional commits")
    elif said["rule"] != "ticket":
        reasons.append("the trailer: only a ticket's id means the same in every repository")
    else:
        found = habits(root) or ["portfolio.conventional is true in git's configuration"]
        reasons += [f"the trailer: {habit}" for habit in found]
    if said["style"] == "tag" and "windows" not in said:
        reasons.append("no window is known yet, so there is a trailer in place of the tag")
    return reasons
