"""Who is party to an instrument, and who signed it.

What belongs here: the states, blocs and bodies that a text ties to an instrument phrase, and the people who put their
name to it.
What does not: what a word stands for (``party_references``); which phrases are instruments (``instrument_records``).
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from spacy.tokens import Token

from extraction.actors import Actor
from extraction.agreement_status import SIGNING
from extraction.agreement_status import vocabulary as statuses
from extraction.instrument_titles import vocabulary
from extraction.instruments import Phrase
from extraction.party_references import Ref, References, subordinate

_MAKING = frozenset({"signed", "agreed", "ratified", "proposed", "under-negotiation", "amended", "extended"})


@dataclass(slots=True)
class Parties:
    """Parties in order of mention; ``tied``: those that the phrase itself names ("with Japan", "the US-Iran deal").

    ``explicit``: the clause names two or more, so that none has to be looked for elsewhere.  ``strangers``: those who
    made it bear names that are no party in our sense (companies, players).
    """

    refs: list[Ref] = field(default_factory=list)
    tied: list[Ref] = field(default_factory=list)
    signatories: list[Actor] = field(default_factory=list)
    explicit: bool = False
    strangers: bool = False

    def add(self, refs: Iterable[Ref]) -> None:
        """Add parties, each once."""
        for ref in refs:
            if ref not in self.refs:
                self.refs.append(ref)


class PartyReader(References):
    """Reads the parties of the instruments of one document."""

    def read(self, phrase: Phrase, governor: Token | None, status: str) -> Parties:
        """The parties and signatories that the text ties to one phrase."""
        parties = Parties()
        title = phrase.doc[phrase.start : phrase.end]
        whole = False
        for token in phrase.doc[phrase.tail : phrase.end]:
            if token.lower_ in ("between", "among", "amongst") and token.pos_ in ("ADP", "SCONJ"):
                parties.add(self.objects(token))
                whole = len(parties.refs) > 1
                break
            if token.lower_ == "with" and not whole:
                parties.add(self.objects(token))
        if not whole:
            parties.add(self._before(phrase))
        beyond = self._beyond(phrase)
        if not whole and beyond is not None:
            parties.add(self.objects(beyond))
            whole = beyond.lower_ != "with" and len(parties.refs) > 1
        parties.tied = list(parties.refs)
        acting = self._acting(phrase, governor, status)
        if governor is not None and governor.lemma_ in statuses()["addressing"]:
            parties.add(
                r
                for c in governor.children
                if c.lower_ == "to" and c.dep_ in ("prep", "dative")
                for r in self.objects(c)
            )
        made_by = [ref for token in acting for ref in self.noun(token)]
        parties.strangers = not made_by and any(t.pos_ == "PROPN" for t in acting)
        if not whole:
            parties.add(made_by)
            if phrase.definite or len(parties.refs) < 2:
                parties.add(self._owner(phrase))
            if len(parties.refs) == 1 and parties.tied:
                parties.add(self._above(phrase))
            if len(parties.refs) < 2 and phrase.code == "joint-statement":
                parties.add(self._above(phrase))
        parties.signatories = self._signatories(governor, acting, status)
        above = phrase.head.head.head
        if phrase.head.head.lower_ == "of" and above.lemma_ in vocabulary()["memberships"] and above.tag_ == "NNS":
            members = self.within(phrase.head.sent)
            parties.add(members if len(members) > 2 else [])
        if not whole and len(parties.refs) < 2 and not phrase.proper:
            parties.add(self.within(t for t in title if t.i >= phrase.tail))
        if not parties.refs and not phrase.proper:
            parties.add(self._around(phrase) or self._above(phrase, of_practice=True))
        parties.explicit = len(parties.refs) > 1
        return parties

    def _around(self, phrase: Phrase) -> list[Ref]:
        """Parties that only the sentence tells: "ties between the two countries rest on 74 agreements"."""
        for token in phrase.head.sent:
            if token.lower_ == "between" and token.dep_ == "prep":
                found = self.objects(token)
                if len(found) > 1:
                    return found
        return []

    def _before(self, phrase: Phrase) -> list[Ref]:
        """Parties among the modifiers: "the US-Iran deal", "NATO treaty"; a place in a proper name is none."""
        modifiers = phrase.doc[phrase.start : phrase.head.i]
        refs = self.within(t for t in modifiers if not self.is_organization(t) and not _mediates(t))
        if phrase.proper and not (len(refs) > 1 and any(t.text in "-–/" for t in modifiers)):
            return [r for r in refs if r.participant]
        return refs

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

    def _above(self, phrase: Phrase, of_practice: bool = False) -> list[Ref]:
        """The other side of "with …": who does what the clause tells ("X imports gas under a contract with Y").

        ``of_practice``: only if the verb is one of keeping or breaking instruments.
        """
        for verb in phrase.head.ancestors:
            if verb.pos_ == "VERB":
                if of_practice and verb.lemma_ not in statuses()["binding"]:
                    return []
                if of_practice:
                    return [r for t in _agents(verb) or _subjects(verb) for r in self.noun(t)]
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
        verb, w = governor, statuses()
        if governor.pos_ not in ("VERB", "AUX"):
            agents = _agents_of_noun(governor, phrase)
            above = next((a for a in governor.ancestors if a.pos_ in ("VERB", "AUX")), None)
            if agents or above is None or governor.lemma_.lower() not in w["doings"]:
                return agents
            owners = [c for c in governor.lefts if c.dep_ in ("poss", "amod", "compound") and self.at(c)]
            if owners or above.lemma_ not in w["undertaking"]:
                return owners  # "Turkey's withdrawal from the convention"
            verb = above
        lemma = verb.lemma_.lower()
        if governor is verb and not (status in _MAKING or lemma in w["binding"] or lemma in w["hoping"]):
            return []
        if lemma in vocabulary()["bystanding"]:
            return []
        if lemma in w["publishing"]:
            agents = _agents(verb)
            return [*agents, *(c for c in verb.children if agents and c.dep_ == "conj" and c.pos_ == "PROPN")]
        taken = [c for c in verb.children if c.dep_ == "dobj" and lemma == "withdraw"]  # "withdrew the state from …"
        return (_agents(verb) or _subjects(verb)) + taken

    def _signatories(self, governor: Token | None, acting: list[Token], status: str) -> list[Actor]:
        if governor is None or governor.lemma_.lower() not in (*SIGNING, "signing", "signature") or status != "signed":
            return []
        found: dict[str, Actor] = {}
        for noun in acting:
            for token in noun.subtree:
                again = token.i == noun.i and token.lower_ != "they"  # of a plural only one could be told
                actor = self.actors.at(token) or (self.coreference.resolve(token) if again else None)
                if actor is not None and actor.kind == "person" and not subordinate(token, noun):
                    found.setdefault(actor.key, actor)
        return list(found.values())

    def counterpart(self, phrase: Phrase, have: list[Ref]) -> list[Ref]:
        """The parties with those that the text leaves to be understood, where only one reading is possible.

        One party known: the only other state of the sentence, or of the one before.  None known: the two states that
        the sentences up to it name, or that the article is about, if there are clearly two.
        """
        if have:
            for tokens in itertools.islice(self.rings(phrase.head.sent), 2):
                others = [r for r in self.within(tokens) if r.country and r not in have]
                if others:
                    return have + others if len(others) == 1 else have
            return have
        near: dict[Ref, None] = {}
        for tokens in itertools.islice(self.rings(phrase.head.sent), 3):
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
                return bool(objects) and not self.objects(token) and not words & set(vocabulary()["counterparts"])
        return False


def _mediates(token: Token) -> bool:
    """Whether the name is a go-between's: "the US-brokered truce"."""
    ahead = token.doc[token.i + 1 : token.i + 3]
    return len(ahead) == 2 and ahead[0].text in "-–" and ahead[1].lower_ in vocabulary()["mediating"]


def _agents_of_noun(noun: Token, phrase: Phrase) -> list[Token]:
    """Who did what a noun tells: "the conclusion of the pact by X and Y"."""
    for token in noun.subtree:
        if token.lower_ == "by" and (token.head.i == noun.i or token.i > phrase.head.i):
            return [o for o in token.children if o.dep_ == "pobj"]
    return []


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
            if noun.dep_ == "attr" and noun.head.pos_ in ("VERB", "AUX"):  # "Fiji became the ninth state to join"
                verb = noun.head
                continue
            return [noun]
        return []
    return []
