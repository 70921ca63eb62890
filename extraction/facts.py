"""The frozen records that extraction returns.

What belongs here: the shapes of facts inside one article, and nothing that computes them.
What does not: rows of tables (``warehouse.schema``) and ids across articles (``resolution``).

Spans are half-open character offsets into the article's text: ``text[start:end]``.  A ``key`` names a record inside its
article only (``p3``, ``e1``, ``q2``, ``a1``); records refer to each other by these keys.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["person", "organization", "state", "bloc"]
Side = Literal["actor", "recipient", "both"]
EventStatus = Literal["held", "planned", "cancelled"]
Precision = Literal["day", "month", "year", "unknown"]
Basis = Literal["stated", "resolved", "published", "unknown"]
QuoteKind = Literal["direct", "mixed", "indirect"]
PartyRole = Literal["party", "signatory"]


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where an article names an actor: ``text == article[start:end]``; ``role`` as stated at this place."""

    text: str
    start: int
    end: int
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """An actor of one article.  ``country`` is ISO 3166-1 alpha-3; ``role`` is without the country."""

    key: str
    name: str
    kind: Kind
    role: str | None
    country: str | None
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class When:
    """A date with how exactly and from what it is known.  ``date`` is the first day of the stated period."""

    date: dt.date | None = None
    precision: Precision = "unknown"
    basis: Basis = "unknown"


@dataclass(frozen=True, slots=True)
class Where:
    """A place as written, and its country (ISO 3166-1 alpha-3)."""

    place: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class EventMention:
    """One place that tells of the event: the trigger and its sentence."""

    trigger: str
    start: int
    end: int
    sentence_start: int
    sentence_end: int


@dataclass(frozen=True, slots=True)
class Event:
    """A PLOVER event of one article.  ``participants``: (participant key, side).  The clearest mention is first."""

    key: str
    type: str
    mode: str | None
    status: EventStatus
    when: When
    where: Where
    participants: tuple[tuple[str, Side], ...]
    countries: tuple[str, ...]
    mentions: tuple[EventMention, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """An attributed statement.  ``text == article[start:end]``; ``speaker`` is a participant's key, or None.

    ``cue_start``: where the first word of the cue stands.  ``event``: key of the event at which it was said.
    """

    key: str
    text: str
    kind: QuoteKind
    start: int
    end: int
    continuation: tuple[int, int] | None = None
    speaker: str | None = None
    speaker_text: str | None = None
    speaker_start: int | None = None
    speaker_end: int | None = None
    cue: str | None = None
    cue_start: int | None = None
    event: str | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """A party or signatory of an agreement: a participant's key, a state's ISO code, or both."""

    role: PartyRole
    participant: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class AgreementMention:
    """One place that names the instrument, with the status reported there."""

    title: str
    start: int
    end: int
    status: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """An instrument between parties as one article tells of it.  The first mention is the fullest title."""

    key: str
    title: str
    instrument: str
    status: str
    subject: str | None
    when: When
    where: Where
    countries: tuple[str, ...]
    parties: tuple[Party, ...]
    mentions: tuple[AgreementMention, ...]
    event: str | None = None


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """All that one article yields."""

    participants: tuple[Participant, ...] = field(default=())
    events: tuple[Event, ...] = field(default=())
    quotes: tuple[Quote, ...] = field(default=())
    agreements: tuple[Agreement, ...] = field(default=())
