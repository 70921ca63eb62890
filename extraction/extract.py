"""The one door to extraction: an article's text in, its facts out.

What belongs here: the order of the layers and the version of the whole.
What does not: any layer's own logic; worker processes (``workers``).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from extraction.actors import find_actors
from extraction.agreements import find_agreements
from extraction.coreference import link
from extraction.document import MODEL, Document, parse
from extraction.events import find_events
from extraction.facts import Agreement, ArticleFacts, Event, Participant, Quote
from extraction.occasions import tie
from extraction.quotes import find_quotes

LANGUAGES = frozenset({"en"})
"""The languages that the layers read, as ISO 639-1 codes."""


@lru_cache(maxsize=1)
def extractor_version() -> str:
    """The version of everything that decides what facts a text yields: this room's files, spaCy and its model."""
    room = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted([*room.glob("*.py"), *room.glob("lexicon/*.yml")]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    digest.update(f"spacy {version('spacy')} {MODEL} {version(MODEL.replace('_', '-'))}".encode())
    return digest.hexdigest()[:12]


def extract(text: str, published: dt.date | None = None, title: str | None = None) -> ArticleFacts:
    """The facts of one article.  ``published`` resolves relative dates; spans are in ``text``."""
    return facts_of(parse(text, published, title))


def facts_of(document: Document) -> ArticleFacts:
    """Run the layers over a parsed document, and keep the actors that speak, take part or are party."""
    actors = find_actors(document)
    coreference = link(document, actors)
    quotes = find_quotes(document, actors, coreference)
    events = find_events(document, actors, coreference, quotes)
    quotes = tie(document, quotes, events)
    agreements = find_agreements(document, actors, coreference, events)
    participants = _active([a.to_record() for a in actors.all], events, quotes, agreements)
    return ArticleFacts(tuple(participants), tuple(events), tuple(quotes), tuple(agreements))


def _active(
    participants: list[Participant], events: list[Event], quotes: list[Quote], agreements: list[Agreement]
) -> list[Participant]:
    """The participants that do something: those merely named in passing are no participants."""
    keys = {key for e in events for key, _ in e.participants} | {q.speaker for q in quotes if q.speaker}
    keys |= {p.participant for a in agreements for p in a.parties if p.participant}
    states = {p.country for a in agreements for p in a.parties if p.country}
    return [p for p in participants if p.key in keys or (p.kind == "state" and p.country in states)]
