"""Events: types, modes, status, sides and the joining of mentions, on sentences of our own."""

import datetime as dt

import pytest

from extraction.actors import find_actors
from extraction.coreference import link
from extraction.document import parse
from extraction.events import find_events
from extraction.facts import Event
from extraction.quotes import find_quotes

PUBLISHED = dt.date(2023, 5, 10)  # a Wednesday


def events_of(text: str, published: dt.date | None = PUBLISHED) -> list[Event]:
    document = parse(text, published)
    actors = find_actors(document)
    coreference = link(document, actors)
    return find_events(document, actors, coreference, find_quotes(document, actors, coreference))


def types_of(text: str) -> list[str]:
    return [e.type for e in events_of(text)]


@pytest.mark.parametrize(
    ("text", "kind", "mode"),
    [
        ("Norway and Chile agreed to reopen the border crossing.", "AGREE", None),
        ("The Norwegian foreign minister held talks with his Chilean counterpart in Lima.", "CONSULT", None),
        (
            "President Laurent Dubois of France called Prime Minister Ana Silva of Portugal on Monday.",
            "CONSULT",
            "phone",
        ),
        ("The Kenyan president visited Ghana on Monday.", "CONSULT", "visit"),
        ("Ministers from Peru, Chile and Bolivia met in Lima on Tuesday.", "CONSULT", "multilateral"),
        ("Peru and Chile signed a treaty on fisheries.", "SUPPORT", None),
        ("The Danish prime minister praised Iceland for its reforms.", "SUPPORT", None),
        ("Chile lifted its ban on imports of Peruvian fruit.", "CONCEDE", None),
        ("Kenya and Ghana held joint naval exercises off Accra.", "COOPERATE", None),
        ("Japan provided ten million dollars in aid to Nepal.", "AID", None),
        ("Sudan withdrew its troops from the valley.", "RETREAT", "withdraw"),
        ("The Malian government released forty prisoners on Friday.", "RETREAT", "release"),
        ("The rebels declared a ceasefire in northern Mali.", "RETREAT", "ceasefire"),
        ("The Serbian interior minister resigned on Monday.", "RETREAT", "resign"),
        ("Bolivia urged Chile to open the port.", "REQUEST", None),
        ("Greece said Albania must release the mayor.", "REQUEST", None),
        ("Eritrea accused Ethiopia of arming the rebels.", "ACCUSE", "allege"),
        ("Prosecutors in Peru opened an investigation into the president.", "ACCUSE", "investigate"),
        ("Norway rejected the Danish proposal.", "REJECT", None),
        ("Cuba threatened to close the American mission.", "THREATEN", "relations"),
        ("Thousands of Polish nurses protested in Warsaw.", "PROTEST", "demo"),
        ("Miners in Zambia went on strike for higher pay.", "PROTEST", "strike"),
        ("Ukraine imposed sanctions on the Belarusian bank.", "SANCTION", None),
        ("Bulgaria expelled two Russian diplomats.", "SANCTION", "expel"),
        ("Armenia mobilised reservists along its border with Azerbaijan.", "MOBILIZE", "troops"),
        ("Turkish police arrested the editor of a newspaper in Ankara.", "COERCE", "arrest"),
        ("The governor of the Peruvian province imposed a curfew.", "COERCE", "curfew"),
        ("Gunmen attacked an army base in northern Mali.", "ASSAULT", None),
    ],
)
def test_type_and_mode_of_one_sentence(text: str, kind: str, mode: str | None) -> None:
    assert [(e.type, e.mode) for e in events_of(text)] == [(kind, mode)]


@pytest.mark.parametrize(
    ("text", "kind", "mode"),
    [
        ("Chile refused to sign the treaty with Peru.", "REJECT", None),
        ("Chile will not lift the embargo against Peru.", "REJECT", "yield"),
        ("The Cuban president refused to meet the American envoy.", "REJECT", "meet"),
        ("Serbia's president vowed to attack Kosovo.", "THREATEN", "violence"),
        ("Denmark said it would send doctors to Greenland.", "AGREE", None),
        ("Denmark demanded that Norway withdraw its troops.", "REQUEST", "yield"),
    ],
)
def test_the_outer_act_counts(text: str, kind: str, mode: str | None) -> None:
    assert [(e.type, e.mode) for e in events_of(text)] == [(kind, mode)]


@pytest.mark.parametrize(
    "text",
    [
        "Peru has not signed the treaty with Chile.",
        "If Chile attacked Peru, many would flee.",
        "Chile could send troops to Peru.",
    ],
)
def test_what_did_not_happen_is_no_event_of_a_longer_report(text: str) -> None:
    report = "The Peruvian foreign minister spoke to the press in Lima. The weather was fine. Markets were calm. "
    assert all(e.type in {"CONSULT"} for e in events_of(report + text))


def test_a_coming_visit_is_agreed_and_planned() -> None:
    (event,) = events_of("The Kenyan president will visit Ghana next week.")
    assert (event.type, event.mode, event.status) == ("AGREE", None, "planned")


def test_an_announced_withdrawal_is_planned() -> None:
    (event,) = events_of("Canada announced a complete withdrawal of its troops from Mali.")
    assert (event.type, event.status) == ("RETREAT", "planned")


def test_a_cancelled_meeting() -> None:
    (event,) = events_of("The summit between Kenya and Ghana was cancelled.")
    assert (event.type, event.status) == ("CONSULT", "cancelled")


def test_countries_come_through_demonyms_offices_and_names() -> None:
    (event,) = events_of("Russian troops attacked Ukrainian positions.")
    assert event.countries == ("RUS", "UKR")
    (event,) = events_of("French Foreign Minister Claire Martin met her German counterpart Jonas Weber in Vienna.")
    assert set(event.countries) == {"DEU", "FRA"}


def test_passive_turns_the_sides_round() -> None:
    document = parse("Peru was accused by Chile of dumping waste.", PUBLISHED)
    actors = find_actors(document)
    coreference = link(document, actors)
    (event,) = find_events(document, actors, coreference, [])
    sides = {actors.by_key[k].country: side for k, side in event.participants}
    assert sides == {"CHL": "actor", "PER": "recipient"}


def test_reciprocal_acts_have_both_sides() -> None:
    (event,) = events_of("Peru and Chile held talks in Lima.")
    assert {side for _, side in event.participants} == {"both"}


def test_one_event_however_often_it_is_told() -> None:
    events = events_of(
        "Foreign ministers Carla Rojas of Peru and Pablo Soto of Chile met in Lima on Monday. "
        "The Peruvian government had prepared for weeks. The meeting lasted four hours. "
        "It was the first visit of its kind, diplomats said."
    )
    consults = [e for e in events if e.type == "CONSULT" and e.mode != "visit"]
    assert len(consults) == 1
    assert [m.trigger for m in consults[0].mentions][:2] == ["met", "meeting"]


def test_different_days_are_different_events() -> None:
    events = events_of(
        "Ukraine's foreign ministry said Russia attacked Kyiv on Monday. "
        "Russia attacked Kyiv again on Tuesday, the Ukrainian army said. "
        "The government condemned the strikes."
    )
    assert sum(e.type == "ASSAULT" for e in events) == 2


def test_triggers_and_sentences_are_spans_of_the_text() -> None:
    text = "\n\nPeru signed a treaty with Chile on Monday.\n\nChile praised Peru.  "
    for event in events_of(text):
        for mention in event.mentions:
            assert text[mention.start : mention.end] == mention.trigger
            assert mention.sentence_start <= mention.start < mention.end <= mention.sentence_end
            assert (
                text[mention.sentence_start : mention.sentence_end].strip()
                == text[mention.sentence_start : mention.sentence_end]
            )


def test_calls_have_no_place() -> None:
    (event,) = events_of(
        "President Laurent Dubois of France called Prime Minister Ana Silva of Portugal from Paris on Monday."
    )
    assert event.where.place is None


@pytest.mark.parametrize(
    "text",
    [
        "United beat City 3-1 in the league on Saturday. Striker Tom Field scored twice and the coach praised him. "
        "The captain refused to comment on his future. City's goalkeeper was attacked by fans. "
        "The match ended a season to forget.",
        "A man was arrested on Tuesday after a burglary in the old town. The victim, a mother of two, was beaten by "
        "her husband, police said. The detective in charge asked neighbours for help. "
        "A sheriff said the theft was one of many.",
        "The retailer signed a deal to buy its rival. Shares rose and investors welcomed the merger. "
        "The chief executive met analysts and promised a higher dividend. Quarterly profit and revenue grew.",
        "A storm hit the coast on Monday. Rain and snow blocked roads. "
        "Forecasters warned that temperatures would fall. The flood killed nobody.",
    ],
)
def test_other_topics_yield_nothing(text: str) -> None:
    assert events_of(text) == []


def test_an_empty_document_has_no_events() -> None:
    assert events_of("") == []
    assert events_of("\n\n") == []


def test_a_one_on_one_meeting_is_a_meeting() -> None:
    events = events_of(
        "Several protocols were signed between the two sides following a one on one meeting of Defence Minister "
        "Juan Soto of Chile and his Peruvian counterpart Luis Rey. Chile and Peru are neighbours. "
        "The ceremony took place in Lima."
    )
    assert {(e.type, e.countries) for e in events} >= {("SUPPORT", ("CHL", "PER")), ("CONSULT", ("CHL", "PER"))}
