"""Frames typed as their tables.

What belongs here: from any frame with the right names to one with exactly the table's columns, order and types, or an
error that names the column.
What does not: whether a value is plausible (``expectations``); a null in a column that must not be null passes here, so
that a rule can divert the row, and is refused by the database.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pandas as pd
from pandas.api import types as pdt

from warehouse import schema
from warehouse.columns import Column, SqlType, Table
from warehouse.errors import ConformError

_Series = Any  # pandas-stubs split Series into a dozen types; the values here are of any of them
_LIMITS = {"INTEGER": 2**31 - 1, "BIGINT": 2**63 - 1}


def conform(table: str | Table, frame: pd.DataFrame) -> pd.DataFrame:
    """A new frame with exactly the table's columns, in order and typed.

    VARCHAR: object of str or None.  INTEGER, BIGINT: Int32, Int64.  DOUBLE: float64.  BOOLEAN: boolean.  DATE and
    TIMESTAMP: datetime64[us], UTC without a zone.  Lists: object of list or None.  JSON: object of JSON text or None.
    Raises ConformError for a missing, unknown or repeated column and for a value of another type.
    """
    described = schema.table(table) if isinstance(table, str) else table
    names = [str(name) for name in frame.columns]
    for name in names:
        if name not in described.names:
            raise ConformError(described.name, name, "is not a column of this table")
        if names.count(name) > 1:
            raise ConformError(described.name, name, "appears twice")
    frame = frame.reset_index(drop=True)  # errors name rows by position
    columns: dict[str, _Series] = {}
    for column in described.columns:
        if column.name not in names:
            raise ConformError(described.name, column.name, "is missing")
        try:
            columns[column.name] = _TYPING[column.type](frame[column.name], column)
        except (TypeError, ValueError, OverflowError) as error:
            raise ConformError(described.name, column.name, str(error)) from error
    return pd.DataFrame(columns, index=frame.index)


def empty(table: str | Table) -> pd.DataFrame:
    """A frame of the table without rows."""
    described = schema.table(table) if isinstance(table, str) else table
    return conform(described, pd.DataFrame({name: pd.Series([], dtype=object) for name in described.names}))


def for_insert(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """A conformed frame in types that DuckDB takes without guessing: text as ``string``, lists as JSON text."""
    columns: dict[str, _Series] = {}
    for column in table.columns:
        values = frame[column.name]
        if column.type.endswith("[]"):
            values = pd.Series([None if v is None else json.dumps(v) for v in values], dtype=object)
        columns[column.name] = values.astype("string") if values.dtype == object else values
    return pd.DataFrame(columns)


def _fail(column: Column, position: int, value: object) -> TypeError:
    shown = repr(value)
    shown = shown if len(shown) <= 80 else shown[:77] + "..."
    return TypeError(f"row {position} holds {shown}, which is no {column.type}")


def _objects(series: _Series) -> list[Any]:
    """The values as Python objects, every sort of null as None."""
    return [None if null else value for value, null in zip(series.tolist(), series.isna().tolist(), strict=True)]


def _text(series: _Series, column: Column) -> _Series:
    values = _objects(series)
    for position, value in enumerate(values):
        if value is not None and not isinstance(value, str):
            raise _fail(column, position, value)
    return _encodable(pd.Series(values, dtype=object, index=series.index))


def _encodable(series: _Series) -> _Series:
    """Half of a surrogate pair would not only be refused by DuckDB: it would invalidate the whole open database."""
    for position, value in enumerate(series):
        for text in [value] if isinstance(value, str) else value or ():
            if isinstance(text, str) and not text.isascii():
                try:
                    text.encode("utf-8")
                except UnicodeEncodeError as error:
                    raise ValueError(
                        f"row {position} holds half a surrogate pair at character {error.start}"
                    ) from error
    return series


def _integer(series: _Series, column: Column) -> _Series:
    if not (pdt.is_integer_dtype(series.dtype) or pdt.is_float_dtype(series.dtype)):
        for position, value in enumerate(_objects(series)):
            if value is not None and (
                isinstance(value, (bool, str)) or not pdt.is_number(value) or value != int(value)
            ):
                raise _fail(column, position, value)
        series = pd.Series(_objects(series), dtype=object, index=series.index)
    whole = series.astype("Int64")
    limit = _LIMITS[column.type]
    beyond = whole[(whole.abs() > limit).fillna(False)]
    if len(beyond):
        raise _fail(column, int(beyond.index[0]), int(beyond.iloc[0]))
    return whole.astype("Int32" if column.type == "INTEGER" else "Int64")


def _double(series: _Series, column: Column) -> _Series:
    if pdt.is_numeric_dtype(series.dtype) and not pdt.is_bool_dtype(series.dtype):
        return series.astype("Float64").astype("float64")
    values = _objects(series)
    for position, value in enumerate(values):
        if value is not None and (isinstance(value, bool) or not pdt.is_number(value)):
            raise _fail(column, position, value)
    return pd.Series(values, dtype="float64", index=series.index)


def _boolean(series: _Series, column: Column) -> _Series:
    values = _objects(series)
    for position, value in enumerate(values):
        if value is not None and not isinstance(value, (bool, np.bool_)):
            raise _fail(column, position, value)
    return pd.Series(values, dtype="boolean", index=series.index)


def _moment(series: _Series, column: Column) -> _Series:
    if isinstance(series.dtype, pd.DatetimeTZDtype):
        return series.dt.tz_convert("UTC").dt.tz_localize(None).astype("datetime64[us]")
    if pdt.is_datetime64_dtype(series.dtype):
        return series.astype("datetime64[us]")
    values = _objects(series)
    for position, value in enumerate(values):
        if value is None:
            continue
        if not isinstance(value, (dt.date, np.datetime64)):  # a datetime and a pandas Timestamp are dates too
            raise _fail(column, position, value)
        if isinstance(value, dt.datetime) and value.tzinfo is not None:
            values[position] = value.astimezone(dt.UTC).replace(tzinfo=None)
    # By way of numpy's microseconds: pandas' own parsing stops at the year 1677, and treaties do not.
    return pd.Series(np.array(values, dtype="datetime64[us]"), index=series.index)


def _date(series: _Series, column: Column) -> _Series:
    moments = _moment(series, column)
    timed = moments[(moments != moments.dt.normalize()) & moments.notna()]
    if len(timed):
        raise _fail(column, int(timed.index[0]), timed.iloc[0])
    return moments


def _list(series: _Series, column: Column) -> _Series:
    element: type | tuple[type, ...] = str if column.type == "VARCHAR[]" else (int, np.integer)
    values = _objects(series)
    for position, value in enumerate(values):
        if value is None:
            continue
        if not isinstance(value, (list, tuple, np.ndarray)) or not all(isinstance(item, element) for item in value):
            raise _fail(column, position, value)
        values[position] = value.tolist() if isinstance(value, np.ndarray) else [_python(item) for item in value]
    return _encodable(pd.Series(values, dtype=object, index=series.index))


def _json(series: _Series, column: Column) -> _Series:
    values = _objects(series)
    for position, value in enumerate(values):
        if isinstance(value, (dict, list)):
            values[position] = json.dumps(_plain(value), ensure_ascii=False, allow_nan=False)
        elif value is not None and not isinstance(value, str):
            raise _fail(column, position, value)
    return _encodable(pd.Series(values, dtype=object, index=series.index))


def _python(item: object) -> object:
    return item.item() if isinstance(item, np.generic) else item


def _plain(value: object) -> object:
    """What JSON has words for: dates in ISO form, numpy's values as Python's, every sort of null as null."""
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_plain(item) for item in value]
    if pd.isna(cast(Any, value)):
        return None
    if isinstance(value, dt.date):  # datetimes and pandas' timestamps too
        return value.isoformat()
    return _python(value)


_TYPING: dict[SqlType, Callable[[_Series, Column], _Series]] = {
    "VARCHAR": _text,
    "INTEGER": _integer,
    "BIGINT": _integer,
    "DOUBLE": _double,
    "BOOLEAN": _boolean,
    "DATE": _date,
    "TIMESTAMP": _moment,
    "JSON": _json,
    "VARCHAR[]": _list,
    "UBIGINT[]": _list,
}
