"""What a run did, for a person at a terminal.

What belongs here: the closing tables of ``chancery run``.
What does not: exit codes and options (``cli``).
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from assets.settings import Settings
from warehouse import database, snapshot

SOURCE_RULES = ("source_minimum", "source_maximum", "source_median", "source_frozen")
# The first question of an analyst, and one that the sample answers.
FIRST_QUERY = "select month, state_a, state_b, meetings, people_a, people_b from meetings limit 5"


def show(console: Console, settings: Settings, day: dt.date, run_id: str, published: bool) -> None:
    """Print what was published, what was held back and why, and how to query it."""
    with database.connect(settings.working) as con:
        broken = database.read(
            con,
            """select step, rule, severity, failed, checked, why, sample from quality_results
               where run_id = ? and not success order by severity = 'critical' desc, step, rule""",
            [run_id],
        )
        held = database.read(
            con,
            """select table_name as what, rule, count(*) as n, any_value(reason) as reason,
                      any_value(row_key) as example
               from quarantine group by all order by n desc""",
        )
        refused = database.read(
            con,
            """select source_id, status, reason, count(*) as n, any_value(coalesce(detail, url)) as example
               from fetch_log
               where fetch_day = ? and reason is not null group by all order by n desc, source_id, reason""",
            [day],
        )
    parts: list[RenderableType] = _sources(broken)
    if len(refused):
        parts.append(
            _table("Inputs that are no article, or odd", ["source", "status", "reason", "n", "example"], refused)
        )
    if len(held):
        parts.append(_table("Held back (table quarantine)", ["table", "rule", "rows", "reason", "example"], held))
    if len(broken):
        columns = ["step", "rule", "severity", "failed", "of"]
        parts.append(_table("Rules that were not kept", columns, broken.iloc[:, :5]))
    for row in broken[broken["severity"] == "critical"].to_dict("records"):
        parts.append(Text.assemble((f"{row['step']}.{row['rule']}", "bold red"), f" stopped publication: {row['why']}"))
        if row["rule"] not in SOURCE_RULES:  # whose rows stand above
            parts += [Text("    " + json.dumps(r, ensure_ascii=False, default=str)) for r in _rows(row)]
    console.print(Group(*parts))
    if published:
        show_published(console, settings)
    else:
        latest = snapshot.latest(settings.published)
        was = latest.name if latest else "none"
        console.print(
            Text.assemble(("Nothing was published. ", "bold red"), f"The latest snapshot is as it was: {was}")
        )


def show_published(console: Console, settings: Settings) -> None:
    """Print what the latest snapshot holds, where it is, and how to query it."""
    if latest := snapshot.latest(settings.published):
        console.print(
            _published(latest),
            Text.assemble("Published  ", (_short(settings.published / "latest.duckdb"), "bold green")),
            Text.assemble("Query it   ", (f'{_command()} sql "{FIRST_QUERY}"{_where(settings)}', "bold")),
            sep="\n",
        )


def _sources(broken: pd.DataFrame) -> list[RenderableType]:
    """A line for each source outside its bounds, silent, far below its median or at rest; errors come first."""
    lines: list[RenderableType] = []
    told: set[str] = set()
    for row in broken[broken["rule"].isin(SOURCE_RULES)].to_dict("records"):
        style = "bold red" if row["severity"] == "critical" else "bold yellow"
        rows = _rows(row)
        for source in rows:
            name = str(source.get("source_id"))
            if name not in told:
                told.add(name)
                lines.append(Text.assemble(("Source  ", style), source.get("finding") or source.get("error", "")))
        if row["failed"] > len(rows):
            lines.append(Text.assemble(("Source  ", style), f"… and {row['failed'] - len(rows)} more: {row['rule']}"))
    return lines


def _rows(result: dict[Any, Any]) -> list[dict[str, Any]]:
    """The failing rows that a rule's result shows."""
    return json.loads(result["sample"]) if result["sample"] else []


def _published(path: Path) -> Table:
    with database.connect(path, read_only=True) as con:
        names = ["articles", "participants", "events", "quotes", "agreements"]
        counts = [int(database.read(con, f"select count(*) as n from {n}")["n"][0]) for n in names]
        views = int(database.read(con, "select count(*) as n from duckdb_views() where not internal")["n"][0])
    table = Table(title=f"Snapshot {path.stem.removeprefix('chancery-')}")
    for name in (*names, "views"):
        table.add_column(name, justify="right")
    table.add_row(*map(str, (*counts, views)))
    return table


def _table(title: str, columns: list[str], frame: pd.DataFrame) -> Table:
    table = Table(title=title)
    for column in columns:
        table.add_column(
            column, justify="right" if column in ("n", "rows", "failed", "of") else "left", overflow="fold"
        )
    for row in frame.itertuples(index=False, name=None):
        table.add_row(*("" if v is None else escape(str(v)[:120]) for v in row))
    return table


def _command() -> str:
    """How this command line is called from here: by its name where the shell finds it."""
    return "chancery" if shutil.which("chancery") else _short(Path(sys.executable).with_name("chancery"))


def _where(settings: Settings) -> str:
    """The option that names the data folder, where it is not the one of the settings."""
    given = os.environ.pop("CHANCERY_DATA", None)  # set for Dagster's processes by this run
    try:
        usual = Settings().data
    finally:
        if given is not None:
            os.environ["CHANCERY_DATA"] = given
    return "" if settings.data == usual else f" --data {_short(settings.data)}"


def _short(path: Path) -> str:
    """Relative to the working directory where that is shorter."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
