"""The rules of the candidate snapshot and of its views.

What belongs here: promises about the file as a whole, after which it is published; all look at the batch.
What does not: diverting single rows (the steps before).
"""

from __future__ import annotations

from expectations import rules_articles
from expectations.families import audit, keyed, referring
from expectations.promises import Expectation, Rule, Severity, at_least, between, equal, is_null
from expectations.rules_resolution import RULES as RESOLUTION

CANDIDATE, VIEWS = "candidate", "views"

# The database itself refuses wrong types and missing values; the rest is audited again in the file as it was written.
_GUARDED_BY_DATABASE = ("types", "complete")


def _audits() -> list[Rule]:
    again = [
        rule
        for rule in RESOLUTION
        if rule.scope == "row" and rule.name.removeprefix(f"{rule.table}_") not in _GUARDED_BY_DATABASE
    ]
    return [audit(rule) for rule in again]


def _whole(name: str, table: str, why: str, *states: Expectation, severity: Severity = "critical") -> Rule:
    return Rule(name, VIEWS if table.startswith("view") else CANDIDATE, table, severity, "batch", why, states)


RULES: tuple[Rule, ...] = (
    audit(keyed(CANDIDATE, "articles")),
    audit(rules_articles.TEXT_HASH),
    audit(rules_articles.WORD_COUNT),
    audit(referring(CANDIDATE, "articles")),
    _whole(
        "articles_originals",
        "articles",
        "A copy points at the original; a chain of copies would be counted as several stories.",
        is_null("original_repeats", "duplicate_of {duplicate_of} repeats {original_repeats} itself"),
        between("version", 1),
    ),
    *_audits(),
    _whole(
        "rows_complete",
        "counts",
        "What the working database holds is what the file must hold; a table half copied looks like a quiet day.",
        equal(
            "candidate_rows",
            "working_rows",
            "{table_name}: {candidate_rows} rows in the file, {working_rows} in the working database",
        ),
    ),
    _whole(
        "ledger_kept",
        "counts",
        "The ledger only grows; a file that lost a tenth of its articles was built from a damaged database.",
        between("kept_share", 0.9, None, "{table_name}: {candidate_rows} rows, {previous_rows} in the published file"),
    ),
    _whole(
        "publication_log",
        "publication",
        "The last row of snapshots describes this file; analysts and alerts read the counts there.",
        equal(
            "logged_rows",
            "candidate_rows",
            "{table_name}: snapshots says {logged_rows} rows, there are {candidate_rows}",
            ignore="both_values_are_missing",
        ),
    ),
    _whole(
        "forwards_lead_on",
        "forwards",
        "An old id is looked up here; a forward that leads nowhere, or from an id in use, loses the reader.",
        is_null("dangling_new_id", "{entity} {old_id} is forwarded to {dangling_new_id}, which is no row"),
        is_null("living_old_id", "{entity} {living_old_id} is forwarded and still a row"),
    ),
    _whole(
        "views_selectable",
        "views",
        "A view is the analyst's first question; one that cannot be selected is a broken promise.",
        is_null("error", "{view_name}: {error}"),
    ),
    _whole(
        "views_columns",
        "views",
        "Notebooks name the columns of a view; a missing one breaks them.",
        is_null("missing_columns", "{view_name} lacks {missing_columns}"),
    ),
    _whole(
        "views_repeat_nothing",
        "views",
        "A row that stands twice in a view is counted twice by whoever sums it up.",
        between("repeated_rows", None, 0, "{view_name}: {repeated_rows} of {rows} rows repeat another"),
        severity="warning",
    ),
    _whole(
        "views_plausible",
        "view_values",
        "Counts below zero, scores beyond the scale or unknown states show that a view computes nonsense.",
        at_least(
            "lowest", "lowest_allowed", "{view_name}.{column_name}: {lowest}, at least {lowest_allowed} is possible"
        ),
        at_least(
            "highest_allowed", "highest", "{view_name}.{column_name}: {highest}, at most {highest_allowed} is possible"
        ),
        is_null("unknown_codes", "{view_name}.{column_name} holds {unknown_codes}, no ISO 3166-1 alpha-3 code"),
    ),
)
