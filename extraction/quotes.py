"""The quotes layer: attributed statements with content, speaker and cue.

What belongs here: quotation marks, cues of saying, content boundaries, who speaks.
What does not: what the statement does to others (``events``).
"""

from __future__ import annotations

from extraction.actors import Actors
from extraction.coreference import Coreference
from extraction.document import Document
from extraction.facts import Quote


def find_quotes(document: Document, actors: Actors, coreference: Coreference) -> list[Quote]:
    """Find the attributed statements of a document, in order."""
    return []
