"""Dates: when the act named by a trigger happened, with how it is known.

What belongs here: which time expression of the text dates which word, and what follows when there is none.
What does not: what an expression means (``timex``); whether a word is an event at all (``events``).

A date is tied to a trigger along the parse: the fewer clauses lie between, the better, and some can never be crossed
("after the strike on Monday, they met" does not date the meeting).  A date that the text does not give is None;
``default_to_published`` is the one way to the publication day, and it always says so in ``basis``.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Container
from dataclasses import dataclass, field, replace
from functools import lru_cache

from spacy.tokens import Span, Token

from extraction.document import Document
from extraction.facts import When
from extraction.timex import Direction, TimeExpression, find_times, words

_TOO_FAR = 6.0
_SAME_CLAUSE = 1.5
_LOOK_BACK = 8


@dataclass(slots=True)
class _Timeline:
    """The time expressions of one document, by the index of the token that heads each."""

    expressions: list[TimeExpression]
    heads: list[Token]
    positions: list[int] = field(default_factory=list)

    def within(self, sentence: Span) -> list[tuple[TimeExpression, Token]]:
        a, b = bisect_left(self.positions, sentence.start), bisect_left(self.positions, sentence.end)
        return list(zip(self.expressions[a:b], self.heads[a:b], strict=True))


@lru_cache(maxsize=2)
def _timeline(document: Document) -> _Timeline:
    expressions, heads = [], []
    for expression in find_times(document.doc):
        span = document.doc.char_span(expression.start, expression.end, alignment_mode="expand")
        if span is not None:
            expressions.append(expression)
            heads.append(span.root)
    return _Timeline(expressions, heads, [h.i for h in heads])


def date_of(document: Document, trigger: Token) -> When:
    """When the act named by a trigger happened; ``When()`` when the text does not say."""
    best: tuple[float, int, TimeExpression] | None = None
    for expression, head in _timeline(document).within(trigger.sent):
        cost = _distance(trigger, head)
        if cost < _TOO_FAR and (best is None or (cost, abs(head.i - trigger.i)) < best[:2]):
            best = (cost, abs(head.i - trigger.i), expression)
    if best is None:
        return _continued(document, trigger)
    narrated = _narrated(document, best[2].start) if best[2].narrated else None
    return best[2].resolve(document.published, _direction(trigger), narrated)


def default_to_published(document: Document) -> When:
    """The day of publication, marked as what it is: ``basis`` is ``published``.  ``When()`` when that is not known."""
    return When() if document.published is None else When(document.published, "day", "published")


def _distance(trigger: Token, head: Token) -> float:
    """The cost of the way through the parse from a trigger to the head of a time expression."""
    above = {t.i: n for n, t in enumerate([trigger, *trigger.ancestors])}
    cost, token = 0.0, head
    if token.lower_ in words()["bounding"]:
        return _TOO_FAR
    while token.i not in above:
        if token.head.i == token.i:
            return _TOO_FAR
        cost += _down(token, meets=token.head.i == trigger.i)
        token = token.head
    for climbed in [trigger, *trigger.ancestors][: above[token.i]]:
        cost += _up(climbed)
    return cost


def _down(token: Token, meets: bool) -> float:
    """The cost of going from a token's head down to it; ``meets``: the head is the trigger itself."""
    dep = token.dep_
    if dep in ("prep", "pcomp", "mark", "advmod") and token.lower_ in words()["bounding"]:
        return _TOO_FAR
    if dep in ("relcl", "acl"):
        return 1.0 if meets else _TOO_FAR
    if dep == "advcl":
        return _TOO_FAR if _subordinator(token) in words()["other_time"] else 1.5
    if dep in ("ccomp", "csubj"):
        return _TOO_FAR
    return {"xcomp": 3.0, "conj": 2.0, "parataxis": 4.0, "pcomp": 1.0, "appos": 1.0}.get(dep, 0.2)


def _up(token: Token) -> float:
    """The cost of going from a token up to its head."""
    dep, verb = token.dep_, token.pos_ in ("VERB", "AUX")
    if (
        dep in ("prep", "pobj", "pcomp")
        and (token if dep == "prep" else token.head).lower_ in words()["other_time_noun"]
    ):
        return _TOO_FAR
    if dep in ("relcl", "acl") and verb:
        return _TOO_FAR
    if dep == "advcl":
        return _TOO_FAR if _subordinator(token) in words()["other_time"] else 1.0
    if dep == "ccomp":
        return _TOO_FAR if _direction(token) > 0 else 2.5
    if dep == "xcomp":
        return 4.0 if token.head.lemma_ in words()["commissive"] else 0.5
    return {"conj": 0.7, "parataxis": 2.5}.get(dep, 0.3)


def _subordinator(verb: Token) -> str:
    """The word that joins an adverbial clause to its head, in lower case; empty for a bare participle."""
    for child in verb.lefts:
        if child.dep_ == "mark" or (child.dep_ in ("advmod", "prep") and child.lower_ in words()["other_time"]):
            return child.lower_
    return ""


def _clause_verb(token: Token) -> Token | None:
    """The verb whose clause holds the token: itself, or the nearest above it."""
    for candidate in (token, *token.ancestors):
        if candidate.pos_ in ("VERB", "AUX"):
            return candidate
    return None


def _direction(trigger: Token) -> Direction:
    """Where the act lies as the verb of its clause and the words round it tell."""
    ahead = words()["ahead"]
    if any(c.lower_ in ahead for c in trigger.children if c.dep_ in ("amod", "advmod", "acomp")):
        return 1
    if any(a.lower_ == "ahead" for a in trigger.ancestors if a.i < trigger.i):
        return 1
    verb = _clause_verb(trigger)
    while verb is not None:
        told = _told(verb, ahead)
        if told is not None:
            # "the talks follow a pledge in March": the present tense of a verb says nothing of its nouns
            noun = trigger.pos_ not in ("VERB", "AUX") and trigger.dep_ not in ("nsubj", "nsubjpass", "dobj")
            return 0 if told == 1 and noun and _present(verb) else told
        verb = None if verb.dep_ == "ROOT" else _clause_verb(verb.head)
    return 0


def _present(verb: Token) -> bool:
    return verb.tag_ in ("VBZ", "VBP") or any(c.tag_ in ("VBZ", "VBP") for c in verb.children if c.dep_ == "aux")


def _told(verb: Token, ahead: Container[str]) -> Direction | None:
    """What the form of one verb tells; None when its governor tells (infinitives and participles)."""
    helpers = {c.lower_ for c in verb.children if c.dep_ in ("aux", "auxpass")}
    if helpers & {"will", "shall", "'ll", "’ll", "would", "could", "may", "might", "should"}:
        return 1
    if verb.lower_ in ahead or any(c.lower_ in ahead for c in verb.children if c.dep_ in ("acomp", "advmod", "prt")):
        return 1
    if helpers & {"has", "have", "had", "'ve", "’ve", "was", "were", "did"} or verb.tag_ == "VBD":
        return -1
    if "to" in helpers:
        return None if verb.head.lemma_ in words()["implicative"] and verb.dep_ == "xcomp" else 1
    if verb.tag_ in ("VBZ", "VBP") or helpers & {"is", "are", "am", "'s", "’s", "'re", "’re"}:
        return 1
    if verb.tag_ == "VBN" and verb.dep_ in ("acl", "relcl"):
        return -1
    return None


def _narrated(document: Document, before: int) -> dt.date | None:
    """The last day that the text has spoken of before an offset, for "the following day"."""
    earlier = [e for e in _timeline(document).expressions if e.end <= before and not e.narrated]
    for expression in reversed(earlier[-_LOOK_BACK:]):
        when = expression.resolve(document.published, -1)
        if when.precision == "day":
            return when.date
    return None


def _continued(document: Document, trigger: Token) -> When:
    """The date of the sentences before, while a paragraph goes on telling in the simple past.

    What is told next is told of the same time; that is an inference, so ``stated`` becomes ``resolved``.
    """
    verb = _clause_verb(trigger)
    if verb is None or verb.tag_ != "VBD" or any(_up(t) >= _TOO_FAR for t in _between(trigger, verb)):
        return When()
    if verb.dep_ not in ("ROOT", "conj") or any(c.lower_ == "had" for c in verb.children if c.dep_ == "aux"):
        return When()
    sentence = trigger.sent
    for _ in range(_LOOK_BACK):
        if sentence.start == 0:
            return When()
        previous = document.doc[sentence.start - 1].sent
        if "\n" in previous.text.strip() or document.doc[sentence.start - 1].text.count("\n"):
            return When()
        for expression, head in _timeline(document).within(previous):
            if not expression.narrated and _distance(previous.root, head) < _SAME_CLAUSE:
                when = expression.resolve(document.published, _direction(previous.root))
                return replace(when, basis="resolved") if when.basis == "stated" else when
        sentence = previous
    return When()


def _between(low: Token, high: Token) -> list[Token]:
    path = []
    while low.i != high.i:
        path.append(low)
        low = low.head
    return path
