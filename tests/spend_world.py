"""A made-up week of which all is known: who worked where, on which account, for how much.

Agents work at once in three repositories and their linked checkouts, made by git itself. Claude
Code's transcripts, Codex's rollout and the statusline's captures are written as the clients do; the
accounts' meters count in whole percents what was worked here and what was used elsewhere.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from portfolio.ingest.statusline import drop, told
from tests.checkouts import Repository
from tests.parsers.transcript_samples import answer

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
DAYS = 5
WEEK = timedelta(days=7)
PRICES = {"input": 3.0, "output": 15.0, "read": 0.3, "write": 3.75}  # dollars per million tokens
CLAUDE, CODEX = "claude-sonnet-9", "gpt-9-codex"
PRICE_LIST = "".join(
    f'[models."{model}"]\ninput_usd = 3.0\noutput_usd = 15.0\n'
    "cache_read_usd = 0.3\ncache_write_usd = 3.75\n"
    for model in (CLAUDE, CODEX)
)

Place = tuple[str | None, str | None]  # repository and branch
NOWHERE: Place = (None, None)
LOST_TOKENS = (10_000, 8_000, 100_000, 5_333)  # twenty cents


@dataclass
class Meter:
    """One account's weekly meter."""

    usd_per_pp: float
    resets_at: datetime  # the first reset; a week apart from then on
    uses: list[tuple[datetime, float]] = field(default_factory=list)  # pp

    def ends(self, at: datetime) -> datetime:
        """Give the end of the cycle that a moment lies in."""
        return self.resets_at + WEEK * max(0, math.ceil((at - self.resets_at) / WEEK))

    def shown(self, at: datetime) -> int:
        """Give what the meter shows: whole percents, rounded down."""
        begin = self.ends(at) - WEEK
        return math.floor(sum(amount for when, amount in self.uses if begin < when <= at) + 1e-9)


@dataclass
class Event:
    """Something that is used at one moment."""

    at: datetime
    account: str
    usd: float
    place: Place | None  # None: elsewhere
    agent: Agent | None = None
    tokens: tuple[int, int, int, int] = (0, 0, 0, 0)  # input, output, cache read, cache written


@dataclass
class Agent:
    """One client at work in one checkout."""

    name: str
    client: str
    folder: Path
    repository: Path
    session: str = ""
    lines: list[bytes] = field(default_factory=list)
    totals: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    begun_on: str = ""


class SpendWorld:
    """The week, drawn by a seed."""

    def __init__(self, folder: Path, seed: int, *, spool_home: Path) -> None:
        self.random = Random(seed)
        self.user = folder / "u"
        self.user.mkdir()
        self.spool_home = spool_home
        self.claude, self.codex = self.user / ".claude", self.user / ".codex"
        self.meters = {
            name: Meter(
                self.random.uniform(0.5, 1.5),
                MONDAY + timedelta(hours=self.random.uniform(60, 100)),
            )
            for name in ("claude-a", "claude-b", "codex-a")
        }
        self.events: list[Event] = []
        self.spent: dict[tuple[str, Place | None], float] = defaultdict(float)  # pp, the truth
        self.lost: list[Agent] = []
        self.end = MONDAY + timedelta(days=DAYS)
        self._made = 0
        repositories = [Repository(folder / name) for name in ("api", "web", "docs")]
        for one in repositories:
            one.commit("first", at=MONDAY - timedelta(hours=1))
        api, web, docs = repositories
        self.agents = [
            Agent("api-main", "claude", api.folder, api.folder),
            Agent("api-side", "claude", self._linked(api, "api-side"), api.folder),
            Agent("web-main", "claude", web.folder, web.folder),
            Agent("docs-main", "claude", docs.folder, docs.folder),
            Agent("web-codex", "codex", self._linked(web, "web-codex"), web.folder),
        ]

    def _linked(self, repository: Repository, name: str) -> Path:
        place = repository.folder.parent / name
        at = MONDAY - timedelta(minutes=30)
        repository.git("worktree", "add", "-q", "-b", f"{name}-start", str(place), at=at)
        return place

    def play(self) -> None:
        """Work every day, use something elsewhere at night, then write what the clients would."""
        for day in range(DAYS):
            morning = MONDAY + timedelta(days=day, hours=8)
            for number, agent in enumerate(self.agents):
                self._work(agent, day, morning + timedelta(minutes=7 * number))
            for name in self.meters:
                if self.random.random() < 0.5:
                    night = morning + timedelta(hours=self.random.uniform(13, 20))
                    usd = self.meters[name].usd_per_pp * self.random.uniform(2, 6)
                    self.events.append(Event(night, name, usd, None))
            self._get_lost(day, morning)
        self.events.sort(key=lambda event: event.at)
        for event in self.events:
            self._happens(event)
        for agent in [*self.agents, *self.lost]:
            self._write(agent)

    def _get_lost(self, day: int, morning: datetime) -> None:
        """Work where nobody can tell what for, and when nobody can tell on which account."""
        account, usd = "claude-a", 0.2
        gone = Agent("lost", "claude", self.user / "gone", self.user / "gone")
        for minute in (31, 77):
            at = morning + timedelta(minutes=minute)
            self.events.append(Event(at, account, usd, NOWHERE, gone, LOST_TOKENS))
        noon = Agent("noon", "claude", self.agents[0].folder, self.agents[0].repository)
        place = (str(noon.repository.resolve()), "feat/noon")
        at = morning + timedelta(hours=3, minutes=50)  # after the last turn of the morning
        self.events.append(Event(at, account, usd, place, noon, LOST_TOKENS))
        self.lost += [gone, noon]

    def _work(self, agent: Agent, day: int, begin: datetime) -> None:
        """Work through a day: Claude's agents on two branches, Codex on one."""
        is_codex = agent.client == "codex"
        hours = [(0, 3.5)] if is_codex else [(0, 3.0), (4.0, 7.0)]
        for half, (first, last) in enumerate(hours):
            branch = self._branch(agent, day, half, begin + timedelta(hours=first))
            # The user changes the login at noon: mornings are on one account, the rest on another.
            account = "codex-a" if is_codex else ("claude-a", "claude-b")[half]
            at = begin + timedelta(hours=first, minutes=1)
            while at < begin + timedelta(hours=last):
                tokens = (
                    self.random.randint(100, 4_000),
                    self.random.randint(100, 9_000),
                    int(self.random.lognormvariate(11.5, 0.8)),
                    int(self.random.lognormvariate(9.5, 0.8)),
                )
                usd = sum(
                    count * price / 1e6
                    for count, price in zip(tokens, PRICES.values(), strict=True)
                )
                place = (str(agent.repository.resolve()), branch)
                self.events.append(Event(at, account, usd, place, agent, tokens))
                at += timedelta(minutes=self.random.uniform(3, 12))

    def _branch(self, agent: Agent, day: int, half: int, at: datetime) -> str:
        """Give the branch of this half day; Codex has to go there, as its log will not say so."""
        if agent.client == "claude":
            return f"feat/{agent.name}-{day}{half}"
        branch = f"feat/CODEX-{day}"
        Repository(agent.folder).git("checkout", "-q", "-b", branch, at=at)
        agent.begun_on = agent.begun_on or branch
        return branch

    def _happens(self, event: Event) -> None:
        meter = self.meters[event.account]
        amount = event.usd / meter.usd_per_pp
        meter.uses.append((event.at, amount))
        self.spent[event.account, event.place] += amount
        if event.agent is not None:
            told_by = self._claude_line if event.agent.client == "claude" else self._codex_line
            told_by(event, event.agent, meter)

    def _claude_line(self, event: Event, agent: Agent, meter: Meter) -> None:
        place = event.place
        assert place is not None
        self._made += 1
        agent.session = f"{agent.name}-{event.at:%d}-{event.account}"
        sent, answered, cached, written = event.tokens
        agent.lines.append(
            answer(
                f"msg_{self._made}",
                f"req_{self._made}",
                at=_iso(event.at),
                tokens=(sent, answered, cached, written),
                model=CLAUDE,
                sessionId=agent.session,
                cwd=str(agent.folder),
                gitBranch=place[1] or "HEAD",
            )
        )
        # Not every answer finds the user there, looking at the statusline.
        if agent.name != "noon" and self.random.random() < 0.7:
            login = {"accountUuid": f"uuid-{event.account}"}
            config = self.user / ".claude.json"
            config.write_text(json.dumps({"oauthAccount": login}))
            shown = {
                "used_percentage": meter.shown(event.at),
                "resets_at": int(meter.ends(event.at).timestamp()),
            }
            said = {"session_id": agent.session, "rate_limits": {"seven_day": shown}}
            drop(
                *told(json.dumps(said).encode()),
                home=str(self.spool_home),
                folder=str(self.claude),
                accounts=str(config),
                now_ns=int((event.at + timedelta(seconds=1)).timestamp() * 1e9),
            )

    def _codex_line(self, event: Event, agent: Agent, meter: Meter) -> None:
        """Add a count to the one session, whose meta names only the branch it began on."""
        if not agent.lines:
            git = {"branch": agent.begun_on}
            meta = {"id": "codex-session", "timestamp": _iso(event.at), "git": git}
            agent.lines.append(_rollout(event.at, "session_meta", **meta, cwd=str(agent.folder)))
        sent, answered, cached, _ = event.tokens
        used = _usage(sent + cached + event.tokens[3], cached, event.tokens[3], answered)
        for place, key in enumerate(("input_tokens", "cached_input_tokens")):
            agent.totals[place] += used[key]
        agent.totals[2] += event.tokens[3]
        agent.totals[3] += answered
        total = _usage(agent.totals[0], agent.totals[1], agent.totals[2], agent.totals[3])
        limits = {
            "limit_id": "codex",
            "primary": {
                "used_percent": float(meter.shown(event.at)),
                "window_minutes": 10080,
                "resets_at": int(meter.ends(event.at).timestamp()),
            },
            "secondary": None,
        }
        agent.lines.append(_rollout(event.at, "turn_context", cwd=str(agent.folder), model=CODEX))
        agent.lines.append(
            _rollout(
                event.at,
                "event_msg",
                type="token_count",
                info={"total_token_usage": total, "last_token_usage": used},
                rate_limits=limits,
            )
        )

    def _write(self, agent: Agent) -> None:
        if agent.client == "claude":
            path = self.claude / "projects" / agent.name / f"{agent.session}.jsonl"
        else:
            path = self.codex / "sessions" / "2026" / "11" / "02" / "rollout-codex-session.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(agent.lines))


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _rollout(at: datetime, kind: str, **payload: Any) -> bytes:
    line = {"timestamp": _iso(at), "type": kind, "payload": payload}
    return json.dumps(line, separators=(",", ":")).encode() + b"\n"


def _usage(sent: int, cached: int, written: int, answered: int) -> dict[str, int]:
    return {
        "input_tokens": sent,
        "cached_input_tokens": cached,
        "cache_write_input_tokens": written,
        "output_tokens": answered,
        "reasoning_output_tokens": 0,
        "total_tokens": sent + answered,
    }
