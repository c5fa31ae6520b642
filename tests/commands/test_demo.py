"""The demo goes the whole way on its own clock."""

from __future__ import annotations

from pathlib import Path

from portfolio.commands.demo import demo
from portfolio.settings import data_folder
from portfolio.store.catalogue import read_catalogue


def test_the_demo_shows_every_stage_with_a_sentence_on_it(tmp_path: Path) -> None:
    catalogue = read_catalogue(data_folder() / "plans.toml")

    answer = demo(catalogue=catalogue, seed=7)

    shown = " ".join(step.command for step in answer.steps)
    for command in ("init", "account add", "methodology add", "log-window", "report"):
        assert f"portfolio {command}" in shown
    assert all(step.output and step.reading.endswith(".") for step in answer.steps)
    assert all(name in answer.steps[3].output for name in ("claude-a", "codex-a", "glm-a"))
