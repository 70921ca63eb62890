"""The quotes layer: attributed statements with content, speaker and cue.

What belongs here: direct quotes and reported clauses joined into one list, and their kind: direct, mixed, indirect.
What does not: how each is found (``direct``, ``indirect``), who a pronoun is (``coreference``), what the statement does
to others (``events``).
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise

from spacy.tokens import Token

from extraction.actors import Actors
from extraction.coreference import Coreference
from extraction.cues import Cue, is_negated
from extraction.direct import find_direct
from extraction.document import Document
from extraction.facts import Quote, QuoteKind
from extraction.indirect import asserted, clause_of
from extraction.page import Draft, Page
from extraction.transcripts import find_plain


def find_quotes(document: Document, actors: Actors, coreference: Coreference) -> list[Quote]:
    """Find the attributed statements of a document, in order.

    Every quote has a speaker's words or a cue; ``Quote.speaker`` stays None when it cannot be known who speaks.
    """
    page = Page(document, coreference)
    plain = find_plain(page)
    filled = _taken(page, plain)
    quoted = [d for d in find_direct(page) if not any(filled[d.start : d.end])]
    drafts = sorted([*plain, *quoted, *_reported(page, [*plain, *quoted])], key=lambda d: (d.start, d.end))
    for before, draft in pairwise(drafts):
        if draft.cue is None and draft.speaker is None and page.paragraph(draft.start) == page.paragraph(before.start):
            draft.speaker = before.speaker
    known = [d for d in drafts if d.cue is not None or d.speaker is not None]
    return [_record(f"q{n}", draft, page.text) for n, draft in enumerate(known, start=1)]


def _record(key: str, draft: Draft, text: str) -> Quote:
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
        cue_start=draft.cue.token.doc[draft.cue.first].idx if draft.cue is not None else None,
    )


def _taken(page: Page, drafts: list[Draft]) -> bytearray:
    """A one for every character of the drafts' contents."""
    taken = bytearray(len(page.text) + 1)
    for draft in drafts:
        for start, end in [(draft.start, draft.end), *([draft.continuation] if draft.continuation else [])]:
            taken[start:end] = b"\x01" * (end - start)
    return taken


def _reported(page: Page, others: list[Draft]) -> list[Draft]:
    """Reported clauses and judgements: the outermost where they overlap, and none over a direct quote."""
    taken = _taken(page, others)
    found: list[Draft] = []
    for place in page.cue_places:
        cue = page.cues[place]
        draft = _clause(page, cue) or _judgement(page, cue)
        if draft is not None:
            found.append(draft)
    kept: list[Draft] = []
    for draft in sorted(found, key=lambda d: d.start - d.end):
        if any(taken[draft.start : draft.end]) and not _shorten(page, draft, taken):
            continue
        taken[draft.start : draft.end] = b"\x01" * (draft.end - draft.start)
        kept.append(draft)
    return kept


def _shorten(page: Page, draft: Draft, taken: bytearray) -> bool:
    """End a reported clause before a quotation with a cue of its own ("said it was late, and added: “…”")."""
    if taken[draft.start] or draft.cue is None or draft.cue.token.idx > draft.start:
        return False
    index = bisect_left(page.starts, taken.index(1, draft.start)) - 1
    first = bisect_left(page.starts, draft.start)
    while index > first + 1:
        token = page.doc[index]
        if token.text in (",", ";") and page.doc[index + 1].pos_ in ("CCONJ", "SCONJ"):
            draft.end = page.starts[index]
            draft.continuation = None
            if draft.kind == "mixed" and not any(page.quoted[first:index]):
                draft.kind = "indirect"
            return True
        index -= 1
    return False


def _clause(page: Page, cue: Cue) -> Draft | None:
    clause = clause_of(cue)
    if clause is None:
        return None
    start, end, inside = page.extent(clause.first, clause.last)
    speaker = page.speaker(cue)
    if speaker is None and not (cue.token.tag_ == "VBN" and any(c.dep_ == "auxpass" for c in cue.token.children)):
        return None
    if clause.then is None and clause.first == clause.last and page.doc[clause.first].pos_ in ("PRON", "DET", "ADV"):
        return None
    kind: QuoteKind = "mixed" if inside else "indirect"
    if len(inside) == 1 and inside[0].marked.start <= start and inside[0].marked.end >= end:
        start, end, kind = inside[0].marked.inner_start, page.content_end(inside[0].marked), "direct"
    then = None
    if clause.then is not None:
        then_start, then_end, more = page.extent(*clause.then)
        then = (then_start, then_end)
        kind = "mixed" if more else kind
    if end <= start:
        return None
    return Draft(start, end, kind, speaker, cue, then)


def _judgement(page: Page, cue: Cue) -> Draft | None:
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
        c for c in verb.rights if c.dep_ in ("dobj", "oprd", "ccomp", "xcomp", "prep", "attr", "advcl", "dep", "acomp")
    ]
    holding = [c for c in parts if any(page.quoted[i] for i in range(c.left_edge.i, c.right_edge.i + 1))]
    if not holding or any(_leads(page, c) for c in holding):
        return None
    if not any(c.dep_ in ("dobj", "oprd", "ccomp") or c.lower_ == "as" for c in parts):
        return None
    if any(c.tag_ == "WP" and c.i < verb.i for c in verb.children) and max(c.n_rights + c.n_lefts for c in holding) < 4:
        return None  # "what he called a “rant”": a word held at arm's length
    last = max(c.right_edge.i for c in holding)
    first = min(c.left_edge.i for c in parts if c.dep_ in ("dobj", "oprd", "ccomp", "prep", "dep", "xcomp"))
    start, end, inside = page.extent(first, last)
    if not inside:
        return None
    alone = len(inside) == 1 and (inside[0].marked.end >= end - 1 or page.doc[inside[0].after].is_punct)
    if len(inside) == 1 and (_after_as(page, inside[0].before) or (alone and inside[0].marked.start <= start + 4)):
        start, end = inside[0].marked.inner_start, page.content_end(inside[0].marked)
    return Draft(start, end, "mixed", page.speaker(cue), cue)


def _after_as(page: Page, index: int) -> bool:
    """Do the marks open behind "as", "as a", "to a" …?"""
    words = [page.doc[i].lower_ for i in range(max(0, index - 1), index + 1)]
    return words[-1:] in (["as"], ["to"]) or (words[0] in ("as", "to") and words[-1] in ("a", "an", "the", "being"))


def _leads(page: Page, part: Token) -> bool:
    """Is it a participle or purpose clause with a cue of its own?"""
    return part.dep_ in ("advcl", "xcomp", "ccomp") and part.i in page.cues
