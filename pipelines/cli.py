"""The command line: ``chancery run | rebuild | add | sources | load | replay-page | extract | ui | sql``.

What belongs here: options, exit codes, and a call to what does the work.
What does not: work.  Imports that cost time stand inside the commands: worker processes import this module too.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from enum import IntEnum
from pathlib import Path
from typing import Annotated

import typer

HELP = "The nightly ledger of diplomacy.  Start with `chancery run` on the bundled sample, then `chancery add URL`."

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False, help=HELP)


class Exit(IntEnum):
    """What the shell is told."""

    PUBLISHED = 0
    ERROR = 1
    HELD_BACK = 3
    NOTHING_FOUND = 4
    UNREACHABLE = 5
    FORBIDDEN = 6  # robots.txt says no
    KNOWN = 7  # it is in the catalogue already


Data = Annotated[Path | None, typer.Option("--data", help="folder of archive, database and snapshots")]


def _settings(data: Path | None = None, sources: Path | None = None):  # type: ignore[no-untyped-def]
    from tomllib import TOMLDecodeError

    from pydantic import ValidationError

    from assets.settings import Settings

    given = {k: v for k, v in {"data": data, "sources": sources}.items() if v is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        told = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}; found {e['input']!r}" for e in error.errors()]
        raise _failed("settings: " + "\n          ".join(told)) from None
    except (TOMLDecodeError, OSError) as error:
        raise _failed(f"settings: {error}") from None


def _failed(message: str, code: Exit = Exit.ERROR) -> typer.Exit:
    from rich.console import Console

    Console(stderr=True).print(message, style="red", markup=False, highlight=False)
    return typer.Exit(code)


def _date(day: str | None, first: dt.date) -> dt.date:
    today = dt.datetime.now(dt.UTC).date()
    try:
        date = dt.date.fromisoformat(day) if day else today
    except ValueError:
        raise _failed(f"--day {day}: expected a date such as 2026-03-02") from None
    if not first <= date <= today:
        raise _failed(f"--day {date}: expected a day from {first} (setting first_day) to today (UTC)")
    return date


def _checked_folder(data: Path) -> None:
    """Make the folder of archive, database and snapshots, if it is not there."""
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _failed(f"--data {data}: the folder cannot be made: {error.strerror}") from None


def _checked_catalogue(path: Path, *, paths: bool = True) -> None:
    """Name every mistake of the catalogue before anything is done; ``paths`` as in ``load_catalog``."""
    from sources.catalog import CatalogError, load_catalog

    try:
        load_catalog(path, paths=paths)
    except (CatalogError, OSError) as error:
        raise _failed(str(error)) from None


@app.command()
def run(
    sources: Annotated[Path | None, typer.Option("--sources", help="the catalogue of sources")] = None,
    data: Data = None,
    day: Annotated[str | None, typer.Option("--day", help="the fetch day, YYYY-MM-DD; today (UTC) by default")] = None,
    replay: Annotated[
        bool, typer.Option("--replay", help="read the day from the archive alone, fetch nothing")
    ] = False,
) -> None:
    """Run the nightly job for one day: fetch, read, join, check, publish.

    Exit code 0: published; 3: held back by a rule; 1: an error.
    """
    settings = _settings(data, sources)
    date = _date(day, settings.first_day)
    _checked_catalogue(settings.sources, paths=not replay)
    _checked_folder(settings.data)
    from pipelines.nightly import run_day

    raise typer.Exit(run_day(settings, date, replay))


@app.command()
def rebuild(
    sources: Annotated[Path | None, typer.Option("--sources", help="the catalogue of sources")] = None,
    data: Data = None,
) -> None:
    """Make the working database anew from the archive alone, offline, check it and publish it.

    The old one is replaced only by a whole new one.  Exit code 0: published; 3: held back by a rule; 1: an error.
    """
    settings = _settings(data, sources)
    _checked_catalogue(settings.sources, paths=False)
    _checked_folder(settings.data)
    from pipelines.rebuild import run_rebuild

    raise typer.Exit(run_rebuild(settings))


@app.command()
def add(
    url: Annotated[str | None, typer.Argument(help="a site, a page of it, a feed or a sitemap")] = None,
    starter: Annotated[
        list[str] | None, typer.Option("--starter", help="copy this entry of the starter catalogue instead")
    ] = None,
    sources: Annotated[Path | None, typer.Option("--sources", help="the catalogue to add to")] = None,
    identity: Annotated[str | None, typer.Option("--id", help="the new source's id; made from its name else")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="write the entry without asking")] = False,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="the address may lie in a private network or on this machine")
    ] = False,
) -> None:
    """Find what a site offers, show five of its articles, write it into the catalogue.

    Exit code 0: written, or you said no; 4: nothing found; 5: unreachable; 6: robots.txt says no; 7: in the catalogue
    already; 1: another error.
    """
    from rich.console import Console

    from pipelines import add as adding

    if bool(url) == bool(starter):
        raise _failed("chancery add: give either an address or --starter ID (list them: chancery sources --starter)")
    settings = _settings(None, sources)
    try:
        if url:
            adding.add(
                settings,
                url,
                identity=identity,
                allow_private=allow_private,
                confirm=lambda question: yes or _confirmed(question),
                console=Console(),
            )
        else:
            adding.add_starters(settings, starter or [], Console())
    except adding.Refused as error:
        raise _failed(str(error), error.exit) from None


def _confirmed(question: str) -> bool:
    if sys.stdin.isatty():
        return typer.confirm(question, default=True)
    raise _failed("Not written: give --yes where nobody can be asked.")


@app.command("sources")
def list_sources(
    sources: Annotated[Path | None, typer.Option("--sources", help="the catalogue of sources")] = None,
    starter: Annotated[bool, typer.Option("--starter", help="the starter catalogue of public sources instead")] = False,
) -> None:
    """List the sources of the catalogue, or of the starter catalogue (chancery add --starter ID)."""
    from rich.console import Console

    from pipelines.add import show_sources
    from sources.catalog import CatalogError, load_catalog
    from sources.entries import STARTER

    path = STARTER if starter else _settings(None, sources).sources
    try:
        show_sources(load_catalog(path), str(path), Console())
    except (CatalogError, OSError) as error:
        raise _failed(str(error)) from None


@app.command()
def load(
    files: Annotated[list[Path], typer.Argument(help="articles: .jsonl, .ndjson, .warc, .warc.gz, .html, .htm, .txt")],
    source: Annotated[
        str, typer.Option("--source", help="the source that the articles are said to come from")
    ] = "import",
    outlet: Annotated[str | None, typer.Option("--outlet", help="who published them, where they do not say")] = None,
    language: Annotated[str | None, typer.Option("--language", help="their language, such as en")] = None,
    day: Annotated[str | None, typer.Option("--day", help="the fetch day, YYYY-MM-DD; today (UTC) by default")] = None,
    sources: Annotated[Path | None, typer.Option("--sources", help="the catalogue of sources")] = None,
    data: Data = None,
) -> None:
    """Import articles from elsewhere: keep the files in the archive, then run that day from the archive and publish.

    Exit code 0: published; 3: held back by a rule; 1: an error, or nothing could be taken in.
    """
    settings = _settings(data, sources)
    date = _date(day, settings.first_day)
    _checked_catalogue(settings.sources, paths=False)
    _checked_folder(settings.data)
    from rich.console import Console

    from pipelines.importing import CannotLoad, load_files

    try:
        outcome = load_files(
            settings, files, date, source_id=source, outlet=outlet, language=language, console=Console()
        )
    except CannotLoad as error:
        raise _failed(str(error)) from None
    raise typer.Exit(outcome)


@app.command("replay-page")
def replay_page(
    day: Annotated[str, typer.Option("--day", help="the fetch day of the archive, YYYY-MM-DD")],
    source: Annotated[str, typer.Option("--source", help="the source's id")],
    url: Annotated[str, typer.Option("--url", help="the address, as fetch_log and quarantine have it")],
    data: Data = None,
    seconds: Annotated[float | None, typer.Option("--seconds", min=0.1, help="instead of parse_seconds")] = None,
    megabytes: Annotated[int | None, typer.Option("--megabytes", min=64, help="instead of parse_megabytes")] = None,
) -> None:
    """Parse one archived page again, within limits, and show what comes of it.  Nothing is stored.

    Exit code 0: it was read; 3: it was not, and the reason is shown; 1: an error.
    """
    from rich.console import Console

    from pipelines.replay import replay, show
    from sources.archive import Archive, BlobDamaged
    from sources.box import BoxSettings

    settings = _settings(data)
    try:
        limits = BoxSettings(seconds or settings.parse_seconds, megabytes or settings.parse_megabytes, workers=1)
        replayed = replay(Archive(settings.archive), _date(day, dt.date.min), source, url, limits)
    except (LookupError, BlobDamaged, ValueError) as error:
        raise _failed(str(error)) from None
    show(replayed, Console())
    raise typer.Exit(Exit.PUBLISHED if replayed.read else Exit.HELD_BACK)


@app.command()
def extract(
    file: Annotated[Path, typer.Argument(help="an article: .txt, .html or .jsonl")],
    published: Annotated[
        str | None, typer.Option("--published", help="its date, YYYY-MM-DD, if it does not say")
    ] = None,
) -> None:
    """Show the facts of one article in place, without storing anything."""
    from pipelines.show import show_file

    try:
        show_file(file, dt.date.fromisoformat(published) if published else None)
    except (OSError, ValueError) as error:
        raise _failed(f"{file}: {error}") from None


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help="a query in DuckDB's SQL")],
    data: Data = None,
    csv: Annotated[bool, typer.Option("--csv", help="comma-separated values instead of a table")] = False,
) -> None:
    """Query the latest published snapshot."""
    from pipelines.show import show_query
    from warehouse.errors import WarehouseError

    if not query.strip(" ;\n\t"):
        raise _failed("an empty query; try: chancery sql 'show tables'")
    try:
        show_query(_settings(data).published, query, csv)
    except (WarehouseError, LookupError) as error:
        raise _failed(str(error)) from None


@app.command()
def ui(
    data: Data = None,
    port: Annotated[int, typer.Option("--port", help="port of the web page")] = 3000,
) -> None:
    """Open Dagster: the runs, their checks, the schedule.  The nightly schedule ticks while this runs."""
    from assets.settings import PROJECT
    from pipelines.instance import prepare, reap

    settings = _settings(data)
    _checked_folder(settings.data)
    prepare(settings)
    for run_id in reap():
        typer.echo(f"run {run_id} was left behind by a killed process; it is now marked as failed")
    workspace = PROJECT / "workspace.yaml"
    where = ["-w", str(workspace)] if workspace.is_file() else ["-m", "pipelines.definitions"]
    dagster = Path(sys.executable).with_name("dagster")
    # exec: the signals that end this command must reach Dagster itself.
    os.execv(dagster, [str(dagster), "dev", *where, "--port", str(port)])


if __name__ == "__main__":
    app()
