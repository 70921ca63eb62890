"""Dates: when the act named by a trigger happened, with how it is known.

What belongs here: which time expression of the text dates which word, and what follows when there is none.
What does not: what an expression means (``timex``); whether a word is an event at all (``events``).

A date is tied to a trigger along the parse: the fewer clauses lie between, the better, and some can never be crossed
("after the strike on Monday, they met" does not date the meeting).  A date that the text does not give is None;
``default_to_published`` is the one way to the publication day, and it always says so in ``basis``.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile
from typing import Literal

from spacy.tokens import Span, Token

from extraction.document import Document
from extraction.facts import When
from extraction.timex import Direction, TimeExpression, find_times, words

_TOO_FAR = 6.0
Tense = Literal["pluperfect", "past", "perfect", "present", "future"]
_DIRECTIONS: dict[Tense | None, Direction] = {
    "pluperfect": -1,
    "past": -1,
    "perfect": -1,
    "present": 1,
    "future": 1,
    None: 0,
}
_SAME_CLAUSE = 1.5
_LOOK_BACK = 8
_DATELINE = 60  # characters
_BEFORE_DATE = re.compile(r"\s*(?:[A-Z][\w.’'-]*[\s,/(]+)+")
_AFTER_DATE = re.compile(r"[\s,)]*(?:\d{4})?[\s,)]*(?:\([^()]*\)|[A-Z]{2,})?\s*[-–—:]+\s")
_TOP = 2500  # characters: where a news text still tells its news


@dataclass(slots=True)
class _Timeline:
    """The time expressions of one document, with the token that ties each to the parse."""

    expressions: list[TimeExpression]
    heads: list[Token]
    positions: list[int]

    def within(self, sentence: Span) -> list[tuple[TimeExpression, Token]]:
        a, b = bisect_left(self.positions, sentence.start), bisect_left(self.positions, sentence.end)
        return list(zip(self.expressions[a:b], self.heads[a:b], strict=True))


@lru_cache(maxsize=2)
def _timeline(document: Document) -> _Timeline:
    expressions, heads, positions = [], [], []
    text = document.text
    for expression in find_times(document.doc):
        span = document.doc.char_span(expression.start, expression.end, alignment_mode="expand")
        if span is not None and not _in_dateline(text, expression):
            expressions.append(expression)
            heads.append(_dated_noun(document, span) or span.root)
            positions.append(span.start)
    return _Timeline(expressions, heads, positions)


def _dated_noun(document: Document, span: Span) -> Token | None:
    """The noun before the expression in "met after a strike on Friday", which parsers hang on the verb."""
    at = span.start - 1
    if at >= 0 and document.doc[at].dep_ == "prep":
        at -= 1
    if at < span.sent.start:
        return None
    for noun in (document.doc[at], *document.doc[at].ancestors):
        if noun.right_edge.i > at or noun.pos_ not in ("NOUN", "PROPN"):
            return None
        if noun.dep_ == "pobj" and noun.head.lower_ in words()["sequence"]:
            return noun
    return None


def _in_dateline(text: str, expression: TimeExpression) -> bool:
    """Whether the expression belongs to a dateline ("GENEVA, March 3 (AP) - "), which dates the report, not an act."""
    line = text.rfind("\n", 0, expression.start) + 1
    if expression.start - line > _DATELINE:
        return False
    before, after = text[line : expression.start], text[expression.end : expression.end + _DATELINE]
    return bool(_BEFORE_DATE.fullmatch(before) and _AFTER_DATE.match(after))


def date_of(document: Document, trigger: Token) -> When:
    """When the act named by a trigger happened; ``When()`` when the text does not say.

    In order: an expression of the trigger's own clause, or of one that tells of the same time; the time that the
    sentences before have set; for what is told as news of the day, the day of publication (``basis`` ``published``).
    """
    best: tuple[float, int, TimeExpression, Token] | None = None
    for expression, head in _timeline(document).within(trigger.sent):
        cost = _distance(trigger, head)
        if expression.kind == "year" and head.dep_ == "nummod" and head.head.i > head.i:
            cost = 0.0 if trigger.i in (head.i, head.head.i) else _TOO_FAR  # "the 2001 treaty" dates the noun alone
        if cost < _TOO_FAR and (best is None or (cost, abs(head.i - trigger.i)) < best[:2]):
            best = (cost, abs(head.i - trigger.i), expression, head)
    if best is not None:
        _, _, expression, head = best
        narrated = _narrated(document, expression.start) if expression.narrated else None
        clause = _meeting_point(trigger, head)  # "said on Sunday that they would meet": Sunday is the saying's
        told = _direction(trigger, head) if clause is None else _direction(clause)
        when = expression.resolve(document.published, told, narrated)
        if when.date is not None or expression.kind == "decade" or expression.inexact:
            return when  # a time too vague for the contract is still another time than that of publication
    when = _continued(document, trigger)
    if when.date is None and _is_news(trigger):
        return default_to_published(document)
    return when


def default_to_published(document: Document) -> When:
    """The day of publication, marked as what it is: ``basis`` is ``published``.  ``When()`` when that is not known."""
    return When() if document.published is None else When(document.published, "day", "published")


def _meeting_point(trigger: Token, head: Token) -> Token | None:
    """The verb above the trigger that the time expression hangs on; None when it hangs on the trigger or a noun."""
    beside = {t.i for t in (head, *head.ancestors)}
    for token in (trigger, *trigger.ancestors):
        if token.i in beside:
            return (
                token
                if token.pos_ in ("VERB", "AUX") and trigger.pos_ in ("VERB", "AUX") and token != trigger
                else None
            )
    return None


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
        if meets:
            return 1.0
        # "said in a statement issued on Monday": the statement is the act, told by its vessel
        vessel = token.head.dep_ == "pobj" and token.head.head.lower_ in words()["vessel"]
        return 1.5 if vessel and token.tag_ in ("VBN", "VBD") else _TOO_FAR
    if dep == "advcl":
        return _TOO_FAR if _subordinator(token) in words()["other_time"] else 1.5
    if dep in ("ccomp", "csubj"):
        # "In a note issued on Monday, they said …": the parser may take the participle for a clause
        participle = token.i < token.head.i and not any(c.dep_ in ("nsubj", "nsubjpass") for c in token.children)
        return 1.2 if participle and token.tag_ in ("VBN", "VBD") else _TOO_FAR
    return {"xcomp": 3.0, "conj": 2.0, "parataxis": 4.0, "pcomp": 1.0, "appos": 1.0}.get(dep, 0.2)


def _up(token: Token) -> float:
    """The cost of going from a token up to its head."""
    dep, verb = token.dep_, token.pos_ in ("VERB", "AUX")
    if dep in ("prep", "pobj", "pcomp"):
        preposition = token if dep == "prep" else token.head
        if preposition.lower_ in words()["other_time_noun"]:
            return 0.5 if _sits(preposition) else _TOO_FAR
    if dep in ("relcl", "acl") and verb:
        return 2.0 if token.tag_ == "VBG" else _TOO_FAR  # "the call by ministers asking …"
    if dep == "advcl":
        if _subordinator(token) == "after" and token.lemma_ in words()["sitting_verbs"] and not _measured(token):
            return 1.0
        return _TOO_FAR if _subordinator(token) in words()["other_time"] else 1.0
    if dep == "ccomp":
        # what will be is told before it happens; "will not" refuses on the spot
        coming = any(c.lower_ in words()["will"] for c in token.children if c.dep_ == "aux")
        return _TOO_FAR if coming and not _negated(token) else 2.5
    if dep == "xcomp":
        refused = _negated(token.head) or token.head.lemma_ in words()["refusing"]
        return 4.0 if token.head.lemma_ in words()["commissive"] and not refused else 0.5
    return {"conj": 0.7, "parataxis": 2.5}.get(dep, 0.3)


def _negated(verb: Token) -> bool:
    return any(c.dep_ == "neg" for c in verb.children)


def _sits(preposition: Token) -> bool:
    """Whether "after a meeting" follows: what comes of a meeting is told of its day."""
    if preposition.lower_ not in ("after", "following") or _measured(preposition):
        return False
    return any(c.dep_ == "pobj" and c.lemma_.lower() in words()["sittings"] for c in preposition.children)


def _measured(token: Token) -> bool:
    """Whether a span of time stands before the word: "two weeks after"."""
    return any(c.ent_type_ in ("DATE", "TIME") for c in token.lefts) or (
        token.i > token.sent.start and token.nbor(-1).ent_type_ in ("DATE", "TIME")
    )


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


def _direction(trigger: Token, head: Token | None = None) -> Direction:
    """Where the act lies as the verb of its clause and the words round it tell.

    ``head``: the head of the time expression, which may hang on a participle of the trigger ("the visit planned for
    May", "the report released in April").
    """
    if _looks_ahead(trigger):
        return 1
    nominal = trigger.pos_ not in ("VERB", "AUX")
    own = head is not None and head.i != trigger.i and trigger in head.ancestors
    if nominal and own and head is not None:
        for between in takewhile(lambda t: t.i != trigger.i, head.ancestors):
            if between.pos_ == "VERB" and (tense := _tense(between)) is not None:
                return _DIRECTIONS[tense]
    tense = _finite(trigger)
    if tense == "present" and nominal and (own or trigger.dep_ not in ("nsubj", "nsubjpass", "dobj")):
        return 0  # "the talks follow a pledge in March": the present tense of a verb says nothing of its other nouns
    return _DIRECTIONS[tense]


def _looks_ahead(trigger: Token) -> bool:
    """Whether a word of the trigger, or "ahead of", says that the act is still to come."""
    ahead = words()["ahead"]
    if any(c.lower_ in ahead for c in trigger.children if c.dep_ in ("amod", "advmod", "acomp")):
        return True
    return any(
        (a.lower_ == "ahead" and a.i < trigger.i) or any(c.lower_ == "forward" for c in a.children)
        for a in trigger.ancestors
    )


def _finite(trigger: Token) -> Tense | None:
    """The tense of the nearest verb above the trigger, itself included, that has one."""
    for verb in (trigger, *trigger.ancestors):
        if verb.pos_ in ("VERB", "AUX") and (tense := _tense(verb)) is not None:
            return tense
    return None


def _tense(verb: Token) -> Tense | None:
    """What the form of one verb tells; None when its governor tells (infinitives of a kind, and participles)."""
    w = words()
    helpers = {c.lower_ for c in verb.children if c.dep_ in ("aux", "auxpass")}
    if helpers & set(w["future_auxiliaries"]):
        return "future"
    if verb.lower_ in w["ahead"] or any(c.lower_ in w["ahead"] for c in verb.children if c.dep_ in ("acomp", "prt")):
        return "future"
    if "had" in helpers or "'d" in helpers:
        return "pluperfect"
    if helpers & {"has", "have", "'ve", "’ve", "having"}:
        return "perfect"
    if helpers & {"was", "were", "did"} or verb.tag_ == "VBD":
        return "past"
    if "to" in helpers:
        return None if verb.head.lemma_ in w["implicative"] and verb.dep_ == "xcomp" else "future"
    if verb.tag_ in ("VBZ", "VBP") or helpers & {"is", "are", "am", "'s", "’s", "'re", "’re", "'m", "’m", "do", "does"}:
        return "present"
    if verb.tag_ == "VBN" and verb.dep_ in ("acl", "relcl"):
        return "past"
    return None


def _narrated(document: Document, before: int) -> dt.date | None:
    """The last day that the text has spoken of before an offset, for "the following day"."""
    timeline = _timeline(document)
    last = bisect_left(timeline.positions, document.token_at(before).i)
    days = []
    for n in range(max(0, last - _LOOK_BACK), last):
        expression, head = timeline.expressions[n], timeline.heads[n]
        when = expression.resolve(document.published, -1)
        if when.date is not None and when.precision == "day" and not expression.narrated:
            days.append((_distance(head.sent.root, head) < _SAME_CLAUSE, n, when.date))
    return max(days)[2] if days else None  # the last that dates a main clause, else the last


def _continued(document: Document, trigger: Token) -> When:
    """The date of the sentences before, while a paragraph goes on telling in the simple past.

    What is told next is told of the same time; that is an inference, so ``stated`` becomes ``resolved``.
    """
    verb = _clause_verb(trigger)
    sentence = trigger.sent
    quoted = sentence.text.lstrip()[:1] in ('"', "“")
    if verb is None or not (verb.tag_ == "VBD" or quoted) or not _same_time(trigger):
        return When()
    crossed = False
    for _ in range(_LOOK_BACK):
        if sentence.start == 0:
            return When()
        previous = document.doc[sentence.start - 1].sent
        if "\n" in document.doc[sentence.start - 1].text:
            if not _points_back(sentence):
                return When()
            crossed = True
        for expression, head in _timeline(document).within(previous):
            if _distance(previous.root, head) < _SAME_CLAUSE + expression.narrated:
                told = _narrated(document, expression.start) if expression.narrated else None
                when = expression.resolve(document.published, _direction(previous.root, head), told)
                if crossed and when.precision != "day":
                    return When()
                return replace(when, basis="resolved") if when.basis == "stated" else when
        sentence = previous
    return When()


def _points_back(sentence: Span) -> bool:
    """Whether a sentence that opens a paragraph says that it goes on with the one before."""
    back = words()["pointing_back"]
    subject = next((c for c in sentence.root.children if c.dep_ in ("nsubj", "nsubjpass")), None)
    return (subject is not None and subject.lower_ in back) or any(
        c.lower_ in back for c in sentence.root.children if c.dep_ == "advmod"
    )


def _same_time(trigger: Token) -> bool:
    """Whether nothing between the trigger and the root of its sentence moves it to another time."""
    path = [trigger, *trigger.ancestors]
    return not any(_up(t) >= _TOO_FAR for t in path[:-1]) and not any(_tense(t) == "pluperfect" for t in path)


def _is_news(trigger: Token) -> bool:
    """Whether the act is told as news of the day: in the present or the perfect, or in the past near the top."""
    if not _same_time(trigger) or _looks_ahead(trigger):
        return False
    if trigger.pos_ not in ("VERB", "AUX"):
        argument = trigger.dep_ in ("nsubj", "nsubjpass", "dobj", "attr", "acomp", "oprd")
        if trigger.head.lemma_ in words()["sequel"] or not (argument or _sits(trigger.head)):
            return False
    tense = _finite(trigger)
    return tense in ("present", "perfect") or (tense == "past" and trigger.idx < _TOP)


def finest(whens: Iterable[When]) -> When:
    """The most exact of several dates of one act; a coarser one that contradicts nothing adds nothing.

    Of equal precision the first counts, but what the text gives comes before the day of publication.
    """
    order = {"day": 3, "month": 2, "year": 1, "unknown": 0}
    best = When()
    for when in whens:
        better = (when.basis != "published", order[when.precision])
        if when.date is not None and (best.date is None or better > (best.basis != "published", order[best.precision])):
            best = when
    return best
