"""A page that no parser can cope with: through a run, into quarantine, and parsed again by the command found there."""

import shlex

import pytest

from assets import steps
from assets.unread import unread
from sources.log import LogEntry, Reason, Status
from tests.running import DAY, NOON, article, chancery, settings, write_catalogue, write_jsonl
from warehouse import database

SOUND = (
    "<html lang='en'><head><title>A pact on ferries</title><meta name='author' content='Ada Quill'>"
    "<meta property='article:published_time' content='2026-03-02T08:00:00Z'></head><body>"
    "<p>Finland and Estonia signed a pact on ferries in Tallinn on Monday.</p><p>It names\x1b[31m the ports.</p></body>"
)
HUGE = "<html><body>" + "".join(f"<p a{n}=b>x{n}</p>" for n in range(600_000))


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Settings after a day with two pages, of which one needs more memory than a parse may have here."""
    folder = tmp_path_factory.mktemp("desk")
    pages = folder / "pages"
    pages.mkdir()
    (pages / "sound.html").write_text(SOUND, "utf-8")
    (pages / "very large.html").write_text(HUGE, "utf-8")
    catalogue = write_catalogue(
        folder / "sources.yml",
        {"id": "desk", "kind": "folder", "path": str(pages)},
        {"id": "wire", "kind": "jsonl", "path": str(write_jsonl(folder / "wire.jsonl", article(1), article(2)))},
    )
    where = settings(folder, catalogue, parse_megabytes=64)
    run = steps.Run(where, DAY, "run-1", now=lambda: NOON)
    steps.fetch(run)
    steps.take_in(run)
    return where


def rows(where, query):
    with database.connect(where.working, read_only=True) as con:
        return list(database.read(con, query).itertuples(index=False, name=None))


def replay_page(where, *arguments):
    return chancery("replay-page", *arguments, "--data", str(where.data))


def test_a_poison_page_is_quarantined_and_the_others_go_on(desk):
    assert len(rows(desk, "select * from articles")) == 3
    poison = rows(desk, "select url, status, reason from fetch_log where reason like 'parser%'")
    assert poison == [("file:desk/very large.html", "rejected", "parser_memory")]
    ((table, key, rule, reason),) = rows(desk, "select table_name, row_key, rule, reason from quarantine")
    assert (table, key, rule) == ("articles", "file:desk/very large.html", "parse_in_the_box")
    sentence, command = reason.split(" To parse it again: ")
    assert sentence == f"{Reason.PARSER_MEMORY.sentence} (more than 64 MiB)"
    assert command == "chancery replay-page --day 2026-03-03 --source desk --url 'file:desk/very large.html'"
    results = rows(desk, "select success, failed, why from quality_results where rule = 'parse_in_the_box'")
    assert [(success, failed) for success, failed, _ in results] == [(False, 1)]


def test_the_command_of_the_quarantine_parses_the_page_again(desk):
    ((command,),) = rows(desk, "select split_part(reason, 'again: ', 2) from quarantine")
    program, *arguments = shlex.split(command)
    assert program == "chancery"
    result = replay_page(desk, *arguments[1:], "--seconds", "0.2")
    assert result.returncode == 3, result.stderr
    assert "parser_stuck" in result.stdout
    assert "no end after 0.2 seconds" in result.stdout
    assert result.stderr == ""
    result = replay_page(desk, *arguments[1:], "--megabytes", "70")
    assert result.returncode == 3, result.stderr
    assert "more than 70 MiB" in result.stdout


def test_a_page_that_can_be_read_is_shown_and_nothing_is_stored(desk):
    before = {path: path.stat().st_mtime_ns for path in desk.data.rglob("*")}
    result = replay_page(desk, "--day", "2026-03-03", "--source", "desk", "--url", "file:desk/sound.html")
    assert result.returncode == 0, result.stderr
    shown = dict(text.split(maxsplit=1) for text in result.stdout.splitlines() if not text.startswith(" "))
    assert (shown["title"], shown["byline"], shown["language"]) == ("A pact on ferries", "Ada Quill", "en")
    assert (shown["date"], shown["words"]) == ("2026-03-02 08:00:00", "17")
    assert "          Finland and Estonia signed a pact on ferries in Tallinn on Monday." in result.stdout.splitlines()
    assert "\x1b" not in result.stdout
    assert {path: path.stat().st_mtime_ns for path in desk.data.rglob("*")} == before


def test_a_line_of_an_article_file_is_replayed_by_its_number(desk):
    result = replay_page(desk, "--day", "2026-03-03", "--source", "wire", "--url", "file:wire/wire.jsonl#L2")
    assert result.returncode == 0, result.stderr
    assert "Story 2" in result.stdout


@pytest.mark.parametrize(
    ("day", "source", "url", "told"),
    [
        ("2026-03-04", "desk", "file:desk/sound.html", "the archive has nothing of 2026-03-04"),
        ("2026-03-03", "other", "file:desk/sound.html", "the archive has nothing of source other on 2026-03-03"),
        ("2026-03-03", "desk", "file:desk/x.html", "but 2 other captures"),
        ("2026-03-03", "wire", "file:wire/wire.jsonl#L9", "has no line 9"),
        ("yesterday", "desk", "file:desk/x.html", "yesterday"),
    ],
)
def test_what_is_not_there_is_said(desk, day, source, url, told):
    result = replay_page(desk, "--day", day, "--source", source, "--url", url)
    assert result.returncode == 1
    assert told in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


def test_an_address_cannot_put_words_into_the_command():
    url = "https://paper.example/'; touch x; '\n$(touch y)"
    entry = LogEntry(DAY, "desk", url, Status.REJECTED, Reason.PARSER_CRASHED, "its process ended by SIGSEGV")
    (command,) = unread([entry])["command"]
    assert shlex.split(command)[-1] == url


def test_only_what_lies_in_the_archive_unread_is_told():
    def entry(status: Status, reason: Reason | None, url: str = "https://paper.example/1") -> LogEntry:
        return LogEntry(DAY, "desk", url, status, reason)

    log = [
        entry(Status.ARTICLE, None),
        entry(Status.WARNING, Reason.PARSER_MEMORY),  # a summary stands in for it
        entry(Status.WARNING, Reason.SUMMARY_ONLY),
        entry(Status.FAILED, Reason.PARSER_FAILED, "https://paper.example/2"),  # a reader that failed: no bytes
        entry(Status.REJECTED, Reason.EMPTY, "https://paper.example/3"),
    ]
    assert list(unread(log)["url"]) == ["https://paper.example/1"]
