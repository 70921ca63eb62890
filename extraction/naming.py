"""Where an article names somebody: spans of tokens with a first guess at what they name.

What belongs here: finding the spans (the small model's entities, repaired by capitals, gazetteer and word lists) and the
guess at their kind from form alone.
What does not: offices and countries of people (``roles``) and which spans name the same actor (``actors``).
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

_THINGS = frozenset({"EVENT", "LAW", "PRODUCT", "WORK_OF_ART", "LANGUAGE", "FAC", "LOC"})
# Parties and sides as adjectives before a name.
_AFFILIATIONS = frozenset(
    {
        "republican",
        "democrat",
        "democratic",
        "conservative",
        "tory",
        "labour",
        "liberal",
        "socialist",
        "communist",
        "independent",
    }
    | {"catholic", "muslim", "jewish", "kurdish", "sunni", "shiite", "shia", "gop", "rival", "islamist"}
)
_JOINTS = frozenset({"of", "for", "and", "&", "the", ",", "at", "large"})
# Names of things that are surnames too.
_SURNAMES = frozenset(
    {
        "park",
        "day",
        "west",
        "north",
        "hall",
        "law",
        "street",
        "page",
        "lake",
        "young",
        "moon",
        "song",
        "road",
        "field",
        "show",
    }
    | {
        "garden",
        "gardens",
        "week",
        "may",
        "march",
        "islam",
        "order",
        "bridges",
        "rivers",
        "mountain",
        "street",
        "bush",
        "wine",
    }
)
# Whose possessive stands inside an organization's name ("Workers' Party").
_GROUPS = frozenset(
    {
        "people",
        "peoples",
        "workers",
        "worker",
        "children",
        "women",
        "farmers",
        "teachers",
        "students",
        "veterans",
        "doctors",
    }
    | {
        "mothers",
        "soldiers",
        "lawyers",
        "peasants",
        "writers",
        "journalists",
        "citizens",
        "nurses",
        "states",
        "employers",
    }
)
_MEDIUM_AFTER = re.compile(
    r"(?:news )?(?:newspaper|daily|weekly|magazine|news|television|tv|radio|channel|broadcaster|website|agency)\b|state (?:tv|media)"
)
_MEDIUM_BEFORE = frozenset(
    {
        "newspaper",
        "daily",
        "agency",
        "magazine",
        "broadcaster",
        "channel",
        "website",
        "network",
        "airline",
        "company",
        "firm",
    }
    | {"bank", "group", "carrier", "giant", "maker", "manufacturer", "newswire", "tabloid", "weekly"}
)
_LOCAL = frozenset({"police", "council", "municipality", "prosecutors"})


@dataclass(slots=True)
class Name:
    """Tokens ``[start, end)`` that name something; ``value``: country code or bloc's name, where the gazetteer knows.

    ``attributive``: the name only qualifies the noun after it ("US officials", "China-backed").  ``sure``: a title or an
    office says that it is a person.
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


class _Finder:
    """One walk over a document: runs of capitals, then what each run names."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.words = words()
        self.listed = _listed(tokens)
        self.ends = {m.end: m for m in self.listed.values()}
        self.covering = {i: m for m in self.listed.values() for i in range(m.start, m.end)}
        self.person_starts = {e.start: e.end for e in tokens.doc.ents if e.label_ == "PERSON" and "\n" not in e.text}
        self.names: list[Name] = []

    def find(self) -> list[Name]:
        """All names, in order, none overlapping."""
        i, n = 0, len(self.tokens)
        while i < n:
            end = self._run(i)
            if end is None:
                i += 1
                continue
            if self.tokens.headline[i]:
                self._headline(i, end)
            else:
                self._parse(i, end)
            i = max(end, self.names[-1].end if self.names else 0)
        return self.names

    # runs ------------------------------------------------------------------------------------------------------------

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
        if tokens.text[i] in POSSESSIVE and tokens.low[i - 1] in _GROUPS and tokens.capital[i + 1]:
            return i + 1
        if tokens.glued(i) and self._second_syllable(i):
            return i + 2
        if tokens.glued(i) and tokens.capital[i + 1]:
            both = i in self.ends and i + 1 in self.listed  # "India-Russia" is two names
            return None if both else i + 1
        j = i
        while (
            j < min(n - 1, i + 4)
            and not tokens.capital[j]
            and (tokens.low[j] in self.words.particles or tokens.glued(j))
        ):
            j += 1
        if j == i or i in self.ends or not tokens.namey(j) or tokens.sent[j] != tokens.sent[i]:
            return None
        # "as", "at", "us" and the like join names only with their hyphen ("as-Sisi").
        english = tokens.low[i] in {"as", "at", "us", "i", "an", "do", "e", "y", "a"}
        return None if english and not tokens.glued(i + 1) else j

    def _second_syllable(self, i: int) -> bool:
        """Whether a hyphen at ``i`` joins the small second half of a given name ("Nak-yeon") and no participle."""
        t = self.tokens
        if t.capital[i + 1] or i in self.ends or i < 2 or not t.capital[i - 2] and t.text[i - 2] not in DASHES:
            return False
        inside = t.entity[i - 1]
        return t.ent[i - 1] in ("PERSON", "") and (
            (inside is not None and inside[1] > i + 1)
            or (len(t.text[i + 1]) <= 5 and t.pos[i + 1] in ("NOUN", "PROPN", "X"))
        )

    # what a run names --------------------------------------------------------------------------------------------------

    def _headline(self, start: int, end: int) -> None:
        """In a line of capitals only the word lists and the model's people are trusted."""
        i = start
        while i < end:
            if i in self.listed:
                self._add(self.listed[i])
                i = self.listed[i].end
            elif i in self.person_starts and self.person_starts[i] <= end:
                stop = self.person_starts[i]
                begin = self._after_titles(i, stop)
                stop = self._before_tail(begin, stop)
                if begin < stop and all(
                    self.tokens.capital[k] or self.tokens.low[k] in self.words.particles for k in range(begin, stop)
                ):
                    self._add(Name(begin, stop, "unknown"))
                i = max(stop, i + 1)
            else:
                i += 1

    def _parse(self, start: int, end: int) -> None:
        tokens, listed = self.tokens, self.listed
        while start < end and tokens.low[start] == "the":
            start += 1
        if start >= end:
            return
        if self._in_office(start):
            start = self._after_portfolio(start, end)
        whole = listed.get(start)
        if whole is not None and whole.end == end:
            self._alone(whole)
            return
        stop = self._entity_body(start, end) or self._organization(start, end)
        if stop is not None:
            if stop < end:
                self._parse(stop, end)
            return
        if self._office(start, end):
            return
        if whole is not None:
            self._prefixed(whole, start, end)
            return
        self._plain(start, end)

    def _alone(self, name: Name) -> None:
        """A run that is exactly one listed name."""
        tokens = self.tokens
        i = name.end
        if name.kind in ("state", "demonym", "capital"):
            # "Indian government", "Iran's regime", "the Tanzanian police", "Burma's military"
            head = i + 1 if i < len(tokens) and tokens.text[i] in POSSESSIVE and name.kind != "demonym" else i
            if head < len(tokens) and tokens.sent[head] == tokens.sent[name.start]:
                if tokens.low[head] in self.words.state_heads and not self._office_follows(head):
                    self._add(Name(name.start, head + 1, "state", name.value))
                    return
                length = 0 if tokens.capital[head] else self._plain_head(head)
                if length and not self._office_follows(head + length - 1):
                    self._add(Name(name.start, head + length, "organization", name.value))
                    return
        name.attributive = self._attributive(name)
        if name.kind == "state" and name.start >= 2 and tokens.low[name.start - 1] == "of":
            # "the government of Iran"
            k = name.start - 2
            if tokens.low[k] in self.words.state_heads:
                if not (self.names and self.names[-1].end > k):
                    self._add(Name(k, name.end, "state", name.value))
                    return
        self._add(name)

    def _plain_head(self, i: int) -> int:
        """Tokens of an organization's head in small letters at ``i`` ("armed forces"), 0 when there is none."""
        for length in (2, 1):
            text = " ".join(self.tokens.low[i : i + length])
            if text in self.words.plain_heads:
                return length
        return 0

    def _office_follows(self, i: int) -> bool:
        """Whether the noun at ``i`` only qualifies an office ("ministry spokesman", "government official")."""
        j = i + 1
        return j < len(self.tokens) and (is_role(self.tokens, j) or self.tokens.pos[j] in ("NOUN", "PROPN"))

    def _attributive(self, name: Name) -> bool:
        token = self.tokens.doc[name.end - 1]
        if self.tokens.glued(name.end):
            return not self.tokens.capital[name.end + 1] if name.end + 1 < len(self.tokens) else False
        return token.dep_ in ("compound", "amod", "nmod") and token.head.i >= name.end and token.head.pos_ != "PROPN"

    def _entity_body(self, start: int, end: int) -> int | None:
        """Add an organization that the model sees beyond the run ("Securities and Exchange Commission"); its end."""
        tokens = self.tokens
        entity = tokens.entity[start] if tokens.ent[start] == "ORG" else None
        if entity is None or entity[1] <= end or tokens.low[end] not in ("and", "of", "for", "&"):
            return None
        stop = entity[1]
        if tokens.low[stop - 1] not in self.words.org_heads or stop - start > 10:
            return None
        if any(is_role(tokens, k) or k in self.person_starts for k in range(start, stop)):
            return None
        if tokens.low[end] == "and" and any(k in self.listed for k in (start, end + 1)):
            return None
        self._add(Name(self._with_possessor(start), stop, "organization", self._country_inside(start, stop)))
        return stop

    def _organization(self, start: int, end: int) -> int | None:
        """Add the organization that a run begins with; its end, or None when the run names none."""
        tokens, w = self.tokens, self.words
        last = end - 1
        while last > start and tokens.low[last] in w.suffixes:
            last -= 1
        head = next(
            (k for k in range(start, end) if tokens.low[k] in w.org_heads and self._may_head(k, start, end)), None
        )
        if head is None:
            return None
        # An office inside the run ends the organization: "Foreign Ministry Spokesman Wang".
        office = next((k for k in range(start, end) if is_role(tokens, k) and k > start), None)
        if tokens.low[last] not in w.org_heads and not self._of_follows(head, end):
            if office is None or office <= head:
                if tokens.ent[head] != "ORG":
                    return None
        if office is not None and office > head:
            if office < end - 1:
                return None
            end = office
        if is_role(tokens, last) and tokens.low[last] not in w.org_heads:
            return None
        if head < end - 2 and self._in_office(start):
            end = head + 1  # "chairman of the X Commission Jane Doe"
        stop = self._complement(end)
        value = self._country_inside(start, stop)
        begin = start
        self._add(Name(self._with_possessor(begin), stop, "organization", value or self._possessor(begin)))
        return stop

    def _may_head(self, k: int, start: int, end: int) -> bool:
        """An organization's head stands last, or before "of" or "for", and not alone at the run's beginning."""
        inside = self.covering.get(k)
        if inside is not None and inside.end < end and inside.kind in ("bloc", "state", "organization"):
            return False
        if (k, k + 1) == (start, end) and not self._of_follows(k, end) and self._possessor(start) is None:
            return False
        person = self.tokens.entity[k] if self.tokens.ent[k] == "PERSON" else None
        return person is None or not (person[1] - person[0] > 1 and person[1] == end and person[0] >= start)

    def _of_follows(self, k: int, end: int) -> bool:
        t = self.tokens
        i = k + 1
        return (
            i == end
            and i + 1 < len(t)
            and t.low[i] in ("of", "for", "on")
            and (t.capital[i + 1] or t.low[i + 1] == "the")
            and t.sent[i + 1] == t.sent[k]
        )

    def _complement(self, end: int) -> int:
        """Where an organization's name ends that goes on with "of", "for", "on" or "and"."""
        tokens, n = self.tokens, len(self.tokens)
        while end < n - 1 and tokens.sent[end] == tokens.sent[end - 1]:
            i = end
            if tokens.low[i] not in ("of", "for", "on", "and", "in"):
                break
            conjunction = tokens.low[i] in ("and", "in")
            i += 1
            if tokens.low[i] == "the" and i + 1 < n:
                i += 1
            stop = self._run(i) if tokens.capital[i] else None
            if stop is None:
                break
            office = next(
                (k for k in range(i, stop) if is_role(tokens, k) and tokens.low[k] not in self.words.portfolio), None
            )
            if office is not None:
                break
            if conjunction and (i in self.listed or i in self.person_starts or not self._portfolio(i, stop)):
                break
            if i in self.person_starts:
                break
            after = next((k for k in range(i, stop) if not self._portfolio(k, k + 1)), stop)
            if i < after <= stop - 2 and not any(tokens.low[k] in self.words.org_heads for k in range(after, stop)):
                return after  # "Office of Space Affairs Jane Doe"
            end = stop
        return end

    def _portfolio(self, start: int, end: int) -> bool:
        return all(self.tokens.low[k] in self.words.portfolio | self.words.modifiers for k in range(start, end))

    def _country_inside(self, start: int, end: int) -> str | None:
        for k in range(start, end):
            name = self.covering.get(k)
            if name is not None and name.kind in ("state", "demonym", "region", "organization") and name.value:
                return name.value
        return None

    def _possessor(self, start: int) -> str | None:
        """The country whose possessive stands before ``start`` ("Russia's Defense Ministry")."""
        if start >= 2 and self.tokens.text[start - 1] in POSSESSIVE:
            owner = self.covering.get(start - 2)
            if owner is not None and owner.kind == "state":
                return owner.value
        return None

    def _with_possessor(self, start: int) -> int:
        if self._possessor(start) is None:
            return start
        owner = self.covering[start - 2]
        if self.names and self.names[-1].start == owner.start:
            self.names.pop()
        return owner.start

    def _office(self, start: int, end: int) -> bool:
        """A run that holds an office: what follows its last head is a person ("Prime Minister Narendra Modi")."""
        tokens = self.tokens
        heads = [k for k in range(start, end) if is_role(tokens, k) and k not in self.covering]
        if not heads:
            return False
        begin = self._after_titles(heads[-1] + 1, end)
        if begin >= end or tokens.low[begin] in self.words.suffixes:
            if heads[-1] == end - 1 and end - start >= 2 and tokens.ent[heads[-1]] == "PERSON" and len(heads) == 1:
                return False  # a surname such as "King"
            self._places(start, end)
            return True
        whole = tokens.entity[heads[0]] if tokens.ent[heads[0]] == "PERSON" else None
        if whole is not None and whole[0] < heads[0] and tokens.low[whole[0]] not in self.words.modifiers:
            return False  # "Martin Luther King Jr"
        self._places(start, heads[-1])
        self._person(begin, end, sure=True)
        return True

    def _in_office(self, start: int) -> bool:
        """Whether a run stands in the complement of an office ("Minister of Presidential Affairs and Public ...")."""
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
        """Skip the end of an office that a name follows without a comma ("Secretary of State Mike Pompeo")."""
        tokens, w = self.tokens, self.words
        if start == 0 or tokens.low[start - 1] not in ("of", "for", "to", "and", ",", "the", "&"):
            return start
        k = start
        while k < end and (tokens.low[k] in w.portfolio or tokens.low[k] in w.modifiers):
            k += 1
        return k if k < end and (k == start or self._is_person(k, end) or end - k >= 2) else start

    def _places(self, start: int, end: int) -> None:
        """Keep the state or body that an office belongs to ("NATO Secretary General", "US President")."""
        for k in range(start, end):
            if k in self.listed and self.listed[k].end <= end:
                name = self.listed[k]
                self._add(Name(name.start, name.end, name.kind, name.value, True))

    def _after_titles(self, i: int, end: int) -> int:
        """Skip what stands before a name inside a run: titles, a party's adjective, a dash."""
        t = self.tokens
        while i < end and (
            t.low[i] in self.words.honorifics
            or t.text[i] in {".", "'"}
            or t.text[i] in DASHES
            or (t.low[i] in _AFFILIATIONS and i + 1 < end)
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

    def _person(self, start: int, end: int, sure: bool) -> None:
        """Add a person's name, less titles; a listed name at its end is another's ("Putin Russia")."""
        for k in range(start + 1, end - 1):
            if self.tokens.low[k] in self.words.honorifics and self.tokens.text[k][-1] == ".":
                start = k  # "Republican Indiana Gov. Mike Pence"
        start = self._after_titles(start, end)
        end = self._before_tail(start, end)
        if start >= end or (end == start + 1 and len(self.tokens.text[start]) < 3 and not sure):
            return
        if start in self.listed and self.listed[start].end >= end and self.listed[start].kind != "capital":
            if not self._is_person(start, end):
                self._alone(self.listed[start])
                return
        if self.tokens.text[end - 1] == "," or not any(self.tokens.capital[k] for k in range(start, end)):
            return
        end = self._suffix(end)
        self._add(Name(start, end, "person" if sure else "unknown", sure=sure))

    def _suffix(self, end: int) -> int:
        """A name's end with "Jr." after it, with or without a comma."""
        t = self.tokens
        for k in (end, end + 1):
            if k < len(t) and t.low[k] in self.words.suffixes and (k == end or t.text[end] == ","):
                return k + 1
        return end

    def _prefixed(self, name: Name, start: int, end: int) -> None:
        """A run that begins with a listed name and goes on."""
        tokens = self.tokens
        rest = name.end
        if self._is_person(start, end) and name.kind in ("state", "capital", "region", "demonym"):
            inside = self._near(start, end)
            if any(a == start and b > rest for a, b in inside):
                self._person(start, end, sure=False)  # "Jordan Smith", "Paris Hilton"
                return
        if tokens.low[end - 1] in self.words.not_actors:
            self._add(Name(start, end, "thing"))
            return
        label = self._label(rest, end)
        if name.kind in ("state", "demonym") and tokens.low[rest] in self.words.state_heads and rest + 1 == end:
            self._add(Name(start, end, "state", name.value))
            return
        if label == "PERSON" or rest in self.person_starts:
            if name.kind in ("organization", "bloc", "state", "capital"):
                name.attributive = True
                self._add(name)
            self._person(rest, end, sure=False)
        elif self._label(start, end) == "ORG" and name.kind != "bloc":
            self._add(Name(start, end, "organization", name.value if name.kind != "organization" else name.value))
        elif name.kind in ("demonym", "region", "capital"):
            self._plain(rest, end)
        else:
            self._alone(name)
            if rest < end and not tokens.glued(rest):
                self._plain(rest, end)

    def _label(self, start: int, end: int) -> str | None:
        """The model's label for most of a span."""
        votes = Counter(self.tokens.ent[k] for k in range(start, end))
        label, count = votes.most_common(1)[0] if votes else ("", 0)
        return label if label and count * 2 >= end - start else None

    def _plain(self, start: int, end: int) -> None:
        """A run without listed beginning, office or organization's head."""
        tokens = self.tokens
        start = self._after_titles(self._after_portfolio(start, end), end)
        end = self._before_tail(start, end)
        if start >= end:
            return
        if self._portfolio(start, end) and not self._is_person(start, end):
            self._add(Name(start, end, "thing"))
            return
        titled = start > 0 and tokens.low[start - 1] in self.words.honorifics and tokens.capital[start - 1]
        inner = [
            k
            for k in range(start + 1, end)
            if k in self.listed and self.listed[k].kind in ("state", "bloc", "organization")
        ]
        if self._medium(start, end):
            self._add(Name(start, end, "organization"))
            return
        if self._local_body(end):
            place = gazetteer.country_of_city(tokens.span_text(start, end))
            self._add(Name(start, end + 1, "organization", place))
            return
        label = self._label(start, end)
        if inner and label != "PERSON" and not titled:
            cut = inner[0]
            self._plain(start, cut)
            self._parse(cut, end)
            return
        last = tokens.low[end - 1]
        if last in self.words.not_actors and not titled and (label != "PERSON" or last not in _SURNAMES):
            self._add(Name(start, end, "thing"))
            return
        if titled:
            self._person(start, end, sure=True)
        elif label == "ORG" or (label != "PERSON" and self._acronym(start, end)):
            self._add(Name(start, end, "organization"))
        elif label in _THINGS or label == "NORP":
            self._add(Name(start, end, "thing"))
        else:
            self._person(start, end, sure=False)

    def _acronym(self, start: int, end: int) -> bool:
        """A single word of capitals, or with several of them ("SARS", "CoFACE"), where the text is not all so."""
        text = self.tokens.text[start]
        return end == start + 1 and len(text) <= 8 and sum(c.isupper() for c in text) >= 2 and not text[-1] == "."

    def _local_body(self, end: int) -> int:
        """Tokens of a body's head in small letters after a place's name ("Lancashire police"), 0 when there is none."""
        tokens = self.tokens
        if end < len(tokens) and tokens.low[end] in _LOCAL and not self._office_follows(end):
            return 1
        return 0

    def _medium(self, start: int, end: int) -> bool:
        """Whether the noun beside a name says that it is a body: "the Clarion newspaper", "news agency Clarion"."""
        tokens = self.tokens
        after = " ".join(tokens.low[end : end + 2])
        if end < len(tokens) and not tokens.capital[end] and _MEDIUM_AFTER.match(after):
            return True
        before = tokens.low[start - 1] if start else ""
        return before in _MEDIUM_BEFORE and not tokens.capital[start - 1] and not self._is_person(start, end)

    def _add(self, name: Name) -> None:
        if name.start < name.end and not (self.names and self.names[-1].end > name.start):
            self.names.append(name)


def find_names(tokens: Tokens) -> tuple[list[Name], dict[int, Name]]:
    """All names of a document in order, none overlapping; and what the lists know at each token, also inside names."""
    finder = _Finder(tokens)
    return finder.find(), finder.covering
