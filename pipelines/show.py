"""Facts and query results on a terminal.

What belongs here: what ``chancery extract`` and ``chancery sql`` print.
What does not: options (``cli``) and the outcome of a run (``summary``).
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from extraction.extract import LANGUAGES, extract
from extraction.facts import ArticleFacts, Quote
from sources.archive import Archive
from sources.articles import Article, parse_day
from sources.catalog import Kind, Source
from sources.log import Status
from sources.readers import fetch_day
from warehouse import database, snapshot

_FORMULA = ("=", "+", "-", "@", "\t", "\n")  # how a cell begins that a spreadsheet would run
# What would command the terminal, or turn the reading direction of what stands beside it.
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_STYLES = {"quote": "italic cyan", "participant": "bold yellow", "event": "bold red", "agreement": "bold green"}


def show_file(file: Path, published: dt.date | None) -> None:
    """Print the articles of a file, facts in place.  Raises OSError, or ValueError when it holds no article."""
    articles, reasons = _articles(file)
    console = Console()
    for reason in reasons:
        console.print(_plain(reason), style="yellow")
    if not articles:
        raise ValueError("no article in this file")
    for article in articles:
        date = published or (article.published_at.date() if article.published_at else None)
        if article.language not in LANGUAGES:
            console.print(
                _plain(f"{article.title or file.name}: language {article.language}; no facts are read from it")
            )
            continue
        facts = extract(article.text, date, article.title)
        console.rule(_plain(article.title or file.name))
        console.print(_plain(f"{article.outlet or 'outlet unknown'}, {date or 'date unknown'}"), style="dim")
        console.print(_highlighted(article.text, facts))
        console.print(*_tables(article.text, facts), sep="\n")
    legend = Text(" ").join(Text(name, style) for name, style in _STYLES.items())
    console.print(legend)


def _articles(file: Path) -> tuple[list[Article], list[str]]:
    """Through the same readers as a run, by an archive that is thrown away."""
    today = dt.datetime.now(dt.UTC).date()
    with tempfile.TemporaryDirectory() as folder:
        kind, path = (Kind.JSONL, file) if file.suffix == ".jsonl" else (Kind.FOLDER, Path(folder, "file"))
        if kind is Kind.FOLDER:
            path.mkdir()
            shutil.copy(file, path)
        archive = Archive(Path(folder, "archive"))
        fetched = fetch_day([Source(id="file", kind=kind, path=path.absolute())], archive, today)
        parsed = parse_day(archive, today)
    odd = [e for e in (*fetched, *parsed.log) if e.reason and e.status is not Status.DOCUMENT]
    return parsed.articles, list(dict.fromkeys(f"{e.reason}: {e.detail or e.url}" for e in odd))


def _highlighted(text: str, facts: ArticleFacts) -> Text:
    shown = _plain(text)
    for q in facts.quotes:
        shown.stylize(_STYLES["quote"], q.start, q.end)
        if q.continuation:
            shown.stylize(_STYLES["quote"], *q.continuation)
    for kind, records in (
        ("participant", facts.participants),
        ("event", facts.events),
        ("agreement", facts.agreements),
    ):
        for record in records:
            for mention in record.mentions:
                shown.stylize(_STYLES[kind], mention.start, mention.end)
    return shown


def _tables(text: str, facts: ArticleFacts) -> list[Table]:
    names = {p.key: p.name for p in facts.participants}

    def who(keys: list[str]) -> str:
        return ", ".join(names.get(k, k) for k in keys)

    def speaker(q: Quote) -> str:
        return names.get(q.speaker, "") if q.speaker else f"({q.speaker_text or 'unknown'})"

    return [
        _table(
            "Participants",
            ["name", "kind", "role", "country"],
            [(p.name, p.kind, p.role, p.country) for p in facts.participants],
        ),
        _table(
            "Quotes", ["kind", "speaker", "cue", "text"], [(q.kind, speaker(q), q.cue, q.text) for q in facts.quotes]
        ),
        _table(
            "Events",
            ["type", "mode", "status", "date", "place", "countries", "participants", "trigger"],
            [
                (
                    e.type,
                    e.mode,
                    e.status,
                    f"{e.when.date or ''} {e.when.precision}/{e.when.basis}",
                    e.where.place,
                    " ".join(e.countries),
                    who([k for k, _ in e.participants]),
                    e.mentions[0].trigger,
                )
                for e in facts.events
            ],
        ),
        _table(
            "Agreements",
            ["instrument", "status", "title", "parties", "signatories"],
            [
                (
                    a.instrument,
                    a.status,
                    a.title,
                    " ".join(p.country or names.get(p.participant or "", "") for p in a.parties if p.role == "party"),
                    who([p.participant for p in a.parties if p.role == "signatory" and p.participant]),
                )
                for a in facts.agreements
            ],
        ),
    ]


def _table(title: str, columns: list[str], rows: list[tuple[object, ...]]) -> Table:
    table = Table(title=f"{title}: {len(rows)}", title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*("" if v is None else _plain(str(v)) for v in row))
    return table


def show_query(published: Path, query: str, csv: bool) -> None:
    """Print a query's result on the latest snapshot.  Raises LookupError when there is none, WarehouseError else."""
    latest = snapshot.latest(published)
    if latest is None:
        raise LookupError("nothing is published yet: run `chancery run`")
    with database.connect(latest, read_only=True) as con:
        frame = database.read(con, query)
    if csv:
        frame.map(_inert).to_csv(sys.stdout, index=False)
        return
    table = Table()
    for column in frame.columns:
        table.add_column(str(column), overflow="fold")
    for row in frame.itertuples(index=False, name=None):
        table.add_row(*("" if v is None or v != v else _plain(_cell(v)) for v in row))
    Console().print(table)


def _inert(value: object) -> object:
    """A text that a spreadsheet would run as a formula, with an apostrophe before it; anything else as it is.

    The words are a stranger's: `=HYPERLINK(…)` as a title would send whatever stands beside it to anybody.
    """
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").replace("\r", "\n")  # a bare one would end the row, unquoted
    return f"'{text}" if text.startswith(_FORMULA) else text


def _plain(text: str) -> Text:
    """A stranger's words as they are: no markup of ours, no command to the terminal; as long as before."""
    return Text(_COMMANDS.sub("\ufffd", text))


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return str(value)
