"""Events of many articles to one row per real event.

What belongs here: when two articles report one event.
What does not: reading events out of a sentence (``extraction.events``) and the sides' identities (``participants``).

Two reports are one event when type and status are equal and the modes do not contradict each other, when they are dated
to the same day (or, where one does not tell its day, when they lie within two days), and when the sides agree: the same
two or more states, or at least two participants in common.  A copy of an article reports the event of its original by
the same trigger, whenever it appeared.  Two events of one article are never joined: the article layer has told them
apart.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from resolution.names import fold

# A report that does not tell its day joins a report of the same sides that lies this near.
UNDATED_DAYS = 2


@dataclass(frozen=True, slots=True)
class Report:
    """An article's record of an event.

    ``story``: the article or its original; ``participants``: ids across articles; ``seen``: the article's time.
    """

    article_id: str
    story: str
    event_type: str
    mode: str | None
    status: str
    event_date: dt.date | None
    date_precision: str
    date_basis: str
    countries: tuple[str, ...]
    participants: frozenset[str]
    trigger: str
    seen: dt.datetime


def cluster(reports: Sequence[Report]) -> tuple[list[list[str]], list[str]]:
    """Which events of the articles are one.

    ``reports``: in the order in which their articles appeared.
    Returns the clusters as lists of keys (oldest first) and, for every report, its key.
    """
    keys = _keys(reports)
    clusters: list[list[int]] = []
    blocks: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for n, report in enumerate(reports):
        handles = _handles(report)
        near = {c for handle in handles for c in blocks[report.event_type, report.status, handle]}
        best, score = -1, 0
        for c in sorted(near):
            if all(_same(report, reports[m]) for m in clusters[c]):
                overlap = max(_overlap(report, reports[m]) for m in clusters[c])
                if overlap > score:
                    best, score = c, overlap
        if best < 0:
            best = len(clusters)
            clusters.append([])
        clusters[best].append(n)
        for handle in handles:
            block = blocks[report.event_type, report.status, handle]
            if best not in block:
                block.append(best)
    return [[keys[n] for n in members] for members in clusters], keys


def _keys(reports: Sequence[Report]) -> list[str]:
    """Article, type and trigger, numbered where they repeat: raw fields that no other article can change."""
    seen: Counter[str] = Counter()
    keys = []
    for report in reports:
        base = f"{report.article_id}|{report.event_type}|{fold(report.trigger)}"
        keys.append(f"{base}|{seen[base]}")
        seen[base] += 1
    return keys


def _handles(report: Report) -> list[str]:
    """What a matching event surely shares with this one: its set of states, or one of its participants."""
    states = ["/".join(report.countries)] if len(report.countries) >= 2 else []
    return [f"story {report.story}", *states, *sorted(report.participants)]


def _same(a: Report, b: Report) -> bool:
    if a.article_id == b.article_id:
        return False
    if a.mode and b.mode and a.mode != b.mode:
        return False
    if a.story == b.story and fold(a.trigger) == fold(b.trigger) and a.countries == b.countries:
        return True
    same_states = len(a.countries) >= 2 and a.countries == b.countries
    if not same_states and len(a.participants & b.participants) < 2:
        return False
    day_a, day_b = _told_day(a), _told_day(b)
    if day_a and day_b:
        return day_a == day_b
    return abs((day_a or a.seen.date()) - (day_b or b.seen.date())).days <= UNDATED_DAYS


def _told_day(report: Report) -> dt.date | None:
    """The day that the article tells; a day that is only assumed from publication is none."""
    told = report.date_precision == "day" and report.date_basis in ("stated", "resolved")
    day = report.event_date if told else None
    return day.date() if isinstance(day, dt.datetime) else day


def _overlap(a: Report, b: Report) -> int:
    dated = 4 * (a.date_precision == b.date_precision == "day")
    return 1 + dated + len(a.participants & b.participants) + (fold(a.trigger) == fold(b.trigger))
