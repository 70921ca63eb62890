"""Frames to typed records.

What belongs here: reading the columns of a frame into dataclasses, nulls as None.
What does not: any meaning of the columns.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

import pandas as pd

Record = TypeVar("Record")


def records(frame: pd.DataFrame, cls: type[Record]) -> list[Record]:
    """One ``cls`` a row, from the columns named like its fields; a missing column raises KeyError."""
    columns = [_values(frame[f.name]) for f in fields(cls)]  # type: ignore[arg-type]
    return [cls(*values) for values in zip(*columns, strict=True)]


def _values(column: pd.Series) -> list[Any]:
    return [None if v is None or v is pd.NaT or v != v else v for v in column.tolist()]
