"""Frames of any origin become frames of a table, or say which column is wrong."""

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest

from tests.warehouse.ledger import NOON, rows
from warehouse import frames, schema
from warehouse.errors import ConformError


def test_columns_come_in_order_and_typed():
    given = rows("events", {"event_id": "e", "event_date": dt.date(2031, 1, 2), "countries": ["CHL", "NOR"]})
    typed = frames.conform("events", given[sorted(given.columns)])
    assert tuple(typed.columns) == schema.table("events").names
    assert str(typed["quad_class"].dtype) == "Int32"
    assert str(typed["intensity"].dtype) == "float64"
    assert str(typed["event_date"].dtype) == "datetime64[us]"
    assert typed["countries"][0] == ["CHL", "NOR"]
    assert typed["mode"][0] is None


def test_an_empty_frame_has_the_types_of_a_full_one():
    full = frames.conform("fetch_log", rows("fetch_log", {}))
    assert list(frames.empty("fetch_log").dtypes) == list(full.dtypes)
    assert len(frames.empty("fetch_log")) == 0


@pytest.mark.parametrize("null", [None, np.nan, pd.NA, pd.NaT])
def test_every_sort_of_null_is_null(null):
    typed = frames.conform(
        "quotes",
        rows("quotes", {"cue": null, "continuation_start": null, "speaker_id": null}, {"cue": "said"}),
    )
    assert typed["cue"].tolist() == [None, "said"]
    assert typed["continuation_start"].isna().all()


def test_a_null_that_must_not_be_passes_so_that_a_rule_can_divert_it():
    assert frames.conform("events", rows("events", {"event_type": None}))["event_type"][0] is None


def test_zoned_times_become_utc():
    oslo = dt.timezone(dt.timedelta(hours=2))
    for value in (
        pd.Series([dt.datetime(2031, 3, 4, 14, tzinfo=oslo), None], dtype=object),
        pd.Series([pd.Timestamp("2031-03-04 14:00+02:00"), pd.NaT]),
    ):
        typed = frames.conform("articles", rows("articles", {}, {}).assign(published_at=value))
        assert typed["published_at"][0] == pd.Timestamp(NOON)
        assert typed["published_at"].isna().tolist() == [False, True]


def test_dates_before_the_age_of_nanoseconds_are_kept():
    typed = frames.conform("agreements", rows("agreements", {"agreed_on": dt.date(1386, 5, 9)}, {}))
    assert typed["agreed_on"].dt.year.tolist()[0] == 1386


def test_arrays_and_tuples_are_lists():
    given = rows("article_signatures", {"signature": np.array([2**64 - 1, 3], dtype="uint64")}, {"signature": (4, 5)})
    assert frames.conform("article_signatures", given)["signature"].tolist() == [[2**64 - 1, 3], [4, 5]]


def test_records_become_json_that_has_words_for_every_value():
    row = {"at": NOON, "day": NOON.date(), "n": np.int64(3), "nan": np.nan, "nat": pd.NaT, "list": np.array(["é"])}
    typed = frames.conform("quarantine", rows("quarantine", {"row": row}))
    assert json.loads(typed["row"][0]) == {
        "at": "2031-03-04T12:00:00",
        "day": "2031-03-04",
        "n": 3,
        "nan": None,
        "nat": None,
        "list": ["é"],
    }


@pytest.mark.parametrize(
    ("table", "column", "value", "said"),
    [
        ("events", "event_type", 7, "row 1 holds 7, which is no VARCHAR"),
        ("events", "quad_class", "2", "row 1 holds '2', which is no INTEGER"),
        ("events", "quad_class", 1.5, "row 1 holds 1.5, which is no INTEGER"),
        ("events", "quad_class", True, "which is no INTEGER"),
        ("events", "quad_class", 2**31, "row 1 holds 2147483648, which is no INTEGER"),
        ("events", "intensity", "warm", "which is no DOUBLE"),
        ("events", "event_date", "2031-01-01", "which is no DATE"),
        ("events", "event_date", NOON, "which is no DATE"),
        ("events", "first_reported", 1234, "which is no TIMESTAMP"),
        ("events", "countries", "NOR", "row 1 holds 'NOR', which is no VARCHAR[]"),
        ("events", "countries", ["NOR", 4], "which is no VARCHAR[]"),
        ("quality_results", "success", 1, "which is no BOOLEAN"),
        ("quality_results", "sample", 1, "which is no JSON"),
    ],
)
def test_a_value_of_another_type_names_its_column_and_row(table, column, value, said):
    frame = rows(table, {}, {column: value})
    frame.index = [5, 5]  # positions, not labels
    with pytest.raises(ConformError) as error:
        frames.conform(table, frame)
    assert (error.value.table, error.value.column) == (table, column)
    assert said in str(error.value)


def test_a_fraction_in_a_numeric_column_is_refused():
    with pytest.raises(ConformError, match="word_count"):
        frames.conform("articles", rows("articles", {}).assign(word_count=pd.Series([2.5])))


def test_missing_unknown_and_repeated_columns_are_refused():
    good = rows("event_participants", {})
    with pytest.raises(ConformError, match=r"event_participants\.side: is missing"):
        frames.conform("event_participants", good.drop(columns="side"))
    with pytest.raises(ConformError, match=r"colour: is not a column"):
        frames.conform("event_participants", good.assign(colour="red"))
    with pytest.raises(ConformError, match=r"side: appears twice"):
        frames.conform("event_participants", pd.concat([good, good[["side"]]], axis=1))
