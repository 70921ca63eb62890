"""Where a statement begins and ends, and whose it is, when the parse goes astray; on sentences of our own."""

from __future__ import annotations

import pytest

from extraction.extract import extract


def brief(text: str) -> list[tuple[str, str, str | None]]:
    """(kind, content, speaker as written) of every quote."""
    return [(q.kind, q.text, q.speaker_text) for q in extract(text).quotes]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        (
            "Anna Berg said hundreds of Red Cross (IRC) trucks crossed the border.",
            "hundreds of Red Cross (IRC) trucks crossed the border",
        ),
        (
            "Anna Berg said that vice-president and chief negotiator Paul Lind refused to sign.",
            "vice-president and chief negotiator Paul Lind refused to sign",
        ),
        ("Anna Berg said the talks failed, without giving details.", "the talks failed"),
        ("Anna Berg said the talks failed, in an interview with Der Tag.", "the talks failed"),
        (
            "Anna Berg said that the talks had failed, following a meeting in Oslo with a minister.",
            "the talks had failed",
        ),
        ("Anna Berg said the plan hurts farmers (which nobody denies.", "the plan hurts farmers"),
        ("Anna Berg made it clear that she would not sign.", "she would not sign"),
        ("Anna Berg wrote a letter, reminding Paul Lind that he had signed the pact.", "he had signed the pact"),
        ("Anna Berg informed police she had a permit.", "she had a permit"),
        ("Anna Berg said after the vote she would not sign the pact.", "she would not sign the pact"),
        ("Anna Berg told a conference following the talks that the border would reopen.", "the border would reopen"),
    ],
)
def test_bounds_of_a_reported_clause(text: str, content: str) -> None:
    assert brief(text) == [("indirect", content, "Anna Berg")]


@pytest.mark.parametrize(
    ("text", "kind", "content"),
    [
        (
            "Lind “has all the patience that we need,” retired general Anna Berg said.",
            "mixed",
            "Lind “has all the patience that we need,”",
        ),
        (
            "Anna Berg stressed that “nothing can be ruled out” and that allies had reached no deal to “send troops.”",
            "mixed",
            "“nothing can be ruled out” and that allies had reached no deal to “send troops.”",
        ),
        ("Anna Berg rejected the plan as “an insult”.", "mixed", "an insult"),
        ("Anna Berg described the plan as “an insult” to her people.", "mixed", "an insult"),
        (
            "Anna Berg cited the “known trouble” between the two countries as the reason.",
            "mixed",
            "the “known trouble” between the two countries as the reason",
        ),
        ("“The sea was our school and fed us,” Anna Berg shares.", "direct", "The sea was our school and fed us"),
    ],
)  # fmt: skip
def test_words_around_the_marks(text: str, kind: str, content: str) -> None:
    assert [(k, c) for k, c, _ in brief(text)] == [(kind, content)]


def test_a_quotation_goes_on_behind_its_cue() -> None:
    text = "Most of the nets were torn, Anna Berg said, and “we mended them until the tide turned.”"
    (quote,) = extract(text).quotes
    assert quote.continuation is not None
    assert (quote.text, text[slice(*quote.continuation)]) == (
        "Most of the nets were torn",
        "and “we mended them until the tide turned.”",
    )


def test_a_dash_and_a_name_sign_every_line() -> None:
    text = "“We are tired.”\u00a0― Jana Novak\n“We are proud.” ― Petr Maly"
    assert [(c, s) for _, c, s in brief(text)] == [("We are tired.", "Jana Novak"), ("We are proud.", "Petr Maly")]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("US Ambassador to Germany Richard Doe alleged that the firm had paid bribes.", "Richard Doe"),
        (
            "The stance appeared to soften after a spokeswoman for Anna Berg said the talks would go on.",
            "a spokeswoman for Anna Berg",
        ),
        ("After saying the pact was dead, Anna Berg was driven home.", "Anna Berg"),
    ],
)
def test_who_speaks(text: str, speaker: str) -> None:
    assert [s for _, _, s in brief(text)] == [speaker]


@pytest.mark.parametrize(
    "text",
    [
        "In her meetings, Anna Berg reiterated support for the pact, and she thanked the king for his help.",
        "It goes without saying that the pact is dead.",
    ],
)
def test_nothing_was_said(text: str) -> None:
    assert brief(text) == []


def test_a_heading_in_marks_is_no_statement() -> None:
    text = "Anna Berg said the pact was dead. “We tried.”\n\n“All Bets Are Off”\n\nEight years ago it was signed."
    assert [c for _, c, _ in brief(text)] == ["the pact was dead", "We tried."]
