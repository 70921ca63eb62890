"""The operator's page in a real browser: the asset graph, the last run, its checks."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.running import PROJECT, article, chancery, paper, write_catalogue, write_jsonl

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: the page is not looked at"),
]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A function that looks at a path of the operator's page until the words are there; what is missing in the end."""
    folder = tmp_path_factory.mktemp("ui")
    write_jsonl(folder / "paper.jsonl", article(1), article(2, published_at="2031-01-01"))
    catalogue = write_catalogue(folder / "sources.yml", paper(folder / "paper.jsonl"))
    data = folder / "data"
    result = chancery("run", "--sources", str(catalogue), "--data", str(data), "--day", "2026-03-03")
    assert result.returncode == 0, result.stdout + result.stderr
    with served(data, folder / "ui.log") as address:
        yield lambda path, *words: missing(address + path, folder, words)


@contextmanager
def served(data: Path, log: Path):
    """The page of `chancery ui` on a free port; ends its whole process group."""
    port = free_port()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "pipelines.cli", "ui", "--data", str(data), "--port", str(port)],
            cwd=PROJECT,
            stdout=out,
            stderr=out,
            start_new_session=True,
            # a shell that starts this in the background ignores the interrupt; the page must not inherit that
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(address + "/server_info", timeout=5).read()
                break
            except (urllib.error.URLError, OSError):
                assert process.poll() is None, log.read_text()[-2000:]
                assert time.monotonic() < deadline, "the page did not come up"
                time.sleep(0.5)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


def free_port() -> int:
    import socket

    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def missing(address: str, folder: Path, words: tuple[str, ...]) -> list[str]:
    """Which of the words a person does not see at an address; looked at again when a busy machine was too slow."""
    lacking = list(words)
    for _ in range(4):
        seen = dom(address, folder)
        lacking = [w for w in words if w not in seen]
        if not lacking:
            break
    return lacking


def dom(address: str, folder: Path) -> str:
    """What a person sees at an address: the text of the page after its scripts have run."""
    out = subprocess.run(
        [
            str(CHROMIUM),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            f"--user-data-dir={folder / 'profile'}",
            "--virtual-time-budget=25000",
            "--window-size=1500,950",
            "--dump-dom",
            address,
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    ).stdout
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<(script|style).*?</\1>", " ", out, flags=re.DOTALL)))


def test_the_asset_graph(page):
    assert not page("/asset-groups", "archive", "articles", "facts", "resolution", "snapshot")
    group = "/locations/definitions.py:defs/asset-groups/"
    for name, assets in {
        "archive": ["captures"],
        "articles": ["articles"],
        "facts": ["mentions"],
        "resolution": ["participants", "events", "quotes", "agreements"],
        "snapshot": ["candidate", "published"],
    }.items():
        assert not page(f"{group}{name}/lineage", *assets, "Latest event"), name


def test_the_last_run(page):
    assert not page("/runs", "nightly", "Success")


def test_the_checks_of_the_last_run(page):
    assert not page("/assets/articles/articles?view=checks", "articles_published", "source_minimum", "Passed")


def test_what_was_held_back_is_in_front_of_the_operator(page):
    assert not page("/assets/articles/articles?view=overview", "2031", "held_back")


def test_the_schedule_is_on(page):
    assert not page("/automation", "every_night", "At 02:00 AM")
