"""The actors layer: who is named in an article, as what, and for which country.

What belongs here: naming persons, organizations, states and blocs, joining the written forms of one actor, role and
country of each.
What does not: pronouns and titles that stand for an actor (``coreference``); deciding who took part in what.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from spacy.tokens import Span, Token

from extraction import gazetteer, holders
from extraction.document import Document
from extraction.facts import Kind, Mention, Participant
from extraction.joining import People, initials, organization_key, parts_of
from extraction.naming import Name, find_names
from extraction.roles import Office, Reader
from extraction.tokens import Tokens
from extraction.wordlists import known_organization, words

# Share of an article's countries that one must have to be its home, and that two must have for it to be about them.
_SMALL_WORDS = frozenset({"of", "the", "for", "and", "'s", "’s", "in"})
# Aides serve a person or a body that the phrase does not name; only a ministry's are surely a state's.
_AIDE = re.compile(
    r"^(?!.*(?:ministry|government|foreign|president)).*spokes|campaign|party|former aide", re.IGNORECASE
)
_UNSURE = frozenset({"organization", "unknown", "thing"})
_HOME_SHARE = 0.5
_HOME_LEAST = 3
_TWO_SHARE = 0.7


@dataclass(slots=True)
class ActorMention:
    """A named mention: the name's tokens (titles and honorifics left out), the role stated at this place.

    ``attributive``: the name only qualifies the noun after it ("US officials", "the India-Russia summit").
    """

    span: Span
    role: str | None = None
    attributive: bool = False


@dataclass(slots=True)
class Actor:
    """One actor of the article under construction; ``key`` is unique in the article.

    ``country`` is always set for a state, and never for a bloc.
    """

    key: str
    name: str
    kind: Kind
    role: str | None = None
    country: str | None = None
    mentions: list[ActorMention] = field(default_factory=list)

    def to_record(self) -> Participant:
        """The frozen record of ``facts``."""
        mentions = tuple(Mention(m.span.text, m.span.start_char, m.span.end_char, m.role) for m in self.mentions)
        return Participant(self.key, self.name, self.kind, self.role, self.country, mentions)


class Actors:
    """All actors of a document, with look-up by token."""

    def __init__(self, actors: list[Actor]) -> None:
        self.all = actors
        self.by_key = {a.key: a for a in actors}
        self._at: dict[int, Actor] = {}
        self._attributive: set[int] = set()
        for actor in actors:
            for mention in actor.mentions:
                for token in mention.span:
                    self._at[token.i] = actor
                    if mention.attributive:
                        self._attributive.add(token.i)

    def at(self, token: Token) -> Actor | None:
        """The actor whose name covers the token."""
        return self._at.get(token.i)

    def is_attributive(self, token: Token) -> bool:
        """Whether the name at a token only qualifies the noun after it ("US officials")."""
        return token.i in self._attributive

    def inside(self, span: Span) -> list[Actor]:
        """The actors named inside a span, in order of first mention, each once."""
        found = {a.key: a for t in span if (a := self._at.get(t.i)) is not None}
        return list(found.values())

    def of_country(self, country: str) -> Actor | None:
        """The state itself among the actors, by its code."""
        return next((a for a in self.all if a.kind == "state" and a.country == country), None)


def find_actors(document: Document) -> Actors:
    """Find the named actors of a document, in order of first mention."""
    return _Builder(document).build()


@dataclass(slots=True)
class _Sighting:
    """A name with what its place says of it."""

    name: Name
    text: str
    office: Office | None = None


class _Builder:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.tokens = Tokens(document.doc)
        self.names, self.places = find_names(self.tokens)
        self.reader = Reader(self.tokens, self.names)
        self.sightings = [_Sighting(n, self.tokens.span_text(n.start, n.end)) for n in self.names]
        self.actors: list[Actor] = []
        self.qualifiers: dict[int, str] = {}  # first token of a body that only says whose office it is → its kind
        self.offices: dict[int, list[Office]] = {}  # of each person, by the actor's id()

    def build(self) -> Actors:
        self._offices()
        self._settle_kinds()
        self._share_offices()
        self._people()
        self._organizations()
        self._states_and_blocs()
        self._countries()
        for actor in self.actors:
            actor.mentions.sort(key=lambda m: m.span.start)
        self.actors.sort(key=lambda a: a.mentions[0].span.start)
        for number, actor in enumerate(self.actors, 1):
            actor.key = f"p{number}"
        return Actors(self.actors)

    # kinds ---------------------------------------------------------------------------------------------------------------

    def _offices(self) -> None:
        for sighting in self.sightings:
            if sighting.name.kind in ("person", "unknown", "organization"):
                office = self.reader.before(sighting.name)
                if sighting.name.kind == "organization" and (office is None or not self._personal(sighting, office)):
                    continue
                sighting.office = office or self.reader.after(sighting.name)
                if sighting.office is not None:
                    sighting.name.kind = "person"
        taken = [(s.office.start, s.office.end) for s in self.sightings if s.office is not None]
        inside = {i for start, end in taken for i in range(start, end)}
        starts = {start for start, end in taken if start < end}
        for sighting in self.sightings:
            name = sighting.name
            qualifies = name.end in starts and name.kind in ("organization", "bloc")
            if (name.start in inside or qualifies) and name.kind != "person":
                self.qualifiers[name.start] = name.kind
                if name.kind != "state":
                    name.kind = "thing"

    def _personal(self, sighting: _Sighting, office: Office) -> bool:
        """Whether what the model calls an organization is a person after an office's name."""
        return (
            office.end == sighting.name.start
            and sighting.name.value is None
            and known_organization(sighting.text) is None
            and not any(p in words().org_heads for p in sighting.text.lower().split())
            and not sighting.text.isupper()
        )

    def _settle_kinds(self) -> None:
        """Give every unsure name the kind that its other mentions and the model's labels speak for."""
        votes = self._votes()
        begins = {s.text.split()[0] for s in self.sightings if s.name.kind == "organization" and " " in s.text}
        unsure = [s for s in self.sightings if s.name.value is None and s.name.kind in _UNSURE]
        surnames = self._surnames(1)
        for s in unsure:
            if len(named := parts_of(s.text)) > 1:
                if (
                    self._could_be_person(s)
                    and named[-1] in surnames
                    and s.text.split()[-1].lower() not in words().not_actors
                ):
                    s.name.kind = "person"
                else:
                    self._settle(s, votes[s.text])
        # Single words last: what they mean depends on the full names.
        surnames, parts = (
            self._surnames(2),
            {p for s in self.sightings if s.name.kind == "person" for p in parts_of(s.text)},
        )
        for s in self.sightings:
            if s.name.value is not None or len(named := parts_of(s.text)) != 1:
                continue
            if s.name.kind in _UNSURE and named[0] in surnames:
                s.name.kind = "person"
            elif s.text in begins and s.office is None and not s.name.sure and named[0] not in parts:
                s.name.kind = "organization"
            elif s.name.kind in _UNSURE:
                self._settle(s, votes[s.text])
                if s.name.kind == "thing" and (named[0] in parts or self._leads(s)):
                    s.name.kind = "person"

    def _leads(self, sighting: _Sighting) -> bool:
        """Whether a single word that the model has no label for is the surname of a head of state or government."""
        return self.tokens.pos[sighting.name.start] == "PROPN" and holders.is_leader(
            sighting.text, self.document.published
        )

    def _votes(self) -> dict[str, Counter[Kind]]:
        """For each written form, what the model's labels and the sure mentions say it is."""
        doc, votes = self.document.doc, defaultdict[str, Counter[Kind]](Counter)
        kinds: dict[str, Kind] = {"PERSON": "person", "ORG": "organization"}
        for s in self.sightings:
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
        named = [parts_of(s.text) for s in self.sightings if s.name.kind == "person"]
        return {p[-1] for p in named if len(p) >= least}

    @staticmethod
    def _settle(sighting: _Sighting, votes: Counter[Kind]) -> None:
        name = sighting.name
        if sighting.text.split()[-1].lower() in words().not_actors and not votes["person"]:
            name.kind = "thing"
        elif name.kind == "thing" and votes.total() < 2:
            pass
        else:
            name.kind = votes.most_common(1)[0][0] if votes else "thing"

    def _share_offices(self) -> None:
        """Pass a plural office on to the names listed after it, and a counterpart's from the one he is counterpart of."""
        tokens, previous, last = self.tokens, None, None
        running: tuple[Office, int] | None = None
        for s in self.sightings:
            if s.name.kind == "organization" and running is not None and self._could_be_person(s):
                if previous is not None and self._listed_after(previous, s.name):
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
        del tokens

    def _of_country(self, name: Name) -> str | None:
        """The country after a name: "Presidents A of Benin and B of Togo"."""
        t, i = self.tokens, name.end
        if i + 1 < len(t) and t.low[i] == "of":
            place = self.reader.at.get(i + 1 if t.low[i + 1] != "the" else i + 2)
            if place is not None and place.kind == "state":
                return place.value
        return None

    @staticmethod
    def _could_be_person(sighting: _Sighting) -> bool:
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
        if self._of_country(before) is not None:
            start = self.reader.at[start + 1 if self.tokens.low[start + 1] != "the" else start + 2].end
        between = self.tokens.low[start : name.start]
        return 0 < len(between) <= 4 and all(
            b in (",", "and", "&", "respectively") or b in words().honorifics for b in between
        )

    # actors ----------------------------------------------------------------------------------------------------------------

    def _people(self) -> None:
        people = People()
        owner: dict[int, int] = {}
        persons = [s for s in self.sightings if s.name.kind == "person"]
        order = {id(s): k for k, s in enumerate(persons)}
        short = []
        for s in persons:
            if len(parts_of(s.text)) >= 2:
                person = people.add_full(s.text, order[id(s)])
                owner[order[id(s)]] = id(person)
            else:
                short.append(s)
        for s in short:
            if people.add_short(s.text, order[id(s)]) is None and parts_of(s.text):
                people.add_alone(s.text, order[id(s)])
        for person in people.all:
            mentions = [persons[k] for k in sorted(person.members)]
            self._add_person(mentions)

    def _add_person(self, sightings: list[_Sighting]) -> None:
        name = max(sightings, key=lambda s: (len(parts_of(s.text)), -s.name.start)).text
        actor = Actor("", name, "person")
        offices = [s.office for s in sightings if s.office is not None]
        actor.role = self._role(offices)
        for s in sightings:
            role = s.office.role if s.office is not None else None
            span = self.document.doc[s.name.start : s.name.end]
            actor.mentions.append(ActorMention(span, role, s.name.attributive))
        self.actors.append(actor)
        self.offices[id(actor)] = offices

    @staticmethod
    def _role(offices: list[Office]) -> str | None:
        """The office by which a person is introduced, in its fullest form."""
        named = [o for o in offices if o.role.lower().split()[-1] not in words().relatives]
        if not named:
            return None
        first = named[0].role
        fuller = [o.role for o in named if set(first.lower().split()) < set(o.role.lower().split())]
        return fuller[0] if fuller else first

    def _organizations(self) -> None:
        groups: dict[object, list[_Sighting]] = {}
        by_words: dict[frozenset[str], list[tuple[str | None, object]]] = defaultdict(list)
        by_acronym: dict[str, object] = {}
        short: list[_Sighting] = []
        first_word: dict[str, object] = {}
        for s in self.sightings:
            if s.name.kind != "organization":
                continue
            known = known_organization(s.text)
            if known is not None:
                groups.setdefault(known[0], []).append(s)
                continue
            if len(s.text.split()) == 1:
                short.append(s)
                continue
            key = organization_key(self._without_countries(s.name))
            group = self._same_country(by_words[key], s.name.value)
            if group is None:
                group = (key, s.name.value)
                by_words[key].append((s.name.value, group))
            groups.setdefault(group, []).append(s)
            for acronym in initials(s.text):
                by_acronym.setdefault(acronym, group)
            for bracketed in self._bracketed(s.name):
                by_acronym[bracketed] = group
            first_word.setdefault(s.text.split()[0].lower(), group)
        for s in short:
            acronym = s.text.replace(".", "")
            group = by_acronym.get(acronym) if acronym.isupper() else first_word.get(s.text.lower())
            groups.setdefault(s.text.lower() if group is None else group, []).append(s)
        for group, sightings in groups.items():
            name = (
                group
                if isinstance(group, str) and known_organization(group)
                else max((s.text for s in sightings), key=len)
            )
            country = next((s.name.value for s in sightings if s.name.value), None)
            actor = Actor("", str(name), "organization", None, country)
            for s in sightings:
                actor.mentions.append(
                    ActorMention(self.document.doc[s.name.start : s.name.end], None, s.name.attributive)
                )
            self.actors.append(actor)

    def _without_countries(self, name: Name) -> str:
        """An organization's name without the country at its beginning or end."""
        t, start, end = self.tokens, name.start, name.end
        kept = []
        for k in range(start, end):
            place = self.places.get(k)
            if place is None or place.kind not in ("state", "demonym"):
                kept.append(t.text[k])
        return (
            " ".join(kept) if any(w[:1].isalpha() and w not in _SMALL_WORDS for w in kept) else t.span_text(start, end)
        )

    @staticmethod
    def _same_country(groups: list[tuple[str | None, object]], country: str | None) -> object | None:
        """The group of equal names whose country is the same, or unknown on one side."""
        for known, group in groups:
            if known == country or known is None or country is None:
                return group
        return None

    def _bracketed(self, name: Name) -> list[str]:
        """The acronym in brackets after a long name."""
        t, i = self.tokens, name.end
        if i + 2 < len(t) and t.text[i] == "(" and t.text[i + 2] == ")" and t.text[i + 1].isupper():
            return [t.text[i + 1].replace(".", "")]
        return []

    def _states_and_blocs(self) -> None:
        used = self._countries_of_offices()
        states: dict[str, Actor] = {}
        for s in self.sightings:
            name = s.name
            if name.kind == "bloc" and name.value:
                actor = states.setdefault(name.value, Actor("", name.value, "bloc"))
            elif name.value and (name.kind == "state" or (name.kind == "capital" and self._metonym(name))):
                if name.start in used:
                    continue
                actor = states.setdefault(
                    name.value, Actor("", gazetteer.name_of(name.value), "state", None, name.value)
                )
            else:
                continue
            span = self.document.doc[name.start : name.end]
            actor.mentions.append(ActorMention(span, None, name.attributive))
        self.actors.extend(states.values())

    def _countries_of_offices(self) -> set[int]:
        """First tokens of the country names that only say whose office somebody holds."""
        used = set()
        for s in self.sightings:
            if s.office is None:
                continue
            for k in range(max(0, s.office.start - 2), s.office.end):
                name = self.reader.at.get(k)
                if name is not None and name.kind == "state":
                    used.add(name.start)
        return used

    def _metonym(self, name: Name) -> bool:
        """Whether a capital's name stands for its government: it acts, or it is acted with."""
        if self.tokens.headline[name.start]:
            return False
        token = self.document.doc[name.start : name.end].root
        for _ in range(4):
            if token.dep_ != "conj":
                break
            token = token.head
        if token.dep_ in ("nsubj", "agent"):
            return token.head.pos_ in ("VERB", "AUX")
        if token.dep_ == "pobj":
            return token.head.lower_ in ("between", "with", "against", "by") and token.head.dep_ in ("prep", "agent")
        return token.dep_ == "poss" and token.head.dep_ in ("nsubj", "dobj", "pobj") and token.head.pos_ == "NOUN"

    # countries ---------------------------------------------------------------------------------------------------------------

    def _countries(self) -> None:
        people = [a for a in self.actors if a.kind == "person"]
        by_token = {t.i: a for a in self.actors for m in a.mentions for t in m.span}
        bodies = {m.span.text: a for a in self.actors if a.kind == "organization" for m in a.mentions}
        for actor in people:
            actor.country = self._stated_country(actor)
        for actor in people:
            if actor.country is not None:
                continue
            owned = [o.owner for o in self.offices[id(actor)] if o.owner is not None]
            named = [by_token.get(k) or bodies.get(self._owner_text(k)) for k in owned]
            actor.country = next((o.country for o in named if o is not None and o.country), None)
            if actor.country is None and not any(self._international(k) for k in owned):
                actor.country = holders.country_of(actor.name, actor.role, self.document.published)
        self._other_of_two(people)

    def _owner_text(self, token: int) -> str:
        name = self.reader.at.get(token)
        return self.tokens.span_text(name.start, name.end) if name is not None else ""

    def _international(self, token: int) -> bool:
        """Whether the name at a token is a bloc's or a world body's, whose people serve no country."""
        name = self.reader.at.get(token)
        if name is None:
            return False
        if name.kind == "bloc" or self.qualifiers.get(name.start) == "bloc":
            return True
        known = known_organization(self.tokens.span_text(name.start, name.end))
        return known is not None and known[1] is None and known[0] not in words().national

    def _stated_country(self, actor: Actor) -> str | None:
        for office in self.offices[id(actor)]:
            if office.country:
                return office.country
        for mention in actor.mentions:
            country = self._owner_country(mention.span.start)
            if country is None and actor.role is not None:
                country = self._of_country(self.reader.at[mention.span.start])
            if country is not None:
                return country
        return None

    def _other_of_two(self, people: list[Actor]) -> None:
        """A state's office-holder without a country, in an article about two states or one.

        Beside somebody of the one state he is of the other ("Defence Minister X and his French counterpart Y"); alone he is
        of the state that the article mostly tells of.
        """
        counts: Counter[str] = Counter(
            n.value for n in self.names if n.value and n.kind in ("state", "demonym", "capital", "region")
        )
        top = [code for code, _ in counts.most_common(2)]
        if not top:
            return
        total = sum(counts.values())
        both = len(top) == 2 and counts[top[0]] + counts[top[1]] >= _TWO_SHARE * total
        sentences: dict[int, set[str]] = defaultdict(set)
        for actor in people:
            if actor.country:
                for mention in actor.mentions:
                    if mention.role is not None:
                        sentences[self.tokens.sent[mention.span.start]].add(actor.country)
        for actor in people:
            if actor.country is not None or not self._serves_a_state(actor):
                continue
            if both:
                for mention in actor.mentions:
                    beside = sentences[self.tokens.sent[mention.span.start]] & set(top)
                    if mention.role is not None and len(beside) == 1:
                        actor.country = top[1] if top[0] in beside else top[0]
                        break
            if actor.country is None and counts[top[0]] >= max(_HOME_LEAST, _HOME_SHARE * total):
                actor.country = top[0]

    def _serves_a_state(self, actor: Actor) -> bool:
        """Whether a person's office is one of a state, and of no body or alliance named with it."""
        if actor.role is None or _AIDE.search(actor.role) or any(o.owner is not None for o in self.offices[id(actor)]):
            return False
        return any(w in words().state_offices for w in actor.role.lower().replace("-", " ").split())

    def _owner_country(self, start: int) -> str | None:
        """The country before a bare name: "Germany's Wolfgang Schaeuble", "French Emmanuel Macron"."""
        t = self.tokens
        k = start - 1
        while k >= 0 and t.low[k] in words().honorifics and t.capital[k]:
            k -= 1
        if k >= 1 and t.text[k] in {"'s", "’s", "'", "’"}:
            k -= 1
            owner = self.reader.at.get(k)
            return owner.value if owner is not None and owner.kind == "state" else None
        owner = self.reader.at.get(k) if k >= 0 else None
        return owner.value if owner is not None and owner.kind == "demonym" else None
