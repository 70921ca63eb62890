"""When a page was published, by its own word.

What belongs here: the places in which a page states its date, in the order of their worth.
What does not: reading a date (times) and dates that the article tells about (extraction).

Data for machines come first, then marked elements, then the line under the headline, then the address.  A date of
change is no date of publication; it stands in only where a visible line gives nothing else.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Final, Literal
from urllib.parse import urlsplit

import yaml
from lxml import etree, html

from sources.formats.text import line
from sources.formats.times import AHEAD, Order, Stated, numeric_order, stated_time, written

_META: Final = (
    "article:published_time", "og:article:published_time", "og:published_time", "og:pubdate", "datepublished",
    "date.published", "publish-date", "publish_date", "publishdate", "published", "published-date",
    "published_date", "publication-date", "publication_date", "publicationdate", "pubdate", "pub_date",
    "dc.date.issued", "dcterms.issued", "dcterms.available", "dc.date.published", "parsely-pub-date",
    "sailthru.date", "article.published", "article:published", "article_date_original", "article-published",
    "cxenseparse:recs:publishtime", "bt:pubdate", "rnews:datepublished", "prism.publicationdate",
    "citation_publication_date", "citation_date", "originalpublicationdate", "iso-8601-publish-date",
    "release_date", "releasedate", "shareaholic:article_published_time", "dc.date", "dcterms.date",
    "dcterms.created", "dc.date.created", "date", "cdate", "displaydate", "article:post_date",
)  # fmt: skip
_PUBLISHED_NAME: Final = re.compile(
    r"(?:^|[\s_-])(?:published|pubdate|pub-date|publish(?:ed)?-?(?:date|time|on)?|publication-?date|posted-?(?:on|date)?"
    r"|entry-date|post-?(?:date|time)|article-?(?:date|time)|story-?date|news-?date|date-?published|dt-published|date|dateline"
    r"|datetime|timestamp|created|meta-?date|published-?at|release-?date|fecha|datum)(?:$|[\s_-])"
)
_CHANGED_NAME: Final = re.compile(r"updat|modif|revis|last-?edit|changed")
_BESIDE: Final = frozenset(("aside", "nav", "footer"))
_BESIDE_NAME: Final = re.compile(
    r"(?:^|[\s_-])(?:related|recommended|sidebar|most|latest|popular|teaser|teasers|comments?|commentlist|trending"
    r"|promo|more|ticker|carousel|footer|newsletter|events?)(?:$|[\s_-])"
)
_IN_PATH: Final = re.compile(
    r"/((?:19|20)\d\d)(?:/[a-z][a-z_-]{3,24})?[/-](0[1-9]|1[0-2]|[1-9]|[a-z]{3})[/-](0[1-9]|[12]\d|3[01]|[1-9])(?=[/_.-]|$)"
)
_IN_NAME: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?!\d)")
_SENTENCE_END: Final = re.compile(r"[.!?|]\s|\d{4}.*\d{4}")
_DIGIT: Final = re.compile(r"\d")
_MOST_LINES: Final = 5_000
_LINE: Final = 160  # characters of a dateline with all that stands beside the date
_LOOKED_AT: Final = 60  # short lines after the headline, and before it
_PROSE: Final = 45  # words of a paragraph behind which no dateline is expected
_SPOKEN: Final = 4  # words in small letters: more of them, and a line with a date in it is a sentence
_WEB: Final = dt.date(1991, 8, 6)  # the first page; a line with an older date tells of something else
# "DUBLIN, July 2 –", "NEW YORK and OSLO, Norway (": how the first paragraph of a report or a release begins
_PLACE: Final = re.compile(
    r"[A-Z][^\W\d_][\w.'’-]*(?:,? (?:and|de|d[aeio]|la|[A-Z][\w.'’-]*)){0,6},? ?[(/–—-]{0,2} ?(?:on )?"
)
_REPORT: Final = re.compile(r"\d{4}\)? ?(?:[–—:/.]|--?\s|\(\S)")
_RANGE: Final = re.compile(r"\d{4} ?(?:[–—-]+|to|until|till) ?(?:[^\W\d_]+\.? )?\d{1,2}\D{1,12}\d{4}")
# countries whose English pages write the day first
_DAY_FIRST: Final = frozenset(
    "uk au nz ie in pk bd lk za ng ke gh ug tz zm zw mt cy sg my hk eu il jm tt bw na rw mw fj".split()
)
_MONTH_FIRST_LANGUAGES: Final = frozenset(("en", "ja", "zh", "ko", "tl"))
_STARTS_PARAGRAPH: Final = frozenset(
    "p div li h1 h2 h3 h4 h5 h6 td th tr table ul ol dl dt dd section article header footer aside nav main figure form "
    "blockquote br hr body time center address".split()
)
_SKIPPED: Final = frozenset("script style noscript template svg select option button nav footer aside iframe".split())


@dataclass(frozen=True, slots=True)
class Reading:
    """How this page's dates are to be read."""

    fetched_at: dt.datetime
    order: Order | None
    language: str | None

    def read(self, value: object) -> Stated | None:
        """As `times.stated_time`."""
        return stated_time(value, self.fetched_at, self.order, self.language)


@dataclass(frozen=True, slots=True)
class Source:
    """What the search looks at."""

    tree: html.HtmlElement
    linked: tuple[str, ...]
    meta: dict[str, str]
    heading: html.HtmlElement | None
    url: str


def publication(source: Source, reading: Reading) -> tuple[Stated | None, str | None]:
    """(the date of publication, the first date that could not be read if none could)."""
    unread: str | None = None
    path = _path_date(source.url, reading)
    marked: list[Stated] = []
    for raw in filter(None, _marked(source)):
        stated = reading.read(raw)
        if stated is None:
            unread = unread or str(raw)[:100]
        else:
            marked.append(stated)
    if marked:
        best = marked[0]
        if path is not None and abs((best.day - path.day).days) > 1:
            # moved pages have new dates in their data; believed is the address, if anything on the page agrees with it
            shown = _visible(source, reading)
            agreeing = [stated for stated in (*marked, shown) if stated and stated.day == path.day]
            best = agreeing[0] if agreeing else best
        timed = [stated for stated in marked if stated.day == best.day and stated.timed]
        return (timed[0] if timed and not best.timed else best), None
    shown = _visible(source, reading)
    if shown is not None and path is not None and abs((shown.day - path.day).days) > 31:
        shown = None
    stated = shown or path
    return stated, (None if stated else unread)


def numeric_dates(tree: html.HtmlElement, tag: str | None, language: str | None, url: str) -> Order | None:
    """How the page writes numeric dates: by its language and country, or by dates that can be read in one way only."""
    if language is not None and language not in _MONTH_FIRST_LANGUAGES:
        return "dmy"
    proven = numeric_order(" ".join(tree.itertext("time", "span", "p", "div", "td", "li", "small"))[:200_000])
    if proven is not None:
        return proven
    country = (tag or "").replace("_", "-").partition("-")[2].casefold()
    host = (urlsplit(url).hostname or "").rpartition(".")[2] if "//" in url else ""
    if host in _DAY_FIRST or country in {"gb", *_DAY_FIRST}:
        return "dmy"
    return "mdy" if country == "us" or host in ("us", "mil") else None


def _marked(source: Source) -> Iterator[object]:
    yield from source.linked
    for name in _META:
        if name in source.meta:
            yield source.meta[name]
    tree = source.tree
    around = frozenset(_up(source.heading, 99)) if source.heading is not None else frozenset()
    marked = tree.xpath("//*[@itemprop='datePublished' or @property='datePublished' or @pubdate]")[:40]
    times = [t for t in list(tree.iter("time"))[:200] if not _is_change(t)]
    named = [e for e in (*marked, *(t for t in times if _PUBLISHED_NAME.search(_names(t)))) if not _beside(e, around)]
    own = [t for t in times if not _beside(t, around)]
    inside = [t for t in own if _holder(t, around) == "article"]
    # those called published before others, but what is close to the headline before what is far
    yield from (_value(element) for element in _ordered([*named, *inside], source.heading)[:4])
    lone = [t for t in own if _holder(t, around) is None and next(t.iterancestors("blockquote"), None) is None]
    if len({_value(t) for t in lone}) == 1:
        yield _value(lone[0])
    for element in tree.xpath("//abbr[contains(@class, 'published')]")[:1]:
        yield element.get("title") or line(element.text_content())


def _ordered(times: list[html.HtmlElement], heading: html.HtmlElement | None) -> list[html.HtmlElement]:
    """Those that share the headline's nearest ancestors first; otherwise in their order."""
    if heading is None or not times:
        return times
    near = {ancestor: depth for depth, ancestor in enumerate(_up(heading, 8))}
    return sorted(times, key=lambda t: min((near[a] for a in _up(t, 12) if a in near), default=99))


def _up(element: html.HtmlElement, most: int) -> list[html.HtmlElement]:
    return [a for _, a in zip(range(most), element.iterancestors(), strict=False)]


def _value(element: html.HtmlElement) -> str | None:
    return element.get("datetime") or element.get("content") or line(element.text_content()[:_LINE])


def _names(element: html.HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}".casefold()


def _beside(element: html.HtmlElement, around: frozenset[html.HtmlElement]) -> bool:
    """Whether an element belongs to something beside the article; what holds the headline (`around`) is not beside."""
    return any(
        a not in around
        and (a.tag in _BESIDE or (a.tag not in ("body", "html", "article", "main") and _BESIDE_NAME.search(_names(a))))
        for a in (element, *_up(element, 8))
    )


def _holder(element: html.HtmlElement, around: frozenset[html.HtmlElement]) -> Literal["article", "site"] | None:
    """What an element stands in: the article, the site's own header (a clock stands there), or nothing that tells."""
    holder = next(element.iterancestors("article", "main", "header"), None)
    if holder is None:
        return None
    if holder.tag != "header" or holder in around:
        return "article"
    return _holder(holder, around) or "site"


def _is_change(element: html.HtmlElement) -> bool:
    names = " ".join(_names(e) for e in (element, *_up(element, 1)))
    if _CHANGED_NAME.search(names) and not _PUBLISHED_NAME.search(_names(element)):
        return True
    before = element.getprevious()
    lead = (before.tail or before.text or "") if before is not None else (element.getparent().text or "")
    return bool(_label("changed").search(lead[-40:]))


def _visible(source: Source, reading: Reading) -> Stated | None:
    """The dateline that readers see: labelled, or a line near the headline that is little more than a date."""
    lines = list(_lines(source))
    changed: Stated | None = None
    for wanted, place in (
        ("label", "after"),
        ("near", "after"),
        ("label", "rest"),
        ("label", "before"),
        ("near", "before"),
    ):
        for text, where, prose in lines:
            if where != place:
                continue
            for date in _dates_in(text, reading):
                if _label("changed").search(date.around) and not _label("published").search(date.around):
                    changed = changed or (date.stated if where != "rest" else None)
                elif _label("published").search(date.around) or (wanted == "near" and _near(date, text, prose)):
                    return date.stated
                else:
                    break
    alone = [
        date.stated
        for text, where, _ in lines
        if where == "rest" and len(text.split()) <= 8
        for date in _dates_in(text, reading)
        if date.begins and _near(date, text, prose=False)
    ]
    if changed is None and len({stated.day for stated in alone}) == 1:
        return alone[0]  # a line under the article
    return changed


@dataclass(frozen=True, slots=True)
class _Date:
    """A date in a line: the words around it, whether the line begins with it, and whether a report opens with it."""

    stated: Stated
    around: str
    begins: bool
    opens: bool


def _dates_in(text: str, reading: Reading) -> Iterator[_Date]:
    done = 0
    for moment, start in written(text, reading.fetched_at, reading.order, reading.language):
        stated = reading.read(moment.isoformat())
        if stated is not None and stated.moment <= reading.fetched_at + AHEAD:
            around = text[max(done, start - 60) : start] + _SENTENCE_END.split(text[start + 8 : start + 50])[0]
            begins = start <= 1
            placed = begins or _PLACE.fullmatch(text, 0, start)
            yield _Date(stated, around, begins, bool(placed and _REPORT.search(text, start, start + 24)))
        done = start


def _near(date: _Date, text: str, prose: bool) -> bool:
    """Whether a date that no word calls published is the page's, as the line in which it stands looks."""
    if date.stated.day < _WEB or _RANGE.search(text):
        return False
    return date.opens or (date.begins if prose else _is_dateline(text))


def _is_dateline(text: str) -> bool:
    """Whether a line with a date is a dateline: short, and no sentence."""
    spoken = text.split()
    return (
        len(spoken) <= 16
        and sum(word.isalpha() and word.islower() for word in spoken) <= _SPOKEN
        and not re.search(r"[a-zà-ÿ]{3}[.!?]$", text)
        and not re.search(r"©|\(c\)|copyright", text, re.I)
    )


def _lines(source: Source) -> Iterator[tuple[str, str, bool]]:
    """(short line, where it stands as seen from the headline, whether prose stands between).

    On a page without a headline the first prose is what the lines before it are seen from.
    """
    before: list[str] = []
    after: list[tuple[str, str, bool]] = []
    rest: list[tuple[str, str, bool]] = []
    met, prose = False, False
    for whole, element in itertools.islice(_blocks(source.tree, source.heading), _MOST_LINES):
        text = whole[: _LINE * 2]
        if element is not None and element is source.heading:
            met = True
            continue
        words = whole.count(" ") + 1
        if words >= _PROSE:
            met = met or source.heading is None
            if met and not prose:
                after.append((text[:_LINE], "after", True))
            prose = prose or met
        elif not _DIGIT.search(text, 0, _LINE):
            continue
        elif not met:
            before.append(text)
        elif len(after) < _LOOKED_AT and not prose:
            after.append((text, "after", prose))
        elif len(rest) < 400:
            rest.append((text, "rest", True))
    yield from after
    if met:
        yield from ((text, "before", False) for text in reversed(before[-6:]))
    else:
        yield from ((text, "after", False) for text in before[:_LOOKED_AT])
    yield from rest


def _blocks(tree: html.HtmlElement, main: html.HtmlElement | None) -> Iterator[tuple[str, html.HtmlElement | None]]:
    """The page's lines with the heading elements among them; menus and what is named as beside left out."""
    parts: list[str] = []
    heading: html.HtmlElement | None = None
    around = frozenset(main.iterancestors()) if main is not None else frozenset()
    walker = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walker:
        tag = element.tag
        if event == "start":
            if tag == "head" or (
                element not in around
                and (
                    tag in _SKIPPED or (tag not in ("body", "article", "main") and _BESIDE_NAME.search(_names(element)))
                )
            ):
                walker.skip_subtree()
                continue
            if tag in _STARTS_PARAGRAPH:
                if text := line("".join(parts)):
                    yield text, heading
                parts.clear()
                heading = None
            if tag in ("h1", "h2", "h3"):
                heading = element
            parts.append(element.text or "")
        else:
            if tag in _STARTS_PARAGRAPH and tag != "time":
                if text := line("".join(parts)):
                    yield text, heading
                parts.clear()
                heading = None
            parts.append(element.tail or "")
    if text := line("".join(parts)):
        yield text, heading


def _path_date(url: str, reading: Reading) -> Stated | None:
    """The day in an address such as /2021/12/06/ or /2021-12-06-envoys; None when there is none."""
    try:
        path = urlsplit(url).path.casefold() if "//" in url else ""
    except ValueError:
        return None
    match = _IN_PATH.search(path) or _IN_NAME.search(path)
    if match is None:
        return None
    year, month, day = match.groups()
    if month.isdigit():
        return reading.read(f"{year}-{int(month):02}-{int(day):02}")
    return reading.read(f"{int(day)} {month} {year}")


@functools.cache
def _label(kind: str) -> re.Pattern[str]:
    raw = yaml.safe_load(resources.files("sources.formats").joinpath("lexicon/datelines.yml").read_text("utf-8"))
    forms = sorted((" ".join(form.split()) for form in raw[kind].split("|")), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?!\w)", re.IGNORECASE)
