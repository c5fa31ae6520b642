"""What hooks add to `git commit`: ours, the pre-commit framework's, commitizen's; against no hook.

`python -m benchmarks.hooks --peers` puts pre-commit and commitizen into a throw-away environment.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from portfolio.commands import hook
from portfolio.settings import Home, Settings

ROUNDS: Final = 60
WHO: Final = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}
TAG: Final = "xfeat::AUTH-01::W0-001::BUILD add the form"
MESSAGES: Final = {
    "tag, to be written": ("AUTH-01", "add the form"),
    "trailer, to be written": ("fix/412-form", "mend the form"),
    "tag that is there": ("AUTH-01", TAG),
}
PEERS: Final = ("pre-commit with one local regex", "`cz check`")
LOCAL_REGEX: Final = """default_install_hook_types: [commit-msg]
repos:
- repo: local
  hooks:
  - {id: form, name: form, language: pygrep, entry: NEVER, types: [text], stages: [commit-msg]}
"""
CZ_HOOK: Final = '#!/bin/sh\nexec {program} check --allow-abort --commit-msg-file "$1"\n'


def hooks(peers: Path | None = None) -> Iterator[str]:
    """Compare what our two hooks add to a commit with `python`, and with peers if they are here.

    Args:
        peers: The folder with the programs `pre-commit` and `cz`.
    """
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder, "home"))
        home.folder.mkdir()
        (home.folder / "window").write_text(f"epoch 0\nW0-001 0 {10**11}\n", encoding="utf-8")
        commits: dict[str, tuple[Path, str]] = {}
        for name, (branch, message) in MESSAGES.items():
            commits[f"none: {name}"] = (
                repository_at(Path(folder, f"none {name}"), branch),
                message,
            )
            marked = repository_at(Path(folder, f"ours {name}"), branch)
            hook.install(home, Settings(), folder=marked)
            commits[f"ours: {name}"] = (marked, message)
        commits |= _of_peers(Path(folder), peers) if peers else {}
        waits = _in_turns(commits)
        _check_marks(commits)
    base = statistics.median(waits.pop("python"))
    medians = {name: statistics.median(found) for name, found in waits.items()}
    added = {
        name: (medians[f"ours: {name}"] - medians[f"none: {name}"]) / base for name in MESSAGES
    }
    yield from (
        f"| what the two hooks add to `git commit` ({name}) / `python -c pass`, wall"
        f" | {ratio:.2f} | 2 |"
        for name, ratio in added.items()
    )
    bare = medians["none: trailer, to be written"]
    for name in medians.keys() - {
        f"{who}: {what}" for who in ("none", "ours") for what in MESSAGES
    }:
        theirs = (medians[name] - bare) / base
        yield (
            f"| the same (trailer, to be written) / what {name} adds, wall"
            f" | {added['trailer, to be written'] / theirs:.3f} | 0.1 |"
        )


def repository_at(folder: Path, branch: str) -> Path:
    """Make a repository that is on a branch."""
    folder.mkdir()
    git_in(folder, "init", "--quiet", "--initial-branch=main")
    git_in(folder, "commit", "--quiet", "--allow-empty", "--message=Begin")
    git_in(folder, "checkout", "--quiet", "-b", branch)
    return folder


def _of_peers(folder: Path, peers: Path) -> Mapping[str, tuple[Path, str]]:
    """Make a repository for each peer, whose hook looks at the message alone."""
    framework = repository_at(folder / "framework", "fix/412-form")
    (framework / ".pre-commit-config.yaml").write_text(LOCAL_REGEX, encoding="utf-8")
    git_in(framework, "add", ".pre-commit-config.yaml")
    subprocess.run(
        [peers / "pre-commit", "install"], cwd=framework, check=True, capture_output=True
    )
    commitizen = repository_at(folder / "commitizen", "fix/412-form")
    path = commitizen / ".git" / "hooks" / "commit-msg"
    path.write_text(CZ_HOOK.format(program=peers / "cz"), encoding="utf-8")
    path.chmod(0o755)
    message = "fix: mend the form"
    return dict(zip(PEERS, ((framework, message), (commitizen, message)), strict=True))


def _check_marks(commits: Mapping[str, tuple[Path, str]]) -> None:
    """Make sure that what was measured was done."""
    for name, (folder, message) in commits.items():
        said = git_in(folder, "log", "-1", "--format=%B").strip()
        is_marked = said == TAG or (said.startswith(message) and said.endswith(".412"))
        if is_marked != (name.startswith("ours") or message == TAG):
            raise RuntimeError(f"{name}: {said!r}")


def _in_turns(commits: Mapping[str, tuple[Path, str]]) -> dict[str, list[float]]:
    """Commit once a round in every repository, and start Python; give the seconds they took."""
    waits: dict[str, list[float]] = {name: [] for name in ("python", *commits)}
    for number in range(ROUNDS + 1):
        for name, found in waits.items():
            begun = time.perf_counter()
            if name == "python":
                subprocess.run([sys.executable, "-c", "pass"], check=True)
            else:
                folder, message = commits[name]
                git_in(folder, "commit", "--quiet", "--allow-empty", f"--message={message}")
            if number:
                found.append(time.perf_counter() - begun)
    return waits


def git_in(folder: Path, *arguments: str) -> str:
    """Run git in a folder, without any settings of the user's; give what it says."""
    environment = {"HOME": str(folder.parent), "PATH": os.environ["PATH"], **WHO}
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True
    )
    return done.stdout.decode()


def _install_peers(folder: Path) -> Path:
    venv.create(folder, with_pip=True)
    subprocess.run(
        [folder / "bin" / "pip", "install", "--quiet", "pre-commit", "commitizen"], check=True
    )
    return folder / "bin"


def main(arguments: Sequence[str]) -> None:
    """Print what was measured, with the peers if `--peers` is said."""
    with tempfile.TemporaryDirectory() as folder:
        peers = _install_peers(Path(folder)) if "--peers" in arguments else None
        for row in hooks(peers):
            sys.stdout.write(row + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
