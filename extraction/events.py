"""The events layer: PLOVER events with type, mode, status, date, place and sides.

What belongs here: triggers in context and the sides they take; the trigger frames themselves are data in ``lexicon/``.
What does not: dates (``dates``), places (``places``), instruments (``agreements``), joining events across articles.
"""

from __future__ import annotations

from extraction.actors import Actors
from extraction.coreference import Coreference
from extraction.document import Document
from extraction.facts import Event, Quote


def find_events(document: Document, actors: Actors, coreference: Coreference, quotes: list[Quote]) -> list[Event]:
    """Find the events of a document, in order of first mention, one record a real event."""
    return []
