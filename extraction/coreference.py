"""The coreference layer: which named actor a pronoun or a title ("the minister") stands for.

What belongs here: links from unnamed mentions to ``actors.Actor`` inside one article.
What does not: joining written forms of a name (``actors``) and anything across articles (``resolution``).
"""

from __future__ import annotations

from spacy.tokens import Token

from extraction.actors import Actor, Actors
from extraction.document import Document


class Coreference:
    """Look-up from a token to the actor it stands for."""

    def __init__(self, actors: Actors, links: dict[int, Actor]) -> None:
        self.actors = actors
        self._links = links

    def resolve(self, token: Token) -> Actor | None:
        """The actor that the token names or stands for; None when that cannot be known."""
        return self.actors.at(token) or self._links.get(token.i)


def link(document: Document, actors: Actors) -> Coreference:
    """Link pronouns and titles of a document to its actors."""
    return Coreference(actors, {})
