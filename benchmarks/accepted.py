"""Show that commitlint and release-please accept commits that the hook marked with a trailer.

`python -m benchmarks.accepted` installs both by npm into a throw-away folder. Each message is
committed without the hook and with it: commitlint (config-conventional) may find nothing in the
second that it did not find in the first, and release-please must make the same version and the same
release notes of both.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Final, TypedDict

from benchmarks.hooks import git_in, repository_at
from portfolio.commands import hook
from portfolio.settings import Home, Settings

PACKAGES: Final = (
    *("@commitlint/load", "@commitlint/lint", "@commitlint/config-conventional"),
    "release-please",
)
JUDGE: Final = """
import load from '@commitlint/load'
import lint from '@commitlint/lint'
import commits from 'release-please/build/src/commit.js'
import changelog from 'release-please/build/src/changelog-notes/default.js'
import versioning from 'release-please/build/src/versioning-strategies/default.js'
import versions from 'release-please/build/src/version.js'
import {readFileSync} from 'node:fs'
const said = await load({extends: ['@commitlint/config-conventional']})
const options = {parserOpts: said.parserPreset?.parserOpts}
const place = {owner: 'o', repository: 'r', version: '1.0.1', previousTag: 'v1.0.0',
  currentTag: 'v1.0.1', targetBranch: 'main'}
const judged = []
for (const message of JSON.parse(readFileSync(0, 'utf8'))) {
  const {errors, warnings} = await lint(message, said.rules, options)
  const read = commits.parseConventionalCommits([{sha: 'a', message, files: []}])
  const next = new versioning.DefaultVersioningStrategy()
    .bump(versions.Version.parse('1.0.0'), read)
  judged.push({
    found: [...errors, ...warnings].map(one => one.name),
    version: next.toString(),
    notes: await new changelog.DefaultChangelogNotes().buildNotes(read, place),
  })
}
console.log(JSON.stringify(judged))
"""
SUBJECTS: Final = (
    "feat: add the form",
    "fix(api): mend the form (#12)",
    "feat(api)!: drop the form",
    "chore: bump the form from 1.0 to 2.0",
)
BODIES: Final = (
    "",
    "Why it is so.",
    "Why it is so.\n\n- one\n- two: three",
    "Some words: and more\nof them # here",
    "A rule follows\n\n---\n\nand more.",
)
FOOTERS: Final = (
    "",
    "BREAKING CHANGE: the form is gone",
    "Signed-off-by: Ada Test <ada@example.com>",
    "Refs: #12\nCo-authored-by: Bob <bob@example.com>",
    "Closes #12",
    "BREAKING CHANGE: the form is gone\n\nRefs #7",
)


class Judged(TypedDict):
    """What both programs make of one message."""

    found: list[str]  # rules of commitlint that it breaks
    version: str  # after 1.0.0
    notes: str  # of the release


def accepted() -> Iterator[str]:
    """Judge every message, marked and not; give what was found."""
    with tempfile.TemporaryDirectory() as folder:
        bare, marked = _committed(Path(folder))
        judged = _judged(Path(folder), [*bare, *marked])
    differ = [
        (text, before, after)
        for text, before, after in zip(
            marked, judged[: len(bare)], judged[len(bare) :], strict=True
        )
        if before != after
    ]
    refused = sum(bool(one["found"]) for one in judged)
    told = sum("the form" in one["notes"] for one in judged)
    yield (
        f"{len(marked)} messages, each without the mark and with it: {refused} that commitlint"
        f" finds fault with, {told} of {len(judged)} in the notes; {len(differ)} differ"
    )
    for text, before, after in differ:
        yield f"{text!r}\n  without {json.dumps(before)}\n  with    {json.dumps(after)}"


def _committed(folder: Path) -> tuple[list[str], list[str]]:
    """Commit every message without the hook and with it; give what stands in the commits."""
    parts = product(SUBJECTS, BODIES, FOOTERS)
    messages = ["\n\n".join(filter(None, said)) for said in parts]
    home = Home(folder / "home")
    both: list[list[str]] = []
    for name in ("bare", "marked"):
        place = repository_at(folder / name, "feature/412-form")
        if name == "marked":
            hook.install(home, Settings(), folder=place)
        for message in messages:
            git_in(place, "commit", "--quiet", "--allow-empty", f"--message={message}")
        log = git_in(place, "log", "--reverse", "--format=%B%x00", "main..")
        both.append([text.strip("\n") for text in log.split("\0")][:-1])
    if not all(text.rpartition("\n")[2] == "Work: marked.412" for text in both[1]):
        raise RuntimeError("a message has no trailer at its end")
    return both[0], both[1]


def _judged(folder: Path, messages: list[str]) -> list[Judged]:
    subprocess.run(["npm", "install", "--silent", *PACKAGES], cwd=folder, check=True)
    (folder / "judge.mjs").write_text(JUDGE, encoding="utf-8")
    done = subprocess.run(
        ["node", "judge.mjs"],
        cwd=folder,
        input=json.dumps(messages).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    lines = done.stdout.decode().splitlines()  # release-please tells what it cannot read above
    found: list[Judged] = json.loads(lines[-1])
    return found


def main() -> None:
    """Print what was found."""
    for line in accepted():
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
