from __future__ import annotations

from pathlib import Path

import pytest

from sources.catalog import CatalogError, Kind, Problem, load_catalog


def write(folder: Path, text: str) -> Path:
    (folder / "texts").mkdir(exist_ok=True)
    (folder / "wire.jsonl").touch()
    path = folder / "sources.yml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path, text: str) -> tuple[Problem, ...]:
    with pytest.raises(CatalogError) as caught:
        load_catalog(write(folder, text))
    assert str(caught.value).count("\n") == len(caught.value.problems), "one line a mistake, after the first"
    return caught.value.problems


def test_a_catalogue_with_every_field(tmp_path: Path) -> None:
    text = """
sources:
  - id: desk
    kind: folder
    path: texts
  - id: wire_2
    kind: feed
    url: https://wire.example/rss
    outlet: The Wire
    language: en
    licence: CC0
    min_articles: 1
    max_articles: 40
    reason: Between one flash and forty a day.
    enabled: false
"""
    desk, wire = load_catalog(write(tmp_path, text))
    assert (desk.id, desk.kind, desk.path, desk.enabled) == ("desk", Kind.FOLDER, tmp_path / "texts", True)
    assert desk.outlet is desk.language is desk.min_articles is None
    assert (wire.url, wire.language, wire.max_articles, wire.enabled) == ("https://wire.example/rss", "en", 40, False)
    with pytest.raises(Exception, match="frozen"):
        desk.id = "other"  # type: ignore[misc]


def entry(**fields: str) -> str:
    known = {"id": "desk", "kind": "folder", "path": "texts"} | fields
    return "sources:\n  - {" + ", ".join(f"{k}: {v}" for k, v in known.items() if v) + "}\n"


@pytest.mark.parametrize(
    ("text", "field", "expected", "found"),
    [
        (entry(id=""), "id", "a value", "nothing"),
        (entry(id="The Desk"), "id", "a slug", "'The Desk'"),
        (entry(id="2024"), "id", "text", "2024 (int)"),
        (entry(id="2024-01-02"), "id", "text", "date"),
        (entry(kind=""), "kind", "a value", "nothing"),
        (entry(kind="blog"), "kind", "one of folder, jsonl, warc, feed, sitemap, listing", "'blog'"),
        (entry(path=""), "url", "exactly one of url and path", "url: nothing, path: nothing"),
        (entry(kind="feed", url="https://x.example/f"), "url", "exactly one", "'texts'"),
        (entry(path="", url="https://x.example/f"), "url", "folder lies on this machine", "https://x.example/f"),
        (entry(kind="sitemap", path="wire.jsonl"), "path", "a sitemap is on the web", "wire.jsonl"),
        (entry(kind="listing", path="", url="https://x.example/n"), "link_pattern", "a link_pattern", "nothing"),
        (entry(link_pattern="/news/"), "link_pattern", "no links to follow", "'/news/'"),
        (
            entry(kind="listing", path="", url="https://x.example/n", link_pattern="'/news/('"),
            "link_pattern",
            "a regular expression",
            "'/news/('",
        ),
        (entry(max_pages="0"), "max_pages", "1 or more", "0 (int)"),
        (entry(delay="-1"), "delay", "0 or more", "-1"),
        (entry(delay="'2'"), "delay", "a number", "'2'"),
        (entry(allow_private="1"), "allow_private", "true or false", "1 (int)"),
        (entry(kind="feed", path="", url="ftp://x.example/f"), "url", "http:// or https://", "ftp://"),
        (entry(kind="feed", path="", url="https:///f"), "url", "http:// or https://", "https:///f"),
        (entry(kind="feed", path="", url="'https://x.example:99999/f'"), "url", "http:// or https://", "99999"),
        (entry(path="nowhere"), "path", "an existing folder", "nothing at 'nowhere'"),
        (entry(path="wire.jsonl"), "path", "an existing folder", "a file at 'wire.jsonl'"),
        (entry(kind="jsonl"), "path", "an existing file", "a folder at 'texts'"),
        (entry(path="7"), "path", "a file or folder name", "7 (int)"),
        (entry(language="no"), "language", "text", "False (bool)"),
        (entry(language="xx"), "language", "ISO 639-1", "'xx'"),
        (entry(language="eng"), "language", "ISO 639-1", "'eng'"),
        (entry(outlet="12"), "outlet", "text", "12 (int)"),
        (entry(min_articles="-1"), "min_articles", "0 or more", "-1"),
        (entry(min_articles="'3'"), "min_articles", "a whole number", "'3'"),
        (entry(min_articles="true"), "min_articles", "a whole number", "True (bool)"),
        (entry(min_articles="9", max_articles="2"), "min_articles", "not above max_articles", "9"),
        (entry(enabled="'yes'"), "enabled", "true or false", "'yes'"),
        (entry(colour="red"), "colour", "one of id, kind, url", "unknown field 'colour'"),
        ("sources:\n  - just text\n", "", "fields such as id", "'just text'"),
        ("sources: {}\n", "sources", "a list under `sources:`", "{"),
        ("", "sources", "a list under `sources:`", "nothing"),
        ("sources: []\nextra: 1\n", "extra", "only `sources:`", "'extra'"),
    ],
)
def test_each_mistake_names_entry_field_and_what_was_expected(
    tmp_path: Path, text: str, field: str, expected: str, found: str
) -> None:
    (problem,) = problems(tmp_path, text)
    assert problem.field == field
    assert expected in problem.expected
    assert found in problem.found


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    text = """
sources:
  - {id: desk, kind: folder, path: texts, langauge: en}
  - {id: desk, kind: jsonl, path: wire.jsonl, language: xx}
  - {kind: feed}
"""
    found = problems(tmp_path, text)
    assert [(p.entry, p.field) for p in found] == [
        ("entry 1 (desk)", "langauge"),
        ("entry 2 (desk)", "id"),
        ("entry 2 (desk)", "language"),
        ("entry 3", "id"),
    ]
    assert "also entry 1" in found[1].found


def test_yaml_errors_have_their_line(tmp_path: Path) -> None:
    (broken,) = problems(tmp_path, "sources:\n  - id: desk\n    path: [texts\n")
    assert broken.field.startswith("line ")
    (twice,) = problems(tmp_path, "sources:\n  - id: desk\n    kind: folder\n    kind: feed\n    path: texts\n")
    assert twice.field.startswith("line 4")
    assert "written twice" in twice.found


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="a readable UTF-8 file"):
        load_catalog(tmp_path / "none.yml")
    (tmp_path / "latin.yml").write_bytes(b"sources: [\xff]")
    with pytest.raises(CatalogError, match="not UTF-8"):
        load_catalog(tmp_path / "latin.yml")


def test_sources_of_the_open_web(tmp_path: Path) -> None:
    text = r"""
sources:
  - {id: map, kind: sitemap, url: https://x.example/map.xml, newer_than_days: 7, delay: 2}
  - {id: page, kind: listing, url: https://x.example/news, link_pattern: "/news/\\d+", max_pages: 20}
  - {id: inside, kind: feed, url: "http://10.0.0.7/feed", allow_private: true}
  - {id: old, kind: warc, path: wire.jsonl}
"""
    site, page, inside, old = load_catalog(write(tmp_path, text))
    assert (site.kind, site.newer_than_days, site.delay, site.max_pages) == (Kind.SITEMAP, 7, 2.0, 200)
    assert (page.link_pattern, page.max_pages, page.allow_private) == (r"/news/\d+", 20, False)
    assert inside.allow_private
    assert (old.kind, old.kind.on_the_web) == (Kind.WARC, False)


def test_a_source_that_is_switched_off_need_not_have_its_files(tmp_path: Path) -> None:
    (source,) = load_catalog(write(tmp_path, entry(path="later", enabled="false")))
    assert not source.enabled
