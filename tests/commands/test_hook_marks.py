"""What the git hook writes into the message of a commit, made by git itself."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from parsers.commits import parse_message
from portfolio.settings import Home
from tests.checkouts import BEGAN
from tests.hook_world import OPENED, Hooked

TAG = "xfeat::AUTH-01::W0-003::BUILD"


@pytest.fixture
def api(tmp_path: Path) -> Hooked:
    return Hooked(tmp_path / "api", home=Home(tmp_path / "home"))


def test_a_ticket_of_the_branch_becomes_a_tag_that_the_parser_reads(api: Hooked) -> None:
    api.branch("feature/AUTH-01-login")

    message = api.say("Add the form")

    assert message == f"{TAG} Add the form"
    [tag] = parse_message(message).tags
    assert (tag.kind, tag.item, tag.window, tag.step) == ("feature", "AUTH-01", "W0-003", "BUILD")


@pytest.mark.parametrize(
    ("branch", "item"),
    [
        ("fix/412-x", "api.412"),
        ("fix/AUTH-01", "AUTH-01"),
        ("docs/AUTH-02-guide", "AUTH-02"),
        ("claude/issue-88-parser", "api.88"),
        ("csv-export", "api.csv-export"),
    ],
)
def test_other_branches_get_a_trailer_that_git_reads(api: Hooked, branch: str, item: str) -> None:
    api.branch(branch)

    message = api.say("Mend it\n\nWhy it broke.")

    assert message == f"Mend it\n\nWhy it broke.\n\nWork: {item}"
    assert api.work() == [item]


@pytest.mark.parametrize("branch", ["main", "develop", "release/1.2"])
def test_a_commit_on_everybodys_branch_gets_no_mark(api: Hooked, branch: str) -> None:
    api.git("checkout", "-q", "-B", branch)

    assert api.say("Change it") == "Change it"


def test_a_commit_on_no_branch_gets_no_mark(api: Hooked) -> None:
    api.git("checkout", "-q", "--detach")

    assert api.say("Change it") == "Change it"


def test_without_a_known_window_the_ticket_stands_in_a_trailer(api: Hooked) -> None:
    (api.home.folder / "window").unlink()
    api.branch("AUTH-01")

    assert api.say("Add") == "Add\n\nWork: AUTH-01"


def test_the_hook_opens_a_window_where_none_holds_the_moment(api: Hooked) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    begins = int(now.timestamp()) - 604_800 * 2 - 50
    path = api.home.folder / "window"
    path.write_text(f"epoch {begins}\nW2-008 {begins} {begins + 9}\nW2-x 1 2\nnonsense\n")
    api.branch("AUTH-01")

    first, second = api.say("One", at=now), api.say("Two", at=now + timedelta(seconds=30))

    assert (first, second) == (
        "xfeat::AUTH-01::W2-009::BUILD One",
        "xfeat::AUTH-01::W2-009::BUILD Two",
    )
    opened = int(now.timestamp())
    assert path.read_text().splitlines()[4:] == [f"W2-009 {opened} {opened + 18000}"]


def test_a_moment_long_past_opens_no_window(api: Hooked) -> None:
    api.branch("AUTH-01")

    message = api.say("Late", at=BEGAN + timedelta(days=2))

    assert message == "Late\n\nWork: AUTH-01"
    assert len((api.home.folder / "window").read_text().splitlines()) == 3


def test_a_conventional_subject_is_left_in_front(api: Hooked) -> None:
    api.branch("AUTH-01")

    assert api.say("feat(login): add") == "feat(login): add\n\nWork: AUTH-01"


def test_a_repository_of_conventional_commits_gets_trailers(tmp_path: Path) -> None:
    api = Hooked(tmp_path / "api", home=Home(tmp_path / "home"))
    for subject in ("feat: a", "fix(x): b", "chore!: c"):
        api.say(subject)
    api = Hooked(api.folder, home=api.home)
    api.branch("AUTH-01")

    assert api.say("Add") == "Add\n\nWork: AUTH-01"


@pytest.mark.parametrize("style", ["tag", "trailer"])
def test_a_forced_style_rules_but_no_fix_is_called_a_feature(tmp_path: Path, style: str) -> None:
    api = Hooked(tmp_path / "api", home=Home(tmp_path / "home"), style=style)

    api.branch("AUTH-01")
    ticket = api.say("Add")
    api.branch("csv-export")
    words = api.say("feat: add")
    api.branch("fix/9")

    assert (ticket, words) == {
        "tag": (f"{TAG} Add", "xfeat::api.csv-export::W0-003::BUILD feat: add"),
        "trailer": ("Add\n\nWork: AUTH-01", "feat: add\n\nWork: api.csv-export"),
    }[style]
    assert api.say("Mend") == "Mend\n\nWork: api.9"


def test_mode_off_marks_nothing_and_says_nothing(tmp_path: Path) -> None:
    api = Hooked(tmp_path / "api", home=Home(tmp_path / "home"), mode="off")
    api.branch("AUTH-01")

    done = api.attempt("commit", "--allow-empty", "-m", "xfeat:oops Add")

    assert (done.returncode, done.stderr, api.message()) == (0, "", "xfeat:oops Add")


def test_what_was_started_counts_on_its_branch_alone(api: Hooked) -> None:
    api.branch("one")
    started = f"item PAY-7\nstep SPEC\nmethodology solo\nbranch one\nat {OPENED}\n"
    (api.folder / ".git" / "portfolio-start").write_text(started)

    here = api.say("Plan")
    api.branch("two")

    assert here == "xfeat::PAY-7::W0-003::SPEC Plan"
    assert api.say("Other") == "Other\n\nWork: api.two"


@pytest.mark.parametrize("line", ["branch main\n", ""])
def test_what_was_started_on_everybodys_branch_goes_along_once(api: Hooked, line: str) -> None:
    start = api.folder / ".git" / "portfolio-start"
    start.write_text(f"item PAY-7\nstep SPEC\n{line}at {OPENED}\n")
    api.branch("one")

    api.say("Plan")
    api.branch("two")
    api.say("Other")

    assert start.read_text() == f"item PAY-7\nstep SPEC\nbranch one\nat {OPENED}\n"
    assert api.work() == ["api.two"]


def test_a_linked_worktree_has_a_start_of_its_own_and_its_repositorys_name(
    api: Hooked, tmp_path: Path
) -> None:
    api.git("worktree", "add", "-q", "-b", "w", str(tmp_path / "elsewhere"))
    linked = Hooked(tmp_path / "elsewhere", home=api.home)
    by_branch = linked.say("One")
    (api.folder / ".git" / "worktrees" / "elsewhere" / "portfolio-start").write_text(
        f"item PAY-7\nbranch w\nat {OPENED}\n"
    )

    assert by_branch == "One\n\nWork: api.w"
    assert linked.say("Two") == "xfeat::PAY-7::W0-003::BUILD Two"


def test_a_submodule_is_called_by_its_origin(api: Hooked, tmp_path: Path) -> None:
    outer = Hooked(tmp_path / "outer", home=api.home)
    outer.git(
        *("-c", "protocol.file.allow=always"), "submodule", "--quiet", "add", str(api.folder), "in"
    )
    inner = Hooked(outer.folder / "in", home=api.home)
    inner.branch("csv")

    assert inner.say("Add") == "Add\n\nWork: api.csv"


@pytest.mark.parametrize(
    "message",
    [
        f"{TAG} Add",
        "Add\n\nWork: OTHER-1",
        "Squash\n\n* xproto::UI::W-P1::MOCK draw",
        "Squash\n\n    Work: x.1\n\n    More",
    ],
)
def test_a_mark_that_is_there_stays_the_only_one(api: Hooked, message: str) -> None:
    api.branch("AUTH-01")

    assert api.say(message) == message


@pytest.mark.parametrize("subject", ["fixup! Add", "squash! Add", 'Revert "Add"'])
def test_what_goes_into_another_commit_or_undoes_one_gets_no_mark(
    api: Hooked, subject: str
) -> None:
    api.branch("AUTH-01")

    assert api.say(subject) == subject


def test_an_editor_is_given_nothing_that_the_user_did_not_write(api: Hooked) -> None:
    api.branch("AUTH-01")

    left = api.attempt("commit", "--allow-empty")
    written = api.edit(first="Add")

    assert left.returncode == 1
    assert "empty commit message" in left.stderr
    assert (written.returncode, api.message()) == (0, f"{TAG} Add")


def test_a_signature_alone_is_no_message(api: Hooked) -> None:
    api.branch("AUTH-01")

    left = api.attempt("commit", "--allow-empty", "--signoff")
    written = api.edit("--signoff", first="Add")

    assert (left.returncode, written.returncode) == (1, 0)
    assert api.message() == f"{TAG} Add\n\nSigned-off-by: Ada Test <ada@example.com>"


def test_a_template_left_as_it_was_is_no_message(api: Hooked, tmp_path: Path) -> None:
    (tmp_path / "template").write_text("Why:\n\n# hint\n")
    api.branch("fix/1")
    template = f"--template={tmp_path / 'template'}"

    left = api.attempt("commit", "--allow-empty", template)
    written = api.edit(template, first="Mend")

    assert (left.returncode, written.returncode) == (1, 0)
    assert api.message() == "Mend\nWhy:\n\nWork: api.1"


def test_a_note_of_a_commit_that_never_came_marks_no_other(api: Hooked) -> None:
    api.branch("fix/1")
    api.attempt("commit", "--allow-empty", editor="exit 3")
    api.go("main")

    api.edit(first="Change")

    assert api.message() == "Change"


@pytest.mark.parametrize("char", ["#", ";", "auto", "%"])
@pytest.mark.parametrize("branch", ["AUTH-01", "fix/1"])
def test_comments_and_the_diff_below_them_stay_out(api: Hooked, char: str, branch: str) -> None:
    api.branch(branch)
    (api.folder / "file").write_text("xfeat:nonsense\nWork: other\n")
    api.git("add", "file")
    api.git("config", "core.commentChar", char)

    done = api.edit("--verbose", first="Add")

    marked = {"AUTH-01": f"{TAG} Add", "fix/1": "Add\n\nWork: api.1"}[branch]
    assert (done.stderr, api.message()) == ("", marked)
    assert api.work() == ([] if branch == "AUTH-01" else ["api.1"])


def test_a_tag_that_git_would_take_for_a_comment_is_a_trailer(api: Hooked) -> None:
    api.branch("AUTH-01")
    api.git("config", "core.commentChar", "x")

    api.edit(first="Add")

    assert api.message() == "Add\n\nWork: AUTH-01"


def test_a_comment_character_that_git_chose_anew_is_seen(api: Hooked, tmp_path: Path) -> None:
    (tmp_path / "said").write_text("Mend\n\n#7 was wrong\n")
    api.git("config", "core.commentChar", "auto")
    api.branch("fix/1")

    api.attempt("commit", "--allow-empty", "--edit", "--file", str(tmp_path / "said"))

    assert api.message() == "Mend\n\n#7 was wrong\n\nWork: api.1"
    assert api.work() == ["api.1"]


def test_lines_that_look_like_comments_are_text_where_no_editor_was(api: Hooked) -> None:
    api.branch("fix/1")

    message = api.say("#7 is mended\n\n# Why\n\n---\n#8")

    assert message == "#7 is mended\n\n# Why\n\n---\n#8\n\nWork: api.1"
    assert api.work() == ["api.1"]


def test_a_mark_stands_in_a_message_with_windows_line_ends(api: Hooked) -> None:
    api.branch("fix/1")
    api.git("config", "commit.cleanup", "verbatim")
    trailer = api.say("Mend\r\n\r\nWhy.\r\n\r\nSigned-off-by: A <a@b>\r\n")
    works = api.work()
    api.branch("AUTH-01")

    tagged = api.say("Add\r\n\r\nWhy.\r\n")

    assert trailer.endswith("Why.\r\n\r\nSigned-off-by: A <a@b>\nWork: api.1")
    assert works == ["api.1"]
    assert tagged == f"{TAG} Add\r\n\r\nWhy."
    [tag] = parse_message(tagged).tags
    assert tag.item == "AUTH-01"
    assert api.say(tagged) == tagged


def test_an_amended_commit_keeps_its_mark_or_gets_one(api: Hooked) -> None:
    api.say("Bare")
    api.branch("AUTH-01")
    api.git("commit", "-q", "--amend", "--no-edit", "--allow-empty")
    marked = api.message()
    api.branch("OTHER-2")
    api.git("commit", "-q", "--amend", "--no-edit", "--allow-empty")

    assert (marked, api.message()) == (f"{TAG} Bare", f"{TAG} Bare")


def test_a_subject_after_a_blank_line_is_not_taken_for_a_trailer(api: Hooked) -> None:
    api.branch("fix/1")
    said = api.say("\n\nfeat: add")
    api.edit(first="\nfix: mend")

    assert (said, api.message()) == ("feat: add\n\nWork: api.1", "fix: mend\n\nWork: api.1")


def test_without_verification_the_mark_is_written_all_the_same(api: Hooked) -> None:
    api.branch("fix/1")

    assert api.say("Mend", "--no-verify") == "Mend\n\nWork: api.1"


@pytest.mark.parametrize("cleanup", ["verbatim", "whitespace", "strip", "scissors", "default"])
@pytest.mark.parametrize("branch", ["AUTH-01", "fix/1"])
def test_a_mark_stands_right_however_git_cleans_up(api: Hooked, cleanup: str, branch: str) -> None:
    api.branch(branch)
    api.git("config", "commit.cleanup", cleanup)

    said = api.say("\n\nAdd  \n\n\nbody\n\n")
    works = api.work()
    api.edit(first="Typed")

    typed = parse_message(api.message())
    if branch == "AUTH-01":
        assert f"{TAG} Add" in said
        assert [tag.message for tag in typed.tags] == ["Typed"]
    else:
        assert works == ["api.1"]
        assert [line.split()[1] for line in api.message().splitlines() if "Work: " in line] == [
            "api.1"
        ]


def test_a_subject_that_begins_like_a_comment_is_one_where_only_scissors_cut(api: Hooked) -> None:
    api.branch("fix/1")
    api.git("config", "commit.cleanup", "scissors")

    done = api.edit("--verbose", first="#7 is mended")

    assert (done.returncode, api.message()) == (0, "#7 is mended\n\nWork: api.1")


def test_comments_alone_are_no_message_where_git_strips_them(api: Hooked) -> None:
    api.branch("fix/1")
    api.git("config", "commit.cleanup", "strip")

    done = api.attempt("commit", "--allow-empty", "-m", "# nothing")

    assert done.returncode == 1


def test_nothing_out_of_a_message_or_branch_is_run(api: Hooked, tmp_path: Path) -> None:
    bait = tmp_path / "bait"
    api.branch(f"fix/$(touch${{IFS}}{bait.name})`id`;x'\"&|")
    evil = f"$(touch {bait}) `touch {bait}`; touch {bait}\n\nxfeat:\x1b[31m$(touch {bait})"
    api.git("config", "portfolio.name", f"$(touch {bait})")

    done = api.attempt("commit", "--allow-empty", "-m", evil)

    assert (done.returncode, bait.exists(), (api.folder / bait.name).exists()) == (0, False, False)
    assert "\x1b" not in done.stderr


def test_a_message_with_bytes_that_are_no_text_stays_as_it_was(api: Hooked) -> None:
    api.branch("AUTH-01")

    api.git("config", "i18n.commitEncoding", "ISO-8859-1")
    api.git("commit", "-q", "--allow-empty", "--file=-", stdin=b"Caf\xe9 \xff\n\n\\n %s\n")

    raw = subprocess.run(
        ["git", "cat-file", "commit", "HEAD"], cwd=api.folder, capture_output=True, check=True
    ).stdout
    assert raw.endswith(TAG.encode() + b" Caf\xe9 \xff\n\n\\n %s\n")
