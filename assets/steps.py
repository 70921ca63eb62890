"""The steps of a run as plain functions: what each asset does, without Dagster.

What belongs here: which functions of the floors below make up a step, in which order, and what is told about it.
What does not: Dagster (the other modules of this room), and any work that the floors below should do.

Every step but the first reads what the step before stored and stores what it makes, so that a run can be taken up again
anywhere, and a day replayed.  Each returns a ``Report``.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from enum import Enum
from pathlib import Path
from typing import Any

import pandas as pd

from assets import health
from assets.earlier import delivered, known, refused
from assets.frames import fact_frames
from assets.settings import Settings
from assets.unread import unread
from sources.archive import Archive
from sources.articles import Article, parse_day
from sources.box import Box, BoxSettings
from sources.catalog import Source, load_catalog
from sources.duplicates import DuplicateRow, mark_duplicates, signature
from sources.http import HttpSettings
from sources.log import LogEntry, Reason
from sources.readers import fetch_day
from warehouse import database, load, schema, snapshot
from warehouse.schema import PUBLISHED
from warehouse.views import load_views
from warehouse.working import FACTS

NETWORK_DOWN = frozenset({Reason.CONNECT_FAILED, Reason.TIMED_OUT, Reason.PROTOCOL_ERROR, Reason.HOST_DOWN})


def utc_now() -> dt.datetime:
    """Now, naive UTC, as every timestamp of the ledger is."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Run:
    """What every step knows: the settings, the fetch day, the run's id, whether only the archive may be read."""

    settings: Settings
    day: dt.date
    run_id: str
    replay: bool = False
    now: Callable[[], dt.datetime] = utc_now


@dataclass(slots=True)
class Report:
    """What a step tells: counts, small tables for the morning reader, and the results of its rules."""

    counts: dict[str, int | float | str] = field(default_factory=dict)
    previews: dict[str, pd.DataFrame] = field(default_factory=dict)
    results: list[Any] = field(default_factory=list)  # of expectations.validate.RuleResult

    @property
    def blocked(self) -> bool:
        """Whether a rule stops the run here.  Then nothing of the batch is stored: what was there before stays."""
        return any(r.blocking for r in self.results)


def catalogue(settings: Settings) -> tuple[Source, ...]:
    """The enabled sources.  Raises ``sources.catalog.CatalogError`` with every mistake at once."""
    return tuple(s for s in load_catalog(settings.sources, paths=False) if s.enabled)


def parse_limits(settings: Settings) -> BoxSettings:
    """The limits of one parse, and how many run at a time."""
    return BoxSettings(settings.parse_seconds, settings.parse_megabytes, settings.workers)


def http_settings(settings: Settings) -> HttpSettings:
    """The bounds of every request."""
    return HttpSettings(
        contact=settings.contact,
        deadline=settings.fetch_deadline,
        max_bytes=settings.max_bytes,
        attempts=settings.fetch_attempts,
        wait_initial=settings.fetch_wait,
        spacing=settings.fetch_spacing,
        parallel_hosts=settings.fetch_parallel_hosts,
        host_deadline=settings.fetch_host_deadline,
        max_crawl_delay=settings.max_crawl_delay,
        max_retry_after=settings.max_retry_after,
    )


# archive --------------------------------------------------------------------------------------------------------


def fetch(run: Run) -> tuple[Report, bool]:
    """Fetch every source into the archive of the day; whether the network as a whole seems to be down.

    A past day whose network sources are archived is replayed, not fetched again: what a site says today is not what it
    said then.
    """
    s = run.settings
    archive = Archive(s.archive)
    sources = catalogue(s)
    past = run.day < run.now().date() and run.day in set(archive.days())
    offline = [x for x in sources if run.replay or (past and x.url is not None)]
    live = [x for x in sources if x not in offline]
    # what a site says today, kept under a day that is over
    late = sum(x.url is not None for x in live) if run.day < run.now().date() - dt.timedelta(days=1) else 0
    with Box(parse_limits(s)) as box:
        log = [
            *fetch_day(offline, archive, run.day, http=http_settings(s), now=run.now, offline=True, box=box),
            *fetch_day(
                live, archive, run.day, http=http_settings(s), now=run.now, box=box, refused=refused(s.working, run.day)
            ),
        ]
    addressed = {x.id for x in live if x.url is not None}
    down = {e.source_id for e in log if e.source_id in addressed and e.reason in NETWORK_DOWN}
    counts: dict[str, int | float | str] = {"sources": len(sources), "replayed_sources": len(offline)}
    counts |= {f"{status}": n for status, n in sorted(Counter(e.status for e in log).items())}
    counts["bytes"] = sum(e.bytes or 0 for e in log)
    if late:
        counts["fetched_late"] = late
    previews = {"sources": health.fetched(log), "log": _log_preview(log)}
    return Report(counts, previews), bool(addressed) and down == addressed


def _log_preview(log: Sequence[LogEntry]) -> pd.DataFrame:
    table = Counter((e.source_id, str(e.status), str(e.reason or "")) for e in log)
    rows = [(*key, n) for key, n in sorted(table.items())]
    return pd.DataFrame(rows, columns=["source", "status", "reason", "inputs"])


# articles -------------------------------------------------------------------------------------------------------


def take_in(run: Run, *, mark: bool = True) -> Report:
    """Parse the day's archive into articles, divert bad ones, replace the day's rows, mark duplicates.

    ``mark``: derive ``articles`` with its duplicates anew; whoever takes in many days does so at the last one only.
    """
    with database.connect(run.settings.working) as con:
        database.create(con)
        with Box(parse_limits(run.settings)) as box:
            archive = Archive(run.settings.archive)
            parsed = parse_day(archive, run.day, known(con, run.day), delivered(con, run.day), box=box)
        log = _table(parsed.log, LogEntry)
        catalogue_tables = health.tables(load_catalog(run.settings.sources, paths=False))
        live = not run.replay and run.day == run.now().date()
        verdicts = health.judged(con, run.day, log, catalogue_tables, live=live)
        bounds = health.bounds(verdicts, catalogue_tables["sources"])
        frames = {"articles": _table(parsed.articles, Article), "fetch_log": log, "sources": bounds}
        report, good = _judge(con, run, "articles", {**frames, "unread": unread(parsed.log)})
        if not report.blocked:
            with database.transaction(con):
                stored = load.load_articles(con, run.day, good["articles"])
                load.replace_day(con, "fetch_log", run.day, log)
                load.replace_tables(con, catalogue_tables)
                report.counts["new_or_changed"] = stored
                if mark:
                    report.counts["duplicates_in_all"] = _mark_duplicates(con)
    report.counts |= {
        "parsed": len(parsed.articles),
        "kept": len(good["articles"]),
        **{f"{status}": n for status, n in sorted(Counter(e.status for e in parsed.log).items())},
        **health.counts(verdicts),
    }
    report.previews["sources"] = verdicts[health.SHOWN]
    kept = good["articles"]
    report.previews["articles"] = kept[["outlet", "published_at", "language", "word_count", "title"]].head(10)
    report.previews["log"] = _log_preview(parsed.log)
    return report


def derive_articles(run: Run) -> int:
    """Derive ``articles`` anew from all versions; how many of them are duplicates."""
    with database.connect(run.settings.working) as con:
        return _mark_duplicates(con)


def _table(records: Sequence[Any], cls: type[Any]) -> pd.DataFrame:
    rows = [{k: v.value if isinstance(v, Enum) else v for k, v in asdict(r).items()} for r in records]
    return pd.DataFrame(rows, columns=[f.name for f in fields(cls)])


def _mark_duplicates(con: database.Connection) -> int:
    """Bring signatures up to date, find duplicates among all articles, rebuild ``articles``; how many there are."""
    articles = load.latest_articles(con)
    known = database.read(con, "select article_id, content_hash from article_signatures")
    hashes = dict(known.itertuples(index=False, name=None))
    texts = zip(articles["article_id"], articles["content_hash"], articles["text"], strict=True)
    fresh = [
        (id_, hash_, found) for id_, hash_, text in texts if hashes.get(id_) != hash_ and (found := signature(text))
    ]
    added = pd.DataFrame(fresh, columns=["article_id", "content_hash", "signature"])
    load.replace_keys(con, "article_signatures", added)
    signatures = database.read(con, "select article_id, content_hash, signature from article_signatures")
    rows = articles.merge(signatures, on=["article_id", "content_hash"], how="left")
    columns = (rows[c].tolist() for c in DuplicateRow._fields)
    marked = mark_duplicates(
        DuplicateRow(id_, _time(published), fetched, hash_, _tuple(found))
        for id_, published, fetched, hash_, found in zip(*columns, strict=True)
    )
    load.rebuild_articles(con, pd.DataFrame(sorted(marked.items()), columns=["article_id", "duplicate_of"]))
    return len(marked)


def _time(value: Any) -> dt.datetime | None:
    return None if pd.isna(value) else value


def _tuple(value: Any) -> tuple[int, ...] | None:
    return tuple(value) if isinstance(value, list) else None


# facts ----------------------------------------------------------------------------------------------------------


def read(run: Run, progress: Callable[[int, int], None] = lambda done, of: None) -> Report:
    """Extract the facts of every article that is new, changed, or was read by another version of the extractor.

    ``progress``: called with articles done and articles in all.
    """
    # spaCy costs seconds to import: only when there is something to read, and never in the UI's code server.
    from extraction.extract import LANGUAGES, extractor_version
    from extraction.workers import Job, extract_many

    version = extractor_version()
    with database.connect(run.settings.working) as con:
        database.create(con)
        articles = database.read(con, "select * from articles")
        done = database.read(con, "select * from extractions")
    readable = articles[articles["language"].isin(LANGUAGES)]
    state = readable.merge(done, on="article_id", how="left", suffixes=("", "_done"))
    same_day = state["published_at"].dt.normalize().eq(state["published_on"]) | (
        state["published_at"].isna() & state["published_on"].isna()
    )
    current = state["content_hash"].eq(state["content_hash_done"]) & state["extractor_version"].eq(version) & same_day
    pending = readable[~current.to_numpy()]
    started = run.now()
    jobs = [
        Job(r.article_id, r.text, None if pd.isna(r.published_at) else r.published_at.date(), r.title)
        for r in pending.itertuples(index=False)
    ]
    results = []
    for result in extract_many(jobs, run.settings.workers):
        results.append(result)
        progress(len(results), len(jobs))
    outcomes = [(r.article_id, r.seconds, r.error) for r in results]
    extractions = pd.DataFrame(outcomes, columns=["article_id", "seconds", "error"])
    extractions = extractions.merge(pending[["article_id", "content_hash", "published_at"]], on="article_id")
    extractions["published_on"] = extractions.pop("published_at").dt.normalize()
    extractions = extractions.assign(extractor_version=version, extracted_at=run.now())
    batch = pending[["article_id", "text", "published_at", "fetched_at"]].reset_index(drop=True)
    frames = fact_frames((r.article_id, r.facts) for r in results if r.facts is not None)
    # an article that is no longer in a language that we read has other words than its facts were read in
    left = set(done["article_id"]) - set(readable["article_id"])
    with database.connect(run.settings.working) as con:
        report, good = _judge(con, run, "mentions", {"articles": batch, "extractions": extractions, **frames})
        if not report.blocked:
            load.replace_facts(con, [*extractions["article_id"], *left], {**good, "extractions": extractions})
    report.counts |= {
        "articles_read": len(jobs),
        "articles_unchanged": int(current.sum()),
        "articles_in_other_languages": len(articles) - len(readable),
        "failed": int(extractions["error"].notna().sum()),
        "extractor_version": version,
        "seconds": round((run.now() - started).total_seconds(), 1),
        **{name.removeprefix("fact_"): len(good[name]) for name in good},
    }
    report.previews["quotes"] = good["fact_quotes"][["speaker_text", "cue", "text"]].head(8)
    report.previews["events"] = good["fact_events"][["event_type", "status", "event_date", "countries"]].head(8)
    return report


# resolution -----------------------------------------------------------------------------------------------------

RESOLVED = {
    "participants": ("participants", "participant_mentions"),
    "events": ("events", "event_participants", "event_mentions"),
    "quotes": ("quotes",),
    "agreements": ("agreements", "agreement_parties", "agreement_mentions"),
}
"""The steps of resolution and the tables that each decides on, in the order in which they depend on each other."""


def join(run: Run) -> dict[str, Report]:
    """Join the facts of all articles to one row per real thing; a report a step of ``RESOLVED``."""
    from resolution.resolve import forwarded, resolve

    with database.connect(run.settings.working) as con:
        database.create(con)
        articles = database.read(con, "select * from articles")
        facts = {t.name: database.read(con, f"select * from {t.name}") for t in FACTS}
        identities = database.read(con, "select * from identities")
        # what an older version, or a published file, has told of ids that were merged
        register = database.read(
            con,
            """select * from retired_ids union all
               select * from forwarded_ids where (entity, old_id) not in (select entity, old_id from retired_ids)""",
        )
        resolved = resolve(articles, facts, identities, run.now(), register)
        reports: dict[str, Report] = {}
        good: dict[str, pd.DataFrame] = {"articles": articles}
        held: dict[str, pd.DataFrame] = {}
        for step, names in RESOLVED.items():
            frames = {**good, **{name: _untied(resolved.tables[name], name, held) for name in names}}
            reports[step], kept = _judge(con, run, step, frames)
            good |= kept
            rows, (key,) = resolved.tables[step], schema.table(step).key
            held[step] = rows[~rows[key].isin(kept[step][key])]
            reports[step].counts |= {name: len(kept[name]) for name in names}
            reports[step].previews[step] = kept[step].head(8)
        if not any(r.blocked for r in reports.values()):
            decided = {name: good[name] for names in RESOLVED.values() for name in names}
            register = pd.concat([f for f in (register, resolved.forwards) if len(f)] or [register], ignore_index=True)
            registers = {"identities": resolved.identities, "retired_ids": register}
            load.replace_tables(con, {**decided, **registers, "forwarded_ids": forwarded(register, good)})
    return reports


def _untied(rows: pd.DataFrame, table: str, held: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The rows without their loose ties to what an earlier step held back: a quote stays when its event falls."""
    from expectations.ties import let_go, tied

    return let_go(rows, tied(rows, table, held))


# snapshot -------------------------------------------------------------------------------------------------------


def build(run: Run) -> Report:
    """Build the candidate snapshot and audit it as a whole: tables, then views."""
    from extraction.extract import extractor_version

    s = run.settings
    now = run.now()
    shot = snapshot.Snapshot(snapshot.snapshot_id(now), run.run_id, now, extractor_version())
    snapshot.build_candidate(s.working, s.candidate, shot)
    previous = snapshot.latest(s.published)
    frames, views = _candidate_frames(s.candidate)
    frames["counts"] = _row_counts(s.working, s.candidate, previous)
    candidate, _ = _judged(run, "candidate", frames)
    seen, _ = _judged(run, "views", views)
    report = Report({"snapshot_id": shot.snapshot_id, "bytes": s.candidate.stat().st_size})
    report.results = [*candidate.results, *seen.results]
    results = _results(run, report.results)
    with database.connect(s.working) as con:
        load.append(con, "quality_results", results)
    snapshot.append_results(s.candidate, results)
    report.previews["rows"] = frames["counts"]
    report.counts |= dict(zip(frames["counts"]["table_name"], frames["counts"]["candidate_rows"].map(int), strict=True))
    return report


def _candidate_frames(path: Path) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    with database.connect(path, read_only=True) as con:
        tables = {t.name: database.read(con, f"select * from {t.name}") for t in PUBLISHED}
        views: dict[str, pd.DataFrame] = {}
        errors: list[tuple[str, str | None]] = []
        for view in load_views():
            try:
                views[view.name] = database.read(con, f"select * from {view.name}")
                errors.append((view.name, None))
            except Exception as error:  # a view that cannot be read is a finding of the audit, not its end
                errors.append((view.name, f"{type(error).__name__}: {error}"))
    views["views"] = pd.DataFrame(errors, columns=["view_name", "error"])
    return tables, views


def _row_counts(working: Path, candidate: Path, previous: Path | None) -> pd.DataFrame:
    names = [t.name for t in PUBLISHED if t.name != "snapshots"]  # the candidate has its own row in it already
    columns = [_counts_of(path, names) for path in (working, candidate, previous)]
    rows = [(n, *(c.get(n) for c in columns)) for n in names]
    return pd.DataFrame(rows, columns=["table_name", "working_rows", "candidate_rows", "previous_rows"])


def _counts_of(path: Path | None, names: Sequence[str]) -> dict[str, int]:
    if path is None:
        return {}
    with database.connect(path, read_only=True) as con:
        have = set(database.read(con, "select table_name from duckdb_tables()")["table_name"])
        return {n: int(database.read(con, f"select count(*) as n from {n}")["n"][0]) for n in names if n in have}


def release(run: Run) -> Report:
    """Publish the audited candidate: an immutable file of its own, then the pointer."""
    s = run.settings
    with database.connect(s.candidate, read_only=True) as con:
        found = database.read(con, "select * from snapshots where run_id = ?", [run.run_id])
    if found.empty:
        raise RuntimeError(f"the candidate belongs to another run than {run.run_id}: build it again")
    shot = found.iloc[-1]
    path = snapshot.publish(s.candidate, s.published, shot["snapshot_id"], s.keep_snapshots)
    with database.connect(s.working) as con:
        snapshot.record(con, path)
    counts: dict[str, int | float | str] = {"snapshot_id": shot["snapshot_id"], "file": path.name}
    counts |= {n: int(shot[n]) for n in ("articles", "events", "participants", "quotes", "agreements")}
    counts |= {"bytes": path.stat().st_size, "kept_snapshots": len(snapshot.snapshots(s.published))}
    return Report(counts)


# rules ----------------------------------------------------------------------------------------------------------


def _judge(
    con: database.Connection, run: Run, step: str, frames: dict[str, pd.DataFrame]
) -> tuple[Report, dict[str, pd.DataFrame]]:
    """Hold a step's frames against its rules; store the results and what is held back; the report and the good rows."""
    outcome, quarantine = _judged(run, step, frames)
    day = run.day if step == "articles" else None  # the later steps look at articles of all days
    if step == "mentions":
        quarantine = pd.concat([_still_held_back(con, frames["articles"]["article_id"]), quarantine], ignore_index=True)
    with database.transaction(con):
        load.append(con, "quality_results", _results(run, outcome.results))
        load.merge_quarantine(con, day, step, quarantine)
    report = Report({"held_back": len(outcome.quarantined)}, results=list(outcome.results))
    if len(quarantine):
        report.previews["held_back"] = quarantine[["table_name", "row_key", "rule", "reason"]].head(10)
    return report, outcome.good


def _still_held_back(con: database.Connection, read_again: pd.Series) -> pd.DataFrame:
    """Facts held back in earlier runs, of articles that were not read again."""
    held = database.read(
        con,
        """select table_name, row_key, article_id, rule, reason, "row", run_id, quarantined_at from quarantine
           where step = 'mentions' and article_id in (select article_id from articles)""",
    )
    return held[~held["article_id"].isin(read_again)]


def _judged(run: Run, step: str, frames: dict[str, pd.DataFrame]) -> tuple[Any, pd.DataFrame]:
    from expectations.validate import validate

    outcome = validate(step, frames)
    stamped = outcome.quarantined.assign(run_id=run.run_id, quarantined_at=run.now())
    return outcome, stamped


def _results(run: Run, results: Sequence[Any]) -> pd.DataFrame:
    from expectations.report import results_frame

    return results_frame(results, run.run_id, run.now(), run.day)
