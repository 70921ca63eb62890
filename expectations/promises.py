"""The records a rule is made of, and the ways to state one.

What belongs here: ``Rule``, ``Expectation`` and one small constructor for each Great Expectations expectation in use.
What does not: the rules themselves (``rules``), their evaluation (``validate``), the columns they look at
(``columns``).

Imported by whoever declares asset checks, so nothing heavy may be imported here: no pandas, no Great Expectations.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["critical", "warning", "info"]
Scope = Literal["row", "batch", "input"]

EITHER_MISSING = "either_value_is_missing"
BOTH_MISSING = "both_values_are_missing"


@dataclass(frozen=True, slots=True)
class Expectation:
    """One Great Expectations expectation about a frame.

    ``kind``: its name there.  ``arguments``: its keyword arguments; a callable value is called when it is evaluated, so
    that a long code list costs nothing at import.  ``finding``: what is said of a failing row, a ``str.format``
    template over the row's columns, helper columns included.
    """

    kind: str
    arguments: Mapping[str, Any] = field(hash=False)
    finding: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it looks at."""
        names = (self.arguments.get(k) for k in ("column", "column_A", "column_B"))
        return tuple(n for n in names if n is not None)

    def evaluated_arguments(self) -> dict[str, Any]:
        """The arguments with every callable called."""
        return {k: v() if callable(v) else v for k, v in self.arguments.items()}


@dataclass(frozen=True, slots=True)
class Rule:
    """A promise about a table of a step.

    ``name`` is unique inside its step.  ``why`` is its reason, in a sentence.  ``scope``: the rows that break a ``row``
    rule are diverted to quarantine; a ``batch`` rule looks at the batch as a whole, and a critical one stops
    publication.  So a row rule is never critical.  An ``input`` rule looks at inputs that became no row; those that
    break it are put into quarantine in place of the row that they should have become.  ``cascades``: it looks at other
    rows, hence may break when some of them are diverted.
    """

    name: str
    step: str
    table: str
    severity: Severity
    scope: Scope
    why: str
    states: tuple[Expectation, ...]
    cascades: bool = False

    def __post_init__(self) -> None:
        if self.scope != "batch" and self.severity == "critical":
            raise ValueError(f"{self.step}.{self.name}: a rule that diverts what breaks it cannot be critical")
        if not self.states:
            raise ValueError(f"{self.step}.{self.name}: states nothing")


# one constructor for each kind of expectation -----------------------------------------------------------------------


def is_null(column: str, finding: str) -> Expectation:
    """The column, which names what is wrong with a row, is empty."""
    return Expectation("expect_column_values_to_be_null", {"column": column}, finding)


def in_set(column: str, values: Iterable[Any] | Callable[[], Iterable[Any]], finding: str = "") -> Expectation:
    """Every value is one of a list."""
    allowed = values if callable(values) else list(values)
    told = "" if callable(values) else f", not one of {', '.join(map(str, allowed))}"  # type: ignore[arg-type]
    return Expectation(
        "expect_column_values_to_be_in_set",
        {"column": column, "value_set": allowed},
        finding or f"{column} is {{{column}!r}}{told}",
    )


def between(column: str, low: Any = None, high: Any = None, finding: str = "") -> Expectation:
    """Every value lies between two bounds, themselves included; None leaves a side open."""
    told = {(True, False): f"at least {low}", (False, True): f"at most {high}"}.get(
        (low is not None, high is not None), f"between {low} and {high}"
    )
    return Expectation(
        "expect_column_values_to_be_between",
        {"column": column, "min_value": _moment(low), "max_value": _moment(high)},
        finding or f"{column} is {{{column}}}, expected {told}",
    )


def matches(column: str, regex: str, finding: str) -> Expectation:
    """Every value contains a match of the regular expression."""
    return Expectation("expect_column_values_to_match_regex", {"column": column, "regex": regex}, finding)


def equal(column: str, other: str, finding: str, ignore: str = EITHER_MISSING) -> Expectation:
    """Two columns agree in every row."""
    return Expectation(
        "expect_column_pair_values_to_be_equal",
        {"column_A": column, "column_B": other, "ignore_row_if": ignore},
        finding,
    )


def at_least(column: str, other: str, finding: str, *, strictly: bool = False) -> Expectation:
    """The first column is not smaller than the second in any row (``strictly``: it is larger)."""
    return Expectation(
        "expect_column_pair_values_a_to_be_greater_than_b",
        {"column_A": column, "column_B": other, "or_equal": not strictly, "ignore_row_if": EITHER_MISSING},
        finding,
    )


def pair_in_set(column: str, other: str, pairs: Iterable[tuple[Any, Any]], finding: str) -> Expectation:
    """The two columns together are one of the listed pairs."""
    return Expectation(
        "expect_column_pair_values_to_be_in_set",
        {"column_A": column, "column_B": other, "value_pairs_set": list(pairs), "ignore_row_if": EITHER_MISSING},
        finding,
    )


def _moment(value: Any) -> Any:
    """Days as moments: the frames hold days as midnights."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime(value.year, value.month, value.day)
    return value
