"""Reported clauses: what a cue of saying reports, and where exactly that begins and ends.

What belongs here: the clause under a cue ("said that …", "…, he said", "according to …", "his claim that …").
What does not: words in quotation marks set off from their sentence, and who speaks (``quotes``, ``speakers``).
"""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from extraction.cues import FINITE, Cue, auxiliaries, finite, is_negated, lexicon
from extraction.speakers import beside, noun_phrase, source_head, subject_head

_TIME = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday today yesterday tonight earlier later separately".split()
)
_PERIODS = frozenset(
    "week weekend month year morning afternoon evening night day summer winter spring autumn january february march april "
    "may june july august september october november december".split()
)
_MEDIA = frozenset(
    "statement interview briefing conference tweet post letter speech report twitter facebook telegram email call "
    "address filing memo release remarks article testimony".split()
)
_NOT_HEARERS = frozenset("way day moment point place reason extent degree amount".split())
_SUBORDINATORS = frozenset(
    "as because when while after before although though since if unless until once whereas".split()
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A reported clause: token range [first, last], and the range after the cue when the cue breaks it."""

    first: int
    last: int
    then: tuple[int, int] | None = None


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
    """Was it said at all?  Not "declined to say", "is expected to say", "if he says"."""
    if any(c.dep_ == "aux" and c.tag_ == "TO" for c in verb.children):
        head = verb.head
        if verb.dep_ == "xcomp" and head.lemma_ not in lexicon().governors:
            return False
        if verb.dep_ in ("acl", "relcl") or (
            verb.dep_ == "ccomp" and head.lemma_ not in ("force", "compel", "lead", "prompt")
        ):
            return False
    if any(c.dep_ == "mark" and c.lower_ in ("if", "unless", "whether") for c in verb.children):
        return False
    return True


def _under_verb(cue: Cue) -> Clause | None:
    verb = cue.token
    if not cue.frames & {"clause", "that", "hearer", "question", "document"}:
        return None
    clauses = [c for c in verb.children if c.dep_ in ("ccomp", "dep") and _reportable(c, cue)]
    if cue.last + 1 < len(verb.doc) and verb.doc[cue.last + 1].text != ",":
        clauses.sort(key=lambda c: c.left_edge.i < verb.i)  # what follows comes first
    for child in clauses:
        clause = _forward(cue, child) if child.left_edge.i > verb.i else _fronted(cue, child)
        if clause is not None:
            return clause
    if verb.tag_ == "VBN" and not _has_subject(verb) and not any(auxiliaries(verb)) and verb.dep_ != "conj":
        return None
    opening = _as_before(verb)
    if opening is not None:
        return _as_said(cue, opening)
    astray = _astray(verb)
    if astray is not None:
        return _forward(cue, astray)
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


def _as_said(cue: Cue, opening: int) -> Clause | None:
    """What stands around "as the minister said": at the head of the sentence or between commas."""
    doc, sent = cue.token.doc, cue.token.sent
    comma = next((i for i in range(cue.last + 1, sent.end) if doc[i].text == ","), None)
    if comma is None or any(t.pos_ in ("VERB", "AUX") for t in doc[cue.last + 1 : comma]):
        return None
    rest = _trimmed(doc, comma + 1, sent.end - 1)
    before = _trimmed(doc, _opening(doc, sent.start), opening - 1) if opening > sent.start else None
    if before is None or rest is None:
        return rest
    return Clause(before.first, before.last, (rest.first, rest.last))


def _astray(verb: Token) -> Token | None:
    """A clause with "that" which the parse has tied to a noun behind the cue ("told a meeting … that few knew")."""
    nearby = [
        *verb.rights,
        *(c for r in verb.rights if r.dep_ in ("dobj", "prep", "dative", "npadvmod") for c in r.subtree),
    ]
    for token in nearby:
        if token.dep_ in ("relcl", "acl", "advcl") and token.pos_ in ("VERB", "AUX") and finite(token):
            first = token.left_edge
            subject = next((c for c in token.children if c.dep_ in ("nsubj", "nsubjpass")), None)
            if token.dep_ == "relcl" and token.head.lemma_ in _NOT_HEARERS:
                continue
            if (
                first.lower_ == "that"
                and first.dep_ in ("mark", "advmod")
                and subject is not None
                and subject.i != first.i
            ):
                return token
    return None


def _reportable(clause: Token, cue: Cue) -> bool:
    """Is it a finite clause that the frame of the cue takes?"""
    if any(c.dep_ == "aux" and c.tag_ == "TO" for c in clause.children):
        return False
    if not finite(clause) and not _has_subject(clause) and not _misread(clause):
        return False
    if clause.tag_ == "VBG" and not finite(clause):
        return False
    if clause.left_edge.i < cue.token.i:
        return bool(cue.frames & {"clause", "hearer", "question", "document"}) and not _subordinate(clause)
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


def _subordinate(clause: Token) -> bool:
    """Is it a clause of time, reason or condition, which no cue reports?"""
    return any(
        c.dep_ in ("mark", "advmod") and c.lower_ in _SUBORDINATORS and c.i == clause.left_edge.i
        for c in clause.children
    )


def _forward(cue: Cue, clause: Token) -> Clause | None:
    doc = clause.doc
    first, last = max(clause.left_edge.i, cue.last + 1), clause.right_edge.i
    that = next(
        (
            c
            for c in clause.children
            if c.dep_ in ("mark", "advmod") and c.lower_ == "that" and cue.last < c.i < clause.i
        ),
        None,
    )
    first = that.i + 1 if that is not None else _skip_lead(doc, first, clause.i)
    last = _cut_coordination(cue, clause, last)
    last = _carry_on(cue, clause, last)
    last = _cut_tail(doc, clause.i, min(last, clause.sent.end - 1))
    return _trimmed(doc, first, last)


def _skip_lead(doc: Doc, first: int, head: int) -> int:
    """Leave out "that", a comma, and the day that belongs to the cue ("said Monday the talks …")."""
    while first < head:
        token = doc[first]
        if (token.is_punct and token.text in ",:;—–-") or token.is_space or (token.lower_ == "that" and token.dep_ == "mark"):
            first += 1
        elif (skipped := _aside(doc, first, head)) > first:
            first = skipped
        elif (
            token.lower_ in _TIME
            and token.dep_ in ("npadvmod", "advmod", "compound")
            and first + 1 < head
            and doc[first - 1].pos_ in ("VERB", "NOUN", "PROPN", "PRON")
        ):
            first += 1
        else:
            break
    return first


def _aside(doc: Doc, first: int, head: int) -> int:
    """The token behind a phrase of time or medium that belongs to the cue ("said this week in a statement the …")."""
    token = doc[first]
    span = token.lower_ in (
        "this",
        "last",
        "next",
        "earlier",
        "late",
        "early",
        "in",
        "on",
        "at",
        "during",
        "via",
        "after",
    )
    if not span or doc[first - 1].text == ",":
        return first
    for index in range(first + 1, min(first + 5, head)):
        noun = doc[index]
        if noun.lower_ in _PERIODS or noun.lower_ in _TIME or (token.dep_ == "prep" and noun.lower_ in _MEDIA):
            following = doc[index + 1]
            if following.is_punct or following.pos_ == "ADP" or index + 1 >= head:
                return first
            return index + 1
        if noun.pos_ in ("VERB", "AUX") or noun.is_punct:
            return first
    return first


def _cut_tail(doc: Doc, head: int, last: int) -> int:
    """End before a tag of another cue (", according to …", ", adding that …")."""
    for index in range(head + 1, last):
        token = doc[index]
        if token.text in (",", "”", '"', "''", "—", "–", "--") and not doc[index + 1].is_punct:
            after = doc[index + 1]
            if after.lower_ in ("according", "although", "though") or _resumes(after):
                return index - 1 if token.text not in ("”", '"', "''") else index
            if after.lower_ in ("but", "while", "and") and index + 2 <= last and _tagged(doc, index + 2, last):
                return index - 1
        elif (
            token.lower_ == "but"
            and index + 1 <= last
            and doc[index + 1].lemma_ in lexicon().frames
            and doc[index + 1].tag_ == "VBD"
        ):
            return index - 1
    return last


def _resumes(token: Token) -> bool:
    """Is it a participle that goes on with the speaker's words or deeds (", adding that …", ", citing …")?"""
    return token.tag_ == "VBG" and token.lemma_ in lexicon().frames and token.dep_ in ("advcl", "acl", "prep", "conj")


def _tagged(doc: Doc, first: int, last: int) -> bool:
    """Do these words begin with a short subject and a cue of its own ("but she said …")?"""
    for index in range(first, min(first + 4, last)):
        token = doc[index]
        if token.pos_ in ("VERB", "AUX"):
            return (
                index > first
                and token.tag_ in ("VBD", "VBZ", "VBP")
                and bool(lexicon().frames.get(token.lemma_, frozenset()) & {"clause", "hearer"})
            )
    return False


def _cut_coordination(cue: Cue, clause: Token, last: int) -> int:
    """End before a verb that continues the cue, not the clause ("said he would order a review and warned …")."""
    modal = any(c.dep_ == "aux" and c.tag_ == "MD" for c in clause.children)
    for child in clause.children:
        if child.dep_ != "conj" or not clause.i < child.i <= last or any(c.dep_ == "nsubj" for c in child.children):
            continue
        resumes = child.tag_ == cue.token.tag_ and child.tag_ in ("VBD", "VBZ", "VBP")
        if resumes and (modal or (child.lemma_ in lexicon().frames and child.lemma_ != clause.lemma_)):
            return _before_conjunction(child)
    return last


def _before_conjunction(verb: Token) -> int:
    index = verb.left_edge.i - 1
    doc = verb.doc
    while index > verb.head.i and (doc[index].dep_ in ("cc", "advmod") or doc[index].text == ","):
        index -= 1
    return index


def _carry_on(cue: Cue, clause: Token, last: int) -> int:
    """Go on over what the parse has tied to the cue but belongs to the clause: further clauses and predicates."""
    for child in cue.token.children:
        if child.left_edge.i <= last or child.i < clause.i:
            continue
        if (child.dep_ == "ccomp" and child.tag_ != "VBG" and not _tags(child)) or (child.dep_ == "conj" and _belongs(child, clause)) or (child.dep_ == "prep" and child.nbor(-1).dep_ == "cc"):
            last = child.right_edge.i
        elif child.dep_ not in ("punct", "cc"):
            break
    return last


def _tags(verb: Token) -> bool:
    """Is it a cue with a speaker of its own?"""
    return verb.lemma_ in lexicon().frames and any(c.dep_ in ("nsubj", "nsubjpass") for c in verb.children)


def _has_subject(verb: Token) -> bool:
    """Does the verb have its own subject?"""
    return any(c.dep_ in ("nsubj", "nsubjpass", "expl") for c in verb.children)


def _belongs(verb: Token, clause: Token) -> bool:
    """Does a verb coordinated with the cue continue the reported clause?"""
    if any(t.lemma_ in lexicon().frames and t.pos_ == "VERB" for t in (verb, *verb.children)):
        return False
    if _has_subject(verb):
        return _tense(verb) == _tense(clause)
    return any(c.dep_ == "aux" and c.tag_ == "MD" for c in verb.children)


def _tense(verb: Token) -> str:
    """ "past" or "present", by the finite form ("would" is past, "will" is present)."""
    for token in (*auxiliaries(verb), verb):
        if token.tag_ == "VBD" or token.lower_ in ("would", "could", "might", "should"):
            return "past"
        if token.tag_ in FINITE:
            return "present"
    return "present"


def _fronted(cue: Cue, clause: Token) -> Clause | None:
    """ "…, the minister said", and the clause that goes on behind the cue."""
    doc = clause.doc
    left, right = _tag_bounds(cue)
    if left <= clause.left_edge.i or doc[left - 1].text in (";", ":", "."):
        return None
    first = clause.left_edge.i
    if doc[left - 1].text == "," and _ends_sentence(doc, right + 1):
        first = min(first, clause.sent.start)
    head = _trimmed(doc, _opening(doc, first), left - 1)
    if head is None:
        return None
    return Clause(head.first, head.last, _behind(cue, right))


def _behind(cue: Cue, right: int) -> tuple[int, int] | None:
    """What goes on behind a cue that breaks its clause ("the deal, he said, is off")."""
    doc, verb = cue.token.doc, cue.token
    end = verb.sent.end
    if right + 2 >= end or doc[right + 1].text != ",":
        return None
    start = right + 2
    lead = doc[start]
    goes_on = (
        lead.tag_ in FINITE
        or lead.lower_ == "that"
        or any(c.dep_ == "ccomp" and finite(c) and c.left_edge.i <= start <= c.right_edge.i for c in verb.children)
    )
    if verb.dep_ in ("parataxis", "ccomp", "advcl") and verb.head.i > right and verb.head.pos_ in ("VERB", "AUX"):
        goes_on = True
    if lead.lower_ in ("until", "unless", "because", "if", "for", "since", "so") and not any(
        t.lemma_ in lexicon().frames and t.pos_ == "VERB" for t in doc[start:end]
    ):
        goes_on = True
    if lead.pos_ == "CCONJ" and any(
        c.dep_ == "conj" and c.i > start and _belongs(c, c) and _has_subject(c) for c in verb.children
    ):
        goes_on = True
    if not goes_on:
        return None
    rest = _trimmed(doc, start, end - 1)
    return None if rest is None else (rest.first, rest.last)


def _opening(doc: Doc, first: int) -> int:
    """Leave out a dateline ("GENEVA (AP) — ") and a conjunction at the head of a sentence."""
    limit = min(len(doc), first + 15)
    index = first
    while (
        index < limit
        and (doc[index].is_upper or doc[index].is_title or not doc[index].is_alpha)
        and not doc[index].is_sent_end
    ):
        if (
            index > first
            and doc[index].text in ("—", "–", "-", "--", "―")
            and doc[first].is_upper
            and len(doc[first]) > 2
        ):
            first = index + 1
            break
        index += 1
    while first < len(doc) - 1 and (doc[first].is_space or doc[first].text in ("—", "–", "-", ",")):
        first += 1
    if doc[first].lower_ in ("but", "and", "so", "yet", "or") and doc[first].pos_ in ("CCONJ", "ADV"):
        first += 1
    return first


def _ends_sentence(doc: Doc, index: int) -> bool:
    return index >= len(doc) or doc[index].text in (".", "?", "!", ";") or doc[index].is_space


def _tag_bounds(cue: Cue) -> tuple[int, int]:
    """First and last token of the cue with its subject ("the minister said on Monday")."""
    verb = cue.token
    left, right = verb.i, cue.last
    for child in verb.children:
        if child.dep_ in ("nsubj", "nsubjpass"):
            left, right = min(left, child.left_edge.i), max(right, child.right_edge.i if child.i > verb.i else right)
        elif child.dep_ in ("aux", "auxpass", "advmod", "neg") and child.i < verb.i and child.i >= left - 1:
            left = min(left, child.i)
        elif child.i > verb.i and child.dep_ in ("prep", "npadvmod", "advmod", "dobj", "dative"):
            right = max(right, child.right_edge.i)
    if left == verb.i and right == cue.last and (noun := beside(verb)) is not None:
        left = noun.i
        while left > verb.sent.start and verb.doc[left - 1].pos_ in ("PROPN", "DET"):
            left -= 1
    return left, right


def _parenthetical(cue: Cue) -> Clause | None:
    """A cue set off by commas inside or after the clause that it reports."""
    verb = cue.token
    doc, sent = verb.doc, verb.sent
    if not cue.frames & {"clause", "hearer"}:
        return None
    left, right = _tag_bounds(cue)
    subject = subject_head(verb)
    if subject is None or left - 1 <= sent.start or doc[left - 1].text != ",":
        return None
    if not any(c.dep_ in ("nsubj", "nsubjpass") for c in verb.children) and beside(verb) is None:
        return None
    closing = doc[right + 1] if right + 1 < len(doc) else None
    if closing is not None and closing.text not in (",", ".", ";", "—", "–") and not closing.is_space:
        return None
    head = _trimmed(doc, _opening(doc, sent.start), left - 1)
    if head is None:
        return None
    clauses = any(
        t.dep_ not in ("relcl", "acl", "advcl") and finite(t) and not _subordinate(t)
        for t in doc[head.first : head.last + 1]
        if t.pos_ in ("VERB", "AUX")
    )
    then = _behind(cue, right)
    if not clauses and then is None and verb.dep_ == "parataxis" and closing is not None and closing.text == ",":
        rest = _trimmed(doc, right + 2, sent.end - 1)
        then = None if rest is None else (rest.first, rest.last)
    if not clauses and then is None:
        return None
    return Clause(head.first, head.last, then)


def _according(cue: Cue) -> Clause | None:
    """ "According to X, …" and "…, according to X"."""
    doc, sent = cue.token.doc, cue.token.sent
    source = source_head(cue.token)
    if source is None:
        return None
    end = source.right_edge.i
    before = _trimmed(doc, _opening(doc, sent.start), cue.first - 1) if cue.first > sent.start else None
    if before is None or before.last - before.first < 2:
        comma = next((i for i in range(noun_phrase(source)[1] + 1, sent.end) if doc[i].text == "," and i >= end), None)
        if comma is None:
            comma = next((i for i in range(noun_phrase(source)[1] + 1, sent.end) if doc[i].text == ","), None)
        return None if comma is None else _trimmed(doc, comma + 1, sent.end - 1)
    if doc[before.last].tag_ in ("WDT", "WP", "IN", "CC", "WRB") and end + 1 < sent.end and doc[end + 1].text == ",":
        return _trimmed(doc, end + 2, sent.end - 1)
    if end + 1 < sent.end - 1 and doc[end + 1].text == "," and end + 3 < sent.end:
        rest = _trimmed(doc, end + 2, sent.end - 1)
        verb = source.head.head.head
        if rest is not None and verb.i > end:
            return Clause(before.first, before.last, (rest.first, rest.last))
    return before


def _under_noun(cue: Cue) -> Clause | None:
    for child in cue.token.children:
        if child.dep_ in ("acl", "ccomp", "relcl") and child.i > cue.token.i and finite(child):
            if any(c.dep_ == "mark" and c.lower_ == "that" for c in child.children):
                return _forward(cue, child)
    return None


def _trimmed(doc: Doc, first: int, last: int) -> Clause | None:
    """Without white space and stops at the ends."""
    while first <= last and (doc[first].is_space or doc[first].text in ",;:.—–-―…)"):
        first += 1
    while last >= first and (doc[last].is_space or doc[last].text in ",;:.—–-―("):
        last -= 1
    return Clause(first, last) if first <= last else None


def span_of(doc: Doc, first: int, last: int) -> Span:
    """The tokens first..last, both included."""
    return doc[first : last + 1]
