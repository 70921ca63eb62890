"""Pairing of quotation marks."""

from __future__ import annotations

import time

import pytest

from extraction.marks import find_marked


def inside(text: str) -> list[str]:
    """What stands between the marks of a text."""
    return [text[m.inner_start : m.inner_end] for m in find_marked(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She said: “We agree.”", ["We agree."]),
        ('"We agree," she said, "and so do they."', ["We agree,", "and so do they."]),
        ("'We agree,' she said.", ["We agree,"]),
        ("‘We don’t agree,’ she said.", ["We don’t agree,"]),
        ("«We agree», she said.", ["We agree"]),
        ("« We agree », she said.", ["We agree"]),
        ("''We agree,'' she said.", ["We agree,"]),
        ("``We agree,'' she said.", ["We agree,"]),
        ('He said:"We agree."Then he left.', ["We agree."]),
    ],
)
def test_kinds_of_marks(text: str, expected: list[str]) -> None:
    assert inside(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The ministers' meeting in the '90s didn't help Moscow's case.",
        "It's the envoys’ turn, ’tis said.",
        "A rise of 5' is not a quotation.",
    ],
)
def test_apostrophes_are_no_marks(text: str) -> None:
    assert inside(text) == []


def test_a_plural_apostrophe_does_not_close_single_marks() -> None:
    assert inside("‘The ministers’ meeting is off,’ he said.") == ["The ministers’ meeting is off,"]


def test_inner_quotations_are_passed_over() -> None:
    assert inside("“He told me ‘never again’ and left,” she said.") == ["He told me ‘never again’ and left,"]
    assert inside("“He said “never” and left,” she added.") == ["He said “never” and left,"]


def test_a_quotation_opened_again_in_each_paragraph() -> None:
    text = "“We came early.\n\n“We stayed late.”\n\nThey left."
    first, second = find_marked(text)
    assert (text[first.inner_start : first.inner_end], first.closed, first.runs_on) == ("We came early.", False, True)
    assert (text[second.inner_start : second.inner_end], second.closed) == ("We stayed late.", True)


def test_a_missing_closing_mark_ends_at_the_paragraph() -> None:
    text = "He said: “We are late.\n\nThe hall was empty."
    (only,) = find_marked(text)
    assert text[only.inner_start : only.inner_end] == "We are late."
    assert not only.closed
    assert not only.runs_on


def test_a_missing_closing_mark_ends_before_the_next_opening_one() -> None:
    assert inside("“We are late. Then came “the others.”")[-1] == "the others."


@pytest.mark.parametrize("unit", ["“a” ", '" ', '"', "“x ", "'x ", "s' a ", "x” ", "“x ‘y ", '«x "y ', "“x\n\n"])
def test_fifty_thousand_marks_take_no_time(unit: str) -> None:
    started = time.perf_counter()
    marked = find_marked(unit * 50_000)
    assert time.perf_counter() - started < 10
    assert all(m.inner_start <= m.inner_end for m in marked)
