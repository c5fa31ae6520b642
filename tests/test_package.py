"""The wheel holds all that the program needs, wherever it is installed."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_the_wheel_alone_plays_the_demo_in_another_folder(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", str(tmp_path)],
        check=True,
        capture_output=True,
        cwd=ROOT,
    )
    wheel = next(tmp_path.glob("*.whl"))
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    # Before the checkout on the path, and started elsewhere: nothing of the checkout is used.
    env = {**os.environ, "PYTHONPATH": str(installed), "PORTFOLIO_HOME": str(tmp_path / "none")}

    def run(*code: str) -> str:
        done = subprocess.run(
            [sys.executable, "-P", *code],
            check=True,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**env, "PYTHONIOENCODING": "utf-8"},
            cwd=tmp_path,
        )
        return done.stdout

    where = run("-c", "import parsers, portfolio; print(portfolio.__file__, parsers.__file__)")
    demo = run("-m", "portfolio.cli", "demo")
    plans = run("-m", "portfolio.cli", "plans", "list")
    run("-m", "portfolio.cli", "init")
    run("-m", "portfolio.cli", "report", "--html", str(tmp_path / "page.html"))

    assert where.split() == [
        str(installed / name / "__init__.py") for name in ("portfolio", "parsers")
    ]
    assert "$ portfolio report" in demo
    assert "glm-max" in plans
    assert "At a glance" in (tmp_path / "page.html").read_text(encoding="utf-8")
