"""The rules of what each article says: the rows of the ``fact_*`` tables.

What belongs here: promises about facts inside one article.
What does not: promises about resolved tables (``rules_resolution``).
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
from expectations.promises import Rule, between, is_null
from expectations.structure import DATES, EVIDENCE, FACTS, SPANS

STEP = "mentions"


def _date_anchor(table: str) -> Rule:
    return row_rule(
        STEP,
        table,
        "date_anchor",
        "A date that is assumed to be the day of publication needs one, and is that day.",
        is_null("unanchored_basis", "date_basis is published, but the article has no date"),
        between("days_from_publication", 0, 1, "the date lies {days_from_publication:.0f} days from publication"),
    )


def _rules_of_table(table: str) -> list[Rule]:
    rules = [typed(STEP, table), complete(STEP, table), *coded(STEP, table), keyed(STEP, table)]
    if table == "fact_participants":
        rules.append(named(STEP, table))
    if table == "fact_events":
        rules.append(mode_fits(STEP, table))
    if table in DATES:
        rules += [*dated(STEP, table), _date_anchor(table), states_listed(STEP, table)]
    if table in SPANS:
        rules += [spans_inside(STEP, table), verbatim(STEP, table)]
    if table == "fact_event_mentions":
        rules.append(sentences(STEP, table))
    if table == "fact_quotes":
        rules += [continuations(STEP, table), quote_words(STEP, table)]
    if table == "fact_agreement_parties":
        rules.append(party_named(STEP, table))
    rules.append(referring(STEP, table))
    if table in EVIDENCE:
        rules.append(evident(STEP, table))
    return rules


RULES: tuple[Rule, ...] = (
    *(rule for table in FACTS for rule in _rules_of_table(table)),
    share_held_back(STEP),
    Rule(
        "articles_extracted",
        STEP,
        "extractions",
        "warning",
        "batch",
        "An article whose extraction failed has no facts; it is tried again when the extractor changes.",
        (is_null("error", "article {article_id}: {error}"),),
    ),
    Rule(
        "extraction_fails_rarely",
        STEP,
        "batch",
        "critical",
        "batch",
        "When a fifth of the articles cannot be extracted, the extractor is broken, not the articles.",
        (between("failed_share", None, 0.2, "{failed_share:.0%} of {articles} articles could not be extracted"),),
    ),
    Rule(
        "articles_name_actors",
        STEP,
        "batch",
        "warning",
        "batch",
        "Most news names somebody; a batch in which hardly any article does was not read right.",
        (between("naming_share", 0.1, None, "{naming_share:.0%} of {articles} articles name an actor"),),
    ),
    written(STEP, "fact_events", ("place",)),
    written(STEP, "fact_quotes", ("cue",)),
    written(STEP, "fact_agreements", ("title", "subject", "place")),
)
