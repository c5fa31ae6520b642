"""A repository in which operations of git are done, and what is true of its items."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from benchmarks.git_model import Item, Landing
from benchmarks.repositories.making import Made, marked

T = TypeVar("T")


class Play:
    """One repository in which operations are done, and what is true of its items."""

    def __init__(self, folder: Path, name: str) -> None:
        self.made = Made(folder / name, name)
        self.items: list[Item] = []
        self.undoing: list[tuple[str, Landing]] = []  # branches that take something back
        self.count = 0

    def looked(self) -> None:
        """Note that the program looks now."""
        told = self.made.git("log", "--all", "--format=%B")
        for item in self.items:
            item.is_free = True
            item.is_seen = (
                item.is_seen or f"::{item.name}::" in told or f"Work: {item.name}" in told
            )

    def undoable(self) -> list[Landing]:
        """Give what can be taken back without a conflict and without a doubt about the truth."""
        landings = {
            id(one.landing): one.landing
            for one in self.items
            if one.landing and not one.is_reworked
        }
        return [
            part
            for one in landings.values()
            if not any(part.is_waiting for _, part in one.chain())
            for part in one.undoable()
        ]

    def revert(self, target: Landing) -> None:
        """Revert it with git, the last commit first."""
        parent = ("-m", "1") if target.is_merge else ()
        self.made.git("revert", "--no-edit", *parent, *reversed(target.commits))

    def landed(self, item: Item, landing: Landing, *, is_free: bool = True) -> None:
        """Note that an item, and all that its branch holds, landed."""
        for one in self.brought(item):
            one.landing = landing
            one.is_free = is_free

    def brought(self, item: Item) -> list[Item]:
        """Give an item, and those whose branches were merged into its."""
        inside = [one for one in self.items if one.carried_by is item]
        return [item, *(found for one in inside for found in self.brought(one))]

    def open_items(self) -> list[Item]:
        """Give the items whose branches may be worked on and landed."""
        return [one for one in self.items if one.branch and not one.landing and not one.is_done]

    def merged_items(self) -> list[Item]:
        """Give the items that a merge commit brought in, and whose branches are still there."""
        found = [one for one in self.items if one.branch and one.landing and not one.is_done]
        return [one for one in found if one.landing in self._calm_merges()]

    def _calm_merges(self) -> list[Landing]:
        """Give the merges that nothing ever took back, or is about to."""
        landings = [one.landing for one in self.items if one.landing and one.landing.is_merge]
        return [one for one in landings if not one.undone_by and not one.is_waiting]

    def begin(self, base: str, pick: float) -> Item:
        """Begin an item on a branch of its own."""
        number = self.next_number()
        item = self.new_item(branch=f"topic-{number}", is_tagged=pick * 7 % 1 < 0.6)
        self.made.git("checkout", "-q", "-b", item.branch, base)
        for step in ("SPEC", "BUILD")[: 1 + (pick * 3 % 1 < 0.5)]:
            self.commit(item, step)
        self.go("main")
        return item

    def new_item(self, *, branch: str, is_tagged: bool) -> Item:
        """Note an item that begins."""
        item = Item(f"{self.made.name.upper()}-{self.next_number()}", is_tagged, branch)
        self.items.append(item)
        return item

    def commit(self, item: Item, step: str) -> str:
        """Commit a step of an item on the branch that is checked out, and give its hash."""
        message = f"Part {self.next_number()}"
        if item.is_tagged:
            return self.made.direct(f"xfeat::{item.name}::W0-001::{step} {message}")
        return self.made.direct(marked(message, item.name, "trailer"))

    def change_last(self) -> None:
        """Change the file that the last commit made."""
        file = self.made.git("show", "--format=", "--name-only", "HEAD").splitlines()[0]
        with (self.made.folder / file).open("a", encoding="utf-8") as text:
            text.write("more\n")
        self.made.git("add", "--all")

    def moved(self, item: Item) -> None:
        """Go back to main; the last commit of a branch may be another one now."""
        if item.ship_commit:
            item.ship_commit = (
                "" if not item.is_straight else self.made.git("rev-parse", item.branch)
            )
        self.go("main")

    def since(self, before: str) -> list[str]:
        """Give the commits on top of another, oldest first."""
        return self.made.git("rev-list", "--reverse", f"{before}..HEAD").split()

    def forked(self, item: Item) -> str:
        """Give where the branch of an item leaves main."""
        return self.made.git("merge-base", "main", item.branch)

    def has_branch(self, branch: str) -> bool:
        """Tell whether a branch is there."""
        return self.made.git("for-each-ref", f"refs/heads/{branch}") != ""

    def go(self, branch: str) -> None:
        """Go to a branch."""
        self.made.git("checkout", "-q", branch)

    def next_number(self) -> int:
        """Give a number that was not given before."""
        self.count += 1
        return self.count


def picked(found: Sequence[T], pick: float) -> T | None:
    """Give one of what was found; None where there is none."""
    return found[int(pick * len(found))] if found else None
