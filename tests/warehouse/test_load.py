"""Each load replaces exactly what it is about, or nothing."""

import datetime as dt

import pandas as pd
import pytest

from tests.warehouse.ledger import DAY, NOON, rows
from warehouse import database, frames, load
from warehouse.errors import ConformError, LoadError

NEXT = DAY + dt.timedelta(days=1)
THIRD = DAY + dt.timedelta(days=2)


def articles(*records):
    """Rows as the sources deliver them: without fetch_day."""
    return rows("article_versions", *records).drop(columns="fetch_day")


def facts(**given):
    return {name: given.get(name, frames.empty(name)) for name in load.FACT_TABLES}


def column(con, sql):
    return database.read(con, sql).iloc[:, 0].tolist()


# ---- days


def test_a_day_is_replaced_and_its_neighbours_stay(con):
    load.replace_day(con, "fetch_log", DAY, rows("fetch_log", {"url": "old"}))
    load.replace_day(con, "fetch_log", NEXT, rows("fetch_log", {"url": "next", "fetch_day": NEXT}))
    load.replace_day(
        con, "fetch_log", DAY, rows("fetch_log", {"url": "new"}, {"url": "newer"}).drop(columns="fetch_day")
    )
    assert column(con, "SELECT url FROM fetch_log ORDER BY fetch_day, url") == ["new", "newer", "next"]


def test_replaying_a_day_three_times_changes_nothing(con):
    frame = rows("fetch_log", {"url": "a"}, {"url": "b", "bytes": None})
    seen = set()
    for _ in range(3):
        load.replace_day(con, "fetch_log", DAY, frame)
        seen.add(database.logical_hash(con, "fetch_log"))
    assert len(seen) == 1


def test_an_empty_frame_empties_the_day(con):
    load.replace_day(con, "fetch_log", DAY, rows("fetch_log", {}))
    load.replace_day(con, "fetch_log", DAY, frames.empty("fetch_log"))
    assert database.read_table(con, "fetch_log").empty


def test_a_null_in_the_second_table_leaves_both_as_they_were(con):
    good = {"fetch_log": rows("fetch_log", {"url": "old"}), "article_versions": articles({"article_id": "a"})}
    load.replace_days(con, good, DAY)
    before = database.logical_hashes(con)
    bad = {"fetch_log": rows("fetch_log", {"url": "new"}), "article_versions": articles({"text": None})}
    with pytest.raises(LoadError, match=r"NOT NULL constraint failed: article_versions\.text") as error:
        load.replace_days(con, bad, DAY)
    assert error.value.table == "article_versions"
    assert database.logical_hashes(con) == before
    load.replace_days(con, {"fetch_log": rows("fetch_log", {"url": "newest"})}, DAY)  # the connection still works
    assert column(con, "SELECT url FROM fetch_log") == ["newest"]


def test_rows_of_another_day_and_tables_without_days_are_refused(con):
    with pytest.raises(LoadError, match="another day"):
        load.replace_day(con, "fetch_log", NEXT, rows("fetch_log", {}))
    for table in ("events", "quarantine"):
        with pytest.raises(LoadError, match="not kept by fetch day"):
            load.replace_day(con, table, DAY, rows(table, {}))


@pytest.mark.parametrize(
    ("table", "field", "value"),
    [
        ("fetch_log", "url", "half \ud800 a pair"),
        ("participants", "aliases", ["\udfff"]),
        ("quarantine", "row", {"a": "\ud800"}),
    ],
)
def test_half_a_surrogate_pair_is_refused_before_it_breaks_the_database(con, table, field, value):
    with pytest.raises(ConformError, match=rf"{table}\.{field}: row 1 holds half a surrogate pair"):
        load.replace_tables(con, {table: rows(table, {}, {field: value})})
    assert database.read_table(con, table).empty


# ---- article versions


def test_an_unchanged_article_is_stored_once(con):
    first = {"article_id": "a", "content_hash": "1", "fetched_at": NOON}
    assert load.load_articles(con, DAY, articles(first)) == 1
    assert load.load_articles(con, NEXT, articles({**first, "fetched_at": NOON + dt.timedelta(days=1)})) == 0
    latest = load.latest_articles(con)
    assert latest[["version", "fetched_at"]].iloc[0].tolist() == [1, pd.Timestamp(NOON)]


def test_a_changed_text_is_a_new_version_and_changed_metadata_is_not(con):
    def day(which, hours, **fields):
        load.load_articles(
            con, which, articles({"article_id": "a", "fetched_at": NOON + dt.timedelta(hours=hours), **fields})
        )

    day(DAY, 0, content_hash="1", title="Talks")
    day(NEXT, 24, content_hash="1", title="Talks end")
    latest = load.latest_articles(con).iloc[0]
    assert (latest["title"], latest["version"], latest["fetched_at"]) == (
        "Talks end",
        1,
        pd.Timestamp(NOON) + pd.Timedelta(hours=24),
    )
    day(THIRD, 48, content_hash="2", title="Talks end", text="longer")
    latest = load.latest_articles(con).iloc[0]
    assert (latest["text"], latest["version"]) == ("longer", 2)


def test_a_text_that_changes_back_is_a_third_version(con):
    for day, content in ((DAY, "1"), (NEXT, "2"), (THIRD, "1")):
        load.load_articles(con, day, articles({"article_id": "a", "content_hash": content}))
    assert load.latest_articles(con)["version"].tolist() == [3]


def test_the_order_in_which_days_are_run_does_not_matter(con):
    days = {
        DAY: articles({"article_id": "a", "fetched_at": NOON}),
        NEXT: articles({"article_id": "a", "fetched_at": NOON + dt.timedelta(days=1)}),
    }
    for day in (NEXT, DAY):
        load.load_articles(con, day, days[day])
    backwards = load.latest_articles(con)
    for day in (DAY, NEXT):
        load.load_articles(con, day, days[day])
    pd.testing.assert_frame_equal(load.latest_articles(con), backwards)
    assert backwards["fetched_at"].tolist() == [pd.Timestamp(NOON)]


def test_replaying_an_early_day_leaves_later_versions(con):
    early, late = articles({"article_id": "a", "content_hash": "1"}), articles({"article_id": "a", "content_hash": "2"})
    load.load_articles(con, DAY, early)
    load.load_articles(con, NEXT, late)
    before = database.logical_hash(con, "article_versions")
    assert load.load_articles(con, DAY, early) == 1
    assert database.logical_hash(con, "article_versions") == before


def test_latest_articles_can_be_narrowed(con):
    load.load_articles(con, DAY, articles({"article_id": "a"}, {"article_id": "b", "language": "fr"}))
    assert load.latest_articles(con, where="language = ?", params=["fr"])["article_id"].tolist() == ["b"]


def test_articles_are_derived_with_their_duplicates(con):
    load.load_articles(con, DAY, articles({"article_id": "a"}, {"article_id": "b"}))
    load.rebuild_articles(con, pd.DataFrame({"article_id": ["b"], "duplicate_of": ["a"]}))
    table = database.read_table(con, "articles")
    assert table[["article_id", "duplicate_of"]].values.tolist() == [["a", None], ["b", "a"]]
    load.rebuild_articles(con, pd.DataFrame({"article_id": [], "duplicate_of": []}, dtype=object))
    assert database.read_table(con, "articles")["duplicate_of"].tolist() == [None, None]


def test_one_article_twice_in_a_day_is_refused(con):
    with pytest.raises(LoadError, match=r"1 rows repeat a key \(article_id, fetch_day\)"):
        load.load_articles(con, DAY, articles({"article_id": "a"}, {"article_id": "a"}))


# ---- facts


def test_facts_of_an_article_are_replaced_as_a_whole(con):
    load.replace_facts(
        con,
        ["a", "b"],
        facts(
            fact_events=rows("fact_events", {"article_id": "a", "key": "e1"}, {"article_id": "b", "key": "e1"}),
            fact_quotes=rows("fact_quotes", {"article_id": "a", "key": "q1", "speaker_key": None}),
            extractions=rows("extractions", {"article_id": "a"}, {"article_id": "b"}),
        ),
    )
    load.replace_facts(
        con,
        ["a"],
        facts(
            fact_events=rows("fact_events", {"article_id": "a", "key": "e7", "countries": ["CHL", "NOR"]}),
            extractions=rows("extractions", {"article_id": "a", "error": "too long"}),
        ),
    )
    assert column(con, "SELECT article_id || key FROM fact_events ORDER BY 1") == ["ae7", "be1"]
    assert column(con, "SELECT countries FROM fact_events ORDER BY article_id") == [["CHL", "NOR"], []]
    assert column(con, "SELECT count(*) FROM fact_quotes") == [0]
    assert column(con, "SELECT error FROM extractions ORDER BY article_id") == ["too long", None]


def test_facts_that_break_halfway_leave_the_old_ones(con):
    load.replace_facts(con, ["a"], facts(fact_participants=rows("fact_participants", {"article_id": "a"})))
    before = database.logical_hashes(con)
    bad = facts(
        fact_participants=rows("fact_participants", {"article_id": "a", "name": "other"}),
        fact_quotes=rows("fact_quotes", {"article_id": "a", "text": None}),
    )
    with pytest.raises(LoadError, match="fact_quotes"):
        load.replace_facts(con, ["a"], bad)
    assert database.logical_hashes(con) == before


def test_facts_of_strangers_missing_tables_and_repeated_keys_are_refused(con):
    stranger = facts(fact_events=rows("fact_events", {"article_id": "z"}))
    with pytest.raises(LoadError, match=r"not being replaced: \['z'\]"):
        load.replace_facts(con, ["a"], stranger)
    with pytest.raises(LoadError, match="extractions"):
        load.replace_facts(con, ["a"], {name: frame for name, frame in facts().items() if name != "extractions"})
    twice = facts(fact_events=rows("fact_events", {"article_id": "a"}, {"article_id": "a"}))
    with pytest.raises(LoadError, match="repeat a key"):
        load.replace_facts(con, ["a"], twice)


# ---- whole tables, registers, logs


def test_whole_tables_and_registers_change_together(con):
    events, ids = rows("events", {"event_id": "e1"}), rows("identities", {"key": "k1", "id": "e1"})
    load.replace_tables(con, {"events": events}, register={"identities": ids})
    load.replace_tables(
        con,
        {"events": rows("events", {"event_id": "e2"})},
        register={"identities": rows("identities", {"key": "k1", "id": "another"}, {"key": "k2", "id": "e2"})},
    )
    assert column(con, "SELECT event_id FROM events") == ["e2"]
    assert column(con, "SELECT key || id FROM identities ORDER BY 1") == ["k1e1", "k2e2"]


def test_a_broken_register_leaves_the_tables(con):
    load.replace_tables(con, {"events": rows("events", {"event_id": "e1"})})
    with pytest.raises(LoadError, match="identities"):
        load.replace_tables(con, {"events": rows("events")}, register={"identities": rows("identities", {"id": None})})
    assert column(con, "SELECT event_id FROM events") == ["e1"]


def test_an_id_twice_is_refused(con):
    with pytest.raises(LoadError, match=r"events: 1 rows repeat a key \(event_id\): \['e'\]"):
        load.replace_tables(con, {"events": rows("events", {"event_id": "e"}, {"event_id": "e"})})


def test_rows_are_replaced_by_key(con):
    load.replace_keys(con, "article_signatures", rows("article_signatures", {"article_id": "a"}, {"article_id": "b"}))
    load.replace_keys(
        con, "article_signatures", rows("article_signatures", {"article_id": "b", "signature": [2**64 - 1]})
    )
    assert column(con, "SELECT signature FROM article_signatures ORDER BY article_id") == [[1], [2**64 - 1]]
    with pytest.raises(LoadError, match="no key"):
        load.replace_keys(con, "fetch_log", rows("fetch_log", {}))


def test_only_logs_are_appended_to(con):
    for _ in range(2):
        load.append(con, "quality_results", rows("quality_results", {"sample": [{"a": 1}]}))
    assert column(con, "SELECT sample ->> '$[0].a' FROM quality_results") == ["1", "1"]
    with pytest.raises(LoadError, match="no log"):
        load.append(con, "events", rows("events", {}))


def test_json_that_is_none_is_refused(con):
    with pytest.raises(LoadError, match="quality_results"):
        load.append(con, "quality_results", rows("quality_results", {"sample": "{broken"}))


def test_a_frame_of_another_shape_is_refused_before_anything_is_deleted(con):
    load.replace_tables(con, {"events": rows("events", {})})
    with pytest.raises(ConformError, match=r"events\.summary: is missing"):
        load.replace_tables(con, {"events": rows("events", {}).drop(columns="summary")})
    assert column(con, "SELECT count(*) FROM events") == [1]


# ---- quarantine


def held(run, at, *keys, rule="verbatim"):
    return rows(
        "quarantine",
        *({"table_name": "quotes", "row_key": key, "rule": rule, "run_id": run, "quarantined_at": at} for key in keys),
    ).drop(columns=["step", "fetch_day"])


def test_a_row_still_broken_keeps_its_first_run(con):
    later = NOON + dt.timedelta(days=3)
    load.merge_quarantine(con, DAY, "facts", held("run-1", NOON, "q1", "q2"))
    before = database.logical_hash(con, "quarantine")
    load.merge_quarantine(con, DAY, "facts", held("run-2", later, "q1", "q2"))
    assert database.logical_hash(con, "quarantine") == before
    load.merge_quarantine(con, DAY, "facts", held("run-3", later, "q2", "q3"))
    found = column(con, "SELECT row_key || ' ' || run_id FROM quarantine ORDER BY 1")
    assert found == ["q2 run-1", "q3 run-3"]


def test_another_rule_another_day_and_another_step_are_kept_apart(con):
    load.merge_quarantine(con, DAY, "facts", held("run-1", NOON, "q1"))
    load.merge_quarantine(con, NEXT, "facts", held("run-1", NOON, "q1"))
    load.merge_quarantine(con, None, "resolution", held("run-1", NOON, "q1"))
    load.merge_quarantine(con, DAY, "facts", held("run-2", NOON, "q1", rule="dates"))
    load.merge_quarantine(con, None, "resolution", held("run-2", NOON))
    found = column(con, "SELECT concat_ws(' ', step, fetch_day, rule, run_id) FROM quarantine ORDER BY 1")
    assert found == ["facts 2031-03-04 dates run-2", "facts 2031-03-05 verbatim run-1"]
