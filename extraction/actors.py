"""The actors layer: who is named in an article, as what, and for which country.

What belongs here: finding named persons, organizations, states and blocs, joining the written forms of one actor,
role and country of each.
What does not: pronouns and titles that stand for an actor (``coreference``); deciding who took part in what.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from spacy.tokens import Span, Token

from extraction.document import Document
from extraction.facts import Kind, Mention, Participant


@dataclass(slots=True)
class ActorMention:
    """A named mention: the name's tokens (titles and honorifics left out), the role stated at this place."""

    span: Span
    role: str | None = None


@dataclass(slots=True)
class Actor:
    """One actor of the article under construction; ``key`` is unique in the article."""

    key: str
    name: str
    kind: Kind
    role: str | None = None
    country: str | None = None
    mentions: list[ActorMention] = field(default_factory=list)

    def to_record(self) -> Participant:
        """The frozen record of ``facts``."""
        mentions = tuple(Mention(m.span.text, m.span.start_char, m.span.end_char, m.role) for m in self.mentions)
        return Participant(self.key, self.name, self.kind, self.role, self.country, mentions)


class Actors:
    """All actors of a document, with look-up by token."""

    def __init__(self, actors: list[Actor]) -> None:
        self.all = actors
        self.by_key = {a.key: a for a in actors}
        self._at: dict[int, Actor] = {t.i: a for a in actors for m in a.mentions for t in m.span}

    def at(self, token: Token) -> Actor | None:
        """The actor whose name covers the token."""
        return self._at.get(token.i)

    def inside(self, span: Span) -> list[Actor]:
        """The actors named inside a span, in order of first mention, each once."""
        found = {a.key: a for t in span if (a := self._at.get(t.i)) is not None}
        return list(found.values())


def find_actors(document: Document) -> Actors:
    """Find the named actors of a document."""
    kinds: dict[str, Kind] = {"PERSON": "person", "ORG": "organization", "GPE": "state", "NORP": "state"}
    actors: dict[str, Actor] = {}
    for ent in document.doc.ents:
        if ent.label_ in kinds:
            actor = actors.setdefault(ent.text, Actor(f"p{len(actors) + 1}", ent.text, kinds[ent.label_]))
            actor.mentions.append(ActorMention(ent))
    return Actors(list(actors.values()))
