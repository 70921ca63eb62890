"""Results as rows and as text.

What belongs here: the rows of ``quality_results``, and a page for the operator.
What does not: evaluating anything (``validate``).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

import pandas as pd

from expectations.validate import RuleResult

_COLUMNS = "run_id checked_at step rule why severity success checked failed sample fetch_day".split()
# Characters that Markdown or HTML would act upon.
_ACTIVE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\n": " ", "\r": " "} | {c: f"\\{c}" for c in "\\`*_{}[]()#+-.!|~"}
)


def results_frame(
    results: Sequence[RuleResult], run_id: str, checked_at: dt.datetime, fetch_day: dt.date | None
) -> pd.DataFrame:
    """Rows of ``quality_results``: one for each result; ``sample`` is JSON text, null where nothing failed.

    A rule that could not be evaluated has its error in the sample.
    """
    rows = [
        (
            run_id,
            checked_at,
            r.step,
            r.rule,
            r.why,
            r.severity,
            r.success,
            r.checked,
            r.failed,
            _sample(r),
            fetch_day,
        )
        for r in results
    ]
    return pd.DataFrame(rows, columns=_COLUMNS)


def _sample(result: RuleResult) -> str | None:
    shown = [*([{"error": result.error}] if result.error else []), *result.sample]
    return json.dumps(shown, ensure_ascii=False) if shown else None


def report_markdown(results: Sequence[RuleResult]) -> str:
    """The results as Markdown: the failed rules first, with reason and sample, then a line for the others.

    Every value is escaped: the text of an article must not become markup in an operator's browser.
    """
    order = {"critical": 0, "warning": 1, "info": 2}
    failed = sorted((r for r in results if not r.success), key=lambda r: order[r.severity])
    passed = len(results) - len(failed)
    parts = [_failed(result) for result in failed]
    parts.append(f"{passed} of {len(results)} rules held.")
    return "\n\n".join(parts)


def _failed(result: RuleResult) -> str:
    head = f"**{_escaped(result.rule)}** ({result.severity}): {result.failed} of {result.checked} rows failed."
    lines = [head, f"*{_escaped(result.why)}*"]
    if result.error:
        lines.append(f"Could not be evaluated: {_escaped(result.error)}")
    if result.sample:
        lines.append(markdown_table(result.sample))
    return "\n\n".join(lines)


def markdown_table(rows: Sequence[dict[str, Any]]) -> str:
    """Rows as a Markdown table, every value escaped; plain values only (``plain``)."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [[_escaped(name) for name in names], ["---"] * len(names)]
    lines += [[_escaped(row.get(name, "")) for name in names] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _escaped(value: Any) -> str:
    text = "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.translate(_ACTIVE)
