"""Helper columns: kinds of values, spans, references, phrases."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from expectations import columns
from expectations.plain import plain, shortened
from warehouse.columns import Column


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "missing"),
        (float("nan"), "missing"),
        (pd.NA, "missing"),
        (pd.NaT, "missing"),
        (np.datetime64("NaT"), "missing"),
        ("", "text"),
        ("naïve 🙂", "text"),
        ("half \udc00", "text that is no Unicode"),
        (True, "boolean"),
        (np.int32(3), "integer"),
        (3.0, "integer"),
        (2.5, "number"),
        (float("inf"), "infinity"),
        (dt.date(2024, 5, 7), "date"),
        (dt.datetime(2024, 5, 7), "date"),
        (dt.datetime(2024, 5, 7, 9), "timestamp"),
        (pd.Timestamp("2024-05-07 09:00"), "timestamp"),
        (dt.datetime(2024, 5, 7, tzinfo=dt.UTC), "timestamp with a zone"),
        ([], "list of text"),
        (np.array(["ESP"], dtype=object), "list of text"),
        (["ESP", None], "list of other values"),
        ([1, 2], "list of integers"),
        ({"a": 1}, "dict"),
    ],
)
def test_kinds(value: object, kind: str) -> None:
    cells = pd.Series([value, "other"], dtype=object)
    assert columns.kinds_of(cells).iloc[0] == kind


@pytest.mark.parametrize(
    ("cells", "kinds"),
    [
        (pd.Series([1, 2]), ["integer", "integer"]),
        (pd.Series([1.0, None]), ["integer", "missing"]),
        (pd.Series([1, None], dtype="Int64"), ["integer", "missing"]),
        (pd.Series([True, False]), ["boolean", "boolean"]),
        (pd.to_datetime(pd.Series(["2024-05-07 09:00", None])), ["timestamp", "missing"]),
        (pd.to_datetime(pd.Series(["2024-05-07"], dtype=object), utc=True), ["timestamp with a zone"]),
    ],
)
def test_kinds_of_typed_columns(cells: pd.Series, kinds: list[str]) -> None:
    assert list(columns.kinds_of(cells)) == kinds


def test_typed_masks_and_tells_of_cells_of_the_wrong_kind() -> None:
    described = [Column("n", "INTEGER", ""), Column("day", "DATE", "", nullable=True), Column("text", "VARCHAR", "")]
    frame = pd.DataFrame(
        {"n": [1, "two", 3.5], "day": [dt.date(1066, 1, 1), None, "soon"], "text": ["a", None, "c"]}, dtype=object
    )
    typed = columns.typed(frame, described)
    assert list(typed["n"].isna()) == [False, True, True]
    assert typed["day"].iloc[0] == np.datetime64("1066-01-01")
    assert list(typed["ill_typed"]) == [
        None,
        "n holds text, expected integer",
        "n holds number, expected integer; day holds text, expected date",
    ]
    assert list(typed["missing_columns"]) == [None, "text", None]


def test_slices_lie_inside_their_text() -> None:
    frame = pd.DataFrame({"start": [0, 1, 2, 0, None], "end": [2, 1, 9, 1, 2]}, dtype="Int64")
    texts = pd.Series(["añ🙂", "añ🙂", "añ🙂", None, "añ🙂"], dtype=object)
    assert list(columns.sliced(frame, texts, "start", "end")) == ["añ", None, None, None, None]


def test_references_are_resolved_inside_their_article() -> None:
    frame = pd.DataFrame({"article_id": ["a", "b", "b"], "key": ["p1", "p1", None]})
    target = pd.DataFrame({"article_id": ["a"], "key": ["p1"]})
    local = columns.unresolved(frame, "key", target, "key", local=True)
    assert list(local) == [None, "p1", None]
    anywhere = columns.unresolved(frame, "key", target, "key", local=False)
    assert list(anywhere) == [None, None, None]


def test_keys_with_parts_do_not_run_together() -> None:
    frame = pd.DataFrame({"a": ["x", "xy", "x"], "b": ["yz", "z", "yz"]})
    assert list(columns.repeated(frame, ["a", "b"])) == [None, None, "x / yz"]


def test_phrases_are_found_across_line_breaks_and_capitals() -> None:
    cells = pd.Series(["New Delhi", "Bergen", None], dtype=object)
    missing = columns.words_missing(cells, [["In NEW\nDELHI today"], ["Oslo", "Rome"], ["Oslo"]])
    assert list(missing) == [None, "Bergen", None]


def test_plain_values() -> None:
    assert plain(np.float64(2.0)) == 2
    assert plain(float("inf")) == "inf"
    assert plain(pd.Timestamp("2024-05-07")) == "2024-05-07"
    assert plain(np.array(["a", None], dtype=object)) == ["a", None]
    assert plain({"a": {1, 2}})["a"] == "{1, 2}"
    assert shortened("x" * 201) == "x" * 199 + "…"
    assert shortened(["x" * 300]) == "['" + "x" * 197 + "…"
