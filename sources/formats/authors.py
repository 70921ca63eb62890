"""Who wrote an article, by its page's own word.

What belongs here: the places in which a page names its authors, in the order of their worth.
What does not: the authors in JSON-LD (linked), keeping the names of a byline (bylines), signatures (signatures).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

from lxml import etree, html

from sources.formats.beside import OTHERS, Surroundings, is_card, names, up
from sources.formats.bylines import (
    EDGES,
    PARTS,
    clean_byline,
    dateless,
    is_listed,
    is_newsroom,
    is_person,
    lexicon,
    like_names,
    names_in,
    unescaped,
    without,
)
from sources.formats.metatags import meta_tags
from sources.formats.shown import BLOCKS, shown_lines
from sources.formats.signatures import signatures
from sources.formats.text import line

_META: Final = (
    "author", "article:author", "article:author_name", "dc.creator", "dcterms.creator", "parsely-author",
    "sailthru.author", "byl", "byline", "search.byline", "authors", "author_name", "citation_author",
)  # fmt: skip
_META_AUTHOR: Final = re.compile(r"[\w.:-]+[:._-]author(?:_?name\d?)?")  # for some service: "service:author"
_MARKED: Final = re.compile(
    r"(?:^|[\s_-])(?:byline|by-line|author|authors|author-?name|writer|reporter|contributor|vcard|firma|autor|autores"
    r"|auteur|auteurs|autore|verfasser|journalist|journaliste|redactor)(?:$|[\s_-])"
)
_LAST_FIRST: Final = re.compile(r"^([\w'’-]+), ([\w.'’ -]+)$")
# one author in the data with the place of work: "Ada Quill, Oslo"
_PLACED: Final = re.compile(r"^([\w'’.-]+(?: [\w'’.-]+){1,3}), (?![a-z])[^\W\d_]+$")
_NEVER: Final = frozenset(("figure", "figcaption", "aside", "blockquote"))
_QUOTE: Final = re.compile(
    r"(?:^|[\s_-])(?:(?:pull-?)?quote|caption|(?:photo|image|picture|img)-?credits?)(?:$|[\s_-])"
)
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TAGS: Final = (
    "div", "span", "p", "a", "address", "li", "ul", "h4", "h5", "strong", "b", "em", "cite", "small", "dd", "td",
)  # fmt: skip
_NO_TEXT: Final = frozenset(("script", "style", "noscript", "template", "svg", "button", "select", "figure"))
# the address of a person's page at an outlet
_TO_AUTHOR: Final = re.compile(
    r"[/-](?:authors?|auteurs?|autor(?:es|en)?|autore|people|person|profiles?|reporters?|by|staff|journalists?"
    r"|contributors?|columnists?|writers?)(?:/|-(?=\w))",
    re.IGNORECASE,
)
_MOST: Final = 12  # lines of a marked element, and elements of one kind side by side
_BOX: Final = 400  # characters of a marked element that is no more than a byline
_LINES: Final = 25  # shown lines after the headline among which a byline is looked for
_PROSE: Final = 30  # words of a paragraph behind which no byline is expected
_DATELINE: Final = 120  # characters of a line that holds a byline beside other things
# "Posted on 3 May 2021 at 9:10 AM ET ", before "by"
_DATED: Final = re.compile(
    r"^(?:posted )?(?:on )?(?:[a-z]{3,9},? )?(?:[a-z]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? |\d{1,2}\.? [a-z]{3,9}\.?,? "
    r"|[\d./-]{3,6})(?:19|20)\d\d,?(?: (?:at )?\d{1,2}[:.]\d\d(?: ?[ap]\.?m\.?)?(?: [a-z]{2,4})?)?,? ",
    re.IGNORECASE,
)


def byline_of(
    tree: html.HtmlElement,
    linked: Sequence[str],
    heading: html.HtmlElement | None,
    sites: Iterable[str | None],
) -> str | None:
    """The byline: from data, meta tags, elements marked as the author's, then the lines that readers see.

    The first that names a person by two words; an agency or one word only where nothing else does.  `linked` are the
    authors in JSON-LD, `sites` the names of the outlet, which is no author.
    """
    outlets = {site.casefold() for site in map(line, sites) if site}
    found = (_declared(tree), _marked(tree, heading), _shown(tree, heading), signatures(tree, heading))
    bylines: list[str] = []
    people = "; ".join(_PLACED.sub(r"\1", name) for name in linked)
    for value in itertools.chain((people,), itertools.chain.from_iterable(found)):
        byline = clean_byline(value, outlets)
        if byline:
            if is_person(byline) and not is_newsroom(byline, outlets):
                return _turned(byline, tree)
            bylines.append(byline)
    return bylines[0] if bylines else None


def _turned(byline: str, tree: html.HtmlElement) -> str:
    """A name that data give as "Quill, Ada", in the order in which the page shows it."""
    turned = _LAST_FIRST.sub(r"\2 \1", byline)
    return turned if turned != byline and turned in tree.text_content() else byline


def _declared(tree: html.HtmlElement) -> Iterator[str]:
    """What meta tags say: all tags of a name, since a page with two authors may have two tags."""
    said: dict[str, list[str]] = {}
    single: dict[str, str] = {}
    for attribute, key, raw in meta_tags(tree):
        content = line(unescaped(raw))
        if not content:
            continue
        if attribute == "itemprop":
            single.setdefault(key, content)
        elif attribute != "http-equiv" and not any(content in other for other in said.get(key, ())):
            said.setdefault(key, []).append(content)
    for name in _META:
        yield "; ".join(said.get(name, [])[:12]) or single.get(name, "")
    for key, contents in said.items():
        if key not in _META and _META_AUTHOR.fullmatch(key):
            yield "; ".join(contents[:12])


def _marked(tree: html.HtmlElement, heading: html.HtmlElement | None) -> Iterator[str]:
    """What stands in elements that are marked as the author's: in the article, then in its menu or footer."""
    scene = Surroundings(heading)
    marked = [
        e for e in itertools.islice(tree.xpath("//*[@itemprop='author' or @rel='author']"), 40) if _place(e, scene)
    ]
    yield _together(e for e in marked[:8] if _place(e, scene) == "inside")
    close = list(up(heading, 4))[::-1] if heading is not None else []
    holder = next((e for e in close if e.tag not in ("html", "body")), None)
    near = dict.fromkeys(holder.iter(*_TAGS) if holder is not None else ())
    yield from itertools.islice(_called_author(near, scene), 8)
    far = list(itertools.islice(_called_author((e for e in tree.iter(*_TAGS) if e not in near), scene), 8))
    # several people, all far from the headline: columnists, contributors, readers
    yield from far if len(set(far)) <= 2 else ()
    yield _together(e for e in marked[:8] if _place(e, scene) == "edge")


def _called_author(elements: Iterable[html.HtmlElement], scene: Surroundings) -> Iterator[str]:
    for element in elements:
        called = f"{element.get('class') or ''} {element.get('id') or ''}"
        if called == " " or not _MARKED.search(_CAMEL.sub("-", called).casefold()):
            continue
        if _place(element, scene) == "inside" and (found := _group(element)):
            yield found


def _together(elements: Iterable[html.HtmlElement]) -> str:
    named: list[str] = []
    for element in elements:
        inner = next((e for e in element.iterdescendants() if e.get("itemprop") == "name"), element)
        name = line(inner.get("content")) or _names_of(inner)
        if name and len(name) <= 80:
            named.append(name)
    return "; ".join(dict.fromkeys(named))


def _place(element: html.HtmlElement, scene: Surroundings) -> Literal["inside", "edge"] | None:
    """Where a marked element stands: in the article, in a menu or footer of it, or (None) with something else."""
    place: Literal["inside", "edge"] = "inside"
    for ancestor in (element, *up(element, 12)):
        if ancestor in scene.around:
            break
        called = "" if ancestor.tag in ("html", "body", "main") else names(ancestor)
        if ancestor.tag in _NEVER or OTHERS.search(called) or _QUOTE.search(called) or _is_other(ancestor):
            return None
        if ancestor.tag in ("nav", "footer"):
            near = any(e in scene.around and e.tag not in ("html", "body") for e in up(ancestor, 3))
            if not near and next(ancestor.iterancestors("article", "main"), None) is None:
                return None
            place = "edge"
    return place


def _is_other(element: html.HtmlElement) -> bool:
    """Whether an element leads to another article, with a headline of its own."""
    return is_card(element) and next(element.iter("h1", "h2", "h3", "h4", "h5"), None) is not None


def _group(element: html.HtmlElement) -> str:
    """The names in a marked element and in its like beside it: one for each author."""
    parent, called = element.getparent(), element.get("class")
    alike = [e for e in parent if e.tag == element.tag and e.get("class") == called] if parent is not None else []
    people = [found for e in (alike[:_MOST] if called and element in alike else [element]) if (found := _names_of(e))]
    return "; ".join(dict.fromkeys(people))


def _names_of(element: html.HtmlElement) -> str | None:
    """The names in a marked element: its links to authors' pages, or the first of its lines that leads to names."""
    lines = list(itertools.islice(_lines(element), _MOST + 1))
    if not lines or len(lines) > _MOST or sum(map(len, lines)) > _BOX:
        return None
    told, led = None, False
    for text in lines:
        if lexicon("lead").fullmatch(f"{text} "):
            led = True
        elif told := names_in(text, led):
            break
    links = [line(" ".join(a.itertext())) for a in element.iter("a") if _TO_AUTHOR.search(a.get("href") or "")]
    people = [name for text in links if text and (name := without("lead", text).strip(EDGES)) and is_listed(name)]
    people = [name for name in people if " " in name] or people  # "Ada Quill", "Bio"
    if told is not None and all(name.casefold() in told.casefold() for name in people):
        return told
    return "; ".join({name.casefold(): name for name in people}.values()) or told


def _lines(element: html.HtmlElement) -> Iterator[str]:
    """The lines of an element as a browser breaks them, with a space between elements that touch."""
    parts: list[str] = []
    ended = False
    walker = etree.iterwalk(element, events=("start", "end"))
    for event, node in walker:
        if event == "start" and (node.tag in _NO_TEXT or not isinstance(node.tag, str)):
            walker.skip_subtree()
            parts.append(node.tail or "")
            continue
        if node.tag in BLOCKS:
            if text := line("".join(parts)):
                yield text
            parts.clear()
        elif event == "start" and ended:
            parts.append(" ")
        told = (node.text if event == "start" else node.tail if node is not element else "") or ""
        parts.append(told)
        ended = event == "end" and not told
    if text := line("".join(parts)):
        yield text


def _shown(tree: html.HtmlElement, heading: html.HtmlElement | None) -> Iterator[str]:
    """The line under the headline that begins with "By" and goes on like names do; the date may stand before it."""
    met, seen = False, 0
    for text, element in shown_lines(tree, heading):
        if element is not None and element is heading:
            met = True
        elif met:
            seen += 1
            if seen > _LINES or text.count(" ") >= _PROSE:
                break
            for number, part in enumerate(PARTS.split(text) if len(text) <= _DATELINE else (text,)):
                told = _DATED.sub("", part, count=1)
                lead = lexicon("lead").match(told)
                named = dateless(told[lead.end() :]) if lead else ""
                if named and (is_listed(named) if number or told != part else like_names(named)):
                    yield named
                    return
