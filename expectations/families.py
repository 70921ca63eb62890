"""Families of rules: a promise that many tables make, stated for one of them.

What belongs here: functions from a step and a table to a rule, derived from the schema and from ``structure``.
What does not: promises of one table alone (``rules_*``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from expectations import structure
from expectations.codes import countries, languages
from expectations.promises import (
    Expectation,
    Rule,
    at_least,
    between,
    equal,
    in_set,
    is_null,
    matches,
    pair_in_set,
)
from expectations.structure import DATES, EVIDENCE, REFERENCES, SPANS, Span, dangling, source
from warehouse import codes, schema
from warehouse.columns import Column
from warehouse.fields import ISO1, ISO3


def row_rule(step: str, table: str, name: str, why: str, *states: Expectation, cascades: bool = False) -> Rule:
    """A rule whose failing rows are diverted."""
    return Rule(f"{table}_{name}", step, table, "warning", "row", why, states, cascades)


def audit(rule: Rule) -> Rule:
    """The same promise about the candidate file as a whole, where there is nothing left to divert."""
    return replace(rule, step="candidate", scope="batch", severity="critical")


def columns_of(step: str, table: str) -> tuple[Column, ...]:
    """The columns that a frame of a step must have and that the schema describes."""
    described = schema.table("article_versions" if (step, table) == ("articles", "articles") else table)
    needed = structure.columns_needed(step, table)
    return tuple(column for column in described.columns if column.name in needed)


def typed(step: str, table: str) -> Rule:
    """Every cell holds the kind of value that its column is declared to hold."""
    return row_rule(
        step,
        table,
        "types",
        "A value of another type than the schema's would be refused by the database, and the whole load with it.",
        is_null("ill_typed", "{ill_typed}"),
    )


def complete(step: str, table: str) -> Rule:
    """No column that must have a value is empty."""
    return row_rule(
        step,
        table,
        "complete",
        "The contract promises a value in these columns; queries do not look for nulls there.",
        is_null("missing_columns", "{missing_columns} missing"),
    )


def coded(step: str, table: str) -> list[Rule]:
    """Columns with a closed vocabulary, ours or a library's, hold nothing else; no rule where there are none."""
    states = []
    for c in columns_of(step, table):
        if c.codes is not None:
            values: Iterable[str | int] = c.codes if c.type == "VARCHAR" else [int(code) for code in c.codes]
            states.append(in_set(c.name, values))
        elif c.pattern == ISO3:
            states.append(in_set(c.name, countries, f"{c.name} is {{{c.name}!r}}, no ISO 3166-1 alpha-3 code"))
        elif c.pattern == ISO1:
            states.append(in_set(c.name, languages, f"{c.name} is {{{c.name}!r}}, no ISO 639-1 code"))
        elif c.name == "countries":
            states.append(
                is_null("unknown_countries", "countries holds {unknown_countries}, no ISO 3166-1 alpha-3 code")
            )
    if not states:
        return []
    why = "A value outside the code list falls out of every query that groups or joins by it."
    return [row_rule(step, table, "codes", why, *states)]


def keyed(step: str, table: str) -> Rule:
    """No row repeats the key of an earlier one."""
    return row_rule(
        step,
        table,
        "unique",
        "A row that stands twice is counted twice in every answer; the first of them stays.",
        is_null("repeated_key", "an earlier row has the same key {repeated_key}"),
    )


def referring(step: str, table: str) -> Rule:
    """Whatever a row refers to is there."""
    return row_rule(
        step,
        table,
        "references",
        "A reference that names nothing makes a fact that nobody can join or check.",
        *(
            is_null(
                dangling(r.column),
                f"{r.column} {{{dangling(r.column)}!r}} names no row of {r.target}"
                + (" in this article, or one that is held back" if r.local else ", or one that is held back"),
            )
            for r in REFERENCES[table]
        ),
        cascades=True,
    )


def evident(step: str, table: str) -> Rule:
    """A row is backed by at least one place in an article."""
    mentions = EVIDENCE[table].mentions
    return row_rule(
        step,
        table,
        "evidence",
        "Whatever is published can be read in an article; without a mention nobody could check it.",
        between("mention_count", 1, None, f"no row of {mentions} tells of it, or all of them are held back"),
        cascades=True,
    )


def spans_inside(step: str, table: str) -> Rule:
    """Every span lies inside its article's text and is not empty."""
    return row_rule(
        step,
        table,
        "spans",
        "A span outside the text points at nothing: the fact cannot be shown in its article.",
        *(state for span in SPANS[table] for state in _inside(span)),
        *(
            equal(f"{span.text}_given", f"{column}_given", f"{span.text} and {column} are not given together")
            for span in SPANS[table]
            if span.text == "speaker_text"
            for column in (span.start, span.end)
        ),
    )


def _inside(span: Span) -> tuple[Expectation, ...]:
    place = f"{span.start} {{{span.start}}}, {span.end} {{{span.end}}}"
    return (
        between(span.start, 0, None, f"{place}: begins before the text"),
        at_least(span.end, span.start, f"{place}: ends before it begins", strictly=True),
        at_least("text_length", span.end, f"{place}: the text ends at {{text_length}}"),
    )


def verbatim(step: str, table: str) -> Rule:
    """What a row quotes is exactly what the article has at that place."""
    return row_rule(
        step,
        table,
        "verbatim",
        "Nothing is paraphrased: every published span is verbatim in its article.",
        *(
            equal(
                span.text,
                source(span.text),
                f"{span.text} is {{{span.text}!r}}, the article has {{{source(span.text)}!r}} "
                f"at {{{span.start}}}-{{{span.end}}}",
            )
            for span in SPANS[table]
        ),
    )


def dated(step: str, table: str) -> list[Rule]:
    """A date agrees with what is said of its precision and origin, and lies in the range of the news."""
    column = DATES[table]
    return [
        row_rule(
            step,
            table,
            "date_basis",
            "Precision and basis say how far a date may be trusted; they cannot contradict it.",
            equal("date_given", "precision_given", f"{column} is {{{column}}}, date_precision {{date_precision}}"),
            equal("date_given", "basis_given", f"{column} is {{{column}}}, date_basis {{date_basis}}"),
            equal(
                column,
                "period_start",
                f"{column} is {{{column}}}, but a {{date_precision}} is given by its first day {{period_start}}",
            ),
        ),
        row_rule(
            step,
            table,
            "date_range",
            "A year far outside the news is a number misread as a date.",
            between(column, structure.EARLIEST_EVENT),
            at_least("latest_plausible", column, f"{column} is {{{column}}}, later than {{latest_plausible}}"),
        ),
    ]


def states_listed(step: str, table: str) -> Rule:
    """A list of states is sorted and names each once."""
    return row_rule(
        step,
        table,
        "countries_sorted",
        "Lists of states are compared as wholes: the same states must make the same list.",
        equal("countries_as_listed", "countries_in_order", "countries is {countries_as_listed}"),
    )


def mode_fits(step: str, table: str) -> Rule:
    """An event's mode is one that its type has."""
    return row_rule(
        step,
        table,
        "mode",
        "PLOVER gives each type its own modes; a mode of another type has no meaning and no score.",
        pair_in_set(
            "event_type",
            "mode",
            [(name, mode) for name, entry in codes.PLOVER.items() for mode in entry.modes],
            "{event_type} has no mode {mode!r}",
        ),
    )


def sentences(step: str, table: str) -> Rule:
    """The sentence of an event's mention lies inside the text and holds the trigger."""
    place = "sentence {sentence_start}-{sentence_end}, trigger {char_start}-{char_end}"
    return row_rule(
        step,
        table,
        "sentence",
        "The sentence is shown as the evidence of the event; it must hold the word that tells of it.",
        between("sentence_start", 0, None, f"{place}: begins before the text"),
        at_least("char_start", "sentence_start", f"{place}: the trigger stands before its sentence"),
        at_least("sentence_end", "char_end", f"{place}: the trigger stands after its sentence"),
        at_least("text_length", "sentence_end", f"{place}: the text ends at {{text_length}}"),
    )


def continuations(step: str, table: str) -> Rule:
    """The second half of a broken quote is a span of its own behind the first."""
    place = "quote {char_start}-{char_end}, continuation {continuation_start}-{continuation_end}"
    return row_rule(
        step,
        table,
        "continuation",
        "A quote broken by its cue goes on behind the cue; its second half is a span like any other.",
        equal("continuation_start_given", "continuation_end_given", f"{place}: half a span"),
        at_least("continuation_start", "char_end", f"{place}: begins inside or before the first half"),
        at_least("continuation_end", "continuation_start", f"{place}: ends before it begins", strictly=True),
        at_least("text_length", "continuation_end", f"{place}: the text ends at {{text_length}}"),
    )


def quote_words(step: str, table: str) -> Rule:
    """A quote says something."""
    return row_rule(
        step,
        table,
        "words",
        "A quote of nothing but marks and blanks is a slip of the extraction.",
        matches("text", r"\w", "text is {text!r}"),
    )


def party_named(step: str, table: str) -> Rule:
    """A party is a participant, a state, or both."""
    return row_rule(
        step,
        table,
        "named",
        "A row that names neither a participant nor a state tells of nobody.",
        is_null("nobody", "neither participant nor country is given"),
    )


def named(step: str, table: str) -> Rule:
    """A participant's name has at least one letter, and a bloc belongs to no state."""
    return row_rule(
        step,
        table,
        "name",
        "A name is what people search for; a bloc with a country would be counted as that state.",
        matches("name", r"[^\W\d_]", "name is {name!r}"),
        is_null("bloc_country", "a bloc has no country, here {bloc_country}"),
    )


def written(step: str, table: str, columns: tuple[str, ...]) -> Rule:
    """What is given as written stands in an article that tells of the row.  A warning: the fact itself may be right."""
    return Rule(
        f"{table}_written",
        step,
        table,
        "warning",
        "batch",
        "These columns hold words of an article; a phrase that no article has was made up.",
        tuple(is_null(f"unwritten_{c}", f"{c} {{unwritten_{c}!r}} stands in no article of this row") for c in columns),
    )


def share_held_back(step: str) -> Rule:
    """Not more than a fifth of the rows of a table is held back."""
    percent = round(structure.MAX_QUARANTINED_SHARE * 100)
    return Rule(
        "share_held_back",
        step,
        "shares",
        "critical",
        "batch",
        f"When more than {percent} % of a table's rows are held back, the step is broken, not the rows "
        f"(tables of fewer than {structure.MIN_ROWS_FOR_SHARE} rows are not judged).",
        (
            between(
                "share",
                None,
                structure.MAX_QUARANTINED_SHARE,
                "{table_name}: {quarantined} of {checked} rows held back",
            ),
        ),
    )
