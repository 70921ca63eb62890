"""JSON-LD: what a page says of itself to search engines.

What belongs here: finding the object that describes the article, also in JSON that is not quite JSON.
What does not: choosing between it and the page's other words (metadata).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Final

from lxml import html

from sources.formats.text import line, words

_ARTICLE: Final = re.compile(r"(?:\w*Article|Report|\w*BlogPosting|\w*Episode|SpecialAnnouncement)")
_PAGE: Final = re.compile(r"\w*Page|VideoObject|Event")
_OUTLET: Final = re.compile(r"\w*Organization|WebSite|Newspaper|Periodical|Corporation|LocalBusiness")
_LARGEST: Final = 2_000_000  # characters of one script; longer ones are data for the page's own code
_MOST: Final = 4_000_000  # characters of all scripts
_THINGS: Final = 2_000
_HEADLINE: Final = re.compile(r'"headline"\s*:\s*"((?:[^"\\\n]|\\.){1,400})"')
_PUBLISHED: Final = re.compile(r'"datePublished"\s*:\s*"([^"\n]{8,40})"')


@dataclass(frozen=True, slots=True)
class Linked:
    """The fields of the object that describes the article (or else the page), and the names of the outlet."""

    headlines: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    language: str | None = None
    body: str | None = None
    outlets: tuple[str, ...] = ()
    is_article: bool = False
    paid: bool = False  # the page says of itself that it is not accessible for free


@dataclass(slots=True)
class _Graph:
    articles: list[dict[str, Any]] = field(default_factory=list)
    pages: list[dict[str, Any]] = field(default_factory=list)
    outlets: dict[str, None] = field(default_factory=dict)
    by_id: dict[str, dict[str, Any]] = field(default_factory=dict)


def read_linked(tree: html.HtmlElement, declared_title: str | None) -> Linked:
    """What the page's JSON-LD says; of several articles the one that `declared_title` names (or else the first)."""
    graph, torn, budget = _Graph(), "", _MOST
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").casefold():
            continue
        text = script.text or ""
        budget -= len(text)
        if len(text) > _LARGEST or budget < 0:
            continue
        data = _loaded(text)
        if data is None:
            torn = torn or text
            continue
        for thing in _things(data):
            _sort(thing, graph)
    article = _best(graph.articles, declared_title)
    page = graph.pages[0] if graph.pages else {}
    if not article and torn:
        article = _salvaged(torn)
    says = [thing for thing in (article, page) if thing]
    author = article.get("author") or article.get("creator") or page.get("author")
    return Linked(
        headlines=_strings(article.get("headline"), article.get("name"), page.get("headline")),
        published=_strings(*(thing.get("datePublished") for thing in says)),
        authors=tuple(dict.fromkeys(_names(author, graph))),
        language=next(iter(_strings(*(thing.get("inLanguage") for thing in says))), None),
        body=next(iter(_strings(article.get("articleBody"))), None),
        outlets=tuple(graph.outlets),
        is_article=bool(article),
        paid=str(article.get("isAccessibleForFree")).casefold() == "false",
    )


def _loaded(text: str) -> Any:
    """The data of a script, read with patience: comments, CDATA marks, escaped quotes and trailing commas."""
    text = re.sub(r"^\s*(?://)?\s*(?:<!--|<!\[CDATA\[)|(?://)?\s*(?:-->|\]\]>)\s*$", "", text).strip().rstrip(";")
    for attempt in range(3):
        if attempt == 1:
            text = re.sub(r",(\s{0,200}[}\]])", r"\1", text)
        elif attempt == 2:
            text = unescape(text)
        try:
            return json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _salvaged(text: str) -> dict[str, Any]:
    """Headline and date of JSON that cannot be read."""
    headline, published = _HEADLINE.search(text), _PUBLISHED.search(text)
    if headline is None:
        return {}
    try:
        name = json.loads(f'"{headline[1]}"', strict=False)
    except ValueError:
        name = headline[1]
    return {"headline": name, "datePublished": published[1] if published else None}


def _things(data: Any) -> Iterator[dict[str, Any]]:
    """The objects at the top, in graphs and in "mainEntity"; not those inside others (an author, a related article)."""
    waiting, seen = [data], 0
    while waiting and seen < _THINGS:
        seen += 1
        thing = waiting.pop(0)
        if isinstance(thing, list):
            waiting = [*thing[:_THINGS], *waiting]
        elif isinstance(thing, dict):
            yield thing
            inner = (thing.get(name) for name in ("@graph", "mainEntity", "mainEntityOfPage", "publisher", "isPartOf"))
            waiting = [*(value for value in inner if isinstance(value, dict | list)), *waiting]


def _sort(thing: dict[str, Any], graph: _Graph) -> None:
    kinds = thing.get("@type")
    kinds = [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]
    name = thing.get("@id")
    if isinstance(name, str) and thing.get("name"):
        graph.by_id.setdefault(name, thing)
    if any(_ARTICLE.fullmatch(kind) for kind in kinds):
        graph.articles.append(thing)
    elif any(_OUTLET.fullmatch(kind) for kind in kinds):
        for outlet in _strings(thing.get("name"), thing.get("alternateName"), thing.get("legalName")):
            graph.outlets.setdefault(outlet)
    elif any(_PAGE.fullmatch(kind) for kind in kinds):
        graph.pages.append(thing)


def _best(articles: list[dict[str, Any]], declared_title: str | None) -> dict[str, Any]:
    if not articles:
        return {}
    wanted = set(words(declared_title or ""))

    def likeness(article: dict[str, Any]) -> tuple[bool, int]:
        have = set(words(" ".join(_strings(article.get("headline"), article.get("name")))))
        close = bool(have) and len(have & wanted) >= 0.6 * min(len(have), len(wanted) or 1)
        return close, bool(article.get("datePublished")) + bool(article.get("headline"))

    return max(articles, key=likeness)


def _names(author: Any, graph: _Graph) -> Iterator[str]:
    """Names of persons, or else of organisations that are not the outlet itself."""
    people: list[str] = []
    offices: list[str] = []
    for entry in author if isinstance(author, list) else [author]:
        if isinstance(entry, dict) and not entry.get("name") and isinstance(entry.get("@id"), str):
            entry = graph.by_id.get(entry["@id"], {})
        if isinstance(entry, dict):
            names = _strings(entry.get("name"))
            (offices if "Organization" in str(entry.get("@type")) else people).extend(names)
        else:
            people.extend(_strings(entry))
    outlets = {outlet.casefold() for outlet in graph.outlets}
    yield from people or [name for name in offices if name.casefold() not in outlets]


def _strings(*values: Any) -> tuple[str, ...]:
    """The strings among `values` and in lists among them, none empty."""
    flat = [item for value in values for item in (value if isinstance(value, list) else [value])]
    return tuple(item for item in flat if isinstance(item, str) and line(item))
