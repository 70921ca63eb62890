"""What each name of an article is: its kind and the office beside it.

What belongs here: settling the kinds of unsure names by their other mentions, reading offices beside people, passing
them on through lists and counterparts.
What does not: which names are one actor (``actors``) and whose country an office is (``nationality``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from extraction import gazetteer, holders
from extraction.document import Document
from extraction.facts import Kind
from extraction.joining import parts_of
from extraction.naming import find_names
from extraction.roles import Office, Reader
from extraction.runs import Name
from extraction.tokens import Tokens
from extraction.wordlists import known_organization, words

_SMALL_CITY = 15_000  # inhabitants
_UNSURE = frozenset({"organization", "unknown", "thing"})


@dataclass(slots=True)
class Sighting:
    """A name with what its place says of it."""

    name: Name
    text: str
    office: Office | None = None


class Sightings:
    """All names of a document with kinds and offices settled."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.tokens = Tokens(document.doc)
        names, self.places = find_names(self.tokens)
        self.reader = Reader(self.tokens, names)
        self.all = [Sighting(n, self.tokens.span_text(n.start, n.end)) for n in names]
        self.qualifiers: dict[int, str] = {}  # first token of a body that only says whose office it is → its kind
        self._read_offices()
        self._trim_headlines()
        self._settle_kinds()
        self._share_offices()

    def of_kind(self, *kinds: str) -> list[Sighting]:
        """The names of some kinds, in order."""
        return [s for s in self.all if s.name.kind in kinds]

    def _read_offices(self) -> None:
        for sighting in self.all:
            if sighting.name.kind in ("person", "unknown", "organization"):
                office = self.reader.before(sighting.name)
                if sighting.name.kind == "organization" and (office is None or not self._personal(sighting, office)):
                    office = self._public_office_after(sighting)
                    if office is None:
                        continue
                sighting.office = office or self.reader.after(sighting.name)
                if sighting.office is not None:
                    sighting.name.kind = "person"
        taken = [(s.office.start, s.office.end) for s in self.all if s.office is not None]
        inside = {i for start, end in taken for i in range(start, end)}
        starts = {start for start, end in taken if start < end}
        for sighting in self.all:
            name = sighting.name
            qualifies = name.end in starts and name.kind in ("organization", "bloc")
            if (name.start in inside or qualifies) and name.kind != "person":
                self.qualifiers[name.start] = name.kind
                if name.kind != "state":
                    name.kind = "thing"

    def _public_office_after(self, sighting: Sighting) -> Office | None:
        """A state's office after what the model calls an organization ("Sora Imani, Minister of Trade,"), else None."""
        if not self._could_be_person(sighting):
            return None
        office = self.reader.after(sighting.name)
        public = office is not None and set(office.role.lower().split()) & words().state_offices
        return office if public else None

    def _personal(self, sighting: Sighting, office: Office) -> bool:
        """Whether what the model calls an organization is a person after an office's name."""
        return (
            office.end == sighting.name.start
            and sighting.name.value is None
            and known_organization(sighting.text) is None
            and not any(p in words().org_heads for p in sighting.text.lower().split())
            and not sighting.text.isupper()
        )

    def _trim_headlines(self) -> None:
        """Cut a headline's names to what the text knows: there the verb has a capital too ("Jane Doe Says")."""
        known = {p for s in self.all if not self.tokens.headline[s.name.start] for p in parts_of(s.text)}
        for s in self.all:
            if s.name.kind not in _UNSURE | {"person"} or not self.tokens.headline[s.name.start]:
                continue
            end = s.name.end
            while (
                end > s.name.start
                and self.tokens.text[end - 1].isalpha()
                and not known & set(parts_of(self.tokens.text[end - 1]))
            ):
                end -= 1
            if s.name.start < end < s.name.end:
                s.name.end = end
                s.text = self.tokens.span_text(s.name.start, end)

    def _settle_kinds(self) -> None:
        """Give every unsure name the kind that its other mentions and the model's labels speak for."""
        votes = self._votes()
        begins = {s.text.split()[0] for s in self.all if s.name.kind == "organization" and " " in s.text}
        surnames = self._surnames(1)
        for s in self.all:
            if s.name.value is None and s.name.kind in _UNSURE and len(parts_of(s.text)) > 1:
                if self._could_be_person(s) and self._known_person(s, surnames):
                    s.name.kind = "person"
                else:
                    self._settle(s, votes[s.text])
                    if s.name.kind == "thing" and self._behaves(s):
                        s.name.kind = "person"
        # Single words last: what they mean depends on the full names.
        dropped, surnames = self._drop_acronyms_of_things(), self._surnames(2)
        parts = {p for s in self.all if s.name.kind == "person" for p in parts_of(s.text)}
        for s in self.all:
            if s.name.value is None and len(named := parts_of(s.text)) == 1 and s.text not in dropped:
                self._settle_word(s, named[0], votes[s.text], begins, surnames, parts)

    def _known_person(self, sighting: Sighting, surnames: set[str]) -> bool:
        """Whether a name of several parts ends in the surname of somebody named, or is an office-holder's."""
        last = sighting.text.split()[-1].lower()
        if parts_of(sighting.text)[-1] in surnames and last not in words().not_actors:
            return True
        return holders.country_of(sighting.text, None, None) is not None

    def _behaves(self, sighting: Sighting) -> bool:
        """Whether a name that the model takes for a place or for nothing does what people do ("Adaeze Obi told us")."""
        name, t = sighting.name, self.tokens
        token = self.document.doc[name.start : name.end].root
        return (
            token.dep_ == "nsubj"
            and (token.head.lemma_.lower() in words().human_verbs or self._unlabelled(name))
            and self._could_be_person(sighting)
            and not t.headline[name.start]
            and all(t.capital[k] or t.low[k] in words().particles for k in range(name.start, name.end))
            and sighting.text.split()[-1].lower() not in words().not_actors
            and gazetteer.country_of_city(sighting.text) is None
        )

    def _unlabelled(self, name: Name) -> bool:
        """Whether the model has no label for any part of a proper name that is a verb's subject."""
        t = self.tokens
        proper = all(t.pos[k] == "PROPN" and not t.ent[k] for k in range(name.start, name.end))
        return proper and self.document.doc[name.end - 1].head.pos_ == "VERB"

    def _settle_word(
        self, s: Sighting, part: str, votes: Counter[Kind], begins: set[str], surnames: set[str], parts: set[str]
    ) -> None:
        """Settle a name of one word: part of a full name, short form of a body, a leader, a city or what is voted."""
        labelled = s.office is None and not s.name.sure
        if s.name.kind in _UNSURE and (part in surnames or (part in parts and len(part) > 3)):
            s.name.kind = "person"
        elif s.text in begins and labelled and part not in parts:
            s.name.kind = "organization"
        elif labelled and part not in parts and self._is_city(s) and not self._leads(s):
            s.name.kind = "thing"
        elif s.name.kind in _UNSURE:
            self._settle(s, votes)
            if s.name.kind == "person" and self._reports(s):
                s.name.kind = "organization"
            if s.name.kind == "thing" and (part in parts or self._leads(s)):
                s.name.kind = "person"

    def _is_city(self, sighting: Sighting) -> bool:
        """Whether a word is a city's name, also a small one's after "in" or "from"."""
        token = self.document.doc[sighting.name.end - 1]
        local = token.dep_ == "pobj" and token.head.lower_ in ("in", "at", "near", "from", "to", "around", "outside")
        minimum = _SMALL_CITY if local else gazetteer.CITY_MINIMUM
        return gazetteer.country_of_city(sighting.text, minimum) is not None

    def _drop_acronyms_of_things(self) -> set[str]:
        """An acronym in brackets after what is no body is none either ("free trade area (FTA)")."""
        t, ends = self.tokens, {s.name.end for s in self.all if s.name.kind in ("organization", "bloc")}
        things = set()
        for s in self.all:
            i = s.name.start - 1
            bracketed = i > 0 and t.text[i] == "(" and s.name.end < len(t) and t.text[s.name.end] == ")"
            if (
                bracketed
                and s.name.kind in _UNSURE
                and s.name.value is None
                and s.text.upper() == s.text
                and i not in ends
            ):
                things.add(s.text)
        for s in self.all:
            if s.text in things and s.name.kind in _UNSURE:
                s.name.kind = "thing"
        return things

    def _reports(self, sighting: Sighting) -> bool:
        """Whether a single word is the subject of "reported": a medium, as people say and write."""
        token = self.document.doc[sighting.name.end - 1]
        return token.dep_ == "nsubj" and token.head.lemma_ == "report" and not self._leads(sighting)

    def _leads(self, sighting: Sighting) -> bool:
        """Whether a single word that the model has no label for is the surname of a head of state or government."""
        return self.tokens.pos[sighting.name.start] == "PROPN" and holders.is_leader(
            sighting.text, self.document.published
        )

    def _votes(self) -> dict[str, Counter[Kind]]:
        """For each written form, what the model's labels and the sure mentions say it is."""
        doc, votes = self.document.doc, defaultdict[str, Counter[Kind]](Counter)
        kinds: dict[str, Kind] = {"PERSON": "person", "ORG": "organization"}
        for s in self.all:
            if s.name.kind == "person":
                votes[s.text]["person"] += 2
            elif s.name.kind in _UNSURE:
                label = Counter(t.ent_type_ for t in doc[s.name.start : s.name.end]).most_common(1)[0][0]
                kind = kinds.get(label, "organization" if s.name.kind == "organization" else None)
                if kind is not None:
                    votes[s.text][kind] += 1
        return votes

    def _surnames(self, least: int) -> set[str]:
        """The last parts of the people's names that have at least ``least`` parts."""
        named = [parts_of(s.text) for s in self.all if s.name.kind == "person"]
        return {p[-1] for p in named if len(p) >= least}

    @staticmethod
    def _settle(sighting: Sighting, votes: Counter[Kind]) -> None:
        name = sighting.name
        last = sighting.text.split()[-1].lower()
        numbered = any(c.isdigit() for c in sighting.text) and not votes["organization"]
        surname = votes["person"] and last in words().thing_surnames
        if numbered or (last in words().not_actors and not surname):
            name.kind = "thing"
        elif name.kind == "thing" and votes.total() < 2:
            pass
        else:
            name.kind = votes.most_common(1)[0][0] if votes else "thing"

    def _share_offices(self) -> None:
        """Pass a plural office on to the names listed after it, and a counterpart's from his opposite."""
        previous: Name | None = None
        last: Office | None = None
        running: tuple[Office, int] | None = None
        for s in self.all:
            follows = running is not None and previous is not None and self._listed_after(previous, s.name)
            if s.name.kind == "organization" and follows and self._could_be_person(s):
                s.name.kind = "person"
            if s.name.kind != "person":
                continue
            office = s.office
            if office is None and running is not None and previous is not None and self._listed_after(previous, s.name):
                shared, number = running
                country = (
                    shared.listed[number] if number < len(shared.listed) else None if shared.listed else shared.country
                )
                s.office = office = Office(
                    shared.role, shared.start, shared.end, country, shared.owner, shared.counterpart
                )
                running = (shared, number + 1)
            elif office is not None and office.plural and office.end <= s.name.start:
                running = (office, 1)
                if office.listed:
                    office.country = office.listed[0]
            else:
                running = None
            previous = s.name
            if office is not None and office.counterpart and last is not None:
                office.role = last.role
            elif office is not None and not office.counterpart:
                last = office

    def of_country(self, name: Name) -> str | None:
        """The country after a name: "Presidents A of Benin and B of Togo"."""
        t, i = self.tokens, name.end
        if i + 1 < len(t) and t.low[i] == "of":
            place = self.reader.at.get(i + 1 if t.low[i + 1] != "the" else i + 2)
            if place is not None and place.kind == "state":
                return place.value
        return None

    @staticmethod
    def _could_be_person(sighting: Sighting) -> bool:
        """Whether nothing in an organization's name says that it is one but the model's label."""
        pieces = sighting.text.lower().split()
        return (
            sighting.name.value is None
            and 2 <= len(pieces) <= 4
            and not any(p in words().org_heads for p in pieces)
            and known_organization(sighting.text) is None
        )

    def _listed_after(self, before: Name, name: Name) -> bool:
        start = before.end
        if self.of_country(before) is not None:
            start = self.reader.at[start + 1 if self.tokens.low[start + 1] != "the" else start + 2].end
        between = self.tokens.low[start : name.start]
        return 0 < len(between) <= 4 and all(
            b in (",", "and", "&", "respectively") or b in words().honorifics for b in between
        )
