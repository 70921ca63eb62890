"""The command line: ``chancery run | rebuild | extract | ui | sql``.

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

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False, help=__doc__)


class Exit(IntEnum):
    """What the shell is told."""

    PUBLISHED = 0
    ERROR = 1
    HELD_BACK = 3


Data = Annotated[Path | None, typer.Option("--data", help="folder of archive, database and snapshots")]


def _settings(data: Path | None = None, sources: Path | None = None):  # type: ignore[no-untyped-def]
    from pydantic import ValidationError

    from assets.settings import Settings

    given = {k: v for k, v in {"data": data, "sources": sources}.items() if v is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except (ValidationError, FileNotFoundError) as error:
        raise _failed(f"settings: {error}") from None


def _failed(message: str) -> typer.Exit:
    from rich.console import Console

    Console(stderr=True).print(message, style="red", markup=False, highlight=False)
    return typer.Exit(Exit.ERROR)


def _checked_catalogue(path: Path) -> None:
    """Name every mistake of the catalogue before anything is done."""
    from sources.catalog import CatalogError, load_catalog

    try:
        load_catalog(path)
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
    try:
        date = dt.date.fromisoformat(day) if day else dt.datetime.now(dt.UTC).date()
    except ValueError:
        raise _failed(f"--day {day}: expected a date such as 2026-03-02") from None
    if not settings.first_day <= date <= dt.datetime.now(dt.UTC).date():
        raise _failed(f"--day {date}: expected a day from {settings.first_day} (setting first_day) to today (UTC)")
    _checked_catalogue(settings.sources)
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
    _checked_catalogue(settings.sources)
    from pipelines.rebuild import run_rebuild

    raise typer.Exit(run_rebuild(settings))


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

    prepare(_settings(data))
    for run_id in reap():
        typer.echo(f"run {run_id} was left behind by a killed process; it is now marked as failed")
    workspace = PROJECT / "workspace.yaml"
    where = ["-w", str(workspace)] if workspace.is_file() else ["-m", "pipelines.definitions"]
    dagster = Path(sys.executable).with_name("dagster")
    # exec: the signals that end this command must reach Dagster itself.
    os.execv(dagster, [str(dagster), "dev", *where, "--port", str(port)])


if __name__ == "__main__":
    app()
