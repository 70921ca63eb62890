"""From the key of an event inside an article to the id of the real event."""

import datetime as dt

import pandas as pd

from resolution.resolve import resolve
from warehouse import schema, working

NOW = dt.datetime(2026, 3, 3)


def frame(names, *rows):
    return pd.DataFrame([{name: row.get(name) for name in names} for row in rows], columns=list(names), dtype=object)


def test_a_quote_names_the_real_event_or_none():
    text = "They met. “Good,” she said after the talks. “Fine,” she said."
    articles = frame(
        schema.table("articles").names,
        {"article_id": "a", "text": text, "published_at": NOW, "fetched_at": NOW, "outlet": "O"},
    )
    facts = {table.name: frame(table.names) for table in working.FACTS}
    facts["fact_events"] = frame(
        facts["fact_events"].columns,
        {
            "article_id": "a",
            "key": "e1",
            "event_type": "CONSULT",
            "status": "held",
            "date_precision": "unknown",
            "date_basis": "unknown",
            "countries": [],
        },
    )
    facts["fact_event_mentions"] = frame(
        facts["fact_event_mentions"].columns,
        {
            "article_id": "a",
            "event_key": "e1",
            "trigger": "met",
            "char_start": 5,
            "char_end": 8,
            "sentence_start": 0,
            "sentence_end": 9,
        },
    )
    facts["fact_quotes"] = frame(
        facts["fact_quotes"].columns,
        {"article_id": "a", "key": "q1", "text": "Good", "kind": "direct", "char_start": 11, "event_key": "e1"},
        {"article_id": "a", "key": "q2", "text": "Fine", "kind": "direct", "char_start": 45, "event_key": "e9"},
    )
    tables = resolve(articles, facts, frame(("entity", "key", "id", "registered_at")), NOW).tables
    (event_id,) = tables["events"]["event_id"]
    assert list(tables["quotes"]["event_id"]) == [event_id, None]
