"""Opening, closing, transactions, hashes."""

import subprocess
import sys

import duckdb
import pytest

from tests.warehouse.ledger import DAY, rows
from warehouse import database, load, schema
from warehouse.errors import DatabaseBusy, DatabaseUnreadable, QueryError, SchemaMismatch


def test_a_writer_leaves_no_log_behind_and_its_rows(working):
    with database.connect(working) as con:
        load.replace_keys(con, "identities", rows("identities", {"key": "k", "id": "1"}))
    assert not working.with_name("working.duckdb.wal").exists()
    with database.connect(working, read_only=True) as con:
        assert database.read_table(con, "identities")["id"].tolist() == ["1"]


def test_a_block_that_fails_closes_the_file_and_rolls_back(working):
    def fails():
        with database.connect(working) as con:
            con.begin()
            con.execute("DELETE FROM countries")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    with database.connect(working) as con:  # would be busy if it were still open
        assert database.read(con, "SELECT count(*) > 200 AS many FROM countries")["many"][0]


def test_times_are_utc(con):
    assert database.read(con, "SELECT current_setting('TimeZone') AS zone")["zone"][0] == "UTC"


def test_threads_can_be_set(working):
    with database.connect(working, threads=1) as con:
        assert database.read(con, "SELECT current_setting('threads') AS n")["n"][0] == 1


def test_the_process_that_holds_the_file_is_named(working):
    script = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(working)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout.readline() == "open\n"
        for read_only in (False, True):
            with pytest.raises(DatabaseBusy) as error, database.connect(working, read_only=read_only):
                pass
            assert error.value.pid == holder.pid
            assert str(holder.pid) in str(error.value)
    finally:
        holder.communicate()


def test_a_second_way_of_opening_in_one_process_is_busy_too(working, con):
    with pytest.raises(DatabaseBusy), database.connect(working, read_only=True):
        pass


def test_a_missing_file_and_one_that_is_no_database_are_unreadable(tmp_path):
    with pytest.raises(DatabaseUnreadable), database.connect(tmp_path / "none.duckdb", read_only=True):
        pass
    (tmp_path / "text.duckdb").write_text("a letter, not a database " * 500)
    with pytest.raises(DatabaseUnreadable), database.connect(tmp_path / "text.duckdb"):
        pass


def test_files_can_be_read_by_older_releases(con):
    options = con.execute("SELECT tags FROM duckdb_databases() WHERE database_name = current_database()").fetchone()
    assert options[0]["storage_version"].startswith("v1.4.0")


def test_creating_again_changes_nothing(con):
    before = database.logical_hashes(con)
    database.create(con)
    assert database.logical_hashes(con) == before
    assert set(before) == {name for name, table in schema.TABLES.items() if not table.log}


def test_a_table_that_is_not_as_described_is_refused(con):
    con.execute("ALTER TABLE events DROP COLUMN place")
    with pytest.raises(SchemaMismatch, match=r"events .*place VARCHAR"):
        database.create(con)


def test_countries_have_their_usual_names(con):
    frame = database.read(con, "SELECT name FROM countries WHERE country IN ('KOR', 'RUS') ORDER BY country")
    assert frame["name"].tolist() == ["South Korea", "Russia"]


def test_a_transaction_inside_another_joins_it(con):
    def fails():
        with database.transaction(con):
            load.replace_keys(con, "identities", rows("identities", {}))
            with database.transaction(con):
                con.execute("DELETE FROM countries")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert database.read_table(con, "identities").empty
    assert not database.read_table(con, "countries").empty
    with database.transaction(con):  # and the connection is as good as new
        con.execute("DELETE FROM countries")
    assert database.read_table(con, "countries").empty


def test_the_hash_ignores_order_and_sees_everything_else(con):
    def hash_of(*records):
        load.replace_tables(con, {"participants": rows("participants", *records)})
        return database.logical_hash(con, "participants")

    a = {"participant_id": "a", "aliases": ["x", "y"]}
    b = {"participant_id": "b", "role": None}
    seen = [
        hash_of(a, b),
        hash_of(a),
        hash_of(),
        hash_of({**a, "aliases": ["y", "x"]}, b),
        hash_of({**a, "aliases": ["x,y"]}, b),
        hash_of(a, {**b, "role": "null"}),
        hash_of(a, {**b, "role": ""}),
        hash_of({**a, "name": "b", "participant_id": "x"}, b),
    ]
    assert len(set(seen)) == len(seen)
    assert hash_of(b, a) == seen[0]


def test_the_hash_counts_repeated_rows(con):
    hashes = set()
    for times in (1, 2, 3):
        load.replace_day(con, "fetch_log", DAY, rows("fetch_log", *[{}] * times))
        hashes.add(database.logical_hash(con, "fetch_log"))
    assert len(hashes) == 3


def test_reading_gives_plain_lists_and_none(con):
    frame = database.read(con, "SELECT [1, 2] AS a, NULL::VARCHAR[] AS b, {'x': ['q']} AS c, NULL::VARCHAR AS d")
    assert frame.iloc[0].tolist() == [[1, 2], None, {"x": ["q"]}, None]


def test_parameters_and_refusals_of_a_query(con):
    assert database.read(con, "SELECT ? + 1 AS n", [2])["n"].tolist() == [3]
    with pytest.raises(QueryError, match="no_such_table"):
        database.read(con, "SELECT * FROM no_such_table")


def test_no_primary_keys_slow_the_working_database_down(working):
    with duckdb.connect(str(working), read_only=True) as con:
        kinds = con.execute("SELECT DISTINCT constraint_type FROM duckdb_constraints()").fetchall()
    assert kinds == [("NOT NULL",)]
