"""Frames as the rules see them: the tables of a step with their helper columns.

What belongs here: which table gets which helper column.
What does not: how a helper column is computed (``columns``), the frames about a batch as a whole (``batches``), and
what is promised (``families``, ``rules``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from expectations import columns, structure
from expectations.codes import countries
from expectations.families import columns_of
from expectations.structure import DATES, EVIDENCE, REFERENCES, SPANS, dangling, source
from warehouse import codes, schema

Frames = Mapping[str, pd.DataFrame]

_YEARS_AHEAD = np.timedelta64(round(structure.EVENT_HORIZON_YEARS * 365.25), "D")


class FrameError(ValueError):
    """A frame or a column that a step needs is not there: a mistake of the caller, not of the data."""


def check_frames(step: str, frames: Frames) -> None:
    """Raises FrameError, naming all that is missing."""
    needed = (*structure.STEPS[step].decides, *structure.STEPS[step].context)
    missing = [name for name in needed if name not in frames]
    if missing:
        raise FrameError(f"step {step}: frames missing: {', '.join(missing)}")
    for name in needed:
        lacking = [c for c in structure.columns_needed(step, name) if c not in frames[name].columns]
        if lacking:
            raise FrameError(f"step {step}, frame {name}: columns missing: {', '.join(lacking)}")


def typed_tables(step: str, frames: Frames) -> dict[str, pd.DataFrame]:
    """Every table of the step that the schema describes, typed; indexes are kept."""
    needed = (*structure.STEPS[step].decides, *structure.STEPS[step].context)
    return {name: columns.typed(frames[name], columns_of(step, name)) for name in needed if name in schema.TABLES}


def prepare(step: str, frames: Frames, tables: dict[str, pd.DataFrame] | None = None) -> dict[str, pd.DataFrame]:
    """Every table of the step that the schema describes, typed and with its helper columns; indexes are kept.

    ``frames`` as ``structure.STEPS`` lists them (see ``check_frames``).  ``tables``: those of an earlier call, from
    which rows were taken out; their helper columns are made anew, for some look at other rows.
    """
    tables = typed_tables(step, frames) if tables is None else tables
    if not tables:
        return tables
    articles = _Articles(tables["articles"])
    for name, frame in tables.items():
        if name in structure.STEPS[step].decides or step == "candidate":
            _add_helpers(name, frame, tables, articles, frames)
    return tables


class _Articles:
    """What the other tables ask of the articles, by article id."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame
        self.known = frame["article_id"]

    def _by_id(self, values: pd.Series[Any]) -> dict[Any, Any]:
        return dict(zip(self.known, values, strict=True))

    @cached_property
    def texts(self) -> dict[Any, Any]:
        return self._by_id(self._frame["text"])

    @cached_property
    def published(self) -> pd.Series[Any]:
        return self._series(self._frame["published_at"])

    @cached_property
    def seen(self) -> pd.Series[Any]:
        """When an article appeared: published, else fetched."""
        return self._series(self._frame["published_at"].fillna(self._frame["fetched_at"]))

    @cached_property
    def stories(self) -> dict[Any, Any]:
        """The article itself, or the one that it repeats."""
        repeats = self._frame["duplicate_of"]
        return self._by_id(repeats.where(repeats.notna(), self.known))

    @cached_property
    def outlets(self) -> dict[Any, Any]:
        outlet = self._frame["outlet"]
        return self._by_id(outlet.where(outlet.notna(), self._frame["source_id"]))

    def _series(self, values: pd.Series[Any]) -> pd.Series[Any]:
        by_id = pd.Series(values.to_numpy(), index=self.known)
        return by_id[by_id.index.notna() & ~by_id.index.duplicated()]


def _add_helpers(name: str, frame: pd.DataFrame, tables: Frames, articles: _Articles, frames: Frames) -> None:
    frame["repeated_key"] = columns.repeated(frame, [c for c in structure.key_of(name) if c in frame])
    for reference in REFERENCES.get(name, ()):
        if reference.column in frame:
            frame[dangling(reference.column)] = columns.unresolved(
                frame, reference.column, tables[reference.target], reference.target_column, local=reference.local
            )
    if name in SPANS:
        texts = columns.looked_up(frame["article_id"], articles.texts)
        frame["text_length"] = columns.lengths(texts)
        for span in SPANS[name]:
            frame[source(span.text)] = columns.sliced(frame, texts, span.start, span.end)
    if name in EVIDENCE:
        e = EVIDENCE[name]
        frame["mention_count"] = columns.counted(frame, e.key, tables[e.mentions], e.column, local=e.local)
    if name in DATES:
        _add_dates(name, frame, tables, articles)
    if "countries" in frame:
        _add_countries(frame)
    special = _SPECIAL.get(name)
    if special is not None:
        special(name, frame, tables, articles, frames)


def _add_dates(name: str, frame: pd.DataFrame, tables: Frames, articles: _Articles) -> None:
    date, precision, basis = frame[DATES[name]], frame["date_precision"], frame["date_basis"]
    frame["date_given"] = date.notna()
    frame["precision_given"] = columns.kept(precision != "unknown", precision.notna())
    frame["basis_given"] = columns.kept(basis != "unknown", basis.notna())
    days = date.to_numpy().astype("datetime64[D]")
    start = np.where(precision == "month", days.astype("datetime64[M]").astype("datetime64[D]"), days)
    start = np.where(precision == "year", days.astype("datetime64[Y]").astype("datetime64[D]"), start)
    frame["period_start"] = pd.Series(start.astype("datetime64[us]"), index=frame.index)
    if "article_id" in frame:
        published = frame["article_id"].map(articles.published)
        seen = frame["article_id"].map(articles.seen)
        assumed = (basis == "published") & date.notna()
        frame["unanchored_basis"] = columns.kept(basis, assumed & published.isna())
        apart = (date - published.dt.normalize()).abs() / np.timedelta64(1, "D")
        frame["days_from_publication"] = apart.where(assumed & (precision == "day"))
    else:
        e = EVIDENCE[name]
        mentions = tables[e.mentions]
        last = mentions["article_id"].map(articles.seen).groupby(mentions[e.column]).max()
        seen = frame[e.key].map(last)
    frame["latest_plausible"] = pd.to_datetime(seen) + _YEARS_AHEAD


def _add_countries(frame: pd.DataFrame) -> None:
    known = countries()
    listed = frame["countries"]
    frame["unknown_countries"] = columns.mapped(listed, lambda cs: ", ".join(c for c in cs if c not in known) or None)
    frame["countries_as_listed"] = columns.mapped(listed, " ".join)
    frame["countries_in_order"] = columns.mapped(listed, lambda cs: " ".join(sorted(set(cs))))


def _articles_of(name: str, frame: pd.DataFrame, tables: Frames) -> list[list[Any]]:
    """For each row of a table with evidence, the ids of the articles that tell of it."""
    if "article_id" in frame:
        return [[a] for a in frame["article_id"]]
    e = EVIDENCE[name]
    mentions = tables[e.mentions]
    of_key = mentions.groupby(e.column)["article_id"].agg(lambda ids: list(dict.fromkeys(ids)))
    return [of_key.get(k, []) for k in frame[e.key]]


def _texts_of(name: str, frame: pd.DataFrame, tables: Frames, articles: _Articles) -> list[list[str]]:
    return [
        [t for t in (articles.texts.get(a) for a in ids) if isinstance(t, str)]
        for ids in _articles_of(name, frame, tables)
    ]


# what single tables need --------------------------------------------------------------------------------------------


def _articles(name: str, frame: pd.DataFrame, tables: Frames, articles: _Articles, frames: Frames) -> None:
    frame["hash_of_text"] = columns.mapped(frame["text"], lambda t: hashlib.sha256(t.encode()).hexdigest())
    frame["characters"] = columns.mapped(frame["text"], len).astype("Int64")
    frame["latest_published"] = frame["fetched_at"] + np.timedelta64(structure.PUBLICATION_LEAD)
    if "sources" in frames:
        frame[dangling("source_id")] = columns.unresolved(
            frame, "source_id", frames["sources"], "source_id", local=False
        )
    if "duplicate_of" in frame:
        repeats = columns.looked_up(
            frame["article_id"], dict(zip(frame["article_id"], frame["duplicate_of"], strict=True))
        )
        of = dict(zip(frame["article_id"], repeats, strict=True))
        frame["original_repeats"] = columns.looked_up(frame["duplicate_of"], of)


def _participants(name: str, frame: pd.DataFrame, tables: Frames, articles: _Articles, frames: Frames) -> None:
    frame["bloc_country"] = columns.kept(frame["country"], frame["kind"] == "bloc")
    if "aliases" in frame:
        frame["unlisted_name"] = [
            n if isinstance(n, str) and isinstance(forms, (list, tuple, np.ndarray)) and n not in list(forms) else None
            for n, forms in zip(frame["name"], frame["aliases"], strict=True)
        ]


def _participant_mentions(name: str, frame: pd.DataFrame, tables: Frames, articles: _Articles, frames: Frames) -> None:
    people = tables["participants"]
    forms = {
        pid: frozenset(aliases)
        for pid, aliases in zip(people["participant_id"], people["aliases"], strict=True)
        if aliases is not None
    }
    frame["unlisted_form"] = [
        text if pid in forms and text not in forms[pid] else None
        for pid, text in zip(frame["participant_id"], frame["text"], strict=True)
    ]


def _fact_events(name: str, frame: pd.DataFrame, tables: Frames, articles: _Articles, frames: Frames) -> None:
    frame["unwritten_place"] = columns.words_missing(frame["place"], _texts_of(name, frame, tables, articles))


def _events(name: str, frame: pd.DataFrame, tables: Frames, articles: _Articles, frames: Frames) -> None:
    _fact_events(name, frame, tables, articles, frames)
    quads = {t: entry.quad_class for t, entry in codes.PLOVER.items()}
    scores: dict[tuple[str, str | None], float] = {(t, None): entry.score for t, entry in codes.PLOVER.items()}
    scores |= {(t, mode): score for t, entry in codes.PLOVER.items() for mode, score in entry.modes.items()}
    frame["plover_quad_class"] = columns.looked_up(frame["event_type"], quads).astype("Int64")
    keys = list(zip(frame["event_type"], columns.kept(frame["mode"], frame["mode"].notna()), strict=True))
    frame["plover_intensity"] = pd.Series([scores.get(k) for k in keys], index=frame.index, dtype="float64")
    mentions = tables["event_mentions"]
    texts = columns.looked_up(mentions["article_id"], articles.texts)
    told = columns.sliced(mentions, texts, "sentence_start", "sentence_end")
    sentences = set(zip(mentions["event_id"], told, strict=True))
    frame["unread_summary"] = [
        s if isinstance(s, str) and (e, s) not in sentences else None
        for e, s in zip(frame["event_id"], frame["summary"], strict=True)
    ]
    _add_article_count(frame, name, tables, articles)
    stories = columns.looked_up(mentions["article_id"], articles.stories)
    outlets = columns.looked_up(stories, articles.outlets).groupby(mentions["event_id"]).nunique()
    frame["outlets_telling"] = frame["event_id"].map(outlets).astype("Int64")
    first = mentions["article_id"].map(articles.published).groupby(mentions["event_id"]).min()
    frame["earliest_report"] = columns.moments(frame["event_id"].map(first))


def _add_article_count(frame: pd.DataFrame, name: str, tables: Frames, articles: _Articles) -> None:
    e = EVIDENCE[name]
    mentions = tables[e.mentions]
    stories = columns.looked_up(mentions["article_id"], articles.stories).groupby(mentions[e.column]).nunique()
    frame["articles_telling"] = frame[e.key].map(stories).astype("Int64")


def _fact_agreements(name: str, frame: pd.DataFrame, tables: Frames, articles: _Articles, frames: Frames) -> None:
    texts = _texts_of(name, frame, tables, articles)
    for column in ("title", "subject", "place"):
        frame[f"unwritten_{column}"] = columns.words_missing(frame[column], texts)


def _agreements(name: str, frame: pd.DataFrame, tables: Frames, articles: _Articles, frames: Frames) -> None:
    _fact_agreements(name, frame, tables, articles, frames)
    _add_article_count(frame, name, tables, articles)
    mentions = tables["agreement_mentions"]
    reported = set(zip(mentions["agreement_id"], mentions["status"], strict=True))
    frame["unreported_status"] = [
        s if (a, s) not in reported else None for a, s in zip(frame["agreement_id"], frame["status"], strict=True)
    ]


def _parties(name: str, frame: pd.DataFrame, tables: Frames, articles: _Articles, frames: Frames) -> None:
    participant = "participant_key" if "participant_key" in frame else "participant_id"
    nobody = frame[participant].isna() & frame["country"].isna()
    frame["nobody"] = columns.kept(frame["role"].fillna("party"), nobody)


def _fact_quotes(name: str, frame: pd.DataFrame, tables: Frames, articles: _Articles, frames: Frames) -> None:
    for column in ("continuation_start", "continuation_end", "speaker_text", "speaker_start", "speaker_end"):
        frame[f"{column}_given"] = frame[column].notna()
    frame["unwritten_cue"] = columns.words_missing(
        frame["cue"],
        [[t] if isinstance(t, str) else [] for t in columns.looked_up(frame["article_id"], articles.texts)],
    )


def _quotes(name: str, frame: pd.DataFrame, tables: Frames, articles: _Articles, frames: Frames) -> None:
    _fact_quotes(name, frame, tables, articles, frames)
    speakers = dict(zip(frame["quote_id"], frame["speaker_id"], strict=True))
    repeats = dict(zip(frame["quote_id"], frame["same_as"], strict=True))
    original = frame["same_as"]
    frame["original_repeats"] = columns.looked_up(original, repeats)
    frame["original_speaker"] = columns.looked_up(original, speakers)
    frame["repeating_speaker"] = columns.kept(frame["speaker_id"], original.isin(speakers.keys()))


_SPECIAL = {
    "articles": _articles,
    "fact_participants": _participants,
    "participants": _participants,
    "participant_mentions": _participant_mentions,
    "fact_events": _fact_events,
    "events": _events,
    "fact_quotes": _fact_quotes,
    "quotes": _quotes,
    "fact_agreements": _fact_agreements,
    "agreements": _agreements,
    "fact_agreement_parties": _parties,
    "agreement_parties": _parties,
}
