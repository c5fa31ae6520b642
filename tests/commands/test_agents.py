from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portfolio.commands import agents
from portfolio.errors import NotARepositoryError
from portfolio.ingest import agent_files
from tests.checkouts import Repository

BEGUN = b"<!-- portfolio: begin 1 -->\n"  # and not ended, as somebody took that line out
texts = st.lists(
    st.sampled_from([b"# Rules", b"\n", b"\r\n", b"\r", b" ", b"be nice", b"\xff", BEGUN])
).map(b"".join)


@pytest.fixture
def shop(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "shop")


@given(text=texts | st.binary())
@example(text=b"be nice\r")
@example(text=BEGUN + b"be nice")
def test_what_is_put_in_and_taken_out_leaves_every_byte_as_it_was(text: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "AGENTS.md")
        path.write_bytes(text)

        assert agent_files.put_in(path, agents.BLOCK) == "installed"
        once = path.read_bytes()
        assert agent_files.put_in(path, agents.BLOCK) == "unchanged"
        assert path.read_bytes() == once
        assert agent_files.take_out(path) == "removed"
        assert path.read_bytes() == text
        assert agent_files.take_out(path) == "absent"


@given(before=texts, behind=texts)
def test_an_older_block_is_brought_up_to_date_in_its_place(before: bytes, behind: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "AGENTS.md")
        path.write_bytes(before + b"x\n")
        agent_files.put_in(path, "what it said before")
        path.write_bytes(path.read_bytes() + behind)

        assert agent_files.put_in(path, agents.BLOCK) == "updated"
        assert b"what it said before" not in path.read_bytes()
        agent_files.take_out(path)
        assert path.read_bytes() == before + b"x\n" + behind


@given(behind=texts.filter(bool), end=st.sampled_from([b"\n", b"\r\n"]))
@example(behind=b"b", end=b"\n")
def test_what_was_written_behind_the_block_stays_a_line_of_its_own(
    behind: bytes, end: bytes
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "AGENTS.md")
        path.write_bytes(b"be nice" + end + b"a")
        agent_files.put_in(path, agents.BLOCK)
        path.write_bytes(path.read_bytes() + behind)

        assert agent_files.take_out(path) == "removed"
        assert path.read_bytes() == b"be nice" + end + b"a" + end + behind


def test_a_file_made_for_the_block_goes_with_it(shop: Repository) -> None:
    (made,) = agents.install(shop.folder).files

    assert (Path(made.file).name, made.status) == ("AGENTS.md", "installed")
    assert b"Work: ID" in Path(made.file).read_bytes()
    agents.uninstall(shop.folder)
    assert not Path(made.file).exists()


@pytest.mark.parametrize("text", ["@AGENTS.md\n", "See @./AGENTS.md for the rules.\n"])
def test_a_claude_file_that_takes_agents_in_gets_no_second_block(
    shop: Repository, text: str
) -> None:
    (shop.folder / "AGENTS.md").write_text("be nice\n", encoding="utf-8")
    (shop.folder / "CLAUDE.md").write_text(text, encoding="utf-8")

    found = agents.install(shop.folder).files

    assert [Path(one.file).name for one in found] == ["AGENTS.md"]


def test_a_link_to_the_other_file_gets_no_second_block(shop: Repository) -> None:
    (shop.folder / "AGENTS.md").write_text("be nice\n", encoding="utf-8")
    (shop.folder / "CLAUDE.md").symlink_to("AGENTS.md")

    assert len(agents.install(shop.folder).files) == 1


def test_lines_of_a_file_with_windows_ends_have_them_all(shop: Repository) -> None:
    path = shop.folder / "CLAUDE.md"
    path.write_bytes(b"be nice\r\n")

    agents.install(shop.folder)

    text = path.read_bytes()
    assert text.count(b"\n") == text.count(b"\r\n") > 10


def test_outside_a_repository_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(NotARepositoryError):
        agents.install(tmp_path)
    assert not any(tmp_path.iterdir())
