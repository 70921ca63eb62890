"""Whole runs for tests: catalogues, settings, the steps in their order.

What belongs here: what several rooms' tests need to make the house run on hand-built input.
What does not: assertions.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import yaml

from assets import steps
from assets.settings import Settings

PROJECT = Path(__file__).resolve().parent.parent
DAY = dt.date(2026, 3, 3)
NOON = dt.datetime(2026, 3, 3, 12)

MEETING = """Finnish Foreign Minister Aino Virtanen met her Swedish counterpart Erik Lindqvist in Helsinki on Monday.

“We have agreed to keep the northern ports open all winter,” Virtanen said after the talks. Lindqvist added that the two
countries would sign a memorandum of understanding on icebreakers in May.

Finland and Sweden signed a protocol on joint sea rescue at the end of the visit. The protocol names the harbours from
which crews of both countries will set out, and the languages in which they will speak to each other at sea."""
PROTEST = "Thousands of farmers protested in Lisbon on Tuesday against the Portuguese government."


def article(number: int, text: str = MEETING, **changes: object) -> dict[str, object]:
    """A line of an article file."""
    row = {
        "url": f"https://paper.example/{number}",
        "title": f"Story {number}",
        "published_at": "2026-03-02",
        "outlet": "The Paper",
        "text": text,
    }
    return {**row, **changes}


def write_jsonl(path: Path, *rows: dict[str, object]) -> Path:
    """An article file."""
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), "utf-8")
    return path


def write_catalogue(path: Path, *entries: dict[str, object]) -> Path:
    """A source catalogue."""
    path.write_text(yaml.safe_dump({"sources": list(entries)}), "utf-8")
    return path


def paper(path: Path, **changes: object) -> dict[str, object]:
    """An entry for an article file."""
    return {"id": "paper", "kind": "jsonl", "path": str(path), "language": "en", **changes}


def settings(folder: Path, catalogue: Path, **changes: object) -> Settings:
    """Settings with data in a folder, small waits and one worker."""
    fast = {"workers": 1, "fetch_wait": 0.01, "network_wait": 0.01, "fetch_deadline": 5.0, "fetch_spacing": 0.0}
    return Settings(data=folder / "data", sources=catalogue, **{**fast, **changes})  # type: ignore[arg-type]


def run_steps(
    where: Settings, run_id: str, day: dt.date = DAY, *, replay: bool = False, now: dt.datetime = NOON
) -> dict[str, steps.Report]:
    """The steps of a run, in their order, until one is blocked; their reports."""
    run = steps.Run(where, day, run_id, replay, lambda: now)
    reports: dict[str, steps.Report] = {"captures": steps.fetch(run)[0]}
    for name, step in (("articles", steps.take_in), ("mentions", steps.read)):
        reports[name] = step(run)
        if reports[name].blocked:
            return reports
    reports |= steps.join(run)
    if any(r.blocked for r in reports.values()):
        return reports
    reports["candidate"] = steps.build(run)
    if not reports["candidate"].blocked:
        reports["published"] = steps.release(run)
    return reports


def chancery(
    *arguments: str, prefix: tuple[str, ...] = (), environment: dict[str, str] | None = None, cwd: Path = PROJECT
) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    return subprocess.run(
        [*prefix, sys.executable, "-m", "pipelines.cli", *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=cwd,
        check=False,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "COLUMNS": "160", **(environment or {})},
    )
