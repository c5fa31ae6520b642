"""What `sync` costs over 100,000 commits in five repositories, beside git's own log of them."""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from benchmarks.repositories.making import make_adas, run_git
from benchmarks.timing import Cost, program, run
from portfolio.settings import Home, set_value, write_once

REPOSITORIES: Final = ("api", "web", "app", "docs", "tools")
EACH: Final = 20_000  # commits
ROUNDS: Final = 3
BEGAN: Final = 1_700_000_000
WORDS: Final = [
    "add",
    "fix",
    "move",
    "the",
    "a",
    "parser",
    "page",
    "cache",
    "test",
    "of",
    "for",
    "when",
    "cart",
    "user",
    "list",
    "table",
]
FLOOR: Final = (sys.executable, "-m", "benchmarks.peers", "empty")


def commits() -> Iterator[str]:
    """Compare a first `sync` with git's logs, and the next with a command on an empty store."""
    with tempfile.TemporaryDirectory() as folder:
        for number, name in enumerate(REPOSITORIES):
            write_repository(Path(folder, name), name, count=EACH, seed=number)
        costs = _measured(Path(folder))
    first, again = costs["first"], costs["again"]
    what = f"`sync` of {EACH * len(REPOSITORIES):,} commits in five repositories, all of it new"
    yield f"| {what} / `git log --format=%H%x00%B`, CPU | {first / costs['git']:.2f} | 2 |"
    yield (
        "| a second `sync` over the same repositories / a Typer command that opens and queries an"
        f" empty store, CPU | {again / costs['empty']:.2f} | 1.3 |"
    )


def write_repository(folder: Path, name: str, *, count: int, seed: int) -> None:
    """Write a history of squashes, merged branches and direct commits; it is packed, as clones."""
    folder.mkdir(parents=True)
    run_git(folder, "init", "--quiet", "--initial-branch=main")
    make_adas(folder, name)
    stream = "".join(_stream(random.Random(seed), name, count))
    run_git(folder, "fast-import", "--quiet", stdin=stream)
    run_git(folder, "repack", "-adq")


def _stream(rng: random.Random, name: str, count: int) -> Iterator[str]:
    """Write what `git fast-import` reads: one commit of five is on a branch that is merged."""
    yield "blob\nmark :1\ndata 2\nx\n\n"
    number, tip, left = 2, 0, count
    while left > 0:
        if tip and rng.random() < 0.1 and left > 3:
            side = tip
            for _ in range(2):
                said = f"{_words(rng, 6)}\n\nWork: {name}.{number}\n"
                yield _commit(number, said, branch="topic", parents=[side])
                number, side, left = number + 1, number, left - 1
            said = f"Merge pull request #{number} from ada/topic-{number}\n\n{_words(rng, 6)}\n"
            yield _commit(number, said, branch="main", parents=[tip, side])
        else:
            yield _commit(number, _message(rng, number), branch="main", parents=[tip][: bool(tip)])
        number, tip, left = number + 1, number, left - 1
    yield "reset refs/heads/topic\nfrom 0000000000000000000000000000000000000000\n\n"


def _message(rng: random.Random, number: int) -> str:
    """Write a squash with bullets, a tagged commit, or what else people write."""
    title = f"{rng.choice(('feat', 'fix', 'chore', 'docs'))}: {_words(rng, 6)}"
    kind = rng.random()
    if kind < 0.3:
        bullets = "\n".join(f"* {_words(rng, 8)}" for _ in range(rng.randint(1, 8)))
        return f"{title} (#{number})\n\n{bullets}\n"
    if kind < 0.4:
        return f"xfeat::A-{number // 4}::W0-{number % 900:03}::BUILD {_words(rng, 6)}\n"
    return f"{title}\n\n{_words(rng, rng.randint(0, 60))}\n"


def _words(rng: random.Random, count: int) -> str:
    return " ".join(rng.choices(WORDS, k=count))


def _commit(number: int, message: str, *, branch: str, parents: Sequence[int]) -> str:
    who = f"Ada Test <ada@example.com> {BEGAN + number * 60} +0000"
    lines = [
        f"commit refs/heads/{branch}",
        f"mark :{number}",
        f"author {who}",
        f"committer {who}",
        f"data {len(message.encode())}",
        message,
        *(f"{('from', 'merge')[place]} :{one}" for place, one in enumerate(parents)),
        # Every commit has a tree of its own, as real ones do.
        f"M 100644 :1 {number % 100}/{number}",
    ]
    return "\n".join(lines) + "\n\n"


def _measured(folder: Path) -> dict[str, float]:
    """Run all in turns, after one round that is not counted; give the median CPU of each."""
    costs: dict[str, list[float]] = {}
    for number in range(ROUNDS + 1):
        home = Home(folder / f"home-{number}")
        write_once(home)
        set_value(home, "repos", [str(folder / name) for name in REPOSITORIES])
        ours = (program("portfolio"), "--home", str(home.folder), "sync")
        env = {"HOME": str(folder / "nobody"), "GIT_CONFIG_GLOBAL": os.devnull}
        logs = [
            run(("git", "-C", str(folder / name), "log", "--format=%H%x00%B"), env=env)
            for name in REPOSITORIES
        ]
        found: dict[str, list[Cost]] = {"git": logs}
        for name in ("first", "again"):
            found[name] = [run(ours, env=env)]
        found["empty"] = [run((*FLOOR, str(folder / "empty.duckdb")), env=env)]
        if number:
            for name, cost in found.items():
                costs.setdefault(name, []).append(sum(one.cpu_s for one in cost))
    return {name: statistics.median(found) for name, found in costs.items()}


def main() -> None:
    """Measure this alone and print it."""
    for row in commits():
        sys.stdout.write(row + os.linesep)


if __name__ == "__main__":
    main()
