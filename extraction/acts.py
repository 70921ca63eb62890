"""Acts: what a trigger in its context counts as: its type, mode and status, or nothing.

What belongs here: refused, promised, demanded and threatened acts (the outer act counts, not the inner), denied and
future acts, obligations put on others.
What does not: the words themselves (``frames``), who took part (``sides``).
"""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Token

from extraction import grammar, status
from extraction.document import Document
from extraction.facts import EventStatus
from extraction.frames import Frame, index, word_class
from extraction.prominence import is_background, is_main
from extraction.status import Reading
from extraction.triggers import Trigger, Triggers, is_agent

_FACTIVE = frozenset({"ACCUSE", "SUPPORT"})
# What is promised by these words is already the act: "will respect", "will support".
_TELEPHONE = frozenset({"phone", "telephone", "telephonic"})
_GOVERNED = frozenset({"dobj", "xcomp", "ccomp", "nsubjpass", "oprd", "acl", "attr"})
_BESIDE = frozenset({"after", "during", "following", "in", "at", "amid", "since", "on", "despite"})
_STANCES = frozenset({"respect", "support", "back", "defend", "stand"})
_EMBEDDED_FACTS = frozenset({"ASSAULT", "SUPPORT", "AID", "CONSULT", "COERCE", "SANCTION", "MOBILIZE"})
_FIRST_PERSON = frozenset({"i", "we", "he", "she", "you"})
_COOPERATIVE = frozenset({"CONSULT", "SUPPORT", "AGREE", "COOPERATE", "AID", "RETREAT", "CONCEDE"})
_REFUSED = {"CONSULT": "meet", "AID": "assist", "COOPERATE": "assist", "RETREAT": "yield", "CONCEDE": "yield"}
_THREATENED = {"ASSAULT": "violence", "COERCE": "restrict", "SANCTION": "relations", "MOBILIZE": "violence"}
_SIGNED = frozenset({"sign", "ink", "ratify", "join", "reopen", "open", "accede", "inaugurate", "signing", "signature"})


FLASH = 2  # sentences


@dataclass(frozen=True, slots=True)
class Act:
    """An act told by one trigger.  ``verb``: the verb whose subject and objects take part (the trigger of a noun)."""

    token: Token
    type: str
    mode: str | None
    status: EventStatus
    trigger: Trigger
    complement: Token | None = None


def acts_of(document: Document) -> list[Act]:
    """The acts that a document tells, in order of their triggers."""
    triggers = Triggers(document.doc)
    found = [*triggers.all, *_refusals(document, triggers), *_obligations(document, triggers)]
    by_token: dict[int, Trigger] = {}
    for trigger in found:
        by_token[trigger.token.i] = trigger
    ordered = [by_token[i] for i in sorted(by_token)]
    absorbed = _absorbed(ordered, triggers)
    told = [t for t in ordered if t.token.i not in absorbed and not _same_attack(t, by_token)]
    foreground = [t for t in told if not is_background(t)]
    if len(document.sentences) > FLASH:
        return _told(foreground, triggers)
    # a flash tells one piece of news: what its main clause says, and only failing that what stands beside it
    main = [t for t in foreground if is_main(t)]
    return _told(main, triggers) or _told(foreground, triggers) or _told(told, triggers)


def _same_attack(trigger: Trigger, by_token: dict[int, Trigger]) -> bool:
    """Whether a verb only says what the attack that is its subject did: "the bombing killed nine"."""
    if trigger.frame.type != "ASSAULT" or trigger.frame.part != "verbs":
        return False
    subjects = grammar.subject_heads(trigger.token)
    return any((t := by_token.get(s.i)) is not None and t.frame.type == "ASSAULT" for s in subjects)


def _told(found: list[Trigger], triggers: Triggers) -> list[Act]:
    return [a for t in found if (a := _act(t, triggers)) is not None]


def _absorbed(found: list[Trigger], triggers: Triggers) -> set[int]:
    """Tokens whose act is only what another act is about."""
    inside: set[int] = set()
    for trigger in found:
        if not trigger.frame.absorbs or trigger.token.i in inside:
            continue
        factive = trigger.frame.type in _FACTIVE
        for token in _region(trigger, triggers):
            other = triggers.at(token)
            if not factive or not _own_actor(token) or (other is not None and other.frame.type not in _EMBEDDED_FACTS):
                inside.add(token.i)
    return inside


def _region(trigger: Trigger, triggers: Triggers) -> list[Token]:
    """What a trigger governs, without clauses that tell facts of their own."""
    token = trigger.token
    roots: list[Token] = []
    beside = _BESIDE | {"to", "with"} if trigger.frame.type == "CONSULT" else _BESIDE
    for child in token.children:
        particle = trigger.frame.part == "verbs" and any(p == child.lower_ for _, p in trigger.frame.words)
        purpose = child.dep_ == "advcl" and any(a.dep_ == "aux" and a.lower_ == "to" for a in child.children)
        phrase = child.dep_ == "prep" and child.lower_ not in beside
        if child.dep_ in _GOVERNED or purpose or phrase or (particle and child.dep_ in {"prep", "prt"}):
            roots.append(child)
    complement = triggers.company(token).complement
    if complement is not None and complement[1] not in roots:
        roots.append(complement[1])
    found: list[Token] = []
    for root in roots:
        stack = [root]
        while stack:
            node = stack.pop()
            found.append(node)
            for child in node.children:
                if child.dep_ in {"relcl", "acl"} and child.tag_ in {"VBD", "VBN", "VBZ", "VBP"} and not _wish(child):
                    continue
                if child.dep_ == "conj" and node.tag_ == "VB" and child.tag_ in {"VBD", "VBZ", "VBP"}:
                    continue
                if child.dep_ == "prep" and child.lower_ == "despite":
                    continue
                if child.dep_ == "advcl" and any(
                    c.lower_ in {"after", "as", "while", "when", "since", "because"} for c in child.children
                ):
                    continue
                stack.append(child)
    return [t for t in found if t is not token]


def _wish(verb: Token) -> bool:
    return bool({"would", "should", "may", "could"} & grammar.auxiliaries(verb))


def _own_actor(token: Token) -> bool:
    """Whether an embedded act names who did it itself."""
    if grammar.is_verb(token):
        return any(is_agent(s) for c in token.children if c.dep_ == "nsubj" for s in [c]) and token.dep_ not in {
            "xcomp"
        }
    return bool(grammar.prepositional_heads(token, "by")) or any(
        c.dep_ in {"poss", "compound", "amod"} and c.ent_type_ in {"GPE", "NORP", "ORG", "PERSON"}
        for c in token.children
    )


def _reading(trigger: Trigger) -> Reading:
    if trigger.frame.part == "nouns":
        return status.of_noun(trigger.token, trigger.governor)
    if trigger.frame.part == "adjectives":
        verb = trigger.token.head
        if grammar.negated(trigger.token):
            return Reading.DENIED
        return status.of_verb(verb) if grammar.is_verb(verb) or verb.pos_ == "AUX" else Reading.FACT
    return status.of_verb(trigger.token)


def _act(trigger: Trigger, triggers: Triggers) -> Act | None:
    reading = _reading(trigger)
    kind, mode = trigger.frame.type, trigger.frame.mode
    token = trigger.token
    company = triggers.company(token)
    inner = company.complement[1] if company.complement else None
    if trigger.frame.part == "negated":
        plain = triggers.at(token)
        return Act(token, kind, _REFUSED.get(plain.frame.type) if plain else None, "held", trigger, inner)
    if kind == "REQUEST" and trigger.frame.words == ():
        return Act(token, kind, mode, "held", trigger, inner)
    if kind in {"REJECT", "REQUEST", "THREATEN"} and mode is None:
        mode = _inner_mode(kind, trigger, triggers)
    if kind == "AGREE" and inner is not None and trigger.frame.part == "verbs" and _denied(inner):
        return Act(token, "REJECT", None, "held", trigger, inner)
    if kind == "THREATEN" and reading is Reading.UNREAL and trigger.frame.part == "nouns":
        reading = Reading.FACT
    if kind == "AGREE" and reading is Reading.FACT and _inner_mode("REQUEST", trigger, triggers) == "meet":
        return Act(token, kind, mode, "planned", trigger, inner)
    if kind == "CONSULT" and company.clause_words & _TELEPHONE:
        mode = "phone"
    if reading is Reading.FACT:
        return Act(token, kind, mode, "held", trigger, inner)
    if reading is Reading.CANCELLED:
        return (
            Act(token, kind, mode, "cancelled", trigger, inner) if kind in {"CONSULT", "SUPPORT", "COOPERATE"} else None
        )
    if reading in {Reading.FUTURE, Reading.PLANNED}:
        return _to_come(trigger, reading, mode, inner)
    if reading is Reading.DENIED_FUTURE and kind in _COOPERATIVE and kind != "AGREE":
        return Act(token, "REJECT", _REFUSED.get(kind), "held", trigger, inner)
    if reading is Reading.DENIED_FUTURE and kind == "AGREE":
        return Act(token, "REJECT", None, "held", trigger, inner)
    return None


def _denied(verb: Token) -> bool:
    """ "vowed that it would never happen": what is promised is a refusal, but only with will or would."""
    return grammar.negated(verb) and bool({"will", "would", "wo", "'ll"} & grammar.auxiliaries(verb))


def _to_come(trigger: Trigger, reading: Reading, mode: str | None, inner: Token | None) -> Act | None:
    kind, token = trigger.frame.type, trigger.token
    if status.under_condition(token) and kind in _THREATENED and reading is Reading.FUTURE:
        return Act(token, "THREATEN", _THREATENED[kind], "held", trigger, inner)
    if mode == "ceasefire":
        return Act(token, kind, mode, "planned", trigger, inner)
    if kind == "SUPPORT" and token.lemma_ in _STANCES:
        return Act(token, kind, mode, "held", trigger, inner)
    if kind == "CONSULT" or (kind == "SUPPORT" and token.lemma_.lower() in _SIGNED):
        return Act(token, "AGREE", None, "planned", trigger, inner)
    if kind == "AGREE":
        return Act(token, "AGREE", None, "held", trigger, inner)
    if kind in _COOPERATIVE:
        if reading is Reading.PLANNED:
            return Act(token, kind, mode, "planned", trigger, inner)
        return Act(token, "AGREE", None, "held", trigger, inner)
    if kind in {"COERCE", "PROTEST", "ASSAULT"} and reading is Reading.FUTURE:
        return Act(token, "THREATEN", _THREATENED.get(kind), "held", trigger, inner)
    if kind in {"SANCTION", "MOBILIZE", "PROTEST", "COERCE", "ASSAULT"}:
        return Act(token, kind, mode, "planned", trigger, inner)
    return Act(token, kind, mode, "held", trigger, inner)


def _inner_mode(kind: str, trigger: Trigger, triggers: Triggers) -> str | None:
    """The mode of a refused, requested or threatened act, from the act inside it."""
    inner: str | None = None
    for token in sorted(_region(trigger, triggers), key=lambda t: t.i):
        other = triggers.at(token)
        if other is not None:
            inner = other.frame.type
            break
    if inner is None:
        return None
    if kind == "THREATEN":
        return _THREATENED.get(inner)
    return _REFUSED.get(inner)


def _refusals(document: Document, triggers: Triggers) -> list[Trigger]:
    """Verbs whose denial is a refusal: "will not accept"."""
    found: list[Trigger] = []
    for token in document.doc:
        frames = index("negated").get(token.lemma_.lower())
        if not frames or not grammar.is_verb(token):
            continue
        reading = status.of_verb(token)
        denied = reading is Reading.DENIED and token.lemma_.lower() in word_class("DENYING")
        if reading is not Reading.DENIED_FUTURE and not denied:
            continue
        frame = frames[0][0]
        if frame.subject_political and not triggers.company(token).political:
            continue
        found.append(Trigger(token, frame))
    return found


_OBLIGATION = Frame(type="REQUEST", mode=None, part="verbs", words=(), absorbs=True)


def _obligations(document: Document, triggers: Triggers) -> list[Trigger]:
    """What somebody says that another political actor must do."""
    found: list[Trigger] = []
    for token in document.doc:
        if not grammar.is_verb(token) or status.of_verb(token) is not Reading.OBLIGATION or status.conditional(token):
            continue
        subjects = triggers.company(token).subjects or grammar.passive_subjects(token)
        if not subjects or any(s.lower_ in _FIRST_PERSON for s in subjects):
            continue
        speech = _speech(token)
        if speech is None:
            continue
        speakers = grammar.subject_heads(speech)
        if not any(is_agent(s) for s in speakers) or {s.lower_ for s in speakers} & {s.lower_ for s in subjects}:
            continue
        if grammar.is_passive(token) and any(s.ent_type_ == "PERSON" for s in subjects):
            continue
        if any(is_agent(s) and s.lower_ not in {"it", "that", "which", "who"} for s in subjects):
            found.append(Trigger(token, _OBLIGATION))
    return found


def _speech(verb: Token) -> Token | None:
    """The verb of saying above a clause."""
    token = verb
    for _ in range(5):
        if token.dep_ in {"ccomp", "conj", "xcomp", "parataxis"} and token.head is not token:
            token = token.head
            if token.lemma_.lower() in word_class("SAY"):
                return token
        else:
            break
    return next(
        (c for c in token.children if c.dep_ in {"parataxis", "ccomp"} and c.lemma_.lower() in word_class("SAY")), None
    )
