"""Direct quotes: words in quotation marks, the cue beside them, and whose they are.

What belongs here: which words in marks are statements, their cue before, behind or around them, and quotations that
follow another with no cue of their own.
What does not: pairing of marks (``marks``), words in marks inside a reported clause (``quotes``).
"""

from __future__ import annotations

import re

from spacy.tokens import Span, Token

from extraction.cues import FINITE, SPEECH, Cue, finite, lexicon
from extraction.indirect import asserted
from extraction.page import Draft, Page, Quotation
from extraction.speakers import Speaker, speaker_at

_DASH = re.compile(r"[^\S\n]{0,3}[-–—―]+[^\S\n]{0,3}")
_REACH = 45  # tokens between a quotation and its cue
_NOMINAL = ("NOUN", "PROPN", "PRON")
_Found = tuple[Cue | None, Speaker | None, int | None]  # cue, speaker, end of the words behind the marks that name them


def find_direct(page: Page) -> list[Draft]:
    """The direct quotes of a page, in order, also kept as ``page.direct``; some may lack cue and speaker."""
    return _Finder(page).find()


class _Finder:
    """Goes once over the quotations of a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.doc = page.doc
        self.text = page.text
        self.cues = page.cues
        self.used: set[int] = set()

    def find(self) -> list[Draft]:
        drafts = self.page.direct
        skip = False
        previous: tuple[Quotation, Draft] | None = None
        for n, q in enumerate(self.page.quotations):
            if skip:
                skip = False
                continue
            following = self.page.quotations[n + 1] if n + 1 < len(self.page.quotations) else None
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

    def _from_behind(self, drafts: list[Draft]) -> None:
        """A quotation with no speaker takes that of the next one in its paragraph."""
        for current, following in zip(reversed(drafts[:-1]), reversed(drafts[1:]), strict=True):
            if (
                current.cue is None
                and current.speaker is None
                and self.page.paragraph(current.start) == self.page.paragraph(following.start)
            ):
                current.speaker = following.speaker

    def _with_cue(self, q: Quotation, following: Quotation | None) -> Draft | None:
        opens = self.page.opens_sentence(q)
        found = (self._tag(q, following) or self._intro(q)) if opens else (self._intro(q) or self._tag(q, following))
        if found is None:
            return None
        cue, speaker, region_end = found
        marked = q.marked
        draft = Draft(marked.inner_start, self.page.content_end(marked), "direct", speaker, cue)
        if region_end is not None and not opens:
            self._widen(draft, q)
        if cue is not None:
            self.used.add(cue.token.i)
        if region_end is not None and following is not None and self._continues(q, following, cue, region_end):
            draft.continuation = (following.marked.inner_start, self.page.content_end(following.marked))
        return draft

    def _widen(self, draft: Draft, q: Quotation) -> None:
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
        while (
            first < q.before
            and (self.doc[first].is_punct or self.doc[first].is_space)
            and first not in self.page.opening
        ):
            first += 1
        if any(i in self.cues and self.cues[i].kind != "noun" for i in range(first, q.before + 1)):
            return
        if self.doc[first].pos_ == "CCONJ":
            first += 1
        if first <= q.before and any(t.is_alpha for t in self.doc[first : q.before + 1]):
            draft.start, draft.end, draft.kind = self.page.starts[first], q.marked.end, "mixed"

    def _continues(self, q: Quotation, following: Quotation, cue: Cue | None, region_end: int) -> bool:
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

    def _region_after(self, q: Quotation, following: Quotation | None) -> tuple[int, int]:
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

    def _tag(self, q: Quotation, following: Quotation | None) -> _Found | None:
        """The cue behind a quotation: "…," he said."""
        start, end = self._region_after(q, following)
        strong = self.text[q.marked.inner_end - 1] == "," or (start < end and self.doc[start].text == ",")
        stopped = self.text[q.marked.inner_end - 1] in ".?!…—-"
        dashed = _DASH.match(self.text, q.marked.end) is not None
        while start < end and (self.doc[start].text in (",", "-", "--", "—", "–", "―") or self.doc[start].is_space):
            start += 1
        if dashed and start < end and (signed := self._signature(start)) is not None:
            return None, signed, None
        if start >= end or not (strong or stopped or self.page.opens_sentence(q)):
            return None
        if not strong and self.text[q.marked.inner_end - 1] == "." and not self.page.opens_sentence(q):
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
                    return cue, self.page.speaker(cue), end
                continue
            if token.tag_ == "VBG" and (i == start or self.doc[i - 1].pos_ == "ADV"):
                return None
            if cue is not None and cue.kind == "verb" and (cue.frames & SPEECH) and token.tag_ not in ("VB",):
                if not strong and self._leads_on(i, end):
                    return None
                if not self._beside(cue, start) or (
                    self._reports_more(i, end) and not (self.page.sentence_like(q) and self.page.opens_sentence(q))
                ):
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
                if strong and token.pos_ == "VERB" and i - start <= 12 and self.page.sentence_like(q):
                    unknown = Cue(token, frozenset({"quotation"}), i, i)
                    speaker = self._speaker_in(unknown, start, end)
                    return (unknown, speaker, end) if speaker is not None else None
                return None
        return self._misread(q, start, end) if strong else None

    def _misread(self, q: Quotation, start: int, end: int) -> _Found | None:
        """A name and a verb that the parse takes for a noun: "…," Jane Roe shares."""
        if not (start + 1 < end <= start + 6 and self.doc[end - 1].tag_ == "NNS" and self.page.sentence_like(q)):
            return None
        actor = self.page.coreference.actors.at(self.doc[end - 2])
        if actor is None or actor.kind != "person":
            return None
        name = self.doc[start : end - 1]
        cue = Cue(self.doc[end - 1], frozenset({"quotation"}), end - 1, end - 1)
        return cue, Speaker(name.start_char, name.end_char, actor), end

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
        actor = next((a for t in names if (a := self.page.coreference.actors.at(t)) is not None), None)
        return Speaker(self.page.starts[start], self.page.starts[end - 1] + len(self.doc[end - 1]), actor)

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
        return any(
            c.dep_ == "ccomp" and c.i > i and not self.page.quoted[c.i] and (finite(c) or c.n_lefts)
            for c in self.doc[i].children
        )

    def _leads_on(self, i: int, end: int) -> bool:
        """Does the cue report something behind it rather than the quotation before it?"""
        if end < len(self.doc) and end in self.page.opening and self.doc[end - 1].text in (",", ":"):
            return True
        if end in self.page.opening and end - i <= 2 and self.doc[i - 1].text not in ("”", '"', "''"):
            return True
        return self._reports_more(i, end)

    def _intro(self, q: Quotation) -> _Found | None:
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
            if self.page.quoted[first]:
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
            if cue is not None and (cue.kind != "verb" or cue.frames & SPEECH):
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
                speaker = speaker or self.page.speaker(best)
                return best, speaker, None
        if best is None:
            return None
        if lead == ":" or colon_before_break:
            return best, self.page.speaker(best), None
        if not whole or best.token.i in self.used:
            return None
        if self._coordinated(q):
            return None
        gap = self.doc[best.last + 1 : start + 1]
        if any(t.lower_ == "that" and t.dep_ == "mark" and start - t.i > 1 for t in gap):
            return None
        if lead in (",", "that") or not len(gap):
            return best, self.page.speaker(best), None
        if len(gap) <= 8 and self.page.sentence_like(q) and self._addressee(gap):
            return best, self.page.speaker(best), None
        return None

    def _coordinated(self, q: Quotation) -> bool:
        """Does the reported clause go on behind the marks (that “it was late” and that they had to go)?"""
        behind = self.doc[q.after : q.after + 2]
        return len(behind) == 2 and behind[0].dep_ == "cc" and behind[1].lower_ == "that"

    def _addressee(self, gap: Span) -> bool:
        """Do the words between cue and marks only say to whom, when and where ("told reporters in Paris “…”")?"""
        if gap[-1].dep_ in ("det", "poss", "case", "amod", "prep", "nsubj", "nsubjpass", "aux", "cc"):
            return False
        return not any(t.pos_ in ("VERB", "AUX", "PART", "SCONJ") or t.dep_ in ("nsubj", "nsubjpass") for t in gap)

    def _colon(self, q: Quotation, first: int, start: int) -> _Found | None:
        """X opposed the plan: "…"."""
        if not self.page.sentence_like(q):
            return None
        if start - first <= 8 and not any(t.pos_ in ("VERB", "AUX") for t in self.doc[first : start + 1]):
            names = [t for t in self.doc[first:start] if t.pos_ in ("PROPN", "PRON", "NOUN")]
            return (None, speaker_at(names[-1], self.page.coreference), None) if names else None
        root = self.doc[start].sent.root
        if self.page.quoted[root.i] or root.i < first or root.i > start:
            return None
        if root.pos_ in ("VERB", "AUX"):
            speaker = self._speaker_in(Cue(root, frozenset(), root.i, root.i), first, start)
            return (None, None if root.lemma_ == "be" else speaker, None)
        return None

    def _whole(self, q: Quotation) -> bool:
        """Are the words in marks all that is reported, so that nothing goes on behind them?"""
        if self.text[q.marked.inner_end - 1] in ",.?!…—":
            return True
        if q.after >= len(self.doc):
            return True
        after = self.doc[q.after]
        return after.is_punct or after.is_space or (after.pos_ == "CCONJ" and self.page.sentence_like(q))

    def _without_cue(self, q: Quotation, previous: tuple[Quotation, Draft] | None) -> Draft | None:
        """A quotation that follows another with no cue of its own."""
        if not self.page.opens_sentence(q) or self.page.heading(q):
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
        draft = Draft(marked.inner_start, self.page.content_end(marked), "direct", None, None)
        if previous is None or self.page.paragraph(marked.start) != self.page.paragraph(previous[1].start):
            draft.speaker = self._from_before(q)
            if draft.speaker is not None:
                return draft
        if previous is None:
            return draft if self.page.sentence_like(q) else None
        last, before = previous
        if last.marked.runs_on and self.page.paragraph(marked.start) == self.page.paragraph(last.marked.start) + 1:
            draft.speaker = before.speaker
            return draft
        if not self.page.sentence_like(q) and self.page.paragraph(marked.start) != self.page.paragraph(before.start):
            return None
        if self.page.paragraph(marked.start) - self.page.paragraph(before.start) <= 1:
            draft.speaker = before.speaker
        return draft

    def _from_before(self, q: Quotation) -> Speaker | None:
        """The person that the sentence before, in the same paragraph, is about."""
        if q.before < 0 or self.doc[q.before].is_space or self.page.quoted[q.before]:
            return None
        root = self.doc[q.before].sent.root
        subject = next((c for c in root.children if c.dep_ == "nsubj"), None)
        if subject is None or self.page.quoted[root.i]:
            return None
        speaker = speaker_at(subject, self.page.coreference)
        return speaker if speaker.actor is not None and speaker.actor.kind == "person" else None

    def _speaker_in(self, cue: Cue, start: int, end: int) -> Speaker | None:
        """The speaker that stands in a stretch of tokens beside the cue: by the parse, else by position."""
        speaker = self.page.speaker(cue)
        if speaker is not None and end > start:
            low, high = self.doc[start].idx, self.doc[end - 1].idx + len(self.doc[end - 1])
            if low <= speaker.start and speaker.end <= high:
                return speaker
        place = cue.token.i
        nominal = ("NOUN", "PROPN", "PRON")
        order = [*range(start, place), *range(cue.last + 1, min(end, cue.last + 6))]
        for i in order:
            token = self.doc[i]
            if token.pos_ in nominal and token.lower_ not in lexicon().days:
                head = token
                while head.dep_ in ("compound", "poss", "nmod", "amod") and head.i < head.head.i < (
                    place if i < place else end
                ):
                    head = head.head
                return speaker_at(head, self.page.coreference)
        return speaker
