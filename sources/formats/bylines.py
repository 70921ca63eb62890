"""Who wrote an article, by its page's own word.

What belongs here: finding the byline and keeping the names of it.
What does not: the authors in JSON-LD (linked), and people whom a text names (extraction).
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from importlib import resources
from typing import Final

import yaml
from lxml import html

from sources.formats.text import line
from sources.formats.times import is_month
from sources.formats.visible import shown_lines

_META: Final = (
    "author", "article:author", "article:author_name", "dc.creator", "dcterms.creator", "parsely-author",
    "sailthru.author", "byl", "byline", "search.byline", "authors", "author_name", "citation_author",
)  # fmt: skip
_NO_NAME: Final = re.compile(
    r"https?:|www\.|^@|^\W*$|^(?:admin|administrator|editor|webmaster|unknown|null|none|staff|redaktion|redaction|author"
    r"|undefined|root|user)$|^[\w-]+(?:\.[\w-]+)*\.(?-i:[a-z]{2,8})$"
    r"|\d{4}|\b(?:GmbH|Inc|Ltd|LLC)\b|\bmin(?:ute)?s? read\b|^\d+$|^(?:published|updated|posted)\b"
    r"|\d ?(?:hrs?|hours?|mins?|minutes?)\b",
    re.IGNORECASE,
)
_MAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}")
_ACCOUNT: Final = re.compile(r"(?<!\w)@\w{2,40}")
_INITIALS: Final = re.compile(r"(?<=[\w.])\s\([\w,/. -]{0,20}\)(?=$|[;|·•,])")  # of an editor, an agency
_BETWEEN: Final = re.compile(r"\s*[;|·•]\s*")
_WITHIN: Final = re.compile(r"\s*(,|\s[–—-]\s|\s/\s)\s*")
_ACRONYM: Final = re.compile(r"[A-Z]{2,5}|USA TODAY|[A-Z][\w.]*(?: [A-Z][\w.]*)? (?:News|Wire|Newswire|Staff|Agency)")
_WORD: Final = re.compile(r"[^\W\d_][\w.'’-]*")
_KOREAN_OFFICE: Final = re.compile(r"\s(?:기자|특파원|논설위원)$")
_LONGEST: Final = 200
_MARKED: Final = re.compile(
    r"(?:^|[\s_-])(?:byline|by-line|author|authors|author-?name|writer|reporter|contributor|vcard|firma|autor|autores"
    r"|auteur|auteurs|autore|verfasser|journalist|journaliste|redactor)(?:$|[\s_-])"
)
_LINES: Final = 25  # shown lines after the headline among which a byline is looked for
_PROSE: Final = 30  # words of a paragraph behind which no byline is expected
_WORDS: Final = 14  # words of a shown byline


def byline_of(
    tree: html.HtmlElement,
    linked: Sequence[str],
    meta: Mapping[str, str],
    heading: html.HtmlElement | None,
    sites: Iterable[str | None],
) -> str | None:
    """The byline: from data, meta tags, elements marked as the author's, then the line under the headline.

    The first that names a person by two words; an agency or one word only where nothing else does.  `linked` are the
    authors in JSON-LD, `sites` the names of the outlet, which is no author.
    """
    outlets = {site.casefold() for site in map(line, sites) if site}
    found = (*(meta.get(name) for name in _META), *_marked(tree), _shown(tree, heading))
    bylines: list[str] = []
    for value in itertools.chain(("; ".join(linked),), found):
        byline = clean_byline(value, outlets)
        if byline and byline.casefold() not in outlets:
            if " " in byline and not _ACRONYM.fullmatch(byline):
                return byline
            bylines.append(byline)
    return bylines[0] if bylines else None


def clean_byline(value: object, outlets: Iterable[str] = ()) -> str | None:
    """Names only: no "By", no offices, dates, mail or web addresses, no account names; None when nothing is left.

    `outlets`: names (case-folded) that are taken off as offices are.
    """
    text = line(unescaped(value))
    if text is None:
        return None
    text = _ACCOUNT.sub("", _INITIALS.sub("", _MAIL.sub("", text)))
    names = [_name(part, frozenset(outlets)) for part in _BETWEEN.split(text)[:40]]
    byline = "; ".join(dict.fromkeys(name for name in names if name and not _NO_NAME.search(name)))
    return byline if byline and len(byline) <= _LONGEST else None


def _name(part: str, outlets: frozenset[str]) -> str:
    """The names in one part of a byline, without what leads to them and follows them."""
    part = _KOREAN_OFFICE.sub("", part)
    part = _without("title", _without("lead", part.strip(" ,;|()<>·•")))
    separators = list(_WITHIN.finditer(part))
    for separator, following in itertools.zip_longest(separators, separators[1:]):
        told = part[separator.end() : following.start() if following else len(part)]
        office = _lexicon("office").search(told)
        is_office = office is not None and len(told[: office.start()].split()) < 2
        if is_office or _ACRONYM.fullmatch(told) or told.casefold() in outlets:
            part = part[: separator.start()]  # what follows an office is of it: "Editor, Oslo"
            break
    office = _lexicon("office").search(part)
    if office is not None and len(part[: office.start()].split()) >= 2:
        part = part[: office.start()]
    return part.strip(" ,;|()<>·•–—-")


def _without(kind: str, text: str) -> str:
    match = _lexicon(kind).match(text)
    return text[match.end() :] if match else text


def _marked(tree: html.HtmlElement) -> Iterator[str]:
    named: list[str] = []
    for element in itertools.islice(tree.xpath("//*[@itemprop='author' or @rel='author']"), 8):
        inner = next((e for e in element.iterdescendants() if e.get("itemprop") == "name"), element)
        name = line(str(inner.get("content") or inner.text_content())[:200])
        if name and len(name) <= 80 and not _aside(element):
            named.append(name)
    if named:
        yield "; ".join(dict.fromkeys(named))
    for element in tree.iter("div", "span", "p", "a", "address", "li", "h4", "strong", "em", "cite"):
        called = f"{element.get('class') or ''} {element.get('id') or ''}".casefold()
        if called == " " or not _MARKED.search(called) or _aside(element):
            continue
        text = line(str(element.text_content())[:400])
        if text and len(text) <= 120 and (_lexicon("lead").match(text) or len(text.split()) <= 5 or "|" in text):
            yield _dateless(_BETWEEN.split(text)[0])
            return


def _shown(tree: html.HtmlElement, heading: html.HtmlElement | None) -> str | None:
    """The line under the headline that begins with "By" and goes on like names do."""
    met, seen = False, 0
    for text, element in shown_lines(tree, heading):
        if element is not None and element is heading:
            met = True
        elif met:
            seen += 1
            if seen > _LINES or text.count(" ") >= _PROSE:
                break
            lead = _lexicon("lead").match(text)
            names = _dateless(text[lead.end() :]) if lead else ""
            if names and _like_names(names):
                return names
    return None


def _dateless(text: str) -> str:
    """A byline up to the date that follows it."""
    words = re.split(r"\s*\d", text, maxsplit=1)[0].split() if re.search(r"\d", text) else text.split()
    while words and words != text.split() and (is_month(words[-1].strip(",.")) or _lexicon("day").match(words[-1])):
        words.pop()
    return " ".join(words)


def _like_names(text: str) -> bool:
    words = _WORD.findall(text)
    small = [word for word in words if word[0].islower()]
    return (
        1 <= len(words) <= _WORDS
        and words[0][0].isupper()
        and len(small) <= len(words) // 2
        and not re.search(r"[?!:]|[^\W\d_]{4}\.$", text)
    )


def _aside(element: html.HtmlElement) -> bool:
    return next(element.iterancestors("aside", "nav", "footer"), None) is not None


def unescaped(text: object) -> str | None:
    """Feeds and meta tags are often escaped once too often, and carry tags."""
    return re.sub(r"</?[a-zA-Z][^<>]{0,500}>", "", unescape(text)) if isinstance(text, str) else None


@functools.cache
def _lexicon(kind: str) -> re.Pattern[str]:
    """A pattern: how a byline leads to its names, offices ("title": before a name), days that follow names."""
    raw = yaml.safe_load(resources.files("sources.formats").joinpath("lexicon/bylines.yml").read_text("utf-8"))

    def either(name: str) -> str:
        forms = sorted((" ".join(form.split()) for form in raw[name].split("|")), key=len, reverse=True)
        return "|".join(map(re.escape, forms))

    if kind == "lead":
        spoken = rf"(?:(?:{either('told')})\s+)?(?:{either('by')})(?!\w):?\s+"
        return re.compile(rf"(?:{spoken}|(?:{either('who')})\s*[:：]\s*)", re.IGNORECASE)
    office = rf"(?:(?:{either('ranks')})(?: [^\W\d_]+){{0,2}}? )*(?:{either('offices')})(?!\w)"
    if kind == "title":
        return re.compile(rf"(?i:{office}) (?=[A-Z][\w'’-]+ [A-Z])")
    if kind == "office":
        return re.compile(rf"(?<!\w){office}.*", re.IGNORECASE)
    return re.compile(rf"(?:{either('days')})\W*$", re.IGNORECASE)
