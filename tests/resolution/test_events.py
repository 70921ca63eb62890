import datetime as dt

import pytest

from resolution.events import Report, cluster

SEEN = dt.datetime(2026, 3, 3)


def report(article, **changes):
    values = {
        "article_id": article,
        "story": article,
        "event_type": "CONSULT",
        "mode": None,
        "status": "held",
        "event_date": dt.date(2026, 3, 2),
        "date_precision": "day",
        "date_basis": "resolved",
        "countries": ("FIN", "SWE"),
        "participants": frozenset({"p1", "p2"}),
        "trigger": "talks",
        "seen": SEEN,
    }
    return Report(**{**values, **changes})


def count(*reports):
    return len(cluster(list(reports))[0])


def test_two_papers_tell_of_one_meeting():
    clusters, keys = cluster([report("a"), report("b", trigger="met")])
    assert clusters == [keys]


@pytest.mark.parametrize(
    "changes",
    [
        {"event_type": "AGREE"},
        {"status": "planned"},
        {"event_date": dt.date(2026, 3, 3)},
        {"countries": ("FIN", "NOR"), "participants": frozenset({"p1"})},
        {"countries": ("FIN",), "participants": frozenset()},
    ],
)
def test_what_makes_two_events(changes):
    assert count(report("a"), report("b", **changes)) == 2


def test_modes_that_contradict_make_two_events():
    assert count(report("a", mode="visit"), report("b", mode="phone")) == 2
    assert count(report("a", mode="visit"), report("b", mode=None)) == 1


def test_two_events_of_one_article_stay_two():
    assert count(report("a"), report("a", trigger="dinner")) == 2


def test_an_undated_report_needs_a_near_article():
    undated = {"event_date": None, "date_precision": "unknown"}
    assert count(report("a"), report("b", **undated)) == 1
    assert count(report("a"), report("b", **undated, seen=SEEN + dt.timedelta(days=9))) == 2


def test_an_assumed_day_is_no_day():
    assumed = {"event_date": dt.date(2026, 3, 3), "date_basis": "published"}
    assert count(report("a"), report("b", **assumed)) == 1
    assert count(report("a"), report("b", **assumed, seen=SEEN + dt.timedelta(days=9))) == 2


def test_a_copy_reports_the_event_of_its_original_whenever_it_appears():
    lonely = {"countries": (), "participants": frozenset(), "story": "a"}
    later = SEEN + dt.timedelta(days=30)
    assert count(report("a", **lonely), report("b", **lonely, seen=later)) == 1
    assert count(report("a", **lonely), report("b", **lonely, trigger="dinner")) == 2


def test_a_third_report_must_fit_all_of_the_event():
    first = report("a", event_date=None, date_precision="unknown")
    assert count(first, report("b"), report("c", event_date=dt.date(2026, 3, 4))) == 2


def test_keys_number_what_repeats():
    _, keys = cluster([report("a"), report("a"), report("b")])
    assert keys == ["a|CONSULT|talks|0", "a|CONSULT|talks|1", "b|CONSULT|talks|0"]
