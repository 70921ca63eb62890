"""Who held the highest offices of states, as facts: a last resort for the country of a person named with an office.

What belongs here: look-up of heads of state and government and of ministers in ``lexicon/holders.yml``.
What does not: reading an article (``roles``, ``actors``).
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from functools import cache
from typing import NamedTuple

from extraction.gazetteer import lexicon
from extraction.joining import parts_of, same_person

_ENTRY = re.compile(r"(?:(?:King|Queen|Prince|Crown Prince|Sultan|Pope|Mullah|Ayatollah|Ratu) )?(.+) (\d{4})-(\d{4})")
# Offices of heads of state and government: only with one of them does a bare surname say who is meant.
_HIGHEST = re.compile(
    r"president|prime minister|premier|chancellor|king|queen|emir|sultan|pope|leader|chairman|taoiseach|dictator|ruler",
    re.IGNORECASE,
)
_MINISTER = re.compile(r"minister|secretary|ambassador|envoy|adviser|advisor|spokes|general", re.IGNORECASE)
_FAMILY_FIRST = frozenset({"CHN", "KOR", "PRK", "TWN", "VNM", "HKG", "SGP", "KHM"})  # the family's name stands first
_AFTER = 8  # years after the office in which a bare surname may still mean its holder


class Holder(NamedTuple):
    """A person who held an office of ``country`` between the years ``since`` and ``until``; ``leader``: the highest."""

    parts: tuple[str, ...]
    country: str
    since: int
    until: int
    leader: bool


@cache
def _index() -> dict[str, list[Holder]]:
    """Holders by each part of their names."""
    index: dict[str, list[Holder]] = defaultdict(list)
    for section, leader in (("leaders", True), ("ministers", False)):
        for country, entries in lexicon("holders")[section].items():
            for entry in entries:
                match = _ENTRY.fullmatch(entry)
                if match is None:
                    raise ValueError(f"lexicon/holders.yml: {entry!r} of {country} is not 'Name 1990-1999'")
                parts = parts_of(match[1])
                holder = Holder(parts, country, int(match[2]), int(match[3]), leader)
                for part in set(parts):
                    index[part].append(holder)
    return dict(index)


def country_of(name: str, role: str | None, published: dt.date | None) -> str | None:
    """The country of an office-holder by name (ISO 3166-1 alpha-3); None when nobody or more than one country fits.

    ``role``: the office that the article states.  A bare surname stands for a head of state or government, or for a
    minister when a minister's office is stated.  ``published`` tells holders of one surname apart.
    """
    parts = parts_of(name)
    if not parts:
        return None
    if len(parts) > 1:
        either = _index().get(parts[-1], []) + _index().get(parts[0], [])
        fitting = [h for h in either if len(h.parts) > 1 and same_person(h.parts, parts)]
    else:
        fitting = [h for h in _by_surname(parts[0], published) if _offices_agree(h, role)]
    countries = {h.country for h in fitting}
    if len(countries) > 1 and published is not None:
        countries = {h.country for h in fitting if h.since <= published.year <= h.until + 1}
    return countries.pop() if len(countries) == 1 else None


def is_leader(name: str, published: dt.date | None) -> bool:
    """Whether a single word is the surname of one country's head of state or government, and of no other's."""
    parts = parts_of(name)
    return (
        len(parts) == 1
        and parts[0] not in _ordinary()
        and len({h.country for h in _by_surname(parts[0], published) if h.leader}) == 1
    )


@cache
def _ordinary() -> frozenset[str]:
    return frozenset(lexicon("holders")["ordinary"])


def _by_surname(surname: str, published: dt.date | None) -> list[Holder]:
    found = [
        h
        for h in _index().get(surname, [])
        if h.parts[-1] == surname or (h.parts[0] == surname and h.country in _FAMILY_FIRST)
    ]
    if published is not None:
        found = [h for h in found if h.since <= published.year <= h.until + _AFTER]
    return found


def _offices_agree(holder: Holder, role: str | None) -> bool:
    if role is None:
        return holder.leader
    return (_HIGHEST if holder.leader else _MINISTER).search(role) is not None
