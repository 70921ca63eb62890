"""The quotes layer: attributed statements with content, speaker and cue.

What belongs here: which words in quotation marks are statements, which cue reports them, and the assembly of direct,
mixed and indirect quotes in order.
What does not: pairing of marks (``marks``), clauses without marks (``indirect``), who a pronoun is (``coreference``),
what the statement does to others (``events``).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise

from spacy.tokens import Span, Token

from extraction.actors import Actors
from extraction.coreference import Coreference
from extraction.cues import FINITE, Cue, find_cues, finite, is_negated
from extraction.document import Document
from extraction.facts import Quote, QuoteKind
from extraction.indirect import asserted, clause_of
from extraction.marks import Marked, find_marked
from extraction.speakers import Speaker, head_of, name_beside, speaker_at

_DASH = re.compile(r"\s?[-–—―]+\s?")
_REACH = 45  # tokens between a quotation and its cue
_SPEECH = frozenset({"clause", "that", "hearer", "question", "quotation", "document"})


@dataclass(slots=True)
class _Quotation:
    """Words in marks, with their tokens, and what is found out about them."""

    marked: Marked
    first: int  # first token inside
    last: int  # last token inside
    before: int  # last token before the opening mark
    after: int  # first token behind the closing mark


@dataclass(slots=True)
class _Draft:
    """A quote under construction."""

    start: int
    end: int
    kind: QuoteKind
    speaker: Speaker | None
    cue: Cue | None
    continuation: tuple[int, int] | None = None


def find_quotes(document: Document, actors: Actors, coreference: Coreference) -> list[Quote]:
    """Find the attributed statements of a document, in order."""
    text = document.text
    drafts = _Finder(document, coreference).find()
    return [_record(f"q{n}", draft, text) for n, draft in enumerate(drafts, start=1)]


def _record(key: str, draft: _Draft, text: str) -> Quote:
    speaker = draft.speaker
    return Quote(
        key=key,
        text=text[draft.start : draft.end],
        kind=draft.kind,
        start=draft.start,
        end=draft.end,
        continuation=draft.continuation,
        speaker=speaker.actor.key if speaker is not None and speaker.actor is not None else None,
        speaker_text=text[speaker.start : speaker.end] if speaker is not None else None,
        speaker_start=speaker.start if speaker is not None else None,
        speaker_end=speaker.end if speaker is not None else None,
        cue=draft.cue.text if draft.cue is not None else None,
    )


class _Finder:
    """Goes once over the quotations of a document, and once over its cues."""

    def __init__(self, document: Document, coreference: Coreference) -> None:
        self.document = document
        self.doc = document.doc
        self.text = document.text  # once: spaCy builds the text anew at every call
        self.coreference = coreference
        self.starts = [t.idx for t in self.doc]
        self.quotations = [q for m in find_marked(self.text) if (q := self._quotation(m)) is not None]
        self.opening = {q.before + 1: n for n, q in enumerate(self.quotations)}
        self.quoted = bytearray(len(self.doc))
        for q in self.quotations:
            for i in range(q.first, q.last + 1):
                self.quoted[i] = 1
        self.cues = {c.token.i: c for c in find_cues(self.doc) if not self.quoted[c.token.i]}
        self.cue_places = sorted(self.cues)
        self.used: set[int] = set()
        self.drafts: list[_Draft] = []
        self.paragraph_starts = [p[0] for p in document.paragraphs]

    def find(self) -> list[_Draft]:
        """All drafts in the order of the text."""
        direct = self._direct()
        drafts = sorted([*direct, *self._reported(direct)], key=lambda d: (d.start, d.end))
        for before, draft in pairwise(drafts):
            if (
                draft.cue is None
                and draft.speaker is None
                and self._paragraph(draft.start) == self._paragraph(before.start)
            ):
                draft.speaker = before.speaker
        return [d for d in drafts if d.cue is not None or d.speaker is not None]

    # quotations in marks ------------------------------------------------------------------------------------------

    def _quotation(self, marked: Marked) -> _Quotation | None:
        if marked.inner_end <= marked.inner_start:
            return None
        first = bisect_right(self.starts, marked.inner_start) - 1
        last = bisect_left(self.starts, marked.inner_end) - 1
        before = bisect_left(self.starts, marked.start) - 1
        after = bisect_left(self.starts, marked.end)
        if last < first:
            return None
        return _Quotation(marked, first, last, before, after)

    def _content_end(self, marked: Marked) -> int:
        """The end of the words in marks, without a comma that only leads to the cue."""
        end = marked.inner_end
        while end - 1 > marked.inner_start and self.text[end - 1] in ", ":
            end -= 1
        return end

    def _direct(self) -> list[_Draft]:
        drafts = self.drafts
        skip = False
        previous: tuple[_Quotation, _Draft] | None = None
        for n, q in enumerate(self.quotations):
            if skip:
                skip = False
                continue
            following = self.quotations[n + 1] if n + 1 < len(self.quotations) else None
            draft = self._with_cue(q, following)
            if draft is not None:
                if draft.continuation is not None:
                    skip = True
            else:
                draft = self._without_cue(q, previous)
            if draft is None:
                continue
            drafts.append(draft)
            previous = (q, draft)
        self._from_behind(drafts)
        drafts.sort(key=lambda d: d.start)
        return drafts

    def _from_behind(self, drafts: list[_Draft]) -> None:
        """A quotation with no speaker takes that of the next one in its paragraph."""
        for current, following in zip(reversed(drafts[:-1]), reversed(drafts[1:]), strict=True):
            if (
                current.cue is None
                and current.speaker is None
                and self._paragraph(current.start) == self._paragraph(following.start)
            ):
                current.speaker = following.speaker

    def _paragraph(self, offset: int) -> int:
        return bisect_right(self.paragraph_starts, offset)

    def _with_cue(self, q: _Quotation, following: _Quotation | None) -> _Draft | None:
        opens = self._opens_sentence(q)
        found = (self._tag(q, following) or self._intro(q)) if opens else (self._intro(q) or self._tag(q, following))
        if found is None:
            return None
        cue, speaker, region_end = found
        marked = q.marked
        draft = _Draft(marked.inner_start, self._content_end(marked), "direct", speaker, cue)
        if region_end is not None and not opens:
            self._widen(draft, q)
        if cue is not None:
            self.used.add(cue.token.i)
        if region_end is not None and following is not None and self._continues(q, following, cue, region_end):
            draft.continuation = (following.marked.inner_start, self._content_end(following.marked))
        return draft

    def _widen(self, draft: _Draft, q: _Quotation) -> None:
        """Take in the words of the same sentence before the marks: with such systems, "there is no danger," he said."""
        first = q.before
        while first >= 0:
            token = self.doc[first]
            if (
                token.text in (".", "?", "!", ":", ";")
                or (token.is_space and "\n" in token.text)
                or q.before - first > _REACH
            ):
                break
            first -= 1
        first += 1
        while first < q.before and (self.doc[first].is_punct or self.doc[first].is_space) and first not in self.opening:
            first += 1
        if any(i in self.cues and self.cues[i].kind != "noun" for i in range(first, q.before + 1)):
            return
        if self.doc[first].pos_ == "CCONJ":
            first += 1
        if first < q.before and any(t.is_alpha for t in self.doc[first : q.before + 1]):
            draft.start, draft.end, draft.kind = self.starts[first], q.marked.end, "mixed"

    def _continues(self, q: _Quotation, following: _Quotation, cue: Cue | None, region_end: int) -> bool:
        """Is the next quotation the rest of the same sentence ("A," he said, "b.")?"""
        if region_end != following.before + 1 or self.text[q.marked.inner_end - 1] in ".?!":
            return False
        between = self.doc[q.after : following.before + 1]
        if len(between) and between[-1].dep_ in ("prep", "det", "poss", "case", "amod", "compound"):
            return False
        if any(t.text in (".", "?", "!", ":") or (t.is_space and "\n" in t.text) for t in between):
            return False
        return not any(
            t.i in self.cues and cue is not None and t.i > cue.last and t.tag_ in ("VBG", *FINITE) for t in between
        )

    def _opens_sentence(self, q: _Quotation) -> bool:
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

    def _region_after(self, q: _Quotation, following: _Quotation | None) -> tuple[int, int]:
        """Tokens behind a quotation: to the end of the sentence, of the line or to the next quotation."""
        start = q.after
        limit = min(len(self.doc), start + _REACH)
        if following is not None:
            limit = min(limit, following.before + 1)
        end = start
        while end < limit:
            token = self.doc[end]
            if token.text in (".", "?", "!") or (token.is_space and "\n" in token.text):
                break
            end += 1
        return start, end

    def _tag(self, q: _Quotation, following: _Quotation | None) -> tuple[Cue | None, Speaker | None, int | None] | None:
        """The cue behind a quotation: "…," he said."""
        start, end = self._region_after(q, following)
        strong = self.text[q.marked.inner_end - 1] == "," or (start < end and self.doc[start].text == ",")
        stopped = self.text[q.marked.inner_end - 1] in ".?!…—-"
        dashed = _DASH.match(self.text, q.marked.end) is not None
        while start < end and (self.doc[start].text in (",", "-", "--", "—", "–", "―") or self.doc[start].text == " "):
            start += 1
        if dashed and start < end and (signed := self._signature(start)) is not None:
            return None, signed, None
        if start >= end or not (strong or stopped or self._opens_sentence(q)):
            return None
        if not strong and self.text[q.marked.inner_end - 1] == "." and not self._opens_sentence(q):
            return None
        if self.doc[start].pos_ in ("CCONJ", "SCONJ") or self.doc[start].lower_ in (
            "and",
            "but",
            "or",
            "when",
            "who",
            "which",
        ):
            return None
        for i in range(start, end):
            token = self.doc[i]
            cue = self.cues.get(i)
            if cue is not None and cue.kind == "preposition":
                if cue.first == start:
                    return cue, self._speaker(cue), end
                continue
            if token.tag_ == "VBG" and (i == start or self.doc[i - 1].pos_ == "ADV"):
                return None
            if cue is not None and cue.kind == "verb" and (cue.frames & _SPEECH) and token.tag_ not in ("VB",):
                if not strong and self._leads_on(i, end):
                    return None
                if not self._beside(cue, start) or (not self._sentence_like(q) and self._reports_more(i, end)):
                    return None
                speaker = self._speaker_in(cue, start, end)
                if speaker is None and not strong:
                    return None
                return cue, speaker, end
            if (
                token.tag_ in FINITE
                and token.dep_ not in ("aux", "auxpass", "relcl", "acl")
                and not self._governs(token, end)
            ):
                if strong and token.pos_ == "VERB" and i - start <= 12 and self._sentence_like(q):
                    unknown = Cue(token, frozenset({"quotation"}), i, i)
                    speaker = self._speaker_in(unknown, start, end)
                    return (unknown, speaker, end) if speaker is not None else None
                return None
        return None

    def _governs(self, token: Token, end: int) -> bool:
        """Does a verb lead to a cue behind it ("went on to say", "was quoted as saying")?"""
        for i in range(token.i + 1, min(end, token.i + 5)):
            if i in self.cues and self.cues[i].kind == "verb":
                return any(a.i == token.i for a in self.doc[i].ancestors)
        return False

    def _signature(self, start: int) -> Speaker | None:
        """The name behind a dash that closes a line: "…" — Jane Roe."""
        end = start
        while end < len(self.doc) and end - start <= 10 and not (self.doc[end].is_space and "\n" in self.doc[end].text):
            if self.doc[end].pos_ in ("VERB", "AUX"):
                return None
            end += 1
        while end > start and (self.doc[end - 1].is_punct or self.doc[end - 1].is_space):
            end -= 1
        names = [t for t in self.doc[start:end] if t.is_title and t.is_alpha]
        if end - start > 10 or len(names) < 2 or not self.doc[start].is_title:
            return None
        actor = next((a for t in names if (a := self.coreference.actors.at(t)) is not None), None)
        return Speaker(self.starts[start], self.starts[end - 1] + len(self.doc[end - 1]), actor)

    def _beside(self, cue: Cue, start: int) -> bool:
        """Does the cue with its subject stand right behind the quotation, with no other words of content between?"""
        place = cue.token.i
        subject = next(
            (c for c in cue.token.children if c.dep_ in ("nsubj", "nsubjpass") and start <= c.i < place), None
        )
        if place == start or (subject is not None and subject.left_edge.i <= start + 1):
            return True
        between = self.doc[start:place]
        if subject is not None and subject.pos_ == "PRON":
            return all(t.pos_ == "ADV" for t in self.doc[start : subject.i])
        if subject is not None and not any(t.text == "," for t in self.doc[start : subject.left_edge.i]):
            return all(t.pos_ in ("ADV", "CCONJ") for t in self.doc[start : subject.left_edge.i])
        return between[0].pos_ in ("PROPN", "NOUN", "DET", "ADJ", "NUM", "ADV", "AUX") and not any(
            t.pos_ == "PART" for t in between
        )

    def _reports_more(self, i: int, end: int) -> bool:
        """Does the cue have a clause of its own behind it?"""
        return any(c.dep_ == "ccomp" and c.i > i and (finite(c) or c.n_lefts) for c in self.doc[i].children)

    def _leads_on(self, i: int, end: int) -> bool:
        """Does the cue report something behind it rather than the quotation before it?"""
        if end < len(self.doc) and end in self.opening and self.doc[end - 1].text in (",", ":"):
            return True
        if end in self.opening and end - i <= 2 and self.doc[i - 1].text not in ("”", '"', "''"):
            return True
        return self._reports_more(i, end)

    def _intro(self, q: _Quotation) -> tuple[Cue | None, Speaker | None, int | None] | None:
        """The cue before a quotation: he said, "…" or he said: "…"."""
        start = q.before
        stop = max(-1, q.before - _REACH)
        if start < 0:
            return None
        colon_before_break = False
        if self.doc[start].is_space:
            if "\n" in self.doc[start].text and start > 0 and self.doc[start - 1].text != ":":
                return None
            colon_before_break = "\n" in self.doc[start].text
            start -= 1
        lead = self.doc[start].text
        first = start
        while first > stop:
            token = self.doc[first]
            if (token.text in (".", "?", "!") or (token.is_space and "\n" in token.text)) and first < start:
                break
            if self.quoted[first]:
                break
            first -= 1
        first += 1
        if first > start:
            return None
        whole = self._whole(q)
        best: Cue | None = None
        for i in range(start, first - 1, -1):
            cue = self.cues.get(i)
            if cue is not None and lead not in (",", ":") and cue.token.dep_ == "relcl":
                return None
            if cue is not None and cue.kind == "verb" and not asserted(cue.token):
                return None
            if cue is not None and (cue.kind != "verb" or cue.frames & _SPEECH):
                if cue.kind == "noun" and lead != ":":
                    continue
                if cue.kind == "preposition" and lead not in (",", ":"):
                    continue
                best = cue
                break
            if lead != ":" and self.doc[i].tag_ in FINITE and self.doc[i].dep_ not in ("relcl", "acl"):
                return None
        if lead == ":":
            if best is None:
                return self._colon(q, first, start)
            if best.kind == "noun":
                verb = next((self.doc[i] for i in range(first, start) if self.doc[i].dep_ == "ROOT"), None)
                speaker = None
                if verb is not None and verb.pos_ == "VERB":
                    speaker = self._speaker_in(Cue(verb, frozenset(), verb.i, verb.i), first, start)
                speaker = speaker or self._speaker(best)
                return best, speaker, None
        if best is None:
            return None
        if lead == ":" or colon_before_break:
            return best, self._speaker(best), None
        if not whole or best.token.i in self.used:
            return None
        gap = self.doc[best.last + 1 : start + 1]
        if any(t.lower_ == "that" and t.dep_ == "mark" and start - t.i > 1 for t in gap):
            return None
        if lead in (",", "that") or not len(gap):
            return best, self._speaker(best), None
        if len(gap) <= 8 and self._sentence_like(q) and self._addressee(gap):
            return best, self._speaker(best), None
        return None

    def _addressee(self, gap: Span) -> bool:
        """Do the words between cue and marks only say to whom, when and where ("told reporters in Paris “…”")?"""
        if gap[-1].dep_ in ("det", "poss", "case", "amod", "prep", "nsubj", "nsubjpass", "aux", "cc"):
            return False
        return not any(t.pos_ in ("VERB", "AUX", "PART", "SCONJ") or t.dep_ in ("nsubj", "nsubjpass") for t in gap)

    def _colon(self, q: _Quotation, first: int, start: int) -> tuple[Cue | None, Speaker | None, int | None] | None:
        """X opposed the plan: "…"."""
        if not self._sentence_like(q):
            return None
        sent = self.doc[start].sent
        root = sent.root
        if self.quoted[root.i] or root.i < first or root.i > start:
            return None
        if root.pos_ in ("VERB", "AUX"):
            speaker = self._speaker_in(Cue(root, frozenset(), root.i, root.i), first, start)
            return (None, None if root.lemma_ == "be" else speaker, None)
        if root.pos_ in ("PROPN", "PRON") and start - first <= 8:
            return None, speaker_at(root, self.coreference), None
        return None

    def _whole(self, q: _Quotation) -> bool:
        """Are the words in marks all that is reported, so that nothing goes on behind them?"""
        if self.text[q.marked.inner_end - 1] in ",.?!…—":
            return True
        if q.after >= len(self.doc):
            return True
        after = self.doc[q.after]
        return after.is_punct or after.is_space or (after.pos_ == "CCONJ" and self._sentence_like(q))

    def _sentence_like(self, q: _Quotation) -> bool:
        """Is it a sentence rather than a name, a title or a word held at arm's length?"""
        words = [t for t in self.doc[q.first : q.last + 1] if t.is_alpha]
        return len(words) >= 3 and any(t.tag_ in FINITE or t.tag_ == "VB" for t in words)

    def _without_cue(self, q: _Quotation, previous: tuple[_Quotation, _Draft] | None) -> _Draft | None:
        """A quotation that follows another with no cue of its own."""
        if not self._opens_sentence(q):
            return None
        ends = (
            self.text[q.marked.inner_end - 1] in ".?!…"
            or q.after >= len(self.doc)
            or self.doc[q.after].text in ".?!"
            or not q.marked.closed
        )
        if not ends and not self.doc[q.after].is_space:
            return None
        marked = q.marked
        draft = _Draft(marked.inner_start, self._content_end(marked), "direct", None, None)
        if previous is None:
            return draft if self._sentence_like(q) else None
        last, before = previous
        if last.marked.runs_on and self._paragraph(marked.start) == self._paragraph(last.marked.start) + 1:
            draft.speaker = before.speaker
            return draft
        if not self._sentence_like(q) and self._paragraph(marked.start) != self._paragraph(before.start):
            return None
        if self._paragraph(marked.start) - self._paragraph(before.start) <= 1:
            draft.speaker = before.speaker
        return draft

    def _speaker_in(self, cue: Cue, start: int, end: int) -> Speaker | None:
        """The speaker that stands in a stretch of tokens beside the cue: by the parse, else by position."""
        speaker = self._speaker(cue)
        if speaker is not None and end > start:
            low, high = self.doc[start].idx, self.doc[end - 1].idx + len(self.doc[end - 1])
            if low <= speaker.start and speaker.end <= high:
                return speaker
        place = cue.token.i
        nominal = ("NOUN", "PROPN", "PRON")
        order = [*range(start, place), *range(cue.last + 1, min(end, cue.last + 6))]
        for i in order:
            token = self.doc[i]
            if token.pos_ in nominal and token.lower_ not in _WEAK:
                head = token
                while head.dep_ in ("compound", "poss", "nmod", "amod") and head.i < head.head.i < (
                    place if i < place else end
                ):
                    head = head.head
                return speaker_at(head, self.coreference)
        return speaker

    # reported clauses ---------------------------------------------------------------------------------------------

    def _reported(self, direct: list[_Draft]) -> list[_Draft]:
        taken = bytearray(len(self.text) + 1)
        for d in direct:
            for start, end in [(d.start, d.end), *([d.continuation] if d.continuation else [])]:
                taken[start:end] = b"\x01" * (end - start)
        found: list[_Draft] = []
        for place in self.cue_places:
            cue = self.cues[place]
            draft = self._clause(cue) or self._judgement(cue)
            if draft is not None:
                found.append(draft)
        kept: list[_Draft] = []
        for draft in sorted(found, key=lambda d: d.start - d.end):
            if any(taken[draft.start : draft.end]) and not self._shorten(draft, taken):
                continue
            taken[draft.start : draft.end] = b"\x01" * (draft.end - draft.start)
            kept.append(draft)
        return kept

    def _shorten(self, draft: _Draft, taken: bytearray) -> bool:
        """End a reported clause before a quotation with a cue of its own ("said it was late, and added: “…”")."""
        if taken[draft.start] or draft.cue is None or draft.cue.token.idx > draft.start:
            return False
        index = bisect_left(self.starts, taken.index(1, draft.start)) - 1
        first = bisect_left(self.starts, draft.start)
        while index > first + 1:
            token = self.doc[index]
            if token.text in (",", ";") and self.doc[index + 1].pos_ in ("CCONJ", "SCONJ"):
                draft.end = self.starts[index]
                draft.continuation = None
                if draft.kind == "mixed" and not any(self.quoted[first:index]):
                    draft.kind = "indirect"
                return True
            index -= 1
        return False

    def _clause(self, cue: Cue) -> _Draft | None:
        clause = clause_of(cue)
        if clause is None:
            return None
        start, end, inside = self._extent(clause.first, clause.last)
        speaker = self._speaker(cue)
        if speaker is None and not (cue.token.tag_ == "VBN" and any(c.dep_ == "auxpass" for c in cue.token.children)):
            return None
        if (
            clause.then is None
            and clause.first == clause.last
            and self.doc[clause.first].pos_ in ("PRON", "DET", "ADV")
        ):
            return None
        kind: QuoteKind = "mixed" if inside else "indirect"
        if len(inside) == 1 and inside[0].marked.start <= start and inside[0].marked.end >= end:
            start, end, kind = inside[0].marked.inner_start, self._content_end(inside[0].marked), "direct"
        then = None
        if clause.then is not None:
            then_start, then_end, more = self._extent(*clause.then)
            then = (then_start, then_end)
            kind = "mixed" if more else kind
        if end <= start:
            return None
        return _Draft(start, end, kind, speaker, cue, then)

    def _speaker(self, cue: Cue) -> Speaker | None:
        """The speaker of a cue; a participle behind a quotation has that of the quotation ("…," adding that …)."""
        leader = self._leader(cue)
        if leader is not None:
            return self._speaker(leader)
        if cue.kind == "verb" and (name := name_beside(cue.token, self.coreference)) is not None:
            return name
        head = head_of(cue)
        if head is not None and self.quoted[head.i]:
            at = bisect_right(self.drafts, cue.token.idx, key=lambda d: d.start) - 1
            return (
                self.drafts[at].speaker
                if at >= 0 and self._paragraph(self.drafts[at].start) == self._paragraph(cue.token.idx)
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
            if other.kind == "verb" and other.token.tag_ in FINITE and other.frames & _SPEECH:
                return other
            at -= 1
        return None

    def _judgement(self, cue: Cue) -> _Draft | None:
        """A complement that is no clause but has words in marks: called it “a mistake”, described it as “grave”."""
        verb = cue.token
        if (
            cue.kind != "verb"
            or cue.last != verb.i
            or is_negated(verb)
            or not asserted(verb)
            or not cue.frames - {"quotation", "document"}
        ):
            return None
        parts = [
            c
            for c in verb.rights
            if c.dep_ in ("dobj", "oprd", "ccomp", "xcomp", "prep", "attr", "advcl", "dep", "acomp")
        ]
        holding = [c for c in parts if any(self.quoted[i] for i in range(c.left_edge.i, c.right_edge.i + 1))]
        if not holding or any(self._leads(c) for c in holding):
            return None
        if not any(c.dep_ in ("dobj", "oprd", "ccomp") or c.lower_ == "as" for c in parts):
            return None
        last = max(c.right_edge.i for c in holding)
        first = min(c.left_edge.i for c in parts if c.dep_ in ("dobj", "oprd", "ccomp", "prep", "dep", "xcomp"))
        start, end, inside = self._extent(first, last)
        if not inside:
            return None
        as_prep = [c for c in holding if c.dep_ == "prep" and c.lower_ in ("as", "to")]
        if len(inside) == 1 and (as_prep or inside[0].marked.start <= start + 4):
            start, end = inside[0].marked.inner_start, self._content_end(inside[0].marked)
        return _Draft(start, end, "mixed", self._speaker(cue), cue)

    def _leads(self, part: Token) -> bool:
        """Is it a participle or purpose clause with a cue of its own?"""
        return part.dep_ in ("advcl", "xcomp", "ccomp") and part.i in self.cues

    def _extent(self, first: int, last: int) -> tuple[int, int, list[_Quotation]]:
        """Character span of a token range, widened to whole quotations, and the quotations in it."""
        start = self.starts[first]
        end = self.starts[last] + len(self.doc[last])
        inside: list[_Quotation] = []
        for number in range(bisect_right(self.quotations, start, key=lambda q: q.marked.end), len(self.quotations)):
            q = self.quotations[number]
            if q.marked.start > end and self.text[end : q.marked.start] != " ":
                break
            if q.marked.inner_end <= start:
                continue
            inside.append(q)
            start, end = min(start, q.marked.start), max(end, q.marked.end)
        return start, end, inside


_WEAK = frozenset(
    {
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "today",
        "yesterday",
        "that",
        "which",
    }
)
