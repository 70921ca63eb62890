"""What a published snapshot says about single articles, in the shape in which labels say it.

What belongs here: reading the published tables for some articles.  What does not: judging what was read (``scoring``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from warehouse.database import Connection, read

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Actor:
    """A participant as one article names it: every written form, every role stated there or held by it."""

    id: str
    kind: str
    country: str | None
    names: frozenset[str]
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Quote:
    """A statement found; ``spans`` has a second part when its cue breaks it."""

    text: str
    kind: str
    spans: tuple[Span, ...]
    speaker_id: str | None
    speaker_text: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """An event found; ``date`` is cut to its precision, ``mentions`` pairs trigger and sentence."""

    id: str
    type: str
    trigger: str
    status: str
    date: str | None
    countries: frozenset[str]
    mentions: tuple[tuple[Span, Span], ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """An instrument found; ``mentions`` maps the span of a title to the status reported there."""

    id: str
    title: str
    instrument: str
    mentions: dict[Span, str]
    parties: frozenset[tuple[str | None, str | None]]
    """(participant id, country) of each party."""


@dataclass(slots=True)
class Found:
    """The facts that a snapshot holds of one article."""

    text: str
    actors: dict[str, Actor] = field(default_factory=dict)
    quotes: list[Quote] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)
    active: set[str] = field(default_factory=set)
    """The actors that speak, take part in an event or are party to an agreement of the article."""


_ARTICLES: Final = "SELECT article_id, url, text FROM articles WHERE list_contains(?, url)"
_ACTORS: Final = """
    SELECT m.article_id, p.participant_id, p.name, p.kind, p.country, p.role,
           list(DISTINCT m.text) AS forms, list(DISTINCT m.role) FILTER (m.role IS NOT NULL) AS roles
    FROM participant_mentions m JOIN participants p USING (participant_id)
    WHERE list_contains(?, m.article_id)
    GROUP BY ALL"""
_QUOTES: Final = """
    SELECT article_id, text, kind, char_start, char_end, speaker_id, speaker_text,
           coalesce(continuation_start, -1) AS more_start, coalesce(continuation_end, -1) AS more_end
    FROM quotes WHERE list_contains(?, article_id) ORDER BY char_start"""
_EVENTS: Final = """
    SELECT m.article_id, e.event_id, e.event_type, e.status, e.countries, m.trigger,
           CASE e.date_precision WHEN 'day' THEN strftime(e.event_date, '%Y-%m-%d')
                                 WHEN 'month' THEN strftime(e.event_date, '%Y-%m')
                                 WHEN 'year' THEN strftime(e.event_date, '%Y') END AS date,
           m.char_start, m.char_end, m.sentence_start, m.sentence_end
    FROM event_mentions m JOIN events e USING (event_id)
    WHERE list_contains(?, m.article_id) ORDER BY m.char_start"""
_PARTIES: Final = "SELECT agreement_id, participant_id, country, role FROM agreement_parties"
_AGREEMENTS: Final = """
    SELECT m.article_id, a.agreement_id, m.title, a.instrument, m.status, m.char_start, m.char_end
    FROM agreement_mentions m JOIN agreements a USING (agreement_id)
    WHERE list_contains(?, m.article_id) ORDER BY m.char_start"""


def read_found(con: Connection, urls: Collection[str]) -> dict[str, Found]:
    """The facts of the articles at these URLs; an article that the snapshot does not hold has no entry."""
    articles = _rows(con, _ARTICLES, list(urls))
    ids = [row["article_id"] for row in articles]
    found = {row["article_id"]: Found(row["text"]) for row in articles}
    for row in _rows(con, _ACTORS, ids):
        found[row["article_id"]].actors[row["participant_id"]] = _actor(row)
    for row in _rows(con, _QUOTES, ids):
        found[row["article_id"]].quotes.append(_quote(row))
    participants = _grouped(_rows(con, "SELECT event_id, participant_id FROM event_participants"), "event_id")
    for (article, event_id), rows in _grouped(_rows(con, _EVENTS, ids), "article_id", "event_id").items():
        found[article].events.append(_event(rows))
        found[article].active |= {row["participant_id"] for row in participants.get((event_id,), [])}
    parties = _grouped(_rows(con, _PARTIES), "agreement_id")
    for (article, agreement_id), rows in _grouped(_rows(con, _AGREEMENTS, ids), "article_id", "agreement_id").items():
        sides = parties.get((agreement_id,), [])
        found[article].agreements.append(_agreement(rows, sides))
        found[article].active |= {row["participant_id"] for row in sides if row["participant_id"]}
    for facts in found.values():
        _complete(facts)
    return {row["url"]: found[row["article_id"]] for row in articles}


def _complete(found: Found) -> None:
    """Who is active in the article: tables that join all articles also name actors that this one does not mention."""
    found.active |= {quote.speaker_id for quote in found.quotes if quote.speaker_id}
    states = {country for agreement in found.agreements for _, country in agreement.parties if country}
    found.active |= {a.id for a in found.actors.values() if a.kind == "state" and a.country in states}
    found.active &= found.actors.keys()


def _actor(row: dict[str, Any]) -> Actor:
    roles = [*(row["roles"] or []), *([row["role"]] if row["role"] else [])]
    return Actor(
        row["participant_id"], row["kind"], row["country"], frozenset([row["name"], *row["forms"]]), frozenset(roles)
    )


def _quote(row: dict[str, Any]) -> Quote:
    spans = [(int(row["char_start"]), int(row["char_end"]))]
    if row["more_start"] >= 0:
        spans.append((int(row["more_start"]), int(row["more_end"])))
    return Quote(row["text"], row["kind"], tuple(spans), row["speaker_id"], row["speaker_text"])


def _event(rows: list[dict[str, Any]]) -> Event:
    first = rows[0]
    mentions = tuple(
        ((int(r["char_start"]), int(r["char_end"])), (int(r["sentence_start"]), int(r["sentence_end"]))) for r in rows
    )
    return Event(
        first["event_id"],
        first["event_type"],
        first["trigger"],
        first["status"],
        first["date"],
        frozenset(first["countries"]),
        mentions,
    )


def _agreement(rows: list[dict[str, Any]], sides: list[dict[str, Any]]) -> Agreement:
    first = rows[0]
    mentions = {(int(r["char_start"]), int(r["char_end"])): r["status"] for r in rows}
    parties = frozenset((r["participant_id"], r["country"]) for r in sides if r["role"] == "party")
    return Agreement(first["agreement_id"], first["title"], first["instrument"], mentions, parties)


def _rows(con: Connection, sql: str, argument: list[str] | None = None) -> list[dict[str, Any]]:
    frame = read(con, sql, [] if argument is None else [argument])
    return [
        {str(name): None if value is None or value != value else value for name, value in row.items()}  # NaN ≠ NaN
        for row in frame.astype(object).to_dict("records")
    ]


def _grouped(rows: Iterable[dict[str, Any]], *names: str) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[name] for name in names)].append(row)
    return groups
