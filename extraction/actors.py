"""The actors layer: who is named in an article, as what, and for which country.

What belongs here: joining the names of an article into persons, organizations, states and blocs, with role and country
of each.
What does not: pronouns and titles that stand for an actor (``coreference``); deciding who took part in what.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from spacy.tokens import Span, Token

from extraction import gazetteer, holders
from extraction.document import Document
from extraction.facts import Kind, Mention, Participant
from extraction.joining import People, initials, organization_key, parts_of
from extraction.nationality import Citizen, Nationality
from extraction.roles import Office
from extraction.runs import Name
from extraction.sightings import Sighting, Sightings
from extraction.wordlists import known_organization, words

_SMALL_WORDS = frozenset({"of", "the", "for", "and", "'s", "’s", "in"})


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


class _Builder:
    """Joins one document's sightings into actors."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.sightings = Sightings(document)
        self.tokens = self.sightings.tokens
        self.at = self.sightings.reader.at
        self.actors: list[Actor] = []
        self.states: dict[str, Actor] = {}
        self.offices: dict[int, list[Office]] = {}  # of each person, by the actor's id()

    def build(self) -> Actors:
        """All actors, in order of first mention."""
        self._people()
        self._organizations()
        self._states_and_blocs()
        self._countries()
        self._administrations()
        self.actors.extend(self.states.values())
        self.actors = [a for a in self.actors if a.mentions]
        for actor in self.actors:
            actor.mentions.sort(key=lambda m: m.span.start)
        self.actors.sort(key=lambda a: a.mentions[0].span.start)
        for number, actor in enumerate(self.actors, 1):
            actor.key = f"p{number}"
        return Actors(self.actors)

    def _mention(self, name: Name, role: str | None = None) -> ActorMention:
        return ActorMention(self.document.doc[name.start : name.end], role, name.attributive)

    def _people(self) -> None:
        people = People()
        persons = self.sightings.of_kind("person")
        for k, s in enumerate(persons):
            if len(parts_of(s.text)) >= 2:
                holds = holders.country_of(s.text, None, self.document.published) is not None
                people.add_full(s.text, k, 2 * holds + (s.office is not None))
        leaders = self._leaders_by_surname(persons)
        for k, s in enumerate(persons):
            if len(parts_of(s.text)) == 1:
                apart = parts_of(s.text)[0] in leaders
                if apart or people.add_short(s.text, k) is None:
                    people.add_alone(s.text, k)
        for person in people.all:
            self._add_person([persons[k] for k in sorted(person.members)])

    def _leaders_by_surname(self, persons: list[Sighting]) -> set[str]:
        """Surnames that mean a head of state though only a namesake's full name stands in the article."""
        published = self.document.published
        bare = {
            parts_of(s.text)[0]
            for s in persons
            if s.office is not None
            and len(parts_of(s.text)) == 1
            and holders.country_of(s.text, s.office.role, published)
            and holders.is_leader(s.text, published)
        }
        full = {parts_of(s.text)[-1]: s for s in persons if len(parts_of(s.text)) > 1}
        return {
            b for b in bare if b in full and not holders.country_of(full[b].text, None, None) and not full[b].office
        }

    def _add_person(self, sightings: list[Sighting]) -> None:
        name = max(sightings, key=lambda s: (len(parts_of(s.text)), -s.name.start)).text
        actor = Actor("", name, "person")
        offices = [s.office for s in sightings if s.office is not None]
        actor.role = self._role(offices)
        actor.mentions.extend(self._mention(s.name, s.office.role if s.office else None) for s in sightings)
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
        groups: dict[object, list[Sighting]] = {}
        by_words: dict[frozenset[str], list[tuple[str | None, object]]] = defaultdict(list)
        by_acronym: dict[str, object] = {}
        short: list[Sighting] = []
        first_word: dict[str, object] = {}
        for s in self.sightings.of_kind("organization"):
            brackets = self._bracketed(s.name)
            known = known_organization(s.text) or (known_organization(brackets[0]) if brackets else None)
            if known is not None:
                national = known[0] in words().national and s.name.value
                groups.setdefault((known[0], s.name.value) if national else known[0], []).append(s)
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
            for bracketed in brackets:
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
            actor.mentions.extend(self._mention(s.name) for s in sightings)
            self.actors.append(actor)

    def _without_countries(self, name: Name) -> str:
        """An organization's name without the country at its beginning or end."""
        t, start, end = self.tokens, name.start, name.end
        kept = []
        for k in range(start, end):
            place = self.sightings.places.get(k)
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
        others: dict[str, Actor] = {}
        for s in self.sightings.all:
            name = s.name
            if name.kind == "bloc" and name.value:
                actor = others.setdefault(name.value, Actor("", name.value, "bloc"))
            elif name.kind == "region" and self._metonym(name):
                # A part of a state that acts ("Catalonia voted") does so through its own authorities.
                actor = others.setdefault(s.text, Actor("", s.text, "organization", None, name.value))
            elif name.value and (name.kind == "state" or (name.kind == "capital" and self._metonym(name))):
                if name.start in used:
                    continue
                actor = self._state(name.value)
            else:
                continue
            actor.mentions.append(self._mention(name))
        self.actors.extend(others.values())

    def _countries_of_offices(self) -> set[int]:
        """First tokens of the country names that only say whose office somebody holds."""
        used = set()
        for s in self.sightings.all:
            if s.office is None:
                continue
            for k in range(max(0, s.office.start - 2), s.office.end):
                name = self.at.get(k)
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

    def _countries(self) -> None:
        people = [a for a in self.actors if a.kind == "person"]
        bodies = [a for a in self.actors if a.kind != "person" and a.country]
        served = {t.i: a.country for a in bodies for m in a.mentions for t in m.span if a.country}
        named = {m.span.text: a.country for a in bodies for m in a.mentions if a.country}
        citizens = [
            Citizen(a.name, a.role, self.offices[id(a)], [(m.span.start, m.role) for m in a.mentions]) for a in people
        ]
        Nationality(self.sightings, served, named).assign(citizens)
        for actor, citizen in zip(people, citizens, strict=True):
            actor.country = citizen.country

    def _administrations(self) -> None:
        """Turn "the Obama administration" into a mention of the state."""
        doc, t = self.document.doc, self.tokens
        for actor in [a for a in self.actors if a.kind == "person" and a.country]:
            kept = []
            for mention in actor.mentions:
                end = mention.span.end
                if actor.country and end < len(t) and t.low[end] in words().state_heads and mention.role is None:
                    whole = ActorMention(doc[mention.span.start : end + 1], None, mention.attributive)
                    self._state(actor.country).mentions.append(whole)
                else:
                    kept.append(mention)
            actor.mentions = kept

    def _state(self, country: str) -> Actor:
        return self.states.setdefault(country, Actor("", gazetteer.name_of(country), "state", None, country))
