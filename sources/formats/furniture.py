"""What stands between the paragraphs of an article without belonging to it, told by its words.

What belongs here: lines that lead away, invitations, box headings, bylines and credits, in many languages.
What does not: telling such things by their elements (blocks) and choosing the body (body).
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from importlib import resources
from typing import Final

import yaml

_SHORT: Final = 45  # words of the longest invitation
_LEADING: Final = 30  # words of the longest line that leads away
_EDGE: Final = " \t\n.:;,!…>»›→▶►•|–—-*[]()【】#+"
BYLINE: Final = re.compile(
    r"(?:(?:written|reported|posted|story|text|report) )?(?:by|von|par|por|di|door):? [^.!?]{2,100}", re.IGNORECASE
)
# "14:05", "3 min read", "5 hours ago", "12 comments", "1/4", "Photo: A. Quill", "A. Quill/Agency", "Image source, …"
_SCRAP: Final = re.compile(
    r"\d{1,2}[:.]\d\d(?: ?[ap]m)?(?: ?[A-Z]{2,4})?"
    r"|\d+ ?(?:min(?:ute)?s?|hours?|days?|weeks?|sec(?:ond)?s?)\.?(?: read| ago)?"
    r"|(?:listen|read|estimated)[^.]{0,30}\d+ min\w*"
    r"|\d+ (?:comments?|shares?|views?|likes?|kommentare|commentaires)"
    r"|\{\{.*|\d{1,3} ?/ ?\d{1,3}|[\W_]{1,12}|\d{1,4}(?: \d{1,2}){0,40}"
    r"|(?:photo|photograph|image|picture|foto|photos|images|illustration|video|bild|crédit|credit|credits|©)s?"
    r"(?: ?(?:by|credit|source|courtesy|credits|von|de))?\s?[:,/©|][^\n]{2,120}"
    r"|[^\n]{2,80}[/|] ?(?:getty images|reuters|ap|afp|ap photo|epa|epa-efe|anadolu|xinhua|shutterstock|dpa)[^\n]{0,40}"
    r"|image (?:source|caption|copyright)[^\n]{0,200}|media caption[^\n]{0,200}",
    re.IGNORECASE,
)
# a caption that has lost its picture: "… on Monday. (AP Photo/A. Quill)"
_CAPTION: Final = re.compile(
    r"[^()]{0,80}(?:getty|photo|afp/|/ap\b|epa|via ap|pool|/reuters|shutterstock|picture alliance)[^()]{0,80}\)\.?",
    re.IGNORECASE,
)
_LABELLED: Final = re.compile(
    r"(?:tags?|keywords?|permalink|permanent link|filed under|posted in|topics|categories|category|schlagwörter"
    r"|stichwörter|mots-clés|etiquetas|теги|etiketler|short url|source url|citation)\s?[:|]|(?:keywords|permalink) ",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Lexicon:
    lines: frozenset[str]
    boxes: frozenset[str]
    away: re.Pattern[str]
    asks: re.Pattern[str]
    for_what: re.Pattern[str]
    always: re.Pattern[str]
    offers: re.Pattern[str]


@functools.lru_cache(maxsize=1024)
def is_furniture(text: str, words: int, linked: float) -> bool:
    """Whether a paragraph (`words` long, with a share `linked` of its characters in links) is no text of an article."""
    lexicon = _lexicon()
    if words > _SHORT:
        return False
    folded = text.casefold().replace("’", "'")
    if folded.strip(_EDGE) in lexicon.lines or (words <= 25 and _SCRAP.fullmatch(text)):
        return True
    if lexicon.always.search(folded) or _LABELLED.match(text) or _is_caption(text):
        return True
    if linked > 0.03 and lexicon.offers.search(folded):
        return True
    if lexicon.asks.match(folded) and lexicon.for_what.search(folded) and (linked > 0.05 or words <= 25):
        return True
    away = lexicon.away.match(folded.lstrip(_EDGE))
    if away is None or words > _LEADING:
        return False
    rest = folded.lstrip(_EDGE)[away.end() :]
    return linked >= 0.4 or rest[:1] in (":", "|", "»", "›", ">") or rest[:3] in (" | ", " > ", " » ")


def _is_caption(text: str) -> bool:
    start = text.rfind("(")
    return start >= 0 and bool(_CAPTION.fullmatch(text[start + 1 :]))


@functools.lru_cache(maxsize=1024)
def opens_box(text: str) -> bool:
    """Whether a heading or line is the title of a box beside the article ("Related stories")."""
    folded = text.casefold().replace("’", "'").strip(_EDGE)
    lexicon = _lexicon()
    if len(folded) > 60:
        return False
    return folded in lexicon.boxes or re.sub(r"^\(?\d+\)? | ?\(?\d+\)?$", "", folded).strip(_EDGE) in lexicon.boxes


@functools.cache
def _lexicon() -> _Lexicon:
    raw = yaml.safe_load(resources.files("sources.formats").joinpath("lexicon/furniture.yml").read_text("utf-8"))

    def phrases(name: str) -> list[str]:
        return [phrase for phrase in (" ".join(p.split()).casefold() for p in raw[name].split("|")) if phrase]

    def pattern(name: str) -> re.Pattern[str]:
        longest_first = sorted(phrases(name), key=len, reverse=True)
        # words of Chinese and Japanese have no borders
        ends = ((re.escape(phrase.rstrip(":")), r"(?!\w)" if phrase < "\u2e80" else "") for phrase in longest_first)
        return re.compile(rf"(?<!\w)(?:{'|'.join(phrase + end for phrase, end in ends)})")

    stripped = frozenset(phrase.strip(_EDGE) for phrase in phrases("lines"))
    boxes = frozenset(phrase.strip(_EDGE) for phrase in phrases("boxes"))
    return _Lexicon(
        stripped, boxes, pattern("away"), pattern("asks"), pattern("for_what"), pattern("always"), pattern("offers")
    )
