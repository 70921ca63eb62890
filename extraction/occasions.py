"""Occasions: the event of the article at which a statement was made.

What belongs here: from the words around a cue of saying to the event that they name: an adjunct ("said after the
talks", "speaking at the summit, he said"), a definite noun for an event told before ("during the meeting"), and a cue
that is itself the event ("accused the envoy of “lying”").
What does not: finding events (``events``) and quotes (``quotes``).

Only what the language ties is tied; nearness and common sense tie nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from importlib import resources

import yaml
from spacy.tokens import Token

from extraction.document import Document
from extraction.facts import Event, Quote

_REACH = 4  # verbs above a cue whose adjuncts it may share
_DEPTH = 5  # phrases between a cue and the noun of the occasion
_MARKS = 4  # tokens: a comma and closing marks between a content and what follows
_REMEMBERED = 200  # places that tell of events: how far back a definite noun may point
_DEFINITE = frozenset({"the", "this", "that", "these", "those"})
_PRONOUNS = frozenset({"him", "her", "them", "his"})


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists of ``lexicon/occasions.yml``."""

    relations: frozenset[str]
    strong: frozenset[str]
    moments: frozenset[str]
    utterances: frozenset[str]
    utterance_links: frozenset[str]
    issuing: frozenset[str]
    parts: frozenset[str]
    speaking: frozenset[str]
    far: frozenset[str]
    resuming: frozenset[str]
    hearing: frozenset[str]
    signed: frozenset[str]
    family: dict[str, str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    raw = yaml.safe_load(resources.files("extraction").joinpath("lexicon/occasions.yml").read_text("utf-8"))
    lists = {f.name: frozenset(raw[f.name]) for f in fields(_Words) if f.name != "family"}
    return _Words(family={noun: family for family, nouns in raw["nouns"].items() for noun in nouns}, **lists)


def tie(document: Document, quotes: list[Quote], events: list[Event]) -> list[Quote]:
    """The quotes with ``event`` set to the key of the event at which each was said, where the article says so."""
    if not events or not quotes:
        return quotes
    finder = _Finder(document, quotes, events)
    tied: list[Quote] = []
    for quote in quotes:
        event = finder.event_of(quote) or _carried(document, quote, tied[-1] if tied else None, finder.occasions)
        tied.append(quote if event is None else replace(quote, event=event))
    return tied


def _carried(document: Document, quote: Quote, before: Quote | None, occasions: set[str]) -> str | None:
    """The occasion of the statement before, when the speaker goes on: with no cue, or with "added", "further said"."""
    if before is None or before.event not in occasions or before.speaker_text is None:
        return None
    end = max(before.end, before.continuation[1] if before.continuation else 0)
    same_speaker = quote.speaker == before.speaker and quote.speaker is not None
    if "\n" not in document.text[end : quote.start].strip() and quote.cue is None:
        return before.event if same_speaker or quote.speaker_text == before.speaker_text else None
    if quote.cue_start is None or not same_speaker or document.text[end : quote.start].count("\n\n") > 1:
        return None
    verb = document.token_at(quote.cue_start)
    resumes = verb.lemma_ in _words().resuming or any(c.lower_ in _words().resuming for c in verb.lefts)
    return before.event if resumes else None


def _families(event: Event, lemmas: set[str]) -> set[str]:
    """The families of nouns that may call this event; none for what is no occasion to say something."""
    if event.type == "CONSULT":
        met = {"gathering"} if lemmas & {"meet", "meeting", "talk", "talks"} else set()
        return {{"phone": "call", "visit": "visit"}.get(event.mode or "", "gathering"), *met}
    if event.type == "SUPPORT":
        return {"signing"} if lemmas & _words().signed else set()
    return {"PROTEST": {"protest"}, "COOPERATE": {"drill"}}.get(event.type, set())


class _Spans:
    """Half-open spans that do not overlap, asked for what lies inside one of them."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans = sorted(spans)

    def __contains__(self, offset: int) -> bool:
        at = bisect_left(self._spans, offset + 1, key=lambda span: span[0]) - 1
        return at >= 0 and self._spans[at][0] <= offset < self._spans[at][1]


@dataclass(frozen=True, slots=True)
class _Told:
    """A place that tells of an event, with the words of its sentence."""

    start: int
    event: Event
    words: frozenset[str]


class _Finder:
    """Events by the places that tell of them."""

    def __init__(self, document: Document, quotes: list[Quote], events: list[Event]) -> None:
        self.document = document
        self.doc = document.doc
        self._words_by_start: dict[int, frozenset[str]] = {}
        self.contents = _Spans(
            s for q in quotes for s in ((q.start, q.end), *([q.continuation] if q.continuation else []))
        )
        self.all_at: dict[int, Event] = {m.start: e for e in events for m in e.mentions}
        lemmas = {e.key: {document.token_at(m.start).lemma_.lower() for m in e.mentions} for e in events}
        self.families = {e.key: _families(e, lemmas[e.key]) for e in events}
        occasions = [e for e in events if e.status == "held" and self.families[e.key]]
        self.occasions = {e.key for e in occasions}
        self.at: dict[int, Event] = {m.start: e for e in occasions for m in e.mentions}
        # what a quotation calls "our meeting" is not known to the reader of the sentence around it
        own = _Spans((q.start, q.end) for q in quotes if q.kind == "direct")
        told = ((m.start, e) for e in occasions for m in e.mentions if m.start not in own)
        self.told = [_Told(start, e, self._sentence_words(start)) for start, e in sorted(told, key=lambda x: x[0])]

    def _sentence_words(self, offset: int) -> frozenset[str]:
        """The words of the sentence at an offset and their lemmas, in small letters."""
        sentence = self.document.token_at(offset).sent
        if sentence.start not in self._words_by_start:
            words = {w for t in sentence for w in (t.lower_, t.lemma_.lower())}
            self._words_by_start[sentence.start] = frozenset(words)
        return self._words_by_start[sentence.start]

    def event_of(self, quote: Quote) -> str | None:
        """The key of the event that the words around the quote's cue name."""
        if quote.cue_start is None:
            return None
        verb = self.document.token_at(quote.cue_start)
        for root in self._adjuncts(verb, quote):
            event = self._of_adjunct(root)
            if event is not None:
                return event.key
        event = self._beside(verb) or self.all_at.get(verb.idx)
        return None if event is None else event.key

    def _adjuncts(self, verb: Token, quote: Quote) -> Iterator[Token]:
        """The adjuncts of a cue, then those before the subject of the verbs that it goes on from."""
        if verb.lower_ == "according":
            yield from (c for t in verb.children if t.lower_ == "to" for c in t.children if c.dep_ == "pobj")
        yield from (c for c in verb.children if self._is_adjunct(c))
        end = max(quote.end, quote.continuation[1] if quote.continuation else 0)
        first = self.document.token_at(end).i
        for behind in self.doc[first : first + _MARKS]:
            if behind.idx >= end and not behind.is_punct:
                if self._is_adjunct(behind) and behind.sent.start == verb.sent.start:
                    yield behind
                break
        token = verb
        for _ in range(_REACH):
            head = token.head
            if head is token or token.dep_ not in ("advcl", "conj", "xcomp", "acl", "pcomp", "prep"):
                return
            subject = next((c.i for c in head.children if c.dep_ in ("nsubj", "nsubjpass")), head.i)
            participle = token.tag_ == "VBG" and token.dep_ != "conj"
            for child in head.children:
                if child is not token and self._is_adjunct(child) and (child.i < subject or participle):
                    yield child
            token = head

    def _is_adjunct(self, token: Token) -> bool:
        """Is it a phrase or clause outside the contents that may name an occasion?  Of objects, only who is told."""
        if token.idx in self.contents:
            return False
        if token.dep_ in ("dobj", "dative"):
            return token.head.lemma_ in _words().hearing and token.lemma_ in _words().family
        return token.dep_ in ("prep", "advcl", "acl") or token.lower_ == "following"

    def _of_adjunct(self, token: Token) -> Event | None:
        if token.pos_ in ("NOUN", "PROPN"):
            return self._of_noun(token, "at", 0)
        if token.pos_ in ("VERB", "AUX") and token.lower_ != "following":
            return self._of_clause(token)
        return self._of_phrase(token, _words().relations, 0)

    def _of_phrase(self, preposition: Token, relations: frozenset[str], depth: int) -> Event | None:
        """ "after the talks", "at the close of the summit", "following a meeting with X"."""
        word = preposition.lower_
        if word not in relations or depth > _DEPTH or any(c.lemma_ in _words().far for c in preposition.lefts):
            return None
        found: Event | None = None
        for child in preposition.rights:
            if child.dep_ in ("pobj", "dobj"):
                found = found or self._of_noun(child, word, depth + 1)
            elif child.dep_ == "pcomp":
                found = found or self._of_verb(child, word)
        return found

    def _of_noun(self, noun: Token, relation: str, depth: int) -> Event | None:
        event = self.at.get(noun.idx)
        if event is not None:
            return event if self._fits(event, relation) else None
        lemma = noun.lemma_.lower()
        words = _words()
        links: frozenset[str] = words.strong
        if lemma in words.parts or noun.lower_ in words.parts:
            links = words.strong | {"of", "in", "from", "at"}
        if lemma in words.utterances and not (lemma == "conference" and self._summit(noun)):
            links |= words.utterance_links
        elif words.family.get(lemma) is not None and self._definite(noun):
            return self._known(noun, words.family[lemma], relation)
        for child in noun.rights:
            if child.dep_ == "prep":
                found = self._of_phrase(child, links, depth + 1)
            elif child.dep_ in ("acl", "relcl") and child.lemma_ in words.issuing:
                found = next(
                    (e for c in child.rights if (e := self._of_phrase(c, words.relations, depth + 1)) is not None), None
                )
            else:
                continue
            if found is not None:
                return found
        return None

    def _of_clause(self, verb: Token) -> Event | None:
        """ "speaking at the summit", "as he met the envoy", "after signing the pact"."""
        mark = next((c.lower_ for c in verb.children if c.dep_ in ("mark", "advmod") and c.i < verb.i), None)
        if mark is not None and mark not in _words().moments:
            return None
        if mark is None and verb.tag_ != "VBG":
            return None
        if any(c.lemma_ in _words().far for c in verb.lefts):
            return None
        return self._of_verb(verb, mark or "while")

    def _of_verb(self, verb: Token, relation: str) -> Event | None:
        event = self.at.get(verb.idx)
        if event is not None:
            return event if self._fits(event, relation) else None
        if verb.lemma_ not in _words().speaking:
            return None
        for child in verb.rights:
            if child.dep_ == "dobj":
                event = self._of_noun(child, "at", 0)
            elif child.dep_ in ("prep", "advcl") and child.idx not in self.contents:
                event = self._of_adjunct(child)
            if event is not None:
                return event
        return None

    def _beside(self, verb: Token) -> Event | None:
        """A meeting told by the verb that the cue goes on from: "met the envoy and told him", "met him, saying"."""
        if verb.dep_ not in ("conj", "advcl") or not verb.head.idx < verb.idx:
            return None
        event = self.at.get(verb.head.idx)
        if event is None or event.type != "CONSULT":
            return None
        hearer = any(c.dep_ in ("dobj", "dative") and c.lower_ in _PRONOUNS for c in verb.rights)
        return event if hearer or (verb.tag_ == "VBG" and verb.dep_ == "advcl") else None

    def _fits(self, event: Event, relation: str) -> bool:
        """Drills and demonstrations are occasions while they last, not afterwards."""
        return event.type not in ("COOPERATE", "PROTEST") or relation not in _words().strong - {"during"}

    def _summit(self, noun: Token) -> bool:
        """Is it a conference of states, not one with reporters?"""
        return not any(c.lower_ in ("press", "news", "media", "joint") for c in noun.lefts)

    def _definite(self, noun: Token) -> bool:
        return any(c.dep_ == "poss" or (c.dep_ == "det" and c.lower_ in _DEFINITE) for c in noun.lefts)

    def _known(self, noun: Token, family: str, relation: str) -> Event | None:
        """The event told before that a definite noun calls up: by the same noun, else the nearest of its family."""
        names = {
            t.lower_ for t in noun.lefts if t.pos_ == "PROPN" and t.dep_ in ("compound", "nmod", "amod") and t.is_alpha
        }
        lemma, own = noun.lemma_.lower(), noun.sent.start_char
        nearest: Event | None = None
        last = bisect_left(self.told, noun.idx, key=lambda told: told.start)
        for told in reversed(self.told[max(0, last - _REMEMBERED) : last]):
            if family not in self.families[told.event.key] or (names and not names & told.words):
                continue
            if told.start < own and lemma in told.words:
                return told.event if self._fits(told.event, relation) else None
            nearest = nearest or told.event
        return nearest if nearest is not None and self._fits(nearest, relation) else None
