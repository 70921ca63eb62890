"""Places of acts: locative phrases, datelines, venues."""

import pytest
from spacy.tokens import Token

from extraction.document import Document, parse
from extraction.facts import Where
from extraction.places import country_of, dateline, place_of


def trigger(document: Document, lemma: str) -> Token:
    return next(t for t in document.doc if t.lemma_ == lemma)


@pytest.mark.parametrize(
    ("text", "place", "country"),
    [
        ("NAIROBI, May 4 (Agency) – The two ministers met on Monday.", "NAIROBI", "KEN"),
        ("Lima, 4 May (Agency) – The two ministers met on Monday.", "Lima", "PER"),
        ("OSLO (AP) -- The two ministers met on Monday.", "OSLO", "NOR"),
        ("Vienna — The two ministers met on Monday.", "Vienna", "AUT"),
        ("KAMPALA: The two ministers met on Monday.", "KAMPALA", "UGA"),
    ],
)
def test_datelines(text: str, place: str, country: str) -> None:
    assert dateline(parse(text)) == Where(place, country)


@pytest.mark.parametrize(
    "text",
    [
        "The two ministers met in Lima on Monday.",
        "President Ana Silva met the king.",
        "Peru and Chile signed a treaty - the first of its kind.",
        "",
    ],
)
def test_texts_without_dateline(text: str) -> None:
    assert dateline(parse(text)) == Where()


@pytest.mark.parametrize(
    ("text", "lemma", "place", "country"),
    [
        ("The two ministers met in Geneva on Monday.", "meet", "Geneva", "CHE"),
        ("The envoys held talks at the White House.", "hold", "White House", "USA"),
        ("The envoy spoke at a hotel in Oslo.", "speak", "Oslo", "NOR"),
        ("NAIROBI, May 4 (Agency) – The two ministers met here on Monday.", "meet", "NAIROBI", "KEN"),
    ],
)
def test_places_beside_the_trigger(text: str, lemma: str, place: str, country: str) -> None:
    document = parse(text)
    assert place_of(document, trigger(document, lemma)) == Where(place, country)


def test_no_place_is_made_up() -> None:
    document = parse("The two ministers met on Monday.")
    assert place_of(document, trigger(document, "meet")) == Where()


def test_countries_of_cities_and_venues() -> None:
    assert country_of("the Kremlin") == "RUS"
    assert country_of("Mombasa") == "KEN"
    assert country_of("Nowhere Special") is None
