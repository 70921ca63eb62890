"""What the archive records: captures and failures, as JSON and back.

What belongs here: the records themselves.  What does not: where they are kept (warc, days).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from sources.catalog import Kind
from sources.log import Reason


class Role(StrEnum):
    """What a capture is to its source."""

    DOCUMENT = "document"  # a file: an article (folder) or many (jsonl)
    FEED = "feed"
    SITEMAP = "sitemap"
    LISTING = "listing"  # a page with links to articles
    PAGE = "page"  # an article's page


class Basis(StrEnum):
    """Why the archive holds that these bytes stood at the address on the day."""

    FETCHED = "fetched"  # they came
    NOT_MODIFIED = "not_modified"  # the server said that those of an earlier day still stand
    KEPT = "kept"  # known from an earlier day and not asked for again


class Place(NamedTuple):
    """Where a record lies: a file (relative to the archive, with slashes), first byte and number of bytes."""

    file: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Origin:
    """The source as it was at the time of the capture, so that a day replays without the catalogue."""

    source_id: str
    kind: Kind
    outlet: str | None = None
    language: str | None = None
    link_pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Capture:
    """Bytes that stood at an address: where, when, and under which hash they are kept.  `fetched_at` is naive UTC.

    `place` is the record that holds the bytes, which may be an earlier one; None for those that an older version kept
    in a file of their own.  `etag` and `last_modified` are for the next conditional request.
    """

    day: dt.date
    origin: Origin
    role: Role
    url: str
    sha256: str
    bytes: int
    fetched_at: dt.datetime
    content_type: str | None = None
    final_url: str | None = None
    parent_url: str | None = None
    http_status: int | None = None
    seconds: float | None = None
    etag: str | None = None
    last_modified: str | None = None
    basis: Basis = Basis.FETCHED
    place: Place | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What is the same for every capture of one address in one role by one source."""
        return self.origin.source_id, self.role, self.url

    @property
    def stored_on(self) -> dt.date:
        """The day on which the bytes came, which is earlier than `day` when they only stand."""
        return dt.date.fromisoformat(self.place.file.split("/")[1]) if self.place is not None else self.day


@dataclass(frozen=True, slots=True)
class Failure:
    """Bytes that could not be got, and why.  Superseded by a capture of the same source and url on the same day."""

    day: dt.date
    origin: Origin
    url: str
    reason: Reason
    detail: str | None
    failed_at: dt.datetime
    parent_url: str | None = None
    http_status: int | None = None
    seconds: float | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What is the same for every failure that tells the same."""
        return self.origin, self.url, self.parent_url


Record = Capture | Failure


def latest(captures: Iterable[Capture]) -> list[Capture]:
    """The newest capture of each (source, role, url), in the order in which these first came.

    What came from a web archive may stand in it in any order, and goes by the time at which it was fetched.
    """
    newest: dict[tuple[str, str, str], Capture] = {}
    for capture in captures:
        known = newest.get(capture.key)
        if known is None or capture.origin.kind is not Kind.WARC or capture.fetched_at >= known.fetched_at:
            newest[capture.key] = capture
    return list(newest.values())


def to_json(record: Record) -> dict[str, Any]:
    """The record as a JSON object; what is None is left out."""
    out: dict[str, Any] = {"record": type(record).__name__.casefold()}
    for name in _names(record):
        value = getattr(record, name)
        if isinstance(value, Origin):
            out[name] = {key: item for key in _names(value) if (item := getattr(value, key)) is not None}
        elif value is not None:
            out[name] = value.isoformat() if isinstance(value, dt.date) else value
    return out


def _names(record: Record | Origin) -> tuple[str, ...]:
    return tuple(type(record).__dataclass_fields__)


def from_json(data: dict[str, Any]) -> Record:
    """A record back from its object; an unknown, missing or malformed field is a ValueError, KeyError or TypeError."""
    data = dict(data)
    record = data.pop("record")
    data["day"] = dt.date.fromisoformat(data["day"])
    origin = data["origin"]
    data["origin"] = Origin(**{**origin, "kind": Kind(origin["kind"])})
    if record == "capture":
        data["role"] = Role(data["role"])
        data["fetched_at"] = dt.datetime.fromisoformat(data["fetched_at"])
        data["basis"] = Basis(data.get("basis", Basis.FETCHED))
        if data.get("place") is not None:
            data["place"] = place_from_json(data["place"])
        return Capture(**data)
    if record == "failure":
        data["reason"] = Reason(data["reason"])
        data["detail"] = data.get("detail")
        data["failed_at"] = dt.datetime.fromisoformat(data["failed_at"])
        return Failure(**data)
    raise ValueError(f"unknown record {record!r}")


def place_from_json(value: Any) -> Place:
    """A place back from its list; anything else is a ValueError or TypeError."""
    file, offset, length = value
    if not (isinstance(file, str) and isinstance(offset, int) and isinstance(length, int)):
        raise TypeError("a place is a file and two numbers")
    return Place(file, offset, length)
