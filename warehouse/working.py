"""Tables of the working database that are never published: versions, facts inside articles, registers of what is known.

What belongs here: their descriptions.  What does not: tables that an analyst sees (``schema``).
"""

from __future__ import annotations

from warehouse.columns import Column, Layer, Table
from warehouse.fields import (
    AGREED_ON,
    ARTICLE_HEAD,
    ARTICLE_ID,
    BASIS,
    CHAR_END,
    CHAR_START,
    CONTENT_HASH,
    COUNTRIES,
    COUNTRY,
    ENTITY,
    EVENT_DATE,
    EVENT_STATUS,
    EVENT_TYPE,
    FETCH_DAY,
    INSTRUMENT,
    KIND,
    MODE,
    PACT_STATUS,
    PARTY_ROLE,
    PLACE,
    PRECISION,
    QUOTE_SPAN,
    ROLE,
    SENTENCE_END,
    SENTENCE_START,
    SIDE,
    SPEAKER_SPAN,
    SUBJECT,
    TRIGGER,
)

_KEY = Column("key", "VARCHAR", "names the record inside its article only")
_EVENT_KEY = _KEY.named("event_key", "key of the event inside the article")
_PARTICIPANT_KEY = _KEY.named("participant_key", "key of the participant inside the article")
_AGREEMENT_KEY = _KEY.named("agreement_key", "key of the agreement inside the article")
_WORKING: Layer = "working"
_FACTS = "Facts of other articles' versions; anything that needs a second article."

FACTS: tuple[Table, ...] = (
    Table(
        "fact_participants",
        "Actors of one article.",
        _FACTS,
        ("article_id", "key"),
        (ARTICLE_ID, _KEY, Column("name", "VARCHAR", "fullest form in the article"), KIND, ROLE, COUNTRY),
        _WORKING,
    ),
    Table(
        "fact_mentions",
        "Places where the article names its actors.",
        _FACTS,
        ("article_id", "key", "char_start", "char_end"),
        (
            ARTICLE_ID,
            _KEY.named("key", "key of the participant inside the article"),
            Column("text", "VARCHAR", "the name as written there"),
            CHAR_START,
            CHAR_END,
            ROLE,
        ),
        _WORKING,
    ),
    Table(
        "fact_events",
        "Events of one article.",
        _FACTS,
        ("article_id", "key"),
        (
            ARTICLE_ID,
            _KEY,
            EVENT_TYPE,
            MODE,
            EVENT_STATUS,
            EVENT_DATE,
            PRECISION,
            BASIS,
            PLACE,
            COUNTRY,
            COUNTRIES,
        ),
        _WORKING,
    ),
    Table(
        "fact_event_participants",
        "Who takes part in the events of one article.",
        _FACTS,
        ("article_id", "event_key", "participant_key", "side"),
        (ARTICLE_ID, _EVENT_KEY, _PARTICIPANT_KEY, SIDE),
        _WORKING,
    ),
    Table(
        "fact_event_mentions",
        "Places that tell of the events of one article.",
        _FACTS,
        ("article_id", "event_key", "char_start", "char_end"),
        (ARTICLE_ID, _EVENT_KEY, TRIGGER, CHAR_START, CHAR_END, SENTENCE_START, SENTENCE_END),
        _WORKING,
    ),
    Table(
        "fact_quotes",
        "Attributed statements of one article.",
        _FACTS,
        ("article_id", "key"),
        (
            ARTICLE_ID,
            _KEY,
            *QUOTE_SPAN,
            _PARTICIPANT_KEY.named("speaker_key", "key of the speaker inside the article").optional(),
            *SPEAKER_SPAN,
            _EVENT_KEY.optional(),
        ),
        _WORKING,
    ),
    Table(
        "fact_agreements",
        "Instruments of one article.",
        _FACTS,
        ("article_id", "key"),
        (
            ARTICLE_ID,
            _KEY,
            Column("title", "VARCHAR", "fullest form in the article"),
            INSTRUMENT,
            PACT_STATUS,
            SUBJECT,
            AGREED_ON,
            PRECISION,
            BASIS,
            PLACE,
            COUNTRY,
            COUNTRIES,
            _EVENT_KEY.optional(),
        ),
        _WORKING,
    ),
    Table(
        "fact_agreement_parties",
        "Parties and signatories of the instruments of one article.",
        _FACTS,
        (),
        (ARTICLE_ID, _AGREEMENT_KEY, _PARTICIPANT_KEY.optional(), COUNTRY, PARTY_ROLE),
        _WORKING,
    ),
    Table(
        "fact_agreement_mentions",
        "Places that name the instruments of one article.",
        _FACTS,
        ("article_id", "agreement_key", "char_start", "char_end"),
        (
            ARTICLE_ID,
            _AGREEMENT_KEY,
            Column("title", "VARCHAR", "the instrument as named there"),
            CHAR_START,
            CHAR_END,
            PACT_STATUS,
        ),
        _WORKING,
    ),
)

WORKING: tuple[Table, ...] = (
    Table(
        "article_versions",
        "Every version of every article, by the day that fetched it.",
        "A version equal to the one before it.",
        ("article_id", "fetch_day"),
        (*ARTICLE_HEAD, FETCH_DAY),
        _WORKING,
    ),
    Table(
        "article_signatures",
        "MinHash signatures by which near-identical texts are found.",
        "Texts too short to be compared.",
        ("article_id",),
        (ARTICLE_ID, CONTENT_HASH, Column("signature", "UBIGINT[]", "MinHash of the text's shingles")),
        _WORKING,
    ),
    Table(
        "extractions",
        "What has been extracted already, from which text, by which version.",
        "The facts themselves.",
        ("article_id",),
        (
            ARTICLE_ID,
            CONTENT_HASH,
            Column("published_on", "DATE", "day against which relative dates were read", nullable=True),
            Column("extractor_version", "VARCHAR", "version of the extractor"),
            Column("seconds", "DOUBLE", "time that the article took"),
            Column("error", "VARCHAR", "why there are no facts, if it failed", nullable=True),
            Column("extracted_at", "TIMESTAMP", "when"),
        ),
        _WORKING,
    ),
    *FACTS,
    Table(
        "identities",
        "Which id a key was given, for ever.",
        "Merged ids (forwarded_ids).",
        ("entity", "key"),
        (
            ENTITY,
            Column("key", "VARCHAR", "the stable fields that tell the thing apart"),
            Column("id", "VARCHAR", "its id"),
            Column("registered_at", "TIMESTAMP", "when the key was first met"),
        ),
        _WORKING,
    ),
)
