"""A process that is killed in the middle of a load leaves the rows of before, or all of the new ones."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.warehouse.ledger import DAY, rows
from warehouse import database, load

PROJECT = Path(__file__).resolve().parents[2]

HALFWAY = """
import sys, pathlib
from tests.warehouse.ledger import DAY, rows
from warehouse import database, load
with database.connect(pathlib.Path(sys.argv[1])) as con, database.transaction(con):
    load.replace_day(con, "fetch_log", DAY, rows("fetch_log", *[{"url": "new"}] * 2000))
    load.replace_tables(con, {"events": rows("events", {"event_id": "new"})})
    print("halfway", flush=True)
    sys.stdin.read()
"""

AGAIN_AND_AGAIN = """
import sys, pathlib
from tests.warehouse.ledger import DAY, rows
from warehouse import database, load
frames = [rows("fetch_log", *[{"url": name}] * 2000).drop(columns="fetch_day") for name in ("even", "odd")]
print("ready", flush=True)
turn = 0
with database.connect(pathlib.Path(sys.argv[1])) as con:
    while True:
        load.replace_day(con, "fetch_log", DAY, frames[turn % 2])
        turn += 1
"""


def start(script, path):
    return subprocess.Popen(
        [sys.executable, "-c", script, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
    )


def kill(process):
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()


def hashes(path):
    with database.connect(path) as con:
        return database.logical_hashes(con)


@pytest.mark.slow
def test_a_kill_halfway_leaves_the_old_rows(working):
    with database.connect(working) as con:
        load.replace_day(con, "fetch_log", DAY, rows("fetch_log", {"url": "old"}, {"url": "older"}))
        load.replace_tables(con, {"events": rows("events", {"event_id": "old"})})
        before = database.logical_hashes(con)
    process = start(HALFWAY, working)
    assert process.stdout.readline() == "halfway\n"
    kill(process)
    assert hashes(working) == before


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_one_whole_load(working):
    whole = set()
    for name in ("even", "odd"):
        with database.connect(working) as con:
            load.replace_day(con, "fetch_log", DAY, rows("fetch_log", *[{"url": name}] * 2000))
            whole.add(database.logical_hash(con, "fetch_log"))
    for moment in (0.15, 0.22, 0.31):
        process = start(AGAIN_AND_AGAIN, working)
        assert process.stdout.readline() == "ready\n"
        time.sleep(moment)
        kill(process)
        assert hashes(working)["fetch_log"] in whole
