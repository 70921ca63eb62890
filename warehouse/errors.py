"""What can go wrong with tables, as types that other rooms can catch without knowing DuckDB.

What belongs here: the exceptions of this room.
What does not: reasons of held-back rows; they are data, in quarantine.
"""

from __future__ import annotations

from pathlib import Path


class WarehouseError(Exception):
    """Anything that this room refuses or fails to do."""


class DatabaseBusy(WarehouseError):
    """Another connection holds the file; ``pid`` names its process when DuckDB says so."""

    def __init__(self, path: Path, pid: int | None) -> None:
        holder = "another process" if pid is None else f"process {pid}"
        super().__init__(f"{path} is held open by {holder}; a database has one writer, wait or stop that process")
        self.path = path
        self.pid = pid


class DatabaseUnreadable(WarehouseError):
    """The file is missing, is no DuckDB database, or may not be opened this way."""


class SchemaMismatch(WarehouseError):
    """A table of the file is not as the schema describes it."""


class QueryError(WarehouseError):
    """A query that DuckDB refuses."""


class ConformError(WarehouseError):
    """A frame does not have the columns or types of its table; ``column`` names the culprit."""

    def __init__(self, table: str, column: str, problem: str) -> None:
        super().__init__(f"{table}.{column}: {problem}")
        self.table = table
        self.column = column


class LoadError(WarehouseError):
    """A load was refused; the rows that were there before are still there."""

    def __init__(self, table: str, problem: str) -> None:
        super().__init__(f"{table}: {problem}")
        self.table = table


class PublishError(WarehouseError):
    """A snapshot could not be built or published; the pointer is where it was."""
