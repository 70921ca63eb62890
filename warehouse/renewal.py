"""A working database made anew beside the old one: what it takes over, and how it takes the old one's place.

What belongs here: carrying registers and logs from one file to another, and the exchange of the two.
What does not: filling the new one (``assets.rebuild``).
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Collection
from pathlib import Path

from warehouse import database, schema
from warehouse.columns import quoted
from warehouse.database import Connection, connect, read
from warehouse.frames import conform

REGISTERS = ("identities", "retired_ids", "forwarded_ids", "quarantine", *(t.name for t in schema.PUBLISHED if t.log))
"""What cannot be read off the archive: ids once given, when a row was first held back, what became of earlier runs."""


def carry_over(con: Connection, path: Path, *, published: bool = False) -> None:
    """Copy the registers of another database into this one, in which they are empty.

    ``published``: the other one is a published file, which has no working tables.  A table that the other one does not
    have yet stays empty, a column is null.  Raises DatabaseBusy, DatabaseUnreadable, QueryError or ConformError.
    """
    names = [name for name in REGISTERS if not published or schema.table(name).layer == "published"]
    frames = {}
    # Not read-only: a log that a killed process left beside the file is worked into it.
    with connect(path, read_only=published) as other:
        have = set(read(other, "SELECT table_name FROM duckdb_tables()")["table_name"])
        for name in (n for n in names if n in have):
            table = schema.table(name)
            rows = read(other, f"SELECT * FROM {quoted(name)}")
            known = rows[[column for column in table.names if column in rows.columns]]
            frames[name] = conform(table, known.reindex(columns=list(table.names)))
    with database.transaction(con):
        for name, frame in frames.items():
            database.insert(con, schema.table(name), frame)


def days_held(con: Connection) -> set[dt.date]:
    """The fetch days of which the database holds anything."""
    days = read(con, "SELECT DISTINCT fetch_day FROM fetch_log UNION SELECT DISTINCT fetch_day FROM article_versions")
    return {day.date() for day in days["fetch_day"]}


def sweep(path: Path) -> None:
    """Remove a database and the log beside it, if they are there."""
    for file in _both(path):
        file.unlink(missing_ok=True)


def take_place(fresh: Path, working: Path) -> None:
    """Put a closed database in the place of another, in one step; the old one is gone then.

    Both must lie on one file system.
    """
    _sync(fresh)
    _, log = _both(working)
    log.unlink(missing_ok=True)  # it belongs to the old one, and would keep the new one from being opened
    fresh.replace(working)
    _sync(working.parent)


def _both(path: Path) -> Collection[Path]:
    return path, path.with_name(path.name + ".wal")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
