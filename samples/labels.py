"""The labelled articles as typed records.

What belongs here: reading ``labels.jsonl`` strictly.  What does not: comparing labels with a database (``scoring``).

A label is one JSON object a line.  Offsets are half-open and point into its own ``text``; keys of participants hold
inside one article only.  A speaker is such a key or ``unnamed:`` and the source as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from warehouse import codes
from warehouse.codes import CodeList

LABELS: Final = Path(__file__).with_name("labels.jsonl")
UNNAMED: Final = "unnamed:"

Country = Annotated[str, Field(pattern="^[A-Z]{3}$")]
PartialDate = Annotated[str, Field(pattern=r"^\d{4}(-\d\d(-\d\d)?)?$")]
"""A day, a month or a year: ``2026-03-05``, ``2026-03``, ``2026``."""


def _code(codes: CodeList) -> AfterValidator:
    def check(value: str) -> str:
        if value not in codes.codes:
            raise ValueError(f"one of {', '.join(codes.codes)}")
        return value

    return AfterValidator(check)


class LabelError(ValueError):
    """A label file that cannot be used: which line, and what is wrong with it."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Span(_Record):
    start: Annotated[int, Field(ge=0)]
    end: int

    @property
    def offsets(self) -> tuple[int, int]:
        return self.start, self.end


class Participant(_Record):
    """A named actor; ``mentions`` are its distinct written forms."""

    key: str
    name: str
    kind: Annotated[str, _code(codes.KIND)]
    role: str | None
    country: Country | None
    mentions: Annotated[tuple[str, ...], Field(min_length=1)]


class Event(_Span):
    """A political act; ``start`` and ``end`` are those of its ``trigger``."""

    key: str
    type: Annotated[str, _code(codes.EVENT_TYPE)]
    mode: Annotated[str, _code(codes.MODE)] | None
    status: Annotated[str, _code(codes.EVENT_STATUS)]
    trigger: str
    date: PartialDate | None
    place: str | None
    country: Country | None
    participants: tuple[str, ...]
    countries: tuple[Country, ...]


class Quote(_Span):
    """An attributed statement; ``continuation`` is the second half of one broken by its cue."""

    text: str
    kind: Annotated[str, _code(codes.QUOTE_KIND)]
    speaker: str
    cue: str | None
    continuation: Annotated[tuple[tuple[int, int], ...], Field(max_length=1)] = ()

    @property
    def unnamed(self) -> str | None:
        """The source as written, when it has no name."""
        return self.speaker.removeprefix(UNNAMED) if self.speaker.startswith(UNNAMED) else None


class Agreement(_Span):
    """An instrument; ``parties`` are ISO codes and keys of participants that are no states."""

    title: str
    instrument: Annotated[str, _code(codes.INSTRUMENT)]
    status: Annotated[str, _code(codes.AGREEMENT_STATUS)]
    parties: tuple[str, ...]
    signatories: tuple[str, ...]
    date: PartialDate | None


class Label(_Record):
    """What one article says, as a careful reader finds it."""

    id: str
    url: str
    outlet: str
    title: str
    published: date | None
    topic: Literal["diplomatic", "other"]
    text: Annotated[str, Field(min_length=1)]
    participants: tuple[Participant, ...]
    events: tuple[Event, ...]
    quotes: tuple[Quote, ...]
    agreements: tuple[Agreement, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Label:
        for mistake in self._mistakes():
            raise ValueError(mistake)
        return self

    def participant(self, key: str) -> Participant:
        """The participant of that key.  Raises KeyError."""
        for participant in self.participants:
            if participant.key == key:
                return participant
        raise KeyError(key)

    def _mistakes(self) -> Iterator[str]:
        spans: list[tuple[str, str, _Span]] = [("event", e.trigger, e) for e in self.events]
        spans += [("quote", q.text, q) for q in self.quotes]
        spans += [("agreement", a.title, a) for a in self.agreements]
        for table, text, span in spans:
            if self.text[span.start : span.end] != text:
                yield f"{table} {text!r} does not stand at {span.start}:{span.end}"
        for quote in self.quotes:
            for start, end in quote.continuation:
                if not quote.end <= start < end <= len(self.text):
                    yield f"quote {quote.text!r} goes on at {start}:{end}, which does not follow it"
            if quote.unnamed is not None and quote.unnamed not in self.text:
                yield f"the source {quote.unnamed!r} is not written in the text"
        for participant in self.participants:
            for mention in participant.mentions:
                if mention not in self.text:
                    yield f"{participant.key} is not written {mention!r} in the text"
        yield from self._loose_keys()
        if self.topic == "other" and (self.events or self.agreements):
            yield "a negative has no events and no agreements"

    def _loose_keys(self) -> Iterator[str]:
        keys = [p.key for p in self.participants]
        if len(keys) != len(set(keys)):
            yield "two participants have the same key"
        named = {key for e in self.events for key in e.participants} | {q.speaker for q in self.quotes if not q.unnamed}
        named |= {
            key for a in self.agreements for key in (*a.parties, *a.signatories) if not re.fullmatch("[A-Z]{3}", key)
        }
        for key in sorted(named - set(keys)):
            yield f"no participant has the key {key!r}"


def load_labels(path: Path = LABELS) -> tuple[Label, ...]:
    """The labels of a file, in its order.  Raises LabelError with the line that is wrong."""
    labels: list[Label] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            labels.append(Label.model_validate_json(line))
        except ValidationError as error:
            raise LabelError(f"{path.name}, line {number}: {error}") from error
    urls = [label.url for label in labels]
    if twice := sorted({url for url in urls if urls.count(url) > 1}):
        raise LabelError(f"{path.name}: labelled twice: {', '.join(twice)}")
    return tuple(labels)
