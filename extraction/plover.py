"""PLOVER 2021: event types, their modes, quad classes and conflict-cooperation scores.

What belongs here: reading the codebook's facts (``lexicon/plover.yml``) and answering questions about them.
What does not: which words report which type (``frames``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import yaml

_LEXICON = Path(__file__).parent / "lexicon" / "plover.yml"


@dataclass(frozen=True, slots=True)
class EventType:
    """One type of the codebook; ``score`` and the modes' scores lie between -10 (conflict) and +10 (cooperation)."""

    name: str
    quad_class: int
    score: float
    modes: Mapping[str, float]


def _read(path: Path) -> Mapping[str, EventType]:
    table = yaml.safe_load(path.read_text(encoding="utf-8"))["types"]
    return MappingProxyType(
        {
            name: EventType(name, int(row["quad"]), float(row["score"]), MappingProxyType(dict(row["modes"])))
            for name, row in table.items()
        }
    )


CODEBOOK: Mapping[str, EventType] = _read(_LEXICON)
"""Every type by its name."""

TYPES: tuple[str, ...] = tuple(CODEBOOK)
"""The names of the sixteen types, from cooperation to conflict."""


def modes(event_type: str) -> frozenset[str]:
    """The modes a type may have; an unknown type raises KeyError."""
    return frozenset(CODEBOOK[event_type].modes)


def quad_class(event_type: str) -> int:
    """1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict; unknown: KeyError."""
    return CODEBOOK[event_type].quad_class


def intensity(event_type: str, mode: str | None = None) -> float:
    """The score of a type's mode, or of the type itself without one; an unknown type or mode raises KeyError."""
    entry = CODEBOOK[event_type]
    return entry.score if mode is None else entry.modes[mode]
