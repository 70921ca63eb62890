import datetime as dt

import pytest

from resolution.agreements import Report, cluster

SEEN = dt.datetime(2026, 3, 3)


def report(article, **changes):
    values = {
        "article_id": article,
        "title": "memorandum of understanding on fisheries",
        "subject": "fisheries",
        "instrument": "mou",
        "parties": frozenset({"FIN", "SWE"}),
        "seen": SEEN,
    }
    return Report(**{**values, **changes})


def count(*reports):
    return len(cluster(list(reports))[0])


def test_one_instrument_over_time():
    later = report("b", title="fisheries memorandum", seen=SEEN + dt.timedelta(days=200))
    assert count(report("a"), later) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"parties": frozenset({"FIN", "NOR"})},
        {"title": "memorandum of understanding on customs", "subject": "customs"},
        {"instrument": "treaty"},
    ],
)
def test_what_makes_two_instruments(changes):
    assert count(report("a"), report("b", **changes)) == 2


def test_two_instruments_of_one_article_stay_two():
    assert count(report("a"), report("a")) == 2


def test_newspapers_call_any_instrument_an_agreement():
    assert count(report("a"), report("b", instrument="agreement", title="agreement on fisheries")) == 1


def test_a_bare_title_needs_parties_and_nearness():
    bare = {"title": "the agreement", "subject": None, "instrument": "agreement"}
    assert count(report("a", **bare), report("b", **bare)) == 1
    assert count(report("a", **bare), report("b", **bare, seen=SEEN + dt.timedelta(days=60))) == 2
    assert count(report("a", **bare), report("b", **{**bare, "parties": frozenset({"FIN"})})) == 2


def test_a_proper_title_needs_no_parties():
    title = {"title": "Convention on the Northern Seabed Cables", "subject": None, "instrument": "convention"}
    assert count(report("a", **title), report("b", **{**title, "parties": frozenset()})) == 1


def test_a_truce_is_called_by_many_names():
    named = {"title": "Oslo Ceasefire", "subject": None, "instrument": "ceasefire", "parties": frozenset({"TCD"})}
    described = {**named, "title": "ceasefire with the rebels", "parties": frozenset({"TCD", "p9"})}
    assert count(report("a", **named), report("b", **described)) == 1
    assert count(report("a", **named), report("b", **described, seen=SEEN + dt.timedelta(days=90))) == 2


def test_singular_and_plural_are_one_word():
    title = {"title": "MoU on rare earths", "subject": "rare earths"}
    assert count(report("a", **title), report("b", title="memorandum on rare earth minerals", subject=None)) == 1
