"""Prominence: whether a sentence tells an act as news, or only mentions it to say what something else is about.

What belongs here: the place of a trigger in its sentence.
What does not: whether the act happened (``status``).
"""

from __future__ import annotations

from spacy.tokens import Token

from extraction import grammar
from extraction.triggers import Trigger, is_agent

_HARD = frozenset(
    {
        "ASSAULT",
        "COERCE",
        "PROTEST",
        "ACCUSE",
        "REQUEST",
        "SANCTION",
        "THREATEN",
        "MOBILIZE",
        "RETREAT",
        "AID",
        "CONCEDE",
        "REJECT",
    }
)


# "…, allowing the army to advance": what an act leads to is no act of its own.
_RESULTS = frozenset({"allow", "permit", "enable", "let", "cause", "prompt", "lead", "leave", "help", "force"})


_TOPIC_PREPOSITIONS = frozenset({"of", "to", "about", "on", "with", "towards", "toward", "against"})


def is_background(trigger: Trigger) -> bool:
    """Whether a trigger only describes somebody or something in passing."""
    token = trigger.token
    if trigger.frame.part in {"verbs", "negated"}:
        return _verb_background(token, trigger)
    if trigger.frame.part == "nouns":
        return _noun_background(token, trigger)
    return False


def is_main(trigger: Trigger) -> bool:
    """Whether a trigger belongs to what its sentence says in the first place, not to a clause or phrase beside it."""
    token = trigger.token
    if trigger.frame.part == "nouns":
        return trigger.governor is not None and _main_clause(trigger.governor)
    return _main_clause(token if grammar.is_verb(token) else token.head)


def _main_clause(verb: Token) -> bool:
    for _ in range(6):
        if verb.dep_ == "ROOT":
            return True
        if verb.dep_ not in {"ccomp", "xcomp", "conj", "parataxis", "dep"} or not (
            grammar.is_verb(verb.head) or verb.head.pos_ in {"AUX", "ADJ"}
        ):
            return False
        verb = verb.head
    return False


def _verb_background(verb: Token, trigger: Trigger) -> bool:
    if verb.dep_ in {"amod", "compound", "nmod"}:
        return True
    if verb.dep_ == "relcl":
        return not any(_named(c) for c in verb.children if c.dep_ in {"nsubj", "nsubjpass"})
    if verb.dep_ == "acl":
        # "became the third state to sign"
        return not (verb.tag_ == "VB" and verb.head.dep_ == "attr" and verb.head.head.lemma_ in {"become", "be"})
    if verb.dep_ == "pcomp" and verb.head.lower_ in {"for", "as"}:
        return True
    return verb.dep_ == "advcl" and verb.tag_ == "VBG" and verb.lemma_ in _RESULTS


def _noun_background(noun: Token, trigger: Trigger) -> bool:
    if noun.dep_ == "pobj" and noun.head.lower_ in {"for", "as"}:
        return not (_dated(noun) and _target(noun))
    if trigger.governor is not None:
        return False
    topical = noun.dep_ == "pobj" and noun.head.lower_ in _TOPIC_PREPOSITIONS and not _face_to_face(noun)
    if topical and trigger.frame.type in {"CONSULT", "SUPPORT"}:
        return not _dated(noun) and noun.head.head.lower_ not in {
            "ahead",
            "eve",
            "sidelines",
            "side",
            "margins",
            "outcomes",
            "part",
            "end",
            "conclusion",
            "day",
        }
    if noun.dep_ in {"pobj", "conj"} and trigger.frame.type in _HARD:
        return not (
            (_owner(noun) and _target(noun))
            or _dated(noun)
            or (_target(noun) and any(c.dep_ == "relcl" for c in noun.children))
        )
    return False


def _named(subject: Token) -> bool:
    """Whether a clause names its own actor: not "that", "which", "who"."""
    return subject.pos_ in {"PROPN", "NOUN", "PRON"} and subject.lower_ not in grammar.RELATIVES and is_agent(subject)


def _dated(noun: Token) -> bool:
    """Whether a noun's own phrase says when: "the May 3 bombing", "an attack on Sunday"."""
    for child in noun.children:
        if child.dep_ in {"compound", "nmod", "npadvmod", "poss", "nummod"} and child.ent_type_ == "DATE":
            return True
        if child.dep_ == "prep" and any(o.ent_type_ == "DATE" for o in child.children if o.dep_ == "pobj"):
            return True
    return False


def _face_to_face(noun: Token) -> bool:
    """ "a one on one meeting": its "on" is part of a name of the meeting."""
    words = [t.lower_ for t in noun.doc[max(0, noun.i - 3) : noun.i]]
    return len(words) == 3 and words[0] == words[2] and words[1] in {"on", "to"}


def _owner(noun: Token) -> bool:
    return bool(grammar.prepositional_heads(noun, "by")) or any(
        c.dep_ == "poss" or (c.dep_ in {"amod", "compound", "nmod"} and c.ent_type_ in {"GPE", "NORP", "ORG"})
        for c in noun.children
    )


def _target(noun: Token) -> bool:
    return any(
        is_agent(h) for w in ("on", "against", "of", "with", "from", "to") for h in grammar.prepositional_heads(noun, w)
    )
