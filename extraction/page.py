"""One document as the quotes layer sees it: its quotations, its cues of saying, and who speaks at a cue.

What belongs here: look-ups that direct and reported quotes share, and the draft of a quote.
What does not: deciding what is a quote (``direct``, ``quotes``).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from extraction.coreference import Coreference
from extraction.cues import FINITE, SPEECH, Cue, cue_at, find_cues
from extraction.document import Document
from extraction.facts import QuoteKind
from extraction.marks import Marked, find_marked
from extraction.speakers import Speaker, head_of, name_beside, speaker_at


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in marks with their tokens: first and last inside, the last before the marks, the first behind them."""

    marked: Marked
    first: int
    last: int
    before: int
    after: int


@dataclass(slots=True)
class Draft:
    """A quote under construction; character offsets."""

    start: int
    end: int
    kind: QuoteKind
    speaker: Speaker | None
    cue: Cue | None
    continuation: tuple[int, int] | None = None


class Page:
    """Quotations, cues and paragraphs of a document, by token and by offset."""

    def __init__(self, document: Document, coreference: Coreference) -> None:
        self.doc = document.doc
        self.text = document.text  # once: spaCy builds the text anew at every call
        self.coreference = coreference
        self.starts = [t.idx for t in self.doc]
        self.quotations = [q for m in find_marked(self.text) if (q := self._quotation(m)) is not None]
        self.opening = {q.before + 1 for q in self.quotations}
        self.quoted = bytearray(len(self.doc))
        for q in self.quotations:
            self.quoted[q.first : q.last + 1] = b"\x01" * (q.last + 1 - q.first)
        self.cues = {c.token.i: c for c in find_cues(self.doc) if not self.quoted[c.token.i]}
        self.cue_places = sorted(self.cues)
        self.direct: list[Draft] = []  # the direct quotes found so far, in order
        self.paragraphs = document.paragraphs
        self._paragraph_starts = [start for start, _ in document.paragraphs]

    def _quotation(self, marked: Marked) -> Quotation | None:
        if marked.inner_end <= marked.inner_start:
            return None
        if not marked.closed and not marked.runs_on:
            marked = self._closed(marked)
        first = bisect_right(self.starts, marked.inner_start) - 1
        last = bisect_left(self.starts, marked.inner_end) - 1
        before = bisect_left(self.starts, marked.start) - 1
        after = bisect_left(self.starts, marked.end)
        if last < first:
            return None
        return Quotation(marked, first, last, before, after)

    def _closed(self, marked: Marked) -> Marked:
        """A quotation that nobody closed, ended before its cue ("“The talks failed, the minister said.")."""
        first, end = bisect_left(self.starts, marked.inner_start), bisect_left(self.starts, marked.inner_end)
        comma: int | None = None
        for i in range(first, end):
            token = self.doc[i]
            if token.text == ",":
                comma = i
            elif token.text in (".", "?", "!"):
                comma = None
            elif comma is not None and comma > first and i - comma <= 6 and token.tag_ in FINITE:
                cue = cue_at(token)
                if cue is not None and cue.frames & SPEECH:
                    stop = self.starts[comma]
                    return Marked(marked.start, stop, marked.inner_start, stop, closed=False, runs_on=False)
                comma = None
        return marked

    def content_end(self, marked: Marked) -> int:
        """The end of the words in marks, without a comma that only leads to the cue."""
        end = marked.inner_end
        while end - 1 > marked.inner_start and self.text[end - 1] in ", ":
            end -= 1
        return end

    def opens_sentence(self, q: Quotation) -> bool:
        """Does a sentence begin with the quotation, or with "but" before it?"""
        if q.before < 0:
            return True
        index = q.before
        if index > 0 and self.doc[index].lower_ in ("but", "and", "yet"):
            index -= 1
        before = self.doc[index]
        if before.is_space and "\n" in before.text:
            return True
        while index > 0 and (before.is_space or before.text in ("”", '"', "''", "’", "'", ")")):
            index -= 1
            before = self.doc[index]
        return before.text[-1] in ".?!…" or (before.text[-1:] in ("”", '"') and before.text[-2:-1] in ".?!…")

    def sentence_like(self, q: Quotation) -> bool:
        """Is it a sentence rather than a name, a title or a word held at arm's length?"""
        words = [t for t in self.doc[q.first : q.last + 1] if t.is_alpha]
        return len(words) >= 3 and any(t.tag_ in FINITE or t.tag_ == "VB" for t in words)

    def heading(self, q: Quotation) -> bool:
        """Is it a heading: a short paragraph of its own, in title case?"""
        words = [t for t in self.doc[q.first : q.last + 1] if t.is_alpha]
        titled = all(t.text[0].isupper() or len(t) < 4 for t in words) and len(words) > 2
        around = self.doc[max(0, q.before)], self.doc[min(q.after, len(self.doc) - 1)]
        return titled and len(words) < 10 and all(t.is_space and "\n" in t.text for t in around)

    def paragraph(self, offset: int) -> int:
        """The number of the paragraph that holds an offset."""
        return bisect_right(self._paragraph_starts, offset)

    def speaker(self, cue: Cue) -> Speaker | None:
        """The speaker of a cue; a participle behind a quotation has that of the quotation ("…," adding that …)."""
        leader = self._leader(cue)
        if leader is not None:
            return self.speaker(leader)
        if cue.kind == "verb" and (name := name_beside(cue.token, self.coreference)) is not None:
            return name
        head = head_of(cue)
        if head is not None and self.quoted[head.i]:
            at = bisect_right(self.direct, cue.token.idx, key=lambda d: d.start) - 1
            return (
                self.direct[at].speaker
                if at >= 0 and self.paragraph(self.direct[at].start) == self.paragraph(cue.token.idx)
                else None
            )
        return None if head is None else speaker_at(head, self.coreference)

    def _leader(self, cue: Cue) -> Cue | None:
        """The finite cue before a participle that goes on with it (", adding that …")."""
        verb = cue.token
        if verb.tag_ != "VBG" or verb.i == 0:
            return None
        index = verb.i - 1
        while index > verb.sent.start and self.doc[index].pos_ == "ADV":
            index -= 1
        if not (self.doc[index].is_punct and self.doc[index].text not in (".", "(")):
            return None
        at = bisect_left(self.cue_places, verb.i) - 1
        while at >= 0 and self.cue_places[at] >= verb.sent.start:
            other = self.cues[self.cue_places[at]]
            if other.kind == "verb" and other.token.tag_ in FINITE and other.frames & SPEECH:
                return other
            at -= 1
        return None

    def extent(self, first: int, last: int) -> tuple[int, int, list[Quotation]]:
        """Character span of a token range, widened to whole quotations, and the quotations in it."""
        start = self.starts[first]
        end = self.starts[last] + len(self.doc[last])
        inside: list[Quotation] = []
        for number in range(bisect_right(self.quotations, start, key=lambda q: q.marked.end), len(self.quotations)):
            q = self.quotations[number]
            if q.marked.start > end and self.text[end : q.marked.start] != " ":
                break
            if q.marked.inner_end <= start:
                continue
            inside.append(q)
            start, end = min(start, q.marked.start), max(end, q.marked.end)
        return start, end, inside
