"""Articles from elsewhere: files into the archive, and from there through the nightly steps.

What belongs here: what ``chancery load`` does with its files and says about them.
What does not: reading the files (``sources.readers``, ``sources.articles``), the steps (``nightly``), and options
(``cli``).

The files become sources for this one time.  Each is known by its name and its content, so that two files of one name
are two articles, and the same file loaded twice is one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import pandas as pd
from pydantic import ValidationError
from rich.console import Console

from assets.settings import Settings
from pipelines.cli import Exit
from pipelines.nightly import run_day
from sources.archive import Archive
from sources.catalog import Kind, Source
from sources.formats.text import line
from sources.log import LogEntry, Reason, Status
from sources.readers import fetch_day
from warehouse import database

SOURCE: Final = "import"
KINDS: Final = {".jsonl": Kind.JSONL, ".ndjson": Kind.JSONL, ".warc": Kind.WARC, ".warc.gz": Kind.WARC}
_SUFFIX: Final = re.compile(r"(?:\.warc\.gz|\.[^.]*)$", re.IGNORECASE)


class CannotLoad(ValueError):
    """An option that is no good; nothing was done."""


def load_files(
    settings: Settings,
    files: Sequence[Path],
    day: dt.date,
    *,
    source_id: str,
    outlet: str | None,
    language: str | None,
    console: Console,
) -> Exit:
    """Keep the files in the archive of `day`, run the steps of that day from the archive, say what became of each.

    What cannot be read has a typed reason, and the others go on.  Raises CannotLoad.
    """
    with tempfile.TemporaryDirectory(prefix="chancery-load-") as folder:
        sources, missing = _staged(files, Path(folder), source_id, outlet, language)
        log = fetch_day(sources, Archive(settings.archive), day)
    kept = [entry for entry in log if entry.status is Status.DOCUMENT]
    for path, reason in missing:
        _say(console, f"{path}: {reason.sentence}", "yellow")
    for entry in log:
        if entry.status is not Status.DOCUMENT and entry.reason is not None:
            _say(
                console, f"{entry.url}: {entry.reason.sentence} {f'({entry.detail})' if entry.detail else ''}", "yellow"
            )
    if not kept:
        _say(console, "Nothing could be taken in.", "red")
        return Exit.ERROR
    outcome = run_day(settings, day, replay=True)
    rows = _outcomes(settings, day, source_id, kept)
    _report(rows, len(set(files)), len(missing) + len({e.url for e in log if e.status is Status.FAILED}), console)
    return outcome


def _staged(
    files: Iterable[Path], folder: Path, source_id: str, outlet: str | None, language: str | None
) -> tuple[list[Source], list[tuple[Path, Reason]]]:
    """One-time sources for the files, by links in `folder`; the files that are not there."""
    texts = folder / "texts"
    texts.mkdir()
    found: list[tuple[Kind, Path]] = []
    missing: list[tuple[Path, Reason]] = []
    for file in dict.fromkeys(files):
        try:
            name, suffix = _name(file)
        except OSError:
            missing.append((file, Reason.SOURCE_MISSING if not file.exists() else Reason.UNREADABLE))
            continue
        kind = KINDS.get(suffix.casefold(), Kind.FOLDER)
        link = (texts if kind is Kind.FOLDER else folder) / name
        if not link.is_symlink():  # the same file, given twice
            link.symlink_to(file.absolute())
            if kind is not Kind.FOLDER:
                found.append((kind, link))
    if any(texts.iterdir()):
        found.append((Kind.FOLDER, texts))
    try:
        sources = [Source(id=source_id, kind=kind, path=path, outlet=outlet, language=language) for kind, path in found]
    except ValidationError as error:
        told = "; ".join(f"--{e['loc'][0] if e['loc'][0] != 'id' else 'source'}: {e['msg']}" for e in error.errors())
        raise CannotLoad(told) from None
    return sources, missing


def _name(file: Path) -> tuple[str, str]:
    """The name under which a file is known ("harbour-3fa94c01.html"), and its suffix.  Raises OSError."""
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()[:8]
    match = _SUFFIX.search(file.name.lstrip("."))
    suffix = match[0] if match else ""
    stem = file.name.lstrip(".").removesuffix(suffix) or "file"
    return f"{stem}-{digest}{suffix}", suffix


def _outcomes(settings: Settings, day: dt.date, source_id: str, kept: Sequence[LogEntry]) -> pd.DataFrame:
    """The closing log entries of what was loaded; none when the run did not come so far."""
    with database.connect(settings.working) as con:
        database.create(con)
        rows = database.read(
            con,
            """select status, reason, detail, url, sha256 from fetch_log
               where fetch_day = ? and source_id = ? and status in ('article', 'unchanged', 'rejected', 'failed')""",
            [day, source_id],
        )
    return rows[rows["sha256"].isin({entry.sha256 for entry in kept})]


def _report(rows: pd.DataFrame, files: int, failed: int, console: Console) -> None:
    arrived = int(rows["status"].isin(["article", "unchanged"]).sum())
    inputs = len(rows) + failed
    if not len(rows):
        _say(console, "The files are in the archive, but were not taken in: see above why.", "red")
        return
    told = f"{_number(arrived, 'article')} of {_number(inputs, 'input')} in {_number(files, 'file')}"
    _say(console, told, "green" if arrived else "red")
    refused = rows[~rows["status"].isin(["article", "unchanged"])]
    for reason, number in Counter(refused["reason"]).most_common():
        example = refused[refused["reason"] == reason].iloc[0]
        sentence = Reason(reason).sentence
        _say(console, f"  {number} × {reason}: {sentence} For example {example['url']}: {example['detail'] or ''}")


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _say(console: Console, text: str, style: str | None = None) -> None:
    # names of files and addresses may hold anything, also what a terminal takes for a command
    clean = line(text.rstrip(": ")) or ""
    indent = " " * (len(text) - len(text.lstrip()))
    console.print(indent + clean, style=style, highlight=False, markup=False, soft_wrap=True)
