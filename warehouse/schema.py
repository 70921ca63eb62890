"""Every table and every column of Chancery, once.

The DDL, the comments in DuckDB, the typing of frames, Dagster's column schema and the data dictionary derive from here.
What belongs here: the published tables, and the register of all.
What does not: columns that tables share (``fields``), the working tables (``working``), code lists (``codes``), what is
derived from a description (``columns``), the published views (``views/*.sql``), and any access to a database.

Times are UTC.  Spans are half-open character offsets into ``articles.text``: ``text[char_start:char_end]``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from warehouse import codes
from warehouse.columns import Column, Table
from warehouse.fields import (
    AGREED_ON,
    AGREEMENT_ID,
    ARTICLE_HEAD,
    ARTICLE_ID,
    BASIS,
    CHAR_END,
    CHAR_START,
    COUNTRIES,
    COUNTRY,
    ENTITY,
    EVENT_DATE,
    EVENT_ID,
    EVENT_STATUS,
    EVENT_TYPE,
    FETCH_DAY,
    FORWARDED_AT,
    INSTRUMENT,
    ISO3,
    KIND,
    MODE,
    OLD_ID,
    PACT_STATUS,
    PARTICIPANT_ID,
    PARTY_ROLE,
    PLACE,
    PRECISION,
    QUOTE_SPAN,
    ROLE,
    RUN_ID,
    SENTENCE_END,
    SENTENCE_START,
    SIDE,
    SPEAKER_SPAN,
    SUBJECT,
    TRIGGER,
)
from warehouse.working import WORKING

SCHEMA_VERSION = "2"
"""Goes up by one when a column or table is added; none is ever changed or dropped."""

PUBLISHED: tuple[Table, ...] = (
    Table(
        "articles",
        "One row per article: its latest version.",
        "Older versions of a changed article, pages that are no articles, and copies of the page's markup.",
        ("article_id",),
        (
            *ARTICLE_HEAD,
            Column("version", "INTEGER", "1 + the number of times the text changed"),
            Column(
                "duplicate_of",
                "VARCHAR",
                "the earlier article whose text this one repeats; such an article counts once in every view",
                nullable=True,
            ),
        ),
        primary=True,
    ),
    Table(
        "participants",
        "One row per real-world actor, across all articles.",
        "Unnamed sources, and people who neither act, speak nor sign.",
        ("participant_id",),
        (
            PARTICIPANT_ID,
            Column("name", "VARCHAR", "the fullest usual form of the name"),
            KIND,
            ROLE.named("role", "latest known office, without the country"),
            COUNTRY.named("country", "the actor's state, ISO 3166-1 alpha-3; null for blocs and unknowns"),
            Column("aliases", "VARCHAR[]", "every written form"),
            Column("first_seen", "DATE", "day of the first article that names the actor", nullable=True),
            Column("last_seen", "DATE", "day of the latest article that names the actor", nullable=True),
        ),
        primary=True,
    ),
    Table(
        "participant_mentions",
        "One row per place where an article names an actor.",
        "Pronouns, demonyms and bare titles.",
        ("article_id", "participant_id", "char_start", "char_end"),
        (
            ARTICLE_ID,
            PARTICIPANT_ID,
            Column("text", "VARCHAR", "the name as written there"),
            CHAR_START,
            CHAR_END,
            ROLE.named("role", "office as this article gives it at this place"),
        ),
    ),
    Table(
        "events",
        "One row per real-world event, across all articles.",
        "Court rulings, sports, weather, diffuse background and cumulative counts.",
        ("event_id",),
        (
            EVENT_ID,
            EVENT_TYPE,
            MODE,
            Column("quad_class", "INTEGER", "PLOVER quad class", code_list=codes.QUAD_CLASS),
            Column("intensity", "DOUBLE", "PLOVER score, -10 (conflict) to +10 (cooperation)"),
            EVENT_STATUS,
            EVENT_DATE,
            PRECISION,
            BASIS,
            PLACE,
            COUNTRY.named("country", "state in which the place lies, ISO 3166-1 alpha-3"),
            COUNTRIES,
            Column("summary", "VARCHAR", "the sentence that tells it most clearly, verbatim"),
            Column("article_count", "INTEGER", "articles that report it, copies left out"),
            Column("outlet_count", "INTEGER", "outlets that report it, copies left out"),
            Column("first_reported", "TIMESTAMP", "time of the first report", nullable=True),
        ),
        primary=True,
    ),
    Table(
        "event_participants",
        "Who took part in which event, on which side.",
        "Actors whom the article does not join to the event.",
        ("event_id", "participant_id", "side"),
        (EVENT_ID, PARTICIPANT_ID, SIDE),
    ),
    Table(
        "event_mentions",
        "The evidence of an event: one row per place that tells of it.",
        "Sentences that only allude to the event.",
        ("event_id", "article_id", "char_start", "char_end"),
        (EVENT_ID, ARTICLE_ID, TRIGGER, CHAR_START, CHAR_END, SENTENCE_START, SENTENCE_END),
    ),
    Table(
        "quotes",
        "One row per attributed statement in an article.",
        "Scare quotes, titles in quotation marks, beliefs and wishes that nobody voiced.",
        ("quote_id",),
        (
            Column("quote_id", "VARCHAR", "the statement"),
            ARTICLE_ID,
            *QUOTE_SPAN,
            Column(
                "speaker_id", "VARCHAR", "the participant who said it; null when the source is unnamed", nullable=True
            ),
            *SPEAKER_SPAN,
            EVENT_ID.named("event_id", "the event at which it was said, when the article ties them").optional(),
            Column(
                "same_as",
                "VARCHAR",
                "the first report of the same words by the same speaker, if not this",
                nullable=True,
            ),
        ),
        primary=True,
    ),
    Table(
        "agreements",
        "One row per instrument between parties, across all articles.",
        "Hopes for an instrument, and laws of one state.",
        ("agreement_id",),
        (
            AGREEMENT_ID,
            Column("title", "VARCHAR", "the fullest written form of its name"),
            INSTRUMENT,
            PACT_STATUS.named("status", "where it stands by the latest report"),
            SUBJECT,
            AGREED_ON,
            PRECISION,
            BASIS,
            PLACE,
            COUNTRY.named("country", "state in which the place lies, ISO 3166-1 alpha-3"),
            COUNTRIES.named("countries", "states among the parties, ISO 3166-1 alpha-3, sorted; may be empty"),
            EVENT_ID.named("event_id", "the event at which it was made").optional(),
            Column("article_count", "INTEGER", "articles that name it, copies left out"),
        ),
        primary=True,
    ),
    Table(
        "agreement_parties",
        "Who is bound by which instrument, and who signed it.",
        "Mediators, witnesses and hosts.",
        (),
        (
            AGREEMENT_ID,
            PARTICIPANT_ID.named("participant_id", "the party, when it is a participant").optional(),
            COUNTRY.named("country", "the state that is bound or for which is signed; one of the two is never null"),
            PARTY_ROLE,
        ),
    ),
    Table(
        "agreement_mentions",
        "One row per place that names an instrument; read by date they are its status history.",
        "Bare pronouns and “the deal” without a name of its own.",
        ("agreement_id", "article_id", "char_start", "char_end"),
        (
            AGREEMENT_ID,
            ARTICLE_ID,
            Column("title", "VARCHAR", "the instrument as named there, verbatim"),
            CHAR_START,
            CHAR_END,
            PACT_STATUS.named("status", "where it stands as this article reports it"),
        ),
    ),
    Table(
        "countries",
        "The English name of every ISO 3166-1 alpha-3 code (source: GeoNames).",
        "Blocs, regions and historical states' borders.",
        ("country",),
        (
            Column("country", "VARCHAR", "ISO 3166-1 alpha-3", pattern=ISO3),
            Column("name", "VARCHAR", "usual English name"),
        ),
        primary=True,
    ),
    Table(
        "forwarded_ids",
        "Ids that were merged into another: look an old id up here.",
        "Ids that are still rows of their table.",
        ("entity", "old_id"),
        (
            ENTITY,
            OLD_ID,
            Column("new_id", "VARCHAR", "the id that stands for it now"),
            FORWARDED_AT,
        ),
    ),
    Table(
        "fetch_log",
        "What became of everything that a day fetched: each article, document, rejection and failure with its reason.",
        "The fetched bytes (they lie in the archive) and rows held back later (quarantine).",
        (),
        (
            FETCH_DAY,
            Column("source_id", "VARCHAR", "entry of the source catalogue"),
            Column("url", "VARCHAR", "address or file"),
            Column("status", "VARCHAR", "what became of it", code_list=codes.FETCH_STATUS),
            Column("reason", "VARCHAR", "typed code of the reason", nullable=True),
            Column("detail", "VARCHAR", "the reason in words", nullable=True),
            Column("bytes", "BIGINT", "size as fetched", nullable=True),
            Column("seconds", "DOUBLE", "time that fetching took", nullable=True),
            Column("http_status", "INTEGER", "status of the HTTP answer", nullable=True),
            Column("sha256", "VARCHAR", "hash of the bytes: their name in the archive", nullable=True),
            ARTICLE_ID.named("article_id", "the article that it became").optional(),
            Column("logged_at", "TIMESTAMP", "when it was fetched"),
        ),
    ),
    Table(
        "sources",
        "One row per entry of the source catalogue, as the last run read it.",
        "Sources that have left the catalogue, and the folders of this machine in which files lie.",
        ("source_id",),
        (
            Column("source_id", "VARCHAR", "entry of the source catalogue"),
            Column("kind", "VARCHAR", "how it is read: feed, folder, …"),
            Column("url", "VARCHAR", "its address, without secrets; null for files", nullable=True),
            Column("outlet", "VARCHAR", "who publishes it", nullable=True),
            Column("language", "VARCHAR", "language that it is assumed to be in, ISO 639-1", nullable=True),
            Column("licence", "VARCHAR", "under which its texts may be used", nullable=True),
            Column("min_articles", "INTEGER", "articles that a day must deliver", nullable=True),
            Column("max_articles", "INTEGER", "articles that a day may deliver", nullable=True),
            Column("reason", "VARCHAR", "why these bounds, or why it is switched off", nullable=True),
            Column("enabled", "BOOLEAN", "whether it is read"),
        ),
        primary=True,
    ),
    Table(
        "reasons",
        "The sentence of every typed reason in fetch_log.",
        "Reasons of rules (quarantine, quality_results).",
        ("reason",),
        (
            Column("reason", "VARCHAR", "typed code of the reason"),
            Column("sentence", "VARCHAR", "what it says to a person"),
        ),
        primary=True,
    ),
    Table(
        "quarantine",
        "Rows that broke a rule and were kept out of their table, and inputs that no parser could cope with.",
        "Other pages of which no article could be made (fetch_log).",
        (),
        (
            Column("table_name", "VARCHAR", "the table that the row was meant for"),
            Column("row_key", "VARCHAR", "the row's key in that table"),
            ARTICLE_ID.named("article_id", "the article that it came from, when it came from one").optional(),
            Column("rule", "VARCHAR", "the rule that it broke"),
            Column("reason", "VARCHAR", "why, in words"),
            Column("row", "JSON", "the whole row"),
            RUN_ID.named("run_id", "the run that first held it back"),
            Column("quarantined_at", "TIMESTAMP", "when it was first held back"),
            FETCH_DAY.optional(),
            Column("step", "VARCHAR", "the step whose rules held it back"),
        ),
    ),
    Table(
        "quality_results",
        "One row per rule of every run.",
        "The rows that failed (quarantine).",
        (),
        (
            RUN_ID,
            Column("checked_at", "TIMESTAMP", "when the rule was checked"),
            Column("step", "VARCHAR", "the step whose result was checked"),
            Column("rule", "VARCHAR", "name of the rule"),
            Column("why", "VARCHAR", "why the rule exists"),
            Column("severity", "VARCHAR", "what a failure means", code_list=codes.SEVERITY),
            Column("success", "BOOLEAN", "whether the rule held"),
            Column("checked", "BIGINT", "rows looked at"),
            Column("failed", "BIGINT", "rows that broke it"),
            Column("sample", "JSON", "some of the rows that broke it", nullable=True),
            FETCH_DAY.optional(),
        ),
        log=True,
    ),
    Table(
        "snapshots",
        "The publication log; its last row is this file.",
        "Candidates that a rule held back.",
        ("snapshot_id",),
        (
            Column("snapshot_id", "VARCHAR", "name of the snapshot; later ones sort after earlier ones"),
            RUN_ID,
            Column("published_at", "TIMESTAMP", "when it was built for publication"),
            Column("extractor_version", "VARCHAR", "version of the extractor whose facts it holds"),
            Column("schema_version", "VARCHAR", "version of these tables"),
            Column("articles", "BIGINT", "rows of articles", nullable=True),
            Column("events", "BIGINT", "rows of events", nullable=True),
            Column("participants", "BIGINT", "rows of participants", nullable=True),
            Column("quotes", "BIGINT", "rows of quotes", nullable=True),
            Column("agreements", "BIGINT", "rows of agreements", nullable=True),
        ),
        primary=True,
        log=True,
    ),
)

TABLES: Mapping[str, Table] = MappingProxyType({table.name: table for table in (*PUBLISHED, *WORKING)})


def table(name: str) -> Table:
    """The table of that name; KeyError when there is none."""
    return TABLES[name]
