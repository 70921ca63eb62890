import datetime as dt
import random
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.running import DAY, MEETING, NOON, PROTEST, article, paper, run_steps, settings, write_catalogue, write_jsonl
from warehouse import database, snapshot
from warehouse.schema import PUBLISHED

pytestmark = pytest.mark.slow


def hashes(where):
    with database.connect(where.working) as con:
        return database.logical_hashes(con)


def read(where, sql):
    with database.connect(snapshot.latest(where.published), read_only=True) as con:
        return database.read(con, sql)


@pytest.fixture
def ledger(tmp_path):
    """Settings over an article file of three articles: a meeting, a copy of it, a protest."""
    file = write_jsonl(
        tmp_path / "paper.jsonl",
        article(1),
        article(2, MEETING.replace("harbours", "ports"), outlet="Another Paper", published_at="2026-03-02T18:00:00Z"),
        article(3, PROTEST, published_at="2026-03-03T08:00:00+02:00"),
    )
    return settings(tmp_path, write_catalogue(tmp_path / "sources.yml", paper(file)))


def test_from_article_file_to_published_facts(ledger):
    reports = run_steps(ledger, "run-1")
    assert reports["published"].counts["articles"] == 3
    assert reports["mentions"].counts["articles_read"] == 3
    speakers = read(
        ledger, "select p.name, q.kind from quotes q join participants p on q.speaker_id = p.participant_id"
    )
    assert ("Aino Virtanen", "direct") in set(speakers.itertuples(index=False, name=None))
    people = read(ledger, "select name, role, country from participants where kind = 'person' order by name")
    assert people.values.tolist() == [
        ["Aino Virtanen", "Foreign Minister", "FIN"],
        ["Erik Lindqvist", "Foreign Minister", "SWE"],
    ]
    pacts = read(
        ledger, "select instrument, status, countries, article_count from agreements where instrument = 'protocol'"
    )
    assert pacts.values.tolist() == [["protocol", "signed", ["FIN", "SWE"], 1]]
    copies = read(
        ledger, "select a.url, b.url as original from articles a join articles b on a.duplicate_of = b.article_id"
    )
    assert copies.values.tolist() == [["https://paper.example/2", "https://paper.example/1"]]


def test_every_published_span_is_verbatim(ledger):
    run_steps(ledger, "run-1")
    for table, words in {
        "participant_mentions": "text", "quotes": "text", "event_mentions": "trigger", "agreement_mentions": "title",
    }.items():  # fmt: skip
        broken = read(
            ledger,
            f"""select count(*) as n from {table} t join articles a using (article_id)
                where t.{words} <> substr(a.text, t.char_start + 1, t.char_end - t.char_start)""",
        )
        rows = read(ledger, f"select count(*) as n from {table}")
        assert (int(broken["n"][0]), int(rows["n"][0]) > 0) == (0, True), table


def test_the_same_day_three_times_changes_no_row(ledger):
    run_steps(ledger, "run-1")
    first = hashes(ledger)
    second = run_steps(ledger, "run-2", now=NOON + dt.timedelta(hours=2))
    run_steps(ledger, "run-3", now=NOON + dt.timedelta(days=40))
    assert hashes(ledger) == first
    assert {"articles", "events", "quotes", "agreements", "participants", "quarantine", "fetch_log"} <= set(first)
    assert second["mentions"].counts["articles_read"] == 0
    assert second["mentions"].counts["articles_unchanged"] == 3


def test_a_changed_article_is_a_new_version_and_its_facts_are_replaced(ledger, tmp_path):
    run_steps(ledger, "run-1")
    changed = PROTEST.replace("Lisbon", "Porto")
    write_jsonl(tmp_path / "paper.jsonl", article(1), article(3, changed, published_at="2026-03-03T08:00:00+02:00"))
    reports = run_steps(ledger, "run-2", DAY + dt.timedelta(days=1), now=NOON + dt.timedelta(days=1))
    assert reports["mentions"].counts["articles_read"] == 1
    versions = read(ledger, "select url, version, text from articles where url like '%/3'")
    assert versions.values.tolist() == [["https://paper.example/3", 2, changed]]
    spans = read(
        ledger,
        """select substr(a.text, m.char_start + 1, m.char_end - m.char_start) = m.trigger as same
           from event_mentions m join articles a using (article_id) where a.url like '%/3'""",
    )
    assert spans["same"].all()


def test_days_in_either_order_publish_the_same_facts(tmp_path):
    results = []
    days = [DAY, DAY + dt.timedelta(days=1)]
    for name, order in (("forth", days), ("back", days[::-1])):
        folder = tmp_path / name
        folder.mkdir()
        for day in order:
            file = write_jsonl(folder / f"{day}.jsonl", article(day.day), article(day.day + 10, PROTEST))
            where = settings(folder, write_catalogue(folder / "sources.yml", paper(file)))
            run_steps(where, f"run-{day}", day, now=NOON + dt.timedelta(days=2 + order.index(day)))
        results.append({t.name: len(read(where, f"select * from {t.name}")) for t in PUBLISHED if not t.log})
    assert results[0] == results[1]


def test_a_row_that_breaks_a_rule_is_held_back_and_the_rest_is_published(ledger, tmp_path):
    write_jsonl(tmp_path / "paper.jsonl", article(1), article(4, PROTEST, published_at="2031-01-01"))
    reports = run_steps(ledger, "run-1")
    assert reports["published"].counts["articles"] == 1
    held = read(ledger, "select table_name, rule, reason, run_id from quarantine")
    assert held[["table_name", "run_id"]].values.tolist() == [["articles", "run-1"]]
    assert "2031-01-01" in held["reason"][0]
    results = read(
        ledger,
        "select success, failed, checked from quality_results where rule = ?".replace("?", repr(held["rule"][0])),
    )
    assert results.values.tolist() == [[False, 1, 2]]


def test_a_broken_critical_rule_leaves_the_latest_snapshot_and_the_rows_as_they_were(ledger, tmp_path):
    run_steps(ledger, "run-1")
    before, rows = snapshot.latest(ledger.published), hashes(ledger)
    write_catalogue(
        tmp_path / "sources.yml",
        paper(tmp_path / "paper.jsonl", min_articles=9, reason="the paper prints nine stories a day"),
    )
    reports = run_steps(ledger, "run-2")
    assert reports["articles"].blocked
    assert "candidate" not in reports
    [broken] = [r for r in reports["articles"].results if r.blocking]
    assert "nine stories a day" in str(broken.sample)
    assert snapshot.latest(ledger.published) == before
    assert hashes(ledger) == rows


def test_every_rule_of_a_run_is_a_row_of_quality_results(ledger):
    from expectations.rules import RULES

    run_steps(ledger, "run-1")
    rows = read(ledger, "select step, rule, why, run_id from quality_results")
    assert set(rows[["step", "rule"]].itertuples(index=False, name=None)) == {(r.step, r.name) for r in RULES}
    assert rows["why"].str.len().min() > 10


def test_a_feed_over_loopback_then_replayed_without_network(tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    items = "".join(
        f"<item><title>Story {n}</title><link>http://paper.example/{n}</link>"
        f"<pubDate>Mon, 02 Mar 2026 0{n}:00:00 GMT</pubDate><description><![CDATA[<p>{text}</p>"
        f"<script>var secretScript = {n};</script>]]></description></item>"
        for n, text in enumerate((MEETING, PROTEST), 1)
    )
    (site / "feed.xml").write_text(f"<rss version='2.0'><channel><title>Paper</title>{items}</channel></rss>", "utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/feed.xml"
    entry = {"id": "paper", "kind": "feed", "url": url, "language": "en", "allow_private": True}
    where = settings(tmp_path, write_catalogue(tmp_path / "sources.yml", entry))
    try:
        run_steps(where, "run-1")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    first = hashes(where)
    texts = read(where, "select text from articles order by published_at")["text"]
    assert [t.split()[0] for t in texts] == ["Finnish", "Thousands"]
    assert not texts.str.contains("secretScript").any()
    run_steps(where, "run-2", now=NOON + dt.timedelta(hours=1))  # the server is gone
    run_steps(where, "run-3", replay=True, now=NOON + dt.timedelta(hours=2))
    assert hashes(where) == first


def test_bad_inputs_each_get_a_reason_and_the_others_go_on(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "good.txt").write_text(MEETING, "utf-8")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "huge.txt").write_bytes(b"word " * 4_200_000)
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    (tmp_path / "feed.xml").write_text("<html><body>This is a page, not a feed.</body></html>", "utf-8")
    lines = write_jsonl(
        tmp_path / "paper.jsonl",
        article(1, PROTEST, published_at="the day before the feast"),
        article(2, "Xqzt brrg."),
    )
    with lines.open("a", encoding="utf-8") as file:
        file.write("{not json\n")
    where = settings(
        tmp_path,
        write_catalogue(
            tmp_path / "sources.yml",
            {"id": "inbox", "kind": "folder", "path": "inbox", "language": "en"},
            {"id": "feed", "kind": "feed", "path": "feed.xml"},
            {"id": "paper", "kind": "jsonl", "path": "paper.jsonl"},
            {"id": "disk", "kind": "folder", "path": "not-mounted"},
        ),
    )
    reports = run_steps(where, "run-1")
    assert reports["published"].counts["articles"] == 3
    log = read(where, "select url, status, reason from fetch_log")
    reasons = {(r.url.rsplit("/", 1)[-1], r.reason) for r in log.itertuples(index=False) if r.reason}
    assert {
        ("empty.txt", "empty"),
        ("binary.txt", "binary"),
        ("huge.txt", "too_large"),
        ("photo.jpg", "unsupported_type"),
        ("gone.txt", "unreadable"),
        ("", "source_missing"),  # of the source as a whole
    } <= reasons
    assert {"not_a_feed", "bad_date", "unknown_language", "bad_json_line"} <= {reason for _, reason in reasons}


def test_a_page_that_changes_its_language_and_back_has_the_facts_of_what_stands(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    note = folder / "note.txt"
    french = (
        "Le gouvernement a annoncé lundi que le port restera fermé pendant tout l'hiver. Les bateaux de pêche devront "
        "attendre le printemps avant de reprendre la mer, a précisé le maire de la ville devant les habitants."
    )
    where = settings(
        tmp_path, write_catalogue(tmp_path / "sources.yml", {"id": "inbox", "kind": "folder", "path": "inbox"})
    )
    quotes = []
    for night, text in enumerate((MEETING, french, MEETING)):
        note.write_text(text, "utf-8")
        days = dt.timedelta(days=night)
        reports = run_steps(where, f"run-{night}", DAY + days, now=NOON + days)
        assert "published" in reports, f"night {night} was held back"
        assert read(where, "select text from articles")["text"].tolist() == [text]
        quotes.append(len(read(where, "select * from quotes")))
    assert quotes[0] > 0
    assert quotes == [quotes[0], 0, quotes[0]]


@pytest.mark.slow
def test_corrections_night_after_night_never_hold_publication_back(tmp_path):
    """Reports of one quarrel are reworded, put back, and dated otherwise: events merge, part, vanish and return."""
    catalogue = write_catalogue(tmp_path / "sources.yml", paper(tmp_path / "paper.jsonl"))
    where = settings(tmp_path, catalogue)
    acts, choose = ("met", "criticised", "thanked", "warned", "invited"), random.Random(1)
    state = [choose.choice(acts) for _ in range(14)]
    for night in range(7):
        rows = [
            article(
                number,
                f"The Finnish foreign minister {act} the government of Sweden on Monday. The two sides spoke about the "
                "border and its ports for an hour and parted.",
                published_at=f"2026-03-0{1 + number % 3}",
            )
            for number, act in enumerate(state)
        ]
        write_jsonl(tmp_path / "paper.jsonl", *rows)
        day, now = DAY + dt.timedelta(days=night), NOON + dt.timedelta(days=night)
        reports = run_steps(where, f"night-{night}", day, now=now)
        assert "published" in reports, [r.rule for report in reports.values() for r in report.results if r.blocking]
        state = [act if choose.random() < 0.6 else choose.choice(acts) for act in state]
    with database.connect(where.working) as con:
        assert len(database.read(con, "select * from retired_ids"))
