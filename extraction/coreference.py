"""The coreference layer: which named actor a pronoun or a title ("the minister") stands for.

What belongs here: links from unnamed mentions to ``actors.Actor`` inside one article, by gender, title and recency.
What does not: joining written forms of a name (``actors``) and anything across articles (``resolution``).
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Literal

import yaml
from spacy.tokens import Span, Token

from extraction.actors import Actor, Actors
from extraction.document import Document
from extraction.marks import find_marked

Gender = Literal["m", "f"]
_HE = frozenset({"he", "him", "his", "himself"})
_SHE = frozenset({"she", "her", "hers", "herself"})
_IT = frozenset({"it", "its", "itself"})
_THEY = frozenset({"they", "them", "their", "theirs", "themselves"})
_RELATIVE = frozenset({"who", "which", "that", "whom", "whose"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_TOP = 3.0  # the most that a chain of mentions can weigh
_FADING = 0.62  # of the weight that is left a sentence later
_CLEAR = 1.3  # how far ahead of the next a candidate must be to be sure of it
_REACH = 12  # sentences back that a pronoun may look
_SAYING = frozenset(
    {"say", "tell", "add", "write", "state", "announce", "claim", "argue", "note", "ask", "continue", "tweet"}
)


@dataclass(frozen=True, slots=True)
class _Words:
    honorifics: dict[str, Gender]
    gendered: dict[str, Gender]
    persons: frozenset[str]
    organizations: frozenset[str]
    callings: frozenset[str]
    loose: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    raw = yaml.safe_load(resources.files("extraction").joinpath("lexicon/persons.yml").read_text("utf-8"))
    honorifics: dict[str, Gender] = dict.fromkeys(raw["male"]["honorifics"], "m")
    honorifics.update(dict.fromkeys(raw["female"]["honorifics"], "f"))
    gendered: dict[str, Gender] = dict.fromkeys(raw["male"]["nouns"], "m")
    gendered.update(dict.fromkeys(raw["female"]["nouns"], "f"))
    return _Words(
        honorifics,
        gendered,
        frozenset(raw["persons"]),
        frozenset(raw["organizations"]),
        frozenset(raw["callings"]),
        frozenset(raw["loose"]),
    )


def person_nouns() -> frozenset[str]:
    """Nouns that name a person by office or calling ("envoy", "lawmaker")."""
    words = _words()
    return words.persons | words.callings | frozenset(words.gendered)


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
    return Coreference(actors, _Linker(document, actors).links())


@dataclass(slots=True)
class _Seen:
    """An actor as a candidate: where it was last spoken of, and how prominently."""

    actor: Actor
    sentence: int
    token: int
    weight: float


def _prominence(token: Token) -> float:
    """How likely what is named here is spoken of next: subjects most of all, and those who speak."""
    head = token
    while head.dep_ in ("compound", "nmod", "appos") and head.head.i != head.i:
        head = head.head
    if head.dep_ in _SUBJECTS:
        weight = 2.6 if head.head.lemma_ in _SAYING else 2.0
        return weight - 0.6 if head.head.dep_ in ("ccomp", "relcl", "advcl", "acl") else weight
    if head.dep_ == "conj" and head.head.dep_ in _SUBJECTS:
        return 1.4
    return {"agent": 1.2, "dobj": 1.0, "ROOT": 1.2, "poss": 0.8}.get(head.dep_, 0.7)


@dataclass(slots=True)
class _Profile:
    """What the text tells of an actor: gender, and the nouns that describe it."""

    gender: Gender | None = None
    nouns: Counter[str] = field(default_factory=Counter)
    modifiers: set[str] = field(default_factory=set)


class _Linker:
    """Goes once over a document, sentence by sentence, and keeps who was spoken of lately."""

    def __init__(self, document: Document, actors: Actors) -> None:
        self.document = document
        self.actors = actors
        self.words = _words()
        self.recent: deque[_Seen] = deque(maxlen=60)
        self.found: dict[int, Actor] = {}
        self.joined: list[tuple[int, Actor]] = []  # sentence, first of the actors that are its joint subject
        self.quoted = bytearray(len(document.doc))
        for marked in find_marked(document.text):
            if marked.inner_end - marked.inner_start > 25:
                span = document.doc.char_span(marked.inner_start, marked.inner_end, alignment_mode="contract")
                if span is not None:
                    for i in range(span.start, span.end):
                        self.quoted[i] = 1
        self.profiles = {a.key: self._profile(a) for a in actors.all}
        self._learn_gender()

    # what the text tells of each actor -----------------------------------------------------------------------------

    def _profile(self, actor: Actor) -> _Profile:
        profile = _Profile()
        genders: Counter[Gender] = Counter()
        for mention in actor.mentions:
            span = mention.span
            for text in (mention.role, actor.role):
                if text:
                    words = [w.strip(",.").lower() for w in text.split()]
                    profile.nouns.update(words[-1:] + [w for w in words if w in self.words.persons])
                    profile.modifiers.update(words)
            if actor.kind == "person":
                self._describe_person(span, profile, genders)
            else:
                profile.nouns.update(t.lower_ for t in span)
                profile.nouns.update(t.lemma_.lower() for t in _descriptions(span.root))
        if genders:
            profile.gender = genders.most_common(1)[0][0]
        return profile

    def _describe_person(self, span: Span, profile: _Profile, genders: Counter[Gender]) -> None:
        """Titles before a name, and nouns that the parse ties to it."""
        before = span.doc[max(0, span.start - 3) : span.start]
        for token in [*before[-1:], *span[:1]]:
            if (gender := self.words.honorifics.get(token.lower_)) is not None:
                genders[gender] += 3
        near = [t for t in before if t.i == span.start - 1 or span.start <= t.head.i < span.end]
        for token in (*near, *_descriptions(span.root)):
            noun = token.lemma_.lower()
            if token.pos_ in ("NOUN", "PROPN") and (noun in self.words.persons or noun in self.words.gendered):
                profile.nouns[noun] += 1
                if (gender := self.words.gendered.get(noun)) is not None:
                    genders[gender] += 2

    def _learn_gender(self) -> None:
        """Gender from the text's own pronouns: sentences that name one person, and a pronoun behind the name."""
        votes: dict[str, Counter[Gender]] = {}
        for sentence in self.document.sentences:
            persons = {a.key for t in sentence if (a := self.actors.at(t)) is not None and a.kind == "person"}
            if len(persons) != 1:
                continue
            key = next(iter(persons))
            seen = False
            for token in sentence:
                actor = self.actors.at(token)
                if actor is not None and actor.key == key:
                    seen = True
                elif seen and (token.lower_ in _HE or token.lower_ in _SHE):
                    votes.setdefault(key, Counter())["m" if token.lower_ in _HE else "f"] += 1
        for key, counter in votes.items():
            best, count = counter.most_common(1)[0]
            if self.profiles[key].gender is None and count > 2 * (sum(counter.values()) - count):
                self.profiles[key].gender = best

    # going over the text -------------------------------------------------------------------------------------------

    def links(self) -> dict[int, Actor]:
        """The actor of every pronoun, title and relative pronoun that can be told."""
        for number, sentence in enumerate(self.document.sentences):
            for token in sentence:
                actor = self.actors.at(token)
                if actor is not None:
                    if not (token.i > 0 and self.actors.at(token.nbor(-1)) is actor):
                        self._note(actor, number, token)
                    if (
                        token.dep_ in _SUBJECTS
                        and not self.quoted[token.i]
                        and any(c.dep_ == "conj" and c.pos_ in ("PROPN", "NOUN") for c in token.children)
                    ):
                        self.joined.append((number, actor))
                    continue
                found = self._resolve(token, number)
                if found is not None:
                    self.found[token.i] = found
                    self._note(found, number, token)
        return self.found

    def _note(self, actor: Actor, sentence: int, token: Token) -> None:
        """Remember a mention with its prominence."""
        weight = _prominence(token)
        if self.quoted[token.i]:
            weight *= 0.35
        for seen in self.recent:
            if seen.actor is actor:
                self.recent.remove(seen)
                if seen.sentence == sentence:
                    weight = max(weight, seen.weight)
                elif sentence - seen.sentence <= 2:
                    weight = min(weight + 0.3 * seen.weight, _TOP)
                break
        self.recent.append(_Seen(actor, sentence, token.i, weight))

    def _resolve(self, token: Token, sentence: int) -> Actor | None:
        word = token.lower_
        if token.pos_ in ("PRON", "DET"):
            if word in _HE or word in _SHE:
                return self._person(token, sentence, "m" if word in _HE else "f")
            if word in _IT:
                return self._thing(token, sentence)
            if word in _THEY:
                return self._group(token, sentence)
            if word in _RELATIVE and token.head.dep_ == "relcl":
                antecedent = token.head.head
                return self.actors.at(antecedent) or self.found.get(antecedent.i)
            return None
        if token.pos_ in ("NOUN", "PROPN") and _definite(token):
            return self._title(token, sentence)
        return None

    def _candidates(self, sentence: int) -> Iterator[tuple[_Seen, float]]:
        for seen in self.recent:
            distance = sentence - seen.sentence
            if distance <= _REACH:
                yield seen, seen.weight * _FADING**distance

    def _person(self, token: Token, sentence: int, gender: Gender) -> Actor | None:
        best: Actor | None = None
        top = second = 0.0
        clause = _clause_subject(token)
        for seen, score in self._candidates(sentence):
            if seen.actor.kind != "person":
                continue
            known = self.profiles[seen.actor.key].gender
            if known is not None and known != gender:
                continue
            if known is None:
                score *= 0.85
            score *= 1 + 0.04 * min(len(seen.actor.mentions), 8)
            if seen.sentence == sentence and seen.weight >= 2.0 and token.dep_ in (*_SUBJECTS, "poss"):
                score += 1.0
            if clause is not None and clause.i == seen.token and token.dep_ in ("dobj", "pobj", "dative"):
                continue
            if score > top:
                best, top, second = seen.actor, score, top
            else:
                second = max(second, score)
        if best is not None and top > _CLEAR * second and self.profiles[best.key].gender is None:
            self.profiles[best.key].gender = gender  # what a clear pronoun tells holds for the pronouns behind it
        return best

    def _thing(self, token: Token, sentence: int) -> Actor | None:
        if token.dep_ not in ("nsubj", "nsubjpass", "poss") or (token.head.lemma_ == "be" and token.dep_ != "poss"):
            return None
        best: Actor | None = None
        top = 0.0
        for seen, score in self._candidates(sentence):
            if seen.actor.kind == "person" or sentence - seen.sentence > 2:
                continue
            if score > top:
                best, top = seen.actor, score
        return best if top >= 0.7 else None

    def _group(self, token: Token, sentence: int) -> Actor | None:
        """The first named of several who are joined by "and" in this sentence or the two before."""
        if token.dep_ not in _SUBJECTS:
            return None
        joined = [(n, a) for n, a in self.joined if sentence - n <= 2]
        return joined[-1][1] if joined else None

    def _title(self, token: Token, sentence: int) -> Actor | None:
        noun = token.lemma_.lower()
        if noun in self.words.persons or noun in self.words.callings:
            kinds: tuple[str, ...] = ("person",)
        elif noun in self.words.organizations or noun in self.words.loose:
            kinds = ("organization", "bloc")
        else:
            return None
        if token.dep_ in ("compound", "nmod", "appos", "attr") or any(c.dep_ == "appos" for c in token.children):
            return None
        modifiers = {
            c.lower_
            for c in token.children
            if c.dep_ in ("amod", "compound", "nmod") and c.pos_ in ("ADJ", "NOUN", "PROPN")
        }
        gender = self.words.gendered.get(noun)
        best: Actor | None = None
        top = 0.0
        for seen, score in self._candidates(sentence):
            profile = self.profiles[seen.actor.key]
            if seen.actor.kind not in kinds or not profile.nouns[noun]:
                continue
            if gender and profile.gender and gender != profile.gender:
                continue
            if modifiers and profile.modifiers and modifiers & profile.modifiers:
                score *= 2
            if score > top:
                best, top = seen.actor, score
        return best or self._by_calling(token, noun, sentence)

    def _by_calling(self, token: Token, noun: str, sentence: int) -> Actor | None:
        """A calling or a loose word ("the party") that fits no name stands for who was prominent just before."""
        if token.dep_ not in _SUBJECTS:
            return None
        if noun in self.words.callings:
            kinds: tuple[str, ...] = ("person",)
        elif noun in self.words.loose:
            kinds = ("organization", "bloc")
        else:
            return None
        gender = self.words.gendered.get(noun)
        near = [
            (score, seen.actor)
            for seen, score in self._candidates(sentence)
            if seen.actor.kind in kinds
            and sentence - seen.sentence <= 2
            and not (gender and self.profiles[seen.actor.key].gender not in (None, gender))
        ]
        near.sort(key=lambda pair: pair[0])
        if not near or near[-1][0] < 1.0 or (len(near) > 1 and near[-2][0] > 0.8 * near[-1][0]):
            return None
        return near[-1][1]


def _descriptions(head: Token) -> Iterator[Token]:
    """Nouns that describe a name: its compounds, its apposition, "X is the mayor of Y"."""
    for child in head.children:
        if child.dep_ in ("appos", "compound", "nmod"):
            yield child
    if head.dep_ == "appos":
        yield head.head
    if head.dep_ in _SUBJECTS and head.head.lemma_ == "be":
        for child in head.head.children:
            if child.dep_ == "attr":
                yield child


def _definite(token: Token) -> bool:
    return any(c.dep_ == "det" and c.lower_ in ("the", "this", "that") for c in token.children)


def _clause_subject(token: Token) -> Token | None:
    verb = token.head
    steps = 0
    while verb.pos_ not in ("VERB", "AUX") and verb.head.i != verb.i and steps < 4:
        verb, steps = verb.head, steps + 1
    return next((c for c in verb.children if c.dep_ in _SUBJECTS), None)
