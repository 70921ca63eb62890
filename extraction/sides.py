"""Sides: which actors and states take part in an act, as actor, recipient or both.

What belongs here: reading the phrases round a trigger into participants' keys and countries.
What does not: finding actors (``actors``, ``coreference``), which words are triggers (``triggers``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from spacy.tokens import Token

from extraction import gazetteer, grammar
from extraction.actors import Actor
from extraction.acts import Act
from extraction.coreference import Coreference
from extraction.document import Document
from extraction.facts import Quote, Side

_RECIPROCAL = frozenset({"CONSULT", "COOPERATE"})
MUTUAL_VERBS = frozenset({
    "sign", "ink", "initial", "reach", "conclude", "strike", "clinch", "seal", "establish", "restore", "normalise", "normalize", "resume", "forge",
    "finalise", "finalize", "extend", "renew", "enter", "signing", "agreement", "accord", "pact", "deal", "conclusion", "ratify",
})  # fmt: skip
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
_TOPICAL = frozenset({"discuss", "negotiate", "deliberate"})
_PLACES = frozenset(
    {
        "in",
        "at",
        "near",
        "during",
        "after",
        "before",
        "since",
        "inside",
        "outside",
        "amid",
        "following",
        "around",
        "until",
        "through",
        "across",
    }
)
_NAMING = frozenset({"compound", "amod", "nmod", "appos", "poss", "flat", "nummod"})
_BOTH_SIDES = frozenset(
    {
        "side",
        "country",
        "nation",
        "state",
        "leader",
        "government",
        "minister",
        "president",
        "party",
        "neighbour",
        "neighbor",
        "counterpart",
        "capital",
        "delegation",
        "official",
        "power",
        "ally",
    }
)
_EACH_OTHER = frozenset({"two", "both"})


@dataclass(slots=True)
class Sides:
    """Who takes part: participant keys with their side, and the states of all sides."""

    participants: dict[str, Side] = field(default_factory=dict)
    countries: set[str] = field(default_factory=set)
    actor_countries: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.participants or self.countries)


_FIRST_PERSON = frozenset({"i", "we", "me", "us", "our", "my"})
_PLURALS = frozenset({"they", "we", "their", "our", "both"})


def _plural(head: Token) -> bool:
    """Whether a phrase stands for several actors named before: "they", "the presidents"."""
    if head.lower_ in _PLURALS:
        return True
    return (
        head.tag_ in {"NNS", "NNPS"}
        and head.lemma_.lower() in _BOTH_SIDES
        and any(c.lower_ == "the" for c in head.children)
    )


def _speakers(quotes: list[Quote]) -> list[tuple[int, int, str]]:
    found = [(q.start, q.end, q.speaker) for q in quotes if q.speaker is not None]
    found += [(*q.continuation, q.speaker) for q in quotes if q.speaker is not None and q.continuation is not None]
    return sorted(found)


_VERBAL = frozenset({"ACCUSE", "REQUEST", "REJECT", "AGREE", "SUPPORT", "THREATEN"})
_BILATERAL = 0.75  # share of the two states in all mentions of states
_ATTITUDES = frozenset({"ACCUSE", "SUPPORT", "REJECT", "REQUEST"})
_ANAPHORS = {
    **dict.fromkeys(("request", "demand", "call", "appeal", "plea"), frozenset({"REQUEST"})),
    **dict.fromkeys(("proposal", "offer", "invitation", "pledge", "initiative"), frozenset({"AGREE", "REQUEST"})),
    **dict.fromkeys(
        (
            "attack",
            "strike",
            "operation",
            "offensive",
            "invasion",
            "assault",
            "raid",
            "bombing",
            "incursion",
            "killing",
        ),
        frozenset({"ASSAULT"}),
    ),
    **dict.fromkeys(("accusation", "allegation", "charge", "criticism", "claim"), frozenset({"ACCUSE"})),
    **dict.fromkeys(("sanction", "ban", "tariff", "embargo", "measure"), frozenset({"SANCTION", "COERCE"})),
    **dict.fromkeys(("threat", "warning", "ultimatum"), frozenset({"THREATEN"})),
}


class Reader:
    """Reads sides in one document."""

    def __init__(self, document: Document, coreference: Coreference, quotes: list[Quote]) -> None:
        self.document = document
        self.coreference = coreference
        self._speakers = _speakers(quotes)
        self._group = Sides()
        self._told: list[tuple[str, list[Token]]] = []
        self._states = {a.country: a for a in coreference.actors.all if a.kind == "state" and a.country}
        self._country: dict[int, str | None] = {}
        self._bilateral = False
        self._main = self._main_states()

    def _main_states(self) -> tuple[str, ...]:
        counts: Counter[str] = Counter()
        for token in self.document.doc:
            country = self.country(token)
            if country:
                counts[country] += 1
        top = counts.most_common(2)
        if len(top) < 2:
            return ()
        self._bilateral = sum(n for _, n in top) >= _BILATERAL * counts.total() and top[1][1] > 1
        return tuple(c for c, _ in top)

    def resolve(self, token: Token) -> Actor | None:
        """The actor that a token names or stands for; "we" in a quote stands for its speaker."""
        actor = self.coreference.resolve(token)
        if actor is None and token.lower_ in _FIRST_PERSON and token.pos_ == "PRON":
            actor = self.coreference.actors.by_key.get(self._speaker(token.idx) or "")
        return actor

    def _speaker(self, offset: int) -> str | None:
        at = bisect_right(self._speakers, (offset, 1 << 60, "")) - 1
        if at < 0:
            return None
        start, end, speaker = self._speakers[at]
        return speaker if start <= offset < end else None

    def country(self, token: Token) -> str | None:
        """The state that a token names, as a name, a people or through an actor."""
        if token.i not in self._country:
            actor = self.resolve(token)
            found = actor.country if actor is not None else None
            if found is None and actor is None and token.text[:1].isupper() and token.pos_ in {"PROPN", "ADJ", "NOUN"}:
                found = self._named(token)
            self._country[token.i] = found
        return self._country[token.i]

    def _named(self, token: Token) -> str | None:
        doc = token.doc
        spans = [
            doc[token.i : token.i + 2].text if token.i + 1 < len(doc) else "",
            doc[max(0, token.i - 1) : token.i + 1].text,
            token.text,
        ]
        if token.ent_type_ in {"GPE", "NORP"}:
            ent = next((e for e in token.sent.ents if e.start <= token.i < e.end), None)
            if ent is not None:
                spans.insert(0, ent.text)
        for text in spans:
            found = gazetteer.country_of_demonym(text) or gazetteer.country_of_name(text) if text else None
            if found is not None:
                return found
        return None

    def of(self, act: Act) -> Sides:
        """The sides of an act."""
        sides = Sides()
        doers, targets = self._slots(act)
        reciprocal = act.type in _RECIPROCAL or act.token.lemma_.lower() in MUTUAL_VERBS
        for token in doers:
            self._add(sides, token, "both" if reciprocal else "actor")
        sides.actor_countries = set(sides.countries)
        self._told.append((act.type, doers))
        for token in targets:
            self._add(sides, token, "both" if reciprocal else "recipient", act.type == "ASSAULT")
        if not sides.actor_countries and not any(side != "recipient" for side in sides.participants.values()):
            self._as_before(sides, act, "both" if reciprocal else "actor")
        elif (
            act.type == "CONSULT"
            or len(
                {t.i for t in doers if self.resolve(t) is not None and t.dep_ in {"nsubj", "conj", "pobj", "nsubjpass"}}
            )
            > 1
        ):
            self._group = sides
        if reciprocal and act.type != "COOPERATE":
            self._other_side(sides, act)
        if self._bilateral and act.type in _VERBAL and len(sides.countries) == 1 and sides.countries <= set(self._main):
            # in a story of two states, what one says unaddressed is said to the other
            if not any(side == "recipient" for side in sides.participants.values()):
                sides.countries |= set(self._main)
        return sides

    def _other_side(self, sides: Sides, act: Act) -> None:
        """Who meets or signs with the one side that the phrase names: the subject above it, else the article's own state."""
        if len(sides.countries) > 1 or (not sides.countries and act.trigger.frame.part != "nouns"):
            return
        token = act.token
        while token.head is not token and token.dep_ in {
            "pobj",
            "prep",
            "conj",
            "dobj",
            "acl",
            "pcomp",
            "npadvmod",
            "compound",
        }:
            token = token.head
            if grammar.is_verb(token):
                break
        if grammar.is_verb(token) and token is not act.token:
            for head in [
                *grammar.subject_heads(token),
                *(grammar.passive_subjects(token) if grammar.is_passive(token) else []),
            ]:
                if head is not act.token:
                    for t in self.names(head):
                        self._add(sides, t, "both")
        if len(sides.countries) == 1 and not any(self._is_bloc(k) for k in sides.participants):
            sides.countries |= set(self._main[:1])

    def _is_bloc(self, key: str) -> bool:
        return self.coreference.actors.by_key[key].kind == "bloc"

    def _as_before(self, sides: Sides, act: Act, side: Side) -> None:
        """ "They agreed", "the ministers said": those of the last act that had several on its sides."""
        verb = (
            act.trigger.governor
            if act.trigger.frame.part == "nouns" and act.trigger.governor is not None
            else act.token
        )
        if verb.pos_ == "ADJ":
            verb = verb.head
        heads = grammar.subject_heads(verb) if grammar.is_verb(verb) or verb.pos_ == "AUX" else []
        owners = [c for c in act.token.children if c.dep_ == "poss"]
        if not any(_plural(h) for h in [*heads, *owners]):
            return
        pair = self._pair_before(act.token)
        if pair:
            for token in pair:
                self._add(sides, token, side)
            return
        group = self._group if self._group else self._narrators()
        for key, was in group.participants.items():
            if was == "both" or was == "actor":
                sides.participants.setdefault(key, side)
        sides.countries |= group.actor_countries or group.countries

    def _pair_before(self, token: Token) -> list[Token]:
        """Two or more actors joined by "and" earlier in the sentence."""
        for other in reversed(token.doc[token.sent.start : token.i]):
            if other.dep_ == "conj" and other.pos_ == "PROPN" and self.resolve(other) is not None:
                first = other
                while first.dep_ == "conj":
                    first = first.head
                joined = [t for h in grammar.conjuncts(first) for t in self.names(h)]
                if len({a.key for t in joined if (a := self.resolve(t)) is not None}) > 1:
                    return joined
        return []

    def _narrators(self) -> Sides:
        """Who says "we" in a statement that is no quotation: those that its head names as acting."""
        narrators = Sides()
        for sentence in self.document.sentences[:2]:
            for token in sentence:
                if token.dep_ in {"nsubj", "agent", "nsubjpass"}:
                    heads = [token] if token.dep_ != "agent" else [c for c in token.children if c.dep_ == "pobj"]
                    for t in (t for h in heads for c in grammar.conjuncts(h) for t in self.names(c)):
                        self._add(narrators, t, "actor")
        return narrators

    def _add(self, sides: Sides, token: Token, side: Side, target: bool = False) -> None:
        actor = self.resolve(token)
        country = self.country(token)
        if country is None and actor is None and target and token.pos_ == "PROPN":
            country = gazetteer.country_of_city(token.text) or gazetteer.country_of_capital(token.text)
        if actor is None and country is not None:
            actor = self._states.get(country)
        if actor is not None:
            sides.participants.setdefault(actor.key, side)
        if country is not None:
            sides.countries.add(country)
        if (
            actor is not None
            and actor.kind in {"organization", "bloc"}
            and token.pos_ == "PROPN"
            and (inner := self._named(token))
        ):
            sides.countries.add(inner)
        if actor is None and self._both(token):
            sides.countries |= set(self._main)

    @staticmethod
    def _both(token: Token) -> bool:
        """ "the two sides", "both countries"."""
        return token.lemma_.lower() in _BOTH_SIDES and any(c.lower_ in _EACH_OTHER for c in token.children)

    def _slots(self, act: Act) -> tuple[list[Token], list[Token]]:
        if act.trigger.frame.part == "nouns":
            return self._noun_slots(act)
        if act.trigger.frame.part == "adjectives":
            verb = act.token.head
            doers = [t for h in grammar.subject_heads(verb) for t in self.names(h)]
            return doers, [
                t
                for w in ("to", "for", "with", "of")
                for h in grammar.prepositional_heads(act.token, w)
                for t in self.names(h)
            ]
        return self._verb_slots(act.token, act)

    def _verb_slots(self, verb: Token, act: Act) -> tuple[list[Token], list[Token]]:
        doers = [t for h in grammar.subject_heads(verb) for t in self.names(h)]
        towards = (_TOWARDS | _ALSO_TOWARDS.get(act.type, set())) - _NOT_TOWARDS.get(act.type, set())
        topical = act.type == "CONSULT" and verb.lemma_ in _TOPICAL
        targets = [] if topical else [t for h in grammar.object_heads(verb) for t in self._aimed(h, act)]
        for child in verb.children:
            if child.dep_ in {"prep", "dative"} and (
                child.lower_ in towards or (act.mode == "visit" and child.lower_ in {"in", "at"})
            ):
                targets += [t for h in child.children if h.dep_ in {"pobj", "pcomp"} for t in self._aimed(h, act)]
            if child.dep_ == "dobj":
                targets += [
                    t
                    for w in ("with", "to", "against", "from", "between")
                    for h in grammar.prepositional_heads(child, w)
                    for t in self.mentioned(h)
                ]
        if act.complement is not None and act.type != "CONSULT":
            inner = act.complement
            own = {t.i for t in doers}
            told = (
                self.mentioned(inner)
                if act.type == "AGREE"
                else [t for h in self._inner_subjects(inner) for t in self.names(h)]
            )
            targets += [t for t in told if t.i not in own]
        if not doers and act.type in {"REQUEST"} and act.trigger.frame.words == ():
            speech = inner_speech(verb)
            if speech is not None:
                doers = [t for h in grammar.subject_heads(speech) for t in self.names(h)]
        return doers, targets

    def _noun_slots(self, act: Act) -> tuple[list[Token], list[Token]]:
        noun = act.token
        doers: list[Token] = []
        targets: list[Token] = []
        for child in noun.children:
            if child.dep_ == "poss":
                doers += self.names(child)
            elif child.dep_ in {"amod", "compound", "nmod"}:
                doers += [t for t in child.subtree if self.country(t) or self.resolve(t)]
            elif child.dep_ == "acl" and child.tag_ == "VBN":
                doers += [t for h in grammar.subject_heads(child) for t in self.names(h)]
        if noun.dep_ == "pobj" and noun.head.lower_ == "of" and noun.head.head.pos_ == "NOUN":  # "its war of aggression"
            doers += [t for c in noun.head.head.children if c.dep_ == "poss" for t in self.names(c)]
        for word in ("by", "between", "among"):
            doers += [t for h in grammar.prepositional_heads(noun, word) for t in self.names(h)]
        for child in noun.children:
            if child.dep_ == "acl" and child.tag_ == "VBG":  # "calls asking the mission to close"
                targets += [t for h in grammar.object_heads(child) for t in self.names(h)]
        for word in ("with", "on", "against", "to", "from", "over", "of", "for", "toward", "towards", "into"):
            targets += [t for h in grammar.prepositional_heads(noun, word) for t in self.mentioned(h)]
        governor = act.trigger.governor
        if governor is not None and grammar.is_verb(governor):
            subjects = grammar.subject_heads(governor)
            if noun not in subjects:
                doers += [t for h in subjects for t in self.names(h)]
            if noun.dep_ in {"dobj", "conj"}:
                for child in governor.children:
                    if child.dep_ == "prep" and child.lower_ in {"with", "against", "to", "on", "between", "from"}:
                        targets += [t for h in child.children if h.dep_ == "pobj" for t in self.mentioned(h)]
        return doers, targets

    @staticmethod
    def _inner_subjects(verb: Token) -> list[Token]:
        """Of whom a clause tells: whom somebody asks, accuses, warns of."""
        own = [c for c in verb.children if c.dep_ in {"nsubj", "nsubjpass"}]
        return [t for h in own for t in grammar.conjuncts(h)]

    def _aimed(self, head: Token, act: Act) -> list[Token]:
        """Whom a phrase names that an act is aimed at: the owner of what is praised or blamed, not all that it concerns."""
        if act.type in _ATTITUDES:
            owners = [t for c in head.children if c.dep_ == "poss" for t in self.names(c)]
            if owners:
                return owners + [
                    t for w in ("between", "with") for h in grammar.prepositional_heads(head, w) for t in self.names(h)
                ]
            known = self._known(head)
            if known is not None:
                return known
        return self.mentioned(head)

    def _known(self, head: Token) -> list[Token] | None:
        """Those behind an act told before: "rejected the request", "condemned the attack"."""
        kinds = _ANAPHORS.get(head.lemma_.lower())
        if kinds is None or not any(c.lower_ in {"the", "this", "that", "these", "those"} for c in head.children):
            return None
        if any(c.dep_ in {"prep", "relcl", "acl", "compound"} for c in head.children):
            return None
        return next((doers for kind, doers in reversed(self._told) if kind in kinds and doers), None)

    def names(self, head: Token) -> list[Token]:
        """The tokens that name the actors of a phrase: the head's own names, else whom it belongs to."""
        own = [t for t in self._phrase(head, {"compound", "appos", "flat", "nmod"}) if self._is_actor(t)]
        extra = [t for t in self._phrase(head, {"amod", "compound", "nmod"}) if t not in own and self.country(t)]
        if own:
            # a named person's demonym tells a country, not a participant of its own
            return [t for t in own] + [t for t in extra if self.resolve(t) is None]
        named = [t for p in grammar.prepositions(head, "including") for h in p.children if h.dep_ == "pobj" for c in grammar.conjuncts(h) for t in self.names(c)]
        if named:
            return named  # "its allies, including Chad": not whose allies they are
        found = [t for t in self._phrase(head, _NAMING) if self.country(t) or self.resolve(t)]
        for word in ("of", "from", "in"):
            for h in grammar.prepositional_heads(head, word):
                found += self.names(h)
        if not found and self._both(head):
            found = [head]
        return found

    def mentioned(self, root: Token) -> list[Token]:
        """The tokens in a phrase or clause that name actors or states, places and side clauses left out."""
        found: list[Token] = []
        heads = list(self._walk(root))
        for token in heads:
            if (
                self.resolve(token) is not None
                or self.country(token) is not None
                or self._both(token)
                or token.pos_ == "PROPN"
            ):
                found.append(token)
        return found

    def _walk(self, root: Token) -> Iterator[Token]:
        stack = [root]
        while stack:
            token = stack.pop()
            yield token
            for child in token.children:
                if child.dep_ in {"relcl", "advcl", "parataxis"} or (child.dep_ == "prep" and child.lower_ in _PLACES):
                    continue
                if child.dep_ == "conj" and child.pos_ in {"VERB", "AUX"}:
                    continue
                stack.append(child)

    @staticmethod
    def _phrase(head: Token, links: Iterable[str]) -> list[Token]:
        found = [head]
        for child in head.children:
            if child.dep_ in links:
                found += Reader._phrase(child, links)
                found += [c for c in child.children if child.dep_ == "amod" and c.dep_ == "conj"]
        return found

    def _is_actor(self, token: Token) -> bool:
        actor: Actor | None = self.resolve(token)
        return actor is not None


def inner_speech(verb: Token) -> Token | None:
    """The verb above a clause."""
    return verb.head if verb.dep_ == "ccomp" and grammar.is_verb(verb.head) else None
