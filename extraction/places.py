"""Places: where the act named by a trigger happened.

What belongs here: locative phrases, datelines, "here", cities to countries.
What does not: states as actors (``actors``), when the act happened (``dates``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from spacy.tokens import Span, Token

from extraction import gazetteer, grammar
from extraction.document import Document
from extraction.facts import Where

_LOCATIVE = frozenset({"in", "at", "outside", "near", "aboard", "on"})
_GOING = frozenset({"travel", "fly", "head", "go", "arrive", "return", "visit", "journey", "come"})
_AGAINST = frozenset({"against", "on", "with", "between"})
_PLACE_LABELS = frozenset({"GPE", "LOC", "FAC"})
# "NEW DELHI, May 4 (Agency) –", "Beijing —": capitals or a known city, then a date or an agency, then a dash.
_DATELINE = re.compile(
    r"\s*(?P<place>[A-ZÀ-Þ][\w.'’-]*(?:[ /][A-ZÀ-Þ][\w.'’-]*){0,3})(?P<more>,\s*[A-ZÀ-Þ][\w.'’ ]*?)??"
    r"(?P<date>[,\s]+(?:[A-Z][a-z]{2,8}\.?\s+\d{1,2}|\d{1,2}\s+[A-Z][a-z]{2,8})\.?(?:\s*,\s*\d{4})?)?"
    r"\s*(?P<agency>\((?:[^()\n]{2,40})\))?\s*(?P<end>:|[-–—_]{1,3}(?=\s)|\n|(?<=\))\s)"
)
_TOP = 400  # characters: a dateline stands at the head of the text


@dataclass(frozen=True, slots=True)
class _Dateline:
    place: str
    country: str | None


@lru_cache(maxsize=4)
def dateline(document: Document) -> Where:
    """Where the report was written, as its head says; ``Where()`` without a dateline."""
    for start, _ in document.paragraphs[:2]:
        if start > _TOP:
            break
        found = _DATELINE.match(document.text, start)
        if found is None:
            continue
        place = (
            found["place"].rstrip(".") if found["place"].endswith(".") and len(found["place"]) > 6 else found["place"]
        )
        country = country_of(place.title() if place.isupper() and len(place) > 3 else place)
        shouted = place.isupper() and len(place) > 3
        if country is None and found["more"]:
            country = country_of(found["more"].strip(" ,"))
        if country is not None and (
            shouted or found["date"] or found["agency"] or found["end"] in {"—", "–", "-", "--"}
        ):
            return Where(place, country)
        if shouted and (found["date"] or found["agency"]):
            return Where(place, country)
    return Where()


@lru_cache(maxsize=1)
def _venues() -> dict[str, str | None]:
    return {str(k): v for k, v in gazetteer.lexicon("venues")["venues"].items()}


@lru_cache(maxsize=1)
def _generic() -> frozenset[str]:
    return frozenset(gazetteer.lexicon("venues")["generic"])


def country_of(place: str) -> str | None:
    """The state in which a named place lies; None when the gazetteer does not know it."""
    venue = gazetteer.plain(place).lower().removeprefix("the ")
    if venue in _venues():
        return _venues()[venue]
    for name in (place, place.split(",")[0]):
        found = (
            gazetteer.country_of_city(name)
            or gazetteer.country_of_capital(name)
            or gazetteer.country_of_name(name)
            or gazetteer.country_of_region(name)
        )
        if found is not None:
            return found
    last = place.rsplit(",", 1)[-1].strip()
    return gazetteer.country_of_name(last) if "," in place else None


def place_of(document: Document, trigger: Token) -> Where:
    """Where the act named by a trigger happened; ``Where()`` when the text does not say."""
    token: Token = trigger
    for _ in range(4):
        found = _beside(document, token)
        if found is not None:
            return found
        if (
            token.dep_
            in {"dobj", "nsubj", "nsubjpass", "pobj", "prep", "conj", "xcomp", "attr", "amod", "compound", "acl"}
            and token.head is not token
        ):
            token = token.head
        else:
            break
    return Where()


def _beside(document: Document, token: Token) -> Where | None:
    """The place that a phrase of the token itself names."""
    for child in token.children:
        if child.dep_ == "advmod" and child.lower_ == "here":
            written = dateline(document)
            return written if written.place else None
        if child.dep_ in {"prep", "prt"} and (
            child.lower_ in _LOCATIVE or (child.lower_ in {"to", "into"} and token.lemma_ in _GOING)
        ):
            for inner in child.children:
                if inner.dep_ == "pobj":
                    where = _named(inner)
                    if where is not None:
                        return where
        if child.dep_ == "dobj" and token.lemma_ == "visit":
            where = _named(child)
            if where is not None:
                return where
        if child.dep_ == "dobj":
            # "a strike against a depot in Lima", "talks in Lima"
            inside = [
                child,
                *(o for g in child.children if g.lower_ in _AGAINST for o in g.children if o.dep_ == "pobj"),
            ]
            for head in inside:
                for inner in (o for w in ("in", "at") for o in grammar.prepositional_heads(head, w)):
                    if (where := _named(inner)) is not None:
                        return where
    return None


def _named(head: Token) -> Where | None:
    """A place phrase as written: "Geneva", "Washington, D.C.", "the Hotel Bristol in Oslo"."""
    ent = grammar.entity(head)
    if ent is not None and ent.label_ in _PLACE_LABELS:
        text = _with_state(ent)
        # a building's name looks like a city's now and then
        country = country_of(text) if ent.label_ != "FAC" else _venues().get(_trim(text).lower())
        if country is not None or ent.label_ != "GPE":
            return Where(_trim(text), country or _inner_country(head))
    if head.lemma_.lower() in _generic():
        return _described(head)
    return None


def _described(head: Token) -> Where | None:
    """ "the southern city of Masvingo", "the Lusaka airport", "a hotel in Oslo"."""
    for child in head.children:
        if child.dep_ == "prep" and child.lower_ in {"of", "in"}:
            for inner in child.children:
                ent = grammar.entity(inner)
                if inner.dep_ == "pobj" and ent is not None and ent.label_ in _PLACE_LABELS | {"PERSON", "ORG"}:
                    return Where(_trim(ent.text), country_of(ent.text) or _inner_country(head))
    for child in head.children:
        ent = grammar.entity(child)
        if ent is not None and ent.label_ in _PLACE_LABELS and child.dep_ in {"compound", "nmod", "poss", "appos"}:
            if head.lemma_.lower() == "capital":
                return None
            text = ent.text if child.dep_ == "appos" or ent.end > head.i else head.doc[ent.start : head.i + 1].text
            return Where(_trim(text), country_of(ent.text))
    return None


def _inner_country(head: Token) -> str | None:
    for child in head.subtree:
        ent = grammar.entity(child)
        if ent is not None and ent.label_ == "GPE" and (found := country_of(ent.text)) is not None:
            return found
    return None


def _with_state(ent: Span) -> str:
    """The name with a state after a comma: "Washington, D.C."."""
    doc = ent.doc
    if ent.end + 1 < len(doc) and doc[ent.end].text == ",":
        follow = grammar.entity(doc[ent.end + 1])
        if (
            follow is not None
            and follow.label_ == "GPE"
            and follow.start == ent.end + 1
            and follow.text.replace(".", "") in {"DC", "Maryland", "Virginia", "New York", "NY"}
        ):
            return doc[ent.start : follow.end].text
    return ent.text


def _trim(text: str) -> str:
    text = text.strip()
    return text[4:] if text.lower().startswith("the ") else text
