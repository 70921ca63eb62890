"""Articles from elsewhere: files into the archive, and from there through the nightly steps.

What belongs here: what ``chancery load`` does with its files and says about them.
What does not: reading the files (``sources.readers``, ``sources.articles``), the steps (``nightly``), and options
(``cli``).

The files become sources for this one time.  Each is known by its name and its content, so that two files of one name
are two articles, and the same file loaded twice is one.
"""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import pandas as pd
from pydantic import ValidationError
from rich.console import Console

from assets.settings import Settings
from assets.steps import parse_limits
from pipelines.cli import Exit
from pipelines.nightly import run_day
from sources.archive import Archive
from sources.box import Box
from sources.catalog import Kind, Source, load_catalog
from sources.formats.text import line
from sources.log import Reason, Status
from sources.readers import fetch_day
from warehouse import database

SOURCE: Final = "import"
KINDS: Final = {".jsonl": Kind.JSONL, ".ndjson": Kind.JSONL, ".warc": Kind.WARC, ".warc.gz": Kind.WARC}
_LONGEST: Final = 200  # bytes of a name, to which the digest comes: systems allow 255
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
    if source_id in {source.id for source in load_catalog(settings.sources, paths=False)}:
        raise CannotLoad(
            f"--source {source_id}: a source of the catalogue, whose articles these are not; give another id"
        )
    with tempfile.TemporaryDirectory(prefix="chancery-load-") as folder:
        sources, missing = _staged(files, Path(folder), source_id, outlet, language)
        with Box(parse_limits(settings)) as box:
            log = fetch_day(sources, Archive(settings.archive), day, box=box)
    kept = {entry.sha256 for entry in log if entry.status is Status.DOCUMENT}
    failed = {entry.url: entry for entry in log if entry.status is Status.FAILED}
    for path, why in missing:
        _say(console, f"{path}: {why}", "yellow")
    if not kept:
        _reasons([(str(e.reason), e.url, e.detail) for e in failed.values()], console)
        _say(console, "Nothing could be taken in.", "red")
        return Exit.ERROR
    outcome = run_day(settings, day, replay=True)
    rows = _outcomes(settings, day, source_id)
    rows = rows[rows["sha256"].isin(kept) | (rows["sha256"].isna() & rows["url"].isin(failed))]
    if not len(rows):
        _say(console, "The files are in the archive, but were not taken in: see above why.", "red")
        return outcome
    arrived = rows["status"].isin(["article", "unchanged"])
    told = f"{_number(int(arrived.sum()), 'article')} of {_number(len(rows) + len(missing), 'input')}"
    _say(console, f"{told} in {_number(len(set(files)), 'file')}", "green" if arrived.any() else "red")
    _reasons(rows.loc[~arrived, ["reason", "url", "detail"]].itertuples(index=False, name=None), console)
    return outcome


def _staged(
    files: Iterable[Path], folder: Path, source_id: str, outlet: str | None, language: str | None
) -> tuple[list[Source], list[tuple[Path, str]]]:
    """One-time sources for the files, gathered in `folder`; the files that cannot be read, and why.

    What will be a folder source is copied, for such a source follows no link that leads out of it.
    """
    texts = folder / "texts"
    texts.mkdir()
    found: list[tuple[Kind, Path]] = []
    missing: list[tuple[Path, str]] = []
    for file in dict.fromkeys(files):
        try:
            name, suffix = _name(file)
        except OSError as error:
            missing.append((file, error.strerror or type(error).__name__))
            continue
        kind = KINDS.get(suffix.casefold(), Kind.FOLDER)
        place = (texts if kind is Kind.FOLDER else folder) / name
        if place.is_symlink() or place.exists():
            continue  # the same file, given twice
        if kind is Kind.FOLDER and file.is_file():
            shutil.copyfile(file, place)
        else:
            place.symlink_to(file.absolute())
        if kind is not Kind.FOLDER:
            found.append((kind, place))
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
    if file.is_dir():
        raise OSError(errno.EISDIR, "a folder: give its files, or make it a source of the kind folder")
    if file.exists() and not file.is_file():
        raise OSError(errno.EINVAL, "no file, but a pipe, a socket or a device")
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()[:8]
    match = _SUFFIX.search(file.name.lstrip("."))
    suffix = match[0] if match else ""
    stem = file.name.lstrip(".").removesuffix(suffix) or "file"
    stem = stem.encode("utf-8", "surrogateescape")[:_LONGEST].decode("utf-8", "ignore")
    return f"{stem}-{digest}{suffix}", suffix


def _outcomes(settings: Settings, day: dt.date, source_id: str) -> pd.DataFrame:
    """What became of each input of the source on that day; nothing when the run did not come so far."""
    with database.connect(settings.working) as con:
        database.create(con)
        return database.read(
            con,
            """select status, reason, detail, url, sha256 from fetch_log
               where fetch_day = ? and source_id = ? and status in ('article', 'unchanged', 'rejected', 'failed')""",
            [day, source_id],
        )


def _reasons(refused: Iterable[tuple[str, str, str | None]], console: Console) -> None:
    """Say why inputs are no articles: each (reason, address, detail) under its reason, with the first as an example."""
    by_reason: dict[str, list[str]] = {}
    for reason, url, detail in refused:
        by_reason.setdefault(reason, []).append(f"{url}: {detail}" if isinstance(detail, str) else url)
    for reason, examples in sorted(by_reason.items(), key=lambda pair: -len(pair[1])):
        _say(console, f"  {len(examples)} × {reason}: {Reason(reason).sentence}  For example {examples[0]}")


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _say(console: Console, text: str, style: str | None = None) -> None:
    # names of files and addresses may hold anything, also what a terminal takes for a command
    clean = line(text) or ""
    indent = " " * (len(text) - len(text.lstrip()))
    console.print(indent + clean, style=style, highlight=False, markup=False, soft_wrap=True)
