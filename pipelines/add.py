"""New sources for one's own catalogue: found on the web, or taken from the starter catalogue.

What belongs here: what ``chancery add`` and ``chancery sources`` show and ask, and what an entry is made of.
What does not: finding out what a site offers (``sources.discovery``), writing the file (``sources.entries``), options
(``cli``).
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from assets.settings import SAMPLE, Settings, own_catalogue
from assets.steps import http_settings, parse_limits
from pipelines.cli import Exit
from sources.box import Box
from sources.candidates import expected_articles
from sources.catalog import MAX_ID, SLUG, CatalogError, Kind, Source, load_catalog
from sources.discovery import Discovery, discover
from sources.entries import CannotAdd, add_entry, entry_of, entry_text, free_id, same_address, starter
from sources.formats.text import line
from sources.http import Fetcher, FetchError, Request
from sources.log import Reason
from sources.urls import is_web, without_secrets

NO_LICENCE: Final = "not known: see the site's terms before you publish what comes from it"
_FORBIDDEN: Final = (Reason.ROBOTS_DISALLOWED, Reason.ROBOTS_UNREACHABLE)


class Refused(Exception):
    """Nothing was added; `exit` is for the shell."""

    def __init__(self, message: str, exit: Exit = Exit.ERROR) -> None:
        super().__init__(message)
        self.exit = exit


def catalogue_to_write(settings: Settings) -> Path:
    """The catalogue that gets new entries: the one in force, or one's own in place of the sample."""
    return own_catalogue() if settings.sources.resolve() == SAMPLE.resolve() else settings.sources


def add(
    settings: Settings,
    url: str,
    *,
    identity: str | None,
    allow_private: bool,
    confirm: Callable[[str], bool],
    console: Console,
) -> Source | None:
    """Find out what `url` offers, show it, and write the best of it into the catalogue; None when `confirm` says no.

    Raises Refused with a sentence for the person.
    """
    url = url if "://" in url else f"https://{url}"
    if not is_web(url):
        raise Refused(f"{without_secrets(url)}: expected an address such as https://paper.example")
    path = catalogue_to_write(settings)
    known = _sources(path)
    if identity is not None and (len(identity) > MAX_ID or not SLUG.fullmatch(identity)):
        raise Refused(f"--id {identity}: lower-case letters, digits, '-' and '_', at most {MAX_ID} characters")
    if identity is not None and identity in {source.id for source in known}:
        raise Refused(f"{path.name} has a source {identity!r} already: give another --id", Exit.KNOWN)
    _refuse_known(known, url, path)
    found = _looked_around(settings, url, allow_private)
    best = found.best
    if best is None:
        raise Refused(_nothing(found), Exit.NOTHING_FOUND)
    _show(found, console)
    _refuse_known(known, best.url, path)
    if not found.readable:
        summaries = "; a run would have the summaries of its feed at most" if best.kind is Kind.FEED else ""
        raise Refused(f"None of its articles can be read{summaries}.  Nothing was added.", Exit.NOTHING_FOUND)
    entry = _entry(found, identity, known, allow_private)
    comments = {"licence": NO_LICENCE}
    console.print(f"The entry for {path.name}:", highlight=False, markup=False)
    console.print(entry_text(_shown(entry), comments), highlight=False, markup=False, soft_wrap=True)
    if not confirm(f"Write it into {path}?"):
        return None
    source = _written(path, entry, comments)
    _show_written(settings, path, [source], console)
    return source


def add_starters(settings: Settings, names: Sequence[str], console: Console) -> list[Source]:
    """Copy entries of the starter catalogue into one's own, switched on.  Raises Refused."""
    offered = starter()
    path = catalogue_to_write(settings)
    known = _sources(path)
    for name in names:
        if name not in offered:
            near = difflib.get_close_matches(name, offered, n=3, cutoff=0.4)
            hint = f"did you mean {' or '.join(near)}? " if near else ""
            raise Refused(f"{name}: not in the starter catalogue; {hint}List it: chancery sources --starter")
        if name in {source.id for source in known}:
            raise Refused(f"{name} is in {path.name} already", Exit.KNOWN)
        _refuse_known(known, offered[name].url or "", path)
    added = [_written(path, entry_of(offered[name]), {}) for name in dict.fromkeys(names)]
    _show_written(settings, path, added, console)
    console.print("Their addresses were not tried: the next run will tell.", highlight=False, markup=False)
    return added


def show_sources(sources: Sequence[Source], title: str, console: Console) -> None:
    """Print a catalogue, a source a line."""
    table = Table(title=title, title_justify="left")
    for column in ("id", "on", "kind", "outlet", "language", "where", "licence"):
        table.add_column(column, overflow="fold")
    for source in sources:
        where = without_secrets(source.url) if source.url else (source.path.name if source.path else "")
        cells = (source.kind, source.outlet, source.language, where, source.licence)
        shown = (escape(str(cell)) if cell else "" for cell in cells)
        table.add_row(source.id, "yes" if source.enabled else "no", *shown)
    console.print(table)


def _sources(path: Path) -> tuple[Source, ...]:
    """The catalogue's sources before anything is asked for; none when there is no file yet."""
    if not path.exists():
        return ()
    try:
        return load_catalog(path)
    except CatalogError as error:
        raise Refused(str(error)) from None


def _refuse_known(known: Sequence[Source], url: str, path: Path) -> None:
    source = same_address(known, url)
    if source is not None:
        off = "" if source.enabled else ", switched off (enabled: false)"
        raise Refused(f"{without_secrets(url)} is in {path.name} already, as {source.id!r}{off}", Exit.KNOWN)


def _looked_around(settings: Settings, url: str, allow_private: bool) -> Discovery:
    with Fetcher(http_settings(settings)) as fetcher, Box(replace(parse_limits(settings), workers=1)) as box:
        try:
            return discover(url, lambda address: fetcher.get(Request(address, allow_private)), call=box.call)
        except FetchError as error:
            raise _unreachable(url, error) from None


def _unreachable(url: str, error: FetchError) -> Refused:
    said = f"{without_secrets(url)}: {error.reason.sentence} ({error.detail})"
    if error.reason is Reason.PRIVATE_ADDRESS:
        return Refused(f"{said}\nIf it is yours, give --allow-private.", Exit.UNREACHABLE)
    if error.reason in _FORBIDDEN:
        return Refused(f"{said}\nNothing was fetched, and nothing added.", Exit.FORBIDDEN)
    return Refused(said, Exit.UNREACHABLE)


def _nothing(found: Discovery) -> str:
    tried = "\n".join(f"  {line(without_secrets(a.url))}: {a.outcome}" for a in found.attempts)
    return f"{without_secrets(found.url)}: no feed, no sitemap and no list of articles was found.  Tried:\n{tried}"


def _entry(found: Discovery, identity: str | None, known: Sequence[Source], allow_private: bool) -> dict[str, object]:
    best = found.best
    assert best is not None
    taken = {source.id for source in known}
    least, reason = expected_articles(best, found.readable / len(found.articles), dt.datetime.now(dt.UTC).date())
    entry: dict[str, object | None] = {
        "id": identity or free_id(found.outlet or "", taken),
        "kind": best.kind.value,
        "url": best.url,
        "link_pattern": best.link_pattern,
        "outlet": found.outlet,
        "language": found.language,
        "licence": None,
        "min_articles": least or None,
        "reason": reason if least else None,
        "allow_private": allow_private or None,
    }
    return {name: value for name, value in entry.items() if value is not None or name == "licence"}


def _shown(entry: dict[str, object]) -> dict[str, object]:
    """The entry for the screen: a key that the catalogue needs is nobody else's to read."""
    return {name: without_secrets(value) if name == "url" else value for name, value in entry.items()}  # type: ignore[arg-type]


def _written(path: Path, entry: dict[str, object], comments: dict[str, str]) -> Source:
    try:
        return add_entry(path, entry, comments)
    except CannotAdd as error:
        text = entry_text(entry, comments)
        raise Refused(f"{path.name} was left as it is: {error}\nAdd the entry by hand:\n{text}") from None
    except (CatalogError, OSError) as error:
        raise Refused(str(error)) from None


def _show(found: Discovery, console: Console) -> None:
    table = Table(title=f"Found with {len(found.attempts)} requests", title_justify="left")
    for column in ("what", "articles", "newest", "address"):
        table.add_column(column, overflow="fold", justify="right" if column == "articles" else "left")
    for candidate in found.candidates:
        words = candidate.rank.words + (", asleep" if candidate.asleep else "")
        newest = f"{candidate.newest:%Y-%m-%d}" if candidate.newest else ""
        table.add_row(words, str(candidate.entries), newest, escape(without_secrets(candidate.url)))
    console.print(table)
    for attempt in found.broken:
        said = f"Its page names {without_secrets(attempt.url)} as a feed, which cannot be used: {attempt.outcome}"
        console.print(line(said), style="yellow", highlight=False, markup=False)
    if len(found.candidates) > 1:
        console.print("The first is taken; for another one, give its address.", highlight=False, markup=False)
    table = Table(title="Its newest articles, as a run would read them", title_justify="left")
    for column in ("title", "date", "outlet", "words", "first line"):
        table.add_column(column, overflow="fold", justify="right" if column == "words" else "left")
    for article in found.articles:
        date = f"{article.published_at:%Y-%m-%d %H:%M}" if article.published_at else ""
        first = Text(_cut(article.first_line, 100))
        if article.reason is not None:
            first = Text(f"not read: {Reason(article.reason).sentence}", "yellow")
        title = article.title or without_secrets(article.url or "")
        table.add_row(Text(_cut(title, 100)), date, Text(_cut(article.outlet, 40)), str(article.words or ""), first)
    console.print(table)


def _cut(text: str | None, length: int) -> str:
    text = text or ""
    return text if len(text) <= length else text[: length - 1] + "…"


def _show_written(settings: Settings, path: Path, added: Sequence[Source], console: Console) -> None:
    names = ", ".join(source.id for source in added)
    console.print(f"Written into {path}: {names}", style="green", highlight=False, markup=False)
    if settings.sources.resolve() == path.resolve():
        return
    if Settings().sources.resolve() == path.resolve():
        says = "`chancery run` reads this catalogue from now on, and no longer the bundled sample.\n"
        says += f"What the sample has brought into {settings.data} stays there; `--data DIR` starts a new ledger."
    else:
        says = f'To use it, set `sources = "{path}"` in chancery.toml, or give `--sources {path}`.'
    console.print(says, highlight=False, markup=False, soft_wrap=True)
