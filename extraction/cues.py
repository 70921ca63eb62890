"""Cues of saying: the words of a document that report a statement.

What belongs here: reading ``lexicon/saying.yml`` and finding the verbs, nouns and prepositions that can report.
What does not: what they report (``indirect``, ``quotes``) and who speaks (``speakers``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

import yaml
from spacy.tokens import Doc, Token

Frame = Literal["clause", "that", "hearer", "question", "quotation", "label", "document"]
FRAMES: tuple[Frame, ...] = ("clause", "that", "hearer", "question", "quotation", "label", "document")
FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
SPEECH = frozenset(FRAMES) - {"label"}


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The cues of saying: frames by verb, the particles that a verb needs, nouns, prepositions, kinds of text."""

    frames: dict[str, frozenset[Frame]]
    particles: dict[str, frozenset[str]]
    nouns: frozenset[str]
    documents: frozenset[str]
    governors: frozenset[str]
    prepositions: tuple[tuple[str, ...], ...]
    days: frozenset[str]
    periods: frozenset[str]
    media: frozenset[str]
    subordinators: frozenset[str]
    not_hearers: frozenset[str]
    elaborating: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue in a document.  ``token`` is its verb, noun or preposition; ``first``/``last`` bound what is written."""

    token: Token
    frames: frozenset[Frame]
    first: int
    last: int
    kind: Literal["verb", "noun", "preposition"] = "verb"

    @property
    def text(self) -> str:
        """The cue as written."""
        return self.token.doc[self.first : self.last + 1].text


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The cues of ``lexicon/saying.yml``.  Raises KeyError or ValueError when the file does not have its shape."""
    raw = yaml.safe_load(resources.files("extraction").joinpath("lexicon/saying.yml").read_text("utf-8"))
    unknown = set(raw["verbs"]) - set(FRAMES)
    if unknown:
        raise ValueError(f"saying.yml: unknown frames {sorted(unknown)}")
    frames: dict[str, set[Frame]] = {}
    for frame in FRAMES:
        for verb in raw["verbs"][frame]:
            frames.setdefault(verb, set()).add(frame)
    return Lexicon(
        {verb: frozenset(f) for verb, f in frames.items()},
        {verb: frozenset(words) for verb, words in raw["particles"].items()},
        frozenset(raw["nouns"]),
        frozenset(raw["documents"]),
        frozenset(raw["governors"]),
        tuple(tuple(p.split()) for p in raw["prepositions"]),
        *(frozenset(raw[key]) for key in ("days", "periods", "media", "subordinators", "not_hearers", "elaborating")),
    )


def find_cues(doc: Doc) -> list[Cue]:
    """All words of a document that can report a statement, in order."""
    return [cue for token in doc if (cue := cue_at(token)) is not None]


def cue_at(token: Token) -> Cue | None:
    """The cue whose head is this token, or None."""
    words = lexicon()
    lemma = token.lemma_.lower()
    preposition = _preposition_cue(token, words)
    if preposition is not None:
        return preposition
    if token.pos_ in ("VERB", "AUX") or (token.tag_ in ("NNS", "NN") and _verb_like(token)):
        return _verb_cue(token, lemma, words)
    if token.pos_ == "NOUN" and lemma in words.nouns:
        return Cue(token, frozenset(), token.i, token.i, "noun")
    return None


def _verb_like(token: Token) -> bool:
    """Is a word tagged as a noun really a verb ("the agency reports the deal is off")?"""
    return token.lemma_.lower() in lexicon().frames and any(c.dep_ in ("nsubj", "ccomp") for c in token.children)


def _verb_cue(token: Token, lemma: str, words: Lexicon) -> Cue | None:
    frames = words.frames.get(lemma, frozenset())
    last = token.i
    wanted = words.particles.get(lemma)
    if wanted:
        following = _following(token)
        if following is not None:
            frames |= {"clause"}
            last = following.i
        elif not frames:
            return None
    if not frames:
        return None
    return Cue(token, frames, token.i, last)


def _following(token: Token) -> Token | None:
    """The particle that makes a verb a cue ("pointed out", "made it clear"), near behind it."""
    words = lexicon()
    wanted = words.particles[token.lemma_.lower()]
    for offset in range(1, 6):
        if token.i + offset >= len(token.doc):
            break
        other = token.doc[token.i + offset]
        if other.lower_ in wanted:
            return other
        if other.is_punct:
            break
    return None


def _preposition_cue(token: Token, words: Lexicon) -> Cue | None:
    for phrase in words.prepositions:
        if token.lower_ == phrase[0]:
            span = token.doc[token.i : token.i + len(phrase)]
            if tuple(t.lower_ for t in span) == phrase:
                return Cue(span[-1], frozenset(), span[0].i, span[-1].i, "preposition")
    return None


def is_negated(token: Token) -> bool:
    """Does the verb say that nothing was said ("did not say", "declined to say", "never said")?"""
    return any(c.dep_ == "neg" or c.lower_ in ("never", "n't", "n’t") for c in token.children)


def finite(token: Token) -> bool:
    """Is the verb finite, by itself or through an auxiliary?"""
    if token.tag_ in FINITE:
        return True
    return any(c.dep_ in ("aux", "auxpass", "cop") and c.tag_ in FINITE for c in token.children)


def auxiliaries(token: Token) -> Iterator[Token]:
    """The auxiliaries of a verb."""
    return (c for c in token.children if c.dep_ in ("aux", "auxpass"))
