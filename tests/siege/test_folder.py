"""A folder into which a stranger may put files: links, pipes, files that grow, names that command."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from sources import files
from sources.archive import Archive
from sources.articles import parse_day
from sources.box import Box
from sources.catalog import Kind, Source
from sources.log import Reason, Status
from sources.readers import fetch_day

from .inputs import STORY
from .test_hostile import DAY, LOUD, NOW


def test_nothing_in_a_folder_leads_out_of_it_or_never_ends(tmp_path: Path, box: Box) -> None:
    root = tmp_path / "inbox"
    (root / "deep").mkdir(parents=True)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("nobody-may-read-this")
    (root / "good.txt").write_text(STORY)
    (root / "link.txt").symlink_to(outside / "secret.txt")
    (root / "up.txt").symlink_to("../outside/secret.txt")
    (root / "folder").symlink_to(outside)
    (root / "loop.txt").symlink_to("loop.txt")
    (root / "round").symlink_to(".")
    (root / "deep" / "same.txt").symlink_to("../good.txt")
    (root / "zero.txt").symlink_to("/dev/zero")
    os.mkfifo(root / "pipe.txt")
    for name in (
        "\u202etxt.exe.txt",
        "a\nINFO all is well.txt",
        "\x1b[31mred.txt",
        "=HYPERLINK(1).txt",
        "..%2f..%2fetc.txt",
        "%00.txt",
    ):
        (root / name).write_text(STORY.replace("Monday", f"Monday {len(name)}"))
    (root / os.fsdecode(b"\xff\xfe.txt")).write_text(STORY.replace("Monday", "Sunday"))
    archive = Archive(tmp_path / "archive")
    began = time.monotonic()
    inbox = Source(id="inbox", kind=Kind.FOLDER, path=root)
    log = fetch_day([inbox], archive, DAY, box=box, now=lambda: NOW)
    parsed = parse_day(archive, DAY, box=box)
    archive.close()
    assert time.monotonic() - began < 10
    assert "nobody-may-read-this" not in repr((log, parsed))
    assert str(tmp_path) not in repr((log, parsed))
    reasons = {e.url.removeprefix("file:inbox/"): e.reason for e in parsed.log if e.status is Status.FAILED}
    assert reasons == dict.fromkeys(("link.txt", "up.txt", "loop.txt", "zero.txt", "pipe.txt"), Reason.UNREADABLE)
    assert len(parsed.articles) == 8, "a link inside the folder is a file of it; ..% is hidden"
    for entry in (*log, *parsed.log):
        assert not LOUD.search(f"{entry.url}{entry.detail}"), entry.url


def test_a_file_that_grows_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 1_000_000)
    path = tmp_path / "grows.txt"
    path.write_text("x")
    over = threading.Event()

    def grow() -> None:
        with path.open("ab") as file:
            while not over.is_set() and file.tell() < 50_000_000:
                file.write(b"x" * 200_000)
                file.flush()

    thread = threading.Thread(target=grow)
    thread.start()
    inbox = Source(id="inbox", kind=Kind.FOLDER, path=tmp_path)
    for _ in range(20):
        for found in files.documents(inbox):
            assert isinstance(found, files.Document) or found.reason is Reason.TOO_LARGE
            assert not isinstance(found, files.Document) or len(found.content) < 1_000_000
    over.set()
    thread.join()
