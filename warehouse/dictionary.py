"""The data dictionary, written from the schema: ``python -m warehouse.dictionary`` rewrites docs/data-dictionary.md.

What belongs here: the page's form.  What does not: any fact about a table or view that the schema does not state.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb

from warehouse import schema
from warehouse.codes import CODE_LISTS, CodeList
from warehouse.columns import Column, Table, constraints, ddl
from warehouse.views import View, create_views, load_views
from warehouse.working import WORKING

PAGE = Path(__file__).resolve().parent.parent / "docs" / "data-dictionary.md"

_HEAD = """# Data dictionary

Written by `python -m warehouse.dictionary` from `warehouse/`; do not edit by hand.

The published file is one DuckDB database; this page describes version {version} of its tables. Columns are added, never
changed or dropped. Times are UTC. Spans are half-open character offsets into `articles.text`: in Python
`text[char_start:char_end]`, in SQL `substring(text, char_start + 1, char_end - char_start)`. Each description is also a
comment in the database itself (`SELECT * FROM duckdb_columns()`).
"""


def markdown() -> str:
    """The whole page."""
    types = _view_types()
    parts = [_HEAD.format(version=schema.SCHEMA_VERSION), "## Views: questions and their answers\n"]
    views = load_views()
    parts.append(_table(("view", "question"), [(f"[`{v.name}`](#{v.name})", v.comment) for v in views]))
    parts += [_view(view, types) for view in views]
    parts.append("## Tables\n")
    parts.append(
        _table(("table", "what a row is"), [(f"[`{t.name}`](#{t.name})", t.comment) for t in schema.PUBLISHED])
    )
    parts += [_described(table) for table in schema.PUBLISHED]
    parts.append("## Code lists\n")
    parts += [_codes(codes) for codes in CODE_LISTS]
    parts.append("## Working tables\n\nPrivate to the run and never published; they may change at any time.\n")
    parts += [_described(table) for table in WORKING]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _view_types() -> dict[tuple[str, str], str]:
    with duckdb.connect() as con:
        for table in schema.PUBLISHED:
            con.execute(ddl(table))
        create_views(con)
        rows = con.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
    return {(table, column): kind for table, column, kind in rows}


def _view(view: View, types: dict[tuple[str, str], str]) -> str:
    rows = [(f"`{name}`", f"`{types[view.name, name]}`", meaning) for name, meaning in view.columns.items()]
    return f"### {view.name}\n\n{view.comment}\n\n" + _table(("column", "type", "meaning"), rows)


def _described(table: Table) -> str:
    key = ", ".join(f"`{name}`" for name in table.key) or "none; rows may repeat"
    rows = [(f"`{c.name}`", f"`{c.type}`", c.comment, _promises(table, c)) for c in table.columns]
    return (
        f"### {table.name}\n\n{table.comment} Does not belong here: {table.excludes[0].lower()}{table.excludes[1:]}\n\n"
        f"Key: {key}.\n\n" + _table(("column", "type", "meaning", "promises"), rows)
    )


def _promises(table: Table, column: Column) -> str:
    words = [w for w in constraints(table, column) if not w.startswith(("one of ", "matches "))]
    if column.code_list is not None:
        words.append(f"a code of [{column.code_list.name}](#{column.code_list.name})")
    if column.pattern is not None:
        words.append(f"matches `{column.pattern}`")
    return ", ".join(words)


def _codes(codes: CodeList) -> str:
    rows = [(f"`{code}`", meaning) for code, meaning in codes.meanings.items()]
    return f"### {codes.name}\n\nDefined by: {codes.source}.\n\n" + _table(("code", "meaning"), rows)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def main() -> int:
    """Write the page; 0 when it was written."""
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(markdown(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
