"""The crawl of many small pages, held against the least time that politeness allows.

What belongs here: a small web in a process of its own, a run of `fetch_day` in another, and the ratios of both.
What does not: the other benchmarks and the command line (bench).

Each host is asked for robots.txt, for a feed and for the feed's pages, one after the other: with `n` requests to a host
and `spacing` seconds between two starts, no polite run takes less than ``(n - 1) * spacing``.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
HOSTS = 20
SPACING = 0.1


@dataclass(frozen=True)
class Crawl:
    """One run: pages that came, wall seconds of `fetch_day`, seconds of the processor, peak megabytes."""

    pages: int
    wall: float
    cpu: float
    peak: float
    least: float

    @property
    def ratio(self) -> float:
        """Wall time as a multiple of what spacing alone takes."""
        return self.wall / self.least


def crawl(pages: int) -> Crawl:
    """Fetch `pages` small pages from HOSTS hosts on loopback into a new archive, in a process of its own."""
    each = pages // HOSTS
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(
            [sys.executable, "-m", "tests.bench_crawl", "serve", str(each)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
        ) as server,
    ):
        try:
            assert server.stdout is not None
            port = server.stdout.readline().strip()
            told = subprocess.run(
                [sys.executable, "-m", "tests.bench_crawl", "fetch", folder, port],
                capture_output=True,
                text=True,
                check=True,
                cwd=PROJECT,
            )
        finally:
            server.terminate()
    return Crawl(least=(each + 1) * SPACING, **json.loads(told.stdout))


def serve(each: int) -> None:
    """Be HOSTS hosts with a feed and `each` pages; the port, one for all, is printed first."""
    asyncio.run(_serve(each))


async def _serve(each: int) -> None:
    first = await asyncio.start_server(lambda r, w: _answer(r, w, each), "127.0.0.2", 0)
    port = first.sockets[0].getsockname()[1]
    others = [
        await asyncio.start_server(lambda r, w: _answer(r, w, each), f"127.0.0.{n}", port) for n in range(3, HOSTS + 2)
    ]
    print(port, flush=True)
    await asyncio.gather(*(server.serve_forever() for server in (first, *others)))


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, each: int) -> None:
    while head := await reader.readline():
        path = head.split()[1].decode()
        while (await reader.readline()).strip():
            pass
        body = _body(writer.get_extra_info("sockname")[0], path, each)
        status = "404 Not Found" if body is None else "200 OK"
        kind = "application/rss+xml" if path == "/feed" else "text/html; charset=utf-8"
        text = (body or "").encode()
        writer.write(
            f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(text)}\r\n\r\n".encode() + text
        )
        await writer.drain()
    writer.close()


def _body(host: str, path: str, each: int) -> str | None:
    if path == "/feed":
        items = "".join(f"<item><title>Story {n}</title><link>/{n}</link></item>" for n in range(each))
        return f"<rss version='2.0'><channel><title>Paper</title>{items}</channel></rss>"
    if path == "/robots.txt":
        return None
    words = (
        f"The harbour council of ward {path[1:]} met its neighbours of {host} and agreed on the depth of the channel. "
        * 20
    )
    return f"<html><head><title>Story {path[1:]}</title></head><body><article><p>{words}</p></article></body></html>"


def fetch(folder: str, port: str) -> None:
    """Fetch the feeds of all hosts and what they lead to, print what it took."""
    from sources.archive import Archive, Role
    from sources.catalog import Kind, Source
    from sources.http import HttpSettings
    from sources.readers import fetch_day

    day = dt.date(2026, 3, 3)
    papers = [
        Source(
            id=f"paper-{n}",
            kind=Kind.FEED,
            url=f"http://127.0.0.{n}:{port}/feed",
            allow_private=True,
        )
        for n in range(2, HOSTS + 2)
    ]
    archive = Archive(Path(folder))
    began, processor = time.perf_counter(), time.process_time()
    fetch_day(papers, archive, day, http=HttpSettings(spacing=SPACING, parallel_hosts=HOSTS))
    wall, cpu = time.perf_counter() - began, time.process_time() - processor
    pages = sum(capture.role is Role.PAGE for capture in archive.manifest(day).captures)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"pages": pages, "wall": wall, "cpu": cpu, "peak": peak}))


if __name__ == "__main__":
    {"serve": lambda: serve(int(sys.argv[2])), "fetch": lambda: fetch(sys.argv[2], sys.argv[3])}[sys.argv[1]]()
