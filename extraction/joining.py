"""Which written forms are one actor: the parts of people's names, the acronyms and short forms of organizations.

What belongs here: joining forms by their letters and order of appearance, in time linear in the number of names.
What does not: finding names (``naming``), offices (``roles``), pronouns and titles (``coreference``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from extraction.gazetteer import plain
from extraction.wordlists import words

_CANDIDATES = 40  # forms compared with a new one at most, so that long lists of namesakes stay linear
_SMALL = frozenset({"of", "the", "for", "and", "on", "in", "to", "at", "&", "de", "des", "du"})
_PART = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def parts_of(name: str) -> tuple[str, ...]:
    """A person's name as comparable parts, without accents, case, dots, suffixes ("John R. Doe, Jr." → john r doe)."""
    parts = [p.replace("'", "") for p in _PART.findall(plain(name).lower())]
    while len(parts) > 1 and parts[-1] in words().suffixes:
        parts.pop()
    return tuple(parts)


def near(a: str, b: str) -> bool:
    """Whether two parts differ by spelling only: at most one letter, two in longer ones, with the same beginning."""
    if a == b:
        return True
    if len(a) < 5 or len(b) < 5 or a[:2] != b[:2] or abs(len(a) - len(b)) > 2:
        return False
    return _distance(a, b) <= (1 if min(len(a), len(b)) < 8 else 2)


def _distance(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (x != y))
    return row[-1]


def _given_agree(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether given names can be one person's: an initial, a short form, another spelling."""
    x, y = a[0], b[0]
    if x == y or x.startswith(y) or y.startswith(x):
        return True
    return near(x, y) or _nick(x, y)


def _nick(x: str, y: str) -> bool:
    return frozenset((x, y)) in _NICKNAMES


# Short forms that do not begin like the long one.
_NICKNAMES = frozenset(
    frozenset(pair.split())
    for pair in (
        "bill william", "will william", "bob robert", "joe joseph", "mike michael", "jim james", "dick richard",
        "tony anthony", "tony antony", "jack john", "ted edward", "chuck charles", "kate katherine", "liz elizabeth",
        "bibi benjamin",
        "abu mahmoud", "peggy margaret", "harry henry", "larry lawrence", "sasha alexander", "rick richard",
    )
)  # fmt: skip


def same_person(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether two names, as parts, can be one person's."""
    if a == b:
        return True
    long, short = (a, b) if len(a) >= len(b) else (b, a)
    if len(short) >= 2:
        rest = iter(long)
        if all(p in rest for p in short):
            return True
        if near(a[-1], b[-1]) and _given_agree(a, b):
            return a[-1] == b[-1] or a[0] == b[0]
        if len(a) == len(b) and a[0] == b[0] and all(near(x, y) for x, y in zip(a, b, strict=True)):
            return True
    return len(short) == 1 and short[0] in long


@dataclass(slots=True)
class Person:
    """One person: parts of the fullest form, the index of the mentions in the caller's list, and the office's rank."""

    parts: tuple[str, ...]
    members: list[int] = field(default_factory=list)
    first: int = 0
    rank: int = 0


class People:
    """Joins the names of people in order of appearance."""

    def __init__(self) -> None:
        self.all: list[Person] = []
        self._by_part: dict[str, list[Person]] = defaultdict(list)
        self._by_start: dict[str, list[Person]] = defaultdict(list)
        self._alone: dict[tuple[str, ...], Person] = {}

    def add_full(self, name: str, member: int, rank: int = 0) -> Person:
        """The person of a name of two parts or more.  ``rank`` settles whom a bare surname means among namesakes."""
        person = self._join_full(parts_of(name), member)
        person.rank = max(person.rank, rank)
        return person

    def _join_full(self, parts: tuple[str, ...], member: int) -> Person:
        for person in self._candidates(parts):
            if same_person(person.parts, parts):
                if len(parts) > len(person.parts):
                    self._index(person, parts)
                    person.parts = parts
                person.members.append(member)
                return person
        return self._new(parts, member)

    def add_short(self, name: str, member: int) -> Person | None:
        """The person whose surname or given name a single part is; None when none is known."""
        part = parts_of(name)[:1]
        if not part:
            return None
        found = self._by_part.get(part[0], [])[:_CANDIDATES]
        if not found:
            found = [p for p in self._by_start[part[0][:2]][:_CANDIDATES] if near(p.parts[-1], part[0])]
        if not found:
            return None
        earlier = [p for p in found if p.first < member]
        surnames = [p for p in earlier or found if p.parts[-1] == part[0]]
        # Of several namesakes the one of the highest office, then the one named first.
        person = max(surnames or earlier or found, key=lambda p: (p.rank, -p.first))
        person.members.append(member)
        return person

    def add_alone(self, name: str, member: int) -> Person:
        """The person known by one name only; each time the same one."""
        parts = parts_of(name)
        person = self._alone.get(parts)
        if person is None:
            person = self._alone[parts] = self._new(parts, member)
        else:
            person.members.append(member)
        return person

    def _new(self, parts: tuple[str, ...], member: int) -> Person:
        person = Person(parts, [member], member)
        self.all.append(person)
        self._index(person, parts)
        return person

    def _index(self, person: Person, parts: tuple[str, ...]) -> None:
        for part in parts:
            if (
                len(part) > 1
                and part not in words().particles
                and not any(p is person for p in self._by_part[part][-1:])
            ):
                self._by_part[part].append(person)
        self._by_start[parts[-1][:2]].append(person)

    def _candidates(self, parts: tuple[str, ...]) -> list[Person]:
        found: dict[int, Person] = {}
        for part in parts:
            for person in self._by_part.get(part, [])[-_CANDIDATES:]:
                found[id(person)] = person
        for person in self._by_start.get(parts[-1][:2], [])[-_CANDIDATES:]:
            found[id(person)] = person
        return sorted(found.values(), key=lambda p: p.first)


def organization_key(name: str) -> frozenset[str]:
    """An organization's name as a set of words ("Ministry of Defence" is the "Defense Ministry")."""
    found = set()
    for word in _PART.findall(plain(name).lower()):
        word = _ENGLISH.get(word, word)
        if word not in _SMALL and word != "s":
            found.add(word)
    return frozenset(found)


_ENGLISH = {
    "defence": "defense", "labour": "labor", "organisation": "organization", "centre": "center", "affairs": "",
    "programme": "program", "co-operation": "cooperation",
}  # fmt: skip


def initials(name: str) -> set[str]:
    """The acronyms that a long name can have, with and without its small words."""
    pieces = [p for p in re.split(r"[\s\-]+", plain(name)) if p[:1].isalnum()]
    whole = "".join(p[0] for p in pieces).upper()
    short = "".join(p[0] for p in pieces if p.lower() not in _SMALL).upper()
    return {a for a in (whole, short) if len(a) >= 2}
