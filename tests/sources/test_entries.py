"""Adding to a catalogue that a person keeps."""

import stat

import pytest

from sources import entries
from sources.catalog import CatalogError, load_catalog
from sources.entries import CannotAdd, add_entry, entry_of, entry_text, free_id, same_address, starter

NEW = {"id": "new", "kind": "feed", "url": "https://new.example/feed", "outlet": "No: “news” #1", "licence": None}
KEPT = """# mine
sources:

- id: paper     # the first
  kind: feed
  url: https://paper.example/feed

# the end
"""


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "sources.yml"
    path.write_text(KEPT, "utf-8")
    return path


def test_every_line_stays_and_the_entry_comes_last(mine):
    source = add_entry(mine, NEW, {"licence": "look it up"})
    text = mine.read_text("utf-8")
    assert text == KEPT + (
        "\n- id: new\n  kind: feed\n  url: https://new.example/feed\n  outlet: 'No: “news” #1'\n"
        "  licence: null  # look it up\n"
    )
    assert source.outlet == "No: “news” #1"
    assert [s.id for s in load_catalog(mine)] == ["paper", "new"]


@pytest.mark.parametrize(
    "text",
    [
        "sources: []\n",
        "sources: []  # nothing yet\n# end",
        "sources:\n  - {id: paper, kind: feed, url: 'https://paper.example/feed'}",
        "\ufeffsources:\r\n    - id: paper\r\n      kind: feed\r\n      url: https://paper.example/feed\r\n",
    ],
)
def test_other_ways_to_write_a_catalogue(tmp_path, text):
    path = tmp_path / "sources.yml"
    path.write_bytes(text.encode())
    add_entry(path, NEW)
    add_entry(path, {**NEW, "id": "more"})
    assert [s.id for s in load_catalog(path)][-2:] == ["new", "more"]
    written = path.read_bytes().decode()
    assert written.startswith("\ufeff") == text.startswith("\ufeff")
    if "\r\n" in text:
        assert "\n" not in written.replace("\r\n", "")
    for comment in ("# nothing yet", "# end"):
        assert (comment in written) == (comment in text)


def test_a_catalogue_is_made_where_there_is_none(tmp_path):
    path = tmp_path / "sources.yml"
    add_entry(path, NEW)
    assert path.read_text("utf-8").startswith("# The sources")
    assert [s.id for s in load_catalog(path)] == ["new"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


@pytest.mark.parametrize(
    ("text", "entry", "error"),
    [
        ("sources: {", NEW, CatalogError),
        (KEPT, {**NEW, "id": "paper"}, CannotAdd),
        (KEPT, {**NEW, "kind": "rumour"}, CannotAdd),
        (KEPT + "...\n", NEW, CannotAdd),
        ("sources: [{id: paper, kind: feed, url: 'https://paper.example/feed'}]\n", NEW, CannotAdd),
    ],
)
def test_a_catalogue_is_never_left_broken(tmp_path, text, entry, error):
    path = tmp_path / "sources.yml"
    path.write_text(text, "utf-8")
    with pytest.raises(error):
        add_entry(path, entry)
    assert path.read_text("utf-8") == text
    assert [p.name for p in tmp_path.iterdir()] == ["sources.yml"]


def test_mode_links_and_relative_paths_stay(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "wire.jsonl").write_text("", "utf-8")
    path = tmp_path / "real" / "sources.yml"
    path.write_text("sources:\n  - {id: wire, kind: jsonl, path: wire.jsonl}\n", "utf-8")
    path.chmod(0o600)
    link = tmp_path / "sources.yml"
    link.symlink_to(path)
    add_entry(link, NEW)
    assert link.is_symlink()
    assert len(load_catalog(path)) == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("value", ["no", "1", "a: b", "x # y", "'", "*a", "- b", "é\u2028z", "{", "y", "~", "", "a\tb"])
def test_any_words_survive(tmp_path, value):
    path = tmp_path / "sources.yml"
    entry = {
        "id": "new",
        "kind": "feed",
        "url": "https://new.example/feed",
        "outlet": "x" + value,
        "reason": value + "x",
    }
    source = add_entry(path, entry)
    assert (source.outlet, source.reason) == ("x" + value, value + "x")


def test_addresses_and_ids():
    paper = next(iter(starter().values()))
    assert paper.url
    other = paper.url.replace("https://", "http://").replace("www.", "")
    assert same_address([paper], other + "/") is paper
    assert same_address([paper], paper.url + "x") is None
    assert free_id("The Léman Gazette!", []) == "the-leman-gazette"
    assert free_id("新聞", ["source"]) == "source-2"
    assert len(free_id("x" * 200, ["x" * 60])) <= 64


def test_an_entry_of_the_starter_is_copied_switched_on(tmp_path):
    source = next(iter(starter().values()))
    entry = entry_of(source)
    assert "enabled" not in entry
    assert next(iter(entry)) == "id"
    assert add_entry(tmp_path / "s.yml", entry) == source.model_copy(update={"enabled": True})
    assert entry_text(entry).startswith("  - id: ")


def test_the_starter_catalogue_is_switched_off_and_says_what_every_source_is():
    found = list(load_catalog(entries.STARTER))
    assert len(found) >= 35
    assert not any(source.enabled for source in found)
    assert len({source.url for source in found}) == len(found)
    for source in found:
        assert source.url, source.id
        assert source.outlet, source.id
        assert source.licence, source.id
        assert source.language, source.id
        assert not source.allow_private, source.id
