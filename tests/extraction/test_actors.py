"""The actors layer: names, kinds, offices, countries, and which forms are one actor."""

import time

import pytest
from spacy.tokens import Doc

from extraction.actors import Actor, find_actors
from extraction.document import Document, model, parse


def _actors(text: str) -> dict[str, Actor]:
    return {a.name: a for a in find_actors(parse(text)).all}


def _facts(actor: Actor) -> tuple[str, str | None, str | None]:
    return actor.kind, actor.role, actor.country


@pytest.mark.parametrize(
    ("text", "name", "role", "country"),
    [
        ("Norwegian Foreign Minister Kari Holmen arrived on Monday.", "Kari Holmen", "Foreign Minister", "NOR"),
        ("Peru's Trade Minister Dr Luis Quispe said so.", "Luis Quispe", "Trade Minister", "PER"),
        ("Amara Diop, the prime minister of Senegal, signed it.", "Amara Diop", "prime minister", "SEN"),
        ("The Italian foreign minister, Paolo Neri, joined the talks.", "Paolo Neri", "foreign minister", "ITA"),
        ("US Ambassador to Chile Frank Miller spoke on Friday.", "Frank Miller", "Ambassador to Chile", "USA"),
        ("Secretary of State Mary Collins left for Geneva.", "Mary Collins", "Secretary of State", None),
        (
            "Ghana's Minister of Lands and Natural Resources Kofi Mensah opened the meeting.",
            "Kofi Mensah",
            "Minister of Lands and Natural Resources",
            "GHA",
        ),
        ("Former Danish President Anna Holm spoke.", "Anna Holm", "Former President", "DNK"),
        ("Kenya's Peter Otieno met reporters.", "Peter Otieno", None, "KEN"),
        ("South Korean envoy Kim Do-hyun left.", "Kim Do-hyun", "envoy", "KOR"),
        ("Kremlin spokesman Oleg Serov told reporters so.", "Oleg Serov", "spokesman", "RUS"),
    ],
)
def test_person_with_office_and_country(text: str, name: str, role: str | None, country: str | None) -> None:
    actors = _actors(text)
    assert name in actors
    assert _facts(actors[name]) == ("person", role, country)


def test_a_counterpart_has_the_office_of_the_one_he_is_counterpart_of() -> None:
    actors = _actors("Polish Defence Minister Jan Nowak met his Greek counterpart Nikos Pappas in Warsaw.")
    assert _facts(actors["Nikos Pappas"]) == ("person", "Defence Minister", "GRC")


def test_an_office_in_the_plural_is_shared_by_the_names_after_it() -> None:
    actors = _actors("They met foreign ministers Karim Saleh and Omar Haddad in Cairo.")
    assert actors["Karim Saleh"].role == "foreign minister"
    assert actors["Omar Haddad"].role == "foreign minister"


def test_countries_of_a_list_go_to_the_names_one_by_one() -> None:
    actors = _actors(
        "Croatian foreign minister Ivan Babic and his Greek and Cypriot counterparts, "
        "Nikos Pappas and Andreas Leontiou, met."
    )
    assert _facts(actors["Nikos Pappas"]) == ("person", "foreign minister", "GRC")
    assert _facts(actors["Andreas Leontiou"]) == ("person", "foreign minister", "CYP")


def test_the_other_of_two_states_is_the_office_holders() -> None:
    actors = _actors(
        "Chile and Norway held talks in Chile. Norway and Chile agreed. "
        "Trade Minister Rosa Fuentes received her Norwegian counterpart Kari Holmen."
    )
    assert actors["Rosa Fuentes"].country == "CHL"
    assert actors["Kari Holmen"].country == "NOR"


def test_a_subject_after_a_clause_does_not_inherit_its_office() -> None:
    actors = _actors("After a long meeting with the president, Laura Benson said that she was pleased.")
    assert actors["Laura Benson"].role is None


def test_forms_of_a_name_are_one_person_without_titles() -> None:
    actors = _actors(
        "Foreign Minister Arjun K. Mehra spoke first. Mr Mehra smiled. “No,” Mehra said. Dr. Arjun Mehra then left."
    )
    assert list(actors) == ["Arjun K. Mehra"]
    assert [m.span.text for m in actors["Arjun K. Mehra"].mentions] == [
        "Arjun K. Mehra",
        "Mehra",
        "Mehra",
        "Arjun Mehra",
    ]


def test_a_nickname_in_quotation_marks_is_part_of_the_name() -> None:
    actors = _actors("Rep. Robert “Bobby” Dolan spoke. Dolan left.")
    assert [m.span.text for m in actors["Robert “Bobby” Dolan"].mentions] == ["Robert “Bobby” Dolan", "Dolan"]


def test_of_namesakes_a_bare_surname_means_the_one_in_office() -> None:
    actors = _actors("Lena Brandt met Chilean President Raul Brandt. Brandt smiled.")
    assert len(actors["Raul Brandt"].mentions) == 2


def test_two_people_of_one_surname_stay_two() -> None:
    actors = _actors("Senator Paul Barker met his rival Susan Barker. Paul Barker and Susan Barker shook hands.")
    assert {"Paul Barker", "Susan Barker"} <= set(actors)


def test_acronym_and_long_form_are_one_organization() -> None:
    actors = _actors("The National Grain Agency of Kenya (NGA) protested. “We object,” the NGA said.")
    agency = next(a for a in actors.values() if a.kind == "organization")
    assert agency.country == "KEN"
    assert [m.span.text for m in agency.mentions] == ["National Grain Agency of Kenya", "NGA", "NGA"]


def test_a_ministry_in_several_words_is_one() -> None:
    actors = _actors(
        "Spain's Ministry of Defence denied it. The Spanish Defense Ministry said more later. Spain's army was silent."
    )
    ministries = [a for a in actors.values() if "inistry" in a.name]
    assert len(ministries) == 1
    assert _facts(ministries[0]) == ("organization", None, "ESP")


@pytest.mark.parametrize(
    ("text", "mention", "name", "country"),
    [
        ("The German government rejected the offer.", "German government", "Germany", "DEU"),
        ("The United States and Laos signed it.", "United States", "United States", "USA"),
        ("Talks between Ankara and Athens failed.", "Ankara", "Turkey", "TUR"),
        ("Moscow said it would answer.", "Moscow", "Russia", "RUS"),
        ("The government of Peru agreed.", "government of Peru", "Peru", "PER"),
    ],
)
def test_states_and_what_stands_for_them(text: str, mention: str, name: str, country: str) -> None:
    actors = _actors(text)
    assert _facts(actors[name]) == ("state", None, country)
    assert mention in [m.span.text for m in actors[name].mentions]


def test_a_capital_as_a_place_is_no_state() -> None:
    assert "Russia" not in _actors("The ministers of the group met in Moscow on Monday.")


def test_demonyms_and_the_country_of_an_office_are_no_mentions() -> None:
    assert "France" not in _actors("French President Luc Moreau spoke to German reporters.")


def test_blocs_have_their_usual_name_and_no_country() -> None:
    actors = _actors("The EU and the African Union (AU) met. The AU was pleased.")
    assert _facts(actors["European Union"]) == ("bloc", None, None)
    assert len(actors["African Union"].mentions) == 3


def test_mentions_are_verbatim_and_keys_unique() -> None:
    text = "Dr. Ana Ruiz’s team met NATO’s chief in Lima. The U.S. was absent, Ruiz said."
    actors = find_actors(parse(text))
    assert len(actors.by_key) == len(actors.all)
    for actor in actors.all:
        for mention in actor.to_record().mentions:
            assert text[mention.start : mention.end] == mention.text
            assert "’s" not in mention.text


def test_look_up_by_token_and_span() -> None:
    document = parse("Kari Holmen met Paolo Neri.")
    actors = find_actors(document)
    assert [a.name for a in actors.inside(document.doc[:])] == ["Kari Holmen", "Paolo Neri"]
    assert actors.at(document.doc[1]) is actors.all[0]
    assert actors.at(document.doc[2]) is None


def test_attributive_names_are_marked() -> None:
    document = parse("US officials met in Lima.")
    actors = find_actors(document)
    assert actors.is_attributive(document.doc[0])


def test_a_headline_in_capitals_does_not_swallow_its_verb() -> None:
    actors = _actors("Kari Holmen Says Trade Deal Is Close\n\nNorwegian minister Kari Holmen said on Monday so.")
    assert [m.span.text for m in actors["Kari Holmen"].mentions] == ["Kari Holmen", "Kari Holmen"]


def test_an_administration_is_the_state() -> None:
    actors = _actors("Chilean President Rosa Fuentes spoke. The Fuentes administration then rejected the offer.")
    assert [m.span.text for m in actors["Chile"].mentions] == ["Fuentes administration"]
    assert [m.span.text for m in actors["Rosa Fuentes"].mentions] == ["Rosa Fuentes"]


def test_a_newspaper_is_known_by_its_article() -> None:
    assert _actors("He told The Islander on Monday that it was over.")["Islander"].kind == "organization"


def test_an_acronym_in_brackets_after_a_thing_is_no_actor() -> None:
    assert "FTA" not in _actors("They signed a free trade agreement (FTA). The FTA covers fish.")


def test_two_presidents_of_two_countries() -> None:
    actors = _actors("Presidents Amara Diop of Senegal and Koffi Agbeko of Togo met in Dakar on Monday.")
    assert _facts(actors["Amara Diop"]) == ("person", "President", "SEN")
    assert _facts(actors["Koffi Agbeko"]) == ("person", "President", "TGO")


def test_a_body_that_names_an_office_is_no_actor_of_its_own() -> None:
    actors = _actors("NATO Secretary General Lars Vik spoke in Oslo.")
    assert list(actors) == ["Lars Vik"]
    assert _facts(actors["Lars Vik"]) == ("person", "Secretary General", None)


@pytest.mark.parametrize("text", ["", " \n ", "the of and", "’s", "-", "President", "Mr.", "U.S.", "of the"])
def test_odd_texts_do_not_fail(text: str) -> None:
    find_actors(parse(text))


def test_thousands_of_names_take_linear_time() -> None:
    syllables = ["ba", "ce", "di", "fo", "gu", "ha", "ke", "li", "mo", "nu", "pa", "re", "si", "to", "vu", "wa", "ze"]
    count = len(syllables)
    words: list[str] = []
    for i in range(5_000):
        given = "".join(syllables[i // count**k % count] for k in range(4)).capitalize()
        words += ["Minister", given, "Sato", "spoke", "."]
    doc = Doc(
        model().vocab,
        words=words,
        pos=["PROPN", "PROPN", "PROPN", "VERB", "PUNCT"] * 5_000,
        sent_starts=[True, False, False, False, False] * 5_000,
    )
    started = time.perf_counter()
    actors = find_actors(Document(doc))
    assert len(actors.all) > 100
    assert time.perf_counter() - started < 20
