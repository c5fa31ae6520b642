"""A shop whose feature came in by any of the ways there are, with its test, to be run once more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from tests.checkouts import Repository
from tests.world import World

if TYPE_CHECKING:
    import pytest

How = Literal["merge", "squash", "rebase", "fast-forward", "tags"]

HOWS: tuple[How, ...] = ("merge", "squash", "rebase", "fast-forward", "tags")
BEGIN = datetime(2026, 11, 2, 8, tzinfo=UTC)
NOW = "2026-11-10T12:00Z"
SOLUTION = {"cart.py": "def total(items): return sum(items)\n"}
TEST = {"tests/test_cart.py": "from cart import total\n\ndef test_it(): assert total([1]) == 1\n"}
PYTEST = {"pyproject.toml": "[tool.pytest.ini_options]\n", "README.md": "A shop\n"}


class Shipped(NamedTuple):
    """A feature that came in."""

    item: str
    base: str  # the commit that its work began on


class TwinWorld(World):
    """A world in which a feature shipped."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        super().__init__(folder)
        self.folder = folder
        self.user = folder / "user"
        self.user.mkdir()
        patch.setenv("HOME", str(self.user))
        self.git = Repository(self.repository)
        self._minutes = 0

    def run_git(self, *arguments: str) -> str:
        """Run git in the repository, seven minutes after the last time."""
        self._minutes += 7
        return self.git.git(*arguments, at=BEGIN + timedelta(minutes=self._minutes))

    def write(self, message: str, files: Mapping[str, str] | None = None) -> str:
        """Commit some files, and give the hash."""
        for name, text in (files or {}).items():
            path = self.repository / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.run_git("add", "--all")
        self.run_git("commit", "-q", "--allow-empty", "-m", message)
        return self.git.head()

    def ship(self, how: How, *, ticket: str = "CART-1", title: str = "Add a total") -> Shipped:
        """Bring a feature in; others are committed before, beside and after it."""
        if not self.repo.head.is_valid():
            self.write("Begin", PYTEST)
        base = self.write(f"Before {ticket}")
        item = ticket
        # The second one changes what the first one brought.
        more = "" if ticket == "CART-1" else f"# {ticket}\n"
        solution, test = (
            {name: text + more for name, text in one.items()} for one in (SOLUTION, TEST)
        )
        if how == "tags":
            self.write(f"xfeat::{ticket}::W0-001::BUILD {title}", solution)
            self.write("Beside it", {"tests/test_other.py": "other\n"})
            self.write(f"xfeat::{ticket}::W0-001::REVIEW test it", test)
        else:
            self.run_git("checkout", "-q", "-b", f"feat/{ticket}")
            self.write(title, solution)
            self.write("Test it", test)
            if how == "rebase":
                self.run_git("checkout", "-q", "main")
                base = self.write("Beside it", {"tests/test_other.py": "other\n"})
                self.run_git("checkout", "-q", f"feat/{ticket}")
                self.run_git("rebase", "-q", "main")
            self.run_git("checkout", "-q", "main")
            if how in ("merge", "squash"):
                beside = self.write("Beside it", {"tests/test_other.py": "other\n"})
                base = beside if how == "squash" else base
            if how == "squash":
                self.run_git("merge", "-q", "--squash", f"feat/{ticket}")
                self.run_git("commit", "-q", "-m", f"{title} (#12)")
                item = "shop.12"
            else:
                flag = "--no-ff" if how == "merge" else "--ff-only"
                self.run_git("merge", "-q", flag, f"feat/{ticket}")
        self.write("Later", {"later.txt": "later\n"})
        return Shipped(item, base)

    def sync(self, at: str = NOW) -> dict[str, Any]:
        """Take in what is new."""
        return self.ok("sync", "--at", at, "--json").document

    def twin(self, item: str, *more: str | Path, on: str = "claude-b") -> dict[str, Any]:
        """Prepare a twin."""
        return self.ok("twin", item, "--on", on, *more, "--at", NOW, "--json").document


def ready(folder: Path, patch: pytest.MonkeyPatch, how: How) -> tuple[TwinWorld, Shipped]:
    """Give a world in which a feature came in so, taken in, with two accounts."""
    world = TwinWorld(folder, patch)
    world.set_up("claude-a:claude-pro", "claude-b:claude-pro", "codex-a:codex-plus")
    shipped = world.ship(how)
    world.sync()
    return world, shipped
