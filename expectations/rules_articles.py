"""The rules of the articles of a day.

What belongs here: promises about the article frame, the fetch log and the volumes of the sources.
What does not: promises about facts (``rules_mentions``) and resolved tables (``rules_resolution``).
"""

from __future__ import annotations

from expectations.families import coded, complete, keyed, row_rule, share_held_back, typed
from expectations.promises import Rule, at_least, between, equal, in_set, is_null, matches
from expectations.structure import EARLIEST_PUBLICATION, PUBLICATION_LEAD, dangling
from warehouse import codes

STEP = "articles"

TEXT_HASH = row_rule(
    STEP,
    "articles",
    "content_hash",
    "The hash decides whether an article changed and must be extracted again; a wrong one hides the change.",
    equal("content_hash", "hash_of_text", "content_hash is {content_hash}, the text's is {hash_of_text}"),
)
WORD_COUNT = row_rule(
    STEP,
    "articles",
    "word_count",
    "Thresholds and averages count words; no text has none, or more of them than characters.",
    between("word_count", 1),
    at_least("characters", "word_count", "word_count is {word_count}, the text has {characters} characters"),
)

RULES: tuple[Rule, ...] = (
    typed(STEP, "articles"),
    complete(STEP, "articles"),
    *coded(STEP, "articles"),
    keyed(STEP, "articles"),
    row_rule(
        STEP,
        "articles",
        "text",
        "An article without a word says nothing; a page gave its frame and not its story.",
        matches("text", r"\w", "text is {text!r}"),
    ),
    TEXT_HASH,
    WORD_COUNT,
    row_rule(
        STEP,
        "articles",
        "source",
        "An article is counted against the bounds and licence of its source; an unknown source has neither.",
        is_null(dangling("source_id"), "source_id {dangling_source_id!r} is no entry of the catalogue"),
    ),
    row_rule(
        STEP,
        "articles",
        "published",
        "Every relative date of the text is counted from this one; a parser's accident would move them all.",
        between("published_at", EARLIEST_PUBLICATION),
        at_least(
            "latest_published",
            "published_at",
            f"published_at is {{published_at}}, more than {PUBLICATION_LEAD.days} days after fetching ({{fetched_at}})",
        ),
    ),
    Rule(
        "source_minimum",
        STEP,
        "volumes",
        "critical",
        "batch",
        "A source that delivers less than it always does is broken or has gone quiet; its gap must not pass unseen.",
        (
            at_least(
                "found",
                "min_articles",
                "{source_id}: {found} articles, at least {min_articles} are expected ({reason}); {why}",
            ),
        ),
    ),
    Rule(
        "source_maximum",
        STEP,
        "volumes",
        "critical",
        "batch",
        "A source that delivers more than it can have written repeats itself or is read wrongly.",
        (
            at_least(
                "max_articles",
                "found",
                "{source_id}: {found} articles, at most {max_articles} are expected ({reason})",
            ),
        ),
    ),
    Rule(
        "source_median",
        STEP,
        "volumes",
        "warning",
        "batch",
        "Sources die quietly; one that falls far below its own usual day, or rests after failures, must be looked at.",
        (
            at_least(
                "found",
                "least",
                "{source_id}: {state}: {found} articles, its median of {earlier_days} days before is {median}; {why}",
            ),
        ),
    ),
    Rule(
        "source_frozen",
        STEP,
        "volumes",
        "warning",
        "batch",
        "A feed that a site forgot goes on delivering what it always did; volumes alone never show it.",
        (
            at_least(
                "patience",
                "idle",
                "{source_id}: frozen: {found} articles, nothing new in them for {idle} days, the limit is {patience}",
            ),
        ),
    ),
    Rule(
        "parse_in_the_box",
        STEP,
        "unread",
        "warning",
        "input",
        "What a parser cannot cope with is a fault of the parser until somebody has looked; it must not vanish.",
        (is_null("sentence", "{sentence} ({detail}) To parse it again: {command}"),),
    ),
    share_held_back(STEP),
    Rule(
        "fetch_log_codes",
        STEP,
        "fetch_log",
        "warning",
        "batch",
        "Whatever was fetched is accounted for under a known status; another one falls out of the coverage view.",
        (in_set("status", codes.FETCH_STATUS.codes),),
    ),
    Rule(
        "fetches_succeed",
        STEP,
        "fetches",
        "warning",
        "batch",
        "When a fifth of what a source offers cannot be fetched, the day is thinner than it looks.",
        (between("failed_share", None, 0.2, "{source_id}: {failed} failed, {article} became articles"),),
    ),
    Rule(
        "pages_accepted",
        STEP,
        "fetches",
        "info",
        "batch",
        "When half of what a source offers is no article, its entry points at the wrong pages or its layout changed.",
        (between("rejected_share", None, 0.5, "{source_id}: {rejected} rejected, {article} became articles"),),
    ),
    Rule(
        "articles_dated",
        STEP,
        "batch",
        "warning",
        "batch",
        "Relative dates cannot be resolved in an article without its own; most articles have one.",
        (between("undated_share", None, 0.5, "{undated_share:.0%} of {articles} articles have no date"),),
    ),
    Rule(
        "copies_few",
        STEP,
        "batch",
        "info",
        "batch",
        "Exact copies are counted once; a day of nothing but copies tells of a source that repeats another.",
        (between("copies_share", None, 0.5, "{copies_share:.0%} of {articles} articles repeat a text of the batch"),),
    ),
)
