"""For every rule, ways to break it: one cell of the good frames changed, or a row put in twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from expectations.promises import Rule
from expectations.rules import RULES
from expectations.structure import REFERENCES
from tests.expectations.frames import Frames, good_frames
from warehouse import schema


@dataclass(frozen=True)
class Break:
    """Row ``row`` of ``frame`` (None: every row) gets ``cells``; ``again``: it stands there once more.

    ``says``: what the finding must contain.
    """

    rule: str
    frame: str
    row: int | None
    cells: dict[str, Any]
    says: str
    again: bool = False


def broken(frames: Frames, breaks: Iterable[Break], *, added: bool = False) -> Frames:
    """The frames with the breaks; ``added``: each broken row comes in addition to the good ones."""
    out = {name: frame.astype(object) for name, frame in frames.items()}
    for b in breaks:
        frame = out[b.frame]
        rows = frame if b.row is None else frame.iloc[[b.row]]
        changed = pd.DataFrame([{**row, **b.cells} for row in rows.to_dict("records")], dtype=object)
        if b.again or added:
            out[b.frame] = pd.concat([frame, changed], ignore_index=True)
        else:
            kept = frame.drop(index=rows.index)
            out[b.frame] = pd.concat([kept, changed.set_index(rows.index)]).sort_index()
    return out


def _b(rule: str, frame: str, row: int | None, says: str, **cells: Any) -> Break:
    return Break(rule, frame, row, cells, says)


def _span_breaks(table: str, text: str, start: str = "char_start", end: str = "char_end") -> list[Break]:
    return [
        _b(f"{table}_spans", table, 0, "begins before", **{start: -2}),
        _b(f"{table}_spans", table, 0, "ends before", **{start: 9, end: 9}),
        _b(f"{table}_spans", table, 0, "the text ends at", **{end: 5000}),
        _b(f"{table}_verbatim", table, 0, "the article has", **{text: "Somebody Else"}),
    ]


def _date_breaks(table: str, column: str) -> list[Break]:
    return [
        _b(f"{table}_date_basis", table, 0, "date_precision", **{column: None, "date_basis": "unknown"}),
        _b(f"{table}_date_basis", table, 0, "date_basis", **{column: None, "date_precision": "unknown"}),
        _b(f"{table}_date_basis", table, 0, "first day", **_dated(column, dt.date(2024, 5, 7), "month")),
        _b(f"{table}_date_basis", table, 0, "2024-01-01", **_dated(column, dt.date(2024, 5, 1), "year")),
        _b(f"{table}_date_range", table, 0, "1800", **_dated(column, dt.date(1066, 10, 14), "day")),
        _b(f"{table}_date_range", table, 0, "later than", **_dated(column, dt.date(2124, 5, 7), "day")),
        _b(f"{table}_countries_sorted", table, 0, "NOR ESP", countries=["NOR", "ESP"]),
        _b(f"{table}_countries_sorted", table, 0, "ESP ESP", countries=["ESP", "ESP"]),
    ]


def _dated(column: str, date: dt.date, precision: str) -> dict[str, Any]:
    return {column: date, "date_precision": precision, "date_basis": "stated"}


def _event_mention_breaks(table: str) -> list[Break]:
    return [
        *_span_breaks(table, "trigger"),
        _b(f"{table}_sentence", table, 0, "begins before", sentence_start=-1),
        _b(f"{table}_sentence", table, 0, "stands before", sentence_start=20),
        _b(f"{table}_sentence", table, 0, "stands after", sentence_end=18),
        _b(f"{table}_sentence", table, 0, "the text ends", sentence_end=4000),
    ]


def _quote_breaks(table: str) -> list[Break]:
    return [
        *_span_breaks(table, "text"),
        _b(f"{table}_spans", table, 0, "not given together", speaker_start=None),
        _b(f"{table}_spans", table, 0, "not given together", speaker_end=None),
        _b(f"{table}_spans", table, 0, "begins before", speaker_start=-1),
        _b(f"{table}_spans", table, 0, "ends before", speaker_end=3),
        _b(f"{table}_spans", table, 0, "the text ends", speaker_end=3000),
        _b(f"{table}_verbatim", table, 0, "speaker_text", speaker_text="he"),
        _b(f"{table}_continuation", table, 0, "half a span", continuation_end=None),
        _b(f"{table}_continuation", table, 0, "inside or before", continuation_start=90),
        _b(f"{table}_continuation", table, 0, "ends before", continuation_end=91),
        _b(f"{table}_continuation", table, 0, "the text ends", continuation_end=900),
        _b(f"{table}_words", table, 0, "text is", text="“ — ”"),
    ]


ARTICLES = [
    Break("articles_unique", "articles", 0, {}, "a1", again=True),
    _b("articles_text", "articles", 0, "text is", text=" \n"),
    _b("articles_content_hash", "articles", 0, "content_hash", content_hash="00"),
    _b("articles_word_count", "articles", 0, "at least 1", word_count=0),
    _b("articles_word_count", "articles", 0, "characters", word_count=3000),
    _b("articles_source", "articles", 0, "catalogue", source_id="stranger"),
    _b("articles_published", "articles", 0, "1899", published_at=dt.datetime(1899, 12, 31)),
    _b("articles_published", "articles", 0, "more than 2 days", published_at=dt.datetime(2024, 5, 12)),
    _b("source_minimum", "sources", 0, "wire: 2 articles, at least 3 are expected (because)", min_articles=3,
       delivered=2, reason="because"),
    _b("source_minimum", "sources", 0, "(because); 3 × No answer.", min_articles=4, reason="because",
       why="3 × No answer."),
    _b("source_median", "sources", 0, "far below its median: 1 articles, its median of 14 days before is 4; the log",
       delivered=1, state="far below its median"),
    _b("source_median", "sources", 1, "quiet: silent: 0 articles, its median of 5 days before is 2; 1 × No answer.",
       state="silent", median=2.0, earlier_days=5, least=0.6, why="1 × No answer."),
    _b("source_median", "sources", 2, "asleep: resting: 0 articles", state="resting", delivered=0, least=1.0),
    _b("source_frozen", "sources", 0, "wire: frozen: 3 articles, nothing new in them for 9 days, the limit is 8",
       state="frozen", idle=9, patience=8),
    _b("source_maximum", "sources", 0, "wire: 11 articles, at most 10", delivered=11),
    _b("parse_in_the_box", "unread", 0, "It is endless. (no end after 20 seconds) To parse it again: chancery again",
       reason="parser_stuck", sentence="It is endless.", detail="no end after 20 seconds", command="chancery again"),
    _b("fetch_log_codes", "fetch_log", 0, "status is “lost”", status="lost"),
    _b("fetches_succeed", "fetch_log", 0, "wire: 1 failed", status="failed"),
]  # fmt: skip
MENTIONS = [
    _b("fact_participants_name", "fact_participants", 0, "name is", name="--"),
    _b("fact_participants_name", "fact_participants", 0, "bloc", kind="bloc"),
    *_span_breaks("fact_mentions", "text"),
    _b("fact_events_mode", "fact_events", 0, "has no mode", mode="riot"),
    *_date_breaks("fact_events", "event_date"),
    _b("fact_events_date_anchor", "fact_events", 1, "days from", event_date=dt.date(2024, 5, 1)),
    _b("fact_events_date_anchor", "articles", 1, "has no date", published_at=None),
    *_event_mention_breaks("fact_event_mentions"),
    *_quote_breaks("fact_quotes"),
    *_date_breaks("fact_agreements", "agreed_on"),
    _b("fact_agreements_date_anchor", "fact_agreements", 1, "days from", agreed_on=dt.date(2024, 5, 1)),
    _b("fact_agreements_date_anchor", "articles", 1, "has no date", published_at=None),
    _b("fact_agreement_parties_named", "fact_agreement_parties", 1, "neither", country=None),
    *_span_breaks("fact_agreement_mentions", "title"),
    _b("fact_participants_evidence", "fact_mentions", 0, "no row", key="p2"),
    _b("fact_events_evidence", "fact_event_mentions", 0, "no row", event_key="e7"),
    _b("fact_agreements_evidence", "fact_agreement_mentions", 0, "no row", agreement_key="g7"),
    _b("articles_extracted", "extractions", 1, "article a2: too long", error="too long"),
    _b("fact_events_written", "fact_events", 0, "place", place="Bergen"),
    _b("fact_quotes_written", "fact_quotes", 0, "cue", cue="claimed"),
    _b("fact_agreements_written", "fact_agreements", 0, "title", title="Fishery Treaty"),
    _b("fact_agreements_written", "fact_agreements", 0, "subject", subject="whaling"),
    _b("fact_agreements_written", "fact_agreements", 0, "place", place="Bergen"),
]  # fmt: skip
RESOLUTION = [
    _b("participants_name", "participants", 0, "name is", name="--"),
    _b("participants_name", "participants", 0, "bloc", kind="bloc"),
    _b("participants_aliases", "participants", 0, "not among", aliases=["Ruiz"]),
    _b("participants_seen", "participants", 0, "before first_seen", last_seen=dt.date(2024, 5, 1)),
    _b("participants_evidence", "participant_mentions", None, "no row", participant_id="P2"),
    *_span_breaks("participant_mentions", "text"),
    _b("participant_mentions_aliases", "participants", 1, "not among", aliases=["Berg"]),
    _b("events_mode", "events", 0, "has no mode", mode="riot"),
    _b("events_scores", "events", 0, "quad_class is 4", quad_class=4),
    _b("events_scores", "events", 0, "between -10 and 10", intensity=11.0),
    _b("events_scores", "events", 0, "PLOVER gives CONSULT with mode visit 4", intensity=2.5),
    *_date_breaks("events", "event_date"),
    _b("events_summary", "events", 0, "not the sentence", summary="They talked."),
    _b("events_article_count", "events", 0, "stand in 2 articles", article_count=3),
    _b("events_reports", "events", 0, "in 1 outlets", outlet_count=2),
    _b("events_reports", "events", 0, "earliest article", first_reported=None),
    _b("events_evidence", "event_mentions", None, "no row", event_id="E7"),
    _b("events_written", "events", 0, "place", place="Bergen"),
    *_event_mention_breaks("event_mentions"),
    *_quote_breaks("quotes"),
    _b("quotes_same_as", "quotes", 0, "repeats Q1 itself", same_as="Q1"),
    _b("quotes_same_as", "quotes", 1, "that of same_as Q1 is P1", speaker_id="P2"),
    *_date_breaks("agreements", "agreed_on"),
    _b("agreements_article_count", "agreements", 0, "stand in 2 articles", article_count=1),
    _b("agreements_evidence", "agreement_mentions", None, "no row", agreement_id="G7"),
    _b("agreements_status", "agreements", 0, "reported by none", status="ratified"),
    _b("agreements_written", "agreements", 0, "title", title="Fishery Treaty"),
    _b("agreements_written", "agreements", 0, "subject", subject="whaling"),
    _b("agreements_written", "agreements", 0, "place", place="Bergen"),
    _b("agreement_parties_named", "agreement_parties", 1, "neither", country=None),
    *_span_breaks("agreement_mentions", "title"),
]
CANDIDATE = [
    *(b for b in ARTICLES if b.rule in ("articles_unique", "articles_content_hash", "articles_word_count")),
    _b("articles_originals", "articles", 0, "repeats a2 itself", duplicate_of="a3"),
    _b("articles_originals", "articles", 0, "version is 0", version=0),
    _b("rows_complete", "counts", 2, "2 rows in the file", candidate_rows=2),
    _b("ledger_kept", "counts", 0, "4 in the published file", previous_rows=4),
    _b("publication_log", "snapshots", 0, "quotes: snapshots says 7", quotes=7),
    _b("forwards_lead_on", "forwarded_ids", 0, "no row", new_id="P8"),
    _b("forwards_lead_on", "forwarded_ids", 0, "still a row", old_id="P2"),
]
VIEWS = [
    _b("views_selectable", "views", 0, "no such column", error="no such column"),
    _b("views_selectable", "views", 0, "not in the file", view_name="another"),
    Break("views_repeat_nothing", "sample_view", 0, {}, "1 of 3 rows", again=True),
    _b("views_plausible", "sample_view", 0, "at least 0", events=-1),
    _b("views_plausible", "sample_view", 0, "at most 10", mean_intensity=11.0),
    _b("views_plausible", "sample_view", 0, "at most 1", duplicate_share=1.5),
    _b("views_plausible", "sample_view", 0, "at least 1800", month=pd.Timestamp("1700-01-01")),
    _b("views_plausible", "sample_view", 0, "holds SPA", country="SPA"),
    _b("views_plausible", "sample_view", 0, "holds FRG", countries=["FRG", "ESP"]),
]
WRITTEN_OUT = {"articles": ARTICLES, "mentions": MENTIONS, "candidate": [*RESOLUTION, *CANDIDATE], "views": VIEWS}
_WRONG_KIND = {"VARCHAR": 7, "INTEGER": "seven", "DOUBLE": "seven", "TIMESTAMP": "today", "DATE": 7, "VARCHAR[]": "x"}


def breaks_of(rule: Rule) -> Iterator[Break]:
    """Every way to break a rule that is known here."""
    for known in WRITTEN_OUT.get(rule.step, RESOLUTION):
        if known.rule == rule.name:
            yield known
    family = rule.name.removeprefix(f"{rule.table}_")
    if rule.table in schema.TABLES:
        yield from _derived(rule, family)


def _derived(rule: Rule, family: str) -> Iterator[Break]:
    described = schema.table(rule.table).columns
    given = good_frames(rule.step)[rule.table].columns
    for column in (c for c in described if c.name in given):
        if family == "types":
            yield Break(rule.name, rule.table, 0, {column.name: _WRONG_KIND[column.type]}, f"{column.name} holds")
        elif family == "complete" and not column.nullable:
            yield Break(rule.name, rule.table, 0, {column.name: None}, f"{column.name} missing")
    if family == "unique" and rule.table != "articles":
        yield Break(rule.name, rule.table, 0, {}, "same key", again=True)
    elif family == "references":
        for reference in REFERENCES[rule.table]:
            says = f"{reference.column} “nobody” names no row of {reference.target}"
            yield Break(rule.name, rule.table, 0, {reference.column: "nobody"}, says)
    elif family == "codes" and rule.table != "fetch_log":
        for state in rule.states:
            column_name = state.columns[0]
            if column_name == "unknown_countries":
                yield Break(rule.name, rule.table, 0, {"countries": ["XXX"]}, "countries holds XXX")
            else:
                value: Any = 9 if column_name == "quad_class" else "nonsense"
                yield Break(rule.name, rule.table, 0, {column_name: value}, f"{column_name} is")


BREAKS: dict[tuple[str, str], list[Break]] = {(rule.step, rule.name): list(breaks_of(rule)) for rule in RULES}
"""The breaks of every rule, by step and name."""
