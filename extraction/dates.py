"""Dates: a relative or absolute time expression to a day, month or year, with how it is known.

What belongs here: reading time expressions against the publication date.
What does not: which event a date belongs to is asked by the token of the event's trigger; nothing else is known of events.
"""

from __future__ import annotations

from spacy.tokens import Token

from extraction.document import Document
from extraction.facts import When


def date_of(document: Document, trigger: Token) -> When:
    """When the act named by a trigger happened; ``When()`` when the text does not say."""
    return When()
