"""The notebooks: they call the library and define nothing, and show what a fresh run shows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LARGEST = 60_000  # bytes, outputs included
DEFINING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
LINK = re.compile(r"\]\(([^)#]+)\)")


def read(path: Path) -> Any:
    parse: Any = nbformat.read  # it has no types
    return parse(path, as_version=4)


def code(notebook: Any) -> Iterator[str]:
    yield from (cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code")


def outputs(notebook: Any) -> list[str]:
    """Give what each cell shows as text; of a picture, that it is one."""
    found = []
    for cell in notebook["cells"]:
        for shown in cell.get("outputs", ()):
            if shown.get("name") == "stderr":  # as of matplotlib, which finds its fonts once
                continue
            kinds = sorted(kind for kind in shown.get("data", {}) if kind.startswith("image/"))
            text = shown.get("data", {}).get("text/plain", shown.get("text", ""))
            found.append(f"{cell['id']}: {' '.join(kinds) or text}")
    return found


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder in which the first notebook plays the demo, and the others find it."""
    return tmp_path_factory.mktemp("notebooks")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_shows_what_is_stored_in_it(
    path: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MPLCONFIGDIR", str(place / "fonts"))
    stored, fresh = read(path), read(path)
    for cell in fresh["cells"]:
        cell.pop("outputs", None)
        if cell["cell_type"] == "code":
            cell["outputs"] = []

    NotebookClient(
        fresh, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(place)}}
    ).execute()

    assert outputs(fresh) == outputs(stored), f"run {path.name} again and store it"


def test_the_notebooks_define_nothing() -> None:
    assert len(NOTEBOOKS) == 3
    for path in NOTEBOOKS:
        for source in code(read(path)):
            nodes = [*ast.walk(ast.parse(source))]
            assert not any(isinstance(node, DEFINING) for node in nodes), source


def test_a_notebook_is_small_and_its_links_lead_somewhere() -> None:
    for path in NOTEBOOKS:
        assert path.stat().st_size < LARGEST, path.name
        texts = [cell["source"] for cell in read(path)["cells"] if cell["cell_type"] == "markdown"]
        for link in LINK.findall("\n".join(texts)):
            assert (path.parent / link).is_file(), link
