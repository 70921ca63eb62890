"""What is run outside the daily partitions.

What belongs here: operations of Dagster's that are no asset of a day.
What does not: what they do (``rebuild``).

No ``from __future__ import annotations`` here: Dagster reads the annotations of ``context`` as types.
"""

import dagster as dg

from assets.rebuild import HeldBack, Rebuilt, rebuild
from assets.reporting import markdown
from assets.resources import Ledger
from expectations.report import report_markdown


@dg.op(out=dg.Out(dg.Nothing))
def ledger_from_archive(context: dg.OpExecutionContext, ledger: Ledger) -> None:
    """Make the working database anew from every archived day, offline; it replaces the old one and is published."""
    try:
        done = rebuild(ledger.settings(), context.run_id, say=context.log.info)
    except HeldBack as error:
        failed = [r for r in error.report.results if not r.success]
        metadata = {"failed rules": dg.MetadataValue.md(report_markdown(failed))}
        raise dg.Failure(str(error), metadata=metadata, allow_retries=False) from error
    for day, rules in done.held_back.items():
        context.log.warning(f"day {day} was held back ({rules}) and is left out, as a nightly run leaves it out")
    context.add_output_metadata(_told(done))


def _told(done: Rebuilt) -> dict[str, dg.MetadataValue]:
    results = [r for report in done.reports.values() for r in report.results]
    return {
        "days": dg.MetadataValue.int(done.days),
        "days held back": dg.MetadataValue.int(len(done.held_back)),
        "registers from": dg.MetadataValue.text(done.registers_from),
        "rows": dg.MetadataValue.md(markdown(done.changed)),
        "rules": dg.MetadataValue.md(report_markdown(results)),
        "snapshot": dg.MetadataValue.text(str(done.reports["published"].counts["file"])),
    }
