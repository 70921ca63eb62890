"""Frames about a batch as a whole: one row per source, table or view, for the rules that look at shares and volumes.

What belongs here: counting and comparing.
What does not: helper columns of single rows (``prepare``), and the bounds that are promised (``rules``).

Where nothing can be judged (too few rows, no bound), the judged column is null, and an expectation passes over it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from expectations import columns, structure
from expectations.codes import countries

Frames = Mapping[str, pd.DataFrame]

_CLOSING = ("article", "unchanged", "rejected", "failed")


def batch_frames(step: str, frames: Frames, good: Frames) -> dict[str, pd.DataFrame]:
    """The frames about the batch of a step.

    ``frames``: as they came in; ``good``: the decided tables after the failing rows were taken out.
    """
    out = {"shares": _shares(frames, good)} if good else {}
    if step == "articles":
        out["volumes"] = _volumes(frames["sources"], frames["articles"], good["articles"])
        out["fetches"] = _fetches(frames["fetch_log"])
        out["batch"] = _article_batch(good["articles"])
        out["unread"] = frames["unread"].reset_index(drop=True)
    elif step == "mentions":
        out["batch"] = _extraction_batch(frames["extractions"], good["fact_participants"])
    elif step == "candidate":
        out["counts"] = _counts(frames["counts"])
        out["publication"] = _publication(frames)
        out["forwards"] = _forwards(frames)
    elif step == "views":
        out["views"] = _views(frames)
        out["view_values"] = _view_values(frames)
    return out


def _shares(frames: Frames, good: Frames) -> pd.DataFrame:
    """Per table: rows checked and quarantined; ``share`` is null for a table of few rows."""
    rows = []
    for name, frame in good.items():
        checked = len(frames[name])
        quarantined = checked - len(frame)
        share = quarantined / checked if checked >= structure.MIN_ROWS_FOR_SHARE else None
        rows.append((name, checked, quarantined, share))
    return _frame(rows, "table_name checked quarantined share")


def _volumes(sources: pd.DataFrame, articles: pd.DataFrame, good: pd.DataFrame) -> pd.DataFrame:
    """Per source: bounds of the catalogue with their reason, and the good articles that it delivered (``found``).

    ``least``: fewer are silence or far below the source's own median; null where there is too little to compare with.
    ``idle``: days without anything new; more than ``patience`` are too many.
    """
    held_back = articles["source_id"].value_counts() - good["source_id"].value_counts().reindex(
        articles["source_id"].dropna().unique(), fill_value=0
    )
    names = "source_id state min_articles max_articles reason median earlier_days least idle patience why".split()
    out = sources[names].reset_index(drop=True)
    out["reason"] = out["reason"].fillna("no reason given")
    out["why"] = out["why"].fillna("the log has nothing against it")
    found = sources["delivered"].reset_index(drop=True) - out["source_id"].map(held_back).fillna(0)
    out["found"] = found.astype("Int64")
    for bound in ("min_articles", "max_articles", "earlier_days", "idle", "patience"):
        out[bound] = pd.to_numeric(out[bound]).astype("Int64")
    out["patience"] = out["patience"].where(out["state"] == "frozen")  # a silent source is idle, too
    for bound in ("median", "least"):
        out[bound] = pd.to_numeric(out[bound]).astype("float64")
    return out


def _fetches(log: pd.DataFrame) -> pd.DataFrame:
    """Per source: what became of what it offered (``failed_share``, ``rejected_share``)."""
    closed = log[log["status"].isin(_CLOSING)]
    counts = pd.crosstab(closed["source_id"], closed["status"]).reindex(columns=list(_CLOSING), fill_value=0)
    out = counts.reset_index().rename_axis(columns=None)
    total = out[list(_CLOSING)].sum(axis=1)
    for status in ("failed", "rejected"):
        out[f"{status}_share"] = (out[status] / total).astype("float64")
    return out


def _article_batch(articles: pd.DataFrame) -> pd.DataFrame:
    """One row: articles, share of exact copies, share without a date, share without a language."""
    n = len(articles)
    judged = n >= structure.MIN_ROWS_FOR_SHARE
    copies = articles["content_hash"].duplicated().sum()
    row = (n, *(float(x) / n if judged else None for x in (copies, articles["published_at"].isna().sum())))
    return _frame([row], "articles copies_share undated_share")


def _extraction_batch(extractions: pd.DataFrame, participants: pd.DataFrame) -> pd.DataFrame:
    """One row: articles extracted, share of them that failed, share of the others that name an actor."""
    n = len(extractions)
    failed = int(extractions["error"].notna().sum())
    judged = n - failed >= structure.MIN_ROWS_FOR_SHARE
    naming = participants["article_id"].nunique() / (n - failed) if judged else None
    return _frame(
        [(n, failed / n if n >= structure.MIN_ROWS_FOR_SHARE else None, naming)], "articles failed_share naming_share"
    )


def _counts(counts: pd.DataFrame) -> pd.DataFrame:
    out = counts[["table_name", "working_rows", "candidate_rows", "previous_rows"]].reset_index(drop=True)
    for column in out.columns[1:]:
        out[column] = pd.to_numeric(out[column]).astype("Int64")
    kept = out["candidate_rows"].astype("float64") / out["previous_rows"].astype("float64").replace(0, np.nan)
    out["kept_share"] = kept.where(out["table_name"] == "articles")
    return out


def _publication(frames: Frames) -> pd.DataFrame:
    """One row per table that the last row of ``snapshots`` counts: what it says and what there is."""
    log = frames["snapshots"].sort_values("snapshot_id")
    names = ("articles", "events", "participants", "quotes", "agreements")
    last = log.iloc[-1] if len(log) else None
    rows = [(name, None if last is None else last[name], len(frames[name])) for name in names]
    out = _frame(rows, "table_name logged_rows candidate_rows")
    out["logged_rows"] = pd.to_numeric(out["logged_rows"]).astype("Int64")
    return out


def _forwards(frames: Frames) -> pd.DataFrame:
    """The forwarded ids with ``dangling_new_id`` (leads nowhere) and ``living_old_id`` (still a row of its table)."""
    out = frames["forwarded_ids"][["entity", "old_id", "new_id"]].reset_index(drop=True)
    ids = {
        (entity, id_)
        for entity in ("participant", "event", "agreement")
        for id_ in frames[f"{entity}s"][f"{entity}_id"]
    }
    old, new = ([pair in ids for pair in zip(out["entity"], out[c], strict=True)] for c in ("old_id", "new_id"))
    out["living_old_id"] = columns.kept(out["old_id"], pd.Series(old, dtype=bool))
    out["dangling_new_id"] = columns.kept(out["new_id"], ~pd.Series(new, dtype=bool))
    return out


def _views(frames: Frames) -> pd.DataFrame:
    """Per view: error, columns promised and not there, rows, rows that repeat another."""
    from warehouse.views import load_views

    promised = {view.name: tuple(view.columns) for view in load_views()}
    listed = frames["views"]
    rows: list[tuple[Any, ...]] = []
    for name, error in zip(listed["view_name"], listed["error"], strict=True):
        content = frames.get(name)
        if content is None:
            rows.append((name, "not selected" if pd.isna(error) else error, None, None, None))
            continue
        missing = [c for c in promised.get(name, ()) if c not in content.columns]
        again = int(content.astype(str).duplicated().sum())
        rows.append((name, error, ", ".join(missing) or None, len(content), again))
    rows += [(name, "not in the file", None, None, None) for name in promised if name not in set(listed["view_name"])]
    return _frame(rows, "view_name error missing_columns rows repeated_rows")


def _view_values(frames: Frames) -> pd.DataFrame:
    """Per column of a view whose values have natural bounds: its extremes, the bounds, and codes that are none."""
    rows = []
    for view in frames["views"]["view_name"]:
        content = frames.get(view, pd.DataFrame())
        for column in content.columns:
            described = _described(str(column), content[column].dropna().infer_objects())
            if described is not None:
                rows.append((view, column, *described))
    out = _frame(rows, "view_name column_name lowest highest lowest_allowed highest_allowed unknown_codes")
    for column in ("lowest", "highest", "lowest_allowed", "highest_allowed"):
        out[column] = out[column].astype("float64")
    return out


def _described(name: str, cells: pd.Series[Any]) -> tuple[Any, ...] | None:
    """Lowest, highest, their bounds, unknown codes; None for a column without natural bounds."""
    if "country" in name or name == "countries":
        lists = (cell if isinstance(cell, (list, tuple, np.ndarray)) else [cell] for cell in cells)
        codes = {str(code) for codes in lists for code in codes}
        return None, None, None, None, ", ".join(sorted(codes - countries())) or None
    if pd.api.types.is_datetime64_any_dtype(cells.dtype):
        years = columns.moments(cells).dt.year
        return _extremes(years, structure.EARLIEST_EVENT.year, None)
    if not pd.api.types.is_numeric_dtype(cells.dtype) or pd.api.types.is_bool_dtype(cells.dtype):
        return None
    if name.startswith("net_"):  # a sum of scores has no bounds
        return None
    if name.endswith("intensity"):
        return _extremes(cells, -10, 10)
    if name.endswith("share"):
        return _extremes(cells, 0, 1)
    return _extremes(cells, 0, None)


def _extremes(cells: pd.Series[Any], low: float, high: float | None) -> tuple[Any, ...]:
    lowest, highest = (None, None) if cells.empty else (float(cells.min()), float(cells.max()))
    return lowest, highest, low, high, None


def _frame(rows: list[tuple[Any, ...]], names: str) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=names.split())
