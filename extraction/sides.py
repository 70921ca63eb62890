"""Sides: which actors and states take part in an act, as actor, recipient or both.

What belongs here: which phrases round a trigger take which side, and who is meant when no phrase names one.
What does not: whom a phrase names (``phrases``), which words are triggers (``triggers``).
"""

from __future__ import annotations

from collections import deque
from functools import cache

from spacy.tokens import Token

from extraction import grammar
from extraction.acts import Act
from extraction.coreference import Coreference
from extraction.document import Document
from extraction.facts import Quote, Side
from extraction.frames import word_class
from extraction.gazetteer import lexicon
from extraction.phrases import Phrases, Sides, is_plural

_RECIPROCAL = frozenset({"CONSULT", "COOPERATE"})
_VERBAL = frozenset({"ACCUSE", "REQUEST", "REJECT", "AGREE", "SUPPORT", "THREATEN"})
_ATTITUDES = frozenset({"ACCUSE", "SUPPORT", "REJECT", "REQUEST"})
_TOWARDS = frozenset({"to", "against", "with", "from", "on", "upon", "toward", "towards", "into", "between", "among"})
# What an act is about, not whom it meets, is left out by type; what it may be aimed at is added.
_ALSO_TOWARDS = {
    "ACCUSE": {"at", "over", "for", "of"},
    "REJECT": {"of", "for"},
    "SUPPORT": {"for", "of"},
    "REQUEST": {"of", "for"},
    "ASSAULT": {"at"},
}
_NOT_TOWARDS = {
    "CONSULT": {"on", "upon", "into", "from"},
    "AGREE": {"from", "on", "upon", "into"},
    "SUPPORT": {"from", "on"},
}
_NOUN_TOWARDS = ("with", "on", "against", "to", "from", "over", "of", "for", "toward", "towards", "into")
_TOPICAL = frozenset({"discuss", "negotiate", "deliberate"})
_UPWARDS = frozenset({"pobj", "prep", "conj", "dobj", "acl", "pcomp", "npadvmod", "compound"})
_DEFINITE = frozenset({"the", "this", "that", "these", "those"})
_REMEMBERED = 60  # acts: how far back "the request" may point


@cache
def _anaphors() -> dict[str, frozenset[str]]:
    """Nouns that point back to an act already told, with the types it may have."""
    rows = lexicon("trigger_classes")["anaphors"]
    return {noun: frozenset(row["types"]) for row in rows for noun in row["nouns"]}


def is_mutual(act: Act) -> bool:
    """Whether both sides of an act do the same: those who sign, reach an agreement, establish ties."""
    return act.token.lemma_.lower() in word_class("MUTUAL")


class Reader:
    """Reads the sides of a document's acts, in their order."""

    def __init__(self, document: Document, coreference: Coreference, quotes: list[Quote]) -> None:
        self._phrases = Phrases(document, coreference, quotes)
        self._group = Sides()
        self._told: deque[tuple[str, list[Token]]] = deque(maxlen=_REMEMBERED)

    def of(self, act: Act) -> Sides:
        """The sides of an act."""
        phrases, sides = self._phrases, Sides()
        doers, targets = self._slots(act)
        reciprocal = act.type in _RECIPROCAL or is_mutual(act)
        doing: Side = "both" if reciprocal else "actor"
        for token in doers:
            phrases.add(sides, token, doing)
        sides.actor_countries = set(sides.countries)
        self._told.append((act.type, doers))
        for token in targets:
            phrases.add(sides, token, "both" if reciprocal else "recipient", place=act.type == "ASSAULT")
        if not sides.actor_countries and not sides.on("actor"):
            self._as_before(sides, act, doing)
        elif act.type == "CONSULT" or self._several(doers):
            self._group = sides
        if reciprocal and act.type != "COOPERATE":
            self._other_side(sides, act)
        main = set(phrases.main_states)
        others = [phrases.actors.by_key[k] for k in sides.on("recipient") - sides.on("actor")]
        alone = len(sides.countries) == 1 and all(o.country in sides.actor_countries for o in others)
        if phrases.bilateral and act.type in _VERBAL and alone and sides.countries <= main:
            sides.countries |= main  # in a story of two states, what one says unaddressed is said to the other
        return sides

    def _several(self, doers: list[Token]) -> bool:
        heads = [t for t in doers if t.dep_ in {"nsubj", "conj", "pobj", "nsubjpass"}]
        return len({t.i for t in heads if self._phrases.resolve(t) is not None}) > 1

    def _other_side(self, sides: Sides, act: Act) -> None:
        """Who meets or signs with the one side that is named: the subject above, else the state of the story."""
        if len(sides.countries) > 1 or (not sides.countries and act.trigger.frame.part != "nouns"):
            return
        token = act.token
        while token.head is not token and token.dep_ in _UPWARDS:
            token = token.head
            if grammar.is_verb(token):
                break
        if grammar.is_verb(token) and token is not act.token:
            above = grammar.subject_heads(token)
            above += grammar.passive_subjects(token) if grammar.is_passive(token) else []
            for t in (t for h in above if h is not act.token for t in self._phrases.names(h)):
                self._phrases.add(sides, t, "both")
        blocs = any(self._phrases.actors.by_key[k].kind == "bloc" for k in sides.participants)
        if len(sides.countries) == 1 and not blocs:
            sides.countries |= set(self._phrases.main_states[:1])

    def _as_before(self, sides: Sides, act: Act, side: Side) -> None:
        """Those of the last act that had several on its sides, when "they" or "the ministers" act."""
        verb = act.trigger.governor or act.token
        if verb.pos_ == "ADJ":
            verb = verb.head
        heads = grammar.subject_heads(verb) if grammar.is_verb(verb) or verb.pos_ == "AUX" else []
        owners = [c for c in act.token.children if c.dep_ == "poss"]
        if not any(is_plural(h) for h in [*heads, *owners]):
            return
        pair = self._phrases.pair_before(act.token)
        for token in pair:
            self._phrases.add(sides, token, side)
        if not pair:
            group = self._group or self._phrases.narrators()
            for key in group.on("actor"):
                sides.participants.setdefault(key, side)
            sides.countries |= group.actor_countries or group.countries

    def _slots(self, act: Act) -> tuple[list[Token], list[Token]]:
        """The tokens that name those who act, and those whom the act is aimed at."""
        part, names = act.trigger.frame.part, self._phrases.names
        if part == "nouns":
            return self._noun_doers(act), self._noun_targets(act)
        if part == "adjectives":
            doers = [t for h in grammar.subject_heads(act.token.head) for t in names(h)]
            heads = [h for w in ("to", "for", "with", "of") for h in grammar.prepositional_heads(act.token, w)]
            return doers, [t for h in heads for t in names(h)]
        doers = [t for h in grammar.subject_heads(act.token) for t in names(h)]
        if not doers and act.type == "REQUEST" and act.token.dep_ == "ccomp":
            doers = [t for h in grammar.subject_heads(act.token.head) for t in names(h)]
        return doers, self._verb_targets(act, {t.i for t in doers})

    def _verb_targets(self, act: Act, doers: set[int]) -> list[Token]:
        verb, phrases = act.token, self._phrases
        towards = (_TOWARDS | _ALSO_TOWARDS.get(act.type, set())) - _NOT_TOWARDS.get(act.type, set())
        if act.mode == "visit":
            towards |= {"in", "at"}
        heads = [] if act.type == "CONSULT" and verb.lemma_ in _TOPICAL else grammar.object_heads(verb)
        for child in verb.children:
            if child.dep_ in {"prep", "dative"} and child.lower_ in towards:
                heads += [h for h in child.children if h.dep_ in {"pobj", "pcomp"}]
        found = [t for h in heads for t in self._aimed(h, act)]
        for child in verb.children:
            if child.dep_ == "dobj":
                for word in ("with", "to", "against", "from", "between"):
                    found += [t for h in grammar.prepositional_heads(child, word) for t in phrases.mentioned(h)]
        if act.complement is not None and act.type == "AGREE":
            found += [t for t in phrases.mentioned(act.complement) if t.i not in doers]
        elif act.complement is not None and act.type != "CONSULT":
            # of whom the clause tells: whom somebody asks, accuses, warns of
            subjects = [c for c in act.complement.children if c.dep_ in {"nsubj", "nsubjpass"}]
            found += [t for s in subjects for h in grammar.conjuncts(s) for t in phrases.names(h) if t.i not in doers]
        return found

    def _noun_doers(self, act: Act) -> list[Token]:
        noun, names = act.token, self._phrases.names
        found: list[Token] = []
        for child in noun.children:
            if child.dep_ == "poss":
                found += names(child)
            elif child.dep_ in {"amod", "compound", "nmod"}:
                found += [t for t in child.subtree if self._phrases.country(t) or self._phrases.resolve(t)]
            elif child.dep_ == "acl" and child.tag_ == "VBN":
                found += [t for h in grammar.subject_heads(child) for t in names(h)]
        if noun.dep_ == "pobj" and noun.head.lower_ == "of" and noun.head.head.pos_ == "NOUN":
            # "its war of aggression"
            found += [t for c in noun.head.head.children if c.dep_ == "poss" for t in names(c)]
        for word in ("by", "between", "among"):
            found += [t for h in grammar.prepositional_heads(noun, word) for t in names(h)]
        governor = act.trigger.governor
        if governor is not None and grammar.is_verb(governor):
            subjects = grammar.subject_heads(governor)
            if noun not in subjects:
                found += [t for h in subjects for t in names(h)]
        return found

    def _noun_targets(self, act: Act) -> list[Token]:
        noun, phrases = act.token, self._phrases
        found: list[Token] = []
        for child in noun.children:
            if child.dep_ == "acl" and child.tag_ == "VBG":  # "calls asking the mission to close"
                found += [t for h in grammar.object_heads(child) for t in phrases.names(h)]
        for word in _NOUN_TOWARDS:
            found += [t for h in grammar.prepositional_heads(noun, word) for t in phrases.mentioned(h)]
        governor = act.trigger.governor
        if governor is not None and noun.dep_ in {"dobj", "conj"}:
            for child in governor.children:
                if child.dep_ == "prep" and child.lower_ in {"with", "against", "to", "on", "between", "from"}:
                    found += [t for h in child.children if h.dep_ == "pobj" for t in phrases.mentioned(h)]
        return found

    def _aimed(self, head: Token, act: Act) -> list[Token]:
        """Whom a phrase names that an act is aimed at: the owner of what is praised, not all that it concerns."""
        names = self._phrases.names
        if act.type in _ATTITUDES:
            owners = [t for c in head.children if c.dep_ == "poss" for t in names(c)]
            if owners:
                partners = [h for w in ("between", "with") for h in grammar.prepositional_heads(head, w)]
                return owners + [t for h in partners for t in names(h)]
            known = self._known(head)
            if known is not None:
                return known
        return self._phrases.mentioned(head)

    def _known(self, head: Token) -> list[Token] | None:
        """Those behind an act told before: "rejected the request", "condemned the attack"."""
        kinds = _anaphors().get(head.lemma_.lower())
        if kinds is None or not any(c.lower_ in _DEFINITE for c in head.children):
            return None
        if any(c.dep_ in {"prep", "relcl", "acl", "compound"} for c in head.children):
            return None
        return next((doers for kind, doers in reversed(self._told) if kind in kinds and doers), None)
