"""Pages that are no articles: what stands in an article's place, and lists of articles.

What belongs here: telling such a page from an article.  What does not: choosing an article's body (body).

The judgement goes by what the page says of itself and by how much text is left when menus and boxes are taken off: an
article with a cookie banner is an article, and so is one about cookies.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from dataclasses import dataclass
from importlib import resources
from typing import Final
from urllib.parse import urlsplit

import yaml
from lxml import html

from sources.formats.blocks import Block, Layout
from sources.formats.dated import dated_items, days_over_links, words_outside
from sources.formats.metadata import About
from sources.formats.text import line
from sources.log import Reason
from sources.urls import is_web

_FULL: Final = 150  # words of running text that only an article has
_LITTLE: Final = 60  # words left on a page that shows next to nothing
_CONSENT_PHRASES: Final = 3  # different phrases that make a dialog, where one is a mention
_LOOKED_AT: Final = 20_000  # characters of the page's text
_TEASERS: Final = 8  # headlines that lead elsewhere, on a page that lists
_MANY_DATED: Final = 15  # dated links that are the page, with a few words beside them; of fewer, with none
_SOME_DATED: Final = 6
_KINDS: Final = (
    ("bot", Reason.BOT_CHECK),
    ("missing", Reason.NOT_FOUND_PAGE),
    ("failed", Reason.ERROR_PAGE),
    ("login", Reason.LOGIN_PAGE),
)


@dataclass(frozen=True, slots=True)
class Wall:
    """Why a page is no article, and the words that gave it away."""

    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class Look:
    """What the judgement goes by."""

    tree: html.HtmlElement
    about: About
    page: Layout
    body: list[Block]
    url: str


def wall(look: Look) -> Wall | None:
    """Why this page is no article; None when it may be one."""
    words = sum(block.words for block in look.body)
    running = _running(look.body)
    if running < _FULL:
        found = _standing_in(look, words, running)
        if found is not None:
            return found
    return _dialog(look, words, running) or _offer(look, words) or _listing(look, words, running) or _dated(look)


def _standing_in(look: Look, words: int, running: int) -> Wall | None:
    heads, text = _heads(look), _text(look)
    says_article = _says_article(look)
    if says_article and running >= _LITTLE // 2 and not _asks_password(look.tree):
        return None  # a short report, whatever its banners say
    for kind, reason in _KINDS:
        titled = next(filter(None, (_phrases(kind, "title").match(head) for head in heads)), None)
        spoken = _phrases(kind, "text").search(text)
        enough = _LITTLE  # running words of what calls itself an article: no teaser
        if kind == "login" and not spoken:
            spoken, enough = _phrases(kind, "form").search(text), _LITTLE // 2
        if titled and (spoken or words < _LITTLE) and not (says_article and running >= _LITTLE):
            return Wall(reason, f"its heading says {titled[0]!r}")
        limit = _LITTLE if not says_article else _LITTLE // 2
        behind = kind == "login" and words < _FULL and _asks_password(look.tree)
        if spoken and (words < limit or (behind and not (says_article and running >= enough))):
            return Wall(reason, f"it says {spoken[0]!r}")
    return None


def _says_article(look: Look) -> bool:
    """Whether the page's data call it an article, or give the time of its publication."""
    meta = look.about.meta
    return (
        look.about.linked.is_article
        or meta.get("og:type", "").casefold() == "article"
        or "article:published_time" in meta
    )


def _dialog(look: Look, words: int, running: int) -> Wall | None:
    """A consent dialog that is the page."""
    if words >= 4 * _FULL or (running >= _LITTLE // 2 and _says_article(look)):
        return None
    spoken = {match[0] for match in _phrases("consent", "text").finditer(_text(look))}
    titled = next(filter(None, (_phrases("consent", "title").match(head) for head in _heads(look)[:2])), None)
    own = " ".join(block.text.casefold() for block in look.body[:40]).replace("’", "'")
    within = {match[0] for match in _phrases("consent", "text").finditer(own)}
    if titled and len(spoken) >= 2 and (words < _LITTLE or len(within) >= 2):
        return Wall(Reason.CONSENT_PAGE, f"its heading says {titled[0]!r}")
    if len(spoken) >= _CONSENT_PHRASES and (words < _LITTLE or (len(within) >= _CONSENT_PHRASES and words < 2 * _FULL)):
        return Wall(Reason.CONSENT_PAGE, f"it says {sorted(spoken)[0]!r}")
    return None


def _listing(look: Look, words: int, running: int) -> Wall | None:
    """A front page or section page: headlines that lead elsewhere, and hardly any text of its own."""
    teasers = _teasers(look.page)
    if teasers < _TEASERS:
        return None
    meta, linked = look.about.meta, look.about.linked
    signs = [
        not linked.is_article,
        not (meta.get("og:type", "").casefold() == "article" or "article:published_time" in meta),
        _is_section(look.url),
        running < _FULL // 2,
        look.about.heading is None,
        words < 12 * teasers,
    ]
    front = is_web(look.url) and not urlsplit(look.url).path.strip("/") and not urlsplit(look.url).query
    if front and not linked.is_article and running < 2 * _FULL:
        return Wall(Reason.LISTING_PAGE, f"{teasers} headlines lead to other pages")
    own = look.about.heading is not None and look.about.metadata.published_at is not None  # a headline and its date
    if sum(signs) >= 4 and running < (_FULL // 4 if own else _FULL // 2):
        return Wall(Reason.LISTING_PAGE, f"{teasers} headlines lead to other pages")
    return None


def _dated(look: Look) -> Wall | None:
    """A page of dated links, with previews or without, or a calendar."""
    meta, linked = look.about.meta, look.about.linked
    if linked.is_article or "article:published_time" in meta:
        return None
    items = dated_items(look.tree)
    outside = words_outside(look.body, items)
    if outside < (_LITTLE // 2 if len(items) >= _MANY_DATED else _LITTLE // 5) and len(items) >= _SOME_DATED:
        return Wall(Reason.LISTING_PAGE, f"{len(items)} dated links lead to other pages")
    days = days_over_links(look.page.blocks, look.body)
    if days >= _SOME_DATED - 1:
        return Wall(Reason.LISTING_PAGE, f"{days} days have links under them, and no text")
    return None


def _offer(look: Look, words: int) -> Wall | None:
    """An offer of subscriptions in the article's place, whatever the page's data call it."""
    titled = next(filter(None, (_phrases("offer", "title").match(head) for head in _heads(look))), None)
    if titled is None or words >= 2 * _FULL:
        return None
    offers = _phrases("offer", "text")
    told = [block for block in look.body if not offers.search(block.text.casefold().replace("’", "'"))]
    if len(look.body) - len(told) >= 1 and sum(block.words for block in told if block.is_prose) < _LITTLE // 2:
        return Wall(Reason.LOGIN_PAGE, f"its heading says {titled[0]!r}")
    return None


def _running(body: list[Block]) -> int:
    """Words of the longest company of paragraphs: those that lie in one element, as an article's do."""
    groups: Counter[object] = Counter()
    for block in body:
        if block.is_prose and block.linked < 0.4 and block.words >= 12:
            groups[block.node.parent or block.node] += block.words
            if block.node.tag in ("div", "td", "section", "article", "body"):
                groups[block.node] += block.words
    return max(groups.values(), default=0)


def _teasers(page: Layout) -> int:
    return sum(
        1
        for block in page.blocks
        if block.linked > 0.8
        and 4 <= block.words <= 30
        and (block.is_heading or block.tag in ("li", "div", "p", "article", "section", "td", "dt"))
    )


def _is_section(url: str) -> bool:
    """Whether an address looks like a section's: short, without the words or number of an article."""
    if not is_web(url):
        return False
    parts = [part for part in urlsplit(url).path.split("/") if part]
    return len(parts) <= 3 and not any(part.count("-") >= 3 or re.search(r"\d{4,}|\.s?html?$", part) for part in parts)


def _asks_password(tree: html.HtmlElement) -> bool:
    return any((field.get("type") or "").casefold() == "password" for field in tree.iter("input"))


def _heads(look: Look) -> list[str]:
    """Title, and the page's first headings, folded."""
    tree = look.tree
    raw = [look.about.metadata.title, *(str(e.text_content())[:300] for e in list(tree.iter("title", "h1"))[:4])]
    raw.extend(block.text[:300] for block in look.page.blocks[:40] if block.tag in ("h1", "h2"))
    heads = [(line(text) or "").casefold().replace("’", "'") for text in raw if text]
    return list(dict.fromkeys(head for head in heads if head))[:8]


def _text(look: Look) -> str:
    """The page's text with that of its buttons and dialogs, folded."""
    shown: list[str] = []
    length = 0
    for element in look.tree.iter():
        if element.tag in ("script", "style", "head", "title", "template", "noscript") or not isinstance(
            element.tag, str
        ):
            parts = (element.tail,)
        else:
            parts = (element.text, element.tail, element.get("placeholder") or element.get("value"))  # type: ignore[assignment]
        for part in parts:
            if part and not part.isspace():
                shown.append(part)
                length += len(part)
        if length > _LOOKED_AT:
            break
    return " ".join(" ".join(shown).split()).casefold().replace("’", "'")[:_LOOKED_AT]


@functools.cache
def _phrases(kind: str, place: str) -> re.Pattern[str]:
    raw = yaml.safe_load(resources.files("sources.formats").joinpath("lexicon/walls.yml").read_text("utf-8"))
    phrases = [" ".join(phrase.split()).casefold() for phrase in raw[kind][place].split("|")]
    either = "|".join(re.escape(phrase) for phrase in sorted(filter(None, phrases), key=len, reverse=True))
    # in a title the phrase stands at the beginning, or behind the outlet's name, or it is nearly all of it
    lead = (
        r"(?:[^|–—:-]{0,40}(?:[|–—:-]|\d{3}) *)?(?:sorry,? |oops!? ?|error:? |http |the |this )*"
        if place == "title"
        else ""
    )
    tail = r"(?:$|[ .…!?]*$|[ .…!?]*[|–—(-].*|.{0,16}$)" if place == "title" else ""
    return re.compile(rf"{lead}(?<!\w)(?:{either})(?!\w){tail}")
