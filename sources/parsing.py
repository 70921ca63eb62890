"""What is parsed where: the tasks for the parsing box, and the little that needs none.

What belongs here: one function a kind of capture, fit for a worker process, and cutting article files into tasks.
What does not: the box itself (box, boxed), reading formats (formats), and what becomes of an outcome (articles).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final, TypeVar

from sources.archive import Capture, Role
from sources.box import BoxFailure
from sources.boxed import described
from sources.formats.charsets import Decoded
from sources.formats.drafts import Draft, Refusal, draft_file, draft_lines, is_page, not_a_page
from sources.formats.feeds import Feed, Item, NotAFeed, parse_feed
from sources.formats.links import Wanted
from sources.formats.sitemaps import NotASitemap, parse_sitemap
from sources.log import Reason

T = TypeVar("T")

# Plain text and lines of JSON are read in linear time.  Below this many bytes a worker is not worth waiting for: it
# takes a second to start and a third of a millisecond to talk to, which is what such a file takes to read.
SMALL: Final = 65_536
# Characters of an article file that make one task; when that fails, its lines are tried one by one.
PART: Final = 262_144


def read_file(capture: Capture, content: bytes) -> Draft | Refusal:
    """A file or page that is one article."""
    return draft_file(capture, content)


def read_feed(capture: Capture, content: bytes) -> Feed | Refusal:
    """A feed."""
    if not content.strip():
        return Refusal(capture.url, Reason.EMPTY)
    try:
        address = capture.final_url or capture.url
        feed = parse_feed(content, address, capture.content_type, capture.fetched_at, capture.origin.language)
    except NotAFeed as error:
        return Refusal(capture.url, Reason.NOT_A_FEED, str(error))
    wanted = Wanted(capture.origin.link_pattern, dt.datetime.min)
    addresses = ((item, item.url or item.bad_link) for item in feed.items)
    items = (replace(item, wanted=address is None or wanted.address(address)) for item, address in addresses)
    return replace(feed, items=tuple(items))


def read_index(capture: Capture, content: bytes) -> Feed | Refusal:
    """A sitemap as a feed of items without text; a listing tells nothing of its pages, so that its feed is empty."""
    if not content.strip():
        return Refusal(capture.url, Reason.EMPTY)
    if capture.role is Role.LISTING:
        refusal = not_a_page(capture, content)
        return Feed((), None) if refusal is None else refusal
    address = capture.final_url or capture.url
    try:
        sitemap = parse_sitemap(content, address, capture.fetched_at)
    except NotASitemap as error:
        return Refusal(capture.url, Reason.NOT_A_SITEMAP, str(error))
    items = (
        Item(n, page.url, None, page.title, None, page.published_at, None, page.language, None, None, page.lastmod)
        for n, page in enumerate(sitemap.pages, start=1)
    )
    return Feed(tuple(items), sitemap.damaged, lists=len(sitemap.children))


def read_lines(capture: Capture, decoded: Decoded, first: int) -> list[Draft | Refusal]:
    """Lines of an article file, from number `first` on."""
    return list(draft_lines(capture, decoded, first))


def small_text(capture: Capture, content: bytes) -> bool:
    """Whether a file or page may be read without the box."""
    return len(content) <= SMALL and not is_page(capture)


def directly(function: Callable[..., T], *args: Any) -> T | BoxFailure:
    """The outcome of a task in this process, for what `small_text` or the like allows."""
    try:
        return function(*args)
    except Exception as error:  # what breaks a parser must not break the day
        return BoxFailure(Reason.PARSER_FAILED, described(error), type(error).__name__)


def parts(decoded: Decoded, size: int = PART) -> Iterator[tuple[int, Decoded]]:
    """An article file cut between lines: the number of the first line of each part, and the part.

    A part has `size` characters or a little more; `size` 0 makes every line a part.
    """
    text = decoded.text
    start, number = 0, 1
    while start < len(text):
        border = text.find("\n", max(start, start + size - 1))
        end = len(text) if border < 0 else border + 1
        yield number, replace(decoded, text=text[start:end])
        number += text.count("\n", start, end)
        start = end
