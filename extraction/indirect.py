"""Reported clauses: what a cue of saying reports.

What belongs here: the clause under a cue ("said that …", "…, he said", "according to …", "his claim that …").
What does not: where exactly it begins and ends (``clauses``), words in quotation marks set off from their sentence
(``direct``), who speaks (``speakers``).
"""

from __future__ import annotations

from spacy.tokens import Token

from extraction.clauses import (
    Clause,
    behind,
    ends_sentence,
    forward,
    has_subject,
    is_subordinate,
    opening,
    sentence_start,
    tag_bounds,
    trimmed,
)
from extraction.cues import Cue, auxiliaries, finite, is_negated, lexicon
from extraction.speakers import beside, inverted, noun_phrase, source_head, subject_head


def clause_of(cue: Cue) -> Clause | None:
    """The clause that a cue reports; None when it reports none."""
    if cue.kind == "preposition":
        return _according(cue)
    if cue.kind == "noun":
        return _under_noun(cue)
    if (is_negated(cue.token) and cue.token.lemma_ not in ("deny",)) or not asserted(cue.token):
        return None
    return _under_verb(cue)


def asserted(verb: Token) -> bool:
    """Was it said at all?  Not "declined to say", "is expected to say", "if he says", "without saying"."""
    if verb.dep_ == "pcomp" and verb.head.lower_ in ("without", "instead"):
        return False
    if any(c.dep_ == "aux" and c.tag_ == "TO" for c in verb.children):
        head = verb.head
        if verb.dep_ == "xcomp" and head.lemma_ not in lexicon().governors:
            return False
        if verb.dep_ in ("acl", "relcl") or (
            verb.dep_ == "ccomp" and head.lemma_ not in ("force", "compel", "lead", "prompt")
        ):
            return False
    return not any(c.dep_ == "mark" and c.lower_ in ("if", "unless", "whether") for c in verb.children)


def _under_verb(cue: Cue) -> Clause | None:
    verb = cue.token
    if not cue.frames & {"clause", "that", "hearer", "question", "document"}:
        return None
    if verb.tag_ == "VBN" and not has_subject(verb) and not any(auxiliaries(verb)) and verb.dep_ != "conj":
        return None
    clauses = [c for c in verb.children if c.dep_ in ("ccomp", "dep") and _reportable(c, cue)]
    if cue.last + 1 < len(verb.doc) and verb.doc[cue.last + 1].text != ",":
        clauses.sort(key=lambda c: c.left_edge.i < verb.i)  # what follows comes first
    for child in clauses:
        clause = forward(cue, child) if child.left_edge.i > verb.i else _fronted(cue, child)
        if clause is not None:
            return clause
    place = _as_before(verb)
    if place is not None:
        return _as_said(cue, place)
    astray = _astray(cue)
    if astray is not None:
        return forward(cue, astray)
    timed = _timed(cue)
    if timed is not None:
        return timed
    if verb.dep_ in ("parataxis", "ccomp", "advcl", "conj", "dep", "ROOT", "relcl"):
        return _parenthetical(cue)
    return None


def _as_before(verb: Token) -> int | None:
    """The place of the "as" of "as the minister said"."""
    for child in verb.children:
        if child.lower_ == "as" and child.i < verb.i:
            return child.i
        if child.dep_ in ("nsubj", "nsubjpass") and child.left_edge.i > 0 and child.left_edge.nbor(-1).lower_ == "as":
            return child.left_edge.i - 1
    return None


def _as_said(cue: Cue, place: int) -> Clause | None:
    """What stands around "as the minister said": at the head of the sentence or between commas."""
    doc, sent = cue.token.doc, cue.token.sent
    comma = next((i for i in range(cue.last + 1, sent.end) if doc[i].text == ","), None)
    if comma is None or any(t.pos_ in ("VERB", "AUX") for t in doc[cue.last + 1 : comma]):
        return None
    rest = trimmed(doc, comma + 1, sent.end - 1)
    before = trimmed(doc, opening(doc, sent.start), place - 1) if place > sent.start else None
    if before is None or rest is None:
        return rest
    return Clause(before.first, before.last, (rest.first, rest.last))


def _astray(cue: Cue) -> Token | None:
    """A clause with "that" which the parse has tied to a noun behind the cue ("told a meeting … that few knew")."""
    verb = cue.token
    # who is told is told something: behind such a verb "that" is hardly the object of its own clause
    opens = ("mark", "advmod", "dobj") if "hearer" in cue.frames else ("mark", "advmod")
    nearby = [
        *verb.rights,
        *(c for r in verb.rights if r.dep_ in ("dobj", "prep", "dative", "npadvmod") for c in r.subtree),
    ]
    bare = not any(c.dep_ in ("ccomp", "xcomp") for c in verb.children) and not cue.frames & {"label", "that"}
    for token in nearby:
        if bare and token.dep_ == "relcl" and _pronoun_clause(token):
            return token
        if token.dep_ in ("relcl", "acl", "advcl") and token.pos_ in ("VERB", "AUX") and finite(token):
            first = token.left_edge
            subject = next((c for c in token.children if c.dep_ in ("nsubj", "nsubjpass")), None)
            if token.dep_ == "relcl" and token.head.lemma_ in lexicon().not_hearers:
                continue
            if first.lower_ == "that" and first.dep_ in opens and subject is not None and subject.i != first.i:
                return token
    return None


def _timed(cue: Cue) -> Clause | None:
    """The clause behind a time that the parse has given to it ("said after the vote she would not sign")."""
    if "clause" not in cue.frames:
        return None
    for child in cue.token.rights:
        subject = next((c for c in child.children if c.dep_ in ("nsubj", "nsubjpass")), None)
        if child.dep_ != "advcl" or subject is None or subject.tag_ != "PRP" or not finite(child):
            continue
        lead = child.left_edge
        if lead.i == cue.last + 1 and lead.dep_ == "prep" and lead.head.i == child.i:
            return trimmed(child.doc, subject.left_edge.i, child.right_edge.i)
    return None


def _pronoun_clause(verb: Token) -> bool:
    """Is it a whole clause that opens with its pronoun ("informed police she would stay"), with no gap for the noun?"""
    first = verb.left_edge
    opens = first.dep_ in ("nsubj", "nsubjpass") and first.tag_ == "PRP" and first.head.i == verb.i and finite(verb)
    return opens and any(c.dep_ in ("dobj", "attr", "acomp", "ccomp", "xcomp") and c.i > verb.i for c in verb.children)


def _reportable(clause: Token, cue: Cue) -> bool:
    """Is it a finite clause that the frame of the cue takes?"""
    if any(c.dep_ == "aux" and c.tag_ == "TO" for c in clause.children):
        return False
    if not finite(clause) and not has_subject(clause) and not _misread(clause):
        return False
    if clause.tag_ == "VBG" and not finite(clause):
        return False
    if clause.left_edge.i < cue.token.i:
        return bool(cue.frames & {"clause", "hearer", "question", "document"}) and not is_subordinate(clause)
    markers = [c.lower_ for c in clause.children if c.dep_ == "mark"]
    if markers and markers[0] in ("as", "because", "when", "while", "after", "although", "since"):
        return False
    if cue.frames & {"clause", "hearer", "question"}:
        return True
    return "that" in markers


def _misread(clause: Token) -> bool:
    """A participle that the parse has taken for the verb of its clause ("the man named X is …")."""
    return (
        clause.tag_ == "VBN"
        and any(c.dep_ == "nsubj" for c in clause.children)
        and any(finite(c) for c in clause.children if c.dep_ == "ccomp")
    )


def _relative(verb: Token) -> bool:
    """Is its subject a relative pronoun, so that nothing before it is what was said?"""
    return any(c.dep_ in ("nsubj", "nsubjpass") and c.tag_ in ("WDT", "WP") for c in verb.children)


def _fronted(cue: Cue, clause: Token) -> Clause | None:
    """ "…, the minister said", and the clause that goes on behind the cue."""
    doc = clause.doc
    left, right = tag_bounds(cue)
    if _relative(cue.token) or left <= clause.left_edge.i or doc[left - 1].text in (";", ":", "."):
        return None
    first = clause.left_edge.i
    if doc[left - 1].text == "," and ends_sentence(doc, right + 1):
        first = min(first, sentence_start(doc, left))
    head = trimmed(doc, opening(doc, first), left - 1)
    if head is None:
        return None
    return Clause(head.first, head.last, behind(cue, right))


def _parenthetical(cue: Cue) -> Clause | None:
    """A cue set off by commas inside or after the clause that it reports."""
    verb = cue.token
    doc, sent = verb.doc, verb.sent
    if not cue.frames & {"clause", "hearer"}:
        return None
    left, right = tag_bounds(cue)
    subject = subject_head(verb)
    if _relative(verb) or subject is None or left - 1 <= sent.start or doc[left - 1].text != ",":
        return None
    if not has_subject(verb) and beside(verb) is None and inverted(verb) is None:
        return None
    closing = doc[right + 1] if right + 1 < len(doc) else None
    if closing is not None and closing.text not in (",", ".", ";", "—", "–") and not closing.is_space:
        return None
    head = trimmed(doc, opening(doc, sentence_start(doc, left)), left - 1)
    if head is None:
        return None
    clauses = any(
        t.dep_ not in ("relcl", "acl", "advcl") and finite(t) and not is_subordinate(t)
        for t in doc[head.first : head.last + 1]
        if t.pos_ in ("VERB", "AUX")
    )
    then = behind(cue, right)
    if not clauses and then is None and verb.dep_ == "parataxis" and closing is not None and closing.text == ",":
        rest = trimmed(doc, right + 2, sent.end - 1)
        then = None if rest is None else (rest.first, rest.last)
    if not clauses and (then is None or doc[then[0]].pos_ == "CCONJ"):
        return None
    return Clause(head.first, head.last, then)


def _according(cue: Cue) -> Clause | None:
    """ "According to X, …" and "…, according to X"."""
    doc, sent = cue.token.doc, cue.token.sent
    source = source_head(cue.token)
    if source is None:
        return None
    end = source.right_edge.i
    before = trimmed(doc, opening(doc, sent.start), cue.first - 1) if cue.first > sent.start else None
    if before is None or before.last - before.first < 2:
        comma = next((i for i in range(noun_phrase(source)[1] + 1, sent.end) if doc[i].text == "," and i >= end), None)
        if comma is None:
            comma = next((i for i in range(noun_phrase(source)[1] + 1, sent.end) if doc[i].text == ","), None)
        return None if comma is None else trimmed(doc, comma + 1, sent.end - 1)
    if doc[before.last].tag_ in ("WDT", "WP", "IN", "CC", "WRB") and end + 1 < sent.end and doc[end + 1].text == ",":
        return trimmed(doc, end + 2, sent.end - 1)
    if end + 1 < sent.end - 1 and doc[end + 1].text == "," and end + 3 < sent.end:
        rest = trimmed(doc, end + 2, sent.end - 1)
        verb = source.head.head.head
        if rest is not None and verb.i > end:
            return Clause(before.first, before.last, (rest.first, rest.last))
    return before


def _under_noun(cue: Cue) -> Clause | None:
    for child in cue.token.children:
        under = child.dep_ in ("acl", "ccomp", "relcl") and child.i > cue.token.i and finite(child)
        if under and any(c.dep_ == "mark" and c.lower_ == "that" for c in child.children):
            return forward(cue, child)
    return None
