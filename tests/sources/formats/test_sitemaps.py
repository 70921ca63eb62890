"""Sitemaps as generators write them, and as attackers do."""

import datetime as dt
import gzip
import time
import tracemalloc

import pytest

from sources.formats import sitemaps
from sources.formats.sitemaps import NotASitemap, SitemapChild, SitemapPage, parse_sitemap

NOW = dt.datetime(2026, 3, 14, 2)
HERE = "https://paper.example/sitemap.xml"
XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def read(text, url=HERE):
    return parse_sitemap(text if isinstance(text, bytes) else text.encode(), url, NOW)


def urls(found):
    return [page.url for page in found.pages]


def entries(*addresses):
    return "".join(f"<url><loc>{address}</loc></url>" for address in addresses)


def test_a_news_sitemap_tells_title_date_outlet_and_language():
    found = read(f"""<?xml version="1.0" encoding="UTF-8"?>
        <urlset {XMLNS} {NEWS} xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url>
          <loc>https://paper.example/2026/harbour</loc>
          <lastmod>2026-03-13T21:00:00Z</lastmod>
          <news:news>
            <news:publication><news:name>The Paper</news:name><news:language>en-GB</news:language></news:publication>
            <news:publication_date>2026-03-13T20:15:00+02:00</news:publication_date>
            <news:title>Ministers &amp; mayors  meet at the harbour &eacute;</news:title>
          </news:news>
          <image:image><image:loc>https://paper.example/i.jpg</image:loc><image:title>A ship</image:title></image:image>
        </url></urlset>""")
    assert found.pages == (
        SitemapPage(
            url="https://paper.example/2026/harbour",
            published_at=dt.datetime(2026, 3, 13, 18, 15),
            lastmod=dt.datetime(2026, 3, 13, 21),
            title="Ministers & mayors meet at the harbour é",
            language="en",
            outlet="The Paper",
        ),
    )
    assert found.children == ()


def test_an_index_names_its_children():
    found = read(
        f"<sitemapindex {XMLNS}><sitemap><loc>https://paper.example/a.xml.gz</loc><lastmod>2026-03-13</lastmod></sitemap>"
        "<sitemap><loc>/b.xml</loc></sitemap></sitemapindex>"
    )
    assert found.children == (
        SitemapChild("https://paper.example/a.xml.gz", dt.datetime(2026, 3, 13)),
        SitemapChild("https://paper.example/b.xml", None),
    )
    assert found.pages == ()
    assert found.damaged is None


@pytest.mark.parametrize(
    "opening",
    [
        "<urlset>",
        '<urlset xmlns="https://www.google.com/schemas/sitemap/0.84">',
        '<URLSET xmlns="urn:anything">',
        f"\ufeff\n <?xml version='1.0'?><!-- made by hand --><?xml-stylesheet href='x.xsl'?><urlset {XMLNS}>",
    ],
)
def test_any_namespace_or_none(opening):
    closing = "</URLSET>" if "URLSET" in opening else "</urlset>"
    found = read(opening + entries("https://paper.example/1", " \n/2 ", "https://paper.example/1") + closing)
    assert urls(found) == ["https://paper.example/1", "https://paper.example/2"]
    assert found.damaged is None


def test_a_prefix_without_its_declaration_is_no_damage():
    found = read(
        "<sm:urlset><sm:url><sm:loc>/1</sm:loc><news:news><news:title>Talks</news:title></news:news></sm:url></sm:urlset>"
    )
    assert [(p.url, p.title) for p in found.pages] == [("https://paper.example/1", "Talks")]
    assert found.damaged is None


def test_cdata_and_comments_inside_values():
    found = read(
        "<urlset><url><loc><![CDATA[https://paper.example/?a=1&b=2]]></loc></url>"
        "<url><loc>https://paper.example/<!-- new -->3</loc></url></urlset>"
    )
    assert urls(found) == ["https://paper.example/?a=1&b=2", "https://paper.example/3"]


def test_packed_in_one_or_several_members():
    text = f"<urlset>{entries('/1', '/2')}</urlset>".encode()
    assert len(read(gzip.compress(text)).pages) == 2
    assert len(read(gzip.compress(text[:30]) + gzip.compress(text[30:])).pages) == 2


def test_packed_and_cut_short_keeps_what_came():
    text = f"<urlset>{entries(*(f'/story-{n}-{n * 7919 % 1009}' for n in range(2000)))}</urlset>".encode()
    packed = gzip.compress(text)
    found = read(packed[: len(packed) // 2])
    assert 100 < len(found.pages) < 2000
    assert "cut short" in found.damaged


def test_plain_text_is_one_address_a_line():
    found = read("https://paper.example/1\r\n\r\nhttps://paper.example/2\nnot an address\n")
    assert urls(found) == ["https://paper.example/1", "https://paper.example/2"]
    assert found.damaged == "1 lines are no address"


@pytest.mark.parametrize("charset", ["utf-16", "iso-8859-1"])
def test_other_character_sets(charset):
    text = f'<?xml version="1.0" encoding="{charset}"?><urlset><url><loc>/é</loc></url></urlset>'
    assert urls(read(text.encode(charset))) == ["https://paper.example/é"]


def test_bare_ampersands_and_brackets_lose_nothing():
    found = read("<urlset><url><loc>/?a=1&b=2</loc></url><url><loc>/x<</loc></url><url><loc>/3</loc></url></urlset>")
    assert urls(found)[0] == "https://paper.example/?a=1&b=2"
    assert urls(found)[-1] == "https://paper.example/3"
    assert "not escaped" in found.damaged


def test_cut_short_xml_keeps_whole_entries():
    found = read("<urlset>" + entries("/1", "/2") + "<url><loc>https://paper.exam")
    assert urls(found) == ["https://paper.example/1", "https://paper.example/2"]
    assert found.damaged


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   \n",
        b"<!doctype html><html><body>No such page</body></html>",
        b"<html><body><p>No such page</body></html>",
        b'<rss version="2.0"><channel></channel></rss>',
        b"User-agent: *\nDisallow:\n",
        b"%PDF-1.7 ...",
        b"\x1f\x8b\x08broken",
        b'{"urlset": []}',
        b"<",
        gzip.compress(gzip.compress(b"<urlset/>", mtime=0), mtime=0),
    ],
)
def test_what_is_no_sitemap_is_refused(content):
    with pytest.raises(NotASitemap):
        read(content)


@pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "subset",
    [
        "[" + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "lol"}">' for n in range(12)) + "]",
        '[<!ENTITY a11 SYSTEM "file:///etc/passwd">]',
        'SYSTEM "http://127.0.0.1:1/evil.dtd"',
        '[<!ENTITY % remote SYSTEM "http://127.0.0.1:1/evil.dtd"> %remote;]',
    ],
)
def test_a_document_type_is_refused_unread(subset, charset):
    text = f"<!DOCTYPE urlset {subset}><urlset><url><loc>https://paper.example/&a11;</loc></url></urlset>"
    started = time.monotonic()
    with pytest.raises(NotASitemap, match="document type"):
        read(text.encode(charset))
    assert time.monotonic() - started < 1


def test_an_undeclared_entity_is_text():
    assert urls(read("<urlset><url><loc>https://paper.example/&a11;.html</loc></url></urlset>")) == [
        "https://paper.example/&a11;.html"
    ]


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = gzip.compress(b"<urlset>" + b" " * (sitemaps.MAX_UNPACKED + 1))
    tracemalloc.start()
    with pytest.raises(NotASitemap, match="unpacked"):
        read(bomb)
    assert tracemalloc.get_traced_memory()[1] < 3 * sitemaps.MAX_UNPACKED
    tracemalloc.stop()


def test_no_more_entries_than_the_protocol_allows(monkeypatch):
    monkeypatch.setattr(sitemaps, "MAX_ENTRIES", 10)
    found = read(f"<urlset>{entries(*(f'/{n}' for n in range(11)))}</urlset>")
    assert len(found.pages) == 10
    assert "more than 10" in found.damaged
    lines = read("".join(f"https://paper.example/{n}\n" for n in range(1000)))
    assert len(lines.pages) == 10
    assert "more than 10" in lines.damaged
    assert read(f"<urlset>{entries(*(f'/{n}' for n in range(10)))}</urlset>").damaged is None


def test_addresses_that_cannot_be_used_are_left_out_and_counted():
    found = read(
        f"<urlset>{entries('javascript:alert(1)', 'file:///etc/passwd', 'https://', '', 'a' * 3000, 'http://[x')}"
        f"<url><lastmod>2026-03-13</lastmod></url>{entries('/1')}</urlset>"
    )
    assert urls(found) == ["https://paper.example/1"]
    assert found.damaged == "7 entries without a usable address"


def test_odd_dates_are_left_out():
    found = read(
        "<urlset><url><loc>/1</loc><lastmod>0000-00-00</lastmod></url>"
        "<url><loc>/2</loc><lastmod>2031-01-01</lastmod></url>"
        "<url><loc>/3</loc><lastmod> 2026-03-02 </lastmod></url></urlset>"
    )
    assert [p.lastmod for p in found.pages] == [None, None, dt.datetime(2026, 3, 2)]


def test_monsters_end_in_time_and_memory():
    deep = "<urlset>" + "<x>" * 200_000 + "</x>" * 200_000 + entries("/1") + "</urlset>"
    wide = "<urlset><url><loc>/1</loc>" + "<x/>" * 300_000 + "</url></urlset>"
    long = f"<urlset>{entries('a' * 3_000_000, '/1')}</urlset>"
    for text in (deep, wide, long):
        content = text.encode()
        tracemalloc.start()
        started = time.monotonic()
        assert urls(read(content)) == ["https://paper.example/1"]
        assert time.monotonic() - started < 20
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
        tracemalloc.stop()
