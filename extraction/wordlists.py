"""The word lists that tell names, offices and organizations apart.

What belongs here: loading ``lexicon/titles.yml``, ``roles.yml`` and ``organizations.yml`` once, and plain questions to
them.
What does not: countries and blocs (``gazetteer``), and anything that looks at a document.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from extraction import gazetteer
from extraction.gazetteer import lexicon


@dataclass(frozen=True)
class Words:
    """All lists, in small letters."""

    honorifics: frozenset[str]
    offices: dict[str, str]
    suffixes: frozenset[str]
    postnominals: frozenset[str]
    particles: frozenset[str]
    role_heads: frozenset[str]
    relatives: frozenset[str]
    state_offices: frozenset[str]
    modifiers: frozenset[str]
    portfolio: frozenset[str]
    org_heads: frozenset[str]
    plain_heads: frozenset[str]
    state_heads: frozenset[str]
    not_actors: frozenset[str]
    national: frozenset[str]
    office_words: frozenset[str]
    human_verbs: frozenset[str]
    affiliations: frozenset[str]
    thing_surnames: frozenset[str]
    groups: frozenset[str]
    medium_before: frozenset[str]
    local: frozenset[str]
    known: dict[str, tuple[str, str | None]]


@cache
def words() -> Words:
    """The word lists, loaded once."""
    titles, roles, orgs = lexicon("titles"), lexicon("roles"), lexicon("organizations")

    def low(values: list[str]) -> frozenset[str]:
        return frozenset(v.lower() for v in values)

    known: dict[str, tuple[str, str | None]] = {}
    for name, (country, *forms) in orgs["known"].items():
        for form in (name, *forms):
            known[gazetteer.key_of(form)] = (name, country)
    heads, things = low(roles["heads"]), low(orgs["not_actors"])
    return Words(
        low(titles["honorifics"]),
        {k.lower(): v for k, v in titles["offices"].items()},
        low(titles["suffixes"]),
        low(titles["postnominals"]),
        low(titles["particles"]),
        heads | {_plural(h) for h in heads},
        low(roles["relatives"]),
        low(roles["state_offices"]),
        low(roles["modifiers"]),
        low(roles["portfolio"]),
        low(orgs["heads"]),
        low(orgs["plain_heads"]),
        low(orgs["state_heads"]),
        things | {_plural(x) for x in things},
        frozenset(orgs["national"]),
        low(roles["portfolio"]) | low(roles["modifiers"]),
        low(roles["human_verbs"]),
        low(titles["affiliations"]),
        low(titles["thing_surnames"]),
        low(orgs["groups"]),
        low(orgs["medium_before"]),
        low(orgs["local"]),
        known,
    )


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "ch", "sh", "x")) else "s")


def singular(word: str) -> str:
    """The singular of an office, its case kept ("Ministers" → "Minister"); what is no plural stays."""
    heads, low = words().role_heads, word.lower()
    for ending, new in (("ies", "y"), ("es", ""), ("s", ""), ("men", "man"), ("women", "woman")):
        if low.endswith(ending) and low[: -len(ending)] + new in heads and low in heads:
            return word[: -len(ending)] + new
    return word


def known_organization(text: str) -> tuple[str, str | None] | None:
    """Usual name and country of a body known by name, else None."""
    if text.islower():
        return None
    known, key = words().known, gazetteer.key_of(text)
    return known.get(key) or known.get(key.lower())
