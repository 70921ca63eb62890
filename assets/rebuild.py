"""The working database made anew from the archive alone.

What belongs here: the order in which archived days are taken in, what is kept of the old database, and when the new one
may take its place.
What does not: the steps themselves (``steps``) and Dagster (``operations``).

Ids are for ever.  The register of ids is therefore copied from the old database, and all days are joined once, at the
end.  Where there is no old database, the days are gone through as the nightly runs went through them, a join after
each, because which id a thing was given, and which ids were merged, depends on what was known on the day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from assets import steps
from assets.settings import Settings
from assets.steps import Report, Run
from sources.archive import Archive
from warehouse import database, renewal, snapshot

FOLDER = "rebuild"
"""Where the new database is made, in the data folder; a rebuild that failed leaves it there to be looked at."""

COMPARED = {"articles": "article_id", "participants": "participant_id", "events": "event_id", "quotes": "quote_id",
            "agreements": "agreement_id"}  # fmt: skip


class RebuildRefused(RuntimeError):
    """The archive cannot give what the old database holds; the old one stays."""


class HeldBack(RuntimeError):
    """A rule stopped the rebuild; the old database stays.  ``report``: of the step whose rule it was."""

    def __init__(self, where: str, report: Report) -> None:
        self.report = report
        broken = "; ".join(
            f"{r.rule}: {' / '.join(str(row.get('finding', row)) for row in r.sample) or r.error or r.why}"
            for r in report.results
            if r.blocking
        )
        super().__init__(f"{where} was held back ({broken}); the old working database stays")


class _Aside(Settings):
    """The settings of a run whose working database lies aside."""

    @property
    def working(self) -> Path:
        """The new working database."""
        return self.data / FOLDER / "working.duckdb"


@dataclass(slots=True)
class Rebuilt:
    """What a rebuild did: days taken in, days that a rule held back (as it had on the night), the last steps' reports.

    ``changed``: per table, how many ids are in the new database and not in the old, and the other way round.
    """

    days: int = 0
    held_back: dict[dt.date, str] = field(default_factory=dict)
    registers_from: str = "nothing"
    reports: dict[str, Report] = field(default_factory=dict)
    changed: pd.DataFrame = field(default_factory=pd.DataFrame)


def rebuild(
    settings: Settings,
    run_id: str,
    now: Callable[[], dt.datetime] = steps.utc_now,
    say: Callable[[str], None] = lambda words: None,
) -> Rebuilt:
    """Make the working database anew from every archived day, put it in the place of the old one, and publish it.

    Opens no socket and no file of a source.  ``say`` is told of the progress.  Raises RebuildRefused or HeldBack, or
    what the steps raise; the old database is untouched then, and nothing is published.
    """
    aside = _Aside(**settings.model_dump())
    days = Archive(settings.archive).days()
    if not days:
        raise RebuildRefused("the archive holds no day")
    renewal.sweep(aside.working)
    out = Rebuilt()
    held = _prepare(settings, aside, out)
    if missing := sorted(held - set(days)):
        raise RebuildRefused(f"the old working database has days of which the archive has nothing: {_listed(missing)}")
    by_night = not settings.working.exists()
    for number, day in enumerate(days, 1):
        say(f"day {day}, {number} of {len(days)}")
        run = Run(aside, day, run_id, replay=True, now=now)
        report = steps.take_in(run, mark=by_night)
        if report.blocked:
            if day in held:
                raise HeldBack(f"day {day}", report)
            out.held_back[day] = ", ".join(r.rule for r in report.results if r.blocking)
            continue
        out.days += 1
        if by_night and (broken := _read_and_join(run, out, say)):
            out.held_back[day] = broken
    last = Run(aside, days[-1], run_id, replay=True, now=now)
    steps.derive_articles(last)
    if _read_and_join(last, out, say):
        raise HeldBack("the rebuild", next(r for r in out.reports.values() if r.blocked))
    say("building and auditing the candidate")
    out.reports["candidate"] = steps.build(last)
    if out.reports["candidate"].blocked:
        raise HeldBack("the candidate", out.reports["candidate"])
    out.changed = _compared(settings.working, aside.working)
    renewal.take_place(aside.working, settings.working)
    say("publishing")
    out.reports["published"] = steps.release(Run(settings, days[-1], run_id, replay=True, now=now))
    return out


def _prepare(settings: Settings, aside: Settings, out: Rebuilt) -> set[dt.date]:
    """An empty database with the registers of the old one, or of the published file; the days of the old one."""
    published = snapshot.latest(settings.published)
    with database.connect(aside.working) as con:
        database.create(con)
        if settings.working.exists():
            renewal.carry_over(con, settings.working)
            out.registers_from = settings.working.name
        elif published is not None:
            renewal.carry_over(con, published, published=True)
            out.registers_from = published.name
    if not settings.working.exists():
        return set()
    with database.connect(settings.working) as old:
        return renewal.days_held(old)


def _read_and_join(run: Run, out: Rebuilt, say: Callable[[str], None]) -> str | None:
    """Extract what is new and join it; the rules that stopped it, if any did."""

    def progress(done: int, of: int) -> None:
        if done == of or done % 50 == 0:
            say(f"day {run.day}: {done} of {of} articles read")

    reports = {"mentions": steps.read(run, progress)}
    if not reports["mentions"].blocked:
        reports |= steps.join(run)
    out.reports |= reports
    return ", ".join(r.rule for report in reports.values() for r in report.results if r.blocking) or None


def _compared(old: Path, new: Path) -> pd.DataFrame:
    """Per table: rows, ids that are only in the new database, ids that are only in the old one."""
    rows = []
    found = [{name: _ids(path, name, key) for name, key in COMPARED.items()} for path in (new, old)]
    for name in COMPARED:
        ours, theirs = (f[name] for f in found)
        rows.append((name, len(ours), len(ours - theirs), len(theirs - ours)))
    return pd.DataFrame(rows, columns=["table", "rows", "only_new", "only_old"])


def _ids(path: Path, table: str, key: str) -> set[str]:
    if not path.exists():
        return set()
    with database.connect(path) as con:
        return set(database.read(con, f"select {key} from {table}")[key])


def _listed(days: list[dt.date]) -> str:
    shown = ", ".join(map(str, days[:5]))
    return shown if len(days) <= 5 else f"{shown} and {len(days) - 5} more"
