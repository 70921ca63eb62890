"""Time expressions by table, and which expression dates which word."""

from __future__ import annotations

import datetime as dt

import pytest

from extraction.dates import date_of, default_to_published, finest
from extraction.document import Document, parse
from extraction.facts import When
from extraction.timex import find_times

MONDAY = dt.date(2021, 12, 6)

# (sentence, word that is dated, date or None, precision, basis); all published on Monday 6 December 2021.
TABLE = [
    # one day, counted from publication
    ("The ministers met today.", "met", "2021-12-06", "day", "resolved"),
    ("The ministers met yesterday.", "met", "2021-12-05", "day", "resolved"),
    ("The ministers will meet tomorrow.", "meet", "2021-12-07", "day", "resolved"),
    ("The ministers met last night.", "met", "2021-12-05", "day", "resolved"),
    ("The ministers met this morning.", "met", "2021-12-06", "day", "resolved"),
    ("The leaders will hold a summit later in the day.", "summit", "2021-12-06", "day", "resolved"),
    ("The envoy spoke earlier in the day.", "spoke", "2021-12-06", "day", "resolved"),
    ("The ministers met the day before yesterday.", "met", "2021-12-04", "day", "resolved"),
    ("The ministers will meet the day after tomorrow.", "meet", "2021-12-08", "day", "resolved"),
    ("The treaty was signed two days ago.", "signed", "2021-12-04", "day", "resolved"),
    ("The treaty was signed 10 days ago.", "signed", "2021-11-26", "day", "resolved"),
    ("The treaty was signed about three days ago.", "signed", "2021-12-01", "month", "resolved"),
    ("The delegation will leave in two days.", "leave", "2021-12-08", "day", "resolved"),
    ("The delegation will leave in three days' time.", "leave", "2021-12-09", "day", "resolved"),
    # weekdays
    ("The dialogue was held on Monday.", "held", "2021-12-06", "day", "resolved"),
    ("The dialogue was held on Sunday.", "held", "2021-12-05", "day", "resolved"),
    ("The dialogue was held on Tuesday.", "held", "2021-11-30", "day", "resolved"),
    ("The dialogue will be held on Tuesday.", "held", "2021-12-07", "day", "resolved"),
    ("The dialogue will be held on Monday.", "held", "2021-12-06", "day", "resolved"),
    ("The president will visit next Friday.", "visit", "2021-12-10", "day", "resolved"),
    ("The president will visit next Monday.", "visit", "2021-12-13", "day", "resolved"),
    ("The president visited last Thursday.", "visited", "2021-12-02", "day", "resolved"),
    ("The president visited last Monday.", "visited", "2021-11-29", "day", "resolved"),
    ("The president visited last Sunday.", "visited", "2021-11-28", "day", "resolved"),
    ("The president will visit this Friday.", "visit", "2021-12-10", "day", "resolved"),
    ("The minister resigned late on Saturday.", "resigned", "2021-12-04", "day", "resolved"),
    ("The minister resigned Saturday night.", "resigned", "2021-12-04", "day", "resolved"),
    ("Envoys are due to meet on Thursday.", "meet", "2021-12-09", "day", "resolved"),
    ("The council is expected to vote on Wednesday.", "vote", "2021-12-08", "day", "resolved"),
    ("Officials would travel to Oslo on Wednesday.", "travel", "2021-12-08", "day", "resolved"),
    # weeks and weekends: the month is what is known
    ("The army withdrew last week.", "withdrew", "2021-12-01", "month", "resolved"),
    ("The army withdrew earlier this week.", "withdrew", "2021-12-01", "month", "resolved"),
    ("The army will withdraw next week.", "withdraw", "2021-12-01", "month", "resolved"),
    ("The army withdrew two weeks ago.", "withdrew", "2021-11-01", "month", "resolved"),
    ("The army withdrew a week ago.", "withdrew", "2021-12-01", "month", "resolved"),
    ("The leaders met last weekend.", "met", "2021-12-01", "month", "resolved"),
    ("The leaders will meet this weekend.", "meet", "2021-12-01", "month", "resolved"),
    # months
    ("The embassy closed last month.", "closed", "2021-11-01", "month", "resolved"),
    ("The embassy will open next month.", "open", "2022-01-01", "month", "resolved"),
    ("The embassy closed this month.", "closed", "2021-12-01", "month", "resolved"),
    ("The embassy closed earlier in the month.", "closed", "2021-12-01", "month", "resolved"),
    ("The embassy will close at the end of the month.", "close", "2021-12-01", "month", "resolved"),
    ("The embassy closed three months ago.", "closed", "2021-09-01", "month", "resolved"),
    ("The embassy closed in January.", "closed", "2021-01-01", "month", "resolved"),
    ("The embassy closed in December.", "closed", "2021-12-01", "month", "resolved"),
    ("The embassy will reopen in January.", "reopen", "2022-01-01", "month", "resolved"),
    ("The embassy closed last October.", "closed", "2021-10-01", "month", "resolved"),
    ("The embassy closed last December.", "closed", "2020-12-01", "month", "resolved"),
    ("The embassy will reopen next May.", "reopen", "2022-05-01", "month", "resolved"),
    ("The embassy closed in early March.", "closed", "2021-03-01", "month", "resolved"),
    ("The embassy closed in March 2014.", "closed", "2014-03-01", "month", "stated"),
    ("The embassy closed in Sept. 2014.", "closed", "2014-09-01", "month", "stated"),
    # days of a month
    ("They signed the accord on 6 December.", "signed", "2021-12-06", "day", "resolved"),
    ("They signed the accord on Dec. 6.", "signed", "2021-12-06", "day", "resolved"),
    ("They signed the accord on 3rd November.", "signed", "2021-11-03", "day", "resolved"),
    ("They signed the accord on the 3rd of November.", "signed", "2021-11-03", "day", "resolved"),
    ("They will sign the accord on 12 January.", "sign", "2022-01-12", "day", "resolved"),
    ("They signed the accord on 12 January.", "signed", "2021-01-12", "day", "resolved"),
    ("They signed the accord on December 24.", "signed", "2020-12-24", "day", "resolved"),
    ("They signed the accord on December 6, 2021.", "signed", "2021-12-06", "day", "stated"),
    ("They signed the accord on 6 December 2019.", "signed", "2019-12-06", "day", "stated"),
    ("They signed the accord on Friday, June 3rd 2016.", "signed", "2016-06-03", "day", "stated"),
    ("They signed the accord on 2019-03-07.", "signed", "2019-03-07", "day", "stated"),
    ("They signed the accord on 28/11/2021.", "signed", "2021-11-28", "day", "stated"),
    ("They signed the accord on 11/28/2021.", "signed", "2021-11-28", "day", "stated"),
    ("They signed the accord on 04.04.2019.", "signed", "2019-04-04", "day", "stated"),
    ("They signed the accord on 06/12/2021.", "signed", "2021-12-06", "day", "stated"),
    ("They signed the accord on 03/05/2019.", "signed", "2019-01-01", "year", "stated"),
    ("The commissioner visited Tunis from April 5-7.", "visited", "2021-04-05", "day", "resolved"),
    # years, seasons, decades
    ("The treaty was ratified in 2019.", "ratified", "2019-01-01", "year", "stated"),
    ("The island has been occupied since 1974.", "occupied", "1974-01-01", "year", "stated"),
    ("The forces will withdraw by 2030.", "withdraw", "2030-01-01", "year", "stated"),
    ("The treaty was ratified last year.", "ratified", "2020-01-01", "year", "resolved"),
    ("The treaty will be ratified next year.", "ratified", "2022-01-01", "year", "resolved"),
    ("The treaty was ratified earlier this year.", "ratified", "2021-01-01", "year", "resolved"),
    ("The treaty was ratified four years ago.", "ratified", "2017-01-01", "year", "resolved"),
    ("The treaty was ratified more than four years ago.", "ratified", None, "unknown", "unknown"),
    ("The treaty was ratified last summer.", "ratified", "2021-01-01", "year", "resolved"),
    ("The treaty had been ratified in the 1990s.", "ratified", None, "unknown", "unknown"),
    # the date of another act, or of none
    ("The ministers had met after the strike on Friday.", "met", None, "unknown", "unknown"),
    ("The deal had been extended until March.", "extended", None, "unknown", "unknown"),
    ("Some 2000 soldiers had crossed the border.", "crossed", None, "unknown", "unknown"),
]


def _dated(text: str, word: str, published: dt.date | None = MONDAY) -> When:
    document = parse(text, published)
    return date_of(document, next(t for t in document.doc if t.text == word))


@pytest.mark.parametrize(("text", "word", "date", "precision", "basis"), TABLE, ids=[row[0] for row in TABLE])
def test_expression_is_resolved(text: str, word: str, date: str | None, precision: str, basis: str) -> None:
    when = _dated(text, word)
    assert (str(when.date) if when.date else None, when.precision, when.basis) == (date, precision, basis)


def test_date_attaches_to_its_own_clause() -> None:
    text = "On Friday the ministers met in Oslo after rebels attacked the port on Wednesday."
    assert _dated(text, "met").date == dt.date(2021, 12, 3)
    assert _dated(text, "attacked").date == dt.date(2021, 12, 1)


def test_noun_takes_its_own_date() -> None:
    text = "The visit follows an attack in March 2020 and precedes a summit next month."
    assert _dated(text, "attack") == When(dt.date(2020, 3, 1), "month", "stated")


def test_paragraph_goes_on_telling_of_the_same_day() -> None:
    text = "The president met the premier on Friday. He also urged restraint."
    assert _dated(text, "urged") == When(dt.date(2021, 12, 3), "day", "resolved")


def test_stated_day_that_is_only_inferred_is_no_longer_stated() -> None:
    text = "The president met the premier on 3 December 2021. He also urged restraint."
    assert _dated(text, "urged") == When(dt.date(2021, 12, 3), "day", "resolved")


def test_the_following_day_counts_from_the_day_told() -> None:
    text = "The summit opened on Thursday. The following day the leaders signed a treaty."
    assert _dated(text, "signed").date == dt.date(2021, 12, 3)


def test_statement_dates_what_it_says_and_its_year_does_not() -> None:
    assert _dated("In a letter sent on Friday, the envoy condemned the vote.", "condemned").date == dt.date(2021, 12, 3)
    assert _dated("The minister had praised the 2001 treaty.", "praised") == When()


def test_outcome_of_a_meeting_is_of_its_day() -> None:
    text = "The ministers signed a pact after talks in Oslo on Friday."
    assert _dated(text, "talks").date == dt.date(2021, 12, 3)
    text = "On Friday the premiers signed a pact after a meeting in Oslo."
    assert _dated(text, "meeting").date == dt.date(2021, 12, 3)


def test_refusal_is_of_the_day_it_is_told_and_a_plan_is_not() -> None:
    told = _dated("The president said on Sunday that he would not meet the rebels.", "meet")
    assert told.date == dt.date(2021, 12, 5)
    assert _dated("The president said on Sunday that he would meet the rebels.", "meet") == When()


def test_span_of_years_dates_nothing() -> None:
    assert _dated("The states had adopted an action plan for 2024-2028.", "adopted") == When()


def test_finest_prefers_the_exact_and_the_told() -> None:
    month, day = When(dt.date(2021, 12, 1), "month", "resolved"), When(dt.date(2021, 12, 3), "day", "resolved")
    assert finest([When(), month, When(MONDAY, "day", "published"), day]) == day
    assert finest([month, When(MONDAY, "day", "published")]) == month
    assert finest([]) == When()


def test_dateline_dates_the_report_not_the_act() -> None:
    when = _dated("GENEVA, December 6 (Newswire) - The two states have signed an accord.", "signed")
    assert when == When(MONDAY, "day", "published")


def test_news_without_a_date_is_marked_as_defaulted() -> None:
    assert _dated("The ministry condemns the attack.", "condemns") == When(MONDAY, "day", "published")


def test_plans_and_background_are_never_given_the_day_of_publication() -> None:
    assert _dated("The presidents will sign a treaty.", "sign") == When()
    assert _dated("The presidents had signed a treaty.", "signed") == When()


def test_without_a_publication_date_only_absolute_dates_are_known() -> None:
    assert _dated("The ministers met on Monday.", "met", None) == When()
    assert _dated("The ministers met on 3 May 2019.", "met", None) == When(dt.date(2019, 5, 3), "day", "stated")
    assert default_to_published(Document(parse("Nothing.").doc, None)) == When()


@pytest.mark.parametrize(
    "text",
    [
        "They marched on Bloody Sunday.",
        "The Sunday Times reported it.",
        "It may march in august company.",
        "The shares rose 2019.5 points.",
    ],
)
def test_no_time_expression(text: str) -> None:
    assert find_times(parse(text).doc) == []


def test_impossible_days_are_no_dates() -> None:
    assert _dated("They had signed it on 31 February 2020.", "signed") == When()


def test_days_outside_the_calendar_are_no_dates() -> None:
    assert _dated("They had met 99 years ago.", "met", dt.date(20, 1, 1)) == When()
    assert _dated("They will meet next Friday.", "meet", dt.date(9999, 12, 31)) == When()


def test_time_is_linear_in_the_text() -> None:
    document = parse("The ministers met on Monday in Oslo. " * 300, MONDAY)
    assert len(find_times(document.doc)) == 300
