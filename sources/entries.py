"""The catalogue as a file of a person's: adding an entry while every comment and line stays as it is.

What belongs here: writing entries and checking that the file is whole before it takes the old one's place.
What does not: what an entry may say (catalog) and where its values come from (discovery, the starter catalogue).
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Final

import yaml

from sources.catalog import MAX_ID, CatalogError, Source, load_catalog
from sources.urls import canonical_url

STARTER: Final = Path(__file__).with_name("starter.yml")
_HEAD: Final = (
    "# The sources of this ledger.  What an entry may say: CONTRIBUTING.md, and samples/sources.yml for examples.\n"
)


class CannotAdd(ValueError):
    """The entry could not be added; the file is as it was."""


def starter() -> dict[str, Source]:
    """The catalogue of public sources that comes with Chancery, by id; all of it is switched off."""
    return {source.id: source for source in load_catalog(STARTER)}


def entry_of(source: Source) -> dict[str, object]:
    """What a source's entry says, without what is the default anyway; switched on."""
    said = source.model_dump(mode="json", exclude_defaults=True, exclude={"enabled"})
    return {name: said[name] for name in Source.model_fields if name in said}


def entry_text(entry: Mapping[str, object], comments: Mapping[str, str] | None = None, indent: int = 2) -> str:
    """The entry as YAML, one field a line, in the order given; `comments` are put behind fields."""
    lines = []
    for name, value in entry.items():
        written = yaml.safe_dump(value, width=float("inf"), allow_unicode=True, default_flow_style=True)
        comment = f"  # {comments[name]}" if comments and name in comments else ""
        lines.append(f"{name}: {written.removesuffix('...' + chr(10)).strip()}{comment}")
    pad = " " * indent
    return "".join(f"{pad}{'- ' if number == 0 else '  '}{text}\n" for number, text in enumerate(lines))


def add_entry(path: Path, entry: Mapping[str, object], comments: Mapping[str, str] | None = None) -> Source:
    """Write `entry` at the end of the catalogue at `path`, which is made if it is not there; the new source.

    The file is replaced in one step, by one that has been read and found to be the old one and the entry.  Raises
    CatalogError when the file was broken before, CannotAdd when the entry is, or has no place in it.
    """
    path = path.resolve()
    before = load_catalog(path) if path.exists() else ()
    raw = path.read_bytes() if path.exists() else f"{_HEAD}sources:\n".encode()
    content = _appended(raw, entry, comments)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            after = load_catalog(part)
        except CatalogError as error:
            raise CannotAdd("; ".join(map(str, error.problems))) from error
        if after[:-1] != before or after[-1].id != entry.get("id"):
            raise CannotAdd("the entry does not come to stand at the end of the list")
        if path.exists():
            shutil.copymode(path, part)
        else:
            part.chmod(0o644)
        part.replace(path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            part.unlink()
    return after[-1]


def same_address(sources: Iterable[Source], url: str) -> Source | None:
    """The source that reads `url` already; http or https, "www." and a slash at the end make no difference."""
    wanted = _bare(url)
    return next((source for source in sources if source.url is not None and _bare(source.url) == wanted), None)


def free_id(name: str, taken: Collection[str]) -> str:
    """An id made from a name, which none of `taken` is."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain))[: MAX_ID - 4].strip("-") or "source"
    numbered = (slug if number == 1 else f"{slug}-{number}" for number in range(1, len(taken) + 2))
    return next(candidate for candidate in numbered if candidate not in taken)


def _bare(url: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", canonical_url(url)).rstrip("/")


def _appended(raw: bytes, entry: Mapping[str, object], comments: Mapping[str, str] | None) -> bytes:
    """The bytes of a catalogue with an entry more."""
    text = raw.decode("utf-8-sig")
    document = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(document, yaml.MappingNode)  # load_catalog has read it
    listed = next((value for key, value in document.value if key.value == "sources"), None)
    end = "\r\n" if "\r\n" in text else "\n"
    indent = 2
    if isinstance(listed, yaml.SequenceNode) and listed.value and not listed.flow_style:
        indent = listed.start_mark.column
    elif isinstance(listed, yaml.SequenceNode) and listed.value:
        raise CannotAdd("the list is written in brackets; entries can be added only to one with a dash for each")
    elif isinstance(listed, yaml.SequenceNode):  # "sources: []"
        text = text[: listed.start_mark.index].rstrip() + text[listed.end_mark.index :]
    if not text.endswith("\n"):
        text += end
    gap = "" if text.endswith(("sources:" + end, end * 2)) else end
    text += gap + entry_text(entry, comments, indent).replace("\n", end)
    bom = b"\xef\xbb\xbf" if raw.startswith(b"\xef\xbb\xbf") else b""
    return bom + text.encode("utf-8")
