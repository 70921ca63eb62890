"""Prominence: whether a sentence tells an act as news, or only mentions it to say what something else is about.

What belongs here: the place of a trigger in its sentence.
What does not: whether the act happened (``status``).
"""

from __future__ import annotations

from spacy.tokens import Token

from extraction import grammar
from extraction.triggers import Trigger, is_agent

_HARD = frozenset({"ASSAULT", "COERCE", "PROTEST", "ACCUSE", "REQUEST", "SANCTION", "THREATEN", "MOBILIZE", "RETREAT", "AID", "CONCEDE", "REJECT"})


# "…, allowing the army to advance": what an act leads to is no act of its own.
_RESULTS = frozenset({"allow", "permit", "enable", "let", "cause", "prompt", "lead", "leave", "help", "force"})


def is_background(trigger: Trigger) -> bool:
    """Whether a trigger only describes somebody or something in passing."""
    token = trigger.token
    if trigger.frame.part in {"verbs", "negated"}:
        return _verb_background(token, trigger)
    if trigger.frame.part == "nouns":
        return _noun_background(token, trigger)
    return False


def _verb_background(verb: Token, trigger: Trigger) -> bool:
    if verb.dep_ in {"amod", "compound", "nmod"}:
        return True
    if verb.dep_ in {"relcl", "acl"}:
        return True
    if verb.dep_ == "pcomp" and verb.head.lower_ in {"for", "as"}:
        return True
    return verb.dep_ == "advcl" and verb.tag_ == "VBG" and verb.lemma_ in _RESULTS


def _noun_background(noun: Token, trigger: Trigger) -> bool:
    if noun.dep_ == "pobj" and noun.head.lower_ in {"for", "as"}:
        return True
    if trigger.governor is not None:
        return False
    if noun.dep_ in {"pobj", "conj"} and trigger.frame.type in _HARD:
        return not (_owner(noun) and _target(noun))
    return False


def _owner(noun: Token) -> bool:
    return bool(grammar.prepositional_heads(noun, "by")) or any(
        c.dep_ == "poss" or (c.dep_ in {"amod", "compound", "nmod"} and c.ent_type_ in {"GPE", "NORP", "ORG"}) for c in noun.children
    )


def _target(noun: Token) -> bool:
    return any(is_agent(h) for w in ("on", "against", "of", "with", "from", "to") for h in grammar.prepositional_heads(noun, w))
