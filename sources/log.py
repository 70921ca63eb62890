"""What became of every input: typed reasons and the entries of the fetch log.

What belongs here: the list of reasons, each with its sentence, and counting over log entries.
What does not: deciding that a reason applies (readers, articles).

Every input gets exactly one closing entry (`Status.closes`): article, unchanged, rejected or failed.  Warnings and
documents come in addition.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """What became of one input."""

    ARTICLE = "article"  # it is an article
    UNCHANGED = "unchanged"  # the same bytes as on an earlier day: not parsed again, counts as delivered
    REJECTED = "rejected"  # read, and not an article
    FAILED = "failed"  # could not be read at all
    WARNING = "warning"  # something a reader should know; the article is kept
    DOCUMENT = "document"  # a container (feed, article file) that was opened

    @property
    def closes(self) -> bool:
        """Whether this is the one closing entry of an input."""
        return self in (Status.ARTICLE, Status.UNCHANGED, Status.REJECTED, Status.FAILED)


class Reason(StrEnum):
    """Why an input is no article, or what is odd about one.  `sentence` says it to a person."""

    # reading
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    UNSUPPORTED_TYPE = "unsupported_type"
    SOURCE_MISSING = "source_missing"
    ARCHIVE_DAMAGED = "archive_damaged"
    MANIFEST_TORN = "manifest_torn"
    NOTHING_ARCHIVED = "nothing_archived"
    # the network
    BAD_ADDRESS = "bad_address"
    CONNECT_FAILED = "connect_failed"
    TIMED_OUT = "timed_out"
    PROTOCOL_ERROR = "protocol_error"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    HTTP_NOT_FOUND = "http_not_found"
    HTTP_REFUSED = "http_refused"
    HTTP_BUSY = "http_busy"
    HTTP_SERVER_ERROR = "http_server_error"
    HTTP_UNEXPECTED = "http_unexpected"
    HOST_DOWN = "host_down"
    HOST_BUSY = "host_busy"
    POSTPONED = "postponed"
    SOURCE_RESTING = "source_resting"
    PRIVATE_ADDRESS = "private_address"
    ROBOTS_DISALLOWED = "robots_disallowed"
    ROBOTS_UNREACHABLE = "robots_unreachable"
    FETCH_FAILED_REPLAYED = "fetch_failed_replayed"
    # content
    EMPTY = "empty"
    BINARY = "binary"
    NOT_A_FEED = "not_a_feed"
    NOT_A_SITEMAP = "not_a_sitemap"
    FEED_DAMAGED = "feed_damaged"
    NOT_A_WARC = "not_a_warc"
    RECORD_DAMAGED = "record_damaged"
    NOT_HELD = "not_held"
    NO_ITEMS = "no_items"
    NOT_WANTED = "not_wanted"
    SHRUNK = "shrunk"
    BAD_JSON_LINE = "bad_json_line"
    MISSING_FIELD = "missing_field"
    BAD_FIELD = "bad_field"
    DUPLICATE_URL_IN_SOURCE = "duplicate_url_in_source"
    DUPLICATE_URL_OTHER_SOURCE = "duplicate_url_other_source"
    PARSER_FAILED = "parser_failed"
    CONSENT_PAGE = "consent_page"
    LOGIN_PAGE = "login_page"
    BOT_CHECK = "bot_check"
    NOT_FOUND_PAGE = "not_found_page"
    ERROR_PAGE = "error_page"
    LISTING_PAGE = "listing_page"
    PARSER_STUCK = "parser_stuck"
    PARSER_MEMORY = "parser_memory"
    PARSER_CRASHED = "parser_crashed"
    # kept, with a warning
    BAD_DATE = "bad_date"
    UNKNOWN_LANGUAGE = "unknown_language"
    CHARSET_GUESSED = "charset_guessed"
    REPAIRED_TEXT = "repaired_text"
    SUMMARY_ONLY = "summary_only"

    @property
    def sentence(self) -> str:
        """The reason as a sentence."""
        return _SENTENCES[self]

    @classmethod
    def of_status(cls, status: int) -> Reason | None:
        """Why an answer with this HTTP status is no page; None for 200, which is one."""
        if status == 200:
            return None
        if status in (404, 410):
            return cls.HTTP_NOT_FOUND
        if status in (401, 403, 451):
            return cls.HTTP_REFUSED
        if status == 429:
            return cls.HTTP_BUSY
        return cls.HTTP_SERVER_ERROR if 500 <= status <= 599 else cls.HTTP_UNEXPECTED

    @property
    def of_parser(self) -> bool:
        """Whether it tells of what parsed the input, and where: another version, or another machine, may read it."""
        return self in (
            Reason.PARSER_FAILED,
            Reason.PARSER_STUCK,
            Reason.PARSER_MEMORY,
            Reason.PARSER_CRASHED,
        )


_SENTENCES = {
    Reason.UNREADABLE: "The file could not be read.",
    Reason.TOO_LARGE: "It is larger than the size limit.",
    Reason.UNSUPPORTED_TYPE: "Its type is not read; read are HTML and text; as files .html, .htm, .txt, .jsonl, .warc.",
    Reason.SOURCE_MISSING: "The file or folder of this source is not there.",
    Reason.ARCHIVE_DAMAGED: "The archived bytes do not match their hash, or are gone.",
    Reason.MANIFEST_TORN: "A line of the day's manifest cannot be read, as after a power cut; it was passed over.",
    Reason.NOTHING_ARCHIVED: "The archive holds nothing of this source for the day that is replayed.",
    Reason.BAD_ADDRESS: "The address is not a usable http or https address.",
    Reason.CONNECT_FAILED: "No connection to the server.",
    Reason.TIMED_OUT: "The server did not answer in time.",
    Reason.PROTOCOL_ERROR: "The server broke off, or did not speak proper HTTP.",
    Reason.TOO_MANY_REDIRECTS: "The server redirects too often.",
    Reason.HTTP_NOT_FOUND: "The server says that there is no such page (404, 410).",
    Reason.HTTP_REFUSED: "The server refuses the page (401, 403, 451).",
    Reason.HTTP_BUSY: "The server asks to come back later (429).",
    Reason.HTTP_SERVER_ERROR: "The server failed (5xx).",
    Reason.HTTP_UNEXPECTED: "The server answered with a status that is no page.",
    Reason.HOST_DOWN: "Not tried: this host has just failed several times in a row.",
    Reason.HOST_BUSY: "Not tried: this host asks to be left alone for longer than a run can wait.",
    Reason.POSTPONED: "Not tried: what this host or source may take in one run is used up, as the detail says.",
    Reason.SOURCE_RESTING: "Not tried: this source failed on the last runs, and is tried again after a rest.",
    Reason.PRIVATE_ADDRESS: "The name leads to a private, local or reserved network, which this source may not reach.",
    Reason.ROBOTS_DISALLOWED: "The site's robots.txt asks not to fetch this address.",
    Reason.ROBOTS_UNREACHABLE: "The site's robots.txt could not be read, which means: do not fetch.",
    Reason.FETCH_FAILED_REPLAYED: "Fetching failed, so what was archived earlier is used.",
    Reason.EMPTY: "There is no text in it.",
    Reason.BINARY: "It is not text but binary data.",
    Reason.NOT_A_FEED: "It is not a feed (RSS, Atom, RDF or JSON Feed).",
    Reason.NOT_A_SITEMAP: "It is not a sitemap, or one that is not read.",
    Reason.NOT_A_WARC: "It is not a WARC file.",
    Reason.RECORD_DAMAGED: "A record of the WARC file is damaged; the others were read.",
    Reason.NOT_HELD: "The WARC record only says that the page was as in another record, which is not at hand.",
    Reason.FEED_DAMAGED: "The feed is damaged; the items that could be read were used.",
    Reason.NO_ITEMS: "There are no items in it.",
    Reason.NOT_WANTED: "Its address does not match the link_pattern that the catalogue gives for the source.",
    Reason.SHRUNK: "The page now shows a small part of the article, as behind a wall; the longer text stands.",
    Reason.BAD_JSON_LINE: "The line is not a JSON object.",
    Reason.MISSING_FIELD: "A field that every article needs is missing.",
    Reason.BAD_FIELD: "A field holds a value of the wrong type.",
    Reason.DUPLICATE_URL_IN_SOURCE: "This source has delivered the article of this address before, or in full.",
    Reason.DUPLICATE_URL_OTHER_SOURCE: "Another source has delivered the article of this address before, or in full.",
    Reason.PARSER_FAILED: "The parser failed on it.",
    Reason.PARSER_STUCK: "The parser did not come to an end with it in the time that one parse may take.",
    Reason.PARSER_MEMORY: "The parser needs more memory for it than one parse may take.",
    Reason.PARSER_CRASHED: "The process that parsed it died.",
    Reason.CONSENT_PAGE: "The page asks for consent to cookies or tracking instead of showing an article.",
    Reason.LOGIN_PAGE: "The page asks to log in or to subscribe instead of showing an article.",
    Reason.BOT_CHECK: "The page checks whether a person is reading; the server keeps crawlers out.",
    Reason.NOT_FOUND_PAGE: "The page says that there is no such page, though the server called it a success.",
    Reason.ERROR_PAGE: "The page says that the site is out of order, though the server called it a success.",
    Reason.LISTING_PAGE: "The page is a front page or a section: a list of links, not an article.",
    Reason.BAD_DATE: "The date of publication cannot be read or lies in the future; the article is kept without one.",
    Reason.UNKNOWN_LANGUAGE: "The language cannot be told; the article is kept without one.",
    Reason.CHARSET_GUESSED: "The bytes are not in the declared character set, which was therefore guessed.",
    Reason.REPAIRED_TEXT: "Characters that cannot be stored (NUL, lone surrogates) were replaced one for one.",
    Reason.SUMMARY_ONLY: "The linked page could not be had; the feed's summary stands in for it.",
}


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One row of `fetch_log`.  Times are naive UTC; `seconds` is the time that fetching took."""

    fetch_day: dt.date
    source_id: str
    url: str
    status: Status
    reason: Reason | None = None
    detail: str | None = None
    bytes: int | None = None
    seconds: float | None = None
    http_status: int | None = None
    sha256: str | None = None
    article_id: str | None = None
    logged_at: dt.datetime | None = None


def delivered(log: Iterable[LogEntry]) -> dict[str, int]:
    """Articles delivered per source (for `min_articles` and `max_articles`); a source that is named at all has a key.

    New, unchanged and repeated-elsewhere articles count: each of them arrived.
    """
    counts: Counter[str] = Counter()
    for entry in log:
        arrived = entry.status in (Status.ARTICLE, Status.UNCHANGED) or (
            entry.reason is Reason.DUPLICATE_URL_OTHER_SOURCE and entry.status is Status.REJECTED
        )
        counts[entry.source_id] += arrived
    return dict(counts)
