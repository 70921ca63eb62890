from __future__ import annotations

import datetime as dt
import hashlib
import random

from sources.duplicates import MIN_WORDS, mark_duplicates, signature

START = dt.datetime(2026, 3, 1)
SYLLABLES = [a + b for a in "bdfgklmnprst" for b in ("an", "el", "im", "or", "u")]


def text(seed: int, length: int = 120) -> str:
    dice = random.Random(seed)
    return " ".join("".join(dice.choices(SYLLABLES, k=2)) for _ in range(length))


def row(name: str, content: str, day: int | None = 0, fetched: int = 40):  # type: ignore[no-untyped-def]
    published = None if day is None else START + dt.timedelta(days=day)
    return (
        name,
        published,
        START + dt.timedelta(days=fetched),
        hashlib.sha256(content.encode()).hexdigest(),
        signature(content),
    )


def edited(content: str, every: int) -> str:
    return " ".join("changed" if n % every == every - 1 else word for n, word in enumerate(content.split()))


def test_a_signature_is_the_same_for_ever() -> None:
    found = signature(" ".join(str(n) for n in range(100)))
    assert found is not None
    assert (len(found), found[:3]) == (128, (14794857, 44233647, 57126424))
    assert all(0 <= value < 2**32 for value in found)


def test_short_texts_have_none() -> None:
    assert signature(text(1, MIN_WORDS - 1)) is None
    assert signature(text(1, MIN_WORDS)) is not None
    assert signature("") is None


def test_exact_copies_of_any_length() -> None:
    rows = [row("b", "Envoys met.", 2), row("a", "Envoys met.", 1), row("c", "Envoys met again.", 3)]
    assert mark_duplicates(rows) == {"b": "a"}


def test_near_copies_and_what_is_none() -> None:
    base = text(1)
    rows = [
        row("base", base, 0),
        row("few-words", edited(base, 25), 1),
        row("note-added", base + " " + text(2, 25), 2),
        row("end-cut", " ".join(base.split()[:100]), 3),
        row("case", base.upper().replace(" ", ",  "), 4),
        row("half", " ".join(base.split()[:60]) + " " + text(3, 60), 5),
        row("many-words", edited(base, 5), 6),
        row("other", text(4), 7),
    ]
    assert mark_duplicates(rows) == dict.fromkeys(("few-words", "note-added", "end-cut", "case"), "base")


def test_chains_lead_to_the_first() -> None:
    one = text(1, 200)
    two = " ".join(one.split()[25:]) + " " + text(2, 25)
    three = " ".join(two.split()[25:]) + " " + text(3, 25)
    assert mark_duplicates([row("1", one, 1), row("3", three, 3)]) == {}
    assert mark_duplicates([row("3", three, 3), row("1", one, 1), row("2", two, 2)]) == {"2": "1", "3": "1"}


def test_a_bridge_between_two_texts_goes_to_the_first_of_them() -> None:
    left, right = text(1, 150), text(2, 150)
    one, two = (
        left + " " + " ".join(right.split()[:25]),
        " ".join(left.split()[30:]) + " " + " ".join(right.split()[:80]),
    )
    bridge = left + " " + " ".join(right.split()[:55])
    alone = mark_duplicates([row("1", one, 1), row("2", two, 2)])
    assert alone == {}
    assert mark_duplicates([row("1", one, 1), row("2", two, 2), row("b", bridge, 3)])["b"] == "1"


def test_the_earlier_one_is_the_original_and_ties_do_not_depend_on_order() -> None:
    same = text(1)
    rows = [
        row("undated", same, None, fetched=40),
        row("z", same, 5, fetched=40),
        row("a", same, 5, fetched=41),
        row("y", same, 5, fetched=40),
        row("late", same, 9, fetched=1),
    ]
    expected = {"undated": "y", "z": "y", "a": "y", "late": "y"}
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        assert mark_duplicates(rows) == expected


def test_a_missing_time_of_pandas_counts_as_missing() -> None:
    import pandas as pd

    same = text(1)
    known, missing = row("b", same, 5), list(row("a", same, 0))
    missing[1] = pd.NaT
    assert mark_duplicates([tuple(missing), known]) == {"a": "b"}
