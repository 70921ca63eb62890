"""Status: whether the act that a trigger names took place, is to come, was denied, or is merely thought of.

What belongs here: tense, modality, negation, conditions, and the verbs that plan, wish or carry out other acts.
What does not: which act it is (``frames``), and what a denied or future act counts as (``acts``).
"""

from __future__ import annotations

from enum import Enum

from spacy.tokens import Token

from extraction import grammar
from extraction.frames import word_class

_WILL = frozenset({"will", "shall", "'ll", "’ll", "wo", "sha"})
_MAY = frozenset({"may", "might", "could", "can", "ca"})
_MUST = frozenset({"must", "should", "ought"})
_IF = frozenset({"if", "unless", "whether", "until", "till", "lest", "once"})
_UNREAL_PREPOSITIONS = frozenset(
    {"from", "against", "of", "about", "to", "without", "towards", "toward", "instead", "before", "as"}
)
_SETTING_OUT = frozenset({"head", "leave", "depart", "visit", "travel", "fly", "host"})
_AHEAD = frozenset({"before", "ahead", "prior", "eve"})


class Reading(Enum):
    """How an act is told."""

    FACT = "fact"
    FUTURE = "future"
    PLANNED = "planned"
    DENIED = "denied"
    DENIED_FUTURE = "denied future"
    OBLIGATION = "obligation"
    CANCELLED = "cancelled"
    UNREAL = "unreal"


def of_verb(verb: Token, depth: int = 0) -> Reading:
    """How a verb's act is told."""
    if depth > 8:
        return Reading.FACT
    if conditional(verb):
        return Reading.UNREAL
    if any(c.dep_ == "advmod" and c.lower_ in word_class("HABITUAL") for c in verb.children):
        return Reading.UNREAL
    aux = grammar.auxiliaries(verb)
    if (
        not aux
        and verb.tag_ == "VB"
        and verb.dep_ == "ROOT"
        and not any(c.dep_ in grammar.SUBJECTS for c in verb.children)
    ):
        return Reading.UNREAL
    if verb.dep_ in {"acl", "ccomp"} and verb.head.pos_ == "NOUN" and verb.head.lemma_ in word_class("HEARSAY"):
        return Reading.UNREAL  # "denied reports that they had met"
    denied = grammar.negated(verb)
    if aux & _WILL:
        return Reading.DENIED_FUTURE if denied else Reading.FUTURE
    if "would" in aux or "'d" in aux:
        if denied:
            return Reading.DENIED_FUTURE
        return Reading.FUTURE if reported(verb) and "have" not in aux else Reading.UNREAL
    if aux & _MUST:
        return Reading.OBLIGATION
    if aux & _MAY:
        return Reading.FACT if "have" in aux and not denied else Reading.UNREAL
    if "to" in aux:
        return _infinitive(verb, denied, depth)
    if denied:
        return Reading.DENIED
    if verb.lemma_ in _SETTING_OUT and verb.tag_ == "VBG" and aux & {"is", "are", "'s", "’s", "'re"}:
        return Reading.PLANNED
    if verb.dep_ == "pcomp":
        return _gerund(verb, depth)
    if verb.dep_ == "xcomp" and grammar.is_verb(verb.head):
        return _governed(verb.head, depth)
    if verb.dep_ == "conj" and grammar.is_verb(verb.head) and verb.tag_ in {"VB", "VBG"}:
        return of_verb(verb.head, depth + 1)
    if (
        verb.dep_ == "ccomp"
        and grammar.is_verb(verb.head)
        and verb.head.lemma_ in {"hope", "wish", "want", "deny", "doubt", "fear", "ensure", "pretend", "imagine"}
    ):
        return Reading.UNREAL
    if verb.tag_ == "VBG" and verb.dep_ in {"nsubj", "csubj", "dobj", "pobj", "nsubjpass"}:
        return Reading.UNREAL
    if verb.tag_ == "VB" and not aux and verb.dep_ not in {"ROOT", "conj"}:
        return _governed(verb.head, depth) if grammar.is_verb(verb.head) else Reading.UNREAL
    return Reading.FACT


def conditional(verb: Token) -> bool:
    """Whether a verb stands in a clause of condition, question or limit."""
    token = verb
    for _ in range(6):
        if any(c.dep_ == "mark" and c.lower_ in _IF for c in token.children):
            return True
        if any(c.dep_ == "advmod" and c.lower_ in {"whether"} for c in token.children):
            return True
        if token.dep_ in {"ccomp", "xcomp", "conj", "acl"} and token.head is not token:
            token = token.head
        else:
            return False
    return False


def under_condition(verb: Token) -> bool:
    """Whether a main clause depends on an "if"."""
    return any(
        c.dep_ == "advcl" and any(m.dep_ == "mark" and m.lower_ in {"if", "unless"} for m in c.children)
        for c in verb.children
    )


def reported(verb: Token) -> bool:
    """Whether a clause is what somebody said: "would" is then a future told in the past."""
    token = verb
    for _ in range(6):
        if token.dep_ == "ccomp" and token.head.lemma_.lower() in word_class("SAY"):
            return True
        if any(
            c.dep_ in {"ccomp", "parataxis"} and c.lemma_.lower() in word_class("SAY")
            for c in token.children
            if c.i > token.i
        ):
            return True
        if token.dep_ in {"ccomp", "conj", "xcomp", "relcl", "advcl", "acl"} and token.head is not token:
            token = token.head
        else:
            break
    return token.dep_ == "ROOT"


def _infinitive(verb: Token, denied: bool, depth: int) -> Reading:
    head = verb.head
    if verb.dep_ == "conj" and grammar.is_verb(head):
        return of_verb(head, depth + 1)
    if verb.dep_ in {"xcomp", "ccomp", "advcl", "acl", "relcl", "ROOT"}:
        if head is verb:
            return Reading.UNREAL
        lemma = head.lemma_.lower()
        if lemma == "be" and verb.dep_ != "advcl":
            if denied or grammar.negated(head):
                return Reading.DENIED_FUTURE
            subjects = [c for c in head.children if c.dep_ == "nsubj"]
            return Reading.UNREAL if any(t.lemma_ in word_class("AIM") for t in subjects) else Reading.PLANNED
        if lemma == "have" and verb.dep_ == "xcomp":
            return Reading.OBLIGATION
        if lemma == "go" and head.tag_ == "VBG" and any(c.dep_ == "aux" for c in head.children):
            return Reading.DENIED_FUTURE if grammar.negated(head) else Reading.FUTURE
        if verb.dep_ == "advcl":
            return Reading.UNREAL
        found = _governed(head, depth)
        return Reading.UNREAL if denied and found is Reading.FACT else found
    return Reading.UNREAL


def _governed(head: Token, depth: int) -> Reading:
    """How an act is told that hangs on a verb, noun or adjective of planning, wishing or doing."""
    lemma = head.lemma_.lower()
    if lemma in word_class("PLAN") and head.dep_ != "xcomp":
        outer = of_verb(head, depth + 1) if grammar.is_verb(head) else Reading.FACT
        if outer in {Reading.DENIED, Reading.DENIED_FUTURE} or (not grammar.is_verb(head) and grammar.negated(head)):
            return Reading.DENIED_FUTURE
        return Reading.PLANNED if outer in {Reading.FACT, Reading.FUTURE, Reading.PLANNED} else Reading.UNREAL
    if lemma in {"want", "wish", "intend", "plan"} and grammar.negated(head):
        return Reading.DENIED_FUTURE
    if lemma in word_class("IMPLICATIVE") and grammar.is_verb(head):
        return of_verb(head, depth + 1)
    if head.dep_ == "attr" and head.head.lemma_ in {"become", "be"}:
        return of_verb(head.head, depth + 1)  # "became the third state to sign"
    if lemma in {"decision", "move", "vote"}:
        return Reading.FACT
    return Reading.UNREAL


def _gerund(verb: Token, depth: int) -> Reading:
    preposition = verb.head.lower_
    if preposition == "without":
        return Reading.DENIED
    up = verb.head.head
    if preposition in _UNREAL_PREPOSITIONS and up.lower_ not in {"process", "midst", "course"}:
        return Reading.UNREAL
    if up.lower_ in {"process", "midst", "course"}:
        return Reading.FACT
    if up.pos_ in {"NOUN", "PROPN"}:
        return Reading.UNREAL
    return of_verb(up, depth + 1) if grammar.is_verb(up) and up is not verb else Reading.FACT


def of_noun(noun: Token, governor: Token | None) -> Reading:
    """How the act that a noun names is told."""
    modifiers = {c.lower_ for c in noun.children if c.dep_ in {"amod", "det", "compound"}}
    if "no" in modifiers:
        return Reading.DENIED
    if modifiers & {"any", "possible", "potential", "hypothetical", "further", "would-be"}:
        return Reading.UNREAL
    if any(c.dep_ == "acl" and c.lemma_ in {"announce", "plan", "schedule", "propose"} for c in noun.children):
        return Reading.PLANNED
    if modifiers & word_class("COMING"):
        return Reading.PLANNED
    if noun.dep_ == "pobj":
        preposition = noun.head.lower_
        above = noun.head.head.lower_
        if preposition in _AHEAD or (preposition in {"of", "to"} and above in _AHEAD):
            return Reading.PLANNED
        if preposition in {"without", "against"}:
            return Reading.UNREAL
        if (
            preposition == "for"
            and grammar.is_verb(noun.head.head)
            and noun.head.head.lemma_ in {"prepare", "gear", "brace", "schedule", "set"}
        ):
            return Reading.PLANNED
    if governor is None:
        return Reading.FACT
    lemma = governor.lemma_.lower()
    passive = grammar.is_passive(governor)
    is_object = noun.dep_ in {"dobj", "pobj"} or passive
    if is_object and lemma in word_class("CANCEL"):
        return Reading.CANCELLED
    if is_object and lemma in word_class("WITHOUT"):
        return Reading.UNREAL
    if is_object and lemma in {"plan", "schedule", "prepare", "announce", "arrange", "set", "expect", "slate"}:
        return Reading.PLANNED
    if lemma in word_class("LIGHT") or lemma in word_class("OCCUR"):
        return of_verb(governor)
    told = of_verb(governor)
    return told if told in {Reading.FUTURE, Reading.PLANNED} and not is_object else Reading.FACT
