"""The published views: one SQL file each, named as the view.

What belongs here: a question that an analyst asks of the published tables, answered by one SELECT.  Names come first
and ids last, months are dates, and a copied article never counts twice.
What does not: views on other views (each file can be read alone), and anything from the working tables.

A file begins with comment lines: the first is the question, which becomes the view's comment; each further one is
``-- column: meaning`` and becomes that column's comment, in the order of the SELECT.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from warehouse.columns import literal, quoted

if TYPE_CHECKING:
    from warehouse.database import Connection


@dataclass(frozen=True, slots=True)
class View:
    """A published view: its question, the meaning of each of its columns, and its SELECT."""

    name: str
    comment: str
    columns: Mapping[str, str]
    sql: str


def load_views() -> tuple[View, ...]:
    """All views, by name."""
    files = [file for file in resources.files(__package__).iterdir() if file.name.endswith(".sql")]
    return tuple(
        parse(file.name.removesuffix(".sql"), file.read_text(encoding="utf-8"))
        for file in sorted(files, key=lambda file: file.name)
    )


def parse(name: str, text: str) -> View:
    """A view from the text of its file; ValueError when its head is not as it should be."""
    head: list[str] = []
    body = text.splitlines()
    while body and body[0].startswith("--"):
        head.append(body.pop(0).removeprefix("--").strip())
    if not head or not any(line.strip() for line in body):
        raise ValueError(f"{name}.sql: needs comment lines and a SELECT after them")
    columns: dict[str, str] = {}
    for line in head[1:]:
        match = re.fullmatch(r"(\w+): (.+)", line)
        if match is None or match[1] in columns:
            raise ValueError(f"{name}.sql: {line!r} is not `column: meaning`, or describes a column again")
        columns[match[1]] = match[2]
    return View(name, head[0], columns, "\n".join(body).strip().rstrip(";"))


def create_views(con: Connection) -> None:
    """Make all views, with comments, in the database that ``con`` uses."""
    for view in load_views():
        con.execute(f"CREATE VIEW {quoted(view.name)} AS {view.sql}")
        con.execute(f"COMMENT ON VIEW {quoted(view.name)} IS {literal(view.comment)}")
        for column, meaning in view.columns.items():
            con.execute(f"COMMENT ON COLUMN {quoted(view.name)}.{quoted(column)} IS {literal(meaning)}")
