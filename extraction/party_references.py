"""What stands for a party in a text: states, their people, ministries and capitals, blocs and other bodies.

What belongs here: from a word or noun phrase to the parties it stands for, collectives ("the two sides") included.
What does not: which of them are party to which instrument (``agreement_parties``).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from spacy.tokens import Span, Token

from extraction import gazetteer
from extraction.actors import Actor, Actors
from extraction.coreference import Coreference
from extraction.document import Document
from extraction.instrument_titles import vocabulary

_NUMBERS = {"both": 2, "two": 2, "three": 3, "four": 4, "five": 5, "2": 2, "3": 3, "4": 4, "5": 5}
_REACH = 12  # sentences before and after in which a collective finds the states it stands for


@dataclass(frozen=True, slots=True)
class Ref:
    """A state by its code, or another body by its participant's key."""

    country: str | None = None
    participant: str | None = None


@lru_cache(maxsize=1)
def _organs() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, vocabulary()['organs']))})s?\b", re.IGNORECASE)


@lru_cache(maxsize=1)
def _officials() -> frozenset[str]:
    """Nouns whose holders and bodies speak for a state."""
    w = vocabulary()
    return frozenset((*w["officials"], *w["organs"], *w["collectives"], *w["counterparts"], *w["belligerents"]))


class References:
    """The parties that the words of one document stand for."""

    def __init__(self, document: Document, actors: Actors, coreference: Coreference) -> None:
        self.document = document
        self.actors = actors
        self.coreference = coreference
        self._cache: dict[int, tuple[Ref, ...]] = {}

    def at(self, token: Token) -> tuple[Ref, ...]:
        """What a token stands for as a party: () when it is neither a state, its people, nor a body with a name."""
        found = self._cache.get(token.i)
        if found is None:
            found = self._cache[token.i] = tuple(self._read(token))
        return found

    def _read(self, token: Token) -> list[Ref]:
        if self.is_organization(token) and token.ent_iob_ != "O" and token.dep_ == "pobj":
            country = gazetteer.country_of_name(token.text)  # "the Ministry of Health of India"
            if country is not None:
                return [Ref(country=country)]
        actor = self.actors.at(token) or (self.coreference.resolve(token) if token.pos_ == "PRON" else None)
        if actor is not None:
            return self._of_actor(actor)
        if not token.text[:1].isupper() or (token.i and token.nbor(-1).lower_ in vocabulary()["continental"]):
            return []
        return [Ref(country=c) for c in countries_in(token)]

    def _of_actor(self, actor: Actor) -> list[Ref]:
        if actor.kind == "person" and actor.role and not {*re.findall(r"\w+", actor.role.lower())} & _officials():
            return []  # a striker signs for himself
        if actor.kind in ("state", "person"):
            return [Ref(country=actor.country)] if actor.country else []
        if actor.kind == "organization" and actor.name.split()[-1].lower() in vocabulary()["heads"]:
            return []  # a named instrument, taken for a body
        seat = gazetteer.country_of_metonym(actor.name)
        if seat is not None:
            return [Ref(country=seat)]
        if actor.kind == "organization" and _organs().search(actor.name):
            if actor.country:
                return [Ref(country=actor.country)]
            named = [
                c for w in actor.name.split() if (c := gazetteer.country_of_name(w) or gazetteer.country_of_demonym(w))
            ]
            if named:  # "Kenya's National Assembly"
                return [Ref(country=named[0])]
            if " " not in actor.name:  # "the Treasury": somebody's, but whose is not told
                return []
        return [Ref(participant=actor.key)]

    def within(self, tokens: Iterable[Token]) -> list[Ref]:
        """All parties named by some tokens, in order, each once."""
        found: dict[Ref, None] = {}
        for token in tokens:
            for ref in self.at(token):
                found.setdefault(ref)
        return list(found)

    def noun(self, token: Token) -> list[Ref]:
        """The parties that a noun phrase names, with those coordinated; a collective stands for those before it."""
        tokens = [t for t in token.subtree if not subordinate(t, token)]
        own = self.within([token])
        if own and (actor := self.actors.at(token)) is not None and actor.kind == "person":
            # "Bank X chief Y": the bank only says who the person is
            tokens = [t for t in tokens if t.i >= token.left_edge.i and (t.i >= token.i or not self.is_organization(t))]
        refs = self.within(t for t in tokens if self._stands_for_itself(t, token))
        if refs:
            return refs
        for t in (token, *token.conjuncts):
            if t.lower_ in vocabulary()["collectives"]:
                return self.collective(t)
            if t.lower_ in vocabulary()["organs"] and (seat := self._seat(t)) is not None:
                return [seat]
        return refs

    def _stands_for_itself(self, token: Token, top: Token) -> bool:
        """Whether a name inside a noun phrase is a party, not the origin of something that is none.

        "the Ethiopian government" and "Kenya's ministers" speak for their states; "Lebanon's Hezbollah", "Spanish
        champions" and "Mexican cartels" do not.
        """
        while token.dep_ == "conj" and token.i != top.i:
            token = token.head
        if token.i == top.i or token.dep_ not in ("poss", "amod", "compound", "nmod"):
            return True
        head = token.head
        while head.dep_ == "compound" and head.i != top.i:
            head = head.head
        if self.actors.at(head) is not None and self.actors.at(head) == self.actors.at(token):
            return True
        return not self.at(head) and bool({head.lower_, head.lemma_.lower()} & _officials())

    @staticmethod
    def _seat(organ: Token) -> Ref | None:
        """The state of "parliament in Jakarta"."""
        for child in organ.children:
            if child.lower_ == "in":
                cities = [c for o in child.children if (c := gazetteer.country_of_capital(o.text)) is not None]
                return Ref(country=cities[0]) if cities else None
        return None

    def collective(self, token: Token) -> list[Ref]:
        """The states that "the two sides" or "both countries" stands for: the last ones named before it."""
        wanted = next((n for c in token.children if (n := _NUMBERS.get(c.lower_))), 0)
        plain = token.lower_ in ("both", "they", "sides", "parties") and token.dep_ != "det"
        definite = any(c.dep_ == "det" and c.lower_ == "the" for c in token.children)
        whole = not any(c.dep_ in ("prep", "acl", "relcl") for c in token.children)
        if token.lower_ in vocabulary()["single"] and token.tag_ == "NN" and definite and whole:
            return self._spoken_of(token)
        if not wanted and not (plain or (definite and whole and token.tag_ in ("NNS", "NNPS"))):
            return []
        return self.salient(token, wanted) if wanted else self._group_of(token)

    def _group_of(self, token: Token) -> list[Ref]:
        """The states that an uncounted plural stands for: all of the nearest sentences that name two or more."""
        found: dict[Ref, None] = {}
        for tokens in self.rings(token.sent):
            found.update(dict.fromkeys(r for r in self.within(tokens) if self.is_political(r)))
            if len(found) > 1:
                break
        return list(found)

    def _spoken_of(self, token: Token) -> list[Ref]:
        """The one state that "the country" means: the last one named in the sentences before."""
        for tokens in itertools.islice(self.rings(token.sent), 1, 4):
            states = [r for r in self.within(tokens) if r.country]
            if states:
                return states[:1]
        return []

    def salient(self, token: Token, wanted: int, have: Iterable[Ref] = ()) -> list[Ref]:
        """The ``wanted`` states named nearest to a token: in its sentence, then in those before, then after."""
        found: dict[Ref, None] = dict.fromkeys(have)
        sentence = token.sent
        for tokens in self.rings(sentence):
            for ref in self.within(tokens):
                if self.is_political(ref):
                    found.setdefault(ref)
                if len(found) >= wanted:
                    return list(found)
        return list(found)

    def rings(self, sentence: Span) -> Iterator[Span]:
        """The sentence, then those before it, then those after it, as far as a collective may reach."""
        doc = self.document.doc
        yield sentence
        start = sentence.start
        for _ in range(_REACH):
            if start == 0:
                break
            previous = doc[start - 1].sent
            yield previous
            start = previous.start
        end = sentence.end
        for _ in range(_REACH):
            if end >= len(doc):
                break
            following = doc[end].sent
            yield following
            end = following.end

    def is_political(self, ref: Ref) -> bool:
        """Whether a party is a state, a bloc or an armed body, and not a company or a club."""
        if ref.country is not None:
            return True
        actor = self.actors.by_key.get(ref.participant or "")
        return actor is not None and (actor.kind == "bloc" or self.is_belligerent(actor))

    @staticmethod
    def is_belligerent(actor: Actor) -> bool:
        """Whether a body concludes truces though it is no state ("Democratic Forces", "Hamas")."""
        return any(w in vocabulary()["belligerents"] for w in actor.name.lower().split())

    def objects(self, preposition: Token) -> list[Ref]:
        """The parties after a preposition ("between …", "with …")."""
        found: list[Ref] = []
        for child in preposition.children:
            if child.dep_ in ("pobj", "pcomp"):
                found += [r for r in self.noun(child) if r not in found]
        if len(found) < 2 and preposition.lower_ != "with":
            # the parser may hang the second party elsewhere: "between India, and on the other side Japan"
            found += [r for r in self.within(preposition.subtree) if r not in found]
        return found

    def is_organization(self, token: Token) -> bool:
        """Whether the token belongs to the name of a body that is neither state nor bloc."""
        actor = self.actors.at(token)
        return actor is not None and actor.kind == "organization"


def countries_in(token: Token) -> list[str]:
    """The states that a token names by demonym or by a compound: "Japanese", "Indo-Russian", "U.S.-Turkey"."""
    parts = [p for p in re.split(r"[-–/]", token.text) if p]
    found = []
    for part in parts:
        code = vocabulary()["compound_states"].get(part.lower()) if len(parts) > 1 or _hyphened(token) else None
        code = code or gazetteer.country_of_demonym(part) or gazetteer.country_of_name(part)
        if code is not None:
            found.append(code)
    return found if len(found) == len(parts) else []


def _hyphened(token: Token) -> bool:
    return token.i + 1 < len(token.doc) and token.nbor().text in ("-", "–")


def subordinate(token: Token, top: Token) -> bool:
    """Whether a token lies in a clause below the noun phrase, or qualifies by place ("talks in Egypt")."""
    while token.i != top.i:
        if token.dep_ in ("relcl", "acl", "advcl") or (
            token.dep_ == "prep" and token.lower_ not in ("of", "between", "and")
        ):
            return True
        token = token.head
    return False
