"""Every rule holds on good frames and is seen failing, in every way in which it can fail."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from expectations import validate as validation
from expectations.promises import Rule
from expectations.rules import RULES, STEPS, rules_of
from expectations.validate import StepOutcome, validate
from tests.expectations.breaks import BREAKS, Break, broken
from tests.expectations.frames import Frames, good_frames
from warehouse import schema

SHARES = ["share_held_back", "extraction_fails_rarely", "articles_name_actors", "articles_dated", "copies_few",
          "pages_accepted", "views_columns"]  # fmt: skip
"""Rules whose breaks need more than a row: seen failing in ``test_shares``."""


def _rule(step: str, name: str) -> Rule:
    return next(rule for rule in rules_of(step) if rule.name == name)


def _breaks(step: str, table: str) -> list[Break]:
    return [b for rule in rules_of(step) if rule.table == table for b in BREAKS[step, rule.name]]


def _alone(step: str, table: str, b: Break) -> bool:
    """Whether a broken row can stand in its table beside the good ones: its rule looks at no other row of the table."""
    if b.frame != table or table not in schema.TABLES or b.again:
        return False
    return b.rule == f"{table}_references" or not _rule(step, b.rule).cascades


def _assert_seen(outcome: StepOutcome, rules: Iterable[Rule], breaks: Iterable[Break]) -> None:
    results = {r.rule: r for r in outcome.results}
    for rule in rules:
        result = results[rule.name]
        assert (result.success, result.error) == (False, None), result
        assert result.blocking == (rule.severity == "critical")
        for b in (b for b in breaks if b.rule == rule.name):
            assert any(b.says in row["finding"] for row in result.sample), (b, result.sample)
    held_back = outcome.quarantined
    assert set(held_back["rule"]) <= {rule.name for rule in rules if rule.scope != "batch"}
    assert len(held_back) >= max((r.failed for r in outcome.results if r.scope != "batch"), default=0)


TABLES = sorted({(rule.step, rule.table) for rule in RULES})
OTHER = [(s, b) for s, table in TABLES for b in _breaks(s, table) if not b.again and not _alone(s, table, b)]


@pytest.mark.parametrize("step", STEPS)
def test_every_rule_holds_on_good_frames(step: str) -> None:
    outcome = validate(step, good_frames(step))
    assert [(r.rule, r.sample, r.error) for r in outcome.results if not r.success] == []
    assert [r.rule for r in outcome.results] == [rule.name for rule in rules_of(step)]
    assert outcome.quarantined.empty
    assert not outcome.blocking


def test_every_rule_can_be_seen_failing() -> None:
    few = [key for key in BREAKS if key[1] not in SHARES and len(BREAKS[key]) < len(_rule(*key).states)]
    assert few == []


@pytest.mark.parametrize(("step", "table"), TABLES)
def test_rules_about_single_rows_are_seen_failing(step: str, table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All broken rows of a table in one frame, beside the good ones."""
    monkeypatch.setattr(validation, "SAMPLE_ROWS", 1000)
    breaks = [b for b in _breaks(step, table) if _alone(step, table, b)]
    rules = [_rule(step, name) for name in dict.fromkeys(b.rule for b in breaks)]
    _assert_seen(validate(step, broken(good_frames(step), breaks, added=True), rules), rules, breaks)


@pytest.mark.parametrize("step", STEPS)
def test_rows_that_stand_twice_are_seen(step: str) -> None:
    breaks = [b for rule in rules_of(step) for b in BREAKS[step, rule.name] if b.again]
    rules = [_rule(step, b.rule) for b in breaks]
    _assert_seen(validate(step, broken(good_frames(step), breaks), rules), rules, breaks)


@pytest.mark.parametrize(("step", "single"), OTHER, ids=[f"{s}-{b.rule}-{b.says}" for s, b in OTHER])
def test_rules_that_look_at_other_frames_are_seen_failing(step: str, single: Break) -> None:
    rule = _rule(step, single.rule)
    _assert_seen(validate(step, broken(good_frames(step), [single]), [rule]), [rule], [single])


def _many(frames: Frames, name: str, **columns: object) -> Frames:
    """Thirty rows of a frame, each a copy of the first with the given cells."""
    many = frames[name].iloc[[0] * 30].reset_index(drop=True)
    return {**frames, name: many.assign(**columns)}


def _failing(step: str, rule: str, frames: Frames) -> str:
    (result,) = validate(step, frames, [_rule(step, rule)]).results
    assert (result.success, result.error) == (False, None)
    return str(result.sample[0]["finding"])


def test_shares() -> None:
    articles, mentions = good_frames("articles"), good_frames("mentions")
    thirty = _many(articles, "articles")
    assert _failing("articles", "copies_few", thirty) == "97% of 30 articles repeat a text of the batch"
    undated = _many(articles, "articles", published_at=None)
    assert _failing("articles", "articles_dated", undated) == "100% of 30 articles have no date"
    refused = _many(articles, "fetch_log", status="rejected")
    assert _failing("articles", "pages_accepted", refused) == "wire: 30 rejected, 0 became articles"
    failed = _many(mentions, "extractions", error="too long")
    assert "100% of 30 articles" in _failing("mentions", "extraction_fails_rarely", failed)
    nameless = {**_many(mentions, "extractions"), "fact_participants": mentions["fact_participants"].iloc[:0]}
    assert _failing("mentions", "articles_name_actors", nameless) == "0% of 30 articles name an actor"
    views = good_frames("views")
    name = views["views"]["view_name"].iloc[0]
    lacking = {**views, name: views[name].iloc[:, 1:]}
    assert _failing("views", "views_columns", lacking) == f"{name} lacks {views[name].columns[0]}"


@pytest.mark.parametrize("step", [s for s in STEPS if s not in ("candidate", "views")])
def test_a_step_that_holds_back_a_fifth_is_stopped(step: str) -> None:
    table = rules_of(step)[0].table
    frames = _many(good_frames(step), table)
    rules = [_rule(step, f"{table}_unique"), _rule(step, "share_held_back")]
    rows, share = validate(step, frames, rules).results
    assert (rows.failed, rows.blocking) == (29, False)
    assert share.blocking
    assert share.sample[0]["finding"] == f"{table}: 29 of 30 rows held back"
