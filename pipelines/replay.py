"""One archived input parsed again, for whoever looks into why it was held back.

What belongs here: what ``chancery replay-page`` does and prints.
What does not: options (``cli``), parsing and its limits (``sources``).

Nothing is stored: the next run parses such an input again by itself.
"""

from __future__ import annotations

import datetime as dt
import re
import time
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from sources import parsing
from sources.archive import Archive, Capture, Role
from sources.box import Box, BoxFailure, BoxSettings
from sources.catalog import Kind
from sources.formats.charsets import decode
from sources.formats.drafts import Draft, Refusal
from sources.formats.feeds import Feed
from sources.formats.language import detect
from sources.formats.text import count_words, line

FIRST_LINES = 5
LINE_LENGTH = 160
SHOWN_ITEMS = 5
_NUMBERED = re.compile(r"(?P<file>.+)#L(?P<number>\d+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of an input this time; ``seconds`` of the parse, the worker's start included."""

    capture: Capture
    outcome: Draft | Refusal | Feed | BoxFailure
    seconds: float

    @property
    def read(self) -> bool:
        """Whether it could be read."""
        return isinstance(self.outcome, (Draft, Feed))


def replay(archive: Archive, day: dt.date, source_id: str, url: str, limits: BoxSettings) -> Replayed:
    """Parse the newest capture of an address on a day again.

    ``url``: as ``fetch_log`` has it; of an article file, ``#L`` and the number name a line.
    Raises LookupError when the archive has no such input, ``sources.archive.BlobDamaged`` when its bytes are damaged.
    """
    captures = [c for c in archive.manifest(day).captures if c.origin.source_id == source_id]
    capture, number = _wanted(captures, url)
    if capture is None:
        raise LookupError(_missing(archive, day, source_id, url, captures))
    content = archive.read(capture)
    begun = time.monotonic()
    with Box(limits) as box:
        try:
            outcome = box.call(*_task(capture, content, number))
        except BoxFailure as failure:
            outcome = failure
    if isinstance(outcome, list):  # of the one line that was asked for
        outcome = outcome[0] if outcome else Feed((), None)
    return Replayed(capture, outcome, time.monotonic() - begun)


def _wanted(captures: list[Capture], url: str) -> tuple[Capture | None, int | None]:
    """The capture, and the number of the line that the address names."""
    whole = [c for c in captures if c.url == url]
    if whole:
        return whole[-1], None
    match = _NUMBERED.fullmatch(url)
    files = [c for c in captures if match and c.url == match["file"] and c.origin.kind is Kind.JSONL]
    return (files[-1], int(match["number"])) if match and files else (None, None)


def _task(capture: Capture, content: bytes, number: int | None) -> tuple[Any, ...]:
    """The function for the box, and its arguments."""
    if capture.role is Role.FEED:
        return parsing.read_feed, capture, content
    if capture.role in (Role.SITEMAP, Role.LISTING):
        return parsing.read_index, capture, content
    if number is None:
        return parsing.read_file, capture, content
    decoded = decode(content, [], capture.origin.language)
    for first, part in parsing.parts(decoded, 0):
        if first == number:
            return parsing.read_lines, capture, part, first
    raise LookupError(f"{capture.url} has no line {number}")


def _missing(archive: Archive, day: dt.date, source_id: str, url: str, captures: list[Capture]) -> str:
    if day not in archive.days():
        return f"the archive has nothing of {day}"
    if not captures:
        return f"the archive has nothing of source {source_id} on {day}"
    return f"the archive has no {url} of source {source_id} on {day}, but {len(captures)} other captures"


def show(replayed: Replayed, console: Console) -> None:
    """Print what became of an input; nothing of it reaches the terminal as a control character."""

    def say(name: str, value: object) -> None:
        console.print(f"{name:<10}{line(str(value)) or ''}", markup=False, highlight=False, soft_wrap=True)

    capture, outcome = replayed.capture, replayed.outcome
    say("address", capture.url)
    say("bytes", f"{capture.bytes}, fetched {capture.fetched_at:%Y-%m-%d %H:%M}, SHA-256 {capture.sha256}")
    say("parsed in", f"{replayed.seconds:.1f} seconds")
    if isinstance(outcome, (Refusal, BoxFailure)):
        say("reason", f"{outcome.reason}: {outcome.reason.sentence}")
        say("detail", outcome.detail or "none")
    elif isinstance(outcome, Feed):
        say("items", len(outcome.items))
        say("damage", outcome.damaged or "none")
        for item in outcome.items[:SHOWN_ITEMS]:
            say("", f"{item.title or 'no title'}  {item.url or ''}"[:LINE_LENGTH])
    else:
        say("title", outcome.title or "none")
        say("date", outcome.published_at or "none")
        say("byline", outcome.byline or "none")
        say("language", detect(outcome.text, outcome.language or capture.origin.language) or "unknown")
        say("words", count_words(outcome.text))
        for reason, detail in outcome.warnings:
            say("warning", f"{reason}: {detail or reason.sentence}")
        lines = [text for text in outcome.text.splitlines() if text.strip()]
        for text in lines[:FIRST_LINES]:
            say("", text[:LINE_LENGTH])
