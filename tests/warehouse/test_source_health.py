"""The verdict on a source's day: its own usual day, its bounds, its rests; days without a run are no zeros."""

import datetime as dt

import pytest

from tests.warehouse.ledger import DAY, rows
from warehouse import database, load
from warehouse.health import source_health

REASONS = rows("reasons", {"reason": "timed_out", "sentence": "No answer in time."},
               {"reason": "source_resting", "sentence": "Not tried: it failed on the last runs."})  # fmt: skip
SILENCE = {"status": "failed", "reason": "timed_out"}
REST = {"status": "failed", "reason": "source_resting"}


def day_of(number, articles, *others, source="wire"):
    """The log of a day on which a source delivers so many articles, none of which another day has."""
    day = DAY + dt.timedelta(days=number)
    arrived = [{"status": "article", "article_id": f"{source}-{number}-{n}"} for n in range(articles)]
    return rows("fetch_log", *({"source_id": source, "fetch_day": day, **e} for e in (*arrived, *others)))


def store(con, *logs):
    for log in logs:
        load.replace_day(con, "fetch_log", log["fetch_day"][0], log)


def verdict(con, log, **catalogue):
    """The one row of the view for a day that is not stored."""
    frames = {"fetch_log": log, "reasons": REASONS, "sources": rows("sources", {"source_id": "wire", **catalogue})}
    (record,) = source_health(con, log["fetch_day"][0], frames).to_dict("records")
    return record


@pytest.mark.parametrize(
    ("earlier", "today", "state"),
    [
        ([10, 10, 10, 10, 10], 3, "ok"),
        ([10, 10, 10, 10, 10], 2, "far below its median"),
        ([10, 10, 10, 10, 10], 0, "silent"),
        ([10, 10, 10, 10], 0, "new"),
        ([100, 100, 100, 100, 100, *[2] * 14], 1, "ok"),  # the hundreds are too long ago
        ([0, 0, 1, 0, 0, 0, 0], 0, "ok"),  # it speaks rarely
        ([0, 0, 0, 0, 0], 0, "silent"),  # it never spoke
        ([0, 0, 0, 0, 0], 1, "ok"),
        ([8, 8, 8, *[0] * 9], 0, "silent"),  # a silence does not become the usual thing
        ([8, 8, 8, *[0] * 9], 1, "ok"),
    ],
)
def test_a_day_against_the_source_s_own_usual_day(con, earlier, today, state):
    store(con, *(day_of(n, count, SILENCE) for n, count in enumerate(earlier)))
    assert verdict(con, day_of(len(earlier), today, SILENCE))["state"] == state


@pytest.mark.parametrize(
    ("kind", "news", "state"),
    [
        ("feed", [1, 1, 1, 1, 1, 0, 0, 0, 0], "frozen"),
        ("feed", [1, 1, 1, 1, 1, 1, 0, 0, 0], "ok"),  # a long week-end
        ("jsonl", [1, 1, 1, 1, 1, 0, 0, 0, 0], "ok"),  # a file of the operator's own
        ("feed", [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0], "ok"),  # it has had such pauses
        ("feed", [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0], "frozen"),
        ("feed", [1, 0, 0, 0, 0], "new"),
    ],
)
def test_a_feed_that_repeats_itself_for_longer_than_ever_is_frozen(con, kind, news, state):
    days, seen = [], 0
    for number, new in enumerate(news):
        seen += new
        day = DAY + dt.timedelta(days=number)
        days.append(rows("fetch_log", *({"source_id": "wire", "fetch_day": day, "status": "article",
                    "article_id": f"a{n}"} for n in range(max(0, seen - 3), seen))))  # fmt: skip
    store(con, *days[:-1])
    found = verdict(con, days[-1], kind=kind)
    assert (found["state"], found["idle"]) == (state, news[::-1].index(1))


def test_what_the_verdict_rests_on_is_told(con):
    store(con, *(day_of(3 * n, 10) for n in range(6)))  # two days of three have no run
    low = verdict(con, day_of(30, 2, SILENCE, SILENCE, {**SILENCE, "reason": "odd"}, {"status": "document",
                  "bytes": 700, "seconds": 0.25}), outlet="The Wire", min_articles=1)  # fmt: skip
    assert (low["delivered"], low["median"], low["earlier_days"], low["of_median"], low["least"]) == (2, 10, 6, 0.2, 3)
    assert (low["outlet"], low["new"], low["failed"], low["bytes"]) == ("The Wire", 2, 3, 700)
    assert low["reasons"] == "timed_out 2, odd 1"
    assert low["why"] == "2 × No answer in time. 1 × odd"


def test_bounds_go_before_the_median(con):
    store(con, *(day_of(n, 10) for n in range(6)))
    below = verdict(con, day_of(9, 4), min_articles=5, reason="five at least")
    assert (below["state"], below["bounds_reason"]) == ("below its minimum", "five at least")
    assert verdict(con, day_of(9, 4), max_articles=3)["state"] == "above its maximum"


def test_a_rest_is_no_zero_of_the_median_and_is_told(con):
    store(con, *(day_of(n, 10) for n in range(5)), *(day_of(n, 0, REST) for n in range(5, 40)))
    resting = verdict(con, day_of(40, 0, REST), min_articles=5)
    assert (resting["state"], resting["median"], resting["earlier_days"], resting["least"]) == ("resting", 10, 5, 3)
    awake = verdict(con, day_of(40, 9))
    assert (awake["state"], awake["median"], awake["earlier_days"]) == ("ok", 10, 5)
    # A source too new to have a median rests too.
    assert verdict(con, day_of(41, 0, {**REST, "source_id": "young"}, source="wire"))["least"] == 1


def test_what_arrived_is_counted_as_the_bounds_count_it(con):
    store(con, rows("fetch_log", {"source_id": "other", "status": "article", "article_id": "a1"}))
    log = day_of(1, 2, {"status": "unchanged", "article_id": "a1"}, {"status": "warning", "article_id": "a1"},
                 {"status": "rejected", "reason": "duplicate_url_other_source", "article_id": "a1"},
                 {"status": "rejected", "reason": "duplicate_url_in_source", "article_id": "a1"})  # fmt: skip
    row = verdict(con, log)
    assert (row["delivered"], row["new"], row["unchanged"], row["rejected"], row["warnings"]) == (4, 2, 1, 2, 1)


def test_only_earlier_days_count_and_nothing_is_stored(con):
    store(con, *(day_of(n, 10) for n in range(6)))
    first = verdict(con, day_of(6, 1, {"status": "document", "bytes": 1, "seconds": 0.5}))
    store(con, *(day_of(n, 90) for n in range(7, 20)))
    before = database.logical_hashes(con)
    assert verdict(con, day_of(6, 1, {"status": "document", "bytes": 1, "seconds": 0.5})) == first
    assert database.logical_hashes(con) == before


def test_a_rehearsal_inside_a_transaction_is_refused(con):
    with pytest.raises(RuntimeError, match="rehearsal"), database.transaction(con), database.rehearsal(con):
        pass
    with pytest.raises(ZeroDivisionError), database.rehearsal(con):
        raise ZeroDivisionError
