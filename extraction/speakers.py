"""Speakers: which words name the one who says it, and which actor that is.

What belongs here: from a cue of saying to the noun phrase of its speaker and to the actor.
What does not: finding cues (``cues``) and what pronouns stand for (``coreference``).
"""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc, Token

from extraction.actors import Actor
from extraction.coreference import Coreference, person_nouns
from extraction.cues import FINITE, Cue, lexicon

_LEFT = frozenset(
    {"det", "amod", "compound", "poss", "nummod", "nmod", "quantmod", "predet", "advmod", "case", "punct"}
)
_OF = frozenset({"of", "for", "from", "at", "in", "with", "on"})
_BY = frozenset({"by", "from", "of"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
_POLITY = frozenset({"government", "administration", "regime", "side", "authorities", "delegation"})


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks: the character span of the words, and the actor when that can be known."""

    start: int
    end: int
    actor: Actor | None


def speaker_of(cue: Cue, coreference: Coreference) -> Speaker | None:
    """The speaker of a cue; None when the sentence names none."""
    if cue.kind == "verb" and (name := name_beside(cue.token, coreference)) is not None:
        return name
    head = head_of(cue)
    return None if head is None else speaker_at(head, coreference)


def name_beside(verb: Token, coreference: Coreference) -> Speaker | None:
    """A person named right before a finite cue ("its envoy to X, Jane Roe, said"), whatever the parse makes of it."""
    if verb.tag_ not in ("VBD", "VBZ", "VBP"):
        return None
    doc, start, last = verb.doc, verb.sent.start, verb.i - 1
    while last > start and doc[last].pos_ in ("ADV", "AUX"):
        last -= 1
    if doc[last].text == ",":
        last = _before_apposition(doc, last, start, coreference)
    if last < start or not _names_person(doc[last], coreference):
        return None
    actor, first = coreference.actors.at(doc[last]), last
    while first > start and coreference.actors.at(doc[first - 1]) is actor:
        first -= 1
    lead = first
    while lead > start and doc[lead - 1].dep_ in ("compound", "nmod") and doc[lead - 1].pos_ == "PROPN":  # titles
        lead -= 1
    posted = lead < first and doc[first - 1].ent_type_ in ("GPE", "NORP")  # "the envoy to Peru Jane Roe"
    if (
        lead > start
        and not posted
        and doc[lead - 1].pos_ in ("ADP", "CCONJ", "VERB", "AUX", "PART", "SCONJ")
        and doc[lead - 1].dep_ != "case"
    ):
        return None
    while not posted and first > start and doc[first - 1].dep_ in ("compound", "nmod", "amod", "punct"):
        if doc[first - 1].text[0].isalpha():
            first -= 1
        elif doc[first - 1].text == "-" and first - 1 > start and not doc[first - 2].whitespace_:
            first -= 2
        else:
            break
    return Speaker(doc[first].idx, doc[last].idx + len(doc[last]), actor)


def _names_person(token: Token, coreference: Coreference) -> bool:
    actor = coreference.actors.at(token)
    return actor is not None and actor.kind == "person"


def _before_apposition(doc: Doc, comma: int, start: int, coreference: Coreference) -> int:
    """The last token of the name before an apposition that ends at a comma: "Jane Roe, head of X, said"."""
    relative = False
    for index in range(comma - 1, max(start - 1, comma - 30), -1):
        if doc[index].tag_ in FINITE:
            relative = True
        elif doc[index].tag_ in ("WP", "WDT"):
            relative = False
        elif doc[index].text == "," and not relative and index > start and _names_person(doc[index - 1], coreference):
            return index - 1
    return comma - 1


def speaker_at(head: Token, coreference: Coreference) -> Speaker:
    """The speaker whose noun phrase has this head."""
    author = _author(head)
    if author is not None and author.i != head.i:
        head = author
    if head.lower_ in ("who", "which", "that") and head.head.dep_ == "relcl":
        actor = actor_of(head.head.head, coreference)
        if actor is not None:
            return Speaker(head.idx, head.idx + len(head), actor)
        head = head.head.head
    first, last = noun_phrase(head)
    doc = head.doc
    return Speaker(doc[first].idx, doc[last].idx + len(doc[last]), actor_of(head, coreference))


def actor_of(head: Token, coreference: Coreference) -> Actor | None:
    """The actor that a noun phrase names: by its head, its apposition, or the state of a government."""
    actor = coreference.resolve(head)
    if actor is not None:
        return actor
    for child in head.children:
        if child.dep_ == "appos" and (named := coreference.actors.at(child)) is not None:
            return named
    if head.dep_ in ("compound", "nmod") and head.head.i > head.i:
        return actor_of(head.head, coreference)
    if head.lower_ in _POLITY:
        for child in head.children:
            if (
                child.dep_ in ("amod", "compound", "poss", "nmod")
                and (state := coreference.actors.at(child)) is not None
            ):
                return state
            if child.dep_ == "prep" and child.lower_ == "of":
                for inner in child.children:
                    if inner.dep_ == "pobj" and (state := coreference.actors.at(inner)) is not None:
                        return state
    return None


def noun_phrase(head: Token) -> tuple[int, int]:
    """First and last token of a noun phrase: its modifiers before, and a short "of …" after; no clauses."""
    doc = head.doc
    first = head.i
    for child in head.lefts:
        if child.dep_ in _LEFT and not (child.dep_ == "punct" and child.text in ',“"”—–―'):
            first = min(first, child.left_edge.i)
    first = next((i + 1 for i in range(head.i - 1, first, -1) if doc[i].text in ("—", "–", "―", "--")), first)
    while first < head.i and (doc[first].is_punct or doc[first].is_space):
        first += 1
    last = head.i
    for child in head.rights:
        if child.i > last + 4:
            break
        if child.dep_ == "prep" and child.lower_ in _OF and child.i == last + 1:
            edge = child.i
            while (
                edge < child.right_edge.i and edge - child.i <= 7 and doc[edge + 1].pos_ not in ("VERB", "AUX", "PUNCT")
            ):
                edge += 1
            if edge - child.i <= 7 and doc[edge].pos_ in ("NOUN", "PROPN", "NUM", "PART"):
                last = edge
        elif child.dep_ in ("case",) and child.i == last + 1 and head.dep_ != "poss":
            last = child.i
    return first, last


def subject_head(verb: Token) -> Token | None:
    """The head of what a verb has as its subject, through auxiliaries, coordination and participles."""
    seen = 0
    token: Token | None = verb
    while token is not None and seen < 6:
        seen += 1
        own = _own_subject(token) or beside(token) or (_passive_subject(token) if token.i != verb.i else None)
        if own is not None:
            return own
        token = _upward(token)
        if token is not None and token.pos_ in ("NOUN", "PROPN", "PRON"):
            return token
    return None


def _own_subject(verb: Token) -> Token | None:
    passive = any(c.dep_ == "auxpass" for c in verb.children)
    if passive or verb.tag_ == "VBN":
        for child in verb.children:
            if child.dep_ == "agent":
                for inner in child.children:
                    if inner.dep_ == "pobj":
                        return inner
    for child in verb.children:
        if child.i > verb.i and verb.tag_ in ("VBG", "VB"):
            continue
        if child.dep_ in _SUBJECTS and child.pos_ in ("NOUN", "PROPN", "PRON", "DET", "NUM", "ADJ"):
            if child.dep_ == "nsubjpass" and verb.lemma_ not in ("quote", "cite", "report", "hear", "record"):
                continue
            return child
    return inverted(verb)


def _passive_subject(verb: Token) -> Token | None:
    """Who a participle beside a passive belongs to ("after saying so, she was taken home")."""
    return next((c for c in verb.children if c.dep_ == "nsubjpass" and c.pos_ in ("PROPN", "PRON", "NOUN")), None)


def inverted(verb: Token) -> Token | None:
    """The speaker behind its verb ("…, argued the envoy") where the parse takes it for an object."""
    if verb.i == 0 or verb.nbor(-1).text not in (",", "”", '"', "''", "’") or verb.tag_ not in ("VBD", "VBZ", "VBN"):
        return None
    if "hearer" in lexicon().frames.get(verb.lemma_, frozenset()):
        return None
    for child in verb.rights:
        if child.dep_ in ("dobj", "attr", "oprd") and child.left_edge.i == verb.i + 1:
            return child if child.pos_ == "PROPN" or child.lemma_.lower() in person_nouns() else None
    return None


def source_head(preposition: Token) -> Token | None:
    """The head of the source behind "according to"."""
    source = next((c for c in preposition.children if c.dep_ == "pobj"), None)
    if source is not None:
        return source
    index, end = preposition.i + 1, preposition.sent.end
    while index + 1 < end and not (preposition.doc[index].is_punct or preposition.doc[index].is_space):
        here, after = preposition.doc[index], preposition.doc[index + 1]
        if here.pos_ in ("NOUN", "PROPN", "PRON") and after.pos_ not in ("NOUN", "PROPN"):
            return here
        index += 1
    return None


def beside(verb: Token) -> Token | None:
    """The noun right before a finite verb that the parse has left without a subject."""
    if verb.tag_ not in ("VBD", "VBZ", "VBP", "NNS") or verb.dep_ == "relcl":
        return None
    index = verb.i - 1
    while index > verb.sent.start and verb.doc[index].pos_ in ("ADV", "AUX"):
        index -= 1
    noun = verb.doc[index]
    if (
        index >= verb.sent.start
        and noun.pos_ in ("PROPN", "PRON")
        and noun.lower_ not in ("that", "which", "it", "there")
    ):
        return _spokesperson(noun) or noun
    return None


def _spokesperson(name: Token) -> Token | None:
    """Who speaks for the one named ("a spokeswoman for Jane Roe said")."""
    if name.dep_ != "pobj" or name.head.lower_ not in ("for", "of"):
        return None
    noun = name.head.head
    return noun if noun.pos_ == "NOUN" and noun.lemma_.lower() in person_nouns() else None


def _upward(token: Token) -> Token | None:
    """Where the missing subject of a verb is to be looked for."""
    head = token.head
    if head.i == token.i:
        return None
    if token.dep_ in ("conj", "xcomp", "advcl", "pcomp", "parataxis", "dep", "ccomp", "aux"):
        if token.dep_ == "pcomp":
            return head.head if head.dep_ in ("prep", "advcl") else head
        return head
    if token.dep_ in ("acl", "relcl"):
        return head
    return None


def head_of(cue: Cue) -> Token | None:
    """The head of the noun phrase that names the speaker of a cue; None when the sentence has none."""
    token = cue.token
    if cue.kind == "verb":
        return subject_head(token)
    if cue.kind == "preposition":
        return source_head(token)
    return _author(token, strict=True)


def _author(noun: Token, strict: bool = False) -> Token | None:
    """Who stands behind a text or an utterance: "the ministry's statement", "a claim by officials", "he issued …"."""
    lemma = noun.lemma_.lower()
    if not strict and lemma not in lexicon().documents:
        return None
    for child in noun.children:
        if child.dep_ == "poss":
            return child
    for child in noun.children:
        if child.dep_ in ("prep", "agent") and child.lower_ in _BY:
            for inner in child.children:
                if inner.dep_ == "pobj" and inner.ent_type_ in ("PERSON", "ORG", "GPE", "NORP"):
                    return inner
    if strict:
        for child in noun.children:
            if child.dep_ in ("compound", "nmod") and child.ent_type_ in ("PERSON", "ORG"):
                return child
    verb = noun.head
    if noun.dep_ in ("dobj", "pobj"):
        if noun.dep_ == "pobj":
            verb = verb.head
        if verb.lemma_ in (
            "issue",
            "release",
            "publish",
            "make",
            "send",
            "write",
            "post",
            "say",
            "give",
            "deliver",
            "repeat",
            "have",
        ):
            return subject_head(verb)
    return None
