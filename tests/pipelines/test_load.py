"""`chancery load`: files from elsewhere become articles."""

import datetime as dt
import gzip
import io
import json
import os
import uuid

import pytest
from rich.console import Console

from assets import steps
from pipelines import importing
from pipelines.cli import Exit
from pipelines.importing import CannotLoad, load_files
from sources.archive import Archive
from tests.running import DAY, MEETING, NOON, article, chancery, paper, settings, write_catalogue, write_jsonl
from warehouse import database, snapshot

PAGE = (
    "<html lang='en'><head><title>{title}</title><link rel='canonical' href='https://page.example/{title}'>"
    "<meta property='og:site_name' content='The Bridge Post'></head>"
    "<body><article><h1>{title}</h1>{text}</article></body></html>"
)


@pytest.fixture
def desk(tmp_path):
    """A catalogue whose one source has nothing for the day, and whose minimum must not hold back what is loaded."""
    write_jsonl(tmp_path / "paper.jsonl", article(1))
    entry = paper(tmp_path / "paper.jsonl", min_articles=5, reason="it prints five stories a day")
    return settings(tmp_path, write_catalogue(tmp_path / "sources.yml", entry))


@pytest.fixture
def only_taken_in(monkeypatch):
    """The run ends when the articles are taken in: what comes after does not know where they came from."""

    def run_day(where, day, replay):
        report = steps.take_in(steps.Run(where, day, "run", replay, lambda: NOON))
        return Exit.HELD_BACK if report.blocked else Exit.PUBLISHED

    monkeypatch.setattr(importing, "run_day", run_day)


def load(where, *files, day=DAY, **more):
    console = Console(file=io.StringIO(), width=200)
    options = {"source_id": "import", "outlet": None, "language": None, **more}
    outcome = load_files(where, list(files), day, console=console, **options)
    return outcome, " ".join(console.file.getvalue().split())


def stored(where, query):
    with database.connect(where.working, read_only=True) as con:
        return database.read(con, query)


def test_files_of_every_type_are_taken_in(only_taken_in, desk, tmp_path):
    lines = write_jsonl(tmp_path / "wire.ndjson", article(1), article(2, outlet=None), {"url": "https://x.example/3"})
    page = tmp_path / "one" / "Bridge.HTML"
    other = tmp_path / "two" / "Bridge.HTML"
    for path, title in ((page, "Bridge"), (other, "Harbour")):
        path.parent.mkdir()
        text = "".join(f"<p>{part} {title}.</p>" for part in MEETING.split("\n\n"))
        path.write_text(PAGE.format(title=title, text=text), "utf-8")
    note = tmp_path / ".note.txt"
    note.write_text("Talks end\n\n" + MEETING, "utf-8")
    sheet = tmp_path / "sheet\x1b[31m.pdf"
    sheet.write_bytes(b"%PDF-1.7")
    gone = tmp_path / "gone.txt"

    outcome, said = load(desk, lines, page, other, note, sheet, gone, outlet="The Attic", language="en")

    assert outcome is Exit.PUBLISHED, said
    assert "5 articles of 8 inputs in 6 files" in said
    assert "1 × missing_field" in said
    assert "1 × unsupported_type" in said
    assert "Its type is not read" in said
    assert "gone.txt: No such file or directory" in said
    assert "\x1b" not in said
    rows = stored(desk, "select url, outlet, title, language, source_id from articles order by url")
    assert set(rows["source_id"]) == {"import"}
    assert set(rows["language"]) == {"en"}
    assert sorted(set(rows["outlet"])) == ["The Attic", "The Paper"]
    assert {"Bridge", "Harbour", "Talks end", "Story 1", "Story 2"} == set(rows["title"])
    assert str(tmp_path) not in rows.to_csv()
    assert len(Archive(desk.archive).manifest(DAY).captures) == 4
    log = stored(desk, "select status, reason from fetch_log where reason = 'unsupported_type'")
    assert log["status"].tolist() == ["rejected"]


def test_the_same_file_again_changes_nothing_and_more_files_add_to_the_day(only_taken_in, desk, tmp_path):
    first = write_jsonl(tmp_path / "a.jsonl", article(1))
    assert "1 article of 1 input in 1 file" in load(desk, first, first)[1]
    (tmp_path / "later").mkdir()
    second = write_jsonl(tmp_path / "later" / "a.jsonl", article(2))
    outcome, said = load(desk, second, first)
    assert outcome is Exit.PUBLISHED
    assert "2 articles of 2 inputs in 2 files" in said
    assert len(stored(desk, "select * from articles")) == 2


def record(address, status, page):
    """A response in a WARC file, packed on its own as the standard wants it."""
    answer = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n".encode() + page.encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2026-03-02T10:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{uuid.uuid4()}>\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(answer)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + answer + b"\r\n\r\n")


def test_pages_of_a_web_archive_keep_their_addresses(only_taken_in, desk, tmp_path):
    records = []
    for status, title in (("200 OK", "Bridge"), ("200 OK", "Harbour"), ("404 Not Found", "Gone")):
        text = "".join(f"<p>{part} {title}.</p>" for part in MEETING.split("\n\n"))
        records.append(record(f"https://page.example/{title}", status, PAGE.format(title=title, text=text)))
    (tmp_path / "crawl.warc.gz").write_bytes(b"".join(records))
    outcome, said = load(desk, tmp_path / "crawl.warc.gz")
    assert outcome is Exit.PUBLISHED, said
    assert "2 articles of 3 inputs in 1 file" in said
    assert "1 × http_not_found" in said
    rows = stored(desk, "select url, title, outlet from articles order by url")
    assert rows["url"].tolist() == ["https://page.example/Bridge", "https://page.example/Harbour"]
    assert set(rows["outlet"]) == {"The Bridge Post"}, "what nobody gave a name has that of the pages"


def test_a_name_as_long_as_a_system_allows(only_taken_in, desk, tmp_path):
    file = write_jsonl(tmp_path / ("ж" * 124 + ".jsonl"), article(1))
    assert "1 article of 1 input" in load(desk, file)[1]


def test_nothing_to_take_in(desk, tmp_path):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    outcome, said = load(desk, tmp_path / "gone.txt", tmp_path / "folder", tmp_path / "pipe.txt")
    assert outcome is Exit.ERROR
    assert "folder: a folder: give its files" in said
    assert "pipe.txt: no file, but a pipe" in said
    assert "Nothing could be taken in" in said
    assert not desk.working.exists()


@pytest.mark.parametrize(("name", "value"), [("source_id", "No Slug"), ("language", "klingon")])
def test_options_are_checked_first(desk, tmp_path, name, value):
    with pytest.raises(CannotLoad, match="--source" if name == "source_id" else "--language"):
        load(desk, write_jsonl(tmp_path / "a.jsonl", article(1)), **{name: value})
    assert Archive(desk.archive).days() == ()


@pytest.mark.slow
def test_from_the_shell(desk, tmp_path):
    row = article(7, text=MEETING)
    (tmp_path / "wire.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    where = ("--sources", str(desk.sources), "--data", str(desk.data))
    result = chancery("load", str(tmp_path / "wire.jsonl"), "--source", "attic", *where)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "1 article of 1 input in 1 file" in result.stdout
    today = dt.datetime.now(dt.UTC).date()
    with database.connect(snapshot.latest(desk.published), read_only=True) as con:
        assert database.read(con, "select source_id from articles")["source_id"].tolist() == ["attic"]
    assert Archive(desk.archive).days() == (today,)
    wrong = chancery("load", str(tmp_path / "wire.jsonl"), "--day", "soon", *where)
    assert wrong.returncode == 1
    assert "expected a date" in wrong.stderr
