"""The bundled articles: what the catalogue delivers is what the labels were made on."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

import samples
from samples.labels import load_labels
from sources.archive import Archive
from sources.articles import ParsedDay, parse_day
from sources.catalog import load_catalog
from sources.duplicates import DuplicateRow, mark_duplicates, signature
from sources.readers import fetch_day

CATALOGUE = Path(samples.__file__).with_name("sources.yml")
DAY = dt.date(2026, 3, 14)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> ParsedDay:
    archive = Archive(tmp_path_factory.mktemp("archive"))
    fetch_day(load_catalog(CATALOGUE), archive, DAY)
    return parse_day(archive, DAY)


def test_every_source_delivers_as_many_articles_as_its_bounds_say(day: ParsedDay) -> None:
    delivered = Counter(article.source_id for article in day.articles)
    for source in load_catalog(CATALOGUE):
        assert source.min_articles == source.max_articles == delivered[source.id], source.id
        assert source.licence == "Apache-2.0 (Chancery project)"
        assert source.reason


def test_a_label_has_the_text_that_the_pipeline_stores(day: ParsedDay) -> None:
    texts = {article.url: article.text for article in day.articles}
    assert [label.id for label in load_labels() if texts.get(label.url) != label.text] == []


def test_outlet_title_and_day_are_read(day: ParsedDay) -> None:
    articles = {article.url: article for article in day.articles}
    for label in load_labels():
        article = articles[label.url]
        assert (article.outlet, article.title) == (label.outlet, label.title)
        if label.published is None:
            assert article.published_at is None
        else:
            # An evening in America is the next day in UTC.
            assert article.published_at is not None
            assert 0 <= (article.published_at.date() - label.published).days <= 1


def test_only_the_page_without_a_body_is_turned_away(day: ParsedDay) -> None:
    refused = [entry.url for entry in day.log if entry.status in ("rejected", "failed")]
    assert refused == ["file:continental-courier/page-not-ready.html"]


def test_one_article_is_in_another_language(day: ParsedDay) -> None:
    assert [article.source_id for article in day.articles if article.language != "en"] == ["gazette-du-fleuve"]


def test_no_furniture_is_left_in_a_text(day: ParsedDay) -> None:
    for article in day.articles:
        for trace in ("cookies", "newsletter", "addEventListener", "Read also", "Most read", "All rights", "Save"):
            assert trace not in article.text, (article.url, trace)


def test_the_copy_and_the_near_copy_are_marked_and_nothing_else(day: ParsedDay) -> None:
    url = {article.article_id: article.url for article in day.articles}
    rows = [
        DuplicateRow(a.article_id, a.published_at, a.fetched_at, a.content_hash, signature(a.text))
        for a in day.articles
    ]
    copies = {url[copy]: url[original] for copy, original in mark_duplicates(rows).items()}
    draft, accord = "news/2026/03/02/turkana-draft", "kenya-ethiopia-sign-turkana-accord.html"
    assert copies == {
        "https://riftvalleybulletin.example/2026/03/kenya-draft": f"https://lakesradio.example/{draft}",
        "https://capital-ledger.example/wires/turkana-accord": f"file:meridian-wire/{accord}",
    }
