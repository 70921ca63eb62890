"""The descriptions: the contract that analysts rely on, and what is derived from it."""

import re

import duckdb
import pytest

from warehouse import codes, schema
from warehouse.columns import Column, Table, column_records, comments, constraints, ddl
from warehouse.working import FACTS

# Written by hand, so that a slip in the descriptions is seen: name, type, "!" for not null.
CONTRACT = {
    "articles": "article_id V!, url V!, canonical_url V!, source_id V!, outlet V, title V, byline V, published_at T, "
    "fetched_at T!, language V, text V!, word_count I!, content_hash V!, version I!, duplicate_of V",
    "participants": "participant_id V!, name V!, kind V!, role V, country V, aliases V[]!, first_seen D, last_seen D",
    "participant_mentions": "article_id V!, participant_id V!, text V!, char_start I!, char_end I!, role V",
    "events": "event_id V!, event_type V!, mode V, quad_class I!, intensity F!, status V!, event_date D, "
    "date_precision V!, date_basis V!, place V, country V, countries V[]!, summary V!, article_count I!, "
    "outlet_count I!, first_reported T",
    "event_participants": "event_id V!, participant_id V!, side V!",
    "event_mentions": "event_id V!, article_id V!, trigger V!, char_start I!, char_end I!, sentence_start I!, "
    "sentence_end I!",
    "quotes": "quote_id V!, article_id V!, text V!, kind V!, char_start I!, char_end I!, continuation_start I, "
    "continuation_end I, speaker_id V, speaker_text V, speaker_start I, speaker_end I, cue V, event_id V, same_as V",
    "agreements": "agreement_id V!, title V!, instrument V!, status V!, subject V, agreed_on D, date_precision V!, "
    "date_basis V!, place V, country V, countries V[]!, event_id V, article_count I!",
    "agreement_parties": "agreement_id V!, participant_id V, country V, role V!",
    "agreement_mentions": "agreement_id V!, article_id V!, title V!, char_start I!, char_end I!, status V!",
    "quarantine": "table_name V!, row_key V!, article_id V, rule V!, reason V!, row J!, run_id V!, quarantined_at T!",
    "quality_results": "run_id V!, checked_at T!, step V!, rule V!, why V!, severity V!, success B!, checked L!, "
    "failed L!, sample J",
    "snapshots": "snapshot_id V!, run_id V!, published_at T!, extractor_version V!, schema_version V!, articles L, "
    "events L, participants L, quotes L, agreements L",
}
TYPES = {"V": "VARCHAR", "V[]": "VARCHAR[]", "I": "INTEGER", "L": "BIGINT", "F": "DOUBLE", "B": "BOOLEAN", "D": "DATE",
         "T": "TIMESTAMP", "J": "JSON"}  # fmt: skip
PRIMARY = {"articles", "participants", "events", "quotes", "agreements", "snapshots"}


@pytest.fixture(scope="module")
def made():
    """All tables, made from their own DDL."""
    with duckdb.connect() as con:
        for table in schema.TABLES.values():
            con.execute(ddl(table))
            for statement in comments(table):
                con.execute(statement)
        yield con


@pytest.mark.parametrize("name", CONTRACT)
def test_a_published_table_begins_with_the_columns_of_the_contract(made, name):
    expected = []
    for column in CONTRACT[name].split(", "):
        column, kind = column.split()
        expected.append((column, TYPES[kind.rstrip("!")], not kind.endswith("!")))
    found = made.execute(
        "SELECT column_name, data_type, is_nullable FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index",
        [name],
    ).fetchall()
    assert found[: len(expected)] == expected
    # What is added to a contract table stands after its columns and may be asked for by name only.
    assert {c[0] for c in found[len(expected) :]} <= {"fetch_day", "step"}


def test_primary_keys_are_those_of_the_contract(made):
    found = made.execute("SELECT table_name FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'").fetchall()
    assert {name for (name,) in found} - {"countries", "sources", "reasons"} == PRIMARY


def test_every_table_and_column_has_its_comment_in_the_database(made):
    assert made.execute("SELECT table_name FROM duckdb_tables() WHERE comment IS NULL").fetchall() == []
    bare = made.execute("SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL")
    assert bare.fetchall() == []
    (comment,) = made.execute(
        "SELECT comment FROM duckdb_columns() WHERE table_name = 'events' AND column_name = 'status'"
    ).fetchone()
    assert comment.endswith("held | planned | cancelled")


def test_names_are_unique_and_layers_are_kept_apart():
    assert len(schema.TABLES) == len(schema.PUBLISHED) + sum(t.layer == "working" for t in schema.TABLES.values())
    assert all(t.layer == "published" for t in schema.PUBLISHED)
    assert {t.name for t in FACTS} == {name for name in schema.TABLES if name.startswith("fact_")}


def test_logs_are_exactly_what_grows_with_each_run():
    assert {t.name for t in schema.TABLES.values() if t.log} == {"quality_results", "snapshots"}


def test_plover_is_whole_and_its_scores_lie_in_range():
    assert len(codes.PLOVER) == 16
    assert codes.EVENT_TYPE.codes == tuple(codes.PLOVER)
    for plover in codes.PLOVER.values():
        assert str(plover.quad_class) in codes.QUAD_CLASS.codes
        for score in (plover.score, *plover.modes.values()):
            assert -10 <= score <= 10
    assert set(codes.MODE.codes) == {mode for plover in codes.PLOVER.values() for mode in plover.modes}
    assert codes.MODE.meanings["expel"] == "of THREATEN, SANCTION"


def test_a_code_with_a_hyphen_keeps_it():
    assert {"joint-statement", "letter-of-intent", "action-plan"} <= set(codes.INSTRUMENT.codes)
    assert {"under-negotiation", "in-force"} <= set(codes.AGREEMENT_STATUS.codes)


def test_every_code_list_is_used_by_a_column():
    used = {c.code_list.name for t in schema.TABLES.values() for c in t.columns if c.code_list is not None}
    assert used == {codes_.name for codes_ in codes.CODE_LISTS}


def test_columns_become_plain_records():
    by_name = {record.name: record for record in column_records(schema.table("events"))}
    assert by_name["event_id"].unique
    assert not by_name["event_id"].nullable
    assert by_name["status"].other == ("one of held, planned, cancelled",)
    assert by_name["country"].nullable
    assert by_name["country"].other == ("matches ^[A-Z]{3}$",)
    assert constraints(schema.table("event_participants"), schema.table("event_participants").column("side"))[:2] == [
        "not null",
        "part of the key",
    ]


def test_a_table_described_wrongly_is_refused():
    column = Column("a", "VARCHAR", "a letter")
    with pytest.raises(ValueError, match="twice"):
        Table("t", "", "", (), (column, column))
    with pytest.raises(ValueError, match=re.escape("['b']")):
        Table("t", "", "", ("b",), (column,))
    with pytest.raises(KeyError):
        schema.table("articles").column("colour")
