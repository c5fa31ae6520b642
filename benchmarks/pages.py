"""Put what was measured into a page."""

from __future__ import annotations

from pathlib import Path


def put_between(page: Path, name: str, text: str) -> None:
    """Replace what stands between a page's two markers of one name."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, rest = page.read_text(encoding="utf-8").split(begin)
    after = rest.split(end)[1]
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")
