"""Putting rows into the working database: each load is one transaction that replaces exactly what it is about.

What belongs here: replacing a day, the facts of articles, whole tables; article versions; quarantine; logs.
What does not: whether a row is good (``expectations``), and typing (``frames``).

Every frame is conformed first; a load that fails raises ConformError or LoadError and leaves the old rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType

import duckdb
import pandas as pd

from warehouse import database, schema
from warehouse.columns import Column, Table, quoted
from warehouse.database import Connection, incoming, insert, transaction
from warehouse.errors import LoadError
from warehouse.fields import ARTICLE_ID
from warehouse.frames import conform
from warehouse.working import FACTS

FACT_TABLES: tuple[str, ...] = (*(t.name for t in FACTS), "extractions")
"""The tables that hold what was extracted from an article; they are replaced together."""

_NOTHING: Mapping[str, pd.DataFrame] = MappingProxyType({})


def replace_day(con: Connection, table: str, day: dt.date, frame: pd.DataFrame) -> None:
    """Replace the rows of a fetch day; ``frame`` may leave ``fetch_day`` out."""
    replace_days(con, {table: frame}, day)


def replace_days(con: Connection, frames: Mapping[str, pd.DataFrame], day: dt.date) -> None:
    """Replace the rows of a fetch day in several tables, all or none."""
    conformed = {name: _of_day(schema.table(name), frame, day) for name, frame in frames.items()}
    with transaction(con):
        for name, frame in conformed.items():
            with _named(name):
                con.execute(f"DELETE FROM {quoted(name)} WHERE fetch_day = ?", [day])
                insert(con, schema.table(name), frame)


def load_articles(con: Connection, day: dt.date, frame: pd.DataFrame) -> int:
    """Replace the article versions of a fetch day; returns how many are stored.

    A row that says the same (``fetched_at`` apart) as the article's latest version of an earlier day is not stored.
    """
    table = schema.table("article_versions")
    rows = _of_day(table, frame, day)
    same = " AND ".join(
        f"i.{quoted(c.name)} IS NOT DISTINCT FROM e.{quoted(c.name)}"
        for c in table.columns
        if c.name not in ("fetched_at", "fetch_day")
    )
    with transaction(con), _named(table.name):
        con.execute("DELETE FROM article_versions WHERE fetch_day = ?", [day])
        insert(
            con,
            table,
            rows,
            select=f"""
            WITH earlier AS (
                SELECT * FROM article_versions
                WHERE fetch_day < {_day(day)} AND article_id IN (SELECT article_id FROM _incoming)
                QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY fetch_day DESC) = 1)
            SELECT i.* FROM _incoming AS i WHERE NOT EXISTS (SELECT 1 FROM earlier AS e WHERE {same})""",
        )
        return _count(con, f"article_versions WHERE fetch_day = {_day(day)}")


def latest_articles(con: Connection, *, where: str = "true", params: Sequence[object] = ()) -> pd.DataFrame:
    """The latest version of each article: the columns of ``articles`` except ``duplicate_of``.

    ``where`` is a condition on these columns.  Versions that say the same one after another count as one, fetched when
    the first of them was, so the order in which days were run does not matter.
    """
    return database.read(con, f"SELECT * FROM ({_LATEST}) WHERE {where} ORDER BY article_id", params)


def rebuild_articles(con: Connection, duplicates: pd.DataFrame) -> None:
    """Derive ``articles`` anew from the versions.  ``duplicates`` has ``article_id`` and ``duplicate_of``."""
    table = schema.table("articles")
    pairs = _scratch("duplicates", ARTICLE_ID, table.column("duplicate_of"))
    frame = _unique(pairs, conform(pairs, duplicates))
    with transaction(con), _named(table.name):
        con.execute("DELETE FROM articles")
        with incoming(con, pairs, frame):
            con.execute(
                f"""INSERT INTO articles
                    SELECT latest.*, duplicate_of FROM ({_LATEST}) AS latest LEFT JOIN _incoming USING (article_id)
                    ORDER BY article_id"""
            )


def replace_facts(con: Connection, article_ids: Collection[str], frames: Mapping[str, pd.DataFrame]) -> None:
    """Replace all facts of these articles; ``frames`` has all of FACT_TABLES, with rows of these articles only."""
    if odd := set(frames) ^ set(FACT_TABLES):
        raise LoadError("facts", f"a load of facts needs exactly {', '.join(FACT_TABLES)}; {sorted(odd)} differ")
    given = set(article_ids)
    conformed = {name: _unique(schema.table(name), conform(name, frames[name])) for name in FACT_TABLES}
    for name, frame in conformed.items():
        if strangers := set(frame["article_id"]) - given:
            raise LoadError(name, f"rows of articles that are not being replaced: {sorted(map(str, strangers))[:5]}")
    doomed = _scratch("doomed", ARTICLE_ID)
    ids = conform(doomed, pd.DataFrame({"article_id": pd.Series(sorted(given), dtype=object)}))
    with transaction(con):
        for name, frame in conformed.items():
            with _named(name):
                with incoming(con, doomed, ids):
                    con.execute(f"DELETE FROM {quoted(name)} WHERE article_id IN (SELECT article_id FROM _incoming)")
                insert(con, schema.table(name), frame)


def replace_keys(con: Connection, table: str, frame: pd.DataFrame) -> None:
    """Replace the rows whose key the frame has, and add those with new keys."""
    described = schema.table(table)
    if not described.key:
        raise LoadError(table, "has no key by which rows could be replaced")
    rows = _unique(described, conform(described, frame))
    with transaction(con), _named(table):
        with incoming(con, described, rows):
            con.execute(f"DELETE FROM {quoted(table)} AS old USING _incoming AS new WHERE {_same_key(described)}")
        insert(con, described, rows)


def replace_tables(
    con: Connection, frames: Mapping[str, pd.DataFrame], *, register: Mapping[str, pd.DataFrame] = _NOTHING
) -> None:
    """Replace whole tables, and add to registers the rows whose key is new (known keys stay as they are)."""
    whole = {name: _unique(schema.table(name), conform(name, frame)) for name, frame in frames.items()}
    added = {name: _unique(schema.table(name), conform(name, frame)) for name, frame in register.items()}
    for name in added:
        if not schema.table(name).key:
            raise LoadError(name, "has no key by which a row could be known")
    with transaction(con):
        for name, frame in whole.items():
            with _named(name):
                con.execute(f"DELETE FROM {quoted(name)}")
                insert(con, schema.table(name), frame)
        for name, frame in added.items():
            known = f"SELECT 1 FROM {quoted(name)} AS old WHERE {_same_key(schema.table(name))}"
            with _named(name):
                insert(
                    con,
                    schema.table(name),
                    frame,
                    select=f"SELECT new.* FROM _incoming AS new WHERE NOT EXISTS ({known})",
                )


def append(con: Connection, table: str, frame: pd.DataFrame) -> None:
    """Add rows to a log; any other table is replaced, never appended to."""
    described = schema.table(table)
    if not described.log:
        raise LoadError(table, "is no log")
    rows = conform(described, frame)
    with transaction(con), _named(table):
        insert(con, described, rows)


def merge_quarantine(con: Connection, day: dt.date | None, step: str, frame: pd.DataFrame) -> None:
    """Replace what a step holds back for a day (None: the step has no day).

    ``frame`` has the columns of ``quarantine``; ``step`` and ``fetch_day`` may be left out.  A row that was held back
    by the same rule before keeps its first ``run_id`` and ``quarantined_at``, so that a replay changes nothing.
    """
    table = schema.table("quarantine")
    rows = frame.drop(columns=["step", "fetch_day"], errors="ignore").assign(
        step=pd.Series(step, index=frame.index, dtype=object), fetch_day=pd.Series(day, index=frame.index, dtype=object)
    )
    conformed = conform(table, rows)
    columns = ", ".join(
        f"coalesce(old.{c.name}, new.{c.name})" if c.name in ("run_id", "quarantined_at") else f"new.{quoted(c.name)}"
        for c in table.columns
    )
    with transaction(con), _named(table.name):
        con.execute(
            """CREATE OR REPLACE TEMP TABLE _held AS
               SELECT table_name, row_key, rule, arg_min(run_id, quarantined_at) AS run_id,
                      min(quarantined_at) AS quarantined_at
               FROM quarantine WHERE step = ? AND fetch_day IS NOT DISTINCT FROM ? GROUP BY ALL""",
            [step, day],
        )
        con.execute("DELETE FROM quarantine WHERE step = ? AND fetch_day IS NOT DISTINCT FROM ?", [step, day])
        insert(
            con,
            table,
            conformed,
            select=f"SELECT {columns} FROM _incoming AS new LEFT JOIN _held AS old USING (table_name, row_key, rule)",
        )
        con.execute("DROP TABLE _held")


def _of_day(table: Table, frame: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    if "fetch_day" not in table.names or table.column("fetch_day").nullable:
        raise LoadError(table.name, "is not kept by fetch day")
    if "fetch_day" not in frame.columns:
        frame = frame.assign(fetch_day=pd.Series(day, index=frame.index, dtype=object))
    rows = conform(table, frame)
    if not (rows["fetch_day"] == pd.Timestamp(day)).all():
        raise LoadError(table.name, f"rows of another day than {day}")
    return _unique(table, rows)


def _unique(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame itself; LoadError when two rows have the same key."""
    if table.key:
        repeated = frame[frame.duplicated(subset=list(table.key))]
        if len(repeated):
            sample = [str(value) for value in repeated.iloc[0][list(table.key)]]
            raise LoadError(table.name, f"{len(repeated)} rows repeat a key ({', '.join(table.key)}): {sample} …")
    return frame


def _scratch(name: str, *columns: Column) -> Table:
    """A table that exists for one statement; its first column is its key."""
    return Table(name, "", "", (columns[0].name,), columns)


def _same_key(table: Table) -> str:
    return " AND ".join(f"old.{quoted(name)} = new.{quoted(name)}" for name in table.key)


def _day(day: dt.date) -> str:
    return f"DATE '{day.isoformat()}'"


def _count(con: Connection, what: str) -> int:
    row = con.execute(f"SELECT count(*) FROM {what}").fetchone()
    assert row is not None  # count(*) has one row
    return int(row[0])


@contextmanager
def _named(table: str) -> Iterator[None]:
    """DuckDB's refusals (a null, JSON that is none) as LoadError."""
    try:
        yield
    except duckdb.Error as error:
        raise LoadError(table, str(error)) from error


def _latest() -> str:
    """SQL of the latest version of each article.

    The windows run over narrow columns, so that the texts are touched once, at the end.
    """
    columns = [c.name for c in schema.table("article_versions").columns if c.name != "fetch_day"]
    says = ", ".join(quoted(c) for c in columns if c not in ("article_id", "text", "fetched_at"))
    return f"""
    WITH stepped AS (
        SELECT article_id, fetch_day,
               coalesce(content_hash <> lag(content_hash) OVER days, false) AS new_text,
               coalesce(hash({says}) <> lag(hash({says})) OVER days, true) AS new_row
        FROM article_versions WINDOW days AS (PARTITION BY article_id ORDER BY fetch_day)),
    latest AS (
        SELECT article_id, max(fetch_day) FILTER (new_row) AS fetch_day,
               1 + count(*) FILTER (new_text)::INTEGER AS version
        FROM stepped GROUP BY article_id)
    SELECT {", ".join("v." + quoted(c) for c in columns)}, latest.version
    FROM article_versions AS v JOIN latest USING (article_id, fetch_day)"""


_LATEST = _latest()
