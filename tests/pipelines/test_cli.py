"""The command line as a person uses it: processes of their own, exit codes, what is printed."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.running import MEETING, PROJECT, article, chancery, paper, write_catalogue, write_jsonl
from warehouse import database, snapshot

pytestmark = pytest.mark.slow
DAY = ("--day", "2026-03-03")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A folder in which one run has published: its path, and the run's result."""
    folder = tmp_path_factory.mktemp("desk")
    write_jsonl(folder / "paper.jsonl", article(1))
    write_catalogue(folder / "sources.yml", paper(folder / "paper.jsonl"))
    return folder, chancery(*run(folder))


def run(folder: Path, *more: str) -> list[str]:
    return ["run", "--sources", str(folder / "sources.yml"), "--data", str(folder / "data"), *DAY, *more]


def test_run_publishes_and_says_how_to_query(desk):
    folder, result = desk
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Snapshot" in result.stdout
    assert "latest.duckdb" in result.stdout
    query = result.stdout.split('chancery sql "')[1].split('"')[0].replace("\n", " ")
    answer = chancery("sql", query, "--data", str(folder / "data"))
    assert answer.returncode == 0, answer.stderr
    assert "Finland" in answer.stdout
    assert "Sweden" in answer.stdout


def test_sql_prints_comma_separated_values_and_names_a_mistake(desk):
    folder, _ = desk
    data = ("--data", str(folder / "data"))
    assert chancery("sql", "select count(*) as n from articles", "--csv", *data).stdout.split() == ["n", "1"]
    wrong = chancery("sql", "select nothing from nowhere", *data)
    assert wrong.returncode == 1
    assert "nowhere" in wrong.stderr
    assert "Traceback" not in wrong.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "--data", "{file}/x"), "the folder cannot be made: Not a directory"),
        (("replay-page", "--day", "monday", "--source", "a", "--url", "b"), "expected a date"),
        (("run", "--day", "2019-01-01"), "expected a day from 2020-01-01"),
        (("add", "paper.example", "--id", "No Slug"), "lower-case letters"),
    ],
)
def test_a_mistake_is_one_sentence(tmp_path, arguments, words):
    (tmp_path / "file").write_text("")
    result = chancery(*(argument.format(file=tmp_path / "file") for argument in arguments))
    assert result.returncode == 1
    assert words in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


def test_a_wrong_setting_names_itself_and_help_is_for_people():
    result = chancery("run", environment={"CHANCERY_WORKERS": "many"})
    assert "workers: Input should be a valid integer" in " ".join(result.stderr.split())
    assert "pydantic" not in result.stderr
    assert "What belongs here" not in chancery("--help").stdout


def test_the_pointer_is_a_link_to_an_immutable_file(desk):
    published = desk[0] / "data" / "published"
    latest = published / "latest.duckdb"
    assert latest.is_symlink()
    assert latest.resolve().parent == published
    assert not latest.resolve().stat().st_mode & 0o222
    assert not list(published.glob("*.wal"))


def test_held_back_by_a_gate(desk, tmp_path):
    folder = tmp_path / "desk"
    shutil.copytree(desk[0], folder, symlinks=True)
    before = snapshot.latest(folder / "data" / "published")
    reason = "the paper prints nine stories a day"
    write_catalogue(folder / "sources.yml", paper(folder / "paper.jsonl", min_articles=9, reason=reason))
    result = chancery(*run(folder))
    assert result.returncode == 3, result.stdout + result.stderr
    words = " ".join(result.stdout.split())
    assert "source_minimum" in words
    assert reason in words
    assert "Nothing was published" in words
    assert snapshot.latest(folder / "data" / "published") == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--day", "soon"], "expected a date"),
        (["--day", "1999-01-01"], "expected a day from"),
        (["--sources", "no-such-catalogue.yml"], "no-such-catalogue.yml"),
    ],
)
def test_a_mistake_on_the_command_line_is_an_error_in_words(tmp_path, arguments, words):
    result = chancery("run", "--data", str(tmp_path), *arguments)
    assert result.returncode == 1
    assert words in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


def test_every_mistake_of_a_catalogue_is_listed_before_anything_is_fetched(tmp_path):
    catalogue = write_catalogue(
        tmp_path / "sources.yml",
        {"id": "a", "kind": "letter", "path": "x"},
        {"id": "b", "kind": "feed"},
        {"id": "c", "kind": "jsonl", "path": "c.jsonl", "min_articles": "many"},
    )
    result = chancery("run", "--sources", str(catalogue), "--data", str(tmp_path / "data"))
    assert result.returncode == 1
    for word in ("kind", "path", "min_articles"):
        assert word in result.stderr
    assert not (tmp_path / "data" / "archive").exists()


def test_extract_shows_facts_without_storing(tmp_path):
    file = tmp_path / "story.txt"
    file.write_text(MEETING, "utf-8")
    result = chancery("extract", str(file), "--published", "2026-03-02")
    assert result.returncode == 0, result.stderr
    assert "Aino Virtanen" in result.stdout
    assert "CONSULT" in result.stdout
    assert "2026-03-02" in result.stdout
    file.write_bytes(b"")
    empty = chancery("extract", str(file))
    assert empty.returncode == 1
    assert "empty" in empty.stdout + empty.stderr


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("unshare"), reason="a network name space needs root")
def test_a_replay_needs_no_network(desk, tmp_path):
    folder = tmp_path / "desk"
    shutil.copytree(desk[0], folder, symlinks=True)
    before = hashes(folder)
    result = chancery(*run(folder, "--replay"), prefix=("unshare", "--net"))
    assert result.returncode == 0, result.stdout + result.stderr
    assert hashes(folder) == before


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("unshare"), reason="a network name space needs root")
def test_a_rebuild_needs_no_network_and_gives_equal_rows(desk, tmp_path):
    folder = tmp_path / "desk"
    shutil.copytree(desk[0], folder, symlinks=True)
    before = hashes(folder)
    (folder / "paper.jsonl").unlink()  # all is in the archive
    arguments = ["rebuild", "--sources", str(folder / "sources.yml"), "--data", str(folder / "data")]
    result = chancery(*arguments, prefix=("unshare", "--net"))
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Query it" in result.stdout
    assert {name for name, rows in hashes(folder).items() if rows != before[name]} == {"extractions"}  # their times
    with (folder / "data" / "run.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = chancery(*arguments)
    assert refused.returncode == 1
    assert "another run holds the ledger" in " ".join(refused.stdout.split())
    write_catalogue(folder / "sources.yml", paper(folder / "paper.jsonl", min_articles=9, reason="nine stories a day"))
    missing = chancery(*run(folder))
    assert missing.returncode == 1
    assert "nothing at" in missing.stderr
    held = chancery(*arguments)
    assert held.returncode == 3, held.stdout + held.stderr
    assert "nine stories a day" in " ".join(held.stdout.split())


def hashes(folder: Path) -> dict[str, str]:
    with database.connect(folder / "data" / "working.duckdb") as con:
        return database.logical_hashes(con)


def test_a_killed_run_is_taken_up_again(desk, tmp_path):
    folder = tmp_path / "desk"
    shutil.copytree(desk[0], folder, symlinks=True)
    before = hashes(folder)
    process = subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", *run(folder)],
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    lock = folder / "data" / "run.lock"
    deadline = time.monotonic() + 120
    while str(process.pid) not in lock.read_text() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    result = chancery(*run(folder))
    assert result.returncode == 0, result.stdout + result.stderr
    assert hashes(folder) == before
    assert statuses(folder).count("SUCCESS") == 2
    assert set(statuses(folder)) == {"SUCCESS", "FAILURE"}


def statuses(folder: Path) -> list[str]:
    """The statuses of all runs that Dagster knows of."""
    code = (
        "import dagster as dg, json; print(json.dumps([r.status.value for r in dg.DagsterInstance.get().get_runs()]))"
    )
    out = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "DAGSTER_HOME": str(folder / "data" / "dagster")},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(out.stdout)
