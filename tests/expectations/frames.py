"""Small hand-built frames of every step, in which every rule holds."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pandas as pd

from expectations.structure import OTHER_FRAMES, RESOLVED
from warehouse import schema
from warehouse.views import load_views

Frames = dict[str, pd.DataFrame]

FIRST = (
    "Oslo hosted the talks on Tuesday. Foreign Minister Ana Ruiz of Spain met Leo Berg. "
    "“We will sign the fishery pact,” she said, “before the summer.”"
)
SECOND = "Ana Ruiz met Leo Berg in Oslo. A fishery pact is being prepared."
# The same text under another address: a copy of the second.
TEXTS = {"a1": FIRST, "a2": SECOND, "a3": SECOND}
PUBLISHED = {
    "a1": dt.datetime(2024, 5, 7, 9),
    "a2": dt.datetime(2024, 5, 8, 6),
    "a3": dt.datetime(2024, 5, 8, 12),
}
FETCHED = dt.datetime(2024, 5, 9, 2)
TALKS = dt.date(2024, 5, 7)


def span(article: str, words: str) -> tuple[int, int]:
    start = TEXTS[article].index(words)
    return start, start + len(words)


def table(name: str, *rows: tuple[Any, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(schema.table(name).names))


def article_rows() -> pd.DataFrame:
    """The article frame of a day."""
    rows = [
        (
            a, f"https://news.example/{a}", f"https://news.example/{a}", "wire", "The Wire", f"Title {a}", None,
            PUBLISHED[a], FETCHED, "en", text, len(text.split()), hashlib.sha256(text.encode()).hexdigest(),
        )
        for a, text in TEXTS.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(schema.table("article_versions").names[:-1]))


def articles() -> pd.DataFrame:
    """The articles table, the third a copy of the second."""
    return article_rows().assign(version=1, duplicate_of=[None, None, "a2"])


def articles_step() -> Frames:
    log = pd.DataFrame({"source_id": "wire", "url": [f"https://news.example/{a}" for a in TEXTS], "status": "article"})
    sources = pd.DataFrame(
        [
            ("wire", 1, 10, "a small agency", 3, "ok", 4.0, 14, 1.2, 0, 8, None),
            ("quiet", None, None, None, 0, "new", None, 0, None, 0, None, None),
            ("asleep", 1, *[None] * 10),  # it was not tried on this day
        ],
        columns=list(OTHER_FRAMES["sources"]),
    )
    page = ("wire", "https://news.example/a1", None, None, None, None)  # one that was read
    unread = pd.DataFrame([page], columns=list(OTHER_FRAMES["unread"]), dtype=object)
    return {"articles": article_rows(), "fetch_log": log, "sources": sources, "unread": unread}


def mentions_step() -> Frames:
    people = [
        (a, key, name, "person", role, country)
        for a in TEXTS
        for key, name, role, country in (("p1", "Ana Ruiz", "Foreign Minister", "ESP"), ("p2", "Leo Berg", None, "NOR"))
    ]
    mentions = [(a, k, n, *span(a, n), None) for a in TEXTS for k, n in (("p1", "Ana Ruiz"), ("p2", "Leo Berg"))]
    events = [
        ("a1", "e1", "CONSULT", "visit", "held", TALKS, "day", "resolved", "Oslo", "NOR", ["ESP", "NOR"]),
        ("a2", "e1", "CONSULT", None, "held", dt.date(2024, 5, 8), "day", "published", "Oslo", "NOR", ["ESP", "NOR"]),
        ("a3", "e1", "CONSULT", None, "held", None, "unknown", "unknown", None, None, []),
    ]
    event_mentions = [
        ("a1", "e1", "talks", *span("a1", "talks"), *span("a1", "Oslo hosted the talks on Tuesday.")),
        *((a, "e1", "met", *span(a, "met"), *span(a, "Ana Ruiz met Leo Berg in Oslo.")) for a in ("a2", "a3")),
    ]
    begin, end = span("a1", "We will sign the fishery pact,")
    quotes = [
        (
            "a1", "q1", "We will sign the fishery pact,", "direct", begin, end, *span("a1", "before the summer."),
            "p1", "she", *span("a1", "she"), "said", "e1",
        ),
    ]  # fmt: skip
    pacts = [
        ("a1", "g1", "fishery pact", "agreement", "proposed", "fishery", TALKS, "day", "resolved", None, None,
         ["ESP", "NOR"], "e1"),
        ("a2", "g1", "fishery pact", "agreement", "under-negotiation", None, dt.date(2024, 5, 8), "day", "published",
         None, None, ["ESP"], None),
    ]  # fmt: skip
    parties = [
        ("a1", "g1", "p1", "ESP", "party"),
        ("a1", "g1", None, "NOR", "party"),
        ("a2", "g1", "p2", None, "party"),
    ]
    return {
        "articles": article_rows(),
        "extractions": pd.DataFrame({"article_id": list(TEXTS), "error": None}),
        "fact_participants": table("fact_participants", *people),
        "fact_mentions": table("fact_mentions", *mentions),
        "fact_events": table("fact_events", *events),
        "fact_event_participants": table(
            "fact_event_participants", *((a, "e1", p, "both") for a in TEXTS for p in ("p1", "p2"))
        ),
        "fact_event_mentions": table("fact_event_mentions", *event_mentions),
        "fact_quotes": table("fact_quotes", *quotes),
        "fact_agreements": table("fact_agreements", *pacts),
        "fact_agreement_parties": table("fact_agreement_parties", *parties),
        "fact_agreement_mentions": table(
            "fact_agreement_mentions",
            ("a1", "g1", "fishery pact", *span("a1", "fishery pact"), "proposed"),
            ("a2", "g1", "fishery pact", *span("a2", "fishery pact"), "under-negotiation"),
        ),
    }


def resolved() -> Frames:
    """The resolved tables and their articles."""
    facts = mentions_step()
    ids = {"p1": "P1", "p2": "P2"}
    mentions = facts["fact_mentions"].assign(participant_id=facts["fact_mentions"]["key"].map(ids))
    sentence = "Oslo hosted the talks on Tuesday."
    event_mentions = facts["fact_event_mentions"].assign(event_id="E1")
    pact_mentions = facts["fact_agreement_mentions"].assign(agreement_id="G1")
    quote = facts["fact_quotes"].iloc[0]
    told = [quote[c] for c in schema.table("quotes").names[2:8]]
    said = [quote[c] for c in ("speaker_text", "speaker_start", "speaker_end", "cue")]
    again = ("is being prepared", "indirect", *span("a2", "is being prepared"), None, None, "P1")
    return {
        "articles": articles(),
        "participants": table(
            "participants",
            ("P1", "Ana Ruiz", "person", "Foreign Minister", "ESP", ["Ana Ruiz"], TALKS, dt.date(2024, 5, 8)),
            ("P2", "Leo Berg", "person", None, "NOR", ["Berg", "Leo Berg"], TALKS, TALKS),
        ),
        "participant_mentions": mentions[list(schema.table("participant_mentions").names)],
        "events": table(
            "events",
            (
                "E1", "CONSULT", "visit", 1, 4.0, "held", TALKS, "day", "resolved", "Oslo", "NOR", ["ESP", "NOR"],
                sentence, 2, 1, PUBLISHED["a1"],
            ),
        ),
        "event_participants": table("event_participants", ("E1", "P1", "both"), ("E1", "P2", "both")),
        "event_mentions": event_mentions[list(schema.table("event_mentions").names)],
        "quotes": table(
            "quotes",
            ("Q1", "a1", *told, "P1", *said, "E1", None),
            ("Q2", "a2", *again, None, None, None, None, None, "Q1"),
        ),
        "agreements": table(
            "agreements",
            (
                "G1", "fishery pact", "agreement", "proposed", "fishery", dt.date(2024, 5, 1), "month", "stated",
                "Oslo", None, ["ESP", "NOR"], "E1", 2,
            ),
        ),
        "agreement_parties": table("agreement_parties", ("G1", "P1", "ESP", "party"), ("G1", None, "NOR", "party")),
        "agreement_mentions": pact_mentions[list(schema.table("agreement_mentions").names)],
    }  # fmt: skip


def candidate_step() -> Frames:
    frames = resolved()
    names = ("articles", "events", "participants", "quotes", "agreements")
    rows = [(name, len(frames[name]), len(frames[name]), None) for name in ("articles", *RESOLVED)]
    frames["counts"] = pd.DataFrame(rows, columns=["table_name", "working_rows", "candidate_rows", "previous_rows"])
    frames["counts"].loc[0, "previous_rows"] = 3
    old = ("s1", "r1", FETCHED, "1", "1", 1, 0, 0, 0, 0)
    new = ("s2", "r2", FETCHED, "1", "1", *(len(frames[name]) for name in names))
    frames["snapshots"] = table("snapshots", new, old)
    frames["forwarded_ids"] = table("forwarded_ids", ("participant", "P9", "P1", FETCHED))
    return frames


def views_step() -> Frames:
    views = load_views()
    frames = {view.name: pd.DataFrame(columns=list(view.columns), dtype=object) for view in views}
    frames["views"] = pd.DataFrame([(view.name, None) for view in views], columns=["view_name", "error"])
    frames["sample_view"] = pd.DataFrame(
        {
            "country": ["ESP", None],
            "events": [3, 0],
            "mean_intensity": [-2.5, 4.0],
            "duplicate_share": [0.0, 1.0],
            "month": pd.to_datetime(["2024-05-01", "2024-06-01"]),
            "countries": [["ESP"], []],
        }
    )
    frames["views"].loc[len(views)] = ["sample_view", None]
    return frames


def good_frames(step: str) -> Frames:
    """Frames of a step in which every rule holds."""
    if step == "articles":
        return articles_step()
    if step == "mentions":
        return mentions_step()
    if step == "candidate":
        return candidate_step()
    return views_step() if step == "views" else resolved()
