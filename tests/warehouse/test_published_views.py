"""Each view answers its question on rows whose answer is known; a copied article never counts twice."""

import datetime as dt

import pandas as pd
import pytest

from tests.warehouse.ledger import DAY, NOON, TEXT, rows, world
from warehouse import database, load, snapshot, views
from warehouse.views import parse

MARCH = pd.Timestamp(2031, 3, 1)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A candidate of the small world, with a fetch log, held-back rows and results of rules."""
    folder = tmp_path_factory.mktemp("views")
    working, path = folder / "working.duckdb", folder / "candidate" / "c.duckdb"
    log = rows(
        "fetch_log",
        {"source_id": "feeds", "status": "document", "bytes": 2_000_000, "seconds": 1.5},
        *({"source_id": "feeds", "status": "article", "article_id": a} for a in ("a1", "a2", "a3")),
        {
            "source_id": "feeds",
            "status": "rejected",
            "reason": "empty",
            "detail": "no text",
            "url": "https://x.example",
        },
        {"source_id": "feeds", "status": "failed", "reason": "timeout", "url": "https://y.example"},
        {"source_id": "feeds", "status": "failed", "reason": "timeout", "url": "https://z.example"},
        {"source_id": "quiet", "status": "unchanged"},
    )
    catalogue = rows("sources", {"source_id": "feeds", "outlet": "Fjord Post", "min_articles": 4, "reason": "small"})
    reasons = rows("reasons", {"reason": "timeout", "sentence": "No answer."})
    held = rows(
        "quarantine",
        {"table_name": "quotes", "row_key": "q9", "article_id": "a1", "rule": "verbatim", "reason": "not in the text"},
        {"table_name": "articles", "row_key": "a9", "article_id": "a9", "rule": "dates", "reason": "from the future",
         "row": {"title": "Tomorrow", "url": "https://late.example"}},
    ).drop(columns=["step", "fetch_day"])  # fmt: skip
    early = NOON - dt.timedelta(hours=3)
    results = rows(
        "quality_results",
        {"step": "facts", "rule": "verbatim", "success": False, "severity": "critical", "checked": 9, "failed": 9,
         "checked_at": early, "fetch_day": DAY, "run_id": "run-1"},
        {"step": "facts", "rule": "verbatim", "success": True, "severity": "critical", "checked": 10, "failed": 0,
         "checked_at": NOON, "fetch_day": DAY, "run_id": "run-2"},
        {"step": "facts", "rule": "dates", "success": False, "severity": "warning", "checked": 10, "failed": 2,
         "checked_at": NOON, "fetch_day": DAY, "run_id": "run-2"},
        {"step": "events", "rule": "codes", "success": False, "severity": "critical", "checked": 4, "failed": 1,
         "checked_at": NOON, "run_id": "run-2"},
    )  # fmt: skip
    with database.connect(working) as con:
        database.create(con)
        load.replace_tables(con, world())
        load.replace_day(con, "fetch_log", DAY, log)
        load.replace_tables(con, {"sources": catalogue, "reasons": reasons})
        load.merge_quarantine(con, DAY, "facts", held)
        load.append(con, "quality_results", results)
    snapshot.build_candidate(working, path, snapshot.Snapshot("s", "run", dt.datetime.now(dt.UTC), "1"))
    with database.connect(path, read_only=True) as con:
        yield con


def ask(con, sql):
    return database.read(con, sql).to_dict("records")


def one(con, sql):
    (record,) = ask(con, sql)
    return record


@pytest.mark.parametrize("view", views.load_views(), ids=lambda view: view.name)
def test_a_view_describes_its_columns_in_order_and_asks_a_question(published, view):
    frame = database.read(published, f"SELECT * FROM {view.name}")
    assert tuple(view.columns) == tuple(frame.columns)
    assert view.comment.endswith("?")
    assert not frame.empty


def test_meetings(published):
    rows_ = ask(published, "SELECT * FROM meetings WHERE country_a = 'CHL' AND country_b = 'NOR'")
    visit, summit = rows_  # the undated summit comes last
    assert (visit["month"], visit["state_a"], visit["state_b"], visit["meetings"]) == (MARCH, "Chile", "Norway", 1)
    assert (visit["people_a"], visit["people_b"], visit["places"]) == ("Tomás Riquelme", "Astrid Lunde", "Oslo")
    assert (visit["bilateral"], visit["visits"], visit["articles"], visit["event_ids"]) == (1, 1, 1, ["e-visit"])
    assert pd.isna(summit["month"])
    assert (summit["multilateral"], summit["bilateral"], summit["people_a"]) == (1, 0, None)
    assert len(ask(published, "SELECT * FROM meetings WHERE 'e-summit' IN event_ids")) == 3
    assert ask(published, "SELECT * FROM meetings WHERE 'e-off' IN event_ids") == []


def test_agreements_register(published):
    pact = one(published, "SELECT * FROM agreements_register")
    assert pact["history"] == "signed 2031-03-03 → ratified 2031-04-20"
    assert (pact["parties"], pact["signatories"], pact["place_state"]) == ("Chile, Norway", "Astrid Lunde", "Norway")
    assert (pact["made_at"], pact["articles"]) == (TEXT[:55], 2)


def test_agreement_history_counts_a_copy_once(published):
    signed, ratified = ask(published, "SELECT * FROM agreement_history ORDER BY step")
    assert (signed["step"], signed["status"], signed["articles"], signed["outlets"]) == (1, "signed", 1, 1)
    assert (ratified["status"], ratified["first_outlet"], ratified["article_id"]) == ("ratified", "Andes Daily", "a3")


def test_statements_about(published):
    rows_ = ask(published, "SELECT * FROM statements_about ORDER BY about")
    assert [(r["speaker"], r["about"], r["quote_id"]) for r in rows_] == [
        ("Officials", "Astrid Lunde", "q3"),
        ("Astrid Lunde", "Chile", "q1"),
        ("Astrid Lunde", "Tomás Riquelme", "q1"),
    ]
    # The actor of the second half of a broken quote is found, and both halves are shown.
    assert rows_[2]["statement"] == "Chile is a friend, … and Tomás Riquelme knows it."
    assert (rows_[2]["speaker_state"], rows_[2]["about_state"], rows_[2]["outlet"]) == ("Norway", "Chile", "Fjord Post")


def test_most_quoted(published):
    lunde = one(published, "SELECT * FROM most_quoted")
    assert (lunde["speaker"], lunde["statements"], lunde["direct"], lunde["reports"], lunde["outlets"]) == (
        "Astrid Lunde", 1, 1, 1, 1,
    )  # fmt: skip
    assert lunde["speaks_of"] == "Chile, Tomás Riquelme"


def test_relations_by_month(published):
    march = one(published, "SELECT * FROM relations_by_month WHERE month = DATE '2031-03-01'")
    assert (march["state_a"], march["state_b"], march["events"]) == ("Chile", "Norway", 2)
    assert (march["mean_intensity"], march["net_intensity"]) == (-1.0, -2.0)
    classes = ("verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict")
    assert [march[name] for name in classes] == [1, 0, 0, 1]
    assert march["coldest"] == "Chile closed its ports to Norway."
    assert march["assumed_dates"] == 1


def test_acts_between_states(published):
    ban = one(published, "SELECT * FROM acts_between_states WHERE event_type = 'SANCTION'")
    assert (ban["actor"], ban["recipient"], ban["acts"], ban["mean_intensity"]) == ("Chile", "Norway", 1, -6.0)
    visits = ask(
        published, "SELECT actor, recipient FROM acts_between_states WHERE event_type = 'CONSULT' ORDER BY ALL"
    )
    assert visits == [{"actor": "Chile", "recipient": "Norway"}, {"actor": "Norway", "recipient": "Chile"}]


def test_events_timeline(published):
    visit = one(published, "SELECT * FROM events_timeline WHERE event_id = 'e-visit'")
    assert (visit["actors"], visit["recipients"]) == ("Astrid Lunde, Tomás Riquelme", None)
    assert (visit["states"], visit["class"], visit["place_state"]) == ("Chile, Norway", "verbal cooperation", "Norway")
    ban = one(published, "SELECT * FROM events_timeline WHERE event_id = 'e-ban'")
    assert (ban["actors"], ban["recipients"], ban["class"]) == ("Chile", "Norway", "material conflict")


def test_participant_activity(published):
    lunde = one(published, "SELECT * FROM participant_activity WHERE name = 'Astrid Lunde'")
    assert (lunde["events"], lunde["statements"], lunde["agreements"], lunde["articles"]) == (1, 1, 1, 2)
    norway = one(published, "SELECT * FROM participant_activity WHERE name = 'Norway'")
    assert (norway["acts"], norway["received"], norway["state"]) == (0, 1, "Norway")


def test_source_coverage(published):
    feeds, quiet = ask(published, "SELECT * FROM source_coverage")
    assert (feeds["articles"], feeds["documents"], feeds["rejected"], feeds["failed"]) == (3, 1, 1, 2)
    assert (feeds["reasons"], feeds["languages"], feeds["copies"]) == ("timeout 2, empty 1", "en 3", 1)
    assert (feeds["outlets"], feeds["words"], feeds["megabytes"]) == ("Andes Daily, Copy Wire, Fjord Post", 37, 2.0)
    assert (quiet["source_id"], quiet["articles"], quiet["unchanged"], quiet["words"]) == ("quiet", 0, 1, 0)


def test_source_health(published):
    feeds, quiet = ask(published, "SELECT * FROM source_health")
    assert (feeds["state"], feeds["delivered"], feeds["new"], feeds["min_articles"]) == ("below its minimum", 3, 3, 4)
    assert (feeds["reasons"], feeds["why"]) == ("timeout 2, empty 1", "2 × No answer. 1 × empty")
    assert (quiet["state"], quiet["delivered"], quiet["unchanged"], quiet["earlier_days"]) == ("new", 1, 1, 0)


def test_non_articles(published):
    by_url = {r["url"]: r for r in ask(published, "SELECT * FROM non_articles")}
    assert set(by_url) == {"https://x.example", "https://y.example", "https://z.example"}
    refused, silent = by_url["https://x.example"], by_url["https://y.example"]
    assert (refused["status"], refused["reason"], refused["detail"], refused["times"]) == (
        "rejected", "empty", "no text", 1,
    )  # fmt: skip
    assert (silent["status"], silent["sentence"], silent["source_id"]) == ("failed", "No answer.", "feeds")


def test_outlet_coverage(published):
    by_outlet = {r["outlet"]: r for r in ask(published, "SELECT * FROM outlet_coverage")}
    post, copy = by_outlet["Fjord Post"], by_outlet["Copy Wire"]
    assert [post[c] for c in ("articles", "copies", "words", "events", "statements", "agreements")] == [
        1,
        0,
        23,
        1,
        1,
        1,
    ]
    assert [copy[c] for c in ("articles", "copies", "words", "events", "statements")] == [0, 1, 0, 0, 0]


def test_quality_by_day(published):
    events, facts = ask(published, "SELECT * FROM quality_by_day ORDER BY step")
    # The rule that was checked twice counts by its later result.
    assert (facts["verdict"], facts["rules"], facts["failed_rules"], facts["failing"]) == ("warned", 2, 1, "dates")
    assert (facts["rows_checked"], facts["rows_failed"], facts["held_back"]) == (20, 2, 2)
    assert (events["verdict"], events["failing"], events["day"]) == ("blocked", "codes", pd.Timestamp(DAY))


def test_held_back(published):
    by_key = {r["row_key"]: r for r in ask(published, "SELECT * FROM held_back")}
    assert (by_key["q9"]["headline"], by_key["q9"]["outlet"], by_key["q9"]["rule"]) == (
        "Visit",
        "Fjord Post",
        "verbatim",
    )
    # An article that was held back has no row of its own; its title comes from the row that was kept.
    assert (by_key["a9"]["headline"], by_key["a9"]["url"]) == ("Tomorrow", "https://late.example")
    page = by_key["https://x.example"]
    assert (page["what"], page["rule"], page["reason"]) == ("page", "empty", "no text")
    assert len(by_key) == 5


def test_a_view_file_with_a_wrong_head_is_refused():
    good = parse("v", "-- What?\n-- a: first letter\nSELECT 1 AS a;\n")
    assert (good.comment, dict(good.columns), good.sql) == ("What?", {"a": "first letter"}, "SELECT 1 AS a")
    for text in ("SELECT 1", "-- What?", "-- What?\n-- no colon\nSELECT 1", "-- What?\n-- a: x\n-- a: y\nSELECT 1"):
        with pytest.raises(ValueError, match=r"v\.sql"):
            parse("v", text)
