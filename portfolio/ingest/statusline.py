"""Drop what Claude Code tells its statusline in the spool: one immutable file a capture.

This runs before every prompt and may neither be slow nor fail, so the store is not opened and
nothing slow is imported: places are texts, not paths. A spool that nobody takes in stays small and
loses no change: of each session a value's first capture is kept and its newest one, which takes
the place of those between.
"""

import os
import time

from parsers.quick_json import load, quoted, raw_member

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from parsers.values import Json

EVERY_NS = 60_000_000_000  # an unchanged meter is captured again after a minute
MOST_CHARS = 20_000  # of the limits; more is no meter
LIMITS = "rate_limits"
SPOOL = "spool"  # the folder of captures in our home
LAST = "last"  # a folder in it: what was captured last of each session


def told(raw: bytes) -> "tuple[str, dict[str, Json]]":
    """Read what Claude Code told: its text, and the members of the JSON object it is."""
    text = raw.decode("utf-8", "replace")
    try:
        value = load(text)
    except ValueError:
        value = None
    return text, value if isinstance(value, dict) else {}


def drop(
    text: str, members: "dict[str, Json]", *, home: str, folder: str, accounts: str, now_ns: int
) -> bool:
    """Write one capture, if it says something new; tell whether it does.

    Args:
        text: What Claude Code told.
        members: The same, decoded.
        home: Our own home; the spool in it is made where there is none.
        folder: Claude Code's own folder.
        accounts: Its file that names the login.
        now_ns: This moment, in nanoseconds since 1970.

    Raises:
        OSError: The spool cannot be written to.
    """
    spool = os.path.join(home, SPOOL)
    value = members.get(LIMITS)
    # Before the first answer, and with an API key, there is none.
    limits = raw_member(text, LIMITS, value) if value else None
    if limits is None or len(limits) > MOST_CHARS:
        return False
    session = members.get("session_id")
    session = session if isinstance(session, str) else ""
    mark = f"{_name_of(session)}.last"
    at_ns, repeat, *same = _last(os.path.join(spool, LAST, mark))
    is_same = same[1:] == [folder, limits]
    if is_same and 0 <= now_ns - at_ns < EVERY_NS:
        return False
    login = _login(accounts)
    is_repeat = is_same and same[0] == "\n".join(login)
    name = f"{now_ns}-{os.getpid()}-{os.urandom(3).hex()}.json"
    _write(spool, name, _capture(limits, session, members, folder, login, now_ns))
    last = (str(now_ns), name if is_repeat else "", "\n".join(login), folder, limits)
    _write(os.path.join(spool, LAST), mark, "\0".join(last))
    if is_repeat and repeat:
        try:
            os.unlink(os.path.join(spool, os.path.basename(repeat)))
        except FileNotFoundError:  # it was taken in meanwhile
            pass
    return True


def _name_of(session: str) -> str:
    return "".join(one if one.isascii() and one.isalnum() else "-" for one in session[:80])


def _last(mark: str) -> "tuple[int, str, str, str, str]":
    """Tell of a session's last capture: when, its file where it was a repeat, and what it said."""
    try:
        with open(mark, "rb") as file:
            at_ns, repeat, login, folder, limits = (
                file.read().decode("utf-8", "surrogatepass").split("\0")
            )
        return int(at_ns), repeat, login, folder, limits
    except (OSError, ValueError):
        return 0, "", "", "", ""


def _login(accounts: str) -> tuple[str, str]:
    from parsers.login import login_in_claude_json

    if not os.path.isfile(accounts):  # a pipe would never end
        return "", ""
    try:
        with open(accounts, "rb") as file:
            return login_in_claude_json(file.read())
    except OSError:
        return "", ""


def _capture(
    limits: str,
    session: str,
    members: "dict[str, Json]",
    folder: str,
    login: tuple[str, str],
    now_ns: int,
) -> str:
    """Write a capture: a JSON object that the statusline's parser reads as it is."""
    at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now_ns // 1_000_000_000))
    at = f"{at}.{now_ns // 1000 % 1_000_000:06d}Z"
    version = members.get("version")
    texts = {
        "captured_at": at,
        "folder": folder,
        "login": login[0],
        "org": login[1],
        "session_id": session,
        "version": version[:80] if isinstance(version, str) else "",
    }
    said = "".join(f'"{name}": {quoted(one)}, ' for name, one in texts.items() if one)
    return f'{{"portfolio_capture": 1, {said}"{LIMITS}": {limits}}}\n'


def _write(folder: str, name: str, text: str) -> None:
    """Write aside, then rename: nobody ever sees half of it."""
    aside = os.path.join(folder, f".{os.getpid()}-{name}")
    raw = text.encode("utf-8", "surrogatepass")
    try:
        file = open(aside, "wb")  # noqa: SIM115
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)
        file = open(aside, "wb")  # noqa: SIM115
    with file:
        file.write(raw)
    os.replace(aside, os.path.join(folder, name))


def client_folder(
    members: "dict[str, Json]", *, user_home: str, environment: "Mapping[str, str]"
) -> tuple[str, str]:
    """Give Claude Code's folder as `Machine` names it, and its file that names the login."""
    named = environment.get("CLAUDE_CONFIG_DIR", "").strip()
    if named and "," not in named:  # a list is for other tools, not for Claude Code
        if named == "~" or named.startswith("~/"):
            named = user_home + named[1:]
        folder = os.path.join(os.getcwd(), named)
        return folder, os.path.join(folder, ".claude.json")
    usual = os.path.join(user_home, ".claude")
    of_home = os.path.join(user_home, ".claude.json")
    transcript = members.get("transcript_path")
    if isinstance(transcript, str) and os.path.isabs(transcript):
        above = os.path.dirname(os.path.dirname(transcript))
        folder = os.path.dirname(above)
        if os.path.basename(above) == "projects" and folder != usual:
            is_usual = folder == os.path.join(user_home, ".config", "claude")
            return folder, of_home if is_usual else os.path.join(folder, ".claude.json")
    return usual, of_home
