"""`chancery add` and `chancery sources`, against a site on loopback and without a network."""

import io

import pytest
import yaml
from rich.console import Console
from typer.testing import CliRunner

from assets.settings import SAMPLE, Settings
from pipelines import add as adding
from pipelines.cli import Exit, app
from sources.catalog import load_catalog
from sources.entries import starter
from tests.running import settings as make_settings
from tests.sources.site import Site

PARAGRAPHS = (
    "The ministers of Norvania and Sudland met at the harbour of Elmouth and agreed to open the bridge to lorries.",
    "They will meet again in May, said the host, who had walked the last mile with her guests in the pouring rain.",
    "A spokesman for Norvania said that the toll would be the same for all and would be paid to a common fund.",
)


def story(number):
    body = "".join(f"<p>{text} It was day {number}.</p>" for text in PARAGRAPHS * 2)
    return (
        f"<html lang='en'><head><title>Bridge {number} - Elmouth Echo</title>"
        "<meta property='og:site_name' content='Elmouth Echo'>"
        f"<meta property='article:published_time' content='2026-03-0{number}T08:00:00Z'></head>"
        f"<body><article><h1>Bridge [red]{number}[/red]</h1>{body}</article></body></html>"
    )


@pytest.fixture
def paper():
    """A small site: a front page, a feed of teasers, seven pages."""
    site = Site()
    site.home = site.url("/")
    items = "".join(
        f"<item><title>Bridge [red]{n}[/red]</title><link>{site.home}{n}</link><description>More ...</description>"
        f"<pubDate>0{n} Mar 2026 08:00:00 GMT</pubDate></item>"
        for n in range(1, 8)
    )
    feed = f"<rss version='2.0'><channel><title>Echo RSS</title>{items}</channel></rss>"
    front = "<html><head><link rel='alternate' type='application/rss+xml' href='/news.rss'></head><body/></html>"
    pages = {"/": front, "/news.rss": feed} | {f"/{n}": story(n) for n in range(1, 8)}
    site.pages |= {path: text.encode() for path, text in pages.items()}
    yield site
    site.close()


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "sources.yml"
    path.write_text(
        "# mine\nsources:\n  - {id: other, kind: feed, url: 'https://other.example/feed', enabled: false}\n"
    )
    return path


@pytest.fixture
def add(mine, tmp_path):
    """Runs the command's work; what it printed is in `.out`."""

    def run(url, answer=True, path=mine, identity=None, allow_private=True):
        console = Console(file=io.StringIO(), width=200)
        run.asked = []

        def confirm(question):
            run.asked.append(question)
            return answer

        try:
            return adding.add(
                make_settings(tmp_path, path, fetch_spacing=0.0),
                url,
                identity=identity,
                allow_private=allow_private,
                confirm=confirm,
                console=console,
            )
        finally:
            run.out = console.file.getvalue()

    return run


def test_a_site_is_shown_and_its_feed_written(add, mine, paper):
    source = add(paper.home)
    assert (source.id, source.kind, source.url) == ("elmouth-echo", "feed", paper.home + "news.rss")
    assert (source.outlet, source.language, source.min_articles, source.allow_private) == (
        "Elmouth Echo",
        "en",
        3,
        True,
    )
    assert "7 items" in source.reason
    text = mine.read_text()
    assert text.startswith("# mine\n")
    assert "licence: null  # not known" in text
    assert load_catalog(mine)[-1] == source
    words = " ".join(add.out.split())
    for number in (3, 4, 5, 6, 7):
        assert f"Bridge [red]{number}[/red]" in words
        assert f"2026-03-0{number} 08:00" in words
    assert "The ministers of Norvania" in words
    assert "feed that leads to pages" in words
    assert len(paper.asked) <= 10


def test_no_means_no(add, mine, paper):
    before = mine.read_text()
    assert add(paper.home, answer=False) is None
    assert add.asked
    assert mine.read_text() == before


def test_ids_are_given_or_made_and_never_taken_twice(add, mine, paper):
    assert add(paper.home, identity="echo").id == "echo"
    with pytest.raises(adding.Refused, match="'other' already") as refused:
        add("https://x.example", identity="other")
    assert refused.value.exit is Exit.KNOWN
    before = len(paper.asked)
    with pytest.raises(adding.Refused, match="lower-case"):
        add(paper.home, identity="The Echo")
    assert len(paper.asked) == before, "nothing is fetched for what cannot be written"


def test_what_is_in_the_catalogue_already_is_not_added_again(add, mine, paper):
    add(paper.home)
    before, asked = mine.read_text(), len(paper.asked)
    with pytest.raises(adding.Refused, match="as 'elmouth-echo'") as refused:
        add(paper.home)
    assert refused.value.exit is Exit.KNOWN
    with pytest.raises(adding.Refused, match=r"'other', switched off") as refused:
        add("http://www.other.example/feed/")
    assert refused.value.exit is Exit.KNOWN
    assert mine.read_text() == before
    assert len(paper.asked) > asked


@pytest.mark.parametrize(
    ("change", "exit", "words"),
    [
        ({"/": b"<html><body>Under construction</body></html>"}, Exit.NOTHING_FOUND, "Tried:"),
        ({"/robots.txt": b"User-agent: *\nDisallow: /"}, Exit.FORBIDDEN, "robots.txt"),
        ({"/": 404, "/news.rss": 404}, Exit.UNREACHABLE, "no such page"),
        ({f"/{n}": 404 for n in range(1, 8)}, Exit.NOTHING_FOUND, "can be read"),
    ],
)
def test_what_cannot_be_added_is_refused_with_a_sentence(add, mine, paper, change, exit, words):
    before = mine.read_text()
    paper.pages |= change
    with pytest.raises(adding.Refused, match=words) as refused:
        add(paper.home)
    assert refused.value.exit is exit
    assert not add.asked
    assert mine.read_text() == before


def test_a_private_address_needs_a_word(add, paper):
    with pytest.raises(adding.Refused, match="--allow-private"):
        add(paper.home, allow_private=False)
    assert paper.asked == []


def test_nobody_there(add):
    with pytest.raises(adding.Refused) as refused:
        add("http://127.0.0.1:9/")
    assert refused.value.exit is Exit.UNREACHABLE


@pytest.mark.parametrize("url", ["ftp://paper.example", "https://", "http://[x"])
def test_what_is_no_address(add, url):
    with pytest.raises(adding.Refused, match="expected an address"):
        add(url)


def test_a_broken_catalogue_is_named_before_anything_is_fetched(add, mine, paper):
    mine.write_text("sources: {")
    with pytest.raises(adding.Refused, match="valid YAML"):
        add(paper.home)
    assert paper.asked == []


def test_a_password_is_written_but_not_shown(add, mine, paper):
    source = add(paper.home.replace("127", "ada:secret@127") + "news.rss")
    assert "ada:secret@" in source.url
    table = add.out.split("The entry")[0]
    assert "secret" not in table


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A working place without a catalogue of one's own."""
    (tmp_path / "chancery.toml").write_text("")
    monkeypatch.setenv("CHANCERY_CONFIG", str(tmp_path / "chancery.toml"))
    monkeypatch.delenv("CHANCERY_SOURCES", raising=False)
    return tmp_path


def command(*arguments):
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, list(arguments))


def test_an_entry_of_the_starter_goes_into_a_catalogue_of_ones_own(desk):
    first, second = list(starter())[:2]
    sample = SAMPLE.read_bytes()
    result = command("add", "--starter", first, "--starter", second)
    assert result.exit_code == 0, result.output
    assert "no longer the bundled sample" in result.output
    own = load_catalog(desk / "sources.yml")
    assert [(s.id, s.enabled) for s in own] == [(first, True), (second, True)]
    assert Settings().sources == desk / "sources.yml"
    assert SAMPLE.read_bytes() == sample
    again = command("add", "--starter", first)
    assert again.exit_code == Exit.KNOWN
    listed = command("sources")
    assert first in listed.output
    assert "starter.yml" not in listed.output


def test_the_sample_stays_as_it_is_even_when_it_is_named(desk):
    first = next(iter(starter()))
    sample = SAMPLE.read_bytes()
    assert command("add", "--starter", first, "--sources", str(SAMPLE)).exit_code == 0
    assert SAMPLE.read_bytes() == sample
    assert yaml.safe_load((desk / "sources.yml").read_text())["sources"][0]["id"] == first


def test_another_file_is_written_on_request_and_how_to_use_it_is_said(desk):
    first = next(iter(starter()))
    other = desk / "others.yml"
    result = command("add", "--starter", first, "--sources", str(other))
    assert result.exit_code == 0
    assert load_catalog(other)[0].id == first
    assert not (desk / "sources.yml").exists()


def test_a_name_that_the_starter_has_not(desk):
    first = next(iter(starter()))
    result = command("add", "--starter", first + "x")
    assert result.exit_code == Exit.ERROR
    assert f"did you mean {first}" in result.output
    assert not (desk / "sources.yml").exists()


def test_the_starter_is_listed_with_licences(desk):
    result = command("sources", "--starter")
    assert result.exit_code == 0
    words = " ".join(result.output.split())
    assert all(name in words for name in starter())
    assert "CC BY 4.0" in words


@pytest.mark.parametrize("arguments", [(), ("https://x.example", "--starter", "un-news")])
def test_either_an_address_or_the_starter(desk, arguments):
    assert command("add", *arguments).exit_code == Exit.ERROR


def test_without_a_person_nothing_is_written_unless_told_to(desk, paper):
    result = command("add", paper.home, "--allow-private")
    assert result.exit_code == Exit.ERROR, result.output
    assert "--yes" in result.output
    assert not (desk / "sources.yml").exists()
    result = command("add", paper.home, "--allow-private", "--yes")
    assert result.exit_code == 0, result.output
    assert load_catalog(desk / "sources.yml")[0].id == "elmouth-echo"
    assert command("add", "http://127.0.0.1:9/", "--allow-private").exit_code == Exit.UNREACHABLE
