"""Phrases: which actors and states a noun phrase or clause names.

What belongs here: from words to actors' keys and countries, whoever takes which side.
What does not: finding actors (``actors``, ``coreference``), which phrase takes which side of an act (``sides``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from spacy.tokens import Token

from extraction import gazetteer, grammar
from extraction.actors import Actor
from extraction.coreference import Coreference
from extraction.document import Document
from extraction.facts import Quote, Side
from extraction.frames import word_class

_PLACES = frozenset({
    "in", "at", "near", "during", "after", "before", "since", "inside", "outside", "amid", "following", "around",
    "until", "through", "across",
})  # fmt: skip
_NAMING = frozenset({"compound", "amod", "nmod", "appos", "poss", "flat", "nummod"})
_EACH_OTHER = frozenset({"two", "both"})
_FIRST_PERSON = frozenset({"i", "we", "me", "us", "our", "my"})
_PLURALS = frozenset({"they", "we", "their", "our", "both"})
_BILATERAL = 0.75  # share of the two states in all mentions of states


@dataclass(slots=True)
class Sides:
    """Who takes part: participant keys with their side, and the states of all sides."""

    participants: dict[str, Side] = field(default_factory=dict)
    countries: set[str] = field(default_factory=set)
    actor_countries: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.participants or self.countries)

    def on(self, side: Side) -> set[str]:
        """The keys of those on a side, or on both."""
        return {k for k, s in self.participants.items() if s in {side, "both"}}


def is_plural(head: Token) -> bool:
    """Whether a phrase stands for several actors named before: "they", "the presidents"."""
    if head.lower_ in _PLURALS:
        return True
    return (
        head.tag_ in {"NNS", "NNPS"}
        and head.lemma_.lower() in word_class("BOTHSIDES")
        and any(c.lower_ == "the" for c in head.children)
    )


def is_both(token: Token) -> bool:
    """Whether a phrase stands for the two states of the story: "the two sides", "both countries"."""
    return token.lemma_.lower() in word_class("BOTHSIDES") and any(c.lower_ in _EACH_OTHER for c in token.children)


class Phrases:
    """Reads the phrases of one document."""

    def __init__(self, document: Document, coreference: Coreference, quotes: list[Quote]) -> None:
        self.document = document
        self.actors = coreference.actors
        self._coreference = coreference
        self._speakers = _speakers(quotes)
        self._states = {a.country: a for a in self.actors.all if a.kind == "state" and a.country}
        self._country: dict[int, str | None] = {}
        counts = Counter(c for token in document.doc if (c := self.country(token)) is not None)
        top = counts.most_common(2)
        self.main_states = tuple(c for c, _ in top) if len(top) == 2 else ()
        """The two states named most, the most first; () when fewer are named."""
        self.bilateral = len(top) == 2 and top[1][1] > 1 and sum(n for _, n in top) >= _BILATERAL * counts.total()
        """Whether the story is one of two states."""

    def resolve(self, token: Token) -> Actor | None:
        """The actor that a token names or stands for; "we" in a quote stands for its speaker."""
        actor = self._coreference.resolve(token)
        if actor is None and token.pos_ == "PRON" and token.lower_ in _FIRST_PERSON:
            actor = self.actors.by_key.get(self._speaker(token.idx) or "")
        return actor

    def _speaker(self, offset: int) -> str | None:
        at = bisect_right(self._speakers, (offset + 1,)) - 1
        if at < 0:
            return None
        start, end, speaker = self._speakers[at]
        return speaker if start <= offset < end else None

    def country(self, token: Token) -> str | None:
        """The state that a token names, as a name, a people or through an actor."""
        if token.i not in self._country:
            actor = self.resolve(token)
            found = actor.country if actor is not None else None
            if actor is None and token.text[:1].isupper() and token.pos_ in {"PROPN", "ADJ", "NOUN"}:
                found = _named(token)
            self._country[token.i] = found
        return self._country[token.i]

    def add(self, sides: Sides, token: Token, side: Side, place: bool = False) -> None:
        """Put whom a token names on a side; ``place``: a city stands for its state."""
        actor, country = self.resolve(token), self.country(token)
        if is_both(token) and actor is None:
            sides.countries |= set(self.main_states)
        if actor is None and country is None and place and token.pos_ == "PROPN":
            country = gazetteer.country_of_city(token.text) or gazetteer.country_of_capital(token.text)
        if actor is None and country is not None:
            actor = self._states.get(country)
        if country is not None:
            sides.countries.add(country)
        if actor is None:
            return
        sides.participants.setdefault(actor.key, side)
        if actor.kind in {"organization", "bloc"} and token.pos_ == "PROPN":
            inner = _named(token)  # "the Chad-Niger Joint Commission" belongs to both
            if inner is not None:
                sides.countries.add(inner)

    def names(self, head: Token) -> list[Token]:
        """The tokens that name the actors of a phrase: the head's own names, else whom it belongs to."""
        own = [t for t in _phrase(head, {"compound", "appos", "flat", "nmod"}) if self.resolve(t) is not None]
        if own:
            # a named person's demonym tells a country, not a participant of its own
            extra = _phrase(head, {"amod", "compound", "nmod"})
            return own + [t for t in extra if t not in own and self.country(t) and self.resolve(t) is None]
        listed = [t for h in grammar.prepositional_heads(head, "including") for t in self.names(h)]
        if listed:
            return listed  # "its allies, including Chad": not whose allies they are
        found = [t for t in _phrase(head, _NAMING) if self.country(t) or self.resolve(t)]
        for word in ("of", "from", "in"):
            for h in grammar.prepositional_heads(head, word):
                found += self.names(h)
        return found or ([head] if is_both(head) else [])

    def mentioned(self, root: Token) -> list[Token]:
        """The tokens in a phrase or clause that may name actors or states, places and side clauses left out."""
        return [
            t
            for t in _walk(root)
            if t.pos_ == "PROPN" or self.resolve(t) is not None or self.country(t) is not None or is_both(t)
        ]

    def pair_before(self, token: Token) -> list[Token]:
        """Two or more actors joined by "and" earlier in the sentence."""
        for other in reversed(token.doc[token.sent.start : token.i]):
            if other.dep_ == "conj" and other.pos_ == "PROPN" and self.resolve(other) is not None:
                first = other
                while first.dep_ == "conj":
                    first = first.head
                joined = [t for h in grammar.conjuncts(first) for t in self.names(h)]
                if len({a.key for t in joined if (a := self.resolve(t)) is not None}) > 1:
                    return joined
        return []

    def narrators(self) -> Sides:
        """Who says "we" in a statement that is no quotation: those that its head names as acting."""
        narrators = Sides()
        for sentence in self.document.sentences[:2]:
            for token in sentence:
                named: list[Token] = []
                if token.dep_ in {"nsubj", "nsubjpass"}:
                    named = [t for h in grammar.conjuncts(token) for t in self.names(h)]
                elif token.dep_ == "agent":
                    named = self.mentioned(token)
                for t in named:
                    self.add(narrators, t, "actor")
        return narrators


def _speakers(quotes: list[Quote]) -> list[tuple[int, int, str]]:
    found = [(q.start, q.end, q.speaker) for q in quotes if q.speaker is not None]
    found += [(*q.continuation, q.speaker) for q in quotes if q.speaker is not None and q.continuation is not None]
    return sorted(found)


def _named(token: Token) -> str | None:
    """The state of a name or people that a token is part of, read from the words themselves."""
    doc = token.doc
    texts = [doc[token.i : token.i + 2].text, doc[max(0, token.i - 1) : token.i + 1].text, token.text]
    if token.ent_type_ in {"GPE", "NORP"}:
        ent = grammar.entity(token)
        if ent is not None:
            texts.insert(0, ent.text)
    for text in (t.strip("-–— ") for t in texts):
        found = gazetteer.country_of_demonym(text) or gazetteer.country_of_name(text)
        if found is not None:
            return found
    return None


def _phrase(head: Token, links: Iterable[str]) -> list[Token]:
    """A head with what hangs on it by the given links, "German and Greek" both."""
    found = [head]
    for child in head.children:
        if child.dep_ in links:
            found += _phrase(child, links)
            if child.dep_ == "amod":
                found += [c for c in child.children if c.dep_ == "conj"]
    return found


def _walk(root: Token) -> Iterator[Token]:
    stack = [root]
    while stack:
        token = stack.pop()
        yield token
        for child in token.children:
            beside = child.dep_ in {"relcl", "advcl", "parataxis"} or (child.dep_ == "prep" and child.lower_ in _PLACES)
            if not beside and not (child.dep_ == "conj" and child.pos_ in {"VERB", "AUX"}):
                stack.append(child)
