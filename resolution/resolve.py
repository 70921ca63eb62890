"""The one door to resolution: the facts of all articles in, the published tables out.

What belongs here: the order of the steps and the making of rows from clusters.
What does not: the rules by which records are one (``participants``, ``events``, ``agreements``, ``quotes``).

The same facts and the same registry always give the same rows, in whatever order the days were loaded.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from extraction import plover
from resolution import agreements as agreement_keys
from resolution import events as event_keys
from resolution import participants as participant_keys
from resolution import quotes as quote_keys
from resolution.identity import Assignment, Forward, Identity, assign, leading
from resolution.rows import records

Frames = dict[str, pd.DataFrame]

_BASIS_ORDER = {"stated": 0, "resolved": 1, "published": 2, "unknown": 3}
_PRECISION_ORDER = {"day": 0, "month": 1, "year": 2, "unknown": 3}
# The life of an instrument, for two reports of one day.
_STATUS_ORDER = [
    "proposed", "under-negotiation", "agreed", "signed", "ratified", "in-force", "amended", "extended", "suspended",
    "terminated",
]  # fmt: skip


_MAKING = ("signed", "agreed")  # reports of these tell when an instrument was made; others when something befell it


@dataclass(frozen=True, slots=True)
class _Reported:
    """An article's report of an event, as far as the event's row is made of it."""

    event_id: str
    article_id: str
    story: str
    event_type: str
    mode: str | None
    status: str
    event_date: dt.date | None
    date_precision: str
    date_basis: str
    place: str | None
    country: str | None
    countries: tuple[str, ...]
    sentence_start: int
    sentence_end: int


@dataclass(frozen=True, slots=True)
class Resolved:
    """The resolved tables by name, the registry of ids afterwards and the forwards that are new."""

    tables: Frames
    identities: pd.DataFrame
    forwards: pd.DataFrame


def resolve(
    articles: pd.DataFrame,
    facts: Mapping[str, pd.DataFrame],
    identities: pd.DataFrame,
    now: dt.datetime,
    retired: pd.DataFrame | None = None,
) -> Resolved:
    """Join the facts of all articles.

    ``articles``: the articles table (``duplicate_of`` included).  ``facts``: the ``fact_*`` tables by name.
    ``identities``: the registry so far, ``retired``: all forwards so far.  ``now``: stamped on new ids and forwards
    (naive UTC).
    """
    known = records(identities, Identity)
    gone = [] if retired is None else records(retired, Forward)
    order = _article_order(articles)
    participants = _sorted(facts["fact_participants"], order)
    clusters, keys = participant_keys.cluster(records(participants, participant_keys.Use))
    people = assign("participant", clusters, known, now, gone)
    participants["participant_id"] = _ids(clusters, keys, people)
    pid = _lookup(participants, "participant_id")

    mentions = _sorted(facts["fact_mentions"], order)
    mentions["participant_id"] = _map(mentions, "key", pid)
    tables: Frames = {
        "participants": participant_keys.describe(participants, mentions),
        "participant_mentions": _columns(mentions, "article_id participant_id text char_start char_end role"),
    }

    homes = dict(zip(tables["participants"]["participant_id"], tables["participants"]["country"], strict=True))
    events = _events(facts, order, pid, homes)
    clusters, keys = event_keys.cluster(records(events, event_keys.Report))
    happened = assign("event", clusters, known, now, gone)
    events["event_id"] = _ids(clusters, keys, happened)
    eid = _lookup(events, "event_id")
    tables |= _event_tables(events, facts, order, pid, eid, articles)

    quotes = _sorted(facts["fact_quotes"], order)
    quotes["speaker_id"] = _map(quotes, "speaker_key", pid)
    quotes["event_id"] = _map(quotes, "event_key", eid)
    quotes["quote_id"] = quote_keys.quote_ids(quotes["article_id"], quotes["text"])
    quotes["same_as"] = pd.Series(
        quote_keys.same_as(records(quotes, quote_keys.Said)), index=quotes.index, dtype=object
    )
    tables["quotes"] = _columns(
        quotes,
        "quote_id article_id text kind char_start char_end continuation_start continuation_end speaker_id speaker_text "
        "speaker_start speaker_end cue event_id same_as",
    )

    pacts = _agreements(facts, order, pid)
    clusters, keys = agreement_keys.cluster(records(pacts, agreement_keys.Report))
    made = assign("agreement", clusters, known, now, gone)
    pacts["agreement_id"] = _ids(clusters, keys, made)
    tables |= _agreement_tables(pacts, facts, order, pid, eid)

    assignments = (people, happened, made)
    return Resolved(
        {name: frame.reset_index(drop=True) for name, frame in tables.items()},
        _frame([i for a in assignments for i in a.identities], "entity key id registered_at"),
        _frame([f for a in assignments for f in a.forwards], "entity old_id new_id forwarded_at"),
    )


def forwarded(register: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The table ``forwarded_ids``: of all forwards ever made, those that lead to a row of tonight's ``tables``."""
    living = {entity: set(tables[f"{entity}s"][f"{entity}_id"]) for entity in ("participant", "event", "agreement")}
    return _frame(leading(records(register, Forward), living), "entity old_id new_id forwarded_at")


# articles, keys and ids -------------------------------------------------------------------------------------


def _article_order(articles: pd.DataFrame) -> pd.DataFrame:
    """Per article ``seen`` (published, else fetched), ``rank`` in time, ``story`` (itself or its original), outlet."""
    frame = pd.DataFrame(
        {
            "article_id": articles["article_id"],
            "seen": pd.to_datetime(articles["published_at"]).fillna(pd.to_datetime(articles["fetched_at"])),
            "story": articles["duplicate_of"].where(articles["duplicate_of"].notna(), articles["article_id"]),
            "outlet": articles["outlet"].where(articles["outlet"].notna(), articles["source_id"]),
        }
    )
    frame = frame.sort_values(["seen", "article_id"], kind="stable").reset_index(drop=True)
    frame["rank"] = frame.index
    return frame


def _sorted(frame: pd.DataFrame, order: pd.DataFrame) -> pd.DataFrame:
    """The frame with the articles' columns, in the order in which the articles appeared."""
    out = frame.merge(order, on="article_id", how="inner")
    # char_start orders an article's facts as they are written, whatever order the rows were stored in.
    by = ["rank", *(c for c in ("char_start", "key", "event_key", "agreement_key", "participant_key") if c in out)]
    return out.sort_values(by, key=_natural, kind="stable").reset_index(drop=True)


def _natural(column: pd.Series) -> pd.Series:
    """Keys such as ``p10`` after ``p9``."""
    if column.dtype != object:
        return column
    return column.map(lambda v: f"{v[:1]}{v[1:]:0>8}" if isinstance(v, str) else "")


def _ids(clusters: list[list[str]], keys: list[str], assignment: Assignment) -> list[str]:
    of_key = {key: id_ for members, id_ in zip(clusters, assignment.ids, strict=True) for key in members}
    return [of_key[k] for k in keys]


def _lookup(frame: pd.DataFrame, column: str) -> dict[tuple[str, str], str]:
    return dict(zip(zip(frame["article_id"], frame["key"], strict=True), frame[column], strict=True))


def _map(frame: pd.DataFrame, key: str, ids: Mapping[tuple[str, str], str]) -> pd.Series:
    values = [ids.get((a, k)) for a, k in zip(frame["article_id"], frame[key], strict=True)]
    return pd.Series(values, index=frame.index, dtype=object)


def _columns(frame: pd.DataFrame, names: str) -> pd.DataFrame:
    return frame[names.split()].copy()


def _frame(rows: list[Any], names: str) -> pd.DataFrame:
    columns = names.split()
    return pd.DataFrame([[getattr(r, c) for c in columns] for r in rows], columns=columns)


def _commonest(values: Iterable[Any]) -> Any:
    """The most frequent value that is not None, the earliest of equals; None when there is none."""
    counts = Counter(v for v in values if v is not None)
    return counts.most_common(1)[0][0] if counts else None


def _common(values: pd.Series) -> Any:
    return _commonest(values.dropna())


def _best_date(group: pd.DataFrame, column: str) -> tuple[Any, str, str]:
    """Date, precision and basis of the record that knows most."""
    rank = [
        (_PRECISION_ORDER[p], _BASIS_ORDER[b])
        for p, b in zip(group["date_precision"], group["date_basis"], strict=True)
    ]
    best = group.iloc[rank.index(min(rank))]
    date = None if pd.isna(best[column]) else best[column]
    return date, best["date_precision"], best["date_basis"]


# events -----------------------------------------------------------------------------------------------------


def _events(
    facts: Mapping[str, pd.DataFrame],
    order: pd.DataFrame,
    pid: Mapping[tuple[str, str], str],
    homes: Mapping[str, str | None],
) -> pd.DataFrame:
    """Reports with their first mention, their participants' ids, and the states of those, known from any article."""
    first = _sorted(facts["fact_event_mentions"], order).drop_duplicates(["article_id", "event_key"])
    first = first.rename(columns={"event_key": "key"})[
        ["article_id", "key", "trigger", "char_start", "sentence_start", "sentence_end"]
    ]
    sides = facts["fact_event_participants"].copy()
    sides["participant_id"] = _map(sides, "participant_key", pid)
    taking_part = (
        sides.dropna(subset=["participant_id"]).groupby(["article_id", "event_key"])["participant_id"].agg(frozenset)
    )
    events = _sorted(facts["fact_events"].merge(first, on=["article_id", "key"], how="inner"), order)
    events["participants"] = [
        taking_part.get((a, k), frozenset()) for a, k in zip(events["article_id"], events["key"], strict=True)
    ]
    events["countries"] = [
        tuple(sorted({*told, *(home for p in taking if isinstance(home := homes.get(p), str))}))
        for told, taking in zip(events["countries"], events["participants"], strict=True)
    ]
    return events


def _event_tables(
    events: pd.DataFrame,
    facts: Mapping[str, pd.DataFrame],
    order: pd.DataFrame,
    pid: Mapping[tuple[str, str], str],
    eid: Mapping[tuple[str, str], str],
    articles: pd.DataFrame,
) -> Frames:
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    published = {a: p for a, p in zip(articles["article_id"], articles["published_at"], strict=True) if not pd.isna(p)}
    outlets = dict(zip(order["article_id"], order["outlet"], strict=True))
    reports: dict[str, list[_Reported]] = defaultdict(list)
    for record in records(events, _Reported):
        reports[record.event_id].append(record)
    rows = []
    for event_id, group in sorted(reports.items()):
        clearest = next((r for r in group if r.article_id == r.story), group[0])
        mode = _commonest(r.mode for r in group)
        best = min(group, key=lambda r: (_PRECISION_ORDER[r.date_precision], _BASIS_ORDER[r.date_basis]))
        stories = {r.story for r in group}
        rows.append(
            {
                "event_id": event_id,
                "event_type": clearest.event_type,
                "mode": mode,
                "quad_class": plover.quad_class(clearest.event_type),
                "intensity": plover.intensity(clearest.event_type, mode),
                "status": clearest.status,
                "event_date": best.event_date,
                "date_precision": best.date_precision,
                "date_basis": best.date_basis,
                "place": _commonest(r.place for r in group),
                "country": _commonest(r.country for r in group),
                "countries": sorted({c for r in group for c in r.countries}),
                "summary": texts[clearest.article_id][clearest.sentence_start : clearest.sentence_end],
                "article_count": len(stories),
                "outlet_count": len({outlets[s] for s in stories if s in outlets}),
                "first_reported": min(
                    (published[r.article_id] for r in group if r.article_id in published), default=None
                ),
            }
        )
    sides = _sorted(facts["fact_event_participants"], order)
    sides["event_id"] = _map(sides, "event_key", eid)
    sides["participant_id"] = _map(sides, "participant_key", pid)
    sides = sides.dropna(subset=["event_id", "participant_id"])
    merged = sides.groupby(["event_id", "participant_id"], sort=True)["side"].agg(
        lambda s: s.iloc[0] if s.nunique() == 1 else "both"
    )
    mentions = _sorted(facts["fact_event_mentions"], order)
    mentions["event_id"] = _map(mentions, "event_key", eid)
    columns = (
        "event_id event_type mode quad_class intensity status event_date date_precision date_basis place country "
        "countries summary article_count outlet_count first_reported"
    ).split()
    return {
        "events": pd.DataFrame(rows, columns=columns),
        "event_participants": merged.reset_index()[["event_id", "participant_id", "side"]],
        "event_mentions": _columns(
            mentions.dropna(subset=["event_id"]),
            "event_id article_id trigger char_start char_end sentence_start sentence_end",
        ),
    }


# agreements -------------------------------------------------------------------------------------------------


def _agreements(
    facts: Mapping[str, pd.DataFrame], order: pd.DataFrame, pid: Mapping[tuple[str, str], str]
) -> pd.DataFrame:
    agreements = _sorted(facts["fact_agreements"], order)
    parties = facts["fact_agreement_parties"]
    parties = parties[parties["role"] == "party"].copy()
    parties["who"] = parties["country"].where(parties["country"].notna(), _map(parties, "participant_key", pid))
    who = parties.dropna(subset=["who"]).groupby(["article_id", "agreement_key"])["who"].agg(frozenset)
    agreements["parties"] = [
        who.get((a, k), frozenset()) for a, k in zip(agreements["article_id"], agreements["key"], strict=True)
    ]
    return agreements


def _agreement_tables(
    agreements: pd.DataFrame,
    facts: Mapping[str, pd.DataFrame],
    order: pd.DataFrame,
    pid: Mapping[tuple[str, str], str],
    eid: Mapping[tuple[str, str], str],
) -> Frames:
    aid = _lookup(agreements, "agreement_id")
    agreements["event_id"] = _map(agreements, "event_key", eid)
    rows = []
    for agreement_id, group in agreements.groupby("agreement_id", sort=True):
        last_day = group[group["seen"].dt.date == group["seen"].max().date()]
        made = group[group["status"].isin(_MAKING) & group["agreed_on"].notna()]
        date, precision, basis = _best_date(made if len(made) else group, "agreed_on")
        rows.append(
            {
                "agreement_id": agreement_id,
                "title": max(group["title"], key=lambda t: (len(t), t)),
                "instrument": _instrument(group["instrument"]),
                "status": max(last_day["status"], key=_STATUS_ORDER.index),
                "subject": max(group["subject"].dropna(), key=len, default=None),
                "agreed_on": date,
                "date_precision": precision,
                "date_basis": basis,
                "place": _common(group["place"]),
                "country": _common(group["country"]),
                "countries": sorted({c for cs in group["countries"] for c in cs}),
                "event_id": _common(group["event_id"]),
                "article_count": group["story"].nunique(),
            }
        )
    parties = _sorted(facts["fact_agreement_parties"], order)
    parties["agreement_id"] = _map(parties, "agreement_key", aid)
    parties["participant_id"] = _map(parties, "participant_key", pid)
    parties = parties.dropna(subset=["agreement_id"]).dropna(subset=["participant_id", "country"], how="all")
    parties = parties.drop_duplicates(["agreement_id", "participant_id", "country", "role"])
    mentions = _sorted(facts["fact_agreement_mentions"], order)
    mentions["agreement_id"] = _map(mentions, "agreement_key", aid)
    columns = (
        "agreement_id title instrument status subject agreed_on date_precision date_basis place country countries "
        "event_id article_count"
    ).split()
    return {
        "agreements": pd.DataFrame(rows, columns=columns),
        "agreement_parties": _columns(parties, "agreement_id participant_id country role"),
        "agreement_mentions": _columns(
            mentions.dropna(subset=["agreement_id"]), "agreement_id article_id title char_start char_end status"
        ),
    }


def _instrument(values: pd.Series) -> str:
    """The most frequent instrument, a named kind before what newspapers call any instrument."""
    named = values[~values.isin(["agreement", "other"])]
    return str(_common(named) or _common(values))
