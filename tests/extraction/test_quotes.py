"""Attributed statements: shapes, bounds, kinds and speakers, on sentences of our own."""

from __future__ import annotations

import time

import pytest
from spacy.tokens import Doc

from extraction.actors import Actors, find_actors
from extraction.coreference import link
from extraction.document import Document, model, parse
from extraction.facts import Quote
from extraction.quotes import find_quotes


def quotes_of(text: str) -> list[Quote]:
    """The quotes of a text; every span is checked to be verbatim."""
    return quotes_in(parse(text))


def quotes_in(document: Document) -> list[Quote]:
    """The quotes of a parsed document; every span is checked to be verbatim."""
    actors = find_actors(document)
    found = find_quotes(document, actors, link(document, actors))
    text = document.text
    for n, quote in enumerate(found, start=1):
        assert quote.key == f"q{n}"
        assert quote.text == text[quote.start : quote.end] != ""
        assert quote.speaker is None or quote.speaker in actors.by_key
        if quote.speaker_text is not None:
            assert quote.speaker_text == text[quote.speaker_start : quote.speaker_end]
    return found


def only(text: str) -> Quote:
    """The one quote of a text."""
    (quote,) = quotes_of(text)
    return quote


def brief(text: str) -> list[tuple[str, str, str | None, str | None]]:
    """(kind, content, speaker as written, cue) of every quote."""
    return [(q.kind, q.text, q.speaker_text, q.cue) for q in quotes_of(text)]


@pytest.mark.parametrize(
    ("text", "content", "speaker", "cue"),
    [
        ("“We will sign in May,” Anna Berg said.", "We will sign in May", "Anna Berg", "said"),
        ("“We will sign in May,” said the envoy.", "We will sign in May", "the envoy", "said"),
        ("Anna Berg said: “We will sign in May.”", "We will sign in May.", "Anna Berg", "said"),
        ("Anna Berg told reporters, “We will sign in May.”", "We will sign in May.", "Anna Berg", "told"),
        ("Anna Berg said that “we will sign in May”.", "we will sign in May", "Anna Berg", "said"),
        ("“Will you sign?” asked the reporter.", "Will you sign?", "the reporter", "asked"),
        ("'We will sign in May,' Anna Berg said.", "We will sign in May", "Anna Berg", "said"),
        ("«We will sign in May», Anna Berg said.", "We will sign in May", "Anna Berg", "said"),
        ('"We will sign in May", according to the envoy.', "We will sign in May", "the envoy", "according to"),
    ],
)
def test_direct(text: str, content: str, speaker: str, cue: str) -> None:
    quote = only(text)
    assert (quote.kind, quote.text, quote.speaker_text, quote.cue) == ("direct", content, speaker, cue)


def test_a_quotation_broken_by_its_cue_is_one() -> None:
    text = "“The border,” said the minister, “will reopen next week.”"
    quote = only(text)
    assert quote.text == "The border"
    assert quote.continuation is not None
    assert text[slice(*quote.continuation)] == "will reopen next week."


def test_two_sentences_around_a_cue_are_two() -> None:
    first, second = quotes_of("“We have agreed,” Anna Berg said after the talks. “It will be signed in May.”")
    assert (first.text, first.cue, first.continuation) == ("We have agreed", "said", None)
    assert (second.text, second.cue, second.speaker) == ("It will be signed in May.", None, first.speaker)


def test_paragraphs_of_one_quotation_have_one_speaker() -> None:
    found = quotes_of("“This is our land,” the chief said.\n\n“We have lived here long.\n\n“And we will not leave.”")
    assert [q.text for q in found] == ["This is our land", "We have lived here long.", "And we will not leave."]
    assert {q.speaker_text for q in found} == {"the chief"}


def test_a_cue_sentence_introduces_the_next_paragraph() -> None:
    quote = only("Then the envoy added:\n\n“We had no choice but to leave the hall.”")
    assert (quote.text, quote.speaker_text) == ("We had no choice but to leave the hall.", "the envoy")


def test_a_forgotten_closing_mark_ends_before_the_cue() -> None:
    quote = only("“The talks have failed, the minister said on Monday.")
    assert (quote.text, quote.speaker_text) == ("The talks have failed", "the minister")


def test_a_name_behind_a_dash_signs_the_line() -> None:
    quote = only("“Never give up on a treaty.” — Maria Silva")
    assert (quote.text, quote.speaker_text, quote.cue) == ("Never give up on a treaty.", "Maria Silva", None)


@pytest.mark.parametrize(
    ("text", "content", "speaker", "cue"),
    [
        ("The envoy said on Monday that the talks had failed.", "the talks had failed", "The envoy", "said"),
        ("The envoy said the talks had failed.", "the talks had failed", "The envoy", "said"),
        ("The talks had failed, the envoy said on Monday.", "The talks had failed", "the envoy", "said"),
        ("According to Xinhua, the talks had failed.", "the talks had failed", "Xinhua", "According to"),
        ("The talks had failed, according to officials.", "The talks had failed", "officials", "according to"),
        ("The envoy told a crowd that the talks had failed.", "the talks had failed", "The envoy", "told"),
        ("She was quoted as saying that the talks had failed.", "the talks had failed", "She", "saying"),
        ("The envoy pointed out that the talks had failed.", "the talks had failed", "The envoy", "pointed out"),
        ("As the envoy noted, the talks had failed in May.", "the talks had failed in May", "the envoy", "noted"),
        ("A reporter asked whether the talks had failed.", "whether the talks had failed", "A reporter", "asked"),
    ],
)
def test_indirect(text: str, content: str, speaker: str, cue: str) -> None:
    quote = only(text)
    assert (quote.kind, quote.text, quote.speaker_text, quote.cue) == ("indirect", content, speaker, cue)


def test_a_reported_clause_broken_by_its_cue() -> None:
    text = "The treaty, the ministry said in a statement, would enter into force in July."
    quote = only(text)
    assert (quote.text, quote.speaker_text) == ("The treaty", "the ministry")
    assert quote.continuation is not None
    assert text[slice(*quote.continuation)] == "would enter into force in July"


def test_a_noun_that_reports() -> None:
    quote = quotes_of("Turkey's claim that jets had crossed the border was rejected.")[0]
    assert (quote.text, quote.speaker_text, quote.cue) == ("jets had crossed the border", "Turkey", "claim")


def test_participles_have_the_speaker_of_the_cue_before_them() -> None:
    first, second = quotes_of("“We will not give in,” the minister said, adding that his party would veto the bill.")
    assert (first.kind, second.kind) == ("direct", "indirect")
    assert (second.text, second.cue) == ("his party would veto the bill", "adding")
    assert second.speaker_text == first.speaker_text == "the minister"


def test_several_speakers_in_one_sentence() -> None:
    found = brief("Officials say the missile flew 900 km, while Japan said it fell in the sea.")
    assert found == [
        ("indirect", "the missile flew 900 km", "Officials", "say"),
        ("indirect", "it fell in the sea", "Japan", "said"),
    ]


def test_coordinated_clauses_belong_to_the_quote() -> None:
    quote = only("The envoy added that no date had been set, but that talks would continue.")
    assert quote.text == "no date had been set, but that talks would continue"


def test_another_deed_of_the_speaker_ends_the_quote() -> None:
    quote = only("The envoy said he would return and left the hall.")
    assert quote.text.startswith("he would return")
    quote = only("Growth would slow, officials warned; the bank did not comment.")
    assert quote.text == "Growth would slow"


def test_mixed_is_the_whole_complement() -> None:
    quote = only("The ministry said the raid was “a reckless act” and a breach of the truce.")
    assert (quote.kind, quote.text) == ("mixed", "the raid was “a reckless act” and a breach of the truce")


def test_words_before_the_marks_belong_to_the_statement() -> None:
    quote = only("With such systems, “there is no danger at all,” the engineer said.")
    assert (quote.kind, quote.text) == ("mixed", "With such systems, “there is no danger at all,”")


def test_a_lone_fragment_stands_without_its_marks() -> None:
    quote = only("The envoy described the attack as “horrific” and left the hall.")
    assert (quote.kind, quote.text, quote.cue) == ("mixed", "horrific", "described")


def test_nested_statements_yield_the_outer_one() -> None:
    quote = only("Xinhua reported that the minister had said the talks were over.")
    assert (quote.speaker_text, quote.text) == ("Xinhua", "the minister had said the talks were over")


@pytest.mark.parametrize(
    "text",
    [
        "The “Silk Road” plan and the “Group of Friends” were on the table in Geneva.",
        "He believed that the talks had failed.",
        "The minister hopes that the talks will go on.",
        "The ministry did not say when the talks would resume.",
        "The spokesman declined to say whether the talks had failed.",
        "He urged both sides to return to the table.",
        "The envoy is expected to say that the talks have failed.",
    ],
)
def test_no_statement(text: str) -> None:
    assert quotes_of(text) == []


def test_the_speaker_is_the_person_whom_a_title_or_apposition_names() -> None:
    text = "The special envoy for the region, Hans Grund, told the council: “Time is running out.”"
    document = parse(text)
    actors = find_actors(document)
    (quote,) = find_quotes(document, actors, link(document, actors))
    assert quote.speaker is not None
    assert actors.by_key[quote.speaker].name == "Hans Grund"


def test_unnamed_sources_are_written_and_unknown() -> None:
    quote = only("“The draft is ready,” a senior official said.")
    assert (quote.speaker, quote.speaker_text) == (None, "a senior official")


def test_empty_text() -> None:
    assert quotes_in(Document(model().make_doc(""))) == []


def test_fifty_thousand_marks_do_not_hang() -> None:
    words = ["“", "Yes", "”", "he", "said", "."]
    count = 25_000
    doc = Doc(
        model().vocab,
        words * count,
        [False, False, True, True, False, True] * count,
        tags=["``", "UH", "''", "PRP", "VBD", "."] * count,
        pos=["PUNCT", "INTJ", "PUNCT", "PRON", "VERB", "PUNCT"] * count,
        lemmas=["“", "yes", "”", "he", "say", "."] * count,
        deps=["punct", "ccomp", "punct", "nsubj", "ROOT", "punct"] * count,
        heads=[n * len(words) + 4 for n in range(count) for _ in words],
    )
    document, nobody = Document(doc), Actors([])
    started = time.perf_counter()
    found = find_quotes(document, nobody, link(document, nobody))
    assert time.perf_counter() - started < 60
    assert len(found) == count


def test_turns_of_a_transcript() -> None:
    text = "REPORTER: Will you sign?\n\nMS. BERG: We will see.\n\nREPORTER: When?\n\nMS. BERG: In May, I hope."
    found = brief(text)
    assert found == [
        ("direct", "Will you sign?", "REPORTER", None),
        ("direct", "We will see.", "MS. BERG", None),
        ("direct", "When?", "REPORTER", None),
        ("direct", "In May, I hope.", "MS. BERG", None),
    ]


def test_labels_alone_make_no_transcript() -> None:
    assert quotes_of("NOTE: The hall is closed.\n\nThe talks go on in the annex.") == []


def test_a_colon_introduces_a_plain_paragraph() -> None:
    quote = only("The governor added:\n\nIt is time to go home and rest. The roads are open again.")
    assert quote.text == "It is time to go home and rest. The roads are open again."
    assert (quote.kind, quote.speaker_text, quote.cue) == ("indirect", "The governor", "added")


def test_what_a_relative_clause_reports_is_not_its_main_clause() -> None:
    assert quotes_of("The bill was sent to the ministry, which has denied any part in it.") == []
