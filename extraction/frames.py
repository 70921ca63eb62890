"""Trigger frames: which word in which company reports which PLOVER act.

What belongs here: loading ``lexicon/triggers_*.yml`` and the word classes into typed, indexed frames, and refusing a
frame that is not understood.
What does not: looking at texts (``triggers``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from extraction import plover
from extraction.gazetteer import lexicon

FILES = ("triggers_cooperation", "triggers_conflict")
# Words that name a kind of thing rather than themselves; ``grammar.phrase_words`` puts them into a phrase's words.
MARKS = frozenset({"PERSON", "STATE", "NAME", "any", "number"})

Part = Literal["verbs", "nouns", "adjectives", "negated"]
_PARTS: tuple[Part, ...] = ("verbs", "nouns", "adjectives", "negated")
_KEYS = frozenset({
    *_PARTS, "type", "mode", "example", "absorbs", "object", "not_object", "subject", "not_subject", "prep", "clause",
    "passive", "subject_political", "needs_word", "needs_not_word", "predicate", "predicate_words", "joint", "strict",
    "needs", "not_modifier", "complement_types", "not_prep_object", "intransitive",
})  # fmt: skip


class FrameError(ValueError):
    """A frame in the lexicon that cannot be understood; the message names the file and the frame."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame.  Empty sets ask for nothing; ``words`` are (lemma, particle or modifier or None)."""

    type: str
    mode: str | None
    part: Part
    words: tuple[tuple[str, str | None], ...]
    absorbs: bool = False
    object: frozenset[str] = frozenset()
    not_object: frozenset[str] = frozenset()
    subject: frozenset[str] = frozenset()
    not_subject: frozenset[str] = frozenset()
    prep: Mapping[str, frozenset[str]] = field(default_factory=dict)
    not_prep_object: frozenset[str] = frozenset()
    clause: frozenset[str] = frozenset()
    passive: bool | None = None
    subject_political: bool = False
    intransitive: bool = False
    needs_word: frozenset[str] = frozenset()
    needs_not_word: frozenset[str] = frozenset()
    predicate: bool | None = None
    predicate_words: frozenset[str] = frozenset()
    joint: bool | None = None
    strict: bool = False
    needs: str | None = None
    not_modifier: frozenset[str] = frozenset()
    complement_types: frozenset[str] = frozenset()

    @property
    def weight(self) -> int:
        """How much company the frame asks for: the more, the surer it is."""
        asked = (self.object - {"any"}, self.subject, self.prep, self.clause, self.needs_word, self.predicate_words)
        return (
            2 * sum(bool(x) for x in asked)
            + ("any" in self.object)
            + (self.joint is not None)
            + 2 * bool(self.complement_types)
        )


@cache
def word_class(name: str) -> frozenset[str]:
    """The lemmas of a class; KeyError when there is none."""
    return frozenset(str(w) for w in lexicon("trigger_classes")["classes"][name])


def _expand(words: Iterable[str] | str) -> frozenset[str]:
    found: set[str] = set()
    for word in [words] if isinstance(words, str) else words:
        word = str(word)
        found |= word_class(word) if word.isupper() and len(word) > 1 and word not in MARKS else {word}
    return frozenset(found)


def _words(part: Part, entries: Iterable[str]) -> tuple[tuple[str, str | None], ...]:
    found: list[tuple[str, str | None]] = []
    for entry in entries:
        if part == "nouns":
            modifier, _, head = entry.rpartition(" ")
            found.append((head, modifier or None))
        else:
            head, _, particle = entry.partition(" ")
            found.append((head, particle or None))
    return tuple(found)


def _frame(row: Mapping[str, Any], where: str) -> Frame:
    unknown = set(row) - _KEYS
    parts = [p for p in _PARTS if p in row]
    if unknown or len(parts) != 1:
        raise FrameError(f"{where}: unknown keys {sorted(unknown)}, word lists {parts}: {row}")
    if row["type"] not in plover.TYPES or not row.get("example"):
        raise FrameError(f"{where}: no type or no example: {row}")
    mode = row.get("mode")
    if mode is not None and mode not in plover.modes(row["type"]):
        raise FrameError(f"{where}: {row['type']} has no mode {mode}")
    try:
        sets = {
            k: _expand(row[k])
            for k in ("object", "not_object", "subject", "not_subject", "not_prep_object", "clause", "needs_word",
                      "needs_not_word", "predicate_words", "not_modifier")
            if k in row
        }  # fmt: skip
        prep = {word: _expand(objects) for word, objects in row.get("prep", {}).items()}
    except KeyError as missing:
        raise FrameError(f"{where}: no word class {missing}: {row}") from None
    return Frame(
        type=row["type"],
        mode=mode,
        part=parts[0],
        words=_words(parts[0], row[parts[0]]),
        absorbs=bool(row.get("absorbs", False)),
        prep=prep,
        passive=row.get("passive"),
        subject_political=bool(row.get("subject_political", False)),
        intransitive=bool(row.get("intransitive", False)),
        predicate=row.get("predicate"),
        joint=row.get("joint"),
        strict=bool(row.get("strict", False)),
        needs=row.get("needs"),
        complement_types=frozenset(row.get("complement_types", ())),
        **sets,
    )


def read(rows: Iterable[Mapping[str, Any]], where: str) -> list[Frame]:
    """Typed frames from the lexicon's rows; raises FrameError for one that is not understood."""
    return [_frame(row, where) for row in rows]


@cache
def all_frames() -> tuple[Frame, ...]:
    """Every frame of the lexicon, in the files' order."""
    return tuple(f for name in FILES for f in read(lexicon(name)["frames"], name))


@cache
def index(part: Part) -> Mapping[str, tuple[tuple[Frame, str | None], ...]]:
    """Frames of a word class by lemma, each with the particle or modifier that the word needs; the surest first."""
    found: dict[str, list[tuple[Frame, str | None]]] = {}
    for frame in all_frames():
        if frame.part == part:
            for lemma, extra in frame.words:
                found.setdefault(lemma, []).append((frame, extra))
    return {k: tuple(sorted(v, key=lambda x: -x[0].weight - 2 * bool(x[1]))) for k, v in found.items()}
