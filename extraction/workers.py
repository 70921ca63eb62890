"""Many articles through extraction, in worker processes that may die.

What belongs here: chunks, processes, and what happens to an article whose parse kills its worker.
What does not: the extraction of one article (``extract``).
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from spacy.tokens import Doc

from extraction.document import Document, parse, parse_many
from extraction.extract import facts_of
from extraction.facts import ArticleFacts

# Starting a worker costs some two seconds of imports and model; below this many characters one process is faster.
ONE_PROCESS_CHARS = 100_000
# Enough text to make the hand-over cheap, little enough that a dead worker loses seconds of work.
CHUNK_CHARS = 40_000
DIED = "the worker process died while it read this article"


@dataclass(frozen=True, slots=True)
class Job:
    """An article to extract."""

    article_id: str
    text: str
    published: dt.date | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Extracted:
    """What became of a job: ``facts``, or an ``error`` in words; ``seconds`` of processor and waiting in its worker."""

    article_id: str
    facts: ArticleFacts | None
    seconds: float
    error: str | None = None


Chunk = tuple[Job, ...]


def extract_many(jobs: Sequence[Job], workers: int = 1) -> Iterator[Extracted]:
    """Extract the jobs, each exactly once, in any order.

    An article whose layers raise, or whose parse kills the worker, comes back with its error; the others go on.
    """
    if workers <= 1 or sum(len(j.text) for j in jobs) < ONE_PROCESS_CHARS:
        yield from _extract_chunk(tuple(jobs))
        return
    waiting = _chunks(jobs)
    while waiting:
        done: set[Chunk] = set()
        suspects: list[Chunk] = []
        for chunk, results in _run_pool(waiting, workers):
            if results is None:
                suspects.append(chunk)
            else:
                done.add(chunk)
                yield from results
        waiting = [c for c in waiting if c not in done and c not in suspects]
        for chunk in suspects:
            yield from _run_alone(chunk)


def _chunks(jobs: Sequence[Job]) -> list[Chunk]:
    chunks: list[Chunk] = []
    current: list[Job] = []
    size = 0
    for job in jobs:
        if current and size + len(job.text) > CHUNK_CHARS:
            chunks.append(tuple(current))
            current, size = [], 0
        current.append(job)
        size += len(job.text)
    return [*chunks, tuple(current)] if current else chunks


def _pool(workers: int) -> ProcessPoolExecutor:
    # spawn: the caller may hold threads and open databases, neither of which survives a fork.
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


def _run_pool(chunks: list[Chunk], workers: int) -> Iterator[tuple[Chunk, list[Extracted] | None]]:
    """Results by chunk.  When a worker dies: None for each chunk that may have killed it, nothing for the others."""
    with _pool(workers) as pool:
        todo = list(reversed(chunks))
        running: dict[Future[list[Extracted]], Chunk] = {}
        while todo or running:
            # Hand over only what the workers are busy with, so that few chunks are under suspicion when one dies.
            while todo and len(running) < workers + 1:
                chunk = todo.pop()
                running[pool.submit(_extract_chunk, chunk)] = chunk
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            broken = False
            for future in finished:
                try:
                    yield running[future], future.result()
                    del running[future]
                except BrokenProcessPool:
                    broken = True
            if broken:
                for chunk in running.values():
                    yield chunk, None
                return


def _run_alone(chunk: Chunk) -> list[Extracted]:
    """A chunk in a process of its own; if that dies too, article by article."""
    try:
        with _pool(1) as pool:
            return pool.submit(_extract_chunk, chunk).result()
    except BrokenProcessPool:
        if len(chunk) == 1:
            return [Extracted(chunk[0].article_id, None, 0.0, DIED)]
        return [result for job in chunk for result in _run_alone((job,))]


def _extract_chunk(chunk: Chunk) -> list[Extracted]:
    out = []
    try:
        docs: list[Doc | None] = list(parse_many([job.text for job in chunk]))
    except Exception:  # one text spoils the batch: parse them one by one, below
        docs = [None] * len(chunk)
    for job, doc in zip(chunk, docs, strict=True):
        start = time.perf_counter()
        try:
            document = Document(doc, job.published, job.title) if doc else parse(job.text, job.published, job.title)
            out.append(Extracted(job.article_id, facts_of(document), time.perf_counter() - start))
        except Exception as error:
            out.append(Extracted(job.article_id, None, time.perf_counter() - start, f"{type(error).__name__}: {error}"))
    return out
