"""The events layer: PLOVER events with type, mode, status, date, place and sides.

What belongs here: triggers in context and the sides they take; the trigger frames themselves are data in ``lexicon/``.
What does not: dates (``dates``), places (``places``), instruments (``agreements``), joining events across articles.
"""

from __future__ import annotations

from dataclasses import dataclass

from extraction.actors import Actors
from extraction.acts import FLASH, Act, acts_of
from extraction.coreference import Coreference
from extraction.dates import date_of
from extraction.document import Document
from extraction.facts import Event, EventMention, Quote, When, Where
from extraction.places import dateline, place_of
from extraction.relevance import is_political
from extraction.sides import MUTUAL_VERBS, Reader, Sides


@dataclass(slots=True)
class _Draft:
    """An event under construction."""

    act: Act
    when: When
    where: Where
    sides: Sides
    mentions: list[EventMention]


def find_events(document: Document, actors: Actors, coreference: Coreference, quotes: list[Quote]) -> list[Event]:
    """Find the events of a document, in order of first mention, one record a real event."""
    if not is_political(document):
        return []
    flash = len(document.sentences) <= FLASH
    reader = Reader(document, coreference, quotes)
    drafts: list[_Draft] = []
    for act in acts_of(document):
        start, end = act.token.idx, act.token.idx + len(act.token)
        mention = EventMention(act.token.text, start, end, *document.sentence_span(act.token))
        sides = reader.of(act)
        where = _where(document, act, sides)
        if where.country is not None and (act.trigger.frame.mode == "visit" or (act.type == "ASSAULT" and sides.countries <= sides.actor_countries)):
            sides.countries.add(where.country)
        draft = _Draft(act, date_of(document, act.token), where, sides, [mention])
        earlier = next((d for d in reversed(drafts) if _same(d, draft, actors)), None)
        if earlier is None:
            drafts.append(draft)
        else:
            _merge(earlier, draft)
    if not flash:
        drafts = [d for d in drafts if d.sides or _anchored(d)]
    return [_event(f"e{i}", d, actors) for i, d in enumerate(drafts, start=1)]


def _anchored(draft: _Draft) -> bool:
    """Whether an act without named sides is at least dated or placed by the text."""
    return draft.where.place is not None or draft.when.basis in {"stated", "resolved"}


def _where(document: Document, act: Act, sides: Sides) -> Where:
    """The place of an act; a dateline only for what its own state's actors did at the head of the report."""
    if act.mode == "phone":
        return Where()
    found = place_of(document, act.token)
    if found.place is None and act.trigger.governor is not None:
        found = place_of(document, act.trigger.governor)
    if found.place is None and act.status == "held" and act.token.idx < _HEAD:
        written = dateline(document)
        if written.country is not None and written.country in sides.actor_countries:
            return written
    return found


_NEAR = 150  # tokens between a meeting and what is still "the talks"
_HEAD = 600  # characters
_MATERIAL = frozenset(
    {
        "CONSULT",
        "SUPPORT",
        "ASSAULT",
        "SANCTION",
        "MOBILIZE",
        "COERCE",
        "PROTEST",
        "AID",
        "COOPERATE",
        "RETREAT",
        "CONCEDE",
    }
)
_DEFINITE = frozenset({"the", "this", "that", "these", "those", "their", "its", "his", "her"})


def _same(earlier: _Draft, later: _Draft, actors: Actors) -> bool:
    """Whether two mentions may tell of one event."""
    a, b = earlier.act, later.act
    if (a.type, a.status) != (b.type, b.status) or _other_day(earlier.when, later.when):
        return False
    one, two = earlier.sides, later.sides
    definite = _definite(b)
    if not two:
        return definite
    people, others = set(one.participants), set(two.participants)
    states = one.countries <= two.countries or two.countries <= one.countries
    if a.type in _MATERIAL and (
        a.type != "SUPPORT" or {a.token.lemma_.lower(), b.token.lemma_.lower()} <= MUTUAL_VERBS
    ):
        if definite and a.type == "CONSULT" and b.token.i - a.token.i < _NEAR and len(two.countries) < 2:
            return True
        persons = {k for k in people if actors.by_key[k].kind == "person"}
        other_persons = {k for k in others if actors.by_key[k].kind == "person"}
        nested = persons <= other_persons or other_persons <= persons
        if a.type not in {"CONSULT", "SUPPORT"} and not _side(one, "actor") & _side(two, "actor") and _side(one, "actor") and _side(two, "actor"):
            return False
        return nested and states and bool(people & others or one.countries & two.countries)
    if a.token.lemma_.lower() != b.token.lemma_.lower():
        return False
    doers, other_doers = _side(one, "actor"), _side(two, "actor")
    targets, other_targets = _side(one, "recipient"), _side(two, "recipient")
    return doers == other_doers and states and (targets <= other_targets or other_targets <= targets)


def _side(sides: Sides, side: str) -> set[str]:
    return {k for k, s in sides.participants.items() if s in {side, "both"}}


def _other_day(one: When, two: When) -> bool:
    if one.date is None or two.date is None or "published" in {one.basis, two.basis}:
        return False
    return one.precision == two.precision == "day" and one.date != two.date


def _definite(act: Act) -> bool:
    """Whether an act is told as one already known: "the meeting", "joined the talks"."""
    if act.trigger.frame.part == "nouns":
        return any(c.lower_ in _DEFINITE for c in act.token.children)
    return act.type == "CONSULT" and any(
        c.dep_ == "dobj" and any(d.lower_ in _DEFINITE for d in c.children) for c in act.token.children
    )


def _merge(earlier: _Draft, later: _Draft) -> None:
    earlier.mentions += later.mentions
    for key, side in later.sides.participants.items():
        earlier.sides.participants.setdefault(key, side)
    earlier.sides.countries |= later.sides.countries
    if earlier.when.date is None or (earlier.when.basis == "published" and later.when.basis in {"stated", "resolved"}):
        earlier.when = later.when if later.when.date else earlier.when
    if earlier.where.place is None:
        earlier.where = later.where


def _event(key: str, draft: _Draft, actors: Actors) -> Event:
    act, sides = draft.act, draft.sides
    mode = act.mode
    if act.type == "CONSULT" and mode != "phone":
        blocs = any(actors.by_key[k].kind == "bloc" for k in sides.participants)
        if len(sides.countries) >= 3 or blocs:
            mode = "multilateral"
    return Event(
        key,
        act.type,
        mode,
        act.status,
        draft.when,
        draft.where,
        tuple(sides.participants.items()),
        tuple(sorted(sides.countries)),
        tuple(draft.mentions),
    )
