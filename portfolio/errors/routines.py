"""What runs by itself: sending alerts, and the timers of this machine."""

from __future__ import annotations

from pathlib import Path

from portfolio.errors.base import PortfolioError


class AlertsExtraError(PortfolioError):
    """Alerts are to be sent, and what sends them is not installed."""

    slug = "alerts-extra"

    def __init__(self) -> None:
        super().__init__(
            "alerts.to names addresses, and apprise, which sends to them, is not installed",
            hint="pip install 'subscription-portfolio[alerts]', or take alerts.to out of"
            " portfolio.toml: alerts are printed all the same",
        )


class NoTimerError(PortfolioError):
    """Nothing on this machine runs a command by the time of the day."""

    slug = "automate-nothing"

    def __init__(self, platform: str) -> None:
        super().__init__(
            f"neither a systemd of the user's own, nor launchd, nor crontab is here ({platform})",
            hint="let whatever runs commands here run `portfolio weekly` once a day",
        )


class TimerForeignError(PortfolioError):
    """A file that is none of ours lies where one of ours is to be."""

    slug = "automate-foreign"

    def __init__(self, path: Path) -> None:
        super().__init__(
            "is not from `portfolio automate`, and was not changed",
            where=str(path),
            hint="move it away, and run this again",
        )


class TimerPathError(PortfolioError):
    """A path that a timer's file cannot hold."""

    slug = "automate-path"

    def __init__(self, text: str, why: str) -> None:
        super().__init__(
            f"{text!r} cannot be written there: {why}",
            hint="use a home (--home) and an installation whose paths have no such character",
        )


class TimerProgramError(PortfolioError):
    """The program that keeps timers did not do what it was asked."""

    slug = "automate-failed"

    def __init__(self, command: str, said: str) -> None:
        super().__init__(
            f"{command} ended with an error: {said or 'it said nothing'}",
            hint="put that right and run this again; what was done before is done once",
        )
