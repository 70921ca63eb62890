"""From the working database to a published file: build aside, audit, publish, move the pointer, prune.

What belongs here: candidate and published files, and the pointer ``latest.duckdb``.
What does not: the audit (``expectations``) and the decision to publish (``assets``).

A published file is never written again, by anyone: it gets a name of its own and loses its write permission, and the
pointer, a symbolic link, moves in one step.  A reader therefore sees whole snapshots only, and one that holds an old
file goes on reading it.  One run at a time owns the candidate folder: building empties it of what dead runs left.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from warehouse import database, schema
from warehouse.columns import comments, ddl, literal, quoted
from warehouse.database import Connection, connect, insert
from warehouse.errors import DatabaseUnreadable, PublishError
from warehouse.frames import conform
from warehouse.views import create_views

POINTER = "latest.duckdb"
_PREFIX = "chancery-"
_SUFFIX = ".duckdb"
_COUNTED = ("articles", "events", "participants", "quotes", "agreements")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the publication log says of a snapshot, the counts apart.  ``published_at`` has a time zone."""

    snapshot_id: str
    run_id: str
    published_at: dt.datetime
    extractor_version: str


def snapshot_id(now: dt.datetime | None = None) -> str:
    """A new id: the UTC time to the microsecond, so that ids sort by age, and six random hex digits against a tie."""
    moment = (now or dt.datetime.now(dt.UTC)).astimezone(dt.UTC)
    return f"{moment:%Y%m%dT%H%M%S%f}Z-{secrets.token_hex(3)}"


def build_candidate(working_path: Path, candidate_path: Path, snapshot: Snapshot) -> None:
    """Write the published tables and views of the working database into a new file, closed when this returns.

    The working database must not be open in this process.  Raises DatabaseBusy, DatabaseUnreadable or PublishError; no
    half-built file is left.
    """
    folder = candidate_path.parent
    if folder.resolve() == working_path.parent.resolve() or (folder / POINTER).is_symlink():
        raise PublishError(f"{folder} is emptied before each candidate, so it must hold nothing else")
    folder.mkdir(parents=True, exist_ok=True)
    _empty(folder)
    if not working_path.exists():
        raise DatabaseUnreadable(f"{working_path} does not exist")
    try:
        with duckdb.connect() as con:
            con.execute("SET TimeZone = 'UTC'")
            with database.refusals(working_path):
                con.execute(f"ATTACH {literal(str(working_path))} AS working (READ_ONLY)")
            with _refusals(candidate_path):
                con.execute(
                    f"ATTACH {literal(str(candidate_path))} AS candidate "
                    f"(STORAGE_VERSION {literal(database.STORAGE_VERSION)})"
                )
                _copy(con, snapshot)
                # Closing by name writes the checkpoint; leaving it to the connection's end would hide a failure.
                con.execute("USE memory")
                con.execute("DETACH candidate")
    except BaseException:
        _empty(folder)
        raise
    _assert_closed(candidate_path)


def append_results(candidate_path: Path, frame: pd.DataFrame) -> None:
    """Add the audit of the candidate to its own ``quality_results``, before it is published."""
    table = schema.table("quality_results")
    rows = conform(table, frame)
    with connect(candidate_path) as con, _refusals(candidate_path):
        insert(con, table, rows)


def publish(candidate_path: Path, published_dir: Path, snapshot_id: str, keep: int) -> Path:
    """Publish a candidate under its own name, move the pointer to it, and prune to the last ``keep`` snapshots.

    Both folders must lie on one file system.  Raises PublishError, and then the pointer is where it was.
    """
    if keep < 1:
        raise PublishError(f"at least one snapshot must be kept, not {keep}")
    _assert_is(candidate_path, snapshot_id)
    published_dir.mkdir(parents=True, exist_ok=True)
    target = published_dir / f"{_PREFIX}{snapshot_id}{_SUFFIX}"
    _assert_closed(candidate_path)
    _assert_closed(target)
    if target.exists():
        raise PublishError(f"{target} is published already; a published file is never written again")
    with _refusals(target):
        candidate_path.chmod(0o444)
        _sync(candidate_path)
        candidate_path.rename(target)
        _sync(published_dir)
        _point(published_dir, target.name)
    _prune(published_dir, keep)
    return target


def record(con: Connection, published_path: Path) -> None:
    """Let the working database take over the log rows of a published file that it lacks.

    Called after publication, and before the next one, where it makes good a crash between pointer and log.
    """
    with connect(published_path, read_only=True) as source:
        published = {table.name: database.read_table(source, table.name) for table in schema.PUBLISHED if table.log}
    with database.transaction(con):
        for name, frame in published.items():
            lacking = f"SELECT * FROM _incoming EXCEPT ALL SELECT * FROM {quoted(name)}"
            insert(con, schema.table(name), frame, select=lacking)


def latest(published_dir: Path) -> Path | None:
    """The file behind the pointer, None before the first publication.

    Open this path rather than the pointer: within a process DuckDB takes a path that is open already for the same file.
    Raises DatabaseUnreadable when the pointer leads nowhere.
    """
    pointer = published_dir / POINTER
    if not pointer.is_symlink() and not pointer.exists():
        return None
    if not pointer.exists():
        raise DatabaseUnreadable(f"{pointer} points to {pointer.readlink()}, which is not there")
    return pointer.resolve()


def snapshots(published_dir: Path) -> list[Path]:
    """The published files, oldest first."""
    return sorted(path for path in published_dir.glob(f"{_PREFIX}*{_SUFFIX}") if not path.is_symlink())


def _copy(con: Connection, snapshot: Snapshot) -> None:
    con.execute("USE candidate")
    # Hundreds of small statements cost less in one transaction, rows in bulk cost less outside: they go straight to
    # the file.  Nobody sees a candidate that was not finished, so it needs no transaction.
    con.begin()
    for table in schema.PUBLISHED:
        for statement in (ddl(table), *comments(table)):
            con.execute(statement)
    create_views(con)
    con.commit()
    for table in schema.PUBLISHED:
        columns = ", ".join(quoted(name) for name in table.names)
        con.execute(f"INSERT INTO {quoted(table.name)} SELECT {columns} FROM working.{quoted(table.name)}")
    counts = ", ".join(f"(SELECT count(*) FROM {quoted(name)}) AS {quoted(name)}" for name in _COUNTED)
    con.execute(
        f"""INSERT INTO snapshots BY NAME
            SELECT ? AS snapshot_id, ? AS run_id, ? AS published_at, ? AS extractor_version, ? AS schema_version,
                   {counts}""",
        [
            snapshot.snapshot_id,
            snapshot.run_id,
            snapshot.published_at.astimezone(dt.UTC).replace(tzinfo=None),
            snapshot.extractor_version,
            schema.SCHEMA_VERSION,
        ],
    )


def _assert_is(candidate_path: Path, snapshot_id: str) -> None:
    if not candidate_path.exists():
        raise PublishError(f"{candidate_path} does not exist")
    with connect(candidate_path, read_only=True) as con:
        rows = database.read(con, "SELECT snapshot_id FROM snapshots ORDER BY snapshot_id")["snapshot_id"].tolist()
    if not rows or rows[-1] != snapshot_id:
        raise PublishError(f"{candidate_path} is snapshot {rows[-1] if rows else 'of no name'}, not {snapshot_id}")


def _assert_closed(path: Path) -> None:
    """A write-ahead log beside a published file would be replayed into it, or lock readers out."""
    log = path.with_name(path.name + ".wal")
    if log.exists():
        raise PublishError(f"{log} exists: {path.name} was not closed")


def _point(published_dir: Path, name: str) -> None:
    # The link is relative, so that the folder can be moved or mounted elsewhere.
    fresh = published_dir / f".{POINTER}.{name}"
    with suppress(FileNotFoundError):
        fresh.unlink()
    fresh.symlink_to(name)
    fresh.replace(published_dir / POINTER)
    _sync(published_dir)


def _prune(published_dir: Path, keep: int) -> None:
    """Remove all but the last ``keep`` snapshots and the one that is pointed to, and links that dead runs left."""
    current = latest(published_dir)
    for path in snapshots(published_dir)[:-keep]:
        if path.resolve() != current:
            path.unlink()
    for link in published_dir.glob(f".{POINTER}.*"):
        link.unlink()


def _empty(folder: Path) -> None:
    """Remove candidates, with the logs and spill folders that DuckDB puts beside them."""
    for path in folder.glob(f"*{_SUFFIX}*"):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _sync(path: Path) -> None:
    """Have the system write a file, or a folder's list of names, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    """What DuckDB and the system refuse, as PublishError."""
    try:
        yield
    except (duckdb.Error, OSError) as error:
        raise PublishError(f"{path}: {error}") from error
