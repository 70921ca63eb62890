"""Helper columns: what a rule that looks beyond one cell needs to see beside it.

What belongs here: vectorised columns such as the kind of each value, the article's text at a span, the key that names
nothing.
What does not: which frame gets which of them (``prepare``) and what is promised about them (``families``, ``rules``).

A helper column is null where there is nothing to look at, because an expectation passes over nulls.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from expectations.structure import KINDS, MISSING
from warehouse.columns import Column

# Joins the parts of a key; it does not occur in keys, ids and codes.
_JOINT = "\x1f"
_MISSING_TYPES = (type(None), type(pd.NA), type(pd.NaT))


def typed(frame: pd.DataFrame, columns: Iterable[Column]) -> pd.DataFrame:
    """The described columns in the dtypes that expectations compare well, with two helper columns.

    A cell of the wrong kind is told of in ``ill_typed`` and becomes missing, so that the other rules do not stumble
    over it; ``missing_columns`` lists the columns that must have a value and came without.  Integers become ``Int64``,
    days and moments ``datetime64[us]``.
    """
    out: dict[str, pd.Series[Any]] = {}
    wrong: dict[str, pd.Series[Any]] = {}
    missing: dict[str, pd.Series[bool]] = {}
    for column in columns:
        cells = frame[column.name]
        kinds = kinds_of(cells)
        right = kinds.isin(KINDS[column.type])
        nothing = kinds == MISSING
        out[column.name] = _converted(cells, right, column.type)
        if not (right | nothing).all():
            expected = " or ".join(KINDS[column.type])
            told = f"{column.name} holds " + kinds + f", expected {expected}"
            wrong[column.name] = kept(told, ~right & ~nothing)
        if not column.nullable and nothing.any():
            missing[column.name] = nothing
    out["ill_typed"] = _listed(wrong.values(), frame.index)
    out["missing_columns"] = _listed(
        (kept(pd.Series(name, index=frame.index), at) for name, at in missing.items()), frame.index
    )
    return pd.DataFrame(out, index=frame.index)


def _listed(remarks: Iterable[pd.Series[Any]], index: pd.Index[Any]) -> pd.Series[Any]:
    """The remarks about each row in one text, null for a row without."""
    out = pd.Series(None, index=index, dtype=object)
    for remark in remarks:
        out = out.where(remark.isna(), out.str.cat(remark, sep="; ").where(out.notna(), remark))
    return kept(out, out.notna())


def kept(cells: pd.Series[Any], where: pd.Series[bool]) -> pd.Series[Any]:
    """The cells where a condition holds, null elsewhere."""
    nothing: Any = None
    return cells.astype(object).where(where, nothing)


def kinds_of(cells: pd.Series[Any]) -> pd.Series[Any]:
    """What kind of value each cell holds: text, integer, number, date, timestamp, boolean, list of text, missing …"""
    if isinstance(cells.dtype, np.dtype) and cells.dtype.kind in "iub":
        return pd.Series("boolean" if cells.dtype.kind == "b" else "integer", index=cells.index, dtype=object)
    kinds = np.empty(len(cells), dtype=object)
    values = cells.to_numpy(dtype=object)
    types = list(map(type, values))
    for type_ in set(types):
        at = np.flatnonzero(np.fromiter((t is type_ for t in types), dtype=bool, count=len(types)))
        if type_ in _MISSING_TYPES:
            kinds[at] = MISSING
        elif type_ is str and all(map(_storable, values[at])):
            kinds[at] = "text"
        else:
            kinds[at] = [_kind(v) for v in values[at]]
    return pd.Series(kinds, index=cells.index, dtype=object)


def _kind(value: Any) -> str:
    if isinstance(value, str):
        return "text" if _storable(value) else "text that is no Unicode"
    if isinstance(value, (bool, np.bool_)):
        return "boolean"
    if isinstance(value, (int, np.integer)):
        return "integer"
    if isinstance(value, (float, np.floating)):
        if math.isnan(value):
            return MISSING
        return "infinity" if math.isinf(value) else "integer" if float(value).is_integer() else "number"
    if isinstance(value, (dt.datetime, np.datetime64)):
        return _moment_kind(value)
    if isinstance(value, dt.date):
        return "date"
    if isinstance(value, (list, tuple, np.ndarray)):
        if all(isinstance(v, str) and _storable(v) for v in value):
            return "list of text"
        integers = all(isinstance(v, (int, np.integer)) and not isinstance(v, bool) for v in value)
        return "list of integers" if integers else "list of other values"
    return type(value).__name__


def _moment_kind(value: dt.datetime | np.datetime64) -> str:
    if isinstance(value, np.datetime64):
        return MISSING if np.isnat(value) else "timestamp"
    if value.tzinfo is not None:
        return "timestamp with a zone"
    return "date" if value.time() == dt.time() else "timestamp"


def _storable(text: str) -> bool:
    """Whether a text can be written as UTF-8: half a surrogate pair cannot, and would end the whole load."""
    if text.isascii():  # a flag of the string: nothing is read
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _converted(cells: pd.Series[Any], right: pd.Series[bool], type_: str) -> pd.Series[Any]:
    if type_ in ("DATE", "TIMESTAMP"):
        return moments(cells if _is_moments(cells) else kept(cells, right))
    if type_ in ("INTEGER", "BIGINT"):
        return pd.Series(
            pd.array([int(v) if ok else None for v, ok in zip(cells, right, strict=True)], dtype="Int64"),
            index=cells.index,
        )
    if type_ == "DOUBLE":
        return kept(cells, right).astype("float64")
    return kept(cells, right)


def moments(cells: pd.Series[Any]) -> pd.Series[Any]:
    """Days and moments as ``datetime64[us]``, whose range holds every year that a text may name."""
    if _is_moments(cells):
        return cells.astype("datetime64[us]")
    nothing = np.datetime64("NaT", "us")
    values = [nothing if isinstance(v, _MISSING_TYPES) or v != v else np.datetime64(v, "us") for v in cells]
    return pd.Series(np.array(values, dtype="datetime64[us]"), index=cells.index)


def _is_moments(cells: pd.Series[Any]) -> bool:
    """Whether a column holds moments without a zone, and nothing else, by its dtype."""
    return isinstance(cells.dtype, np.dtype) and cells.dtype.kind == "M"


def joined(frame: pd.DataFrame, columns: Sequence[str]) -> pd.Series[Any]:
    """The values of several columns as one text, null where the first of them is null."""
    if len(columns) == 1:
        return frame[columns[0]]
    parts = [frame[c].astype(object).where(frame[c].notna(), "").astype(str) for c in columns]
    texts = [_JOINT.join(row) for row in zip(*parts, strict=True)]
    return kept(pd.Series(texts, index=frame.index, dtype=object), frame[columns[0]].notna())


def repeated(frame: pd.DataFrame, columns: Sequence[str]) -> pd.Series[Any]:
    """The key of a row whose key an earlier row has, else null."""
    key = joined(frame, columns)
    repeats = key.notna() & key.duplicated()
    return mapped(kept(key, repeats), lambda k: k.replace(_JOINT, " / "))


def unresolved(
    frame: pd.DataFrame, column: str, target: pd.DataFrame, target_column: str, *, local: bool
) -> pd.Series[Any]:
    """The value of a reference that names no row of ``target`` (``local``: of the same article), else null."""
    if local:
        wanted = joined(frame, ("article_id", column))
        there = set(joined(target, ("article_id", target_column)).dropna())
    else:
        wanted, there = frame[column], set(target[target_column].dropna())
    return kept(frame[column], frame[column].notna() & ~wanted.isin(there))


def counted(frame: pd.DataFrame, key: str, mentions: pd.DataFrame, column: str, *, local: bool) -> pd.Series[Any]:
    """For each row, how many rows of ``mentions`` tell of it."""
    if local:
        counts = joined(mentions, ("article_id", column)).value_counts()
        keys = joined(frame, ("article_id", key))
    else:
        counts, keys = mentions[column].value_counts(), frame[key]
    return kept(keys.map(counts).fillna(0), keys.notna()).astype("Int64")


def looked_up(keys: pd.Series[Any], table: Mapping[Any, Any]) -> pd.Series[Any]:
    """Each key's value of a table, null where there is none."""
    return pd.Series([table.get(k) for k in keys], index=keys.index, dtype=object)


def sliced(frame: pd.DataFrame, texts: pd.Series[Any], start: str, end: str) -> pd.Series[Any]:
    """The text at each row's span, null where the span is missing or does not lie inside the text."""
    starts = frame[start].to_numpy(dtype="int64", na_value=-1)
    ends = frame[end].to_numpy(dtype="int64", na_value=-1)
    return pd.Series(
        [
            text[a:b] if isinstance(text, str) and 0 <= a < b <= len(text) else None
            for text, a, b in zip(texts, starts.tolist(), ends.tolist(), strict=True)
        ],
        index=frame.index,
        dtype=object,
    )


def lengths(texts: pd.Series[Any]) -> pd.Series[Any]:
    """The number of characters of each text."""
    return pd.Series(
        pd.array([len(t) if isinstance(t, str) else None for t in texts], dtype="Int64"), index=texts.index
    )


def words_missing(cells: pd.Series[Any], texts: Sequence[Iterable[str]]) -> pd.Series[Any]:
    """The phrase of a cell that stands in none of the row's texts, capitals and breaks of line apart; else null."""
    folded: dict[str, str] = {}

    def fold(text: str) -> str:
        if text not in folded:
            folded[text] = " ".join(text.casefold().split())
        return folded[text]

    return pd.Series(
        [
            cell if isinstance(cell, str) and not any(cell in t or fold(cell) in fold(t) for t in row) else None
            for cell, row in zip(cells, texts, strict=True)
        ],
        index=cells.index,
        dtype=object,
    )


def mapped(cells: pd.Series[Any], function: Callable[[Any], Any]) -> pd.Series[Any]:
    """A function of every cell that is not null."""
    return pd.Series([None if _is_missing(v) else function(v) for v in cells], index=cells.index, dtype=object)


def _is_missing(value: Any) -> bool:
    return isinstance(value, _MISSING_TYPES) or (isinstance(value, float) and math.isnan(value))
