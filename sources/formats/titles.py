"""The title of a page: the headline that its readers see.

What belongs here: choosing between headings, JSON-LD, meta tags and `<title>`, and taking the site's name off.
What does not: headlines that are no headings (headlines), the other metadata.

Headlines exist in several wordings: for search engines, for social networks, for the browser's tab, and the one over
the article, which is the article's own.  The others tell which of the page's headings that is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from lxml import html

from sources.formats.headlines import HANGS_ON, plain_headline
from sources.formats.text import line, words
from sources.formats.times import numeric_order
from sources.urls import is_web

_SEPARATOR: Final = re.compile(r"\s+(?:[-|–—»«·•›/~]|::|--)\s+|\s*[|»]\s*|\s+[-–]\s*(?=\S+$)|:\s+")
_STRONG: Final = frozenset("|»«•›·~") | {"::"}  # marks that headlines themselves do not use
_SECTION: Final = re.compile(r"(?:opinion|analysis|comment|editorial|explainer|exclusive|live|video|watch)s?", re.I)
_MOST: Final = 60  # headings looked at
_LONGEST: Final = 400  # characters of a headline
_MARKED: Final = re.compile(
    r"(?:^|[\s_-])(?:headline|entry-title|post-title|article-title|articletitle|title)(?:$|[\s_-])"
)
_BRAND: Final = re.compile(r"(?:^|[\s_-])(?:site|logo|brand|masthead)(?:$|[\s_-])|site-?(?:name|title)|blog-?title")
_TEMPLATE: Final = re.compile(r"\{+[^{}]*\}+")  # for the page's own code to fill in
_KICKER: Final = re.compile(
    r"(?:^|[\s_-])(?:kicker|overline|eyebrow|roofline|topline|dachzeile|spitzmarke)(?:$|[\s_-])"
)
_COMMENTS: Final = re.compile(r"(?:^|[\s_-])(?:comments?|respond|replies|reply)(?:$|[\s_-])")
_OUTSIDE: Final = frozenset(("nav", "footer", "aside", "dialog", "noscript", "template"))
_ALIKE: Final = 0.5  # shared words of a heading and a declared title that name the same article
_DATE: Final = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the page: its text, its element, and whether it is marked as the headline."""

    text: str
    element: html.HtmlElement
    marked: bool


def choose_title(
    tree: html.HtmlElement, declared: Iterable[str | None], sites: Iterable[str | None], url: str
) -> tuple[str | None, html.HtmlElement | None]:
    """(title, the heading's element if it is one of the page's).

    `declared` are the titles that JSON-LD, meta tags and `<title>` give, best first; `sites` the names of the outlet.
    """
    names = [name for name in map(line, sites) if name]
    titles = [t for t in (line(t) for t in declared) if t and len(t) <= _LONGEST]
    bare = list(dict.fromkeys(without_site(title, names, url) for title in titles))
    headings = _headings(tree, names, bare)
    heading = _best(headings, bare, titles, url)
    if heading is not None:
        return _as_declared(heading, bare), heading.element
    known = {_squeezed(name) for name in names}
    told = [title for title in (*bare, *titles) if _squeezed(title) not in known]
    return plain_headline(tree, told) or ((bare[0] if bare else None), None)


def without_site(title: str, sites: Iterable[str], url: str = "") -> str:
    """`title` without the outlet's name, the section and the date that pages hang on to it."""
    marks = list(_SEPARATOR.finditer(title))[:12]
    if not marks:
        return title
    known = {_squeezed(site) for site in sites} - {""}
    label = _host_label(url)
    segments = [title[a:b].strip() for a, b in _between(marks, len(title))]
    kinds = [mark[0].strip() for mark in marks]
    first, last = 0, len(segments)
    while last - first > 1 and _is_date(segments[last - 1]):
        last -= 1
    cut = _tail(segments, kinds, first, last, known, label)
    if cut < last:
        last = cut
    elif kinds[first] != ":" and _is_site(segments[first], known, label) and last - first > 1:
        first += 1
    elif (
        last - first > 1
        and kinds[last - 2] != ":"
        and _is_slug(segments[last - 1], url)
        and not _is_slug(segments[first], url)
    ):
        first = last - 1
    elif (
        last - first > 1
        and kinds[last - 2] in _STRONG
        and len(segments[last - 1].split()) <= min(5, len(segments[first].split()))
    ):
        mark = kinds[last - 2]
        last -= 1  # an unknown name behind "|": a site whose name nothing else on the page tells
        while last - first > 1 and kinds[last - 2] == mark and len(segments[last - 1].split()) <= 2:
            last -= 1  # and the section before it
    while last - first > 1 and _is_date(segments[last - 1]):
        last -= 1
    if last - first > 1 and kinds[first] in _STRONG and _SECTION.fullmatch(segments[first]):
        first += 1
    start = marks[first - 1].end() if first else 0
    end = marks[last - 1].start() if last <= len(marks) else len(title)
    return title[start:end].strip() or title


def _tail(segments: list[str], kinds: list[str], first: int, last: int, known: set[str], label: str) -> int:
    """Where the outlet's name begins, with the section before it; `last` when there is none."""
    for cut in range(last - 1, first, -1):
        joined = "".join(segments[cut:last])
        if kinds[cut - 1] != ":" and (_is_site(joined, known, label) or _is_site(segments[cut], known, label)):
            mark = kinds[cut - 1]
            # "Headline | World | The Paper": the same mark parts the section from the headline
            while cut - 1 > first and kinds[cut - 2] == mark and len(segments[cut - 1].split()) <= 3:
                cut -= 1
            return cut
        if last - cut >= 3:
            break
    return last


def _between(marks: list[re.Match[str]], length: int) -> list[tuple[int, int]]:
    starts = [0, *(mark.end() for mark in marks)]
    ends = [*(mark.start() for mark in marks), length]
    return list(zip(starts, ends, strict=True))


def _is_slug(text: str, url: str) -> bool:
    """Whether the address is made of the words of `text`."""
    have, slug = set(words(text)), set(words(_slug(url)))
    return bool(have) and 2 * len(have & slug) / (len(have) + len(slug) or 1) >= 0.6


def _is_date(text: str) -> bool:
    return bool(_DATE.fullmatch(text)) or (numeric_order(text) is not None and len(text) <= 12)


def _is_site(text: str, known: set[str], label: str) -> bool:
    squeezed = _squeezed(text)
    if not squeezed or len(text.split()) > 9:
        return False
    if squeezed in known or any(len(name) >= 4 and name in squeezed and len(text.split()) <= 6 for name in known):
        return True
    if len(label) < 2:
        return False
    capitals = "".join(word[0] for word in words(text))
    content = "".join(word[0] for word in words(text) if len(word) > 3)
    if label in (capitals, content) or squeezed == label:
        return True
    return len(text.split()) <= 5 and (
        (len(label) >= 3 and label in squeezed) or (len(squeezed) >= 4 and squeezed in label)
    )


def _squeezed(text: str) -> str:
    return "".join(re.findall(r"\w+", text.casefold())).removeprefix("the")


def _host_label(url: str) -> str:
    """The name in a host name: "paper" of "www.paper.example", "mfa" of "mfa.gov.example"."""
    if not is_web(url):
        return ""
    parts = (urlsplit(url).hostname or "").split(".")
    parts = [p for p in parts if p not in ("www", "m", "amp", "en", "edition", "news", "blog")][:-1]
    while len(parts) > 1 and parts[-1] in ("co", "com", "gov", "gob", "gouv", "go", "org", "net", "ac", "edu", "or"):
        parts.pop()
    return re.sub(r"\W", "", parts[-1]).casefold().removeprefix("the") if parts else ""


def _headings(tree: html.HtmlElement, sites: list[str], bare: list[str]) -> list[Heading]:
    known = {_squeezed(site) for site in sites}
    declared = {tuple(words(title)) for title in bare}
    out: list[Heading] = []
    for element in tree.iter("h1", "h2", "h3"):
        if len(out) >= _MOST:
            break
        text = _without_kicker(element) or line(_shown(element))
        if not text or len(text) > _LONGEST or _squeezed(text) in known or _TEMPLATE.fullmatch(text):
            continue
        names = f"{element.get('class') or ''} {element.get('id') or ''}".casefold()
        around = [element, *_ancestors(element, 6)]
        if any(a.tag in _OUTSIDE or a.get("role") in ("navigation", "dialog", "contentinfo") for a in around):
            continue
        if any(_COMMENTS.search(f"{a.get('class') or ''} {a.get('id') or ''}".casefold()) for a in around[:2]):
            continue
        if _BRAND.search(names) and not element.get("itemprop") and tuple(words(text)) not in declared:
            continue
        if _leads_home(element, around):
            continue
        marked = element.get("itemprop") == "headline" or bool(_MARKED.search(names))
        out.append(Heading(text, element, marked))
    return out


def _shown(element: html.HtmlElement) -> str:
    """The text of a heading without code, and with a space where elements meet that a browser sets apart."""
    parts: list[str] = [element.text or ""]
    for child in element.iterdescendants():
        hidden = child.tag in ("script", "style", "svg", "noscript", "button")
        if not hidden:
            parts.append(" " if child.tag in ("br", "div", "p") or _meets(parts, child.text) else "")
            parts.append(child.text or "")
        parts.append(" " if _meets(parts, child.tail) else "")
        parts.append(child.tail or "")
        if sum(map(len, parts)) > 2 * _LONGEST:
            break
    return "".join(parts)


def _without_kicker(element: html.HtmlElement) -> str | None:
    """The text of a heading without the part that is named as the line above the headline, if it has one."""
    kicker = next((e for e in element if _KICKER.search((e.get("class") or "").casefold())), None)
    text, above = line(_shown(element)), line(_shown(kicker)) if kicker is not None else None
    if not text or not above or not text.startswith(above):
        return None
    rest = text[len(above) :].lstrip(" :|/·–—-")
    return rest if len(words(rest)) >= 2 else None


def _meets(parts: list[str], following: str | None) -> bool:
    """Whether two pieces of a heading would grow into one word that nobody wrote: "Border talksEnvoys meet"."""
    before = next((part[-1] for part in reversed(parts) if part), "")
    after = (following or "")[:1]
    return bool(before and after) and (before.islower() or before.isdigit() or before in ".:!?") and after.isupper()


def _ancestors(element: html.HtmlElement, most: int) -> list[html.HtmlElement]:
    out: list[html.HtmlElement] = []
    for ancestor in element.iterancestors():
        if len(out) == most or not isinstance(ancestor.tag, str):
            break
        out.append(ancestor)
    return out


def _leads_home(element: html.HtmlElement, around: list[html.HtmlElement]) -> bool:
    """Whether a heading is a link to the front page: the outlet's name, not a headline."""
    links = [a for a in around if a.tag == "a"] or list(element.iterdescendants("a"))[:1]
    for link in links:
        try:
            parts = urlsplit((link.get("href") or "x").strip())
        except ValueError:
            continue
        if parts.path.strip("/") in ("", "index.html", "index.php", "home") and not parts.query and not parts.fragment:
            return True
    return False


def _best(headings: list[Heading], bare: list[str], titles: list[str], url: str) -> Heading | None:
    """The heading that the declared titles mean; or the only first-rank one."""
    references = [(1.0, set(words(text))) for text in (*bare, _slug(url))]
    for title in titles:
        for number, segment in enumerate(_SEPARATOR.split(title)[:6]):
            # behind the first mark stands a section or an outlet more often than a headline
            if len(segment.split()) >= 2:
                references.append((0.97 if number == 0 else 0.8, set(words(segment))))
    scored: list[tuple[float, int, Heading]] = []
    for number, heading in enumerate(headings):
        have = set(words(heading.text))
        if not have:
            continue
        alike = max((weight * 2 * len(have & r) / (len(have) + len(r)) for weight, r in references if r), default=0.0)
        if any(title.startswith(heading.text) and HANGS_ON.match(title, len(heading.text)) for title in titles):
            alike = max(alike, 1.0)  # writing without spaces has no words to compare
        if alike >= _ALIKE:
            bonus = {"h1": 0.12, "h2": 0.04, "h3": 0.0}[heading.element.tag] + 0.06 * heading.marked
            scored.append((alike + bonus, -number, heading))
    if scored:
        return max(scored, key=lambda entry: entry[:2])[2]
    first = [h for h in headings if h.element.tag == "h1" and len(h.text.split()) >= 3]
    section = next((n for n, h in enumerate(headings) if h.element.tag == "h1"), None)
    if not first and section is not None and all(len(title.split()) <= 3 for title in bare):
        # "Press releases" above the release, on a page that gives itself no other title than the site's
        below = headings[section + 1 : section + 2]
        first = [h for h in below if h.element.tag == "h2" and len(h.text.split()) >= 4 and not _has_link(h)]
    return first[0] if len(first) == 1 else None


def _has_link(heading: Heading) -> bool:
    return heading.element.find(".//a") is not None or next(heading.element.iterancestors("a"), None) is not None


def _slug(url: str) -> str:
    """The words of an address: "envoys meet in lusaka" of ".../2026/envoys-meet-in-lusaka.html"."""
    if not is_web(url):
        return ""
    parts = [re.sub(r"\.\w{2,5}$", "", unquote(part)) for part in urlsplit(url).path.split("/")]
    longest = max(parts, key=lambda part: len(re.findall(r"[-_]", part)), default="")
    found = [word for word in re.split(r"[-_\W]+", longest) if word and not word.isdigit()]
    return " ".join(found) if len(found) >= 3 else ""


def _as_declared(heading: Heading, bare: list[str]) -> str:
    """The heading's text, in the case and without the kicker that a declared title shows it to have."""
    spoken = words(heading.text)
    in_pieces = sum(1 for child in heading.element.iterdescendants() if line(child.text)) > 1
    same = next((title for title in bare if words(title) == spoken), None)
    if same is not None and heading.text.upper() != heading.text:
        return same if in_pieces else heading.text  # in pieces a heading loses the mark between kicker and headline
    shouted = heading.text.upper() == heading.text
    for title in bare:
        said = words(title)
        if said == spoken and shouted and title.upper() != title:
            return title
        if len(said) >= 3 and len(spoken) > len(said) and spoken[-len(said) :] == said and _apart(heading, title):
            return title
    for title in bare if in_pieces else ():  # a declared title with a kicker of its own
        rest = title.partition(": ")[2]
        said = words(rest)
        if len(said) >= 3 and len(spoken) > len(said) and spoken[-len(said) :] == said and _apart(heading, rest):
            return rest
    return heading.text


def _apart(heading: Heading, title: str) -> bool:
    """Whether an element of the heading holds just `title`, or what stands before it: the kicker is an element."""
    wanted = words(title)
    kicker = words(heading.text)[: -len(wanted)]
    return any(words(_shown(child)) in (wanted, kicker) for child in list(heading.element.iterdescendants())[:12])
