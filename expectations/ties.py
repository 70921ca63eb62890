"""Loose references let go of what is held back, so that a quote does not fall with the event at which it was said.

What belongs here: untying rows.  What does not: which references are loose (``structure``) and what is held back
(``validate``).  A loose reference to a row that never was stays, for the rule about references to find.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from expectations.columns import joined, kept
from expectations.structure import REFERENCES, Reference


def tied(frame: pd.DataFrame, table: str, held: Mapping[str, pd.DataFrame]) -> dict[str, pd.Series[bool]]:
    """Where rows of ``table`` refer loosely to a row of ``held`` (by table): a mask for each column that does."""
    where: dict[str, pd.Series[bool]] = {}
    for reference in REFERENCES.get(table, ()):
        gone = held.get(reference.target)
        if reference.loose and gone is not None and reference.column in frame:
            names = _names(frame, reference, reference.column)
            named = names.isin(_names(gone, reference, reference.target_column))
            where[reference.column] = named & frame[reference.column].notna()
    return where


def let_go(frame: pd.DataFrame, where: Mapping[str, pd.Series[bool]]) -> pd.DataFrame:
    """The rows with null where the masks of ``tied`` hold; indexes are kept."""
    return frame.assign(**{column: kept(frame[column], ~mask) for column, mask in where.items() if mask.any()})


def _names(frame: pd.DataFrame, reference: Reference, column: str) -> pd.Series[Any]:
    """What a row is named by: its key, with its article's where the key is an article's own."""
    if not reference.local:
        return frame[column]
    return joined(frame, ("article_id", column))
