"""Columns that several tables share, described once.

What belongs here: a column (or a run of columns) that stands in two tables or more, and the patterns of its values.
What does not: columns of one table alone (``schema``, ``working``).
"""

from __future__ import annotations

from warehouse import codes
from warehouse.columns import Column

ISO3 = r"^[A-Z]{3}$"
ISO1 = r"^[a-z]{2}$"

ARTICLE_ID = Column("article_id", "VARCHAR", "the article; made from the canonical address, so it never changes")
PARTICIPANT_ID = Column("participant_id", "VARCHAR", "the actor")
EVENT_ID = Column("event_id", "VARCHAR", "the event")
AGREEMENT_ID = Column("agreement_id", "VARCHAR", "the instrument")
FETCH_DAY = Column("fetch_day", "DATE", "the day (UTC) whose run fetched it: the partition")
CHAR_START = Column("char_start", "INTEGER", "first character of the span in articles.text, counted from 0")
CHAR_END = Column("char_end", "INTEGER", "one past the last character of the span")
COUNTRY = Column("country", "VARCHAR", "state, ISO 3166-1 alpha-3", nullable=True, pattern=ISO3)
COUNTRIES = Column("countries", "VARCHAR[]", "states on any side, ISO 3166-1 alpha-3, sorted; may be empty")
PLACE = Column("place", "VARCHAR", "city or venue as written", nullable=True)
PRECISION = Column("date_precision", "VARCHAR", "how exactly the date is known", code_list=codes.PRECISION)
BASIS = Column("date_basis", "VARCHAR", "from what the date is known", code_list=codes.BASIS)
KIND = Column("kind", "VARCHAR", "what sort of actor", code_list=codes.KIND)
ROLE = Column("role", "VARCHAR", "office, without the country", nullable=True)
SIDE = Column("side", "VARCHAR", "on which side of the event the actor stands", code_list=codes.SIDE)
EVENT_TYPE = Column("event_type", "VARCHAR", "PLOVER type", code_list=codes.EVENT_TYPE)
MODE = Column("mode", "VARCHAR", "PLOVER mode, for types that have one", nullable=True, code_list=codes.MODE)
EVENT_STATUS = Column("status", "VARCHAR", "whether it has happened", code_list=codes.EVENT_STATUS)
EVENT_DATE = Column("event_date", "DATE", "first day of the period in which it happens", nullable=True)
INSTRUMENT = Column("instrument", "VARCHAR", "the sort of instrument", code_list=codes.INSTRUMENT)
PACT_STATUS = Column("status", "VARCHAR", "where the instrument stands", code_list=codes.AGREEMENT_STATUS)
SUBJECT = Column("subject", "VARCHAR", "what the instrument is about, as written", nullable=True)
AGREED_ON = Column("agreed_on", "DATE", "day on which it was made, or first day of the known period", nullable=True)
PARTY_ROLE = Column("role", "VARCHAR", "bound by it, or only signing", code_list=codes.PARTY_ROLE)
TRIGGER = Column("trigger", "VARCHAR", "the word or phrase that tells of the event, verbatim")
SENTENCE_START = Column("sentence_start", "INTEGER", "first character of the sentence that holds the trigger")
SENTENCE_END = Column("sentence_end", "INTEGER", "one past the last character of that sentence")
ENTITY = Column("entity", "VARCHAR", "which table the id belongs to", code_list=codes.ENTITY)
OLD_ID = Column("old_id", "VARCHAR", "the id that was given up")
FORWARDED_AT = Column("forwarded_at", "TIMESTAMP", "when the two were merged")
RUN_ID = Column("run_id", "VARCHAR", "the run")
CONTENT_HASH = Column("content_hash", "VARCHAR", "hash of the text; another hash means another version of the article")

ARTICLE_HEAD = (
    ARTICLE_ID,
    Column("url", "VARCHAR", "address as the source gave it"),
    Column("canonical_url", "VARCHAR", "address without tracking and session parts"),
    Column("source_id", "VARCHAR", "entry of the source catalogue that delivered the article"),
    Column("outlet", "VARCHAR", "who published it", nullable=True),
    Column("title", "VARCHAR", "headline", nullable=True),
    Column("byline", "VARCHAR", "author as printed", nullable=True),
    Column("published_at", "TIMESTAMP", "when the outlet published it; null when the page does not say", nullable=True),
    Column("fetched_at", "TIMESTAMP", "when this version was first fetched"),
    Column("language", "VARCHAR", "language of the text, ISO 639-1", nullable=True, pattern=ISO1),
    Column("text", "VARCHAR", "body as extracted; every span of every table counts its characters"),
    Column("word_count", "INTEGER", "words of the text"),
    CONTENT_HASH,
)

QUOTE_SPAN = (
    Column("text", "VARCHAR", "what was said, verbatim, without outer marks, cue and speaker"),
    Column("kind", "VARCHAR", "how it is reported", code_list=codes.QUOTE_KIND),
    CHAR_START,
    CHAR_END,
    Column(
        "continuation_start",
        "INTEGER",
        "first character of the second half, when the cue breaks the quote",
        nullable=True,
    ),
    Column("continuation_end", "INTEGER", "one past the last character of the second half", nullable=True),
)
SPEAKER_SPAN = (
    Column("speaker_text", "VARCHAR", "the speaker as written (a name, “he”, “officials”)", nullable=True),
    Column("speaker_start", "INTEGER", "first character of the speaker as written", nullable=True),
    Column("speaker_end", "INTEGER", "one past the last character of the speaker as written", nullable=True),
    Column("cue", "VARCHAR", "the verb or phrase of saying", nullable=True),
)
