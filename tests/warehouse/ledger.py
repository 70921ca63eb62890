"""A small hand-built world: frames of any table with defaults filled in, and rows whose answers are known.

Three articles of two outlets tell of one visit; the second is a copy of the first.
"""

import datetime as dt

import pandas as pd

from warehouse import schema
from warehouse.columns import Column

DAY = dt.date(2031, 3, 4)
NOON = dt.datetime(2031, 3, 4, 12)

_DEFAULTS = {
    "VARCHAR": "x",
    "INTEGER": 0,
    "BIGINT": 0,
    "DOUBLE": 0.5,
    "BOOLEAN": True,
    "DATE": DAY,
    "TIMESTAMP": NOON,
    "JSON": "{}",
    "VARCHAR[]": [],
    "UBIGINT[]": [1],
}


def _default(column: Column):
    if column.nullable:
        return None
    return column.codes[0] if column.codes and column.type == "VARCHAR" else _DEFAULTS[column.type]


def rows(table: str, *records: dict) -> pd.DataFrame:
    """A frame of the table: each record with what it leaves out filled in."""
    described = schema.table(table)
    for record in records:
        assert set(record) <= set(described.names), record
    return pd.DataFrame(
        {c.name: pd.Series([r.get(c.name, _default(c)) for r in records], dtype=object) for c in described.columns}
    )


TEXT = (
    "Astrid Lunde received Tomás Riquelme in Oslo on Monday. “Chile is a friend,” Lunde said, “and Tomás Riquelme "
    "knows it.” They signed a fisheries protocol."
)
LATER = "Norway's parliament ratified the fisheries protocol. Officials said that Astrid Lunde was pleased."


def span(text: str, words: str, prefix: str = "char") -> dict:
    start = text.index(words)
    return {f"{prefix}_start": start, f"{prefix}_end": start + len(words)}


def world() -> dict[str, pd.DataFrame]:
    """Every published table that the views read, the logs apart."""
    first = dt.datetime(2031, 3, 3, 9)
    later = dt.datetime(2031, 4, 20, 9)
    article = {"source_id": "feeds", "language": "en", "fetched_at": NOON}
    lunde = {"participant_id": "p-lunde", "text": "Astrid Lunde"}
    mention = {"text": "Tomás Riquelme", "participant_id": "p-riquelme"}
    told = {"event_id": "e-visit", "trigger": "received", **span(TEXT, "received")}
    quote = {
        "text": "Chile is a friend,",
        "kind": "direct",
        **span(TEXT, "Chile is a friend,"),
        **span(TEXT, "and Tomás Riquelme knows it.", "continuation"),
        "speaker_id": "p-lunde",
        "speaker_text": "Lunde",
        "cue": "said",
        "event_id": "e-visit",
    }
    protocol = {"agreement_id": "g-fish", "title": "fisheries protocol"}
    return {
        "articles": rows(
            "articles",
            {
                **article,
                "article_id": "a1",
                "outlet": "Fjord Post",
                "title": "Visit",
                "url": "https://fjord.example/1",
                "published_at": first,
                "text": TEXT,
                "word_count": 23,
            },
            {
                **article,
                "article_id": "a2",
                "outlet": "Copy Wire",
                "title": "Visit",
                "url": "https://copy.example/1",
                "published_at": first,
                "text": TEXT,
                "word_count": 23,
                "duplicate_of": "a1",
            },
            {
                **article,
                "article_id": "a3",
                "outlet": "Andes Daily",
                "title": "Ratified",
                "url": "https://andes.example/1",
                "published_at": later,
                "text": LATER,
                "word_count": 14,
            },
        ),
        "participants": rows(
            "participants",
            {
                "participant_id": "p-lunde",
                "name": "Astrid Lunde",
                "kind": "person",
                "role": "Foreign Minister",
                "country": "NOR",
                "aliases": ["Astrid Lunde", "Lunde"],
            },
            {
                "participant_id": "p-riquelme",
                "name": "Tomás Riquelme",
                "kind": "person",
                "country": "CHL",
                "role": "Foreign Minister",
                "aliases": ["Tomás Riquelme"],
            },
            {"participant_id": "p-norway", "name": "Norway", "kind": "state", "country": "NOR", "aliases": ["Norway"]},
            {"participant_id": "p-chile", "name": "Chile", "kind": "state", "country": "CHL", "aliases": ["Chile"]},
        ),
        "participant_mentions": rows(
            "participant_mentions",
            *({"article_id": a, **lunde, **span(TEXT, "Astrid Lunde")} for a in ("a1", "a2")),
            {"article_id": "a3", **lunde, **span(LATER, "Astrid Lunde")},
            *({"article_id": a, **mention, **span(TEXT, "Tomás Riquelme")} for a in ("a1", "a2")),
            *(
                {
                    "article_id": a,
                    **mention,
                    "char_start": TEXT.rindex("Tomás"),
                    "char_end": TEXT.rindex("Tomás") + len("Tomás Riquelme"),
                }
                for a in ("a1", "a2")
            ),
            *(
                {"article_id": a, "participant_id": "p-chile", "text": "Chile", **span(TEXT, "Chile")}
                for a in ("a1", "a2")
            ),
            {"article_id": "a3", "participant_id": "p-norway", "text": "Norway", **span(LATER, "Norway")},
        ),
        "events": rows(
            "events",
            {
                "event_id": "e-visit",
                "event_type": "CONSULT",
                "mode": "visit",
                "quad_class": 1,
                "intensity": 4.0,
                "event_date": dt.date(2031, 3, 3),
                "date_precision": "day",
                "date_basis": "resolved",
                "place": "Oslo",
                "country": "NOR",
                "countries": ["CHL", "NOR"],
                "summary": TEXT[:55],
                "article_count": 1,
                "outlet_count": 1,
                "first_reported": first,
            },
            {
                "event_id": "e-ban",
                "event_type": "SANCTION",
                "quad_class": 4,
                "intensity": -6.0,
                "event_date": dt.date(2031, 3, 20),
                "date_precision": "month",
                "date_basis": "published",
                "countries": ["CHL", "NOR"],
                "summary": "Chile closed its ports to Norway.",
                "article_count": 2,
            },
            {
                "event_id": "e-summit",
                "event_type": "CONSULT",
                "mode": "multilateral",
                "quad_class": 1,
                "intensity": 4.0,
                "event_date": dt.date(2031, 1, 1),
                "date_precision": "year",
                "date_basis": "stated",
                "countries": ["CHL", "NOR", "PER"],
                "summary": "The three met this year.",
                "article_count": 1,
            },
            {
                "event_id": "e-off",
                "event_type": "CONSULT",
                "quad_class": 1,
                "intensity": 2.5,
                "status": "cancelled",
                "event_date": dt.date(2031, 3, 9),
                "date_precision": "day",
                "date_basis": "stated",
                "countries": ["CHL", "NOR"],
                "summary": "The second round was called off.",
                "article_count": 1,
            },
        ),
        "event_participants": rows(
            "event_participants",
            {"event_id": "e-visit", "participant_id": "p-lunde", "side": "both"},
            {"event_id": "e-visit", "participant_id": "p-riquelme", "side": "both"},
            {"event_id": "e-ban", "participant_id": "p-chile", "side": "actor"},
            {"event_id": "e-ban", "participant_id": "p-norway", "side": "recipient"},
            {"event_id": "e-off", "participant_id": "p-lunde", "side": "both"},
        ),
        "event_mentions": rows("event_mentions", *({**told, "article_id": a} for a in ("a1", "a2"))),
        "quotes": rows(
            "quotes",
            {**quote, "quote_id": "q1", "article_id": "a1"},
            {**quote, "quote_id": "q2", "article_id": "a2", "same_as": "q1"},
            {
                "quote_id": "q3",
                "article_id": "a3",
                "text": "Astrid Lunde was pleased",
                "kind": "indirect",
                **span(LATER, "Astrid Lunde was pleased"),
                "speaker_text": "Officials",
                "cue": "said",
            },
        ),
        "agreements": rows(
            "agreements",
            {
                **protocol,
                "instrument": "protocol",
                "status": "ratified",
                "agreed_on": dt.date(2031, 3, 3),
                "date_precision": "day",
                "date_basis": "resolved",
                "place": "Oslo",
                "country": "NOR",
                "countries": ["CHL", "NOR"],
                "event_id": "e-visit",
                "article_count": 2,
            },
        ),
        "agreement_parties": rows(
            "agreement_parties",
            {"agreement_id": "g-fish", "country": "NOR", "role": "party"},
            {"agreement_id": "g-fish", "country": "CHL", "role": "party"},
            {"agreement_id": "g-fish", "participant_id": "p-lunde", "country": "NOR", "role": "signatory"},
        ),
        "agreement_mentions": rows(
            "agreement_mentions",
            *(
                {**protocol, "article_id": a, "status": "signed", **span(TEXT, "fisheries protocol")}
                for a in ("a1", "a2")
            ),
            {**protocol, "article_id": "a3", "status": "ratified", **span(LATER, "fisheries protocol")},
        ),
    }
