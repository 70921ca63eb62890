"""The events layer: PLOVER events with type, mode, status, date, place and sides.

What belongs here: triggers in context and the sides they take; the trigger frames themselves are data in ``lexicon/``.
What does not: dates (``dates``), places (``places``), instruments (``agreements``), joining events across articles.
"""

from __future__ import annotations

from extraction.actors import Actors
from extraction.acts import acts_of
from extraction.coreference import Coreference
from extraction.dates import date_of
from extraction.document import Document
from extraction.facts import Event, EventMention, Quote
from extraction.places import place_of


def find_events(document: Document, actors: Actors, coreference: Coreference, quotes: list[Quote]) -> list[Event]:
    """Find the events of a document, in order of first mention, one record a real event."""
    found: list[Event] = []
    for number, act in enumerate(acts_of(document), start=1):
        start, end = act.token.idx, act.token.idx + len(act.token)
        mention = EventMention(act.token.text, start, end, *document.sentence_span(act.token))
        found.append(
            Event(f"e{number}", act.type, act.mode, act.status, date_of(document, act.token), place_of(document, act.token), (), (), (mention,))
        )
    return found
