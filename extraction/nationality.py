"""Which country a person belongs to, by what an article says beside the name and by the office.

What belongs here: the adjective or possessive before an office or a name, the body that somebody serves, the holders of
high offices, and the two states that an article is about.
What does not: reading the office itself (``roles``) and joining names (``actors``).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from extraction import holders
from extraction.joining import parts_of
from extraction.roles import Office
from extraction.sightings import Sightings
from extraction.tokens import POSSESSIVE
from extraction.wordlists import known_organization, words

# Share of an article's countries that one must have to be its home, and that two must have for it to be about them.
_HOME_SHARE = 0.5
_TWO_SHARE = 0.7
_HOME_LEAST = 3  # times that the home country must be named
# Offices of which a state has one or few: of these an article seldom leaves out the country unless it is its own.
_HOME_OFFICE = re.compile(
    r"minister|president|premier|chancellor|ambassador|foreign secretary|king|queen|emir", re.IGNORECASE
)
# Offices of world bodies, whose holders serve no country.
_WORLD_OFFICE = re.compile(r"(?:secretary|director)[- ]general|managing director|high representative", re.IGNORECASE)
# Aides serve a person or a body that the phrase does not name; only a ministry's are surely a state's.
_AIDE = re.compile(
    r"^(?!.*(?:ministry|government|foreign|president)).*spokes|campaign|party|former aide", re.IGNORECASE
)


@dataclass(slots=True)
class Citizen:
    """A person whose country is asked: ``places``: first token and stated office of each mention."""

    name: str
    role: str | None
    offices: list[Office]
    places: list[tuple[int, str | None]]
    country: str | None = None


class Nationality:
    """Finds the countries of one article's people.

    ``served``: token → country of the person or body named there; ``bodies``: name of a body → its country.
    """

    def __init__(self, sightings: Sightings, served: dict[int, str], bodies: dict[str, str]) -> None:
        self.sightings = sightings
        self.tokens = sightings.tokens
        self.at = sightings.reader.at
        self.served = served
        self.bodies = bodies

    def assign(self, people: list[Citizen]) -> None:
        """Set ``country`` of everybody for whom it can be known."""
        for person in people:
            person.country = self._stated(person)
        named = {start: p.country for p in people if p.country for start, _ in p.places}
        for person in people:
            if person.country is None:
                person.country = self._by_service(person, named)
        self._other_of_two(people)

    def _by_service(self, person: Citizen, named: dict[int, str]) -> str | None:
        owned = [o.owner for o in person.offices if o.owner is not None]
        for k in owned:
            owner = self.at.get(k)
            text = self.tokens.span_text(owner.start, owner.end) if owner is not None else ""
            country = (
                self.served.get(k) or self.bodies.get(text) or (named.get(owner.start) if owner is not None else None)
            )
            if country:
                return country
        inside = [k for o in person.offices for k in range(o.start, o.end)]
        if _WORLD_OFFICE.search(person.role or "") or any(self._international(k) for k in (*owned, *inside)):
            return None
        return holders.country_of(person.name, person.role, self.sightings.document.published)

    def _international(self, token: int) -> bool:
        """Whether the name at a token is a bloc's or a world body's, whose people serve no country."""
        name = self.at.get(token)
        if name is None:
            return False
        if name.kind == "bloc" or self.sightings.qualifiers.get(name.start) == "bloc":
            return True
        known = known_organization(self.tokens.span_text(name.start, name.end))
        return known is not None and known[1] is None and known[0] not in words().national

    def _stated(self, person: Citizen) -> str | None:
        for office in person.offices:
            if office.country:
                return office.country
        for start, _ in person.places:
            country = self._owner(start)
            if country is None and person.role is not None:
                country = self.sightings.of_country(self.at[start])
            if country is not None:
                return country
        return None

    def _owner(self, start: int) -> str | None:
        """The country before a name: "Germany's Wolf Brandt", "French Luc Moreau", "a Libyan, Omar Haddad,"."""
        t = self.tokens
        name, k = self.at[start], start - 1
        if len(parts_of(t.span_text(name.start, name.end))) < 2 and not name.sure:
            return None
        while k >= 0 and t.low[k] in words().honorifics and t.capital[k]:
            k -= 1
        if k >= 1 and t.text[k] in POSSESSIVE:
            owner = self.at.get(k - 1)
            return owner.value if owner is not None and owner.kind == "state" else None
        if k >= 1 and t.text[k] == "," and t.sent[k] == t.sent[start]:
            owner = self.at.get(k - 1)
            single = owner is not None and t.low[owner.start - 1] in ("a", "an", "the", "another") if k > 1 else False
            after = name.end < len(t) and t.text[name.end] == ","
            return owner.value if owner is not None and owner.kind == "demonym" and single and after else None
        owner = self.at.get(k) if k >= 0 else None
        return owner.value if owner is not None and owner.kind == "demonym" else None

    def _other_of_two(self, people: list[Citizen]) -> None:
        """A state's office-holder without a country, in an article about two states or one.

        Beside somebody of the one state he is of the other ("Defence Minister X and his French counterpart Y"); alone
        he is of the state that the article mostly tells of.
        """
        kinds = ("state", "demonym", "capital", "region")
        counts = Counter(s.name.value for s in self.sightings.of_kind(*kinds) if s.name.value)
        top = [code for code, _ in counts.most_common(2)]
        if not top:
            return
        total = counts.total()
        both = len(top) == 2 and counts[top[0]] + counts[top[1]] >= _TWO_SHARE * total
        sentences: dict[int, set[str]] = defaultdict(set)
        for person in people:
            for start, role in person.places:
                if person.country and role is not None:
                    sentences[self.tokens.sent[start]].add(person.country)
        for person in people:
            if person.country is not None or not self._serves_a_state(person):
                continue
            for start, role in person.places:
                beside = sentences[self.tokens.sent[start]] & set(top)
                if both and role is not None and len(beside) == 1:
                    person.country = top[1] if top[0] in beside else top[0]
                    break
            home = counts[top[0]] >= max(_HOME_LEAST, _HOME_SHARE * total)
            if person.country is None and home and _HOME_OFFICE.search(person.role or ""):
                person.country = top[0]

    def _serves_a_state(self, person: Citizen) -> bool:
        """Whether a person's office is one of a state, and of no body or alliance named with it."""
        if (
            person.role is None
            or _WORLD_OFFICE.search(person.role)
            or _AIDE.search(person.role)
            or any(o.owner is not None for o in person.offices)
        ):
            return False
        return any(w in words().state_offices for w in person.role.lower().replace("-", " ").split())
