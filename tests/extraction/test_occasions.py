"""The event at which a statement was made, on sentences of our own."""

from __future__ import annotations

import time

import pytest

from extraction.actors import find_actors
from extraction.coreference import link
from extraction.document import parse
from extraction.events import find_events
from extraction.extract import extract
from extraction.occasions import tie
from extraction.quotes import find_quotes

MET = "Foreign Minister Ana Silva of Peru met her Chilean counterpart Luis Rojas in Oslo on Monday. "
SIGNED = "Peru and Chile signed a fisheries agreement in Oslo on Monday. "
CALLED = "Peruvian President Ana Silva spoke by phone with Chilean President Luis Rojas on Monday. "
VISITED = "Peruvian President Ana Silva visited Chile on Monday. "


def occasions(text: str) -> list[str | None]:
    """For every quote the first trigger of its event, or None."""
    facts = extract(text)
    triggers = {e.key: e.mentions[0].trigger for e in facts.events}
    return [triggers[q.event] if q.event else None for q in facts.quotes]


@pytest.mark.parametrize(
    "text",
    [
        MET + "“The border will reopen,” Silva said after the meeting.",
        MET + "“The border will reopen,” Silva told reporters after the talks.",
        MET + "After the meeting, Silva said that the border would reopen.",
        MET + "During their talks, Silva said the border would reopen.",
        MET + "At the end of the meeting, Silva said the border would reopen.",
        MET + "Speaking after the talks, Silva said: “The border will reopen.”",
        MET + "In a statement issued after the meeting, Silva said the border would reopen.",
        MET + "Silva told a joint news conference following the talks that the border would reopen.",
        MET + "Silva said in Oslo after the meeting that the border would reopen.",
        MET + "According to a statement released after the talks, the border will reopen in May.",
    ],
)
def test_a_definite_noun_calls_up_the_meeting(text: str) -> None:
    assert occasions(text)[-1] == "met"


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("“The border will reopen,” President Ana Silva said after talks with Luis Rojas of Chile.", "talks"),
        ("President Ana Silva said at a summit with Luis Rojas of Chile that prices would fall.", "summit"),
        ("In a phone call with Luis Rojas of Chile, President Ana Silva said the border would reopen.", "call"),
        ("President Ana Silva met Luis Rojas of Chile and told him that the border would reopen.", "met"),
        ("After meeting Luis Rojas of Chile, President Ana Silva said the border would reopen.", "meeting"),
        (CALLED + "During the call, Silva stressed that the border would reopen.", "spoke"),
        (VISITED + "“The border will reopen,” Silva said during the visit.", "visited"),
        (SIGNED + "“This is a good day,” Peruvian minister Ana Silva said at the signing ceremony.", "signed"),
    ],
)  # fmt: skip
def test_the_adjunct_names_the_event(text: str, trigger: str) -> None:
    assert occasions(text)[-1] == trigger


def test_the_speaker_goes_on() -> None:
    text = (
        MET + "“The border will reopen,” Silva said after the meeting. “It is good.” She added that trade would grow."
    )
    assert occasions(text) == ["met", "met", "met"]


def test_a_cue_that_is_the_event() -> None:
    assert occasions("Peru accused Chile of “a grave provocation” on Monday.") == ["accused"]


@pytest.mark.parametrize(
    "text",
    [
        MET + "Silva said on Tuesday that the border would reopen.",
        MET + "Silva said before the meeting that the border would reopen.",
        MET + "Silva said a week after the meeting that the border would reopen.",
        MET + "Silva said that the border would reopen after the meeting.",
        MET + "Silva said the meeting was useful.",
        MET + "Speaking ahead of the talks, Silva said the border would reopen.",
        MET + "Silva said in an interview that the border would reopen.",
        "Silva said after the meeting that the border would reopen.",
        MET + "Silva said at the Lima Conference that the border would reopen.",
        MET + "Silva described the meeting as “a good start”.",
        CALLED + "Silva said at the wedding that the border would reopen.",
    ],
)
def test_what_is_not_tied(text: str) -> None:
    assert occasions(text)[-1] is None


def test_an_attack_is_no_occasion_to_speak() -> None:
    text = "Rebels attacked the Peruvian town of Lomas. “They will pay,” President Ana Silva said after the attack."
    assert occasions(text)[-1] is None


def test_many_quotes_of_one_event_stay_linear() -> None:
    text = (MET + "“The border will reopen,” Silva said after the talks. ") * 300
    document = parse(text)
    actors = find_actors(document)
    coreference = link(document, actors)
    quotes = find_quotes(document, actors, coreference)
    events = find_events(document, actors, coreference, quotes)
    started = time.perf_counter()
    tied = tie(document, quotes, events)
    assert time.perf_counter() - started < 5
    assert all(q.event is not None for q in tied)
