"""The home folder and portfolio.toml: every setting with its default, its type and what it does.

Reading uses the standard library; editing goes through tomlkit, so that the user's own comments
and order stay.
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from portfolio.errors import FileUnreadableError, MomentError, NotSetUpError, SettingError

LARGEST: Final = 1e6  # of any number: minutes and seconds beyond it are mistakes
YEARS: Final = range(1970, 2200)  # of any time that is said: others are slips, and overflow
GLM_ENDPOINT: Final = "https://api.z.ai"
MACHINE_ZONE: Final = "localtime"  # the name of a zone whose rules this machine has, but no name
HOOK_MODES: Final = ("warn", "strict", "off")
HOOK_STYLES: Final = ("", "tag", "trailer")
RACE_WORDS: Final = {
    "race__policy": ("thompson", "bayes-ucb"),
    "race__phase": ("", "racing", "production"),
    "race__objective": ("cost", "throughput", "cost-within-throughput"),
}
HOURS: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")
SHARES: Final = (
    *("quality_floor", "reserve_for_me", "race__share", "race__exploration"),
    "alerts__unused_share",
)
SECRET: Final = ("alerts__to",)  # whose values are told nowhere
DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _setting(default: Any, what: str) -> Any:
    return field(default=default, metadata={"what": what})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the user may choose. Field names are the keys; a dot in the key is `__` here."""

    timezone: str = _setting(
        "", 'zone of times without one, such as "Europe/Vienna"; "" is this machine\'s'
    )
    epoch: str = _setting(
        "",
        'when week 0 begins; "" is Monday 00:00 of the week with the oldest evidence, and is fixed'
        " here by the first logged window",
    )
    repos: tuple[str, ...] = _setting(
        (),
        "folders of repositories whose commits count, besides those that `sync` finds by itself:"
        " where the clients' logs say you worked",
    )
    repos_ignored: tuple[str, ...] = _setting(
        (), "folders of repositories that do not count, and folders whose repositories do not"
    )
    terminal_steps: tuple[str, ...] = _setting(
        ("REVIEW", "SHIP"),
        "a feature whose tag with one of these steps is on the default branch has shipped",
    )
    settled_days: float = _setting(
        14.0, "days after which a feature that shipped counts as settled, if it was not reverted"
    )
    quality_floor: float = _setting(
        0.5,
        "share (0 to 1) of finished features that are to ship and stay; an account or methodology"
        " that has not shown it, by the lower bound, is marked",
    )
    reserve_for_me: float = _setting(
        0.0,
        "share (0 to 1) of each pool that `next` keeps for you: it starts no item that may use it",
    )
    week_start: str = _setting("monday", 'the day on which "this week" begins')
    lock_wait_s: float = _setting(
        10.0, "seconds to wait for another portfolio command before giving up"
    )
    readings__before_early_min: float = _setting(
        30.0, "minutes before a window's start from which a reading counts as its beginning"
    )
    readings__before_late_min: float = _setting(
        10.0, "minutes after a window's start up to which a reading counts as its beginning"
    )
    readings__after_early_min: float = _setting(
        10.0, "minutes before a window's end from which a reading counts as its end"
    )
    readings__after_late_min: float = _setting(
        30.0, "minutes after a window's end up to which a reading counts as its end"
    )
    keep__least_saving_usd: float = _setting(
        10.0, "dollars a month that giving up a plan has to save before `keep` advises it"
    )
    keep__most_risk: float = _setting(
        0.1, "likelihood (0 to 1) of a week over a cap up to which `keep` advises giving up a plan"
    )
    glm__endpoint: str = _setting(
        GLM_ENDPOINT,
        "host that `--live` asks for a GLM meter, with your key; in China https://open.bigmodel.cn",
    )

    twin__test_command: str = _setting(
        "",
        'the command that judges a twin, run by you in its folder; "" is guessed from'
        " pyproject.toml, package.json or Makefile, and shown",
    )

    work__hours: str = _setting(
        "09:00-18:00", "when on a working day `route` may begin work, in your zone"
    )
    work__days: tuple[str, ...] = _setting(DAYS[:5], "the days on which `route` plans work")

    hook__mode: str = _setting(
        "warn",
        "what the git hook does about a mark that cannot be read: warn, strict (refuse the commit)"
        " or off (nothing, and mark nothing)",
    )
    hook__style: str = _setting(
        "",
        'how the git hook marks: tag, trailer, or "": a tag where the branch names a ticket and'
        " the repository does not use conventional commits, else a trailer",
    )
    race__policy: str = _setting(
        "thompson",
        "how the race draws in production: thompson (as often as an account is likely the best) or"
        " bayes-ucb (the one that may be best)",
    )
    race__phase: str = _setting(
        "",
        'phase of the race: racing, production, or "": production once there is a winner',
    )
    race__objective: str = _setting(
        "cost",
        "what the best account is best at: cost (dollars a feature), throughput (features a week"
        " that its cap carries) or cost-within-throughput (cheapest of those that carry your pace)",
    )
    race__exploration: float = _setting(
        0.1, "share (0 to 1) of draws in production that any account may get, each as likely"
    )
    race__methodologies: tuple[str, ...] = _setting(
        (),
        "methodologies that race too: chance then gives an item a methodology, and the account that"
        " it is done on; an account that none of them is done on races by itself",
    )
    race__share: float = _setting(
        0.0,
        "share (0 to 1) of S and M items whose account is drawn by chance at `start` without --any;"
        " 0: none",
    )
    alerts__to: tuple[str, ...] = _setting(
        (),
        "where `weekly` and `monthly` send alerts, as addresses of apprise: mailto://, slack://,"
        " discord://, dbus://, ...; they are never printed. It takes the extra `alerts`",
    )
    alerts__cost_per_feature_usd: float = _setting(
        0.0,
        "dollars paid for a feature in a whole week beyond which an alert is told; 0: beyond its"
        " usual range",
    )
    alerts__cap_pace_hours: float = _setting(
        24.0,
        "an alert is told of a cap that at this pace is used up so many hours, or more, before its"
        " reset; 0: of none",
    )
    alerts__unused_share: float = _setting(
        0.5,
        "share (0 to 1) of a cap from which on an alert is told that it will expire unused; 0:"
        " never",
    )
    alerts__unused_hours: float = _setting(
        48.0, "hours before its reset from which on an alert is told of a cap that expires unused"
    )
    alerts__drift_share: float = _setting(
        0.1,
        "an alert is told when a unit of a meter buys more or less than before by such a share; 0:"
        " never",
    )
    alerts__renewal_days: float = _setting(
        7.0,
        "days before a plan is paid again from which on an alert is told if `keep` would cancel it;"
        " 0: never",
    )
    alerts__price_days: float = _setting(
        31.0,
        "days before a new price of a plan you hold from which on an alert is told; 0: of none",
    )

    @property
    def zone(self) -> tzinfo:
        """Give the zone of times without one."""
        if self.timezone:
            return ZoneInfo(self.timezone)
        return _machine_zone()

    @property
    def work_minutes(self) -> tuple[int, int]:
        """Give when a working day begins and ends, in minutes since midnight.

        Raises:
            ValueError: The setting is no such span.

        Example:
            >>> Settings(work__hours="09:00-17:30").work_minutes
            (540, 1050)
        """
        read = HOURS.fullmatch(self.work__hours.strip())
        begin, end = (int(read[n]) * 60 + int(read[n + 1]) for n in (1, 3)) if read else (0, 0)
        if not 0 <= begin < end <= 24 * 60:
            raise ValueError(f"{self.work__hours!r} is no span of a day, such as 09:00-17:30")
        return begin, end


def key_of(name: str) -> str:
    """Give a setting's key in portfolio.toml: `readings__after_late_min` lies in a table."""
    return name.replace("__", ".")


def _machine_zone() -> tzinfo:
    """Find this machine's zone with its rules; a bare offset would be wrong half the year."""
    if name := os.environ.get("TZ", "").lstrip(":"):
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    try:
        with Path("/etc/localtime").open("rb") as file:
            return ZoneInfo.from_file(file, key=MACHINE_ZONE)
    except (OSError, ValueError):
        return datetime.now(UTC).astimezone().tzinfo or UTC


@dataclass(frozen=True, slots=True)
class Home:
    """The folder that holds one user's settings and store."""

    folder: Path

    @property
    def settings_path(self) -> Path:
        """Where the settings are."""
        return self.folder / "portfolio.toml"

    @property
    def store_path(self) -> Path:
        """Where the store is."""
        return self.folder / "portfolio.duckdb"

    @property
    def plans_path(self) -> Path:
        """Where the user's own facts about plans are."""
        return self.folder / "plans.toml"

    @property
    def prices_path(self) -> Path:
        """Where the user's own prices of models are."""
        return self.folder / "prices.toml"

    def is_set_up(self) -> bool:
        """Tell whether `portfolio init` was here."""
        return self.settings_path.is_file()


def find_home(given: Path | None) -> Home:
    """Give the home: `--home`, else $PORTFOLIO_HOME, else the platform's data folder."""
    if given is not None:
        return Home(given.expanduser().absolute())
    if from_env := os.environ.get("PORTFOLIO_HOME"):
        return Home(Path(from_env).expanduser().absolute())
    import platformdirs

    return Home(Path(platformdirs.user_data_dir("portfolio", appauthor=False)))


def load(home: Home) -> Settings:
    """Read portfolio.toml.

    Raises:
        NotSetUpError: There is none.
        SettingError: It is no TOML, a key is unknown, or a value is of the wrong type.
    """
    path = home.settings_path
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotSetUpError(home.folder) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingError(path, f"portfolio.toml cannot be read: {error}") from error
    flat = {
        (f"{key}__{sub}" if isinstance(value, dict) else key): inner
        for key, value in document.items()
        for sub, inner in (value.items() if isinstance(value, dict) else [("", value)])
    }
    settings = Settings(**_checked(flat, path))
    _check_words(settings, path)
    return settings


def _checked(flat: dict[str, Any], path: Path) -> dict[str, Any]:
    """Check every value against the type of its default."""
    defaults = {item.name: item.default for item in fields(Settings)}
    checked: dict[str, Any] = {}
    for name, value in flat.items():
        if name not in defaults:
            raise SettingError(path, f"there is no setting {key_of(name)}")
        checked[name] = _as_type_of(defaults[name], value, name=name, path=path)
    return checked


def _as_type_of(default: object, value: object, *, name: str, path: Path) -> object:
    if (
        isinstance(default, float)
        and isinstance(value, int | float)
        and not isinstance(value, bool)
    ):
        if not 0 <= value <= LARGEST:
            raise SettingError(path, f"{key_of(name)} is not between 0 and {LARGEST:g}: {value}")
        return float(value)
    if isinstance(default, tuple) and isinstance(value, list):
        if all(isinstance(entry, str) for entry in value):
            return tuple(value)
    elif isinstance(default, str) and isinstance(value, str):
        return value
    wanted = {float: "a number", tuple: "a list of texts", str: "a text"}[type(default)]
    told = "" if name in SECRET else f", not {value!r}"
    raise SettingError(path, f"{key_of(name)} is to be {wanted}{told}")


def _check_words(settings: Settings, path: Path) -> None:
    if settings.week_start not in DAYS:
        raise SettingError(path, f"week_start is no day: {settings.week_start!r}")
    for name in SHARES:
        if (share := getattr(settings, name)) > 1:
            raise SettingError(path, f"{key_of(name)} is a share, 0 to 1: {share:g}")
    try:
        zone = settings.zone
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingError(path, f"timezone is no zone: {settings.timezone!r}") from error
    _check_work(settings, path)
    if settings.hook__mode not in HOOK_MODES:
        raise SettingError(path, f"hook.mode is warn, strict or off: {settings.hook__mode!r}")
    if settings.hook__style not in HOOK_STYLES:
        raise SettingError(path, f'hook.style is tag, trailer or "": {settings.hook__style!r}')
    for name, words in RACE_WORDS.items():
        if (word := getattr(settings, name)) not in words:
            told = ", ".join(words[:-1]) + f" or {words[-1]}"
            raise SettingError(path, f"{key_of(name)} is {told or repr('')}: {word!r}")
    if not _is_safe_for_keys(settings.glm__endpoint):
        raise SettingError(
            path, "glm.endpoint is to be https://HOST (http only on this machine), no more"
        )
    if settings.epoch:
        try:
            moment(settings.epoch, zone=zone)
        except MomentError as error:
            raise SettingError(path, f"epoch: {error.what}") from error


def _check_work(settings: Settings, path: Path) -> None:
    try:
        _ = settings.work_minutes
    except ValueError as error:
        raise SettingError(path, f"work.hours: {error}") from error
    if not settings.work__days or not set(settings.work__days) <= set(DAYS):
        raise SettingError(path, f"work.days are days of a week: {list(settings.work__days)}")


def _is_safe_for_keys(endpoint: str) -> bool:
    """Tell whether a key can be sent there: over TLS, or without leaving this machine."""
    if endpoint == GLM_ENDPOINT:  # as nearly always; every command reads the settings
        return True
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(endpoint)
        has_more = parts.username or parts.query or parts.fragment or parts.path.strip("/")
        is_here = parts.hostname in ("127.0.0.1", "::1", "localhost")
        is_port = parts.port is None or parts.port > 0
    except ValueError:
        return False
    schemes = ("http", "https") if is_here else ("https",)
    return bool(parts.hostname and parts.scheme in schemes and is_port and not has_more)


def moment(text: str, *, zone: tzinfo) -> datetime:
    """Read a time as the user writes it, in UTC; without a zone it is in `zone`.

    >>> moment("2026-11-03", zone=UTC).isoformat()
    '2026-11-03T00:00:00+00:00'

    Raises:
        MomentError: It is no ISO 8601 date or time, or of no year one works in.
    """
    try:
        read = datetime.fromisoformat(text.strip())
        found = (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise MomentError(text) from error
    if found.year not in YEARS:
        raise MomentError(text)
    return found


def monday_before(at: datetime, zone: tzinfo) -> datetime:
    """Give Monday 00:00, local, of the week a moment lies in, in UTC."""
    return week_begins(at, zone, first_day="monday")


def week_begins(at: datetime, zone: tzinfo, *, first_day: str) -> datetime:
    """Give 00:00, local, of the newest `first_day` up to a moment, in UTC."""
    day = at.astimezone(zone).date()
    back = (day.weekday() - DAYS.index(first_day)) % 7
    first = day - timedelta(days=back)
    return datetime(first.year, first.month, first.day, tzinfo=zone).astimezone(UTC)


def weeks_in(since: datetime, until: datetime, zone: tzinfo, *, first_day: str) -> list[datetime]:
    """Give when each week begins that reaches into a span, in UTC, oldest first.

    >>> [at.day for at in weeks_in(*(datetime(2026, 11, day, tzinfo=UTC) for day in (3, 17)),
    ...     UTC, first_day="monday")]
    [2, 9, 16]
    """
    found = [week_begins(since, zone, first_day=first_day)]
    day_more = timedelta(days=8)  # a clock change makes a week an hour longer or shorter
    while (following := week_begins(found[-1] + day_more, zone, first_day=first_day)) < until:
        found.append(following)
    return found


def template() -> str:
    """Write portfolio.toml as `init` makes it: every setting, commented, with its default."""
    import tomlkit

    lines = ["# Settings of portfolio. A line that begins with # shows the default.", ""]
    table = ""
    for item in fields(Settings):
        prefix, _, key = item.name.rpartition("__")
        if prefix != table:
            lines += [f"[{prefix}]", ""]
            table = prefix
        default = list(item.default) if isinstance(item.default, tuple) else item.default
        lines += [
            f"# {item.metadata['what']}",
            f"# {key} = {tomlkit.item(default).as_string()}",
            "",
        ]
    return "\n".join(lines)


def write_once(home: Home) -> bool:
    """Make portfolio.toml unless it is there; tell whether it was made.

    Raises:
        FileUnreadableError: The folder cannot be made or written to.
    """
    try:
        home.folder.mkdir(parents=True, exist_ok=True)
        if home.settings_path.exists():
            return False
    except OSError as error:
        raise FileUnreadableError(home.folder, error.strerror or str(error)) from error
    write_aside(home.settings_path, template())
    return True


def set_value(home: Home, key: str, value: str | Sequence[str]) -> None:
    """Set one top-level setting in place; comments and order of the file stay.

    Raises:
        FileUnreadableError: The file cannot be written.
    """
    import tomlkit

    path = home.settings_path
    text = path.read_text(encoding="utf-8")
    document = tomlkit.parse(text)
    new = value if isinstance(value, str) else list(value)
    if key in document:
        document[key] = new
        write_aside(path, tomlkit.dumps(document))
        return
    # A new top-level key has to stand before the first table, beside its own comment.
    lines = text.splitlines(keepends=True)
    tables = next((at for at, old in enumerate(lines) if old.startswith("[")), len(lines))
    top, rest = lines[:tables], lines[tables:]
    if top and not top[-1].endswith("\n"):
        top[-1] += "\n"
    at = next((at + 1 for at, old in enumerate(top) if old.startswith(f"# {key} =")), len(top))
    line = f"{key} = {tomlkit.item(new).as_string()}\n"
    write_aside(path, "".join([*top[:at], line, *top[at:], *rest]))


def write_aside(path: Path, text: str) -> None:
    """Write aside, then rename: a crash leaves the old file or the new one, never half of it."""
    place = path.resolve()  # settings may be a link into the user's own folder of such files
    aside = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        mode = stat.S_IMODE(place.stat().st_mode) if place.exists() else None
        if mode is not None:  # who hid it from others, as it may hold addresses, hid it for good
            aside.touch(mode=0o600)
        aside.write_text(text, encoding="utf-8", newline="")
        if mode is not None:
            aside.chmod(mode)
        aside.replace(place)
    except OSError as error:
        raise FileUnreadableError(path, error.strerror or str(error)) from error


def table() -> str:
    """Print the settings as docs/settings.md shows them."""
    import tomlkit

    names = {str: "text", tuple: "list of texts", float: "number"}
    rows = ["| setting | type | default | what it does |", "|---|---|---|---|"]
    for item in fields(Settings):
        default = list(item.default) if isinstance(item.default, tuple) else item.default
        rows.append(
            f"| `{key_of(item.name)}` | {names[type(item.default)]}"
            f" | `{tomlkit.item(default).as_string()}` | {item.metadata['what']} |"
        )
    return "\n".join(rows) + "\n"


def data_folder() -> Path:
    """Give the folder of the data files: in the package when installed, beside it in a checkout."""
    inside = Path(__file__).parent / "data"
    return inside if inside.is_dir() else Path(__file__).parents[1] / "data"
