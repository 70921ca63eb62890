"""Extraction's records to the rows of the ``fact_*`` tables.

What belongs here: which field of which record is which column.
What does not: how columns are typed (``warehouse.frames``) and what the records mean (``extraction.facts``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from extraction.facts import ArticleFacts
from warehouse.working import FACTS

Rows = dict[str, list[dict[str, Any]]]


def fact_frames(facts: Iterable[tuple[str, ArticleFacts]]) -> dict[str, pd.DataFrame]:
    """Every ``fact_*`` table from (article id, facts) pairs, as found: rules see the values before they are typed."""
    rows: Rows = {table.name: [] for table in FACTS}
    for article_id, article in facts:
        for name, table in _rows(article).items():
            rows[name] += ({"article_id": article_id, **row} for row in table)
    return {table.name: pd.DataFrame(rows[table.name], columns=table.names) for table in FACTS}


def _rows(facts: ArticleFacts) -> Mapping[str, list[dict[str, Any]]]:
    return {
        "fact_participants": [
            {"key": p.key, "name": p.name, "kind": p.kind, "role": p.role, "country": p.country}
            for p in facts.participants
        ],
        "fact_mentions": [
            {"key": p.key, "text": m.text, "char_start": m.start, "char_end": m.end, "role": m.role}
            for p in facts.participants
            for m in p.mentions
        ],
        "fact_events": [
            {
                "key": e.key,
                "event_type": e.type,
                "mode": e.mode,
                "status": e.status,
                "event_date": e.when.date,
                "date_precision": e.when.precision,
                "date_basis": e.when.basis,
                "place": e.where.place,
                "country": e.where.country,
                "countries": list(e.countries),
            }
            for e in facts.events
        ],
        "fact_event_participants": [
            {"event_key": e.key, "participant_key": key, "side": side}
            for e in facts.events
            for key, side in e.participants
        ],
        "fact_event_mentions": [
            {
                "event_key": e.key,
                "trigger": m.trigger,
                "char_start": m.start,
                "char_end": m.end,
                "sentence_start": m.sentence_start,
                "sentence_end": m.sentence_end,
            }
            for e in facts.events
            for m in e.mentions
        ],
        "fact_quotes": [
            {
                "key": q.key,
                "text": q.text,
                "kind": q.kind,
                "char_start": q.start,
                "char_end": q.end,
                "continuation_start": q.continuation[0] if q.continuation else None,
                "continuation_end": q.continuation[1] if q.continuation else None,
                "speaker_key": q.speaker,
                "speaker_text": q.speaker_text,
                "speaker_start": q.speaker_start,
                "speaker_end": q.speaker_end,
                "cue": q.cue,
                "event_key": q.event,
            }
            for q in facts.quotes
        ],
        "fact_agreements": [
            {
                "key": a.key,
                "title": a.title,
                "instrument": a.instrument,
                "status": a.status,
                "subject": a.subject,
                "agreed_on": a.when.date,
                "date_precision": a.when.precision,
                "date_basis": a.when.basis,
                "place": a.where.place,
                "country": a.where.country,
                "countries": list(a.countries),
                "event_key": a.event,
            }
            for a in facts.agreements
        ],
        "fact_agreement_parties": [
            {"agreement_key": a.key, "participant_key": p.participant, "country": p.country, "role": p.role}
            for a in facts.agreements
            for p in a.parties
        ],
        "fact_agreement_mentions": [
            {"agreement_key": a.key, "title": m.title, "char_start": m.start, "char_end": m.end, "status": m.status}
            for a in facts.agreements
            for m in a.mentions
        ],
    }
