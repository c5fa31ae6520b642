"""A home and a program whose paths hold what shells and formats read as their own."""

from __future__ import annotations

from pathlib import Path

from portfolio.ingest.timers.job import Job

ODD = '/o\'dd "q" $HOME `id` $(id) %h %n;x&y|z é=1#'


def jobs(
    *,
    home: str = "/home/me/.portfolio",
    program: str = "/opt/bin/portfolio",
    environment: dict[str, str] | None = None,
) -> list[Job]:
    return [
        Job(routine=routine, home=Path(home), program=(program,), environment=environment or {})
        for routine in ("weekly", "monthly")
    ]
