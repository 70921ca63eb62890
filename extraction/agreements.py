"""The agreements layer: instruments between parties, with status, parties and subject.

What belongs here: naming and describing instruments, their status and who is party; instrument words are data.
What does not: the events at which they are made (``events``), joining instruments across articles.
"""

from __future__ import annotations

from extraction.actors import Actors
from extraction.coreference import Coreference
from extraction.document import Document
from extraction.facts import Agreement, Event


def find_agreements(
    document: Document, actors: Actors, coreference: Coreference, events: list[Event]
) -> list[Agreement]:
    """Find the instruments of a document, in order of first mention."""
    return []
