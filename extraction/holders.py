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

    ``role``: the office that the article states; a bare surname is looked up only with one.  ``published`` tells holders of
    one surname apart.
    """
    parts = parts_of(name)
    if not parts:
        return None
    candidates = (
        _index().get(parts[-1], []) if len(parts) == 1 else _index().get(parts[-1], []) + _index().get(parts[0], [])
    )
    if len(parts) > 1:
        fitting = [h for h in candidates if len(h.parts) > 1 and same_person(h.parts, parts)]
    elif role is None:
        return None
    else:
        fitting = [h for h in candidates if (_HIGHEST if h.leader else _MINISTER).search(role)]
        if published is not None:
            fitting = [h for h in fitting if h.since <= published.year <= h.until + _AFTER]
    countries = {h.country for h in fitting}
    if len(countries) > 1 and published is not None:
        countries = {h.country for h in fitting if h.since <= published.year <= h.until + 1}
    return countries.pop() if len(countries) == 1 else None
