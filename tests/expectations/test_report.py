"""Results as rows of ``quality_results`` and as a page for the operator."""

from __future__ import annotations

import datetime as dt
import json

from expectations.report import report_markdown, results_frame
from expectations.validate import RuleResult
from warehouse import schema

PASSED = RuleResult("quotes_types", "quotes", "quotes", "row", "warning", "Types matter.", True, 7, 0, [])
WARNED = RuleResult(
    "quotes_words",
    "quotes",
    "quotes",
    "row",
    "warning",
    "Words matter.",
    False,
    7,
    1,
    [{"finding": "text is “<script>alert(1)</script>”", "text": "a | b\n# [x](javascript:y) *z*", "n": None}],
)
RAISED = RuleResult(
    "share", "quotes", "shares", "batch", "critical", "Shares matter.", False, 0, 0, [], "KeyError: <b>x</b>"
)


def test_rows_have_the_columns_of_the_table() -> None:
    checked_at = dt.datetime(2024, 5, 9, 2)
    frame = results_frame([PASSED, WARNED, RAISED], "run-1", checked_at, dt.date(2024, 5, 8))
    assert set(frame.columns) == set(schema.table("quality_results").names)
    assert list(frame["severity"]) == ["warning", "warning", "critical"]
    assert list(frame["success"]) == [True, False, False]
    assert frame["sample"].iloc[0] is None
    assert json.loads(frame["sample"].iloc[1]) == WARNED.sample
    assert json.loads(frame["sample"].iloc[2]) == [{"error": "KeyError: <b>x</b>"}]
    assert set(frame["run_id"]) == {"run-1"}


def test_no_results_give_no_rows() -> None:
    frame = results_frame([], "run-1", dt.datetime(2024, 5, 9), None)
    assert frame.empty
    assert set(frame.columns) == set(schema.table("quality_results").names)


def test_the_page_shows_what_failed_first_and_escapes_every_value() -> None:
    page = report_markdown([PASSED, WARNED, RAISED])
    assert page.index("share") < page.index("quotes\\_words")
    assert page.endswith("1 of 3 rules held.")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "<b>" not in page
    # A value neither ends its cell, nor its line, nor becomes a link or a heading.
    assert "a \\| b \\# \\[x\\]\\(javascript:y\\) \\*z\\*" in page


def test_the_page_of_a_good_step_is_a_line() -> None:
    assert report_markdown([PASSED]) == "1 of 1 rules held."
