"""How far the name of an instrument reaches, to the left and to the right of its head noun.

What belongs here: the boundaries of titles: modifiers before the head, and with whom, on what and to do what after it.
What does not: which nouns head a name (``instruments``).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from spacy.tokens import Doc, Token

from extraction.gazetteer import lexicon

_LONGEST = 45  # tokens of a title; what runs on longer is a parse gone wrong
_MODIFIER_TAGS = frozenset(
    {"JJ", "JJR", "JJS", "NN", "NNS", "NNP", "NNPS", "CD", "HYPH", "VBN", "VBG", "AFX", "FW", "NFP"}
)
QUOTES = frozenset("\"“”'‘’«»")
_STOPS = frozenset(";:()[]—–…•*")
SKIPPED = frozenset({"same", "own", "so", "other", "very", "following", "such"})
_ENDING = frozenset(
    {"by", "after", "before", "during", "at", "as", "while", "when", "since", "until", "despite", "following", "amid"}
    | {
        "where",
        "worth",
        "which",
        "who",
        "whose",
        "if",
        "because",
        "but",
        "although",
        "though",
        "than",
        "ahead",
        "so",
        "under",
    }
)


def left_end(doc: Doc, noun: Token, first: int) -> int:
    """The first token of the name: adjectives and nouns before the head, as far as they belong to it."""
    edge, start = min(noun.left_edge.i, first), first
    i = first - 1
    if doc[first].pos_ == "PROPN":  # a title in capitals is one name, however it was parsed
        while (
            edge > 0 and not doc[edge].is_sent_start and (doc[edge - 1].pos_ == "PROPN" or doc[edge - 1].text in "()")
        ):
            edge -= 1
    while i >= edge and not doc[i].is_sent_end:
        token = doc[i]
        if token.text in ("-", "/", "–") and i > edge and not doc[i - 1].is_space:
            i -= 1
            continue
        if token.lower_ in ("and", "or", ",") and i > edge and _is_modifier(doc[i - 1]) and start == i + 1:
            i -= 1  # "economic and trade agreement"
            continue
        if token.text == ")" and i - 2 >= edge and doc[i - 2].text == "(" and _acronym(doc[i - 1]):
            start, i = i - 2, i - 3  # "Free Trade Area (FTA) agreement"
            continue
        if token.lower_ == "of" and token.ent_type_ == "ORG" and token.ent_iob_ == "I":
            i -= 1  # "the Council of Europe convention"
            continue
        if not _is_modifier(token):
            break
        start = i
        i -= 1
    while start < first and (doc[start].lower_ in SKIPPED or doc[start].is_punct):
        start += 1
    return start


def _same_name(before: Token, token: Token) -> bool:
    """Whether a capitalised name goes on to the left, an acronym in brackets included."""
    if token.is_sent_start:
        return False
    if before.text == ")":
        return before.i > 1 and _acronym(before.nbor(-1)) and before.nbor(-2).text == "("
    return _acronym(token) if before.text == "(" else before.pos_ == "PROPN"


def _acronym(token: Token) -> bool:
    return sum(c.isupper() for c in token.text) > 1


def _is_modifier(token: Token) -> bool:
    if token.tag_ in ("VBN", "VBG"):
        return token.dep_ in ("amod", "compound", "nmod", "advmod", "npadvmod") or "-" in token.text
    return token.tag_ in _MODIFIER_TAGS and token.text not in QUOTES and not token.is_space


def right_end(doc: Doc, noun: Token, tail: int, code: str, definite: bool) -> int:
    """The end of the name: what it is on, with whom, between whom, to do what."""
    end, limit = tail, min(len(doc), tail + _LONGEST)
    while end < limit:
        at = end
        if doc[at].text == "(" and at + 2 < limit and doc[at + 2].text == ")" and doc[at + 1].text.isupper():
            at += 3  # "Memorandum of Understanding (MoU) on …"
        if at >= limit or doc[at].is_sent_start or doc[at].lower_ not in vocabulary()["joints"]:
            break
        governor = doc[at].head.head
        if (
            definite
            and doc[at].lower_ == "to"
            and governor.i < noun.i
            and governor.lemma_ not in vocabulary()["makers"]
        ):
            break  # "amended the treaty to add a chapter"
        reach = _complement(doc, noun, at, tail, limit, code)
        if reach is None:
            break
        end = reach
    return end


def _complement(doc: Doc, noun: Token, at: int, tail: int, limit: int, code: str) -> int | None:
    """Where the complement that begins with a joint word ends; None when it does not belong to the name."""
    joint = doc[at]
    if at + 1 >= limit:
        return None
    following = doc[at + 1]
    if joint.lower_ in ("to", "not"):
        verb = joint.head if joint.dep_ == "aux" else None
        if joint.lower_ == "not" and following.lower_ == "to":
            verb = following.head
        if (
            verb is None
            or verb.tag_ != "VB"
            or verb.i < at
            or verb.lemma_ in vocabulary()["not_purposes"]
            or not _hangs_on(verb, noun, at == tail)
        ):
            return None
        return _trim(doc, at + 1, min(limit, verb.right_edge.i + 1), noun)
    if joint.dep_ == "aux" or _dated(doc, at + 1):
        return None
    if joint.lower_ == "in" and not _is_field(doc, at, code):
        return None
    if joint.lower_ in ("for", "over", "against", "about") and joint.head.pos_ == "VERB" and following.tag_ == "VBG":
        return None  # "criticised the deal for ignoring …"
    if joint.lower_ == "for" and code == "action-plan" and is_year(following):
        return _years(doc, at + 1, limit)
    if joint.lower_ == "for" and (following.like_num or following.lower_ in ("the", "a", "an", "at")) and _lasts(joint):
        return None
    if joint.tag_ == "VBG" and joint.dep_ not in ("acl", "prep", "pcomp", "amod") and not joint.text[:1].isupper():
        return None
    edge = joint.right_edge.i + 1
    if edge <= at + 1:  # the parser left the preposition bare: take the noun phrase that follows
        edge = following.right_edge.i + 1 if following.i > at else at + 1
        if following.head.i > at and following.head.i < limit and following.dep_ in ("det", "amod", "compound", "nmod"):
            edge = following.head.right_edge.i + 1
    while edge < limit and doc[edge].dep_ in ("compound", "amod", "nmod", "nummod") and doc[edge].head.i >= edge:
        edge = doc[edge].head.i + 1  # a noun phrase that the parser has cut in two
    reach = _trim(doc, at + 1, min(limit, edge), noun)
    return reach if reach > at + 1 else None


def _years(doc: Doc, start: int, limit: int) -> int:
    """The end of "2024-2028"."""
    end = start + 1
    while end < limit and (is_year(doc[end]) or doc[end].text in "-–/"):
        end += 1
    return end


def _hangs_on(verb: Token, noun: Token, first: bool) -> bool:
    """Whether an infinitive tells what the instrument is for, not why someone acted; ``first``: it follows the head."""
    if verb.head.i == noun.i or noun.head.i == verb.i:
        return True
    if verb.dep_ in ("acl", "relcl"):
        return noun.i <= verb.head.i < verb.i
    return first and verb.dep_ in ("xcomp", "advcl", "ccomp")


def _dated(doc: Doc, i: int) -> bool:
    return doc[i].ent_type_ in ("DATE", "TIME") and not is_year(doc[i])


def _lasts(joint: Token) -> bool:
    """Whether "for" tells how long or which time, not for what."""
    return any(o.ent_type_ in ("DATE", "TIME") or o.lemma_ == "time" for o in joint.children if o.dep_ == "pobj")


def _is_field(doc: Doc, at: int, code: str) -> bool:
    """Whether "in …" names a field ("in the field of energy") or the land of a truce."""
    ahead = doc[at + 1 : at + 5]
    if any(t.lower_ in vocabulary()["fields"] for t in ahead):
        return True
    return code == "ceasefire" and any(t.ent_type_ in ("GPE", "LOC") for t in ahead[:2])


def _trim(doc: Doc, start: int, edge: int, noun: Token) -> int:
    """The end of a complement: before the first word that starts something else."""
    for i in range(start, edge):
        token = doc[i]
        if token.is_sent_start or (token.is_space and "\n" in token.text):
            return _close(doc, start, i)
        if token.text in "–—" and not doc[i - 1].whitespace_ and not token.whitespace_:
            continue  # "the Basra–Aqaba pipeline"
        if token.lower_ == "and" and _begins_group(doc, i + 1, edge):
            return _close(doc, start, i)
        if token.text in _STOPS or (token.text in QUOTES and token.tag_ != "POS"):
            return _close(doc, start, i)
        if token.lower_ in _ENDING and token.dep_ != "det":
            return _close(doc, start, i)
        if token.tag_ in ("VBD", "VBZ", "VBP", "MD", "WDT", "WP", "WRB") and token.dep_ not in ("amod", "compound"):
            return _close(doc, start, i)
        if token.text == "," and not _lists(doc, i, edge):
            return _close(doc, start, i)
        if token.dep_ == "prep" and i + 1 < edge and _ends_at(doc, token, start):
            return _close(doc, start, i)
        if token.tag_ == "TO" and i > start and token.head.dep_ == "advcl":  # what someone did it for
            return _close(doc, start, i)
        if i > start and _adverbial_date(token):
            return _close(doc, start, i)
    return _close(doc, start, edge)


def _begins_group(doc: Doc, start: int, edge: int) -> bool:
    """Whether further instruments follow: "an MoU on rare earths and four other papers"."""
    w = vocabulary()
    ahead = doc[start : min(edge + 1, start + 5, len(doc))]
    if not ahead or not (ahead[0].like_num or ahead[0].lower_ in w["counts"] or ahead[0].tag_ == "DT"):
        return False
    return any(t.lemma_.lower() in w["heads"] for t in ahead)


def _adverbial_date(token: Token) -> bool:
    if token.ent_type_ != "DATE" or token.ent_iob_ != "B" or is_year(token):
        return False
    return token.dep_ in ("npadvmod", "pobj", "nmod") or token.head.dep_ in ("npadvmod", "pobj")


def _ends_at(doc: Doc, prep: Token, start: int) -> bool:
    """Whether a preposition inside a complement tells when or where, not what about."""
    following = doc[prep.i + 1]
    if _dated(doc, following.i):
        return True
    outside = prep.head.i < start - 1 and prep.head.pos_ in ("VERB", "AUX")
    if prep.lower_ in ("in", "at", "on") and following.ent_type_ in ("GPE", "LOC", "FAC"):
        return outside or (prep.lower_ == "in" and prep.head.pos_ != "VERB")
    return outside and prep.lower_ not in vocabulary()["joints"]


def _lists(doc: Doc, comma: int, edge: int) -> bool:
    """Whether a comma separates the members of a list ("between A, B and C")."""
    ahead = doc[comma + 1 : min(edge, comma + 14)]
    if not ahead or (ahead[0].tag_ in ("WDT", "WP", "IN", "VBG", "VBN", "RB", "DT") and ahead[0].dep_ != "det"):
        return False
    for token in ahead:
        if token.lower_ in ("and", "or"):
            return True
        if token.pos_ in ("VERB", "AUX") and token.tag_ != "VBG":
            return False
    return False


def _close(doc: Doc, start: int, end: int) -> int:
    """The end without trailing joints, articles, conjunctions, participles and punctuation."""
    while end > start and _hangs_loose(doc[end - 1]):
        end -= 1
    return end


def _hangs_loose(token: Token) -> bool:
    if token.tag_ == "POS":
        return False
    participle = token.tag_ == "VBN" and token.dep_ == "acl"  # "… digital evidence held [by …]"
    return participle or token.is_punct or token.is_space or token.pos_ in ("ADP", "CCONJ", "DET", "SCONJ", "PART")


def is_year(token: Token) -> bool:
    """Whether the token is a year between 1500 and 2099."""
    return re.fullmatch(r"1[5-9]\d\d|20\d\d", token.text) is not None


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, Any]:
    """The word list ``lexicon/instruments.yml``."""
    return lexicon("instruments")
