"""What earlier days made of the same bytes at the same address.

What belongs here: what the fetching and the reading of a day ask the log of the days before.
What does not: the log itself (``sources.log``) and the steps that ask (``steps``).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from sources.articles import Delivered, Known
from sources.log import Reason
from warehouse import database

_WALLS = frozenset(
    (
        Reason.BOT_CHECK,
        Reason.CONSENT_PAGE,
        Reason.EMPTY,
        Reason.ERROR_PAGE,
        Reason.LOGIN_PAGE,
        Reason.NOT_FOUND_PAGE,
    )
)


def refused(working: Path, day: dt.date) -> set[tuple[str, str]]:
    """(url, sha256) of what stood in an article's place when it was last read: the article may be there by now."""
    if not working.exists():
        return set()
    with database.connect(working) as con:
        database.create(con)
        outcomes = known(con, day)
    return {key for key, outcome in outcomes.items() if outcome.reason in _WALLS}


def known(con: database.Connection, day: dt.date) -> dict[tuple[str, str], Known]:
    """What became of every page when it was last seen, so that an unchanged one is not parsed again.

    Of the last day only: a page that goes back to what it was before is another version than the one that stands.
    """
    seen = database.read(
        con,
        """select url, sha256, article_id, reason, detail from fetch_log
           where fetch_day < ? and sha256 is not null and status in ('article', 'unchanged', 'rejected')
           order by fetch_day""",
        [day],
    )
    last = {u: (s, Known(a, r, d)) for u, s, a, r, d in seen.itertuples(index=False, name=None)}
    return {(url, sha256): outcome for url, (sha256, outcome) in last.items()}


def delivered(con: database.Connection, day: dt.date) -> dict[str, Delivered]:
    """Article id → what stood of it before this day."""
    stood = database.read(
        con,
        """select article_id, arg_max(source_id, fetch_day), arg_max(word_count, fetch_day) from article_versions
           where fetch_day < ? group by article_id""",
        [day],
    )
    return {id_: Delivered(source, int(words)) for id_, source, words in stood.itertuples(index=False, name=None)}
