"""The assets, one for every arrow of the way of the data.

What belongs here: keys, dependencies, descriptions, and a call to the step.
What does not: what the step does (``steps``).

No ``from __future__ import annotations`` here: Dagster reads the annotations of ``context`` as types.
"""

from collections.abc import Iterator

import dagster as dg

from assets import steps
from assets.partitions import FETCH_DAYS
from assets.reporting import OWNERS, check_specs, column_schema, materialized
from assets.resources import Ledger

CAPTURES = ["archive", "captures"]
ARTICLES = ["articles", "articles"]
MENTIONS = ["facts", "mentions"]
RESOLVED = {step: ["resolution", step] for step in steps.RESOLVED}
CANDIDATE = ["snapshot", "candidate"]
PUBLISHED = ["snapshot", "published"]


@dg.asset(key=CAPTURES, partitions_def=FETCH_DAYS, group_name="archive", kinds={"python", "file"}, owners=OWNERS)
def captures(context: dg.AssetExecutionContext, ledger: Ledger) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Every byte that the sources delivered on the day, hashed and kept before anything is parsed."""
    run = ledger.run(context)
    report, network_down = steps.fetch(run)
    if network_down and context.retry_number < run.settings.network_retries:
        wait = run.settings.network_wait * 2**context.retry_number
        context.log.warning(f"no address could be reached; trying again in {wait:g} s")
        raise dg.RetryRequested(max_retries=run.settings.network_retries, seconds_to_wait=wait)
    if late := report.counts.get("fetched_late"):
        context.log.warning(f"{run.day} is over: what {late} sources say today is kept under it")
    return materialized(CAPTURES, report)


@dg.asset(
    key=ARTICLES,
    deps=[CAPTURES],
    partitions_def=FETCH_DAYS,
    group_name="articles",
    kinds={"python", "duckdb"},
    owners=OWNERS,
    metadata=column_schema("articles"),
    check_specs=check_specs(ARTICLES, "articles"),
)
def articles(context: dg.AssetExecutionContext, ledger: Ledger) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """The day's articles: body, title, date, language, canonical URL; duplicates marked among all articles."""
    return materialized(ARTICLES, steps.take_in(ledger.run(context)), rows="kept")


@dg.asset(
    key=MENTIONS,
    deps=[ARTICLES],
    partitions_def=FETCH_DAYS,
    group_name="facts",
    kinds={"python", "spacy", "duckdb"},
    owners=OWNERS,
    check_specs=check_specs(MENTIONS, "mentions"),
)
def mentions(context: dg.AssetExecutionContext, ledger: Ledger) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """The facts of each new or changed article, with offsets: participants, quotes, events, agreements."""

    def progress(done: int, of: int) -> None:
        if done == of or done % 50 == 0:
            context.log.info(f"{done} of {of} articles read")

    return materialized(MENTIONS, steps.read(ledger.run(context), progress), rows="mentions")


@dg.multi_asset(
    name="resolution",
    specs=[
        dg.AssetSpec(
            key,
            deps=[MENTIONS],
            partitions_def=FETCH_DAYS,
            group_name="resolution",
            kinds={"python", "duckdb"},
            owners=OWNERS,
            description=f"One row per real-world {step.removesuffix('s')}, across all articles."
            if step != "quotes"
            else "Every attributed statement, with its speaker's id and its first report.",
            metadata=column_schema(step),
        )
        for step, key in RESOLVED.items()
    ],
    check_specs=[spec for step, key in RESOLVED.items() for spec in check_specs(key, step)],
)
def resolution(context: dg.AssetExecutionContext, ledger: Ledger) -> Iterator[dg.MaterializeResult]:  # type: ignore[type-arg]
    """Join the facts of all articles to one row per real thing, with ids that never change."""
    for step, report in steps.join(ledger.run(context)).items():
        yield materialized(RESOLVED[step], report, rows=step)


@dg.asset(
    key=CANDIDATE,
    deps=[ARTICLES, *RESOLVED.values()],
    partitions_def=FETCH_DAYS,
    group_name="snapshot",
    kinds={"duckdb"},
    owners=OWNERS,
    check_specs=check_specs(CANDIDATE, "candidate", "views"),
)
def candidate(context: dg.AssetExecutionContext, ledger: Ledger) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """All tables and views in a file of their own, audited as a whole before anyone sees them."""
    return materialized(CANDIDATE, steps.build(ledger.run(context)))


@dg.asset(
    key=PUBLISHED, deps=[CANDIDATE], partitions_def=FETCH_DAYS, group_name="snapshot", kinds={"duckdb"}, owners=OWNERS
)
def published(context: dg.AssetExecutionContext, ledger: Ledger) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """The snapshot that analysts read: an immutable file, and the pointer ``latest.duckdb`` moved to it."""
    return materialized(PUBLISHED, steps.release(ledger.run(context)), rows="articles")


ASSETS = (captures, articles, mentions, resolution, candidate, published)
