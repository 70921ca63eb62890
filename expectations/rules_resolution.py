"""The rules of the resolved tables: one row per real participant, event, quote and agreement.

What belongs here: promises that need more than one article, and the families applied to the resolved tables.
What does not: promises about facts inside one article (``rules_mentions``) and about the published file
(``rules_snapshot``).
"""

from __future__ import annotations

from expectations.families import (
    coded,
    complete,
    continuations,
    dated,
    evident,
    keyed,
    mode_fits,
    named,
    party_named,
    quote_words,
    referring,
    row_rule,
    sentences,
    share_held_back,
    spans_inside,
    states_listed,
    typed,
    verbatim,
    written,
)
from expectations.promises import BOTH_MISSING, Rule, at_least, between, equal, is_null, pair_in_set
from expectations.structure import EVIDENCE, REFERENCES, SPANS, STEPS
from warehouse import codes


def _plain(step: str, table: str) -> list[Rule]:
    """What every table promises by its schema alone."""
    return [typed(step, table), complete(step, table), *coded(step, table), keyed(step, table)]


def _tied(step: str, table: str) -> list[Rule]:
    """What a table promises about the articles and the other tables."""
    rules = []
    if table in SPANS:
        rules += [spans_inside(step, table), verbatim(step, table)]
    if table in REFERENCES:
        rules.append(referring(step, table))
    if table in EVIDENCE:
        rules.append(evident(step, table))
    return rules


def _article_count(step: str, table: str) -> Rule:
    return row_rule(
        step,
        table,
        "article_count",
        "How widely a thing is reported is read from this number; copies of one text count once.",
        equal(
            "article_count",
            "articles_telling",
            "article_count is {article_count}, its mentions stand in {articles_telling} articles",
        ),
        cascades=True,
    )


_PARTICIPANTS = (
    named("participants", "participants"),
    row_rule(
        "participants",
        "participants",
        "aliases",
        "The name is one of the written forms; a search among the aliases must find it.",
        is_null("unlisted_name", "name {unlisted_name!r} is not among the aliases"),
    ),
    row_rule(
        "participants",
        "participants",
        "seen",
        "Nobody is last seen before being first seen.",
        at_least("last_seen", "first_seen", "last_seen {last_seen} lies before first_seen {first_seen}"),
    ),
)
_MENTIONS = (
    row_rule(
        "participants",
        "participant_mentions",
        "aliases",
        "Every written form is an alias of the one whom it names; else it was joined to the wrong one.",
        is_null("unlisted_form", "text {unlisted_form!r} is not among the participant's aliases"),
        cascades=True,
    ),
)
_EVENTS = (
    mode_fits("events", "events"),
    row_rule(
        "events",
        "events",
        "scores",
        "Quad class and intensity follow from type and mode; averages by pair of states rest on them.",
        pair_in_set(
            "event_type",
            "quad_class",
            [(name, entry.quad_class) for name, entry in codes.PLOVER.items()],
            "quad_class is {quad_class}, PLOVER gives {event_type} {plover_quad_class}",
        ),
        between("intensity", -10, 10),
        equal(
            "intensity",
            "plover_intensity",
            "intensity is {intensity}, PLOVER gives {event_type} with mode {mode} {plover_intensity}",
        ),
    ),
    *dated("events", "events"),
    states_listed("events", "events"),
)
_EVENT_REPORTS = (
    row_rule(
        "events",
        "events",
        "summary",
        "The summary is evidence: a sentence of an article, not a paraphrase.",
        is_null("unread_summary", "summary {unread_summary!r} is not the sentence of any of its mentions"),
        cascades=True,
    ),
    _article_count("events", "events"),
    row_rule(
        "events",
        "events",
        "reports",
        "Outlets and first report say how a story spread; both follow from its mentions.",
        equal(
            "outlet_count",
            "outlets_telling",
            "outlet_count is {outlet_count}, its mentions stand in {outlets_telling} outlets",
        ),
        equal(
            "first_reported",
            "earliest_report",
            "first_reported is {first_reported}, its earliest article is of {earliest_report}",
            ignore=BOTH_MISSING,
        ),
        cascades=True,
    ),
)
_QUOTES = (
    continuations("quotes", "quotes"),
    quote_words("quotes", "quotes"),
)
_SAME_AS = row_rule(
    "quotes",
    "quotes",
    "same_as",
    "A repetition points at the first report of the same speaker's words, which repeats nothing itself.",
    is_null("original_repeats", "same_as {same_as} repeats {original_repeats} itself"),
    equal(
        "repeating_speaker",
        "original_speaker",
        "speaker is {speaker_id}, that of same_as {same_as} is {original_speaker}",
        ignore=BOTH_MISSING,
    ),
    cascades=True,
)
_AGREEMENTS = (
    *dated("agreements", "agreements"),
    states_listed("agreements", "agreements"),
)


def _step(step: str, *special: tuple[str, tuple[Rule, ...], tuple[Rule, ...]]) -> list[Rule]:
    """The rules of a step's tables in order; ``special``: a table's own rules, before and after the tied ones."""
    own = {table: (before, after) for table, before, after in special}
    rules = []
    for table in STEPS[step].decides:
        before, after = own.get(table, ((), ()))
        rules += [*_plain(step, table), *before, *_tied(step, table), *after]
    return [*rules, share_held_back(step)]


RULES: tuple[Rule, ...] = (
    *_step("participants", ("participants", _PARTICIPANTS, ()), ("participant_mentions", (), _MENTIONS)),
    *_step(
        "events",
        ("events", _EVENTS, _EVENT_REPORTS),
        ("event_mentions", (sentences("events", "event_mentions"),), ()),
    ),
    written("events", "events", ("place",)),
    *_step("quotes", ("quotes", _QUOTES, (_SAME_AS,))),
    *_step(
        "agreements",
        ("agreements", _AGREEMENTS, (_article_count("agreements", "agreements"),)),
        ("agreement_parties", (party_named("agreements", "agreement_parties"),), ()),
    ),
    Rule(
        "agreements_status",
        "agreements",
        "agreements",
        "warning",
        "batch",
        "The register's status is the latest of the history; a status that no article reports came from nowhere.",
        (is_null("unreported_status", "status {unreported_status} is reported by none of its mentions"),),
    ),
    written("agreements", "agreements", ("title", "subject", "place")),
)
