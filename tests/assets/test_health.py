"""What is told of the sources of a run: states, numbers that plot, the rules' frame; the same verdict on a replay."""

import datetime as dt

import pytest

from assets import health
from sources.log import LogEntry, Reason, Status
from tests.running import DAY, NOON, PROTEST, article, paper, run_steps, settings, write_catalogue, write_jsonl
from warehouse import database, snapshot


def entry(status, reason=None, **more):
    return LogEntry(DAY, "wire", "https://wire.example", status, reason, **more)


def test_fetching_is_told_by_source():
    log = [
        entry(Status.DOCUMENT, bytes=700, seconds=0.25),
        entry(Status.FAILED, Reason.TIMED_OUT, seconds=2.0),
        entry(Status.FAILED, Reason.TIMED_OUT),
        LogEntry(DAY, "asleep", "https://asleep.example", Status.FAILED, Reason.SOURCE_RESTING),
        LogEntry(DAY, "dead", "https://dead.example", Status.FAILED, Reason.CONNECT_FAILED),
    ]
    by_id = health.fetched(log).set_index("source_id")
    assert by_id["state"].to_dict() == {"asleep": "resting", "dead": "nothing came", "wire": "ok"}
    told = ("got", "failed", "bytes", "seconds", "why")
    assert by_id.loc["wire", list(told)].tolist() == [1, 2, 700, 2.2, "2 × The server did not answer in time."]
    assert health.fetched([]).empty


@pytest.mark.slow
def test_a_source_that_falls_far_below_its_median_is_told_of_and_the_run_goes_on(tmp_path):
    def run(number, articles, **more):
        rows = [article(100 * number + n, PROTEST.replace("Lisbon", f"Town {n}")) for n in range(articles)]
        write_jsonl(tmp_path / "paper.jsonl", *rows)
        day = DAY + dt.timedelta(days=number)
        return run_steps(where, f"run-{number}", day, now=NOON + dt.timedelta(days=number), **more)

    catalogue = write_catalogue(
        tmp_path / "sources.yml",
        paper(tmp_path / "paper.jsonl", outlet="The Paper"),
        {"id": "inbox", "kind": "folder", "path": "inbox"},
        {"id": "later", "kind": "feed", "url": "https://later.example/feed?token=secret", "enabled": False},
    )
    (tmp_path / "inbox").mkdir()
    where = settings(tmp_path, catalogue)
    for number in (0, 2, 3, 4, 7):  # the days between have no run
        assert "published" in run(number, 7)
    low = run(8, 2)
    assert "published" in low
    (broken,) = (r for r in low["articles"].results if r.rule == "source_median")
    assert (broken.success, broken.severity, broken.blocking) == (False, "warning", False)
    assert [row["finding"].split("; ")[0] for row in broken.sample] == [
        "paper: far below its median: 2 articles, its median of 5 days before is 7"
    ]
    table = low["articles"].previews["sources"]
    assert table[["source_id", "state", "delivered"]].values.tolist() == [
        ["paper", "far below its median", 2],
        ["inbox", "new", 0],  # an empty folder has nothing in the archive, and yet nothing is what it delivered
    ]
    numbers = low["articles"].counts
    assert (numbers["sources_far_below_median"], numbers["sources_new"], numbers["sources_silent"]) == (1, 1, 0)
    assert (numbers["delivered"], numbers["delivered: paper"], numbers["delivered: inbox"]) == (2, 2, 0)
    # Days that came later do not change the verdict on an earlier one, and a source not yet there is not judged.
    run(9, 20)
    again = run_steps(where, "run-again", DAY + dt.timedelta(days=8), replay=True, now=NOON + dt.timedelta(days=30))
    (verdict,) = (r for r in again["articles"].results if r.rule == "source_median")
    assert verdict.sample == broken.sample
    with database.connect(snapshot.latest(where.published), read_only=True) as con:
        seen = database.read(con, "select state, count(*) as n from source_health group by state order by n, state")
        entries = database.read(con, "select source_id, url, enabled from sources order by source_id")
        said = database.read(con, "select sentence from reasons where reason = 'timed_out'")
    assert seen.values.tolist() == [["far below its median", 1], ["ok", 1], ["new", 5]]
    assert entries["source_id"].tolist() == ["inbox", "later", "paper"]
    assert "secret" not in str(entries.values.tolist())
    assert said["sentence"].tolist() == ["The server did not answer in time."]


@pytest.mark.slow
def test_a_minimum_is_asked_of_a_source_when_it_was_tried(tmp_path):
    write_jsonl(tmp_path / "paper.jsonl", article(1))
    inbox = {"id": "inbox", "kind": "folder", "path": "inbox", "min_articles": 1, "reason": "the desk drops one a day"}
    (tmp_path / "inbox").mkdir()
    catalogue = write_catalogue(tmp_path / "sources.yml", paper(tmp_path / "paper.jsonl"), inbox)
    where = settings(tmp_path, catalogue)
    today = run_steps(where, "run-1")
    assert "the desk drops one a day" in str([r.sample for r in today["articles"].results if r.blocking])
    # Of a day replayed the archive has nothing of it: it was not yet there, or switched off.
    assert "published" in run_steps(where, "run-2", replay=True, now=NOON + dt.timedelta(days=9))
