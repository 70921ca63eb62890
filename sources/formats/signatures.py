"""Names as reports in Chinese, Japanese and Korean sign them.

What belongs here: the brackets and the first words of a report that hold its reporter's name.
What does not: bylines that lead to names with a word, as most languages have them (authors, bylines).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Final

from lxml import html

from sources.formats.bylines import surnames
from sources.formats.shown import shown_lines

_LINES: Final = 400  # looked at
_NAMES: Final = r"[\u4e00-\u9fff][\u4e00-\u9fff·、，,\s]{1,24}?"
_OFFICE: Final = r"(?:本[报報社网網台]|[\u4e00-\u9fff]{2,6})?(?:特[约約派])?(?:记者|記者|通讯员|通訊員)[\s:：]*"
_OTHERS: Final = re.compile(r"[\s，,、]*(?:通讯员|通訊員|摄影|攝影|实习生|實習生)")
_PHOTOGRAPHER: Final = tuple("摄攝图圖文译譯影")
# "北风社河口12月9日电（记者张三）"
_CHINESE: Final = re.compile(rf"[^（(。]{{0,30}}[（(]{_OFFICE}({_NAMES})(?:[；;].{{0,20}})?[）)]")
_CHINESE_END: Final = re.compile(rf"[（(]{_OFFICE}({_NAMES})[）)]$")
_BARE_END: Final = re.compile(r"[。！？”][（(]([\u4e00-\u9fff]{2,3})[）)]$")
# "【河口＝岡田太郎】", not an agency: "【河口＝共同】"
_JAPANESE: Final = re.compile(r"[【［\[][^【＝=】]{1,15}[＝=]([\u4e00-\u9fff・、]{3,20})[】］\]]")
# "(하구=북풍) 홍길동 기자 =", "홍길동 기자"
_KOREAN: Final = re.compile(
    r"(?:[（(\[][^=)\]]{1,12}=[^=)\]]{1,12}[)\]]\s*|기자명\s*)?([가-힣]{2,4}) (?:기자|특파원)(?=$|\s*[=|(]|\s\S+@)"
)


def signatures(tree: html.HtmlElement, heading: html.HtmlElement | None) -> Iterator[str]:
    """The names that a report opens or ends with, in brackets or before the word for a reporter; at most one time."""
    met = heading is None
    for text, element in itertools.islice(shown_lines(tree, heading), _LINES):
        if element is not None and element is heading:
            met = True
        elif met and not text.isascii() and (signed := _signed(text)):
            yield signed
            return


def _signed(text: str) -> str | None:
    reporter = _CHINESE.match(text) or _CHINESE_END.search(text)
    if reporter is not None:
        found = _OTHERS.split(reporter[1])[0]
        return None if found.endswith(_PHOTOGRAPHER) else found
    if japanese := _JAPANESE.match(text):
        return japanese[1]
    # what may as well be other words has to begin with a family name
    other = _KOREAN.match(text) or _BARE_END.search(text)
    return other[1] if other and other[1][0] in surnames() and not other[1].endswith(_PHOTOGRAPHER) else None
