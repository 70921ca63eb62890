"""The bundled labels: verbatim, complete in kind, and loaded strictly."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from samples.labels import Label, LabelError, load_labels
from warehouse import codes


@pytest.fixture(scope="module")
def labels() -> tuple[Label, ...]:
    return load_labels()


def test_there_are_enough_labelled_articles_of_both_topics(labels: tuple[Label, ...]) -> None:
    topics = Counter(label.topic for label in labels)
    assert len(labels) >= 24
    assert topics["other"] >= 5


def test_every_event_type_stands_there_twice(labels: tuple[Label, ...]) -> None:
    types = Counter(event.type for label in labels for event in label.events)
    assert {code: types[code] for code in codes.EVENT_TYPE.codes if types[code] < 2} == {}


def test_every_quote_kind_event_status_and_instrument_of_note_is_labelled(labels: tuple[Label, ...]) -> None:
    assert {q.kind for label in labels for q in label.quotes} == set(codes.QUOTE_KIND.codes)
    assert {e.status for label in labels for e in label.events} == set(codes.EVENT_STATUS.codes)
    assert {p.kind for label in labels for p in label.participants} == set(codes.KIND.codes)
    assert {a.status for label in labels for a in label.agreements} == set(codes.AGREEMENT_STATUS.codes)
    assert {"mou", "ceasefire", "treaty", "protocol"} <= {a.instrument for label in labels for a in label.agreements}


def test_an_agreement_moves_from_proposed_to_in_force(labels: tuple[Label, ...]) -> None:
    history = [
        agreement.status
        for label in sorted(labels, key=lambda label: str(label.published))
        for agreement in label.agreements
        if agreement.title == "Lake Turkana Water Sharing Agreement"
    ]
    assert history == ["proposed", "signed", "signed", "signed", "ratified", "in-force"]


def test_broken_unnamed_and_cueless_quotes_are_labelled(labels: tuple[Label, ...]) -> None:
    quotes = [quote for label in labels for quote in label.quotes]
    assert sum(bool(quote.continuation) for quote in quotes) >= 4
    assert sum(quote.unnamed is not None for quote in quotes) >= 10
    assert sum(quote.cue is None for quote in quotes) >= 10


def test_direct_quotes_carry_no_outer_marks(labels: tuple[Label, ...]) -> None:
    marks = "\"'“”‘«»"
    wrapped = [q.text for label in labels for q in label.quotes if q.kind == "direct" and q.text.strip(marks) != q.text]
    assert wrapped == []


def test_every_event_carries_the_countries_of_its_participants(labels: tuple[Label, ...]) -> None:
    for label in labels:
        country = {p.key: p.country for p in label.participants}
        for event in label.events:
            own = {code for key in event.participants if (code := country[key])}
            assert own <= set(event.countries), (label.id, event.key)
            assert list(event.countries) == sorted(event.countries)


ANA = {"key": "ana", "name": "Ana", "kind": "person", "role": None, "country": None, "mentions": ["Ana"]}
YES = {"text": "Yes", "start": 1, "end": 4, "kind": "direct", "speaker": "ana", "cue": "said"}
PACT = {"title": "Yes", "start": 1, "end": 4, "instrument": "other", "status": "agreed", "parties": [], "date": None}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"quotes": [YES | {"text": "yes"}]}, "at 1:4"),
        ({"quotes": [YES | {"speaker": "bob"}]}, "'bob'"),
        ({"quotes": [YES | {"speaker": "unnamed:a minister"}]}, "'a minister'"),
        ({"quotes": [YES | {"kind": "shouted"}]}, "direct, mixed, indirect"),
        ({"quotes": [YES | {"continuation": [[2, 6]]}]}, "goes on at 2:6"),
        ({"participants": [ANA | {"country": "es"}]}, "pattern"),
        ({"participants": [ANA | {"mentions": ["Eve"]}]}, "'Eve'"),
        ({"participants": [ANA, ANA]}, "same key"),
        ({"topic": "other", "agreements": [PACT | {"signatories": []}]}, "negative"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_a_wrong_label_is_refused_with_its_line(tmp_path: Path, change: dict[str, Any], complaint: str) -> None:
    good: dict[str, Any] = {
        "id": "x", "url": "https://a.example/x", "outlet": "A", "title": "T", "published": "2026-03-02",
        "topic": "diplomatic", "text": "“Yes”, Ana said.", "events": [], "agreements": [], "quotes": [],
        "participants": [ANA],
    }  # fmt: skip
    path = tmp_path / "labels.jsonl"
    path.write_text(json.dumps(good) + "\n")
    assert load_labels(path)[0].id == "x"
    path.write_text("\n" + json.dumps(good | change) + "\n")
    with pytest.raises(LabelError, match="line 2") as caught:
        load_labels(path)
    assert complaint in str(caught.value)


def test_a_url_is_labelled_once(tmp_path: Path) -> None:
    line = load_labels()[0].model_dump_json()
    path = tmp_path / "labels.jsonl"
    path.write_text(f"{line}\n{line}\n")
    with pytest.raises(LabelError, match="labelled twice"):
        load_labels(path)
