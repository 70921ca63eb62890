"""Runs of capitals in a document, and the names in them that the word lists know.

What belongs here: what a ``Name`` is, where a run of name-like tokens begins and ends, and plain questions about a run.
What does not: deciding what a run names (``bodies``, ``naming``).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from extraction import gazetteer
from extraction.tokens import DASHES, POSSESSIVE, Tokens, is_role
from extraction.wordlists import words

NameKind = Literal["person", "organization", "state", "bloc", "capital", "region", "demonym", "thing", "unknown"]

_JOINTS = frozenset({"of", "for", "and", "&", "the", ",", "at", "large"})
_OPENING, _CLOSING = frozenset({'"', "“", "‘", "'", "``"}), frozenset({'"', "”", "’", "'", "''"})
# Particles that are English words too: they join names only with their hyphen ("as-Sisi").
_ENGLISH = frozenset({"as", "at", "us", "i", "an", "do", "e", "y", "a"})


@dataclass(slots=True)
class Name:
    """Tokens ``[start, end)`` that name something; ``value``: country code or bloc's name, where the gazetteer knows.

    ``attributive``: the name only qualifies the noun after it ("US officials", "China-backed").  ``sure``: a title or
    an office says that it is a person.
    """

    start: int
    end: int
    kind: NameKind
    value: str | None = None
    attributive: bool = False
    sure: bool = False


@cache
def _all_listed() -> tuple[dict[str, tuple[NameKind, str | None]], dict[str, int]]:
    """Every name that the lists know → its kind and value; and the most tokens of those that begin with a word."""
    merged: dict[str, tuple[NameKind, str | None]] = {}
    for key, (kind, value) in gazetteer.all_names().items():
        merged[key] = (cast(NameKind, kind), value)
    for key, (_, country) in words().known.items():
        if merged.get(key, ("",))[0] != "bloc":
            merged[key] = ("organization", country)
    longest: dict[str, int] = {}
    for key in merged:
        pieces = re.findall(r"[^\s\-'&,]+|[\-'&,]", key)
        first = pieces[0].lower()
        longest[first] = max(longest.get(first, 0), len(pieces) + 1)
    return merged, longest


def _listed(tokens: Tokens) -> dict[int, Name]:
    """Names that the word lists know, by their first token; the longest at each place."""
    found: dict[int, Name] = {}
    merged, longest = _all_listed()
    i, n = 0, len(tokens)
    while i < n:
        name, reach = None, 0
        if tokens.text[i][:1].isalpha():
            reach = longest.get(gazetteer.plain(tokens.low[i]), 0)
        for end in range(min(n, i + reach), i, -1):
            last = tokens.text[end - 1]
            if last in POSSESSIVE or not (last[-1].isalnum() or (len(last) > 1 and last[-1] in ".+")):
                continue
            if tokens.sent[end - 1] == tokens.sent[i]:
                entry = _entry(merged, tokens.span_text(i, end))
                if entry is not None:
                    name = Name(i, end, *entry)
                    break
        if name is None:
            i += 1
        else:
            found[i] = name
            i = name.end
    return found


def _entry(merged: dict[str, tuple[NameKind, str | None]], text: str) -> tuple[NameKind, str | None] | None:
    bare = gazetteer.bare_name(text)
    if "\n" in text or bare.islower():
        return None
    found = merged.get(bare) or merged.get(bare.lower())
    if found is None and bare.endswith("s"):
        found = merged.get(bare[:-1].lower())
        return found if found is not None and found[0] == "demonym" else None
    return found


class Runs:
    """A document's runs of capitals, walked in order; ``names`` collects what is found."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.words = words()
        self.listed = _listed(tokens)
        self.ends = {m.end: m for m in self.listed.values()}
        self.covering = {i: m for m in self.listed.values() for i in range(m.start, m.end)}
        self.person_starts = {e.start: e.end for e in tokens.doc.ents if e.label_ == "PERSON" and "\n" not in e.text}
        self.names: list[Name] = []

    def _add(self, name: Name) -> None:
        if name.start < name.end and not (self.names and self.names[-1].end > name.start):
            self.names.append(name)

    def _run(self, start: int) -> int | None:
        """End of the run of name-like tokens that begins at ``start``, with the small words inside it."""
        tokens, n = self.tokens, len(self.tokens)
        if start in self.listed:
            end = self.listed[start].end
        elif tokens.namey(start):
            end = start + 1
        else:
            return None
        while end < n and tokens.sent[end] == tokens.sent[start]:
            if end in self.listed and tokens.capital[end]:
                end = self.listed[end].end
            elif tokens.namey(end):
                end += 1
            else:
                after = self._bridge(end)
                if after is None:
                    break
                end = after
        return end

    def _bridge(self, i: int) -> int | None:
        """Where a run goes on after small words, a hyphen or an ampersand at ``i``; None when it ends there."""
        tokens, n = self.tokens, len(self.tokens)
        if i + 1 >= n or tokens.sent[i + 1] != tokens.sent[i]:
            return None
        if tokens.text[i] == "&" and tokens.capital[i + 1]:
            return i + 1
        if tokens.text[i] in POSSESSIVE and tokens.low[i - 1] in self.words.groups and tokens.capital[i + 1]:
            return i + 1
        if tokens.glued(i) and self._second_syllable(i):
            return i + 2
        if tokens.glued(i) and tokens.capital[i + 1]:
            both = i in self.ends and i + 1 in self.listed  # "India-Russia" is two names
            return None if both else i + 1
        nickname = self._nickname(i)
        if nickname is not None:
            return nickname
        j = i
        while (
            j < min(n - 1, i + 4)
            and not tokens.capital[j]
            and (tokens.low[j] in self.words.particles or tokens.glued(j))
        ):
            j += 1
        if j == i or i in self.ends or not tokens.namey(j) or tokens.sent[j] != tokens.sent[i]:
            return None
        return None if tokens.low[i] in _ENGLISH and not tokens.glued(i + 1) else j

    def _nickname(self, i: int) -> int | None:
        """Where a name goes on after a nickname in quotation marks ("Robert “Bob” Doe"), else None."""
        t = self.tokens
        if i + 3 >= len(t) or t.text[i] not in _OPENING or t.text[i + 2] not in _CLOSING or t.sent[i + 3] != t.sent[i]:
            return None
        person = t.namey(i - 1) and t.capital[i + 1] and t.namey(i + 3) and i not in self.ends
        return i + 3 if person and t.low[i + 1] not in self.words.not_actors else None

    def _second_syllable(self, i: int) -> bool:
        """Whether a hyphen at ``i`` joins the small second half of a given name ("Nak-yeon") and no participle."""
        t = self.tokens
        if t.capital[i + 1] or i in self.ends or i < 2 or (not t.capital[i - 2] and t.text[i - 2] not in DASHES):
            return False
        inside = t.entity[i - 1]
        return t.ent[i - 1] in ("PERSON", "") and (
            (inside is not None and inside[1] > i + 1)
            or (len(t.text[i + 1]) <= 5 and t.pos[i + 1] in ("NOUN", "PROPN", "X"))
        )

    def _in_office(self, start: int) -> bool:
        """Whether a run stands in the complement of an office ("Minister of Lands and Natural ...")."""
        tokens = self.tokens
        if start == 0 or tokens.low[start - 1] not in ("of", "for", "and", "&", "the", ","):
            return False
        for k in range(start - 1, max(0, start - 16), -1):
            if is_role(tokens, k):
                return tokens.low[k + 1] in ("of", "for", "at")
            if not (tokens.capital[k] or tokens.low[k] in _JOINTS or tokens.low[k] in self.words.portfolio):
                return False
        return False

    def _after_portfolio(self, start: int, end: int) -> int:
        """Skip the end of an office that a name follows without a comma ("Secretary of State Jane Doe")."""
        tokens, w = self.tokens, self.words
        if start == 0 or tokens.low[start - 1] not in ("of", "for", "to", "and", ",", "the", "&"):
            return start
        k = start
        while k < end and tokens.low[k] in w.office_words:
            k += 1
        return k if k < end and (k == start or self._is_person(k, end) or end - k >= 2) else start

    def _portfolio(self, start: int, end: int) -> bool:
        return all(self.tokens.low[k] in self.words.office_words for k in range(start, end))

    def _after_titles(self, i: int, end: int) -> int:
        """Skip what stands before a name inside a run: titles, a party's adjective, a dash."""
        t = self.tokens
        while i < end and (
            t.low[i] in self.words.honorifics
            or t.text[i] in {".", "'"}
            or t.text[i] in DASHES
            or (t.low[i] in self.words.affiliations and i + 1 < end)
        ):
            i += 1
        return i

    def _before_tail(self, start: int, end: int) -> int:
        tokens = self.tokens
        while end > start and (
            tokens.low[end - 1] in self.words.postnominals
            or tokens.text[end - 1] in POSSESSIVE
            or tokens.text[end - 1] in DASHES
        ):
            end -= 1
        return end

    def _is_person(self, start: int, end: int) -> bool:
        return any(
            a < end and b > start and min(b, end) - max(a, start) >= (end - start) / 2
            for a, b in self._near(start, end)
        )

    def _near(self, start: int, end: int) -> list[tuple[int, int]]:
        """The model's people that touch a span, cut to it."""
        t = self.tokens
        spans = {t.entity[k] for k in range(start, end) if t.ent[k] == "PERSON"}
        return [(max(e[0], start), min(e[1], end)) for e in spans if e is not None]

    def _label(self, start: int, end: int) -> str | None:
        """The model's label for most of a span."""
        votes = Counter(self.tokens.ent[k] for k in range(start, end))
        label, count = votes.most_common(1)[0] if votes else ("", 0)
        return label if label and count * 2 >= end - start else None

    def _acronym(self, start: int, end: int, label: str | None) -> bool:
        """A single word with several capitals ("UNICEF"); "EuroCAE" is one also where the model sees a person."""
        text = self.tokens.text[start]
        capitals = sum(c.isupper() for c in text)
        if end != start + 1 or len(text) > 8 or text[-1] == "." or "-" in text:
            return False
        return capitals >= 3 and not text.isupper() if label == "PERSON" else capitals >= 2

    def _office_follows(self, i: int) -> bool:
        """Whether the noun at ``i`` only qualifies an office ("ministry spokesman", "government official")."""
        j = i + 1
        return j < len(self.tokens) and (is_role(self.tokens, j) or self.tokens.pos[j] in ("NOUN", "PROPN"))

    def _attributive(self, name: Name) -> bool:
        token = self.tokens.doc[name.end - 1]
        if self.tokens.glued(name.end):
            return not self.tokens.capital[name.end + 1] if name.end + 1 < len(self.tokens) else False
        return token.dep_ in ("compound", "amod", "nmod") and token.head.i >= name.end and token.head.pos_ != "PROPN"
