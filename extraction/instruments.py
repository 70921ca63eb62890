"""Instrument phrases: where a text names a treaty, a memorandum, a truce …, and how far the name reaches.

What belongs here: head words, title boundaries, the instrument code, how the phrase is determined.  The words are data
(``lexicon/instruments.yml``).
What does not: who is party (``agreement_parties``), what became of it (``agreement_status``), which phrases name the
same instrument (``agreements``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from spacy.tokens import Doc, Token

from extraction.instrument_titles import QUOTES, SKIPPED, is_year, left_end, right_end, vocabulary

_DEFINITE = frozenset({"the", "this", "that", "these", "those", "its", "their", "our", "his", "her", "such"})


@dataclass(frozen=True)
class Phrase:
    """A noun phrase that may name an instrument.

    ``start``/``end``: token indexes of the title, half open; ``head``: its noun; ``tail``: the token index where the
    words after the head sequence begin.  ``determiner`` is lower case, empty when there is none.
    """

    head: Token
    start: int
    end: int
    tail: int
    code: str
    word: str
    determiner: str = ""
    quantity: str = ""

    @property
    def doc(self) -> Doc:
        """The document of the phrase."""
        return self.head.doc

    @cached_property
    def plural(self) -> bool:
        """Whether several instruments are meant."""
        if self.quantity or "/" in self.doc[self.start : self.tail].text:
            return True
        return (self.head.tag_ in ("NNS", "NNPS") or self.head.lower_ == "memoranda") and not self.proper

    @cached_property
    def proper(self) -> bool:
        """Whether the phrase is a capitalised name of two words or more, or a known short name."""
        if self.word == "":
            return True
        if "/" in self.doc[self.start : self.tail].text:
            return False  # "MoUs/Agreements"
        named = self.head.text[:1].isupper() and not _shouted(self.head)
        before = self.doc[self.start : self.tail - 1]  # "1976 Oslo Agreement", "new Fisheries Treaty"
        if named and any(t.text[:1].isupper() for t in before):
            return True
        if (
            named
            and self.doc[self.tail : self.tail + 1].text == "of"
            and self.doc[self.tail + 1 : self.end].text[:1].isupper()
        ):
            return True  # "the Treaty of Lausanne"
        after = self.doc[self.tail + 1 : self.end]
        return named and any(t.text[:1].isupper() for t in after if t.ent_type_ not in ("GPE", "NORP"))

    @cached_property
    def modifiers(self) -> list[Token]:
        """The words before the head, determiners and quantities left out."""
        return [t for t in self.doc[self.start : self.head.i] if t.pos_ not in ("PUNCT", "DET")]

    @property
    def definite(self) -> bool:
        """Whether the article or pronoun before it presumes that the reader knows it."""
        return self.determiner in _DEFINITE

    @property
    def denied(self) -> bool:
        """Whether the phrase says that there is none ("no deal", "without an agreement")."""
        return self.determiner in ("no", "any", "neither", "either", "every", "each", "whatever", "all", "most")


def _shouted(token: Token) -> bool:
    """Whether the token stands in a line of capitals, where a capital letter says nothing."""
    return token.text.isupper() and len(token.text) > 4


@lru_cache(maxsize=1)
def _names() -> re.Pattern[str]:
    names = sorted(vocabulary()["names"], key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")


@lru_cache(maxsize=1)
def _sequences() -> dict[str, list[tuple[list[str], str]]]:
    """The fixed phrases by their first word, the longest first."""
    found: dict[str, list[tuple[list[str], str]]] = {}
    for phrase in sorted(vocabulary()["phrases"], key=lambda p: -len(p["words"])):
        found.setdefault(phrase["words"][0], []).append((phrase["words"], phrase["code"]))
    return found


def find_phrases(doc: Doc) -> list[Phrase]:
    """All phrases of a document that may name an instrument, in order, none inside another's title."""
    found: list[Phrase] = []
    named = {}
    for match in _names().finditer(doc.text):
        span = doc.char_span(match.start(), match.end())
        if span is not None:
            named[span.start] = (span.end, vocabulary()["names"][match.group()])
    i = 0
    while i < len(doc):
        phrase = _named(doc, i, named) or _headed(doc, i)
        if phrase is None:
            i += 1
            continue
        found.append(phrase)
        i = max(i + 1, phrase.tail if phrase.plural else phrase.end)
    return found


def _named(doc: Doc, i: int, named: dict[int, tuple[int, str]]) -> Phrase | None:
    if i not in named:
        return None
    end, code = named[i]
    head = doc[i:end].root
    start = i
    if end < len(doc) and doc[end].lower_ in vocabulary()["heads"]:  # "NAFTA agreement", "the JCPOA deal"
        end += 1
    return Phrase(head, start, end, end, code, "", _determiner(doc, start))


def _headed(doc: Doc, i: int) -> Phrase | None:
    token = doc[i]
    sequence = _sequence(doc, i)
    if sequence is not None:
        length, code = sequence
        words = [t.lower_ for t in doc[i : i + length]]
        noun = doc[i] if "of" in words or words[0] == "cease" else doc[i + length - 1]
        first, tail, word = i, i + length, noun.lemma_.lower()
    else:
        if token.pos_ not in ("NOUN", "PROPN", "X") and not (token.pos_ == "ADJ" and token.lower_ in ("mou", "accord")):
            return None
        parts = [p for p in re.split(r"[/]", token.lower_) if p]
        codes = {c for p in parts if (c := _code(p)) is not None}
        if not codes or (len(parts) > 1 and len(codes) < len(set(parts)) - 1):
            return None
        noun, first, tail = token, i, i + 1
        word = token.lemma_.lower() if len(parts) == 1 else parts[0]
        code = codes.pop() if len(codes) == 1 else "other"
        while tail + 1 < len(doc) and doc[tail].text == "/" and _code(doc[tail + 1].lower_):
            code = code if _code(doc[tail + 1].lower_) == code else "other"
            tail += 2
            noun = doc[first:tail].root
        if noun.dep_ == "compound" and noun.head.i > noun.i and not _compounds(noun):
            return None
    start = left_end(doc, noun, first)
    start, determiner, quantity = _determined(doc, start, noun)
    end = right_end(doc, noun, tail, code, determiner in _DEFINITE)
    title = doc[start:end].text.lower()
    if code == "agreement" and any(_code(t.lower_) == "ceasefire" for t in doc[start:first]):
        code = "ceasefire"  # "truce deal", "ceasefire agreement"
    if quantity and end == tail and tail + 1 < len(doc) and doc[tail].lower_ == "and":
        second = _headed(doc, tail + 1)  # "15 agreements and memorandums of understanding"
        if second is not None and second.start == tail + 1 and second.head.tag_ in ("NNS", "NNPS"):
            end, tail, code = second.end, second.tail, code if second.code == code else "other"
    return Phrase(noun, start, end, tail, vocabulary()["known"].get(title, code), word, determiner, quantity)


def _code(word: str) -> str | None:
    heads: dict[str, str] = vocabulary()["heads"]
    if word in heads:
        return heads[word]
    for plural, single in (("ies", "y"), ("s", "")):
        if word.endswith(plural) and (stem := word[: -len(plural)] + single) in heads:
            return heads[stem]
    return None


def _compounds(noun: Token) -> bool:
    """Whether a head word that stands before another noun still names the instrument ("agreement text")."""
    return noun.head.lower_ in ("text", "negotiations", "talks", "signing", "ceremony", "extension", "renewal")


def _sequence(doc: Doc, i: int) -> tuple[int, str] | None:
    for words, code in _sequences().get(doc[i].lower_, ()):
        taken = [t.lower_ for t in doc[i : i + len(words)]]
        if taken == words or (taken[:-1] == words[:-1] and taken[-1:] == [words[-1] + "s"]):
            return len(words), code
    return None


def _determiner(doc: Doc, start: int) -> str:
    while start > 1 and doc[start - 1].lower_ in SKIPPED:
        start -= 1
    if start == 0:
        return ""
    before = doc[start - 1]
    if before.text in QUOTES and start > 1:
        before = doc[start - 2]
    if before.tag_ == "POS":
        return "its"
    return before.lower_ if before.tag_ in ("DT", "PRP$", "PDT", "WP$") else ""


def _determined(doc: Doc, start: int, noun: Token) -> tuple[int, str, str]:
    """Start of the title with its quantity, determiner, and quantity ("a number of", "several", "74")."""
    w = vocabulary()
    determiner = _determiner(doc, start)
    if noun.tag_ not in ("NNS", "NNPS") and "/" not in noun.text and not _plural_name(noun):
        return start, determiner, ""
    if start >= 2 and doc[start - 1].lower_ == "of" and doc[start - 2].lower_ in w["quantities"]:
        first = start - 2
        while first > 0 and doc[first - 1].pos_ in ("ADJ", "DET", "NUM") and not doc[first - 1].is_sent_end:
            first -= 1
        return first, "", doc[start - 2].lower_
    if start >= 1 and doc[start - 1].lower_ in w["counts"]:
        return start - 1, "", doc[start - 1].lower_
    counted = doc[start]
    if counted.i < noun.i and ((counted.like_num and not is_year(counted)) or counted.lower_ in w["counts"]):
        return start, determiner, counted.lower_
    return start, determiner, ""


def _plural_name(noun: Token) -> bool:
    return noun.lower_ not in vocabulary()["heads"] and noun.lower_.endswith("s") and _code(noun.lower_) is not None


def titles(phrase: Phrase) -> Iterator[tuple[int, int]]:
    """The titles of a phrase: one, or one a year in "the 1952 and 1954 treaties"."""
    years = [t for t in phrase.doc[phrase.start : phrase.head.i] if is_year(t)]
    if len(years) > 1 and phrase.plural:
        for year in years:
            yield year.i, phrase.end
        return
    yield phrase.start, phrase.end
