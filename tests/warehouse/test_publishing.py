"""From the working database to an immutable file and a pointer that moves in one step."""

import datetime as dt

import pytest

from tests.warehouse.ledger import rows, world
from warehouse import database, load, schema, snapshot, views
from warehouse.errors import DatabaseBusy, DatabaseUnreadable, LoadError, PublishError


@pytest.fixture
def published(tmp_path):
    return tmp_path / "data" / "published"


def put(working, frames):
    with database.connect(working) as con:
        load.replace_tables(con, frames)


def test_a_candidate_holds_every_published_table_and_nothing_of_the_working_ones(working, candidate):
    put(working, world())
    with database.connect(working) as con:
        expected = database.logical_hashes(con)
    path, _ = candidate()
    with database.connect(path, read_only=True) as con:
        assert database.logical_hashes(con) == {t.name: expected[t.name] for t in schema.PUBLISHED if not t.log}
        names = database.read(con, "SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY 1")["view_name"]
        keys = database.read(con, "SELECT 1 FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'")
    assert names.tolist() == [view.name for view in views.load_views()]
    assert len(keys) == 9
    assert not path.with_name(path.name + ".wal").exists()


def test_the_last_row_of_the_log_is_this_file(working, candidate):
    put(working, world())
    path, name = candidate()
    with database.connect(path, read_only=True) as con:
        row = database.read_table(con, "snapshots").iloc[-1]
    assert row["snapshot_id"] == name
    assert row["schema_version"] == schema.SCHEMA_VERSION
    assert row[["articles", "events", "participants", "quotes", "agreements"]].tolist() == [3, 4, 4, 3, 1]


def test_comments_reach_the_published_file(candidate):
    path, _ = candidate()
    with database.connect(path, read_only=True) as con:
        bare = database.read(con, "SELECT column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL")
        view = database.read(con, "SELECT comment FROM duckdb_views() WHERE view_name = 'meetings'")
    assert bare.empty
    assert view["comment"].tolist() == ["Who met whom, by pair of states and month?"]


def test_older_releases_of_duckdb_can_read_it(candidate):
    path, _ = candidate()
    with database.connect(path, read_only=True) as con:
        tags = con.execute("SELECT tags FROM duckdb_databases() WHERE database_name = current_database()").fetchone()
    assert tags[0]["storage_version"].startswith("v1.4.0")


def test_the_audit_is_added_before_publication(candidate, published):
    path, name = candidate()
    snapshot.append_results(path, rows("quality_results", {"rule": "spans"}))
    target = snapshot.publish(path, published, name, keep=3)
    with database.connect(target, read_only=True) as con:
        assert database.read_table(con, "quality_results")["rule"].tolist() == ["spans"]


def test_publishing_moves_the_candidate_and_the_pointer(candidate, published):
    assert snapshot.latest(published) is None
    path, name = candidate()
    target = snapshot.publish(path, published, name, keep=3)
    assert target.name == f"chancery-{name}.duckdb"
    assert not path.exists()
    assert target.stat().st_mode & 0o777 == 0o444
    assert snapshot.latest(published) == target
    assert (published / "latest.duckdb").readlink() == type(target)(target.name)
    assert sorted(p.name for p in published.iterdir()) == [target.name, "latest.duckdb"]


def test_the_pointer_opens_as_a_database_and_its_views_work(working, candidate, published):
    put(working, world())
    path, name = candidate()
    snapshot.publish(path, published, name, keep=3)
    with database.connect(published / "latest.duckdb", read_only=True) as con:
        assert not database.read(con, "SELECT * FROM meetings").empty


def test_only_the_last_snapshots_are_kept(candidate, published):
    made = []
    for _ in range(4):
        path, name = candidate()
        made.append(snapshot.publish(path, published, name, keep=2))
    assert snapshot.snapshots(published) == made[-2:]
    assert snapshot.latest(published) == made[-1]


def test_the_snapshot_that_is_pointed_to_is_never_pruned(candidate, published, monkeypatch):
    path, name = candidate()
    first = snapshot.publish(path, published, name, keep=1)
    # Somebody moves the pointer back to an old file and later snapshots are published without taking it.
    monkeypatch.setattr(snapshot, "_point", lambda folder, name: None)
    for _ in range(2):
        path, name = candidate()
        last = snapshot.publish(path, published, name, keep=1)
    assert snapshot.snapshots(published) == [first, last]


def test_a_published_file_cannot_be_opened_for_writing_nor_published_again(candidate, published, tmp_path):
    path, name = candidate()
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(path.read_bytes())
    target = snapshot.publish(path, published, name, keep=3)
    before = target.read_bytes()
    with pytest.raises(DatabaseUnreadable, match="must not be opened for writing"), database.connect(target):
        pass
    with pytest.raises(PublishError, match="published already"):
        snapshot.publish(copy, published, name, keep=3)
    assert target.read_bytes() == before


def test_a_log_beside_the_file_stops_publication(candidate, published):
    path, name = candidate()
    path.with_name(path.name + ".wal").write_bytes(b"")
    with pytest.raises(PublishError, match="was not closed"):
        snapshot.publish(path, published, name, keep=3)
    assert snapshot.latest(published) is None


def test_a_candidate_of_another_name_and_a_missing_one_are_refused(candidate, published, tmp_path):
    path, _ = candidate()
    with pytest.raises(PublishError, match="is snapshot"):
        snapshot.publish(path, published, snapshot.snapshot_id(), keep=3)
    with pytest.raises(PublishError, match="does not exist"):
        snapshot.publish(tmp_path / "none.duckdb", published, "x", keep=3)
    with pytest.raises(PublishError, match="at least one"):
        snapshot.publish(path, published, "x", keep=0)


def test_a_pointer_that_cannot_be_moved_stays_where_it_was(candidate, published, monkeypatch):
    path, name = candidate()
    first = snapshot.publish(path, published, name, keep=3)

    def full(*_):
        raise OSError("no space left on device")

    path, name = candidate()
    monkeypatch.setattr(snapshot, "_sync", full)
    with pytest.raises(PublishError, match="no space"):
        snapshot.publish(path, published, name, keep=3)
    assert snapshot.latest(published) == first


def test_what_dead_runs_left_is_swept(working, candidate, published):
    path, name = candidate()
    leftover = path.with_name("20200101T000000000000Z-dead00.duckdb")
    leftover.write_bytes(b"half")
    leftover.with_name(leftover.name + ".wal").write_bytes(b"half")
    leftover.with_name(leftover.name + ".tmp").mkdir()
    snapshot.publish(path, published, name, keep=3)
    (published / ".latest.duckdb.dead").symlink_to("nowhere")
    path, name = candidate()
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    snapshot.publish(path, published, name, keep=3)
    assert not [p for p in published.iterdir() if p.name.startswith(".")]


def test_a_candidate_beside_other_databases_is_refused(working, published, candidate):
    details = snapshot.Snapshot("x", "run", dt.datetime.now(dt.UTC), "1")
    with pytest.raises(PublishError, match="nothing else"):
        snapshot.build_candidate(working, working.with_name("candidate.duckdb"), details)
    path, name = candidate()
    snapshot.publish(path, published, name, keep=3)
    with pytest.raises(PublishError, match="nothing else"):
        snapshot.build_candidate(working, published / "candidate.duckdb", details)
    assert working.exists()
    assert snapshot.latest(published) is not None


def test_a_build_that_fails_leaves_no_half_file(working, tmp_path):
    with database.connect(working) as con:
        con.execute("DROP TABLE quotes")
    path = tmp_path / "data" / "candidate" / "c.duckdb"
    with pytest.raises(PublishError, match="quotes"):
        snapshot.build_candidate(working, path, snapshot.Snapshot("x", "run", dt.datetime.now(dt.UTC), "1"))
    assert list(path.parent.iterdir()) == []


def test_an_open_or_missing_working_database_is_a_typed_error(working, tmp_path):
    details = snapshot.Snapshot("x", "run", dt.datetime.now(dt.UTC), "1")
    path = tmp_path / "data" / "candidate" / "c.duckdb"
    with database.connect(working), pytest.raises(DatabaseBusy):
        snapshot.build_candidate(working, path, details)
    with pytest.raises(DatabaseUnreadable):
        snapshot.build_candidate(tmp_path / "none.duckdb", path, details)
    with database.connect(path.with_name("other.duckdb")):  # and the process goes on
        pass


def test_the_log_comes_back_into_the_working_database(working, candidate, published):
    names = []
    for round_ in range(3):
        path, name = candidate()
        audit = rows("quality_results", {"rule": f"rule {round_}", "sample": [{"é": round_}]})
        snapshot.append_results(path, audit)
        if round_ == 1:  # a run that has told the working database already
            with database.connect(working) as con:
                load.append(con, "quality_results", audit)
        target = snapshot.publish(path, published, name, keep=1)
        names.append(name)
        for _ in range(2):  # doing it twice changes nothing
            with database.connect(working) as con:
                snapshot.record(con, target)
    with database.connect(target, read_only=True) as con:
        assert database.read_table(con, "snapshots")["snapshot_id"].tolist() == names
        assert database.read_table(con, "quality_results")["rule"].tolist() == ["rule 0", "rule 1", "rule 2"]
    with database.connect(working) as con:
        assert len(database.read_table(con, "snapshots")) == 3
        assert len(database.read_table(con, "quality_results")) == 3


def test_a_pointer_that_leads_nowhere_is_an_error(candidate, published):
    path, name = candidate()
    snapshot.publish(path, published, name, keep=3).unlink()
    with pytest.raises(DatabaseUnreadable, match="not there"):
        snapshot.latest(published)


def test_ids_sort_by_age_and_never_meet():
    moment = dt.datetime(2031, 3, 4, 5, 6, 7, 89, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    assert snapshot.snapshot_id(moment).startswith("20310304T030607000089Z-")
    assert len({snapshot.snapshot_id(moment) for _ in range(100)}) > 90
    made = [snapshot.snapshot_id() for _ in range(100)]
    assert sorted(made, key=lambda name: name.split("-")[0]) == made


def test_a_key_given_twice_stops_the_build(working, tmp_path):
    with database.connect(working) as con:
        load.replace_tables(con, {"events": rows("events", {"event_id": "e"})})
        con.execute("INSERT INTO events SELECT * FROM events")
        with pytest.raises(LoadError):
            load.replace_tables(con, {"events": rows("events", {"event_id": "e"}, {"event_id": "e"})})
    details = snapshot.Snapshot("x", "run", dt.datetime.now(dt.UTC), "1")
    with pytest.raises(PublishError, match="duplicate key"):
        snapshot.build_candidate(working, tmp_path / "data" / "candidate" / "c.duckdb", details)
