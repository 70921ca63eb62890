"""Triggers: the words of a document that report an act, each by the frame that fits its company best.

What belongs here: matching frames against the tree, and which triggers lie inside another's complement.
What does not: whether the act took place (``status``), who took part (``sides``), what is one event (``events``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from spacy.tokens import Doc, Token

from extraction import grammar
from extraction.frames import Frame, index, word_class

_PRONOUNS = frozenset({"he", "she", "they", "we", "i", "who", "it", "you", "which", "that", "both", "all", "some"})
_NAMED = frozenset({"PERSON", "ORG", "GPE", "NORP", "FAC", "LOC", "PRODUCT"})
_SUBJUNCTIVE = frozenset({"should", "must"})


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word that reports an act.  ``governor``: the verb that carries a noun's tense ("hold" in "hold talks")."""

    token: Token
    frame: Frame
    governor: Token | None = None


class Company:
    """What surrounds a word, read once and on demand."""

    def __init__(self, token: Token) -> None:
        self.token = token

    @cached_property
    def subjects(self) -> list[Token]:
        """Who does it."""
        return grammar.subject_heads(self.token)

    @cached_property
    def subject_words(self) -> set[str]:
        """The words of who does it."""
        return {w for head in self.subjects for w in grammar.phrase_words(head)}

    @cached_property
    def objects(self) -> list[Token]:
        """What it is done to."""
        return grammar.object_heads(self.token)

    @cached_property
    def object_words(self) -> set[str]:
        """The words of what it is done to."""
        return {w for head in self.objects for w in grammar.phrase_words(head)}

    @cached_property
    def complement(self) -> tuple[str, Token] | None:
        """The clause that it governs, with its kind."""
        return grammar.complement(self.token)

    @cached_property
    def clause_words(self) -> set[str]:
        """The words of its clause as written, lower case."""
        words = {t.lower_ for t in self.token.subtree}
        if self.token.pos_ in {"NOUN", "PROPN"} or self.token.dep_ == "xcomp":
            words |= {t.lower_ for t in self.token.head.subtree}
        return words

    @cached_property
    def passive(self) -> bool:
        """Whether it stands in the passive."""
        return grammar.is_passive(self.token)

    @cached_property
    def predicate_words(self) -> set[str]:
        """What the object is called: "called the vote a *sham*", "described it *as illegal*"."""
        found: set[str] = set()
        for c in self.token.children:
            if c.dep_ in {"oprd", "acomp", "attr"} or (c.dep_ == "ccomp" and c.pos_ in {"NOUN", "ADJ", "PROPN"}):
                found |= {t.lemma_.lower() for t in c.subtree}
            if c.dep_ == "prep" and c.lower_ == "as":
                found |= {t.lemma_.lower() for t in c.subtree}
            if c.dep_ == "dobj" and self.token.lemma_ in {"call", "brand", "dub", "label"}:
                found |= {t.lemma_.lower() for t in c.subtree}
        return found

    @cached_property
    def political(self) -> bool:
        """Whether those who act may be political actors; nobody named is nobody excluded."""
        return not self.subjects or any(is_agent(head) for head in self.subjects)

    @cached_property
    def joint(self) -> bool:
        """Whether several take part on one side."""
        words = self.object_words | {t.lower_ for t in self.token.subtree if t.dep_ in {"amod", "compound"}}
        shared = {"joint", "jointly", "bilateral", "multinational", "trilateral", "combined"} & (
            words | self.clause_words
        )
        partners = grammar.prepositional_heads(self.token, "with")
        return bool(shared) or len(self.subjects) > 1 or any(h.ent_type_ in {"GPE", "NORP"} for h in partners)


def is_agent(head: Token) -> bool:
    """Whether a noun phrase may name a political actor: a name, a pronoun, an office, a force, a body."""
    if head.ent_type_ in _NAMED or (head.pos_ == "PRON" and head.lower_ in _PRONOUNS) or head.pos_ == "PROPN":
        return True
    agents = word_class("AGENT")
    if head.lemma_.lower() in agents or head.lower_ in agents:
        return True
    if any(
        c.ent_type_ in {"GPE", "NORP"} or (c.dep_ in {"compound", "appos"} and c.lemma_.lower() in agents)
        for c in head.children
        if c.dep_ in {"compound", "amod", "poss", "nmod", "appos"}
    ):
        return True
    return grammar.is_partitive(head) and any(is_agent(o) for o in grammar.prepositional_heads(head, "of"))


class Triggers:
    """All triggers of a document, matched once a token."""

    def __init__(self, doc: Doc) -> None:
        self._memo: dict[int, Trigger | None] = {}
        self._company: dict[int, Company] = {}
        self.all = [t for token in doc if (t := self.at(token)) is not None]
        consumed = {i for t in self.all for i in self._consumed(t)}
        self.all = [t for t in self.all if t.token.i not in consumed]

    def company(self, token: Token) -> Company:
        """What surrounds a word."""
        if token.i not in self._company:
            self._company[token.i] = Company(token)
        return self._company[token.i]

    def at(self, token: Token) -> Trigger | None:
        """The trigger that a token is, if any."""
        if token.i not in self._memo:
            self._memo[token.i] = None  # a frame may ask for its complement's type: no circle
            self._memo[token.i] = self._match(token)
        return self._memo[token.i]

    def _match(self, token: Token) -> Trigger | None:
        if grammar.is_verb(token):
            return self._first(token, "verbs")
        if (
            token.pos_ == "ADJ"
            and token.dep_ in {"acomp", "oprd", "conj", "ROOT", "attr", "advcl", "ccomp"}
            and _predicative(token)
        ):
            return self._first(token, "adjectives")
        if token.pos_ in {"NOUN", "PROPN"} and token.dep_ not in {"compound", "npadvmod", "nmod"}:
            return self._noun(token)
        return None

    def _first(self, token: Token, part: str) -> Trigger | None:
        candidates = index(part).get(token.lemma_.lower(), ())
        for frame, particle in candidates:
            if self._fits(self.company(token), frame, particle):
                return Trigger(token, frame)
        return None

    def _fits(self, company: Company, frame: Frame, particle: str | None) -> bool:
        token = company.token
        objects = company.object_words
        if particle is not None:
            found = self._particle(token, particle)
            if found is None:
                return False
            objects = found | objects if found else objects
        if frame.object and not ("any" in frame.object and objects) and not (frame.object & objects):
            return False
        if frame.not_object & objects:
            return False
        if frame.intransitive and company.objects:
            return False
        if frame.passive is not None and frame.passive != company.passive:
            return False
        if frame.subject and not (
            ("any" in frame.subject and company.subject_words) or frame.subject & company.subject_words
        ):
            return False
        if frame.not_subject & company.subject_words:
            return False
        if frame.subject_political and not company.political:
            return False
        for word, wanted in frame.prep.items():
            heads = grammar.prepositional_heads(token, word)
            words = {w for h in heads for w in grammar.phrase_words(h)}
            if heads and ("any" in wanted or words & wanted):
                break
        else:
            if frame.prep:
                return False
        if frame.not_prep_object and particle is not None and frame.not_prep_object & objects:
            return False
        if not self._clause(company, frame):
            return False
        if frame.needs_word and not (frame.needs_word & company.clause_words):
            return False
        if frame.needs_not_word & company.clause_words:
            return False
        if frame.predicate_words and not (frame.predicate_words & company.predicate_words):
            return False
        if frame.predicate is not None and frame.predicate != self._predicated(company):
            return False
        if frame.joint is not None and frame.joint != company.joint:
            return False
        return not (frame.complement_types and not self._complement_type(company) & frame.complement_types)

    @staticmethod
    def _predicated(company: Company) -> bool:
        return company.complement is not None or any(
            c.dep_ == "acomp" or (c.dep_ == "oprd" and c.ent_type_ != "PERSON") for c in company.token.children
        )

    @staticmethod
    def _clause(company: Company, frame: Frame) -> bool:
        if not frame.clause:
            return True
        found = company.complement
        if found is None:
            return "none" in frame.clause
        kind, token = found
        if kind in frame.clause:
            return True
        if "subjunctive" in frame.clause and kind == "that":
            aux = grammar.auxiliaries(token)
            subject = any(c.dep_ in {"nsubj", "nsubjpass"} for c in token.children)
            bare = token.tag_ == "VB" or (token.tag_ == "VBN" and "be" in aux)  # "that it leave", "that it be closed"
            return (bare and not aux - {"be"} and subject) or bool(aux & _SUBJUNCTIVE)
        return False

    def _complement_type(self, company: Company) -> set[str]:
        if company.complement is None:
            return set()
        token = company.complement[1]
        near = [token, *(c for c in token.children if c.dep_ in {"dobj", "conj", "xcomp"})]
        return {t.frame.type for n in near if (t := self.at(n)) is not None}

    @staticmethod
    def _particle(token: Token, particle: str) -> set[str] | None:
        """Words of the phrase that the particle governs; None when the particle is missing."""
        first, _, second = particle.partition(" ")
        for child in token.children:
            if child.lower_ == first and child.dep_ in {
                "prt",
                "prep",
                "advmod",
                "dative",
                "aux",
                "mark",
                "npadvmod",
                "acomp",
                "oprd",
                "advcl",
                "xcomp",
                "ccomp",
                "pobj",
                "dobj",
                "agent",
            }:
                if second:
                    inner = Triggers._particle(child, second)
                    if inner is None:
                        inner = Triggers._particle(token, second)
                    if inner is None:
                        continue
                    return inner
                heads = [t for o in child.children if o.dep_ == "pobj" for t in grammar.conjuncts(o)]
                if heads and all(h.ent_type_ in {"DATE", "TIME"} for h in heads):
                    continue  # "called the king on Monday" is no calling on him
                return {w for h in heads for w in grammar.phrase_words(h)}
        following = token.nbor(1) if token.i + 1 < len(token.doc) else None
        if (
            following is not None
            and following.lower_ == first
            and not second
            and following.dep_ in {"prep", "prt", "mark"}
        ):
            heads = [t for o in following.children if o.dep_ == "pobj" for t in grammar.conjuncts(o)]
            return {w for h in heads for w in grammar.phrase_words(h)}
        return None

    def _noun(self, token: Token) -> Trigger | None:
        frames = index("nouns").get(token.lemma_.lower()) or index("nouns").get(token.lower_)
        if not frames:
            return None
        modifiers = {
            w for c in token.children if c.dep_ in {"compound", "amod", "nmod"} for w in (c.lemma_.lower(), c.lower_)
        }
        governor = noun_governor(token)
        for frame, modifier in frames:
            if modifier is not None and not (set(modifier.split()) <= modifiers):
                continue
            if frame.not_modifier & modifiers:
                continue
            of_words = {w for h in grammar.prepositional_heads(token, "of") for w in grammar.phrase_words(h)}
            if frame.object and not (frame.object & (of_words | modifiers)):
                continue
            words = self.company(token).clause_words if frame.needs_word or frame.needs_not_word else set()
            if (frame.needs_word and not frame.needs_word & words) or frame.needs_not_word & words:
                continue
            if frame.clause and not self._clause(self.company(token), frame):
                continue
            if frame.strict and not noun_needs(token, frame.needs, governor):
                continue
            return Trigger(token, frame, governor)
        return None

    def _consumed(self, trigger: Trigger) -> set[int]:
        """Object nouns that the frame already counted in: "agreement" in "sign an agreement"."""
        frame = trigger.frame
        if frame.part != "verbs" or not (frame.object - {"any", "PERSON", "STATE"} or frame.needs_word):
            return set()
        company = self.company(trigger.token)
        heads = list(company.objects)
        for child in trigger.token.children:
            if child.dep_ in {"prep", "prt"}:
                heads += [
                    o
                    for o in child.children
                    if o.dep_ == "pobj" and frame.needs_word | frame.object & grammar.phrase_words(o)
                ]
        found: set[int] = set()
        for head in heads:
            if (frame.object | frame.needs_word) & grammar.phrase_words(head):
                found.add(head.i)
                found |= {o.i for p in head.children if p.dep_ == "prep" and p.lower_ == "of" for o in p.children
                          if {o.lemma_.lower(), o.lower_} & frame.object}  # fmt: skip
        return found


def _predicative(adjective: Token) -> bool:
    """Whether an adjective is said of somebody, not merely put before a noun."""
    first = adjective
    while first.dep_ == "conj" and first.head.pos_ == "ADJ":
        first = first.head
    return first.dep_ != "amod"


_ENGAGING = frozenset({"engage", "participate", "result", "end", "culminate", "involve", "lock", "meet"})


def noun_governor(noun: Token) -> Token | None:
    """The verb whose subject or object a noun is, over "a round of …"."""
    token = noun
    for _ in range(4):
        if token.dep_ in {"dobj", "nsubj", "nsubjpass", "attr", "conj"}:
            if grammar.is_verb(token.head):
                return token.head
            if token.dep_ != "conj":
                return token.head if token.head.pos_ == "AUX" else None
            token = token.head
        elif token.dep_ == "pobj" and token.head.lower_ == "of" and token.head.head.pos_ == "NOUN":
            token = token.head.head
        elif token.dep_ == "pobj" and token.head.lower_ == "in" and token.head.head.lemma_ in _ENGAGING:
            return token.head.head
        else:
            return None
    return None


_TELLING = frozenset({"come", "follow", "precede", "emerge", "hail", "welcome", "mark"})
_OWNERS = frozenset({"GPE", "NORP", "ORG"})


def noun_needs(token: Token, needs: str | None, governor: Token | None) -> bool:
    """Whether a noun has the company that makes it an act of somebody."""
    light = governor is not None and governor.lemma_.lower() in word_class("LIGHT")
    by = bool(grammar.prepositional_heads(token, "by")) or any(
        c.dep_ == "acl" and c.tag_ == "VBN" and any(a.dep_ == "agent" for a in c.children) for c in token.children
    )
    owner = any(c.dep_ == "poss" and c.lower_ not in {"its"} and c.ent_type_ != "DATE" for c in token.children)
    states = sum(
        c.ent_type_ in _OWNERS or any(g.ent_type_ in _OWNERS for g in c.children)
        for c in token.children
        if c.dep_ in {"amod", "compound", "nmod"}
    )
    partners = [h for w in ("with", "between", "among") for h in grammar.prepositional_heads(token, w)]
    if needs == "light":
        return (light and token.dep_ in {"dobj", "nsubjpass", "conj"}) or by
    if needs == "possessor":
        return by or owner or states > 0 or (light and token.dep_ == "dobj")
    if needs == "official":
        return any(is_agent(h) for h in partners) or (owner and bool(partners))
    if needs == "parties":
        told = governor is None or governor.lemma_ in _TELLING or light
        force = governor is not None and any(c.lower_ == "into" for c in governor.children)  # "entered into force"
        return told and not force and (any(is_agent(h) for h in partners) or states > 1)
    if needs == "of":
        return owner or bool(grammar.prepositional_heads(token, "of"))
    if needs == "loose":
        return token.dep_ not in {"compound", "amod"}
    of_agents = any(is_agent(h) for h in grammar.prepositional_heads(token, "of"))
    return light or by or owner or states > 0 or bool(partners) or of_agents or governor is not None
