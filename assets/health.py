"""The sources of a run: the verdict on each, as the rules, Dagster and the ledger get it.

What belongs here: the catalogue and the reasons as tables, and what is told of the sources of a day.
What does not: the verdict itself (``warehouse/views/source_health.sql``) and what is promised (``expectations``).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from sources.catalog import Source
from sources.log import LogEntry, Reason, Status
from sources.urls import without_secrets
from warehouse.database import Connection
from warehouse.health import source_health

STATES = {
    "silent": "sources_silent",
    "far below its median": "sources_far_below_median",
    "frozen": "sources_frozen",
    "below its minimum": "sources_below_minimum",
    "above its maximum": "sources_above_maximum",
    "resting": "sources_resting",
    "new": "sources_new",
    "ok": "sources_ok",
}
"""The states of a source and the names under which they are counted; the worst come first."""

MAX_PLOTTED = 60
"""Sources whose deliveries Dagster plots each for itself; a page of more plots tells nobody anything."""

SHOWN = ["source_id", "state", "delivered", "median", "new", "rejected", "failed", "bytes", "seconds", "why"]


def tables(sources: Sequence[Source]) -> dict[str, pd.DataFrame]:
    """The tables ``sources`` and ``reasons``.  ``sources``: the whole catalogue, switched off entries too."""
    rows = [
        {
            "source_id": s.id,
            "kind": s.kind.value,
            "url": None if s.url is None else without_secrets(s.url),
            **{name: getattr(s, name) for name in ("outlet", "language", "licence", "reason", "enabled")},
            **{name: getattr(s, name) for name in ("min_articles", "max_articles")},
        }
        for s in sources
    ]
    names = "source_id kind url outlet language licence reason enabled min_articles max_articles".split()
    said = [(reason.value, reason.sentence) for reason in Reason]
    return {
        "sources": pd.DataFrame(rows, columns=names),
        "reasons": pd.DataFrame(said, columns=["reason", "sentence"]),
    }


def judged(
    con: Connection, day: dt.date, log: pd.DataFrame, catalogue: Mapping[str, pd.DataFrame], *, live: bool
) -> pd.DataFrame:
    """Every source of the day with its verdict: the columns of ``source_health``, the worst first.

    ``live``: the day is being fetched now, so an enabled source of which the log has nothing delivered nothing.  On a
    day replayed it was not tried: it was not yet in the catalogue, or switched off.
    """
    sources = catalogue["sources"]
    if live:
        absent = sources[sources["enabled"].astype(bool) & ~sources["source_id"].isin(log["source_id"])]
        nothing = pd.DataFrame(
            {
                "fetch_day": day,
                "source_id": absent["source_id"],
                "url": absent["url"].fillna(""),
                "status": Status.WARNING.value,
                "reason": Reason.NO_ITEMS.value,
                "logged_at": dt.datetime.combine(day, dt.time()),
            }
        ).reindex(columns=log.columns)
        log = pd.concat([log.astype(object), nothing.astype(object)], ignore_index=True)
    health = source_health(con, day, {**catalogue, "fetch_log": log})
    worst = health["state"].map({state: place for place, state in enumerate(STATES)})
    return health.loc[worst.sort_values(kind="stable").index].reset_index(drop=True)


def bounds(health: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """What the rules about volumes look at: each source with its bounds, its verdict and what it delivered.

    A source that has left the catalogue has no bounds any more; one that was not tried is not judged.
    """
    told = ["source_id", "delivered", "state", "median", "earlier_days", "least", "idle", "patience", "why"]
    enabled = sources.loc[sources["enabled"].astype(bool), ["source_id", "min_articles", "max_articles", "reason"]]
    return enabled.merge(health[told], on="source_id", how="outer")


def counts(health: pd.DataFrame) -> dict[str, int | float]:
    """Numbers of the day that Dagster plots over time: sources by state, and what each delivered."""
    by_state = Counter(health["state"])
    out: dict[str, int | float] = {name: by_state[state] for state, name in STATES.items()}
    out |= {"delivered": int(health["delivered"].sum()), "new": int(health["new"].sum())}
    if len(health) <= MAX_PLOTTED:
        by_id = health.sort_values("source_id")
        out |= {f"delivered: {s}": int(n) for s, n in zip(by_id["source_id"], by_id["delivered"], strict=True)}
    return out


def fetched(log: Sequence[LogEntry]) -> pd.DataFrame:
    """What fetching met, a row a source: what was got, what failed and why, size and time."""
    by_source: dict[str, list[LogEntry]] = {}
    for entry in log:
        by_source.setdefault(entry.source_id, []).append(entry)
    rows = []
    for source, entries in sorted(by_source.items()):
        status = Counter(e.status for e in entries)
        wrong = Counter(e.reason for e in entries if e.reason is not None)
        state = "resting" if Reason.SOURCE_RESTING in wrong else "ok" if status[Status.DOCUMENT] else "nothing came"
        why = " ".join(f"{n} × {reason.sentence}" for reason, n in wrong.most_common(3))
        size = sum(e.bytes or 0 for e in entries)
        seconds = round(sum(e.seconds or 0 for e in entries), 1)
        numbers = (status[Status.DOCUMENT], status[Status.FAILED], status[Status.WARNING])
        rows.append((source, state, *numbers, size, seconds, why or None))
    return pd.DataFrame(
        rows, columns=["source_id", "state", "got", "failed", "warnings", "bytes", "seconds", "why"], dtype=object
    )
