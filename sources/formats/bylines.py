"""Bylines → the names in them.

What belongs here: what leads to names, what follows them, and what in a byline is no name.
What does not: finding a page's byline (authors), and people whom a text names (extraction).
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable
from html import unescape
from importlib import resources
from typing import Final

import yaml

from sources.formats.text import line
from sources.formats.times import is_month

_NO_NAME: Final = re.compile(
    r"https?:|www\.|^@|^\W*$|\bn[º°]|^(?:admin|administrator|editor|webmaster|webteam|web team|unknown|null|none|staff"
    r"|redaktion|redaction|author|undefined|root|user)$|^[\w-]+(?:\.[\w-]+)*\.(?-i:[a-z]{2,8})$"
    r"|\d{4}|\b(?:GmbH|Inc|Ltd|LLC)\b|株式会社|有限公司|주식회사|\bmin(?:ute)?s? read\b|^\d+$"
    r"|^(?:published|updated|posted)\b|\d ?(?:hrs?|hours?|mins?|minutes?)\b|[:：]$|^©|^\(c\)"
    r"|\b(?:standards|practices|policy|guidelines|principles|newsletter)\b"
    r"|^(?:save|cancel|follow|subscribe|share|profile|bio|edit|close|more|print)$",
    re.IGNORECASE,
)
_TO_DATE: Final = re.compile(r"\s(?:on|at|am|vom|den|le|el|il)$")  # what leads to a date that stands in another element
_HOST: Final = re.compile(r"(?:[\w-]+\.)+[a-z]{2,8}")
_MAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}")
_ACCOUNT: Final = re.compile(r"(?<!\w)@\w{2,40}")
_INITIALS: Final = re.compile(r"(?<=[\w.])\s\([\w,/. -]{0,20}\)(?=$|[;|·•,])")  # of an editor, an agency
_SOURCES: Final = re.compile(r"(?<=\w)\s+\([^()]{0,60}\)?$")  # "(after an agency, another)", open where it was cut
# "東京＝" with the place in the writing of foreign words
_CJK_PLACE: Final = re.compile(r"^[\u30a0-\u30ff]{2,12}[＝=](?=[\u4e00-\u9fff]{2,5}$)")
# a dot in the middle of a word is part of foreign names in Chinese and of Catalan words
_BETWEEN: Final = re.compile(r"\s*[;|•]\s*|\s+·\s*|\s*·\s+")
_WITHIN: Final = re.compile(r"\s*(,|\s[–—-]\s|\s/\s)\s*")
EDGES: Final = " ,;|()<>·•/《》【】「」"
_ACRONYM: Final = re.compile(r"[A-Z]{2,5}|USA TODAY|[A-Z][\w.]*(?: [A-Z][\w.]*)? (?:News|Wire|Newswire|Staff|Agency)")
_WORD: Final = re.compile(r"[^\W\d_][\w.'’-]*")
# "Ada Quill in News", "Ada Quill in Oslo and Bo Lund in Rome"
_IN_PLACE: Final = re.compile(r"(?<=\w\w)\sin\s+[A-Z][\w'’-]*(?:\s[A-Z][\w'’-]*)*")
_DRAWN: Final = re.compile(r"([A-Z]{2,3}) (.+)")
# what a person is, behind a Korean or Chinese name, and the desk behind a Japanese one
_CJK_OFFICE: Final = re.compile(
    r"\s(?:기자|특파원|논설위원|(?:선임|부)?연구위원|연구원|교수|記者|特派員|记者)$|[（(](?:記者|特派員|记者|기자)[）)]$"
)
_CJK_DESK: Final = re.compile(r"(?<=.)[／/＝、][^／/＝、]{0,20}(?:編集部|取材班|支局|編輯部|编辑部)$")
# ideographs or Korean syllables as a person's name has them; an agency's, a paper's and an office's name end otherwise
_CJK_NAME: Final = re.compile(r"(?:[\u4e00-\u9fff]{2,5}|[가-힣]{2,4})(?<![社网網报報台局部会會])")
_LONGEST: Final = 200
_WORDS: Final = 14  # words of a shown byline
# of a line about an article, which may tell a section, a date and a place beside the names
PARTS: Final = re.compile(r"\s*[|•]\s*|\s+·\s*|\s*·\s+|\s+/\s*|\s+[–—]\s+")


def clean_byline(value: object, outlets: Iterable[str] = ()) -> str | None:
    """Names only: no "By", no offices, dates, mail or web addresses, no account names; None when nothing is left.

    `outlets`: names (case-folded) that are taken off as offices are.
    """
    text = line(unescaped(value))
    if text is None:
        return None
    known = frozenset(outlets)
    text = _SOURCES.sub("", _ACCOUNT.sub("", _INITIALS.sub("", _MAIL.sub("", text))))
    names = [_name(part, known) for part in _BETWEEN.split(text)[:40]]
    byline = "; ".join(dict.fromkeys(name for name in names if name and not _is_no_name(name, known)))
    return byline if byline and len(byline) <= _LONGEST else None


def _name(part: str, outlets: frozenset[str]) -> str:
    """The names in one part of a byline, without what leads to them and follows them."""
    part = _CJK_DESK.sub("", _CJK_OFFICE.sub("", _CJK_PLACE.sub("", part.strip(EDGES))))
    part = without("title", without("lead", part))
    separators = list(_WITHIN.finditer(part))
    for separator, following in itertools.zip_longest(separators, separators[1:]):
        told = part[separator.end() : following.start() if following else len(part)]
        office = lexicon("office").search(told)
        is_office = office is not None and len(told[: office.start()].split()) < 2
        if is_office or _ACRONYM.fullmatch(told) or told.casefold() in outlets or _HOST.fullmatch(told):
            part = part[: separator.start()]  # what follows an office is of it: "Editor, Oslo"
            if not is_office and not all(map(_capital, lexicon("and").split(part))):
                return ""  # "Courts and daily news - Paper": a section's name
            break
    office = lexicon("office").search(part)
    if office is not None and len(part[: office.start()].split()) >= 2 and not is_newsroom(part, outlets):
        part = part[: office.start()]
    elsewhere = _IN_PLACE.sub("", part)
    if len(elsewhere.split()) >= 2:
        part = elsewhere
    if (drawn := _DRAWN.match(part)) and drawn[1] == "".join(word[0] for word in drawn[2].split()):
        part = drawn[2]  # the initials are a picture
    return part.strip(EDGES + "–—-")


def without(kind: str, text: str) -> str:
    """`text` behind what leads to its names ("lead") or an office before a name ("title")."""
    for _ in range(2):  # "By by Ada": the first for the eye, the second for machines
        match = lexicon(kind).match(text)
        text = text[match.end() :] if match else text
    return text


def _is_no_name(name: str, outlets: frozenset[str]) -> bool:
    """Whether a part of a byline is something else than a name: an address, a control, the outlet itself."""
    if _NO_NAME.search(name) or lexicon("control").match(name):
        return True
    said = name.casefold()
    for outlet in outlets:
        if said == outlet:
            return True
        # an outlet of one word may be a family name
        long = re.search(r"\w[\s.-]+\w", outlet)
        if long and re.search(rf"(?<!\w){re.escape(outlet)}(?!\w)", said) and not is_newsroom(name, outlets):
            return True
        # "Gazette" of "Harbour Gazette" or "@gazettenews"; two words may be the name of somebody whose site it is
        if len(said) >= 4 and said.isalpha():
            ends = re.findall(r"\w+", outlet)
            if said in ends[:1] + ends[-1:] or (len(ends) == 1 and ends[0].startswith(said)):
                return True
    return False


def is_newsroom(name: str, outlets: Iterable[str]) -> bool:
    """Whether a name is the outlet's with a word for those who work there: no person, but who signs."""
    said = name.casefold()
    return bool(lexicon("newsroom").search(said)) and any(outlet in said for outlet in outlets)


def is_person(byline: str) -> bool:
    """Whether a byline names somebody by more than one word, or in the writing of China, Japan or Korea."""
    return bool(_CJK_NAME.fullmatch(byline)) or (" " in byline and not _ACRONYM.fullmatch(byline))


def _capital(name: str) -> bool:
    first = re.search(r"[^\W\d_]", name)
    return first is not None and not first[0].islower()


def dateless(text: str) -> str:
    """A byline up to the date that follows it."""
    words = re.split(r"\s*\d", text, maxsplit=1)[0].split() if re.search(r"\d", text) else text.split()
    while words and words != text.split() and (is_month(words[-1].strip(",.")) or lexicon("day").match(words[-1])):
        words.pop()
    return " ".join(words)


def like_names(text: str) -> bool:
    """Whether what a "By" leads to goes on like names do, rather than like a sentence."""
    words = _WORD.findall(text)
    small = [word for word in words if word[0].islower()]
    return (
        1 <= len(words) <= _WORDS
        and not words[0][0].islower()
        and len(small) <= len(words) // 2
        and not re.search(r"[?!:]|[^\W\d_]{4}\.$", text)
    )


def is_listed(text: str) -> bool:
    """Whether words that no "By" leads to are a name, or names with commas between."""
    people = lexicon("and").split(text)
    small = [word for word in _WORD.findall(" ".join(people)) if word[0].islower()]
    return (
        like_names(text)
        and (len(people) > 1 or len(text.split()) <= 5)
        and all(len(name.split()) <= 5 and _capital(name) for name in people)
        and all(lexicon("particle").fullmatch(word) for word in small)
        and not lexicon("control").match(text)
        and not lexicon("office").match(text)
    )


def names_in(text: str, led: bool = False) -> str | None:
    """The names in a line of a byline: behind a "By" (`led`: it stood before), or in a part that is a name."""
    plain: list[str] = []
    for part in PARTS.split(text):
        lead = lexicon("lead").match(part)
        told = _TO_DATE.sub("", dateless(_SOURCES.sub("", without("lead", part)))).strip(EDGES)
        if told and (lead or led) and like_names(told):
            return told
        if told and is_listed(_IN_PLACE.sub("", without("title", told))):
            plain.append(told)
    return next((told for told in plain if is_person(told)), plain[0] if plain else None)


def unescaped(text: object) -> str | None:
    """Feeds and meta tags are often escaped once too often, and carry tags."""
    return re.sub(r"</?[a-zA-Z][^<>]{0,500}>", "", unescape(text)) if isinstance(text, str) else None


@functools.cache
def _words_of_bylines() -> dict[str, str]:
    raw = yaml.safe_load(resources.files("sources.formats").joinpath("lexicon/bylines.yml").read_text("utf-8"))
    return {str(kind): str(forms) for kind, forms in raw.items()}


def surnames() -> str:
    """Family names of one character: Chinese, Korean."""
    return _words_of_bylines()["surnames"]


@functools.cache
def lexicon(kind: str) -> re.Pattern[str]:
    """A pattern: how a byline leads to its names, offices ("title": before a name), days that follow names."""
    raw = _words_of_bylines()

    def either(name: str) -> str:
        forms = sorted((" ".join(form.split()) for form in raw[name].split("|")), key=len, reverse=True)
        return "|".join(map(re.escape, forms))

    if kind == "lead":
        spoken = rf"(?:(?:{either('told')})\s+)?(?:{either('by')})(?!\w):?\s+"
        return re.compile(rf"(?:{spoken}|(?:{either('who')})\s*[:：●＝]\s*)", re.IGNORECASE)
    if kind == "and":
        return re.compile(rf"\s*,\s*(?:(?:{either('and')})\s+)?|\s+(?:{either('and')})\s+", re.IGNORECASE)
    if kind == "particle":
        return re.compile(either("particles"))
    if kind == "newsroom":
        return re.compile(rf"(?<![a-z])(?:{either('newsroom')})(?![a-z])", re.IGNORECASE)
    if kind == "control":
        return re.compile(rf"(?:{either('control')})(?!\w)", re.IGNORECASE)
    office = rf"(?:(?:{either('ranks')})(?: [^\W\d_]+){{0,2}}? )*(?:{either('offices')})(?!\w)"
    if kind == "title":
        return re.compile(rf"(?i:{office}) (?=[A-Z][\w'’-]+ [A-Z])")
    if kind == "office":
        return re.compile(rf"(?<!\w){office}.*", re.IGNORECASE)
    return re.compile(rf"(?:{either('days')})\W*$", re.IGNORECASE)
