"""Who is party to an instrument, and who signed it.

What belongs here: the states, blocs and bodies that a text ties to an instrument phrase, and the people who put their
name to it.  A state is party through its name, people, ministries and capital; other bodies are participants.
What does not: which phrases are instruments (``instruments``); joining phrases (``agreements``).
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from spacy.tokens import Span, Token

from extraction import gazetteer
from extraction.actors import Actor, Actors
from extraction.agreement_status import SIGNING
from extraction.agreement_status import vocabulary as statuses
from extraction.coreference import Coreference
from extraction.document import Document
from extraction.instruments import Phrase, vocabulary

_NUMBERS = {"both": 2, "two": 2, "three": 3, "four": 4, "five": 5, "2": 2, "3": 3, "4": 4, "5": 5}
_MAKING = frozenset({"signed", "agreed", "ratified", "proposed", "under-negotiation", "amended", "extended"})
_JOINING = frozenset({"withdraw", "quit", "leave", "join", "accede", "exit", "honour", "honor", "violate", "breach"})


@dataclass(frozen=True, slots=True)
class Ref:
    """A state by its code, or another body by its participant's key."""

    country: str | None = None
    participant: str | None = None


@dataclass(slots=True)
class Parties:
    """Parties in order of mention; ``tied``: those that the phrase itself names ("with Japan", "the US-Iran deal").

    ``explicit``: the clause names two or more, so that none has to be looked for elsewhere.
    """

    refs: list[Ref] = field(default_factory=list)
    tied: list[Ref] = field(default_factory=list)
    signatories: list[Actor] = field(default_factory=list)
    explicit: bool = False

    def add(self, refs: Iterable[Ref]) -> None:
        """Add parties, each once."""
        for ref in refs:
            if ref not in self.refs:
                self.refs.append(ref)


@lru_cache(maxsize=1)
def _organs() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, vocabulary()['organs']))})s?\b", re.IGNORECASE)


class PartyReader:
    """Reads the parties of the instruments of one document."""

    def __init__(self, document: Document, actors: Actors, coreference: Coreference) -> None:
        self.document = document
        self.actors = actors
        self.coreference = coreference
        self._cache: dict[int, tuple[Ref, ...]] = {}

    # references -------------------------------------------------------------------------------------------------------

    def at(self, token: Token) -> tuple[Ref, ...]:
        """What a token stands for as a party: () when it is neither a state, its people, nor a body with a name."""
        found = self._cache.get(token.i)
        if found is None:
            found = self._cache[token.i] = tuple(self._read(token))
        return found

    def _read(self, token: Token) -> list[Ref]:
        actor = self.actors.at(token) or (self.coreference.resolve(token) if token.pos_ == "PRON" else None)
        if actor is not None:
            return self._of_actor(actor)
        if not token.text[:1].isupper() or (token.i and token.nbor(-1).lower_ in vocabulary()["continental"]):
            return []
        return [Ref(country=c) for c in countries_in(token)]

    def _of_actor(self, actor: Actor) -> list[Ref]:
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
        tokens = [t for t in token.subtree if not _subordinate(t, token)]
        own = self.within([token])
        if own and (actor := self.actors.at(token)) is not None and actor.kind == "person":
            # "Bank X chief Y": the bank only says who the person is
            tokens = [t for t in tokens if t.i >= token.left_edge.i and (t.i >= token.i or not self._organization(t))]
        refs = self.within(tokens)
        if refs:
            return refs
        for t in (token, *token.conjuncts):
            if t.lower_ in vocabulary()["collectives"]:
                return self.collective(t)
            if t.lower_ in vocabulary()["organs"] and (seat := self._seat(t)) is not None:
                return [seat]
        return refs

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
        for tokens in self._rings(token.sent):
            found.update(dict.fromkeys(r for r in self.within(tokens) if r.country or self._political(r)))
            if len(found) > 1:
                break
        return list(found)

    def _spoken_of(self, token: Token) -> list[Ref]:
        """The one state that "the country" means: the last one named in the sentences before."""
        for tokens in itertools.islice(self._rings(token.sent), 1, 4):
            states = [r for r in self.within(tokens) if r.country]
            if states:
                return states[:1]
        return []

    def salient(self, token: Token, wanted: int, have: Iterable[Ref] = ()) -> list[Ref]:
        """The ``wanted`` states named nearest to a token: in its sentence, then in those before, then after."""
        found: dict[Ref, None] = dict.fromkeys(have)
        sentence = token.sent
        for tokens in self._rings(sentence):
            for ref in self.within(tokens):
                if ref.country is not None or self._political(ref):
                    found.setdefault(ref)
                if len(found) >= wanted:
                    return list(found)
        return list(found)

    def counterpart(self, phrase: Phrase, have: list[Ref]) -> list[Ref]:
        """The parties with those that the text leaves to be understood, where only one reading is possible.

        One party known: the only other state of the sentence, or of the one before.  None known: the two states that
        the sentences up to it name, or that the article is about, if there are clearly two.
        """
        if have:
            for tokens in itertools.islice(self._rings(phrase.head.sent), 2):
                others = [r for r in self.within(tokens) if r.country and r not in have]
                if others:
                    return have + others if len(others) == 1 else have
            return have
        near: dict[Ref, None] = {}
        for tokens in itertools.islice(self._rings(phrase.head.sent), 3):
            near.update(dict.fromkeys(r for r in self.within(tokens) if r.country))
        if len(near) == 2:
            return list(near)
        counts = Counter({a.country: len(a.mentions) for a in self.actors.all if a.kind == "state" and a.country})
        leading = counts.most_common(3)
        clear = len(leading) == 2 or (len(leading) == 3 and leading[1][1] > 1.5 * leading[2][1])
        return [Ref(country=c) for c, _ in leading[:2]] if clear and leading[1][1] > 1 else []

    def unnamed_other(self, phrase: Phrase) -> bool:
        """Whether "with …" names somebody who is no party in our sense: a school, a supplier, the devil."""
        for token in phrase.doc[phrase.tail : phrase.end]:
            if token.lower_ == "with":
                objects = [c for c in token.children if c.dep_ == "pobj"]
                words = {t.lower_ for o in objects for t in (o, *o.conjuncts, *o.lefts)}
                return bool(objects) and not self._objects(token) and not words & set(vocabulary()["counterparts"])
        return False

    def _rings(self, sentence: Span) -> Iterable[Iterable[Token]]:
        doc = self.document.doc
        yield sentence
        start = sentence.start
        for _ in range(12):
            if start == 0:
                break
            previous = doc[start - 1].sent
            yield previous
            start = previous.start
        end = sentence.end
        for _ in range(12):
            if end >= len(doc):
                break
            following = doc[end].sent
            yield following
            end = following.end

    def _political(self, ref: Ref) -> bool:
        actor = self.actors.by_key.get(ref.participant or "")
        return actor is not None and (actor.kind == "bloc" or self.is_belligerent(actor))

    @staticmethod
    def is_belligerent(actor: Actor) -> bool:
        """Whether a body concludes truces though it is no state ("Democratic Forces", "Hamas")."""
        return any(w in vocabulary()["belligerents"] for w in actor.name.lower().split())

    # parties ----------------------------------------------------------------------------------------------------------

    def read(self, phrase: Phrase, governor: Token | None, status: str) -> Parties:
        """The parties and signatories that the text ties to one phrase."""
        parties = Parties()
        title = phrase.doc[phrase.start : phrase.end]
        whole = False
        for token in phrase.doc[phrase.tail : phrase.end]:
            if token.lower_ in ("between", "among", "amongst") and token.pos_ in ("ADP", "SCONJ"):
                parties.add(self._objects(token))
                whole = len(parties.refs) > 1
                break
            if token.lower_ == "with" and not whole:
                parties.add(self._objects(token))
        if not whole:
            parties.add(self._before(phrase))
        beyond = self._beyond(phrase)
        if not whole and beyond is not None:
            parties.add(self._objects(beyond))
            whole = beyond.lower_ != "with" and len(parties.refs) > 1
        parties.tied = list(parties.refs)
        acting = self._acting(phrase, governor, status)
        if not whole:
            parties.add(ref for token in acting for ref in self.noun(token))
            if phrase.definite or len(parties.refs) < 2:
                parties.add(self._owner(phrase))
            if len(parties.refs) == 1 and parties.tied:
                parties.add(self._above(phrase))
        parties.signatories = self._signatories(governor, acting, status)
        above = phrase.head.head.head
        if phrase.head.head.lower_ == "of" and above.lemma_ in vocabulary()["memberships"] and above.tag_ == "NNS":
            members = self.within(phrase.head.sent)
            parties.add(members if len(members) > 2 else [])
        if not whole and len(parties.refs) < 2 and not phrase.proper:
            parties.add(self.within(t for t in title if t.i >= phrase.tail))
        if not parties.refs and not phrase.proper:
            parties.add(self._around(phrase))
        parties.explicit = len(parties.refs) > 1
        return parties

    def _around(self, phrase: Phrase) -> list[Ref]:
        """Parties that only the sentence tells: "ties between the two countries rest on 74 agreements"."""
        for token in phrase.head.sent:
            if token.lower_ == "between" and token.dep_ == "prep":
                found = self._objects(token)
                if len(found) > 1:
                    return found
        return []

    def _objects(self, preposition: Token) -> list[Ref]:
        found: list[Ref] = []
        for child in preposition.children:
            if child.dep_ in ("pobj", "pcomp"):
                found += [r for r in self.noun(child) if r not in found]
        if len(found) < 2 and preposition.lower_ != "with":
            # the parser may hang the second party elsewhere: "between India, and on the other side Japan"
            found += [r for r in self.within(preposition.subtree) if r not in found]
        return found

    def _before(self, phrase: Phrase) -> list[Ref]:
        """Parties among the modifiers: "the US-Iran deal", "NATO treaty"; a place in a proper name is none."""
        modifiers = phrase.doc[phrase.start : phrase.head.i]
        refs = self.within(t for t in modifiers if self.actors.at(t) is None or not self._organization(t))
        if phrase.proper and not (len(refs) > 1 and any(t.text in "-–/" for t in modifiers)):
            return [r for r in refs if r.participant]
        return refs

    def _organization(self, token: Token) -> bool:
        actor = self.actors.at(token)
        return actor is not None and actor.kind == "organization"

    def _beyond(self, phrase: Phrase) -> Token | None:
        """A "between …" or "with …" that comes after the title: "was signed between the two sides"."""
        for token in phrase.doc[phrase.end : min(phrase.end + 25, phrase.head.sent.end)]:
            if token.lower_ in ("between", "among") and token.dep_ == "prep":
                verb = token.head
                if verb.i == phrase.head.i or verb in phrase.head.ancestors or verb.head.i == phrase.head.i:
                    return token
            making = (*SIGNING, "reach", "conclude", "strike", "agree", phrase.head.lemma_)
            tied = token.head in (phrase.head, phrase.head.head) or token.head.head == phrase.head
            tied = tied and token.head.lemma_ in making
            if token.lower_ == "with" and token.dep_ == "prep" and tied:
                return token
        return None

    def _above(self, phrase: Phrase) -> list[Ref]:
        """The other side of "with …": who does what the clause tells ("X imports gas under a contract with Y")."""
        for verb in phrase.head.ancestors:
            if verb.pos_ == "VERB":
                subjects = [c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass")]
                refs = [r for s in subjects for r in self.noun(s)]
                if refs:
                    return refs
        return []

    def _owner(self, phrase: Phrase) -> list[Ref]:
        """The possessor: "its deal with …", "India's trade pact with …"."""
        owners = [t for t in phrase.head.children if t.dep_ == "poss"]
        return [ref for t in owners for ref in (self.at(t) if t.pos_ == "PRON" else self.noun(t))]

    def _acting(self, phrase: Phrase, governor: Token | None, status: str) -> list[Token]:
        """The noun phrases that made, seek or are bound by the instrument: subjects and agents of its verb."""
        if governor is None:
            return []
        verb = governor
        if governor.pos_ not in ("VERB", "AUX"):
            agents = [o for p in governor.children if p.lower_ == "by" for o in p.children if o.dep_ == "pobj"]
            if not agents and governor.i < phrase.head.i:
                agents = [
                    o
                    for t in governor.subtree
                    if t.lower_ == "by" and t.i > phrase.head.i
                    for o in t.children
                    if o.dep_ == "pobj"
                ]
            if agents:
                return agents
            above = next((a for a in governor.ancestors if a.pos_ == "VERB"), None)
            if above is None or governor.lemma_.lower() in ("article", "text", "provision"):
                return []
            verb = above
            if governor.lemma_.lower() not in statuses()["doings"]:
                return []
        lemma = verb.lemma_.lower()
        if governor is verb and status not in _MAKING and lemma not in _JOINING and lemma not in statuses()["hoping"]:
            return []
        if lemma in (
            "welcome",
            "hail",
            "praise",
            "applaud",
            "broker",
            "mediate",
            "witness",
            "announce",
            "release",
            "urge",
        ):
            agents = _agents(verb)
            return agents if lemma in ("release", "announce") else []
        return _agents(verb) or _subjects(verb)

    def _signatories(self, governor: Token | None, acting: list[Token], status: str) -> list[Actor]:
        if governor is None or governor.lemma_.lower() not in (*SIGNING, "signing", "signature") or status != "signed":
            return []
        found: dict[str, Actor] = {}
        for noun in acting:
            for token in noun.subtree:
                again = token.i == noun.i and token.lower_ != "they"  # of a plural only one could be told
                actor = self.actors.at(token) or (self.coreference.resolve(token) if again else None)
                if actor is not None and actor.kind == "person" and not _subordinate(token, noun):
                    found.setdefault(actor.key, actor)
        return list(found.values())


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


def _subordinate(token: Token, top: Token) -> bool:
    """Whether a token lies in a clause below the noun phrase, or qualifies by place ("talks in Egypt")."""
    while token.i != top.i:
        if token.dep_ in ("relcl", "acl", "advcl") or (
            token.dep_ == "prep" and token.lower_ not in ("of", "between", "and")
        ):
            return True
        token = token.head
    return False


def _agents(verb: Token) -> list[Token]:
    return [o for a in verb.children if a.dep_ == "agent" for o in a.children if o.dep_ == "pobj"]


def _subjects(verb: Token) -> list[Token]:
    """The subject of a verb, through infinitives, conjuncts and participles; [] for a passive."""
    for _ in range(6):
        if any(c.dep_ in ("nsubjpass", "auxpass") for c in verb.children):
            # "X is expected to sign": the passive above carries the subject of the infinitive
            return []
        own = [c for c in verb.children if c.dep_ == "nsubj"]
        if own:
            relative = own[0].lower_ in ("who", "which", "that") and verb.dep_ == "relcl"
            return [verb.head] if relative else own
        if verb.dep_ in ("xcomp", "conj", "advcl", "pcomp", "ccomp") and verb.head.i != verb.i:
            above = verb.head
            if verb.dep_ == "xcomp" and (passive := [c for c in above.children if c.dep_ == "nsubjpass"]):
                return passive
            objects = [c for c in above.children if c.dep_ == "dobj"] if verb.dep_ == "xcomp" else []
            if objects:
                return objects
            verb = above if above.pos_ in ("VERB", "AUX") else above.head
            continue
        if verb.dep_ in ("acl", "relcl") and verb.tag_ in ("VB", "VBG"):
            noun = verb.head
            if noun.dep_ == "attr" and noun.head.pos_ in ("VERB", "AUX"):  # "France became the 20th nation to sign"
                verb = noun.head
                continue
            return [noun]
        return []
    return []
