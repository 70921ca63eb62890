"""Who opens sockets: nobody while a day is parsed or replayed, and one file while it is fetched."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sources.archive import Archive, Capture, Origin, Role
from sources.catalog import Kind
from tests.running import PROJECT
from tests.sources.site import Site, redirect

from . import inputs as i
from .cases import CASES
from .test_hostile import DAY, NOW

HOOK = """
import sys, traceback
EVENTS = {"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}
def frames():
    return [f.filename for f in traceback.extract_stack()]
"""
PARSING = (
    HOOK
    + """
def refuse(event, args):
    if event in EVENTS:
        raise PermissionError(f"this test denies {event}")
sys.addaudithook(refuse)
if __name__ == "__main__":
    import datetime as dt
    from pathlib import Path
    from sources.archive import Archive
    from sources.articles import parse_day
    from sources.box import Box, BoxSettings
    with Box(BoxSettings(seconds=6, workers=1)) as box:
        parsed = parse_day(Archive(Path(sys.argv[1])), dt.date.fromisoformat(sys.argv[2]), box=box)
    print(len(parsed.articles), len(parsed.log))
"""
)
REPLAYING = (
    HOOK
    + """
def refuse(event, args):
    if event in EVENTS:
        raise PermissionError(f"this test denies {event}")
if __name__ == "__main__":
    from pathlib import Path
    import datetime as dt
    from tests.running import PROJECT, run_steps, settings
    day = dt.date(2026, 9, 1)
    where = settings(Path(sys.argv[1]), PROJECT / "samples" / "sources.yml")
    again = sys.argv[2] == "replay"
    if again:
        sys.addaudithook(refuse)
    # an hour later: snapshots of one moment have no order
    reports = run_steps(where, sys.argv[2], day, replay=again, now=dt.datetime(2026, 9, 1, 12 + again))
    blocked = [r.rule for report in reports.values() for r in report.results if r.blocking]
    print("published" in reports, reports["articles"].counts["kept"], *blocked)
"""
)
FETCHING = (
    HOOK
    + """
seen, let = [], []
def note(event, args):
    if event == "socket.connect":
        seen.append(("connect", args[1][:2]))
    elif event in EVENTS:
        seen.append((event, frames()))
def by_http(files):
    return any(f.endswith("sources/http.py") for f in files)
if __name__ == "__main__":
    import datetime as dt
    from pathlib import Path
    from sources.archive import Archive
    from sources.catalog import Kind, Source
    from sources.http import HttpSettings
    from sources.readers import fetch_day
    import httpcore
    plain = httpcore.AnyIOBackend.connect_tcp
    async def connect_tcp(self, host, port, *more):
        if by_http(frames()):
            let.append((host, port))
        return await plain(self, host, port, *more)
    httpcore.AnyIOBackend.connect_tcp = connect_tcp
    paper = Source(id="paper", kind=Kind.FEED, url=sys.argv[2], allow_private=True)
    sys.addaudithook(note)
    fetch_day([paper], Archive(Path(sys.argv[1])), dt.date(2026, 3, 14), http=HttpSettings(spacing=0.0))
    for event, what in seen:
        print(event, what in let if event == "connect" else by_http(what))
"""
)


def script(tmp_path: Path, source: str, *arguments: str) -> list[str]:
    """The lines that a script prints, run in a process of its own."""
    path = tmp_path / "script.py"
    path.write_text(source)
    done = subprocess.run(
        [sys.executable, str(path), *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=PROJECT,
        env={"PYTHONPATH": str(PROJECT), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.splitlines()


def test_hostile_bytes_are_parsed_without_a_socket(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    number = 0
    for case in CASES:
        for content, role in ((case.entry, Role.FEED), (case.page, Role.PAGE)):
            if isinstance(content, bytes) and len(content) < 300_000:
                number += 1
                kind = case.kind if role is Role.FEED else Kind.FEED
                origin = Origin(f"source-{number}", kind, None, None)
                archive.put(Capture(DAY, origin, role, f"https://paper.example/{number}", "", 0, NOW), content)
    archive.close()
    assert number > 150
    (told,) = script(tmp_path, PARSING, str(archive.root), DAY.isoformat())
    articles, entries = map(int, told.split())
    assert articles > 50
    assert entries >= number


@pytest.mark.slow
def test_the_sample_is_replayed_without_a_socket(tmp_path: Path) -> None:
    first = script(tmp_path, REPLAYING, str(tmp_path), "first")
    assert script(tmp_path, REPLAYING, str(tmp_path), "replay") == first
    assert first[0].startswith("True"), first


def test_one_file_opens_sockets(tmp_path: Path) -> None:
    """Every connection is one that http asked for, to the address that it checked; names are resolved by it alone."""
    site = Site()
    site.pages = {
        "/feed": i.rss(i.item("/x"), i.item(f"http://localhost:{site.port}/y")),
        "/x": redirect("/y"),
        "/y": i.story(),
    }
    lines = script(tmp_path, FETCHING, str(tmp_path / "archive"), site.url("/feed"))
    site.close()
    assert "/y" in site.asked
    events = {line.split()[0] for line in lines}
    assert events == {"connect", "socket.getaddrinfo"}
    assert {line.split()[1] for line in lines} == {"True"}, lines
