"""What pages set above and under an article's text about the article itself: its dates, its author's line.

What belongs here: telling such lines by their words.
What does not: reading the date and the byline (visible, authors), lines that lead away (furniture).
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Sequence
from typing import Final

from sources.formats.blocks import Block
from sources.formats.times import written
from sources.formats.visible import label

_SOME_DAY: Final = dt.datetime(2100, 1, 1)  # whether there is a date is asked, not which
_GLUED: Final = re.compile(r"(?<=[^\W\d_])(?=\d)")  # "Posted4 Jun 2024": two elements that touch
_CLOCK: Final = re.compile(r"\d{1,2}[:.h]\d\d(?:[:.]\d\d)?")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_LONGEST: Final = 16  # words
_LINE: Final = 200  # characters
_MORE: Final = 4  # words beside the label and the dates: who changed it, "on", "Uhr"
_NAMED: Final = 12  # words of an author's line with office and place
_FULL_STOP: Final = re.compile(r"[.!?。”’»\"]$")


def without_stamps(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without the lines under the text that tell when the page was published, changed or looked at."""
    out = list(blocks)
    while out:
        labelled = len(out) > 1 and _is_label(out[-2].text) and _is_dated(out[-1].text)
        if labelled:
            del out[-2:]
        elif is_stamp(out[-1].text) or _is_bare_date(out[-1].text):
            del out[-1]
        else:
            break
        while out and out[-1].is_heading:  # the heading of what is gone
            del out[-1]
    return out


def is_stamp(text: str) -> bool:
    """Whether a line has nothing but dates, and words that call them dates of publication or change."""
    if len(text) > _LINE:
        return False
    told = _GLUED.sub(" ", text)
    rest, dates = _dateless(told)
    bare = _labels().sub(" ", rest)
    return dates > 0 and bare != rest and len(told.split()) <= _LONGEST and len(_WORD.findall(bare)) <= _MORE


def is_author_line(text: str, byline: str | None) -> bool:
    """Whether a line is the author's name with what he is and where: no sentence that tells of him."""
    name = (byline or "").split(";")[0].strip()
    return " " in name and text.startswith(name) and len(text.split()) <= _NAMED and not _FULL_STOP.search(text)


def is_date(text: str) -> bool:
    """Whether a line is a date with little beside it, in whatever order its numbers are."""
    rest, dates = _dateless(text[: _LINE + 1])
    return len(text) <= _LINE and dates > 0 and len(_WORD.findall(rest)) <= _MORE


def _is_bare_date(text: str) -> bool:
    rest, dates = _dateless(text[: _LINE + 1])
    return len(text) <= _LINE and dates > 0 and not _WORD.search(rest)


def _is_label(text: str) -> bool:
    return text.endswith(":") and not _WORD.search(_labels().sub(" ", text))


def _is_dated(text: str) -> bool:
    return len(text) <= _LINE and len(text.split()) <= _LONGEST and _dateless(text)[1] > 0


def _dateless(text: str) -> tuple[str, int]:
    """(the text without its dates and times, how many dates there were)."""
    spans = [(start, end) for _, start, end in written(text, _SOME_DAY, "dmy")]
    for start, end in reversed(spans):
        text = f"{text[:start]} {text[end:]}"
    return _CLOCK.sub(" ", text), len(spans)


@functools.cache
def _labels() -> re.Pattern[str]:
    return re.compile("|".join(label(kind).pattern for kind in ("stamped", "changed", "published")), re.IGNORECASE)
