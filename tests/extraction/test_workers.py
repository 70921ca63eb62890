import os
import signal
import threading
import time
from pathlib import Path

import pytest

from extraction import workers
from extraction.workers import DIED, Job, extract_many

TEXT = (
    "Norwegian Foreign Minister Kari Lund met Swedish counterpart Per Berg in Oslo on Monday. “We agree,” Lund said. "
)


class Poison(Job):
    """A job that kills the process that unpacks it."""

    def __reduce__(self):
        return os._exit, (9,)


@pytest.fixture
def small(monkeypatch):
    """Small chunks, and worker processes for any amount of text."""
    monkeypatch.setattr(workers, "ONE_PROCESS_CHARS", 0)
    monkeypatch.setattr(workers, "CHUNK_CHARS", 300)


def test_one_process_and_many_give_the_same_facts(small):
    jobs = [Job(f"a{n}", TEXT * (n + 1)) for n in range(4)]
    alone = {r.article_id: r.facts for r in extract_many(jobs, workers=1)}
    together = {r.article_id: r.facts for r in extract_many(jobs, workers=2)}
    assert together == alone
    assert set(alone) == {"a0", "a1", "a2", "a3"}


def test_an_article_that_kills_its_worker_is_named_and_the_others_go_on(small):
    jobs = [Job("a0", TEXT), Job("a1", TEXT), Poison("bad", TEXT), Job("a2", TEXT), Job("a3", TEXT)]
    results = {r.article_id: r for r in extract_many(jobs, workers=2)}
    assert len(results) == len(jobs)
    assert (results["bad"].error, results["bad"].facts) == (DIED, None)
    assert all(results[f"a{n}"].error is None and results[f"a{n}"].facts for n in range(4))


def test_a_worker_killed_from_outside_loses_nothing(small):
    jobs = [Job(f"a{n}", TEXT * 3) for n in range(12)]
    killed = []

    def kill_one():
        for _ in range(400):
            children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
            workers_alive = [c for c in children if b"spawn_main" in Path(f"/proc/{c}/cmdline").read_bytes()]
            if workers_alive:
                os.kill(int(workers_alive[0]), signal.SIGKILL)
                killed.append(workers_alive[0])
                return
            time.sleep(0.01)

    results = []
    thread = threading.Thread(target=kill_one)
    for result in extract_many(jobs, workers=2):
        if not results:
            thread.start()
        results.append(result)
    thread.join()
    assert killed
    assert sorted(r.article_id for r in results) == sorted(j.article_id for j in jobs)
    assert all(r.error is None for r in results)


def test_a_layer_that_raises_spoils_only_its_article(monkeypatch):
    def broken(document):
        if "Oslo" in document.text:
            raise RuntimeError("no such town")
        return workers_facts(document)

    workers_facts = workers.facts_of
    monkeypatch.setattr(workers, "facts_of", broken)
    good, bad = extract_many([Job("good", "Nothing happened."), Job("bad", TEXT)])
    assert good.error is None
    assert bad.error == "RuntimeError: no such town"


def test_no_jobs_no_results():
    assert list(extract_many([], workers=2)) == []
