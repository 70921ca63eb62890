"""A document's tokens as plain arrays, for layers that walk over them.

What belongs here: what one token can be in a name by its own form and the model's tags.
What does not: spans and their meaning (``naming``).
"""

from __future__ import annotations

import re

from spacy.tokens import Doc

from extraction.wordlists import words

DASHES = frozenset("-–—‐‑")
POSSESSIVE = frozenset({"'s", "’s", "'", "’"})
_CAPITAL = re.compile(r"[A-ZÀ-ÖØ-ÞĀ-Ž]")
# Labels of the model that never name an actor; what it calls a date or a sum is one.
_QUANTITIES = frozenset({"DATE", "TIME", "MONEY", "PERCENT", "QUANTITY", "CARDINAL", "ORDINAL"})
# Words that are never part of a name though they often begin a sentence or a headline with a capital.
_CLOSED = frozenset(
    {"DET", "PRON", "ADP", "AUX", "CCONJ", "SCONJ", "PART", "INTJ", "PUNCT", "NUM", "SPACE", "X", "SYM"}
)
_CALENDAR = frozenset(
    {
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
    }
    | {
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
    }
    | {"jul", "aug", "sep", "sept", "oct", "nov", "dec", "gmt", "est", "edt", "am", "pm", "utc"}
)


class Tokens:
    """A document's tokens as plain arrays, and what each one can be in a name."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.text = [t.text for t in doc]
        self.low = [t.lower_ for t in doc]
        self.pos = [t.pos_ for t in doc]
        self.ent = [t.ent_type_ for t in doc]
        self.entity: list[tuple[int, int] | None] = [None] * len(doc)
        for e in doc.ents:
            self.entity[e.start : e.end] = [(e.start, e.end)] * (e.end - e.start)
        self.first = [False] * len(doc)
        self.sent = [0] * len(doc)
        for number, sentence in enumerate(doc.sents):
            begun = False
            for i in range(sentence.start, sentence.end):
                self.sent[i] = number
                if not begun and self.text[i][:1].isalnum():
                    self.first[i] = begun = True
        self.capital = [bool(_CAPITAL.match(x)) for x in self.text]
        self.headline = self._headlines()

    def __len__(self) -> int:
        return len(self.text)

    def _headlines(self) -> list[bool]:
        """Tokens of lines in which nearly every longer word has a capital: there capitals say nothing."""
        flags = [False] * len(self.text)
        begin = 0
        for i in range(len(self.text) + 1):
            if i == len(self.text) or "\n" in self.text[i]:
                longer = [j for j in range(begin, i) if len(self.text[j]) > 3 and self.text[j][0].isalpha()]
                capitals = sum(self.capital[j] for j in longer)
                share = 0.85 if i and self.text[i - 1] in {".", "”", '"'} else 0.7
                verbs = any(self.pos[j] in ("VERB", "AUX") and self.text[j].islower() for j in range(begin, i))
                if len(longer) >= 4 and capitals > share * len(longer) and not verbs:
                    flags[begin:i] = [True] * (i - begin)
                begin = i + 1
        return flags

    def glued(self, i: int) -> bool:
        """Whether token ``i`` is a dash or hyphen without space round it."""
        return (
            0 < i < len(self.text) - 1
            and self.text[i] in DASHES
            and not self.doc[i].whitespace_
            and not self.doc[i - 1].whitespace_
        )

    def span_text(self, start: int, end: int) -> str:
        """The text of tokens ``[start, end)``, verbatim."""
        return self.doc[start:end].text

    def namey(self, i: int) -> bool:
        """Whether a token can be a full part of a name."""
        if not self.capital[i] or (self.low[i] in _CALENDAR and self.ent[i] != "PERSON"):
            return False
        if self.ent[i] in _QUANTITIES:
            return False
        if ")" in self.text[i] or "(" in self.text[i]:
            return False
        if self.pos[i] == "PROPN":
            return True
        if self.ent[i]:
            return self.pos[i] not in _CLOSED or not self.first[i]
        return not self.first[i] and self.pos[i] not in _CLOSED and len(self.text[i]) > 1


def is_role(tokens: Tokens, i: int) -> bool:
    """Whether a token is the head of an office's name ("Minister", "spokeswomen")."""
    return tokens.low[i] in words().role_heads
