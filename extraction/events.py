"""The events layer: PLOVER events with type, mode, status, date, place and sides.

What belongs here: from the acts of a document to one record a real event.
What does not: triggers and their frames (``triggers``, ``frames``), tense and modality (``status``), sides (``sides``),
dates (``dates``), places (``places``), instruments (``agreements``), joining events across articles.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from extraction.actors import Actors
from extraction.acts import FLASH, Act, acts_of
from extraction.coreference import Coreference
from extraction.dates import date_of
from extraction.document import Document
from extraction.facts import Event, EventMention, Quote, When, Where
from extraction.phrases import Sides
from extraction.places import dateline, place_of
from extraction.relevance import is_political
from extraction.sides import Reader, is_mutual

_NEAR = 150  # tokens between a meeting and what is still "the talks"
_REMEMBERED = 200  # events: how far back a mention may point
_HEAD = 600  # characters: where a report still stands under its dateline
# Acts that are done once, however they are told; the others are speech, and said anew each time.
_DONE = frozenset({
    "CONSULT", "ASSAULT", "SANCTION", "MOBILIZE", "COERCE", "PROTEST", "AID", "COOPERATE", "RETREAT", "CONCEDE",
})  # fmt: skip
_DEFINITE = frozenset({"the", "this", "that", "these", "those", "their", "its", "his", "her"})
_EXACTNESS = {"unknown": 0, "year": 1, "month": 2, "day": 3}


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
    reader = Reader(document, coreference, quotes)
    drafts: list[_Draft] = []
    for act in acts_of(document):
        draft = _draft(document, act, reader)
        earlier = next((d for d in reversed(drafts[-_REMEMBERED:]) if _same(d, draft, actors)), None)
        if earlier is None:
            drafts.append(draft)
        else:
            _merge(earlier, draft)
    if len(document.sentences) > FLASH:
        drafts = [d for d in drafts if d.sides or _anchored(d)]
    return [_event(f"e{i}", d, actors) for i, d in enumerate(drafts, start=1)]


def _draft(document: Document, act: Act, reader: Reader) -> _Draft:
    start, end = act.token.idx, act.token.idx + len(act.token)
    mention = EventMention(act.token.text, start, end, *document.sentence_span(act.token))
    when = date_of(document, act.token)
    if _ahead(document, act, when):
        act = (
            replace(act, type="AGREE", mode=None, status="planned")
            if act.type == "CONSULT"
            else replace(act, status="planned")
        )
    sides = reader.of(act)
    where = _where(document, act, sides)
    aimed_at_place = act.type == "ASSAULT" and sides.countries <= sides.actor_countries
    if where.country is not None and (act.trigger.frame.mode == "visit" or aimed_at_place):
        sides.countries.add(where.country)
    return _Draft(act, when, where, sides, [mention])


def _ahead(document: Document, act: Act, when: When) -> bool:
    """Whether an act told in the present is dated after the report: "flies to Lima on Friday"."""
    known = when.basis in {"stated", "resolved"} and when.precision == "day"
    present = act.token.tag_ in {"VBZ", "VBP", "VBG"} and act.status == "held" and act.type in _DONE
    return present and known and None not in (when.date, document.published) and when.date > document.published  # type: ignore[operator]


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


def _same(earlier: _Draft, later: _Draft, actors: Actors) -> bool:
    """Whether two mentions may tell of one event."""
    a, b = earlier.act, later.act
    if (a.type, a.status) != (b.type, b.status) or _other_day(earlier.when, later.when):
        return False
    one, two = earlier.sides, later.sides
    if not two:
        return _definite(b)
    states = one.countries <= two.countries or two.countries <= one.countries
    if a.type not in _DONE and not (a.type == "SUPPORT" and is_mutual(a) and is_mutual(b)):
        targets, other_targets = one.on("recipient"), two.on("recipient")
        nested = targets <= other_targets or other_targets <= targets
        return a.token.lemma_ == b.token.lemma_ and one.on("actor") == two.on("actor") and states and nested
    if a.type == "CONSULT" and _definite(b) and b.token.i - a.token.i < _NEAR and len(two.countries) < 2:
        return True
    doers, other_doers = one.on("actor"), two.on("actor")
    if a.type not in {"CONSULT", "SUPPORT"} and doers and other_doers and not doers & other_doers:
        return False
    persons, other_persons = _persons(one, actors), _persons(two, actors)
    nested = persons <= other_persons or other_persons <= persons
    return (
        nested and states and bool(one.participants.keys() & two.participants.keys() or one.countries & two.countries)
    )


def _persons(sides: Sides, actors: Actors) -> set[str]:
    return {k for k in sides.participants if actors.by_key[k].kind == "person"}


def _other_day(one: When, two: When) -> bool:
    if one.date is None or two.date is None or "published" in {one.basis, two.basis}:
        return False
    return one.precision == two.precision == "day" and one.date != two.date


def _definite(act: Act) -> bool:
    """Whether an act is told as one already known: "the meeting", "joined the talks"."""
    if act.trigger.frame.part == "nouns":
        return any(c.lower_ in _DEFINITE for c in act.token.children)
    objects = [c for c in act.token.children if c.dep_ == "dobj"]
    return act.type == "CONSULT" and any(d.lower_ in _DEFINITE for c in objects for d in c.children)


def _merge(earlier: _Draft, later: _Draft) -> None:
    earlier.mentions += later.mentions
    for key, side in later.sides.participants.items():
        earlier.sides.participants.setdefault(key, side)
    earlier.sides.countries |= later.sides.countries
    earlier.when = _better(earlier.when, later.when)
    if earlier.where.place is None:
        earlier.where = later.where


def _better(one: When, two: When) -> When:
    """The date that the text itself gives, and the more exact one of two that agree."""
    if one.date is None or two.date is None:
        return one if two.date is None else two
    if "published" in {one.basis, two.basis}:
        return two if one.basis == "published" and two.basis != "published" else one
    within = one.date.year == two.date.year and (one.precision == "year" or one.date.month == two.date.month)
    return two if within and _EXACTNESS[two.precision] > _EXACTNESS[one.precision] else one


def _event(key: str, draft: _Draft, actors: Actors) -> Event:
    act, sides = draft.act, draft.sides
    mode = act.mode
    blocs = any(actors.by_key[k].kind == "bloc" for k in sides.participants)
    if act.type == "CONSULT" and mode != "phone" and (blocs or len(sides.countries) > 2):
        mode = "multilateral"
    participants, countries = tuple(sides.participants.items()), tuple(sorted(sides.countries))
    return Event(
        key, act.type, mode, act.status, draft.when, draft.where, participants, countries, tuple(draft.mentions)
    )
