"""Reports and rules as Dagster shows them.

What belongs here: a step's report as metadata, a rule's result as an asset check, a table's columns as a column schema.
What does not: what is reported (``steps``) and what is promised (``expectations``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import dagster as dg
import pandas as pd

from assets.steps import Report
from expectations.plain import plain, shortened
from expectations.report import markdown_table, report_markdown
from expectations.rules import rules_of
from warehouse.columns import column_records
from warehouse.schema import table

OWNERS = ["team:chancery"]


def check_specs(key: Sequence[str], *steps: str) -> list[dg.AssetCheckSpec]:
    """One asset check for every rule of the steps.  All may block; a result blocks when its severity is ERROR."""
    return [
        dg.AssetCheckSpec(rule.name, asset=dg.AssetKey(key), blocking=True, description=rule.why)
        for step in steps
        for rule in rules_of(step)
    ]


def check_results(key: Sequence[str], results: Iterable[Any]) -> list[dg.AssetCheckResult]:
    """The results of rules (``expectations.validate.RuleResult``) as asset check results."""
    return [
        dg.AssetCheckResult(
            asset_key=dg.AssetKey(key),
            check_name=r.rule,
            passed=r.success,
            severity=dg.AssetCheckSeverity.ERROR if r.severity == "critical" else dg.AssetCheckSeverity.WARN,
            description=None if r.success else (r.error or f"{r.failed} of {r.checked} rows: {r.why}"),
            metadata={
                "why": r.why,
                "step": r.step,
                "severity": r.severity,
                "checked": r.checked,
                "failed": r.failed,
                **({} if r.success else {"sample": dg.MetadataValue.md(report_markdown([r]))}),
            },
        )
        for r in results
    ]


def materialized(key: Sequence[str], report: Report, rows: str | None = None) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """A step's report as what Dagster shows of the asset.  ``rows``: the count that is the asset's row count."""
    metadata: dict[str, Any] = dict(report.counts)
    if rows is not None and rows in report.counts:
        metadata["dagster/row_count"] = int(report.counts[rows])
    metadata |= {f"preview: {name}": dg.MetadataValue.md(markdown(frame)) for name, frame in report.previews.items()}
    if failed := [r for r in report.results if not r.success]:
        metadata["failed rules"] = dg.MetadataValue.md(report_markdown(failed))
    metadata["rules"] = f"{len(report.results) - len(failed)} of {len(report.results)} kept"
    return dg.MaterializeResult(
        asset_key=dg.AssetKey(key), metadata=metadata, check_results=check_results(key, report.results)
    )


def column_schema(name: str) -> dict[str, dg.TableSchema]:
    """The columns of a table as definition metadata."""
    columns = [
        dg.TableColumn(
            c.name,
            c.type,
            c.description,
            dg.TableColumnConstraints(nullable=c.nullable, unique=c.unique, other=list(c.other)),
        )
        for c in column_records(table(name))
    ]
    return {"dagster/column_schema": dg.TableSchema(columns)}


def markdown(frame: pd.DataFrame) -> str:
    """A small frame as a Markdown table, every value escaped and shortened."""
    if frame.empty:
        return "*none*"
    rows = [{str(k): shortened(plain(v)) for k, v in row.items()} for row in frame.to_dict("records")]
    return markdown_table(rows)
