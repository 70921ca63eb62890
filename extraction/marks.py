"""Quotation marks: which characters open and close a quotation, and what stands between them.

What belongs here: pairing of marks (straight, curly, guillemets, single and double), apostrophes, quotations that run
over several paragraphs, missing marks.
What does not: whether the words in marks are a statement, and whose (``quotes``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BLOCK_BREAK = re.compile(r"\n\s*\n|(?<=[.!?:\"”’'»)])[ \t]*\n(?=\s*[\"“‘'«(A-Z0-9])|\Z")
_MARK = re.compile(r"''|``|[\"“”„‟«»‹›‘’'`]")
_ELISION = re.compile(r"['‘’](?:\d\ds?\b|(?:em|tis|twas|til|till|n|cause|round|bout|neath)\b)", re.IGNORECASE)
_DOUBLES = {'"', "''", "``", "“", "”", "„", "‟"}
_OPENERS = {"“", "„", "‟", "``", "«", "‹", "‘"}
_CLOSERS = {"”", "»", "›", "’"}
_SPACES_INSIDE = " \t\n\u00a0\u202f"
_BEFORE_OPENING = " \t\n\u00a0\u202f([{—–-―/:;,…\"“‘'"
_LAST_STOP = re.compile(r"[.!?,…]")


@dataclass(frozen=True, slots=True)
class Marked:
    """Words in quotation marks.  Half-open character offsets.

    ``start``/``end`` take in the marks, ``inner_start``/``inner_end`` do not.  ``closed`` is false when the closing
    mark is missing; ``runs_on`` says that the next paragraph opens the same quotation again.
    """

    start: int
    end: int
    inner_start: int
    inner_end: int
    closed: bool
    runs_on: bool


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    family: str  # "double", "single" or "guillemet"
    opens: bool
    closes: bool


def find_marked(text: str) -> list[Marked]:
    """The outermost quotations of a text, in order.  Linear in the length of the text."""
    found: list[Marked] = []
    blocks = list(_blocks(text))
    marks = [list(_marks(text, start, end)) for start, end in blocks]
    for number, (_, end) in enumerate(blocks):
        following = marks[number + 1] if number + 1 < len(blocks) else []
        reopened = following[0].family if following and following[0].start == blocks[number + 1][0] else None
        found.extend(_pair(text, marks[number], end, reopened))
    return found


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Paragraphs, also those that a single line break ends after a full stop: no quotation runs past them unmarked."""
    start = 0
    for match in _BLOCK_BREAK.finditer(text):
        raw = text[start : match.start()]
        trimmed = raw.strip()
        if trimmed:
            begin = start + len(raw) - len(raw.lstrip())
            yield begin, begin + len(trimmed)
        start = match.end()


def _marks(text: str, start: int, end: int) -> Iterator[_Mark]:
    """The characters of a block that can open or close a quotation; apostrophes are left out."""
    for match in _MARK.finditer(text, start, end):
        sign, left, right = match.group(), match.start(), match.end()
        before = text[left - 1] if left > start else " "
        after = text[right] if right < end else " "
        spaced_before, spaced_after = before in _BEFORE_OPENING, after.isspace()
        if sign in _DOUBLES:
            if sign == "“":
                yield _Mark(left, right, "double", not (spaced_after and not spaced_before), spaced_after)
            elif sign == "”":
                yield _Mark(left, right, "double", spaced_before and after.isalnum(), True)
            elif sign in ("„", "‟", "``"):
                yield _Mark(left, right, "double", True, False)
            else:
                opens = before.isspace() or not spaced_after
                yield _Mark(left, right, "double", opens, spaced_after or not before.isspace())
        elif sign in "«»‹›":
            yield _Mark(left, right, "guillemet", sign in "«‹", sign in "»›")
        else:
            if (before.isalnum() and after.isalnum()) or _ELISION.match(text, left, end):
                continue
            opens = spaced_before and not spaced_after and sign != "’"
            closes = sign not in "‘`" and not before.isspace() and not after.isalnum()
            if opens or closes:
                yield _Mark(left, right, "single", opens, closes)


def _pair(text: str, marks: list[_Mark], end: int, reopened: str | None) -> Iterator[Marked]:
    """Pair the marks of one block that ends at ``end``; inner quotations are passed over."""
    single_close = _closings(text, marks)
    index, count = 0, len(marks)
    while index < count:
        mark = marks[index]
        if mark.family == "single":
            target = single_close[index]
            if mark.opens and target is not None:
                yield _marked(text, mark, marks[target].start, marks[target].end, closed=True)
                index = target
            index += 1
            continue
        if not mark.opens:
            index += 1
            continue
        close, lost = _closing(marks, index)
        if close is not None:
            yield _marked(text, mark, marks[close].start, marks[close].end, closed=True)
            index = close + 1
        elif lost is not None:
            stop = _last_stop(text, mark.end, marks[lost].start)
            yield _marked(text, mark, stop, stop, closed=False)
            index = lost
        else:
            runs_on = reopened == mark.family
            yield _marked(text, mark, end, end, closed=False, runs_on=runs_on)
            return


def _closing(marks: list[_Mark], index: int) -> tuple[int | None, int | None]:
    """(the closing mark of an opening one, or the next opening mark when the closing one was forgotten)."""
    family = marks[index].family
    position = index + 1
    while position < len(marks):
        mark = marks[position]
        if mark.family == family:
            if mark.closes:
                return position, None
            inner = next(
                (p for p in range(position + 1, min(position + 4, len(marks))) if marks[p].family == family), None
            )
            outer = None
            if inner is not None and marks[inner].closes:
                rest = range(inner + 1, min(inner + 4, len(marks)))
                outer = next((p for p in rest if marks[p].family == family), None)
            if inner is None or outer is None or not marks[outer].closes:
                return None, position
            position = inner
        position += 1
    return None, None


def _closings(text: str, marks: list[_Mark]) -> list[int | None]:
    """For each single mark the place of its closing one: not a plural's apostrophe if a better one follows."""
    result: list[int | None] = [None] * len(marks)
    sure: int | None = None
    last: int | None = None
    for index in range(len(marks) - 1, -1, -1):
        mark = marks[index]
        if mark.family != "single":
            continue
        result[index] = sure if sure is not None else last
        if mark.opens:
            sure = last = None
        if mark.closes:
            if text[mark.start - 1] in "sS" and re.match(r"\s+\w", text[mark.end : mark.end + 4]):
                last = index if last is None else last
            else:
                sure = index
    return result


def _last_stop(text: str, start: int, end: int) -> int:
    """Where the words before a newly opened quotation pause: the likeliest place of a forgotten closing mark."""
    stops = [m.end() for m in _LAST_STOP.finditer(text, start, end)]
    return stops[0] if stops else end


def _marked(text: str, opening: _Mark, stop: int, end: int, *, closed: bool, runs_on: bool = False) -> Marked:
    start, inner = opening.start, opening.end
    while inner < stop and text[inner] in _SPACES_INSIDE:
        inner += 1
    while stop > inner and text[stop - 1] in _SPACES_INSIDE:
        stop -= 1
    return Marked(start, max(end, stop), inner, stop, closed, runs_on)
