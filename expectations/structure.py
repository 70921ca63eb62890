"""How the tables hang together: which steps decide on which tables, and what refers to what.

What belongs here: facts about the tables that both the rules and their helper columns derive from, each stated once.
What does not: types, keys and code lists of columns (``warehouse.schema``), the promises themselves (``rules``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from warehouse import schema


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the run: the tables whose rows it decides on, and the frames it needs beside them."""

    name: str
    decides: tuple[str, ...]
    context: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """``column`` of a row names a row of ``target`` by its ``target_column``, inside the same article if ``local``.

    ``loose``: the row says something of its own, so it stays, untied, when what it names is held back.
    """

    column: str
    target: str
    target_column: str
    local: bool = False
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """``text`` is what the article has between ``start`` and ``end``."""

    text: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A row of a table exists because rows of ``mentions`` tell of it: their ``column`` is its ``key``."""

    key: str
    mentions: str
    column: str
    local: bool = False


FACTS = (
    "fact_participants",
    "fact_mentions",
    "fact_events",
    "fact_event_participants",
    "fact_event_mentions",
    "fact_quotes",
    "fact_agreements",
    "fact_agreement_parties",
    "fact_agreement_mentions",
)
RESOLVED = (
    "participants",
    "participant_mentions",
    "events",
    "event_participants",
    "event_mentions",
    "quotes",
    "agreements",
    "agreement_parties",
    "agreement_mentions",
)

STEPS: Mapping[str, Step] = {
    step.name: step
    for step in (
        Step("articles", ("articles",), ("fetch_log", "sources", "unread")),
        Step("mentions", FACTS, ("articles", "extractions")),
        Step("participants", ("participants", "participant_mentions"), ("articles",)),
        Step("events", ("events", "event_participants", "event_mentions"), ("articles", "participants")),
        Step("quotes", ("quotes",), ("articles", "participants", "events")),
        Step(
            "agreements",
            ("agreements", "agreement_parties", "agreement_mentions"),
            ("articles", "participants", "events"),
        ),
        Step("candidate", (), ("articles", *RESOLVED, "forwarded_ids", "snapshots", "counts")),
        Step("views", (), ("views",)),
    )
}

# Frames that are no tables of the schema, or of which little is asked, with the columns that they must have.
OTHER_FRAMES: Mapping[str, tuple[str, ...]] = {
    "sources": (
        *("source_id", "min_articles", "max_articles", "reason", "delivered"),
        *("state", "median", "earlier_days", "least", "idle", "patience", "why"),
    ),
    "unread": ("source_id", "url", "reason", "sentence", "detail", "command"),
    "counts": ("table_name", "working_rows", "candidate_rows", "previous_rows"),
    "views": ("view_name", "error"),
    "fetch_log": ("source_id", "url", "status"),
    "extractions": ("article_id", "error"),
}

# Frames of inputs that became no row: the table that they were meant for, and the column that names them.
MEANT_FOR: Mapping[str, tuple[str, str]] = {"unread": ("articles", "url")}

# What a frame of articles must have, by step; the candidate's is the whole table.
ARTICLE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "articles": schema.table("article_versions").names[:-1],
    "mentions": ("article_id", "text", "published_at", "fetched_at"),
    "candidate": schema.table("articles").names,
}
ARTICLE_COLUMNS_OF_RESOLUTION = (
    "article_id",
    "source_id",
    "outlet",
    "text",
    "published_at",
    "fetched_at",
    "duplicate_of",
)


def _local(column: str, target: str, *, loose: bool = False) -> Reference:
    return Reference(column, target, "key", local=True, loose=loose)


_ARTICLE = Reference("article_id", "articles", "article_id")
_PARTICIPANT = Reference("participant_id", "participants", "participant_id")
_EVENT = Reference("event_id", "events", "event_id")
_OCCASION = Reference("event_id", "events", "event_id", loose=True)
_AGREEMENT = Reference("agreement_id", "agreements", "agreement_id")

REFERENCES: Mapping[str, tuple[Reference, ...]] = {
    "articles": (Reference("duplicate_of", "articles", "article_id"),),
    "fact_participants": (_ARTICLE,),
    "fact_mentions": (_ARTICLE, _local("key", "fact_participants")),
    "fact_events": (_ARTICLE,),
    "fact_event_participants": (
        _ARTICLE,
        _local("event_key", "fact_events"),
        _local("participant_key", "fact_participants"),
    ),
    "fact_event_mentions": (_ARTICLE, _local("event_key", "fact_events")),
    "fact_quotes": (
        _ARTICLE,
        _local("speaker_key", "fact_participants"),
        _local("event_key", "fact_events", loose=True),
    ),
    "fact_agreements": (_ARTICLE, _local("event_key", "fact_events", loose=True)),
    "fact_agreement_parties": (
        _ARTICLE,
        _local("agreement_key", "fact_agreements"),
        _local("participant_key", "fact_participants"),
    ),
    "fact_agreement_mentions": (_ARTICLE, _local("agreement_key", "fact_agreements")),
    "participant_mentions": (_ARTICLE, _PARTICIPANT),
    "event_participants": (_EVENT, _PARTICIPANT),
    "event_mentions": (_EVENT, _ARTICLE),
    "quotes": (
        _ARTICLE,
        Reference("speaker_id", "participants", "participant_id"),
        _OCCASION,
        Reference("same_as", "quotes", "quote_id", loose=True),
    ),
    "agreements": (_OCCASION,),
    "agreement_parties": (_AGREEMENT, _PARTICIPANT),
    "agreement_mentions": (_AGREEMENT, _ARTICLE),
}

_MENTION = Span("text", "char_start", "char_end")
_TRIGGER = Span("trigger", "char_start", "char_end")
_SPEAKER = Span("speaker_text", "speaker_start", "speaker_end")
_TITLE = Span("title", "char_start", "char_end")

SPANS: Mapping[str, tuple[Span, ...]] = {
    "fact_mentions": (_MENTION,),
    "fact_event_mentions": (_TRIGGER,),
    "fact_quotes": (_MENTION, _SPEAKER),
    "fact_agreement_mentions": (_TITLE,),
    "participant_mentions": (_MENTION,),
    "event_mentions": (_TRIGGER,),
    "quotes": (_MENTION, _SPEAKER),
    "agreement_mentions": (_TITLE,),
}

EVIDENCE: Mapping[str, Evidence] = {
    "fact_participants": Evidence("key", "fact_mentions", "key", local=True),
    "fact_events": Evidence("key", "fact_event_mentions", "event_key", local=True),
    "fact_agreements": Evidence("key", "fact_agreement_mentions", "agreement_key", local=True),
    "participants": Evidence("participant_id", "participant_mentions", "participant_id"),
    "events": Evidence("event_id", "event_mentions", "event_id"),
    "agreements": Evidence("agreement_id", "agreement_mentions", "agreement_id"),
}

# The dated tables and the column that holds the first day of the period.
DATES: Mapping[str, str] = {
    "fact_events": "event_date",
    "events": "event_date",
    "fact_agreements": "agreed_on",
    "agreements": "agreed_on",
}

# The kinds of value that a column of a type may hold; a day is also a moment, a whole number is also a number.
KINDS: Mapping[str, tuple[str, ...]] = {
    "VARCHAR": ("text",),
    "JSON": ("text",),
    "INTEGER": ("integer",),
    "BIGINT": ("integer",),
    "DOUBLE": ("integer", "number"),
    "BOOLEAN": ("boolean",),
    "DATE": ("date",),
    "TIMESTAMP": ("date", "timestamp"),
    "VARCHAR[]": ("list of text",),
    "UBIGINT[]": ("list of integers",),
}
MISSING = "missing"

EARLIEST_PUBLICATION = dt.date(1900, 1, 1)
"""No newspaper that a nightly run fetches is older; a date before it is a parser's accident."""
PUBLICATION_LEAD = dt.timedelta(days=2)
"""Outlets print tomorrow's date, and clocks of other zones are ahead of UTC."""
EARLIEST_EVENT = dt.date(1800, 1, 1)
"""News looks back to the treaties of the nineteenth century, hardly further."""
EVENT_HORIZON_YEARS = 50
"""Plans and terms of treaties reach decades ahead; later than this is a misread number."""
MAX_QUARANTINED_SHARE = 0.2
MIN_ROWS_FOR_SHARE = 20
"""A share of fewer rows says nothing: one bad row of four would stop the night."""


def columns_needed(step: str, frame: str) -> tuple[str, ...]:
    """The columns that a frame of a step must have."""
    if frame == "articles":
        return ARTICLE_COLUMNS.get(step, ARTICLE_COLUMNS_OF_RESOLUTION)
    return OTHER_FRAMES.get(frame) or schema.table(frame).names


def key_of(table: str) -> tuple[str, ...]:
    """What tells two rows of a table apart; where rows have no key, all columns together."""
    described = schema.table(table)
    return described.key or described.names


def dangling(column: str) -> str:
    """Name of the helper column that holds a reference which names nothing."""
    return f"dangling_{column}"


def source(column: str) -> str:
    """Name of the helper column that holds the article's text at the span of ``column``."""
    return f"source_{column}"
