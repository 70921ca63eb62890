"""Real reader processes while ten snapshots are published: they see whole snapshots only."""

import datetime as dt
import hashlib
import json
import subprocess
import sys

import pytest

from tests.warehouse.ledger import rows
from warehouse import database, load, snapshot

# Every row of a snapshot carries its number in `version`, there are 300 of them per number, and the log counts them.
LOOK = """
import sys, json, duckdb
def look(con):
    return con.execute('''SELECT count(*), min(version), max(version), count(DISTINCT article_id),
        (SELECT articles FROM snapshots ORDER BY snapshot_id DESC LIMIT 1), (SELECT sum(articles) FROM outlet_coverage)
        FROM articles''').fetchone()
"""
HOLDER = (
    LOOK
    + """
con = duckdb.connect(sys.argv[1], read_only=True)
print(json.dumps(look(con)), flush=True)
sys.stdin.readline()
print(json.dumps(look(con)), flush=True)
"""
)
COMER = (
    LOOK
    + """
import os
print("ready", flush=True)
seen = []
while not os.path.exists(sys.argv[2]):
    with duckdb.connect(sys.argv[1], read_only=True) as con:
        seen.append([look(con), look(con)])
print(json.dumps(seen))
"""
)


def start(script, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def publish(working, folder, number):
    with database.connect(working) as con:
        articles = rows("articles", *({"article_id": f"a{n}", "version": number} for n in range(300 * number)))
        load.replace_tables(con, {"articles": articles})
    name = snapshot.snapshot_id()
    path = folder / "candidate" / f"{name}.duckdb"
    snapshot.build_candidate(working, path, snapshot.Snapshot(name, f"run-{number}", dt.datetime.now(dt.UTC), "1"))
    target = snapshot.publish(path, folder / "published", name, keep=3)
    with database.connect(working) as con:
        snapshot.record(con, target)
    return target


def whole(number):
    return [300 * number, number, number, 300 * number, 300 * number, 300 * number]


@pytest.mark.slow
def test_readers_see_whole_snapshots_only(working):
    folder = working.parent
    files = {}
    publish(working, folder, 1)
    pointer = folder / "published" / "latest.duckdb"
    stop = folder / "stop"
    holder, comer = start(HOLDER, pointer), start(COMER, pointer, stop)
    assert json.loads(holder.stdout.readline()) == whole(1)
    assert comer.stdout.readline() == "ready\n"
    for number in range(2, 12):
        target = publish(working, folder, number)
        files[target] = hashlib.sha256(target.read_bytes()).hexdigest()
    stop.touch()
    seen, complaint = comer.communicate(timeout=60)
    assert comer.returncode == 0, complaint
    after, complaint = holder.communicate("\n", timeout=60)
    assert holder.returncode == 0, complaint

    # The one that held its file, pruned long ago, goes on reading it.
    assert json.loads(after) == whole(1)
    numbers = []
    for first, second in json.loads(seen):
        assert first == second == whole(first[1])
        numbers.append(first[1])
    assert numbers == sorted(numbers)
    assert len(set(numbers)) > 2, "the reader came too seldom to prove anything"
    # Nothing that was published was written to again.
    left = snapshot.snapshots(folder / "published")
    assert len(left) == 3
    for path in left:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == files[path]
