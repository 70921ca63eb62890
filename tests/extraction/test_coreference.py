"""Pronouns and titles, on texts of our own."""

from __future__ import annotations

import pytest

from extraction.actors import find_actors
from extraction.coreference import link
from extraction.document import parse

SUMMIT = (
    "President Elena Petrova met Prime Minister Jonas Vilks in Riga on Monday. She thanked him for his help. "
    "He said the summit would go on."
)


def stands_for(text: str, word: str, nth: int = 1) -> str | None:
    """The name of the actor that the nth occurrence of a word stands for."""
    document = parse(text)
    actors = find_actors(document)
    coreference = link(document, actors)
    tokens = [t for t in document.doc if t.text == word]
    actor = coreference.resolve(tokens[nth - 1])
    return None if actor is None else actor.name


@pytest.mark.parametrize(("word", "name"), [("She", "Elena Petrova"), ("him", "Jonas Vilks"), ("He", "Jonas Vilks")])
def test_a_clear_pronoun_tells_the_gender_for_the_next(word: str, name: str) -> None:
    assert stands_for(SUMMIT, word) == name


def test_honorifics_tell_the_gender() -> None:
    text = "Mrs. Mary Stone wrote to Mr. Paul Reed. He did not answer."
    assert stands_for(text, "He") == "Paul Reed"


def test_titles_stand_for_their_holder() -> None:
    text = "Foreign Minister Ana Ruiz met Senator Dan Cole. The minister smiled. The senator did not."
    assert stands_for(text, "minister") == "Ana Ruiz"
    assert stands_for(text, "senator") == "Dan Cole"


def test_a_title_that_nobody_here_holds_stays_unknown() -> None:
    assert stands_for("Foreign Minister Ana Ruiz arrived in Oslo. The ambassador waited.", "ambassador") is None


def test_it_stands_for_an_organization() -> None:
    assert stands_for("The European Commission proposed new rules. It said they were fair.", "It") is not None


def test_relative_pronouns_stand_for_what_they_follow() -> None:
    assert stands_for("Ana Ruiz, who is on a visit to London, smiled.", "who") == "Ana Ruiz"


def test_nobody_named_before() -> None:
    assert stands_for("He said nothing.", "He") is None
