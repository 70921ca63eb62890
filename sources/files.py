"""The files of a source that lies on this machine.

What belongs here: finding and reading them, and a typed reason for each that cannot be read.
What does not: what is in them (formats), keeping them (archive).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sources.catalog import Kind, Source
from sources.formats.drafts import PAGE_SUFFIXES
from sources.http import MAX_BYTES
from sources.log import Reason
from sources.urls import file_url, without_secrets

TEXT_SUFFIXES: Final = (".txt", *PAGE_SUFFIXES)
_MANY: Final = 10 * MAX_BYTES  # bytes of an article file, which holds many articles


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was read.  `url` names it without where it lies."""

    url: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Missing:
    """A file or folder that could not be read, or is not one that we read."""

    url: str
    reason: Reason
    detail: str | None = None


def place(source: Source) -> str:
    """The address of a source as a whole: its url, or the name of its file or folder without where that lies."""
    if source.url is not None:
        return without_secrets(source.url)
    return file_url(source.id, "" if source.kind is Kind.FOLDER else _path(source).name)


def documents(source: Source) -> Iterator[Document | Missing]:
    """Every file of the source, in the order of its path; hidden files and folders are passed over."""
    root = _path(source)
    if source.kind is not Kind.FOLDER:
        yield _read(place(source), root, _MANY if source.kind is Kind.JSONL else MAX_BYTES)
        return
    if not root.is_dir():
        yield Missing(place(source), Reason.SOURCE_MISSING, "no such folder")
        return
    unreadable: list[OSError] = []
    inside = root.resolve()
    for path in _files(root, unreadable):
        while unreadable:
            yield _folder(source, root, unreadable.pop(0))
        url = file_url(source.id, path.relative_to(root).as_posix())
        if path.is_symlink() and _leads_out(path, inside):
            yield Missing(url, Reason.UNREADABLE, "a link that leads out of the folder")
        elif path.suffix.casefold() in TEXT_SUFFIXES:
            yield _read(url, path, MAX_BYTES)
        else:
            yield Missing(url, Reason.UNSUPPORTED_TYPE, path.suffix or "no suffix")
    for error in unreadable:
        yield _folder(source, root, error)


def _path(source: Source) -> Path:
    if source.path is None:
        raise ValueError(f"{source.id} has no path")
    return source.path


def regular(source: Source) -> Path | Missing:
    """The file of a source that is one, for reading piece by piece."""
    return _regular(place(source), _path(source))


def _regular(url: str, path: Path) -> Path | Missing:
    if path.is_file():
        return path
    gone = not os.path.lexists(path)
    detail = "no such file" if gone else "not a regular file"  # a folder, or a pipe that would never end
    return Missing(url, Reason.SOURCE_MISSING if gone else Reason.UNREADABLE, detail)


def _read(url: str, path: Path, limit: int) -> Document | Missing:
    try:
        found = _regular(url, path)
        if isinstance(found, Missing):
            return found
        with path.open("rb") as stream:
            content = stream.read(limit)
    except OSError as error:
        return Missing(url, Reason.UNREADABLE, error.strerror or type(error).__name__)
    if len(content) >= limit:
        return Missing(url, Reason.TOO_LARGE, f"{limit} bytes or more")
    return Document(url, content)


def _leads_out(link: Path, root: Path) -> bool:
    """Whether a link leads out of `root`, or nowhere.

    Whoever may put files into a folder need not be allowed to read those elsewhere.
    """
    try:
        return not link.resolve().is_relative_to(root)
    except (OSError, RuntimeError):  # it leads to itself
        return True


def _folder(source: Source, root: Path, error: OSError) -> Missing:
    folder = Path(os.fsdecode(error.filename)).relative_to(root).as_posix()
    return Missing(file_url(source.id, folder + "/"), Reason.UNREADABLE, error.strerror)


def _files(root: Path, unreadable: list[OSError]) -> Iterator[Path]:
    """Every file under `root` in the order of its path, without hidden files and folders.

    Links to folders are not followed; a folder that cannot be listed goes to `unreadable`.
    """
    for folder, subfolders, names in os.walk(root, onerror=unreadable.append):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(folder) / name
