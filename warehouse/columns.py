"""What a column and a table are, and everything that is derived from them: DDL, comments, plain column records.

What belongs here: the two record types and pure functions of them.
What does not: the tables themselves (``schema``), frames (``frames``) and connections (``database``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, Self

from warehouse.codes import CodeList

SqlType = Literal[
    "VARCHAR", "INTEGER", "BIGINT", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP", "JSON", "VARCHAR[]", "UBIGINT[]"
]
Layer = Literal["working", "published"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column, described once.  ``code_list`` and ``pattern`` are promises that rules check, not DDL constraints."""

    name: str
    type: SqlType
    comment: str
    nullable: bool = False
    code_list: CodeList | None = None
    pattern: str | None = None

    @property
    def codes(self) -> tuple[str, ...] | None:
        """The codes that the column may hold, as text; None for an open vocabulary."""
        return None if self.code_list is None else self.code_list.codes

    def optional(self) -> Self:
        """The same column, allowed to be null."""
        return replace(self, nullable=True)

    def named(self, name: str, comment: str | None = None) -> Self:
        """The same column under another name, with another comment if one is given."""
        return replace(self, name=name, comment=self.comment if comment is None else comment)


@dataclass(frozen=True, slots=True)
class Table:
    """A table, described once.

    ``key`` is what tells two rows apart (empty: a log, rows may repeat); ``primary`` puts it into the DDL.
    ``excludes`` says what does not belong.  ``log``: the table grows with every run by design, so it is left out when
    two databases are compared.
    """

    name: str
    comment: str
    excludes: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    layer: Layer = "published"
    primary: bool = False
    log: bool = False

    def __post_init__(self) -> None:
        names = self.names
        if len(set(names)) != len(names):
            raise ValueError(f"{self.name}: a column is described twice")
        if missing := set(self.key) - set(names):
            raise ValueError(f"{self.name}: key columns {sorted(missing)} are not columns")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")


def quoted(name: str) -> str:
    """An SQL identifier, quoted (``row`` and ``trigger`` are words of SQL)."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL text literal."""
    return "'" + text.replace("'", "''") + "'"


def ddl(table: Table, prefix: str = "") -> str:
    """``CREATE TABLE`` of a table, in the attached database ``prefix`` if one is given."""
    lines = [f"  {quoted(c.name)} {c.type}{'' if c.nullable else ' NOT NULL'}" for c in table.columns]
    if table.primary:
        lines.append(f"  PRIMARY KEY ({', '.join(quoted(name) for name in table.key)})")
    body = ",\n".join(lines)
    return f"CREATE TABLE {_path(prefix, table.name)} (\n{body}\n)"


def comments(table: Table, prefix: str = "") -> list[str]:
    """``COMMENT ON`` statements for a table and each of its columns."""
    path = _path(prefix, table.name)
    statements = [f"COMMENT ON TABLE {path} IS {literal(table.comment)}"]
    statements += [f"COMMENT ON COLUMN {path}.{quoted(c.name)} IS {literal(full_comment(c))}" for c in table.columns]
    return statements


def full_comment(column: Column) -> str:
    """A column's comment with its codes, as an analyst sees it in the database."""
    codes = column.codes
    # The modes are too many for a line; the data dictionary lists them.
    return column.comment if codes is None or len(codes) > 20 else f"{column.comment}: {' | '.join(codes)}"


def constraints(table: Table, column: Column) -> list[str]:
    """The promises about a column in words: ``not null``, ``unique``, ``one of …``, ``matches …``."""
    words = [] if column.nullable else ["not null"]
    if table.key == (column.name,):
        words.append("unique")
    elif column.name in table.key:
        words.append("part of the key")
    if column.codes is not None:
        words.append("one of " + ", ".join(column.codes))
    if column.pattern is not None:
        words.append(f"matches {column.pattern}")
    return words


@dataclass(frozen=True, slots=True)
class ColumnRecord:
    """A column as plain data, for whoever shows schemas.  ``other`` holds the promises beyond null and unique."""

    name: str
    type: str
    description: str
    nullable: bool
    unique: bool
    other: tuple[str, ...]


def column_records(table: Table) -> list[ColumnRecord]:
    """The table's columns as plain data, in order (Dagster's column schema is made of them)."""
    return [
        ColumnRecord(
            name=column.name,
            type=column.type,
            description=column.comment,
            nullable=column.nullable,
            unique=table.key == (column.name,),
            other=tuple(w for w in constraints(table, column) if w not in ("not null", "unique")),
        )
        for column in table.columns
    ]


def _path(prefix: str, name: str) -> str:
    return f"{quoted(prefix)}.{quoted(name)}" if prefix else quoted(name)
