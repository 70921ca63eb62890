"""The one place that runs Great Expectations: a step's frames in, results, good rows and quarantined rows out.

What belongs here: evaluating rules, and the split of a batch by what failed.
What does not: what is promised (``rules``), helper columns (``prepare``, ``batches``), how results are shown
(``report``).

Great Expectations costs seconds to import, so it is imported where it runs.  Four of its ways are dealt with here:
results come back out of order (each carries its rule in ``meta``); a rule that raised keeps its declared severity (any
exception counts as critical); lists of failing rows are complete on pandas frames in the format COMPLETE only; progress
bars and analytics are on unless told otherwise.
"""

from __future__ import annotations

import json
import os
import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pandas as pd

from expectations import structure
from expectations.batches import batch_frames
from expectations.plain import plain, shortened
from expectations.prepare import FrameError, check_frames, prepare
from expectations.promises import Expectation, Rule, Scope, Severity
from expectations.rules import rules_of
from expectations.ties import let_go, tied
from warehouse import schema

__all__ = ["FrameError", "RuleResult", "StepOutcome", "validate"]

SAMPLE_ROWS = 5
BATCH_ROWS = 50
"""Of a frame about the batch, one row a source, table or view, all that failed are shown, within reason."""
# Complete lists of failing rows; without the text of a query for them, which would be as long as the list.
_RESULT_FORMAT = {"result_format": "COMPLETE", "return_unexpected_index_query": False}
_QUARANTINE = ("table_name", "row_key", "article_id", "rule", "reason", "row")


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What became of a rule.  ``checked``/``failed``: rows looked at and rows that broke it.

    ``sample``: up to five of the failing rows (fifty of a frame about the batch), JSON-safe, long values shortened,
    each with its ``finding``.
    ``error``: set when the rule could not be evaluated; its ``severity`` is then critical, whatever was declared.
    """

    rule: str
    step: str
    table: str
    scope: Scope
    severity: Severity
    why: str
    success: bool
    checked: int
    failed: int
    sample: list[dict[str, Any]]
    error: str | None = None

    @property
    def blocking(self) -> bool:
        """Whether it stops publication."""
        return self.severity == "critical" and not self.success


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """One result for every rule of the step, in order; the decided tables without, and the rows with, failures.

    ``quarantined``: columns table_name, row_key, article_id, rule, reason, row (JSON text of the row as it came).
    """

    results: list[RuleResult]
    good: dict[str, pd.DataFrame]
    quarantined: pd.DataFrame

    @property
    def blocking(self) -> list[RuleResult]:
        """The results that stop publication."""
        return [result for result in self.results if result.blocking]


@dataclass(slots=True)
class _Tally:
    """What is known of a rule so far; ``sample`` and ``broken`` grow over the rounds."""

    rule: Rule
    success: bool = True
    checked: int = 0
    failed: int = 0
    sample: list[dict[str, Any]] = field(default_factory=list)
    error: str | None = None

    def result(self) -> RuleResult:
        r = self.rule
        severity: Severity = "critical" if self.error else r.severity
        return RuleResult(
            r.name, r.step, r.table, r.scope, severity, r.why, self.success, self.checked, self.failed, self.sample,
            self.error,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Finding:
    """An expectation that a row did not meet."""

    rule: str
    text: str


def validate(step: str, frames: Mapping[str, pd.DataFrame], rules: Sequence[Rule] | None = None) -> StepOutcome:
    """Check a step's frames against its rules, or against a selection of them.

    ``frames``: what ``structure.STEPS[step]`` lists, by name; extra columns are left alone.  Rows that break a row rule
    are taken out; rows that refer to them then break a reference rule and follow, until nothing more breaks; those that
    refer to them loosely stay, untied.  The batch rules look at what is left.  Inputs that became no row are
    quarantined for the table that they were meant for.
    Raises KeyError for an unknown step and FrameError for a missing frame or column; bad data raises nothing.
    """
    rules = rules_of(step) if rules is None else rules
    check_frames(step, frames)
    decided = structure.STEPS[step].decides
    # Rows are known by their position from here on.
    current = {name: frame.reset_index(drop=True) for name, frame in frames.items()}
    tallies = {rule.name: _Tally(rule) for rule in rules}
    findings: dict[str, dict[Any, list[_Finding]]] = {name: {} for name in decided}

    due = [rule for rule in rules if rule.scope == "row"]
    prepared = prepare(step, current)
    while due:
        broken = _round(due, prepared, current, tallies)
        for table, rows in broken.items():
            findings[table].update(rows)
        held = {table: prepared[table].loc[list(rows)] for table, rows in broken.items()}
        for table in broken:
            current[table] = current[table].drop(index=held[table].index)
            prepared[table] = prepared[table].drop(index=held[table].index)
        for table in decided:
            where = tied(prepared[table], table, held)
            current[table], prepared[table] = let_go(current[table], where), let_go(prepared[table], where)
        due = [rule for rule in due if rule.cascades] if broken else []
        if broken:
            prepared = prepare(step, current, prepared)

    good = {name: current[name].reset_index(drop=True) for name in decided}
    others = [rule for rule in rules if rule.scope != "row"]
    findings |= _round(others, {**prepared, **batch_frames(step, frames, good)}, current, tallies)
    quarantined = _quarantine(step, frames, findings)
    return StepOutcome([tallies[rule.name].result() for rule in rules], good, quarantined)


def _round(
    rules: Sequence[Rule],
    prepared: Mapping[str, pd.DataFrame],
    originals: Mapping[str, pd.DataFrame],
    tallies: Mapping[str, _Tally],
) -> dict[str, dict[Any, list[_Finding]]]:
    """Evaluate rules, note the outcome in their tallies, and return what is wrong with each row, by table and index."""
    broken: dict[str, dict[Any, list[_Finding]]] = {}
    for table in dict.fromkeys(rule.table for rule in rules):
        frame = prepared[table]
        if frame.empty:
            continue
        of_table = [rule for rule in rules if rule.table == table]
        verdicts = _evaluate(frame, of_table)
        original = originals[table] if table in schema.TABLES else frame
        rows: dict[Any, list[_Finding]] = {}
        for rule in of_table:
            failing = _note(tallies[rule.name], verdicts[rule.name], frame, original)
            if rule.scope != "batch":
                for index, text in failing.items():
                    rows.setdefault(index, []).append(_Finding(rule.name, text))
        if rows:
            broken[table] = rows
    return broken


@dataclass(frozen=True, slots=True)
class _Verdict:
    """Great Expectations' answer for one expectation: rows looked at, indexes that failed, or the error."""

    state: Expectation
    success: bool
    checked: int
    failing: list[Any]
    error: str | None


def _note(tally: _Tally, verdicts: list[_Verdict], frame: pd.DataFrame, original: pd.DataFrame) -> dict[Any, str]:
    """Add an evaluation to a rule's tally; returns what is wrong with each failing row, by index."""
    failing: dict[Any, str] = {}
    most = SAMPLE_ROWS if tally.rule.table in schema.TABLES else max(BATCH_ROWS, SAMPLE_ROWS)
    for verdict in verdicts:
        if verdict.error is not None:
            tally.error = tally.error or verdict.error
        for index, row in _rows(frame, original, [i for i in verdict.failing if i not in failing]):
            failing[index] = _say(verdict.state.finding, row, whole=tally.rule.scope == "input")
            if len(tally.sample) < most:
                shown = _shown_columns(tally.rule, verdict.state, row)
                told = {name: shortened(plain(row[name])) for name in shown}
                tally.sample.append({"finding": failing[index], **told})
    tally.success = tally.success and all(v.success for v in verdicts)
    tally.checked = max(tally.checked, *(v.checked for v in verdicts))
    tally.failed += len(failing)
    return failing


def _rows(frame: pd.DataFrame, original: pd.DataFrame, indexes: list[Any]) -> Iterable[tuple[Any, dict[str, Any]]]:
    """Rows by index: helper columns, over which the cells as they came (a cell of a wrong type shows what it held)."""
    if not indexes:
        return []
    columns = [c for c in frame.columns if c not in original.columns]
    both = original.loc[indexes].join(frame.loc[indexes, columns])
    names = list(both.columns)
    cells = zip(*(both[name] for name in names), strict=True)
    return ((index, dict(zip(names, row, strict=True))) for index, row in zip(indexes, cells, strict=True))


def _shown_columns(rule: Rule, state: Expectation, row: Mapping[str, Any]) -> list[str]:
    """The columns that a sample shows: the row's key, its article, and those that the expectation looks at."""
    if rule.table not in schema.TABLES:
        return list(row)
    names = (*structure.key_of(rule.table), "article_id", *state.columns)
    return [name for name in dict.fromkeys(names) if name in row]


def _say(template: str, row: Mapping[str, Any], *, whole: bool) -> str:
    return _Formatter(whole).vformat(template, (), row)


class _Formatter(string.Formatter):
    """``str.format`` whose values are plain and short, so that a finding stays a sentence; ``whole``: not shortened."""

    def __init__(self, whole: bool) -> None:
        self._whole = whole

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        value = plain(value) if self._whole else shortened(plain(value))
        return f"“{value}”" if conversion == "r" else value

    def format_field(self, value: Any, format_spec: str) -> str:
        return format(value, format_spec) if isinstance(value, (int, float)) else str(value)


def _quarantine(
    step: str, frames: Mapping[str, pd.DataFrame], findings: Mapping[str, Mapping[Any, list[_Finding]]]
) -> pd.DataFrame:
    rows = []
    for table, broken in findings.items():
        names = [str(c) for c in frames[table].columns]
        target, *key = structure.MEANT_FOR.get(table) or (table, *structure.key_of(table))
        key = [c for c in key if c in names]
        held_back = frames[table].iloc[sorted(broken)]
        for index, cells in zip(sorted(broken), held_back.itertuples(index=False, name=None), strict=True):
            row = dict(zip(names, cells, strict=True))
            first, *others = broken[index]
            also = [name for name in dict.fromkeys(f.rule for f in others) if name != first.rule]
            rows.append(
                (
                    target,
                    " / ".join(str(plain(row[c])) for c in key),
                    plain(row.get("article_id")),
                    first.rule,
                    first.text + (f"; also breaks {', '.join(also)}" if also else ""),
                    json.dumps({name: plain(value) for name, value in row.items()}, ensure_ascii=False),
                )
            )
    return pd.DataFrame(rows, columns=list(_QUARANTINE), dtype=object)


# Great Expectations ------------------------------------------------------------------------------------------------


@cache
def _batch_definition() -> Any:
    """Where frames are handed in.  One context in memory serves the process: each makes a folder of its own."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx

    context: Any = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("whole")


def _evaluate(frame: pd.DataFrame, rules: Sequence[Rule]) -> dict[str, list[_Verdict]]:
    """One run of one suite: all expectations of the rules on a frame that has rows."""
    import great_expectations as gx
    from great_expectations.expectations.registry import get_expectation_impl

    states = {(rule.name, n): state for rule in rules for n, state in enumerate(rule.states)}
    verdicts: dict[tuple[str, int], _Verdict] = {}
    expectations = []
    for (name, n), state in states.items():
        try:
            arguments = state.evaluated_arguments()
            expectations.append(get_expectation_impl(state.kind)(**arguments, meta={"rule": name, "part": n}))
        except Exception as error:  # whatever is wrong with a rule is told as that rule's result
            verdicts[name, n] = _raised(state, error)
    suite = gx.ExpectationSuite(name="rules", expectations=expectations)
    try:
        looked_at = {column for state in states.values() for column in state.columns}
        # A batch is hashed as a whole: columns that no rule looks at (texts of articles) would cost for nothing.
        part = frame[[c for c in frame.columns if c in looked_at]]
        batch = _batch_definition().get_batch(batch_parameters={"dataframe": part})
        results = batch.validate(suite, result_format=_RESULT_FORMAT).results
    except Exception as error:  # the suite as a whole: no rule of it was evaluated
        return {rule.name: [_raised(state, error) for state in rule.states] for rule in rules}
    for result in results:
        meta = result.expectation_config.meta
        key = meta["rule"], meta["part"]
        verdicts[key] = _verdict(states[key], result)
    return {rule.name: [_of(verdicts, rule.name, n, s) for n, s in enumerate(rule.states)] for rule in rules}


def _of(verdicts: Mapping[tuple[str, int], _Verdict], name: str, part: int, state: Expectation) -> _Verdict:
    """A verdict; an expectation that came back without one counts as an error."""
    return verdicts.get((name, part)) or _Verdict(state, False, 0, [], "no result came back")


def _raised(state: Expectation, error: Exception) -> _Verdict:
    return _Verdict(state, False, 0, [], f"{type(error).__name__}: {error}")


def _verdict(state: Expectation, result: Any) -> _Verdict:
    error = _exception(result.exception_info)
    found = result.result or {}
    if error is None and "unexpected_index_list" not in found:
        error = "the result has no list of failing rows"
    if error is not None:
        return _Verdict(state, False, 0, [], error)
    checked = int(found["element_count"]) - int(found.get("missing_count") or 0)
    return _Verdict(state, bool(result.success), checked, list(found["unexpected_index_list"] or []), None)


def _exception(info: Mapping[str, Any] | None) -> str | None:
    """The message of a raised exception: the info is one record, or one for each metric that raised."""
    if not info:
        return None
    records = [info] if "raised_exception" in info else list(info.values())
    raised = [r.get("exception_message") or "an exception without message" for r in records if r["raised_exception"]]
    return raised[0] if raised else None
