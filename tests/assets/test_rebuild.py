"""The working database from the archive alone: equal rows, equal ids, and the old one stays when anything is amiss."""

import datetime as dt
import shutil
from pathlib import Path

import pytest

from assets.rebuild import HeldBack, RebuildRefused, rebuild
from tests.running import DAY, MEETING, NOON, PROTEST, article, paper, run_steps, settings, write_catalogue, write_jsonl
from warehouse import database, schema, snapshot

pytestmark = pytest.mark.slow

# When and by which run a thing was noted, and how long it took; everything else comes out of the archive.
NOTED = {
    "extractions": {"seconds", "extracted_at"},
    "identities": {"registered_at"},
    "forwarded_ids": {"forwarded_at"},
    "quarantine": {"run_id", "quarantined_at"},
}
TALKS = MEETING.replace("Helsinki", "Turku").replace("rescue", "patrols")
VOTE = """Lawmakers in Stockholm ratified the protocol on joint sea rescue with Finland on Wednesday.

Foreign Minister Lindqvist said that the first exercise would be held in June."""
LATER = NOON + dt.timedelta(days=40)


def nights(folder: Path):
    """Three nights of a paper and an inbox: new, changed, repeated, held back and refused things; the settings."""
    inbox = folder / "inbox"
    inbox.mkdir(parents=True)
    (inbox / "broken.txt").write_bytes(bytes(range(256)) * 40)
    where = settings(
        folder,
        write_catalogue(
            folder / "sources.yml",
            paper(folder / "paper.jsonl"),
            {"id": "inbox", "kind": "folder", "path": "inbox", "language": "en"},
        ),
    )
    on_days = (
        [
            article(1),
            article(2, PROTEST),
            article(6, PROTEST.replace("Lisbon", "Braga")),
            article(9, PROTEST, published_at="2031-01-01"),
        ],
        [article(2, PROTEST.replace("Lisbon", "Porto")), article(3, TALKS, outlet="Another Paper")],
        [article(4, VOTE, published_at="2026-03-05"), article(5, MEETING, outlet="Copy Wire")],
    )
    for number, articles in enumerate(on_days):
        write_jsonl(folder / "paper.jsonl", *articles)
        (inbox / f"note-{number}.txt").write_text(f"{PROTEST} It was march number {number}.", "utf-8")
        day, now = DAY + dt.timedelta(days=number), NOON + dt.timedelta(days=number)
        assert "published" in run_steps(where, f"night-{number}", day, now=now)
    return where


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """A folder in which three nights have run."""
    folder = tmp_path_factory.mktemp("lived")
    nights(folder)
    return folder


@pytest.fixture
def ledger(lived, tmp_path):
    """A copy of that folder: its settings."""
    shutil.copytree(lived, tmp_path / "copy", symlinks=True)
    return settings(tmp_path / "copy", tmp_path / "copy" / "sources.yml")


def content(where, noted=None):
    """Every table but the logs as its rows in order, without the columns that say when something was noted."""
    out = {}
    with database.connect(where.working) as con:
        for table in schema.TABLES.values():
            kept = [c for c in table.names if c not in (noted or {}).get(table.name, ())]
            if not table.log:
                rows = database.read_table(con, table.name)[kept]
                out[table.name] = sorted(map(repr, rows.itertuples(index=False, name=None)))
    return out


def test_from_the_archive_alone_come_equal_rows_and_equal_ids(ledger, tmp_path):
    before = content(ledger, NOTED)
    filled = {name for name, rows in before.items() if rows}
    assert {"articles", "fetch_log", "fact_quotes", "participants", "events", "quotes", "agreements", "quarantine",
            "event_mentions", "participant_mentions", "agreement_mentions", "identities"} <= filled  # fmt: skip
    fresh = settings(tmp_path / "fresh", ledger.sources)
    shutil.copytree(ledger.archive, fresh.archive)
    done = rebuild(fresh, "rebuild-1", lambda: LATER)
    after = content(fresh, NOTED)
    assert {name for name in before if before[name] != after[name]} == set()
    assert (done.days, done.held_back, done.registers_from) == (3, {}, "nothing")
    with database.connect(snapshot.latest(fresh.published), read_only=True) as con:
        assert database.read(con, "select count(*) as n from articles")["n"][0] == len(before["articles"])
    assert not list((fresh.data / "rebuild").iterdir())


def test_over_the_old_one_even_the_times_stay_and_the_logs_go_on(ledger):
    before = content(ledger, {"extractions": NOTED["extractions"]})
    log = "select run_id from snapshots order by snapshot_id"
    done = rebuild(ledger, "rebuild-1", lambda: LATER)
    assert content(ledger, {"extractions": NOTED["extractions"]}) == before
    assert done.registers_from == "working.duckdb"
    assert done.changed[["only_new", "only_old"]].to_numpy().sum() == 0
    assert done.changed.set_index("table")["rows"]["articles"] == len(before["articles"])
    with database.connect(ledger.working) as con:
        assert database.read(con, log)["run_id"].tolist() == ["night-0", "night-1", "night-2", "rebuild-1"]


def test_ids_of_the_old_register_stay_whatever_the_archive_would_give(ledger):
    """Ids are for ever: an id that another extractor or another order of days gave is not given anew."""
    with database.connect(ledger.working) as con:
        con.execute("update identities set id = 'old-' || id")
        con.execute(
            """insert into forwarded_ids
               select 'event', 'gone', 'old-' || min(event_id), timestamp '2026-03-04' from events"""
        )
    rebuild(ledger, "rebuild-1", lambda: LATER)
    with database.connect(ledger.working) as con:
        ids = database.read(con, "select event_id as id from events union all select participant_id from participants")
        gone = database.read(con, "select count(*) as n from forwarded_ids where old_id = 'gone'")
    assert ids["id"].str.startswith("old-").all()
    assert gone["n"][0] == 1


def test_a_lost_database_is_made_anew_with_the_published_logs(ledger):
    before = content(ledger, NOTED)
    ledger.working.unlink()
    said = []
    done = rebuild(ledger, "rebuild-1", lambda: LATER, said.append)
    assert content(ledger, NOTED) == before
    assert done.registers_from.startswith("chancery-")
    assert "day 2026-03-04, 2 of 3" in said
    with database.connect(ledger.working) as con:
        assert len(database.read(con, "select * from snapshots")) == 4


def test_what_a_rule_holds_back_leaves_the_old_one(ledger):
    before, latest = content(ledger), snapshot.latest(ledger.published)
    write_catalogue(
        ledger.sources, paper(ledger.data.parent / "paper.jsonl", min_articles=3, reason="three stories at least")
    )
    with pytest.raises(HeldBack, match=r"day 2026-03-04.*source_minimum.*three stories at least.*stays"):
        rebuild(ledger, "rebuild-1", lambda: LATER)
    assert content(ledger) == before
    assert snapshot.latest(ledger.published) == latest
    # Without an old database there is nothing to lose: such days are left out, as the nightly runs leave them out.
    ledger.working.unlink()
    shutil.rmtree(ledger.published)
    done = rebuild(ledger, "rebuild-2", lambda: LATER)
    assert done.held_back == dict.fromkeys((DAY + dt.timedelta(days=1), DAY + dt.timedelta(days=2)), "source_minimum")
    assert done.days == 1


def test_a_day_that_the_archive_has_lost_leaves_the_old_one(ledger):
    with database.connect(ledger.working) as con:
        con.execute("insert into fetch_log by name select * replace (date '2026-02-01' as fetch_day) from fetch_log")
    before = content(ledger)
    with pytest.raises(RebuildRefused, match="2026-02-01"):
        rebuild(ledger, "rebuild-1", lambda: LATER)
    assert content(ledger) == before


def test_an_archive_of_nothing_is_refused(tmp_path):
    where = settings(tmp_path, write_catalogue(tmp_path / "sources.yml"))
    with pytest.raises(RebuildRefused, match="no day"):
        rebuild(where, "rebuild-1")


def test_an_old_database_that_cannot_be_read_is_not_thrown_away(ledger):
    ledger.working.write_bytes(b"no database")
    with pytest.raises(database.DatabaseUnreadable):
        rebuild(ledger, "rebuild-1", lambda: LATER)
    assert ledger.working.read_bytes() == b"no database"
