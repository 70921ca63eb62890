"""Places: where the act named by a trigger happened.

What belongs here: locative phrases, datelines, cities to countries.
What does not: states as actors (``actors``).
"""

from __future__ import annotations

from spacy.tokens import Token

from extraction.document import Document
from extraction.facts import Where


def place_of(document: Document, trigger: Token) -> Where:
    """Where the act named by a trigger happened; ``Where()`` when the text does not say."""
    return Where()
