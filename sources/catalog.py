"""The source catalogue: ``sources.yml`` → typed, frozen `Source` records.

What belongs here: what an entry may say, and a readable complaint about everything it says wrongly.
What does not: reading a source (readers), or judging what it delivered.

    load_catalog(path) -> tuple[Source, ...]        raises CatalogError with every mistake in `.problems`
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import pycountry
import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from sources.urls import masked

SLUG: Final = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
MAX_ID: Final = 64


class Kind(StrEnum):
    """How a source is read; one reader each."""

    FOLDER = "folder"  # a folder of .txt and .html files
    JSONL = "jsonl"  # an article file, one JSON object a line
    WARC = "warc"  # a web archive that another tool has written
    FEED = "feed"  # RSS, Atom, RDF or JSON Feed
    SITEMAP = "sitemap"  # a (news) sitemap or an index of them
    LISTING = "listing"  # a page with links to articles

    @property
    def on_the_web(self) -> bool:
        """Whether such a source can have a url."""
        return self in (Kind.FEED, Kind.SITEMAP, Kind.LISTING)


class Source(BaseModel):
    """One entry of the catalogue.  Exactly one of `url` and `path` is set; `path` is absolute once loaded.

    `link_pattern` is a regular expression that the address of a page must match somewhere; a listing needs one.
    `newer_than_days` bounds the age of what a sitemap lists, `max_pages` what is fetched of a source in one run;
    `delay` is the least number of seconds between two requests to a host; `allow_private` permits addresses of private
    networks and of this machine.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(strict=True)]
    kind: Kind
    url: Annotated[str, Field(strict=True)] | None = None
    path: Path | None = None
    outlet: Annotated[str, Field(strict=True, min_length=1)] | None = None
    language: Annotated[str, Field(strict=True)] | None = None
    licence: Annotated[str, Field(strict=True, min_length=1)] | None = None
    min_articles: Annotated[StrictInt, Field(ge=0)] | None = None
    max_articles: Annotated[StrictInt, Field(ge=0)] | None = None
    reason: Annotated[str, Field(strict=True, min_length=1)] | None = None
    enabled: StrictBool = True
    allow_private: StrictBool = False
    link_pattern: Annotated[str, Field(strict=True, min_length=1, max_length=500)] | None = None
    max_pages: Annotated[StrictInt, Field(ge=1)] = 200
    newer_than_days: Annotated[StrictInt, Field(ge=1)] = 3
    delay: Annotated[float, Field(strict=True, ge=0, le=3600)] | None = None

    @field_validator("id")
    @classmethod
    def _slug(cls, value: str) -> str:
        if len(value) > MAX_ID or not SLUG.fullmatch(value):
            raise ValueError(f"a slug: lower-case letters, digits, '-' and '_', at most {MAX_ID} characters")
        return value

    @field_validator("path", mode="before")
    @classmethod
    def _path(cls, value: object) -> object:
        if value is not None and not (isinstance(value, str | Path) and str(value).strip()):
            raise ValueError("a file or folder name")
        return value

    @field_validator("url")
    @classmethod
    def _web(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            parts = urlsplit(value)
            usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            usable = False
        if not usable or re.search(r"\s", value):
            raise ValueError("an address that starts with http:// or https://")
        return value

    @field_validator("link_pattern")
    @classmethod
    def _pattern(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                re.compile(value)
            except re.error as error:
                raise ValueError(f"a regular expression ({error})") from None
        return value

    @field_validator("language")
    @classmethod
    def _iso(cls, value: str | None) -> str | None:
        if value is not None and (len(value) != 2 or pycountry.languages.get(alpha_2=value) is None):
            raise ValueError("a two-letter ISO 639-1 code such as en or fr (write no as 'no', in quotation marks)")
        return value

    @model_validator(mode="after")
    def _consistent(self) -> Source:
        low, high = self.min_articles, self.max_articles
        if (self.url is None) == (self.path is None):
            raise _between("exactly one of url and path", "url", "path")
        if self.url is not None and not self.kind.on_the_web:
            raise _between(f"a path: a source of the kind {self.kind} lies on this machine", "url")
        if self.path is not None and self.kind in (Kind.SITEMAP, Kind.LISTING):
            raise _between(f"a url: a {self.kind} is on the web", "path")
        if self.kind is Kind.LISTING and self.link_pattern is None:
            raise _between("a link_pattern: which links of the page are articles", "link_pattern")
        if self.link_pattern is not None and not self.kind.on_the_web:
            raise _between(f"no link_pattern: a source of the kind {self.kind} has no links to follow", "link_pattern")
        if low is not None and high is not None and low > high:
            raise _between("min_articles not above max_articles", "min_articles", "max_articles")
        return self


def _between(expected: str, *names: str) -> PydanticCustomError:
    """A mistake that no single field shows."""
    return PydanticCustomError("between_fields", "{expected}", {"expected": expected, "names": names})


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in the catalogue: where, what was expected, what was found."""

    entry: str
    field: str
    expected: str
    found: str

    def __str__(self) -> str:
        place = f"{self.entry}, {self.field}" if self.field else self.entry
        return f"{place}: expected {self.expected}; found {self.found}"


class CatalogError(ValueError):
    """The catalogue cannot be used; `problems` holds every mistake in it."""

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        self.path = path
        self.problems = tuple(problems)
        noun = "mistake" if len(problems) == 1 else "mistakes"
        super().__init__("\n".join([f"{path.name}: {len(problems)} {noun}", *(f"  {p}" for p in problems)]))


class _Loader(yaml.SafeLoader):
    """Safe YAML in which a key written twice is a mistake instead of a silent loss."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    seen: set[Hashable] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node)
        if isinstance(key, Hashable) and key in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key!r} is written twice", key_node.start_mark
            )
        seen.add(key)
    return loader.construct_mapping(node)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load_catalog(path: Path, *, paths: bool = True) -> tuple[Source, ...]:
    """Read the catalogue at `path`: every entry, switched off ones too, in the order of the file.

    `paths`: whether files and folders of enabled sources must be there.  At night a disk that is not is the failure of
    one source, with its reason in the log, and a rebuild from the archive asks for none of them.

    Raises CatalogError, which names every mistake at once: an unreadable file, a YAML error with its line, unknown or
    missing fields, wrong types, duplicate ids, paths that do not exist.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        found = "bytes that are not UTF-8" if isinstance(error, UnicodeDecodeError) else (error.strerror or "an error")
        raise CatalogError(path, [Problem(path.name, "", "a readable UTF-8 file", found)]) from error
    try:
        document = yaml.load(text, Loader=_Loader)  # _Loader is a SafeLoader
    except yaml.YAMLError as error:
        raise CatalogError(path, [_syntax(path, error)]) from error

    if not isinstance(document, dict) or not isinstance(document.get("sources"), list):
        found = _shown(document.get("sources") if isinstance(document, dict) else document)
        raise CatalogError(path, [Problem(path.name, "sources", "a list under `sources:`", found)])
    problems = [
        Problem(path.name, str(key), "only `sources:` at the top", f"{key!r}") for key in document if key != "sources"
    ]
    sources: list[Source] = []
    positions: dict[str, int] = {}
    for position, entry in enumerate(document["sources"], start=1):
        name = _entry_name(entry, position)
        if not isinstance(entry, dict):
            problems.append(Problem(name, "", "fields such as id, kind and url or path", _shown(entry)))
            continue
        identity = entry.get("id")
        if isinstance(identity, str):
            if identity in positions:
                problems.append(
                    Problem(name, "id", "an id of its own", f"{identity!r}, also entry {positions[identity]}")
                )
            positions.setdefault(identity, position)
        try:
            source = Source.model_validate(entry)
        except ValidationError as error:
            problems.extend(_problems(name, entry, error))
            continue
        if source.path is not None:
            source = source.model_copy(update={"path": (path.parent / source.path).resolve()})
            if source.enabled and paths:
                problems.extend(_path_problems(name, str(entry["path"]), source))
        sources.append(source)
    if problems:
        raise CatalogError(path, problems)
    return tuple(sources)


def _entry_name(entry: object, position: int) -> str:
    identity = entry.get("id") if isinstance(entry, dict) else None
    return f"entry {position} ({identity})" if isinstance(identity, str) else f"entry {position}"


def _path_problems(name: str, written: str, source: Source) -> list[Problem]:
    assert source.path is not None
    wants_folder = source.kind is Kind.FOLDER
    expected = "an existing folder" if wants_folder else "an existing file"
    if not source.path.exists():
        return [Problem(name, "path", expected + ", relative to the catalogue", f"nothing at {written!r}")]
    if wants_folder != source.path.is_dir():
        return [Problem(name, "path", expected, f"a {'file' if wants_folder else 'folder'} at {written!r}")]
    return []


def _problems(name: str, entry: dict[str, Any], error: ValidationError) -> list[Problem]:
    out = []
    for detail in error.errors(include_url=False):
        field = ".".join(str(part) for part in detail["loc"][:1])
        expected = detail["msg"].removeprefix("Value error, ")
        if detail["type"] == "extra_forbidden":
            expected = f"one of {', '.join(Source.model_fields)}"
            found = f"the unknown field {field!r}"
        elif detail["type"] == "missing":
            expected, found = "a value", "nothing"
        elif detail["type"] == "between_fields":
            names = detail["ctx"]["names"]
            field = names[0]
            found = ", ".join(f"{name}: {_shown(entry.get(name))}" for name in names)
        else:
            found = _shown(detail["input"])
            known = _EXPECTED.get(detail["type"])
            expected = known.format(**detail.get("ctx", {})) if known else expected
        out.append(Problem(name, field, expected, found))
    return out


_EXPECTED: Final = {
    "string_type": "text (in quotation marks if YAML would read it as something else)",
    "string_too_short": "text that is not empty",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "greater_than_equal": "{ge:g} or more",
    "less_than_equal": "{le:g} or less",
    "enum": f"one of {', '.join(Kind)}",
}


def _shown(value: object) -> str:
    """A found value, with the type that YAML gave it when that is the surprise."""
    if value is None:
        return "nothing"
    text = masked(repr(value))
    text = text if len(text) <= 80 else text[:77] + "..."
    return text if isinstance(value, str) else f"{text} ({type(value).__name__})"


def _syntax(path: Path, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    return Problem(path.name, place, "valid YAML", str(getattr(error, "problem", None) or error))
