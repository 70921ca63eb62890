"""Where a reported clause begins and ends.

What belongs here: the bounds of the clause behind, before or around a cue of saying, without "that", the cue's own
adverbials, datelines and the words of the next cue.
What does not: which clause a cue reports (``indirect``).
"""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc, Token

from extraction.cues import FINITE, Cue, auxiliaries, finite, lexicon
from extraction.speakers import beside, inverted

_PRONOUN = frozenset({"nsubj", "nsubjpass", "csubj", "det", "dobj", "pobj"})  # what "that" is when it opens no clause


@dataclass(frozen=True, slots=True)
class Clause:
    """A reported clause: token range [first, last], and the range after the cue when the cue breaks it."""

    first: int
    last: int
    then: tuple[int, int] | None = None


def forward(cue: Cue, clause: Token) -> Clause | None:
    """The bounds of a clause that stands behind its cue; None when nothing is left of it."""
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
    first = that.i + 1 if that is not None else _skip_lead(doc, _detached(cue, first), clause.i)
    last = _cut_coordination(cue, clause, last)
    last = _carry_on(cue, clause, last)
    last = _cut_tail(doc, clause.i, min(last, clause.sent.end - 1))
    last = next((i - 1 for i in range(first + 2, last) if doc[i].text == ";"), last)
    return tidied(doc, first, last)


def _detached(cue: Cue, first: int) -> int:
    """Where a clause begins whose noun the parse has tied to the cue ("said hundreds of Red Cross (IRC) lorries")."""
    doc, start = cue.token.doc, cue.last + 1
    if start < first and doc[start].lower_ == "that" and doc[start].tag_ == "IN":
        return start + 1
    if "hearer" in cue.frames or "label" in cue.frames:
        return first
    strayed = next((c for c in cue.token.rights if c.dep_ == "dobj" and c.left_edge.i == start), None)
    return start if strayed is not None and strayed.i < first <= strayed.right_edge.i + 2 else first


def _skip_lead(doc: Doc, first: int, head: int) -> int:
    """Leave out "that", a comma, and the day that belongs to the cue ("said Monday the talks …")."""
    while first < head:
        token = doc[first]
        if (
            (token.is_punct and token.text in ",:;—–-")
            or token.is_space
            or (token.lower_ == "that" and token.dep_ not in _PRONOUN)
        ):
            first += 1
        elif (skipped := _aside(doc, first, head)) > first:
            first = skipped
        elif (
            token.lower_ in lexicon().days
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
        if (
            noun.lower_ in lexicon().periods
            or noun.lower_ in lexicon().days
            or (token.dep_ == "prep" and noun.lower_ in lexicon().media)
        ):
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
            if after.pos_ == "ADV" and index + 2 <= last and _resumes(doc[index + 2]):
                after = doc[index + 2]
            if after.lower_ in ("according", "although", "though") or _resumes(after) or _of_saying(after, last):
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


def _of_saying(token: Token, last: int) -> bool:
    """Does a phrase at the end tell how or where it was said (", without giving details", ", in an interview")?"""
    if token.dep_ != "prep" or token.right_edge.i < last:
        return False
    inner = [c for c in token.children if c.dep_ in ("pobj", "pcomp")]
    if token.lower_ == "without":
        return any(c.tag_ == "VBG" and c.lemma_ in lexicon().elaborating for c in inner)
    if token.lower_ == "following":
        return True
    return token.lower_ in ("in", "during", "at", "on", "via", "after") and any(
        c.lemma_.lower() in lexicon().media and not c.ent_type_ for c in inner
    )


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
        if (
            (child.dep_ == "ccomp" and child.tag_ != "VBG" and not _tags(child))
            or (child.dep_ == "conj" and _belongs(child, clause))
            or (child.dep_ == "prep" and child.nbor(-1).dep_ == "cc")
        ):
            last = child.right_edge.i
        elif child.dep_ not in ("punct", "cc"):
            break
    return last


def _tags(verb: Token) -> bool:
    """Is it a cue with a speaker of its own?"""
    return verb.lemma_ in lexicon().frames and any(c.dep_ in ("nsubj", "nsubjpass") for c in verb.children)


def has_subject(verb: Token) -> bool:
    """Does the verb have its own subject?"""
    return any(c.dep_ in ("nsubj", "nsubjpass", "expl") for c in verb.children)


def _belongs(verb: Token, clause: Token) -> bool:
    """Does a verb coordinated with the cue continue the reported clause?"""
    if any(c.dep_ == "mark" and c.lower_ == "that" for c in verb.children):
        return True
    if any(t.lemma_ in lexicon().frames and t.pos_ == "VERB" for t in (verb, *verb.children)):
        return False
    if has_subject(verb):
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


def behind(cue: Cue, right: int) -> tuple[int, int] | None:
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
        c.dep_ == "conj" and c.i > start and _belongs(c, c) and has_subject(c) for c in verb.children
    ):
        goes_on = True
    if lead.dep_ == "cc" and start + 1 < end and doc[start + 1].text in ("“", '"', "''", "``"):
        goes_on = True
    if not goes_on:
        return None
    rest = trimmed(doc, start, end - 1)
    return None if rest is None else (rest.first, rest.last)


def sentence_start(doc: Doc, tag: int) -> int:
    """Where the words before a tag ("…, he added") begin: at the sentence, or behind a semicolon in it."""
    start = doc[tag].sent.start
    return next((i + 1 for i in range(tag - 1, start, -1) if doc[i].text == ";"), start)


def opening(doc: Doc, first: int) -> int:
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


def ends_sentence(doc: Doc, index: int) -> bool:
    """Does the sentence, or the text, end at this token?"""
    return index >= len(doc) or doc[index].text in (".", "?", "!", ";") or doc[index].is_space


def tag_bounds(cue: Cue) -> tuple[int, int]:
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
    if left == verb.i and (noun := inverted(verb)) is not None:
        right = max(right, noun.right_edge.i)
    elif left == verb.i and right == cue.last and (noun := beside(verb)) is not None:
        left = noun.i
        while left > verb.sent.start and verb.doc[left - 1].pos_ in ("PROPN", "DET"):
            left -= 1
    return left, right


def is_subordinate(clause: Token) -> bool:
    """Is it a clause of time, reason or condition, which no cue reports?"""
    return any(
        c.dep_ in ("mark", "advmod") and c.lower_ in lexicon().subordinators and c.i == clause.left_edge.i
        for c in clause.children
    )


def tidied(doc: Doc, first: int, last: int) -> Clause | None:
    """Trimmed, without a bracket that never closes, a dangling conjunction and the "that" of the cue."""
    opened = [i for i in range(first, last + 1) if doc[i].text == "("]
    closed = sum(doc[i].text == ")" for i in range(first, last + 1))
    if len(opened) > closed and opened[-1] > first + 1 and not (last + 1 < len(doc) and doc[last + 1].text == ")"):
        last = opened[-1] - 1
    while last > first and (doc[last].dep_ == "cc" or doc[last].text in ",;"):
        last -= 1
    if doc[first].lower_ == "that" and doc[first].tag_ in ("IN", "WDT") and doc[first].dep_ not in _PRONOUN - {"dobj"}:
        first += 1
    return trimmed(doc, first, last)


def trimmed(doc: Doc, first: int, last: int) -> Clause | None:
    """Without white space and stops at the ends."""
    while first <= last and (doc[first].is_space or doc[first].text in ",;:.—–-―…)"):
        first += 1
    while last >= first and (doc[last].is_space or doc[last].text in ",;:.—–-―("):
        last -= 1
    return Clause(first, last) if first <= last else None
