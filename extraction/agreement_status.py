"""What has become of an instrument at one place of a text: signed, proposed, in force …

What belongs here: the verb, noun or adjective that governs an instrument phrase, its tense, and the status of it.  The
words are data (``lexicon/statuses.yml``).
What does not: the status of the instrument as a whole (``agreements``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from spacy.tokens import Token

from extraction.gazetteer import lexicon
from extraction.instrument_titles import is_year
from extraction.instruments import Phrase

_NOUNISH = ("NOUN", "PROPN", "PRON")
_CHANGES = ("amended", "extended", "suspended", "terminated")
_MADE = ("signed", "agreed", "ratified")
SIGNING = ("sign", "ink", "initial", "cosign", "co-sign")


@dataclass(frozen=True, slots=True)
class Reading:
    """A status with the word that says so.

    ``strong``: a verb or noun of treaty practice says it, not a mere default.  ``hoped``: the instrument is only wished
    for.  ``denied``: what the word says has not happened ("refused to sign").  ``ahead``: the act is still to come.
    """

    status: str
    governor: Token | None = None
    strong: bool = False
    hoped: bool = False
    denied: bool = False
    ahead: bool = False


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, Any]:
    """The word list ``lexicon/statuses.yml``."""
    return lexicon("statuses")


def read_status(phrase: Phrase) -> Reading:
    """The status that a text gives an instrument where this phrase stands."""
    w = vocabulary()
    modified = next((w["modifiers"][t.lower_] for t in phrase.modifiers if t.lower_ in w["modifiers"]), None)
    for governor in _governors(phrase):
        if governor.head.i != phrase.head.i and _is_ground(phrase.head):
            return Reading("in-force", None, True)
        reading = _by_noun(phrase, governor) if governor.pos_ in _NOUNISH else _by_verb(phrase, governor)
        if reading is None:
            continue
        if modified in ("in-force", "proposed") and reading.status in (*_MADE, "in-force"):
            settled = reading.governor is not None and reading.governor.lemma_.lower() in SIGNING and not reading.hoped
            if not settled or modified == "in-force":
                return Reading(modified, reading.governor, True, reading.hoped, reading.denied)
        return reading
    if modified is not None:
        return Reading(modified, None, True)
    if phrase.proper or phrase.definite or any(is_year(t) for t in phrase.modifiers):
        return Reading("in-force")
    return Reading("agreed")


def _is_ground(head: Token) -> bool:
    """Whether an act is done under the instrument ("immunity was granted in a 1994 agreement")."""
    preposition = head.head
    if head.dep_ != "pobj" or preposition.lower_ not in vocabulary()["grounds"]:
        return False
    ending = ("enter", "result", "end", "engage")
    return preposition.head.pos_ in ("VERB", "AUX") and preposition.head.lemma_ not in ending


def _governors(phrase: Phrase) -> Iterator[Token]:
    """The words that may say what became of the instrument, the nearest first."""
    head = phrase.head
    for child in head.children:  # "a pact signed on Monday", "an accord, which was ratified"
        told = child.dep_ in ("acl", "relcl") and child.pos_ == "VERB" and child.tag_ in ("VBN", "VBD", "VBG")
        own = any(
            (c.dep_ == "nsubjpass" and c.lower_ not in ("which", "that"))
            or (c.dep_ == "prep" and any(o.lower_ == "which" for o in c.children))
            for c in child.children
        )
        if told and not own and not any(c.lower_ in ("had", "'d") for c in child.children):
            yield child
    token, w = head, vocabulary()
    for _ in range(8):
        above = token.head
        if above.i == token.i:
            return
        if phrase.start <= above.i < phrase.end and above.pos_ in _NOUNISH:
            token = above
            continue
        if token.dep_ in ("compound", "npadvmod", "poss"):
            return
        if token.dep_ in ("acl", "relcl", "advcl") and token.pos_ == "VERB":
            return  # the clause above tells of something else
        if token.dep_ == "prep" and token.lower_ in w["apart"]:
            return  # "they left after the deal"
        if above.pos_ in ("VERB", "AUX"):
            yield above
            if above.lemma_ in w["verbs"]:
                return
            yield from (c for c in above.children if c.dep_ in ("xcomp", "attr", "acomp") and c.i > above.i)
        elif above.pos_ in _NOUNISH and token.dep_ != "conj":
            yield above
            if above.lemma_.lower() not in w["neutral"] and above.lemma_.lower() not in w["nouns"]:
                return  # "support for the deal": what is done to the support is not done to the deal
        token = above


def _by_noun(phrase: Phrase, noun: Token) -> Reading | None:
    """What "the signing of …", "talks on …", "under the terms of …" say."""
    w = vocabulary()
    status = w["nouns"].get(noun.lemma_.lower())
    if status is None or noun.i > phrase.head.i:
        return None
    if status == "under-negotiation" and noun.head.lemma_ in w["concluding"] and not _ahead(noun.head):
        return Reading("agreed", noun.head, True)
    if status in _CHANGES or status in _MADE:
        verb = next((a for a in noun.ancestors if a.pos_ in ("VERB", "AUX")), None)
        if verb is not None and _ahead(verb) and noun.dep_ in ("dobj", "nsubj", "nsubjpass", "pobj"):
            return Reading("proposed" if status in _MADE else "in-force", noun, True, hoped=_hoping(verb))
    hoped = noun.lemma_.lower() in ("hope", "possibility", "prospect", "need", "call", "idea")
    return Reading(status, noun, True, hoped=hoped)


def _by_verb(phrase: Phrase, verb: Token) -> Reading | None:
    w = vocabulary()
    lemma = verb.lemma_.lower()
    if any(c.dep_ == "prt" and c.lower_ in w["undoing"] for c in verb.children):
        return Reading(w["undoing"][next(c.lower_ for c in verb.children if c.lower_ in w["undoing"])], verb, True)
    if any(c.dep_ == "prep" and any(o.lower_ in w["into_force"] for o in c.children) for c in verb.children) or (
        lemma == "take" and any(c.lower_ == "effect" for c in verb.children)
    ):
        if not _ahead(verb):
            return Reading("in-force", verb, True)
        return Reading("agreed", verb, True)
    status = w["verbs"].get(lemma)
    if lemma == "be" and any(c.lower_ in w["awaited"] for c in verb.children if c.dep_ in ("mark", "advmod")):
        return Reading("proposed", verb, True)  # "once a trade agreement is in place"
    if lemma == "be" and any(c.dep_ in ("acomp", "attr", "advmod") and c.lower_ in w["near"] for c in verb.children):
        return Reading("proposed", verb, True)
    if lemma == "approve" and any(c.lower_ in w["legislatures"] for c in _doers(verb)):
        status = "ratified"
    if lemma in w["hoping"] and (lemma in w["seeking"] or phrase.head.dep_ == "pobj"):
        between = [t for t in (phrase.head, *phrase.head.ancestors) if t.i != verb.i and verb in t.ancestors]
        if all(t.pos_ not in ("VERB", "AUX") for t in between):
            return Reading("proposed", verb, True, hoped=True)
    if status is None:
        return None
    if lemma in ("enter", "work", "talk") and not _enters(verb, phrase.head):
        return None
    denied = _denied(verb)
    if lemma in w["standing"]:
        return Reading(status, verb, True, hoped=_hoping(verb) or lemma in w["hoping"], denied=False)
    if denied and lemma in w["publishing"]:
        return None
    if denied or _ahead(verb):
        hoped = _hoping(verb)
        if status in _CHANGES:
            return Reading("in-force", verb, True, ahead=True)
        if lemma == "ratify" and not hoped:
            return Reading("agreed", verb, True, ahead=True)
        return Reading("proposed", verb, True, hoped=hoped, denied=denied, ahead=True)
    going_on = verb.tag_ == "VBG" and any(c.lower_ in w["being"] for c in verb.children if c.dep_ == "aux")
    if going_on and status in _MADE:  # "are finalising a pact"
        return Reading("under-negotiation", verb, True)
    return Reading(status, verb, True)


def _doers(verb: Token) -> list[Token]:
    """The subject of a verb or of the one it hangs on ("the Senate voted to approve")."""
    for token in (verb, verb.head):
        subjects = [c for c in token.children if c.dep_ == "nsubj"]
        if subjects:
            return subjects
    return [o for a in verb.children if a.dep_ == "agent" for o in a.children]


def _enters(verb: Token, head: Token) -> bool:
    """Whether "enter into", "work on", "talk about" has the instrument as its object."""
    return any(a.dep_ == "prep" and a.head.i == verb.i for a in head.ancestors) or head.head.i == verb.i


def _denied(verb: Token) -> bool:
    """Whether the act did not take place: negated, refused, failed."""
    for token in (verb, *verb.ancestors):
        if any(c.dep_ == "neg" or c.lower_ == "never" for c in token.children):
            return True
        if token.i != verb.i and token.lemma_ in ("refuse", "fail", "decline", "reject", "unable"):
            return True
        if token.dep_ not in ("xcomp", "conj"):
            return False
    return False


def _ahead(verb: Token) -> bool:
    """Whether the act still lies ahead or is only possible: "will sign", "hopes to sign", "if they sign"."""
    helpers = {c.lower_ for c in verb.children if c.dep_ in ("aux", "auxpass", "mark")}
    if helpers & {"will", "wo", "shall", "would", "could", "may", "might", "should", "must", "can", "'ll", "’ll", "if"}:
        return "have" not in helpers or "will" in helpers
    if "unless" in helpers or "to" in helpers or verb.tag_ == "VB":
        governor = verb.head
        done = governor.lemma_ in vocabulary()["achieving"]
        last = verb.dep_ in ("relcl", "acl") and governor.pos_ in _NOUNISH and _ordinal(governor)
        if last or (done and verb.dep_ in ("xcomp", "advcl", "ccomp") and not _ahead(governor)):
            return False
        return verb.dep_ != "ROOT" or "to" in helpers
    if verb.tag_ == "VBG" and verb.dep_ == "pcomp" and verb.head.head.pos_ in _NOUNISH:
        nouns = vocabulary()["nouns"]  # "talks on extending the truce"
        return nouns.get(verb.head.head.lemma_.lower()) in ("under-negotiation", "proposed")
    if verb.tag_ == "VBG" and not helpers and verb.dep_ in ("pcomp", "xcomp"):
        above = next((a for a in verb.ancestors if a.pos_ in ("VERB", "AUX")), None)
        return above is not None and (_ahead(above) or above.lemma_ in ("consider", "aim", "plan", "look", "discuss"))
    if verb.dep_ == "conj" and not helpers and verb.head.pos_ == "VERB" and verb.tag_ == verb.head.tag_:
        return _ahead(verb.head)
    return "being" in helpers and verb.lemma_ in ("negotiate", "discuss", "finalise", "finalize")


def _ordinal(noun: Token) -> bool:
    """ "the 20th nation to sign", "the latest to join": the infinitive has happened."""
    return any(
        c.ent_type_ == "ORDINAL" or c.lower_ in ("first", "last", "latest", "only", "next") for c in noun.children
    )


def _hoping(verb: Token) -> bool:
    """Whether the verb hangs on one of wishing: "hopes to reach", "pressed them to sign"."""
    if verb.lemma_ in vocabulary()["hoping"]:
        return True
    for above in verb.ancestors:
        if above.pos_ == "VERB":
            return above.lemma_ in vocabulary()["hoping"]
        if above.lemma_ in ("hope", "wish", "call", "need", "effort", "bid", "attempt", "aim"):
            return True
    return False
