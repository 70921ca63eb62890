"""The parsed document: sentences, paragraphs, look-ups by offset."""

import time

import pytest
from spacy.tokens import Doc

from extraction.document import Document, model, parse, parse_many


def _sentences(text: str) -> list[str]:
    return [s.text.strip() for s in parse(text).sentences]


def test_text_is_kept_verbatim() -> None:
    text = "  One.\r\n\r\n\tTwo\u00a0three…  ”\n"
    assert parse(text).text == text


def test_a_headline_without_full_stop_is_a_sentence() -> None:
    assert _sentences("Ministers meet in Vienna\n\nThe ministers met on Monday.") == [
        "Ministers meet in Vienna",
        "The ministers met on Monday.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "“Why should we wait?” he asked the council.",
        "“We are ready to talk ... but not at any price,” the envoy said.",
    ],
)
def test_no_sentence_begins_at_a_small_letter(text: str) -> None:
    assert _sentences(text) == [text]


def test_paragraphs_are_trimmed_spans() -> None:
    document = parse("First line\nsecond line.\n\n  Next one.  \n")
    assert [document.text[a:b] for a, b in document.paragraphs] == ["First line\nsecond line.", "Next one."]


def test_token_at_and_sentence_span() -> None:
    document = parse("The envoy left.\n\nTalks resumed.")
    token = document.token_at(document.text.index("resumed") + 2)
    assert token.text == "resumed"
    start, end = document.sentence_span(token)
    assert document.text[start:end] == "Talks resumed."


def test_many_texts_keep_their_order() -> None:
    texts = ["One.", "", "Two."]
    assert [d.text for d in parse_many(texts)] == texts


def test_paragraphs_of_a_long_text_are_found_in_linear_time() -> None:
    document = Document(Doc(model().vocab, words=["word", "\n"] * 100_000))
    started = time.perf_counter()
    assert len(document.paragraphs) == 1
    assert time.perf_counter() - started < 5


def test_fifty_thousand_marks_in_a_row_are_cut_into_tokens_at_once() -> None:
    text = "“We met,” he said. " + '"' * 50_000 + " The end."
    started = time.perf_counter()
    doc = model().make_doc(text)
    assert time.perf_counter() - started < 30
    assert doc.text == text
    assert [t.text for t in doc[-3:]] == ["The", "end", "."]
