"""The rival that reading logs is measured against: ccusage, its native program of one version."""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from platformdirs import user_cache_path

from benchmarks.corpus.truth import NOTHING, Tokens

VERSION: Final = "20.0.24"
MACHINES: Final = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}
# What each of its commands is asked for, by the source of the logs it reads.
COMMANDS: Final[Mapping[str, tuple[str, ...]]] = {
    "claude": ("claude", "daily", "--json", "--offline"),
    "codex": ("codex", "daily", "--json", "--offline"),
}


def fetched() -> Path | None:
    """Give its program, fetched once by npm into the user's cache; None where that fails."""
    folder = user_cache_path("portfolio-benchmarks") / f"ccusage-{VERSION}"
    name = f"ccusage-{sys.platform}-{MACHINES.get(platform.machine().lower(), '')}"
    found = folder / "node_modules" / "@ccusage" / name / "bin" / "ccusage"
    if not found.exists() and (npm := shutil.which("npm")):
        folder.mkdir(parents=True, exist_ok=True)
        command = (npm, "install", "--prefix", str(folder), "--no-fund", f"ccusage@{VERSION}")
        subprocess.run(command, check=False, capture_output=True)
    if not found.exists():
        return None
    found.chmod(0o755)
    return found


def totals(program: Path, source: str, *, home: Path) -> dict[str, Tokens]:
    """Give the tokens of each model as it counts them."""
    command = (str(program), *COMMANDS[source])
    done = subprocess.run(command, env={"HOME": str(home)}, check=True, capture_output=True)
    found: dict[str, Tokens] = {}
    for day in json.loads(done.stdout)["daily"]:
        for model, counts in _models(day):
            known = found.get(model, NOTHING)
            found[model] = known.plus(
                Tokens(
                    counts["inputTokens"],
                    counts["outputTokens"],
                    counts["cacheReadTokens"],
                    counts["cacheCreationTokens"],
                )
            )
    return found


def _models(day: dict[str, Any]) -> list[tuple[str, dict[str, int]]]:
    if "models" in day:
        return list(day["models"].items())
    return [(one["modelName"], one) for one in day["modelBreakdowns"]]
