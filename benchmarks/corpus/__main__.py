"""Write a corpus into a folder and print what it truly says."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks.corpus.making import MB, Size, write_corpus


def main() -> None:
    """Write the corpus that the arguments ask for."""
    usual = Size()
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpus", description=__doc__)
    parser.add_argument("home", type=Path, help="an empty folder that plays the user's home")
    parser.add_argument("--claude-mb", type=int, default=usual.claude_bytes // MB)
    parser.add_argument("--claude-files", type=int, default=usual.claude_files)
    parser.add_argument("--codex-mb", type=int, default=usual.codex_bytes // MB)
    parser.add_argument("--codex-files", type=int, default=usual.codex_files)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    size = Size(
        claude_bytes=asked.claude_mb * MB,
        claude_files=asked.claude_files,
        codex_bytes=asked.codex_mb * MB,
        codex_files=asked.codex_files,
    )
    truth = write_corpus(asked.home, seed=asked.seed, size=size)
    json.dump(truth.document(), sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
