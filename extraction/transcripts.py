"""Statements in plain paragraphs: turns of a transcript, and what a cue with a colon introduces.

What belongs here: paragraphs without quotation marks of their own whose speaker the layout tells.
What does not: words in marks (``direct``) and clauses (``indirect``).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from extraction.page import Draft, Page
from extraction.speakers import Speaker

_TURN = re.compile(r"[\"“]?((?:[A-Z][A-Z.'’-]*[A-Z.]\s){0,4}[A-Z][A-Z'’-]+):\s+")
_TURNS = 3  # fewer labelled paragraphs make no transcript
_MARKS = "\"“”«‘'"


def find_plain(page: Page) -> list[Draft]:
    """Statements that fill a paragraph without marks, in order."""
    return [*_turns(page), *_introduced(page)]


def _turns(page: Page) -> Iterator[Draft]:
    """The turns of a transcript ("REPORTER: Will you go?"): two labels at least, and a handful of turns."""
    turns = [(m, end) for start, end in page.paragraphs if (m := _TURN.match(page.text, start, end)) is not None]
    if len(turns) < _TURNS or len({m.group(1) for m, _ in turns}) < 2:
        return
    people = {a.name.split()[-1].upper(): a for a in page.coreference.actors.all if a.kind == "person"}
    for match, end in turns:
        stop = end
        while stop > match.end() and page.text[stop - 1] in _MARKS + " ":
            stop -= 1
        if stop > match.end():
            speaker = Speaker(match.start(1), match.end(1), people.get(match.group(1).split()[-1]))
            yield Draft(match.end(), stop, "direct", speaker, None)


def _introduced(page: Page) -> Iterator[Draft]:
    """The paragraph behind one that ends with a cue and a colon ("The governor added:")."""
    for (_, end), (start, stop) in zip(page.paragraphs, page.paragraphs[1:], strict=False):
        if page.text[end - 1] != ":" or page.text[start] in _MARKS or page.text[start] in "-•*":
            continue
        colon = bisect_left(page.starts, end - 1)
        at = bisect_left(page.cue_places, colon) - 1
        if at < 0:
            continue
        cue = page.cues[page.cue_places[at]]
        if cue.kind != "verb" or not cue.frames & {"clause", "hearer"} or colon - cue.last > 4:
            continue
        speaker = page.speaker(cue)
        if speaker is not None and page.text[stop - 1] in ".!?…":
            yield Draft(start, stop, "indirect", speaker, cue)
