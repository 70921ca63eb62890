"""How a batch is judged and split: diversion, cascades, rules that raise, empty frames, missing frames."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from expectations import validate as validation
from expectations.promises import Expectation, Rule, is_null
from expectations.rules import RULES, STEPS, rules_of
from expectations.validate import FrameError, validate
from tests.expectations.frames import Frames, good_frames


def _rule(step: str, name: str) -> Rule:
    return next(rule for rule in rules_of(step) if rule.name == name)


def _changed(frames: Frames, name: str, row: int, **cells: object) -> Frames:
    frame = frames[name].astype(object)
    for column, value in cells.items():
        frame.at[row, column] = value
    return {**frames, name: frame}


def test_of_a_frame_about_the_batch_every_failing_row_is_shown() -> None:
    frames = good_frames("articles")
    silent = frames["sources"].iloc[[1] * 8].assign(source_id=[f"s{n}" for n in range(8)], state="silent", least=1.0)
    frames["sources"] = pd.concat([frames["sources"], silent], ignore_index=True)
    (result,) = validate("articles", frames, [_rule("articles", "source_median")]).results
    assert [row["source_id"] for row in result.sample] == [f"s{n}" for n in range(8)]


def test_a_diverted_participant_takes_along_whatever_refers_to_it() -> None:
    frames = _changed(good_frames("mentions"), "fact_participants", 0, kind="robot")
    outcome = validate("mentions", frames)
    held_back = [(q.table_name, q.row_key) for q in outcome.quarantined.itertuples()]
    assert held_back == [
        ("fact_participants", "a1 / p1"),
        ("fact_mentions", "a1 / p1 / 51 / 59"),
        ("fact_event_participants", "a1 / e1 / p1 / both"),
        ("fact_quotes", "a1 / q1"),
        ("fact_agreement_parties", "a1 / g1 / p1 / ESP / party"),
    ]
    first, mention, *_ = outcome.quarantined.itertuples()
    assert first.rule == "fact_participants_codes"
    assert first.reason == "kind is “robot”, not one of person, organization, state, bloc"
    assert json.loads(first.row)["name"] == "Ana Ruiz"
    assert mention.rule == "fact_mentions_references"
    assert "“p1” names no row of fact_participants" in mention.reason
    assert not outcome.blocking
    for name, frame in outcome.good.items():
        gone = sum(table == name for table, _ in held_back)
        assert len(frame) == len(frames[name]) - gone
        assert list(frame.columns) == list(frames[name].columns)
        assert list(frame.index) == list(range(len(frame)))


def test_a_quote_and_an_agreement_stay_when_their_event_is_held_back() -> None:
    frames = _changed(good_frames("mentions"), "fact_events", 0, event_type="WALTZ")
    quote = frames["fact_quotes"]["event_key"].notna()
    pact = frames["fact_agreements"]["event_key"].notna()
    assert quote.any()  # both name the event that falls
    assert pact.any()
    outcome = validate("mentions", frames)
    assert not {"fact_quotes", "fact_agreements"} & set(outcome.quarantined["table_name"])
    assert outcome.good["fact_quotes"]["event_key"].isna().all()
    assert outcome.good["fact_agreements"]["event_key"].isna().all()
    assert len(outcome.good["fact_quotes"]) == len(frames["fact_quotes"])
    others = frames["fact_quotes"].drop(columns="event_key")
    pd.testing.assert_frame_equal(outcome.good["fact_quotes"].drop(columns="event_key"), others)


def test_a_loose_reference_to_what_never_was_is_found() -> None:
    outcome = validate("mentions", _changed(good_frames("mentions"), "fact_quotes", 0, event_key="e99"))
    held_back = list(zip(outcome.quarantined["table_name"], outcome.quarantined["rule"], strict=True))
    assert held_back == [("fact_quotes", "fact_quotes_references")]


def test_an_input_that_no_parser_could_read_is_told_with_the_whole_command() -> None:
    url = "https://news.example/" + "x" * 300
    command = f"chancery replay-page --url {url}"
    frames = good_frames("articles")
    cells = {"url": url, "sentence": "It is endless.", "detail": "no end", "command": command}
    outcome = validate("articles", _changed(frames, "unread", 0, **cells))
    (held,) = outcome.quarantined.itertuples()
    assert (held.table_name, held.row_key, held.rule, held.article_id) == ("articles", url, "parse_in_the_box", None)
    assert held.reason == f"It is endless. (no end) To parse it again: {command}"
    assert json.loads(held.row)["url"] == url
    assert [r.rule for r in outcome.results if not r.success] == ["parse_in_the_box"]
    assert not outcome.blocking
    assert len(outcome.good["articles"]) == len(frames["articles"])


def test_a_diverted_mention_takes_along_what_nothing_else_tells_of() -> None:
    frames = _changed(good_frames("mentions"), "fact_event_mentions", 1, trigger="fought")
    outcome = validate("mentions", frames)
    held_back = list(zip(outcome.quarantined["table_name"], outcome.quarantined["rule"], strict=True))
    assert held_back == [
        ("fact_events", "fact_events_evidence"),
        ("fact_event_participants", "fact_event_participants_references"),
        ("fact_event_participants", "fact_event_participants_references"),
        ("fact_event_mentions", "fact_event_mentions_verbatim"),
    ]
    assert "trigger is “fought”, the article has “met” at 9-12" in set(outcome.quarantined["reason"])


def test_a_row_that_breaks_several_rules_is_held_back_once() -> None:
    frames = _changed(good_frames("mentions"), "fact_mentions", 0, text=None, char_end=9000)
    outcome = validate("mentions", frames)
    (row,) = outcome.quarantined[outcome.quarantined["table_name"] == "fact_mentions"].itertuples()
    assert row.rule == "fact_mentions_complete"
    assert row.reason == "text missing; also breaks fact_mentions_spans"


def test_a_thousand_failing_rows_are_all_diverted() -> None:
    frames = good_frames("mentions")
    many = pd.concat([frames["fact_mentions"].iloc[[0]]] * 1500, ignore_index=True)
    many["text"] = ["Ana Ruiz" if n % 3 == 0 else f"Anna {n}" for n in range(1500)]
    outcome = validate("mentions", {**frames, "fact_mentions": many}, [_rule("mentions", "fact_mentions_verbatim")])
    (result,) = outcome.results
    assert (result.checked, result.failed, len(result.sample)) == (1500, 1000, 5)
    assert len(outcome.quarantined) == 1000
    assert set(outcome.good["fact_mentions"]["text"]) == {"Ana Ruiz"}


def test_the_index_of_a_frame_does_not_matter() -> None:
    frames = _changed(good_frames("mentions"), "fact_mentions", 0, text="Somebody")
    same_labels = {name: frame.set_axis([7] * len(frame)) for name, frame in frames.items()}
    plain, odd = validate("mentions", frames), validate("mentions", same_labels)
    pd.testing.assert_frame_equal(plain.quarantined, odd.quarantined)
    for name, frame in plain.good.items():
        pd.testing.assert_frame_equal(frame, odd.good[name])


@pytest.mark.parametrize("step", [s for s in STEPS if s not in ("candidate", "views")])
def test_empty_frames_give_a_result_for_every_rule(step: str) -> None:
    frames = {name: frame.iloc[:0] for name, frame in good_frames(step).items()}
    outcome = validate(step, frames)
    assert [r.rule for r in outcome.results] == [rule.name for rule in rules_of(step)]
    failed = [r.rule for r in outcome.results if not r.success or r.error]
    assert failed == []
    assert all(r.checked == 0 for r in outcome.results if r.table not in ("shares", "batch"))
    assert outcome.quarantined.empty
    assert list(outcome.quarantined.columns) == ["table_name", "row_key", "article_id", "rule", "reason", "row"]


def test_a_rule_that_raises_blocks_whatever_its_severity() -> None:
    rules = [
        Rule("no_such_column", "quotes", "quotes", "info", "row", "why", (is_null("nowhere", "x"),)),
        Rule("no_such_kind", "quotes", "quotes", "warning", "batch", "why", (Expectation("expect_luck", {}, "x"),)),
        _rule("quotes", "quotes_types"),
    ]
    outcome = validate("quotes", good_frames("quotes"), rules)
    column, kind, types = outcome.results
    assert (column.success, column.severity, column.failed) == (False, "critical", 0)
    assert "nowhere" in str(column.error)
    assert (kind.success, kind.severity) == (False, "critical")
    assert "expect_luck" in str(kind.error)
    assert (types.success, types.error) == (True, None)
    assert outcome.blocking == [column, kind]
    assert outcome.quarantined.empty


def test_an_evaluation_that_raises_as_a_whole_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> object:
        raise OSError("no room for a temporary folder")

    monkeypatch.setattr(validation, "_batch_definition", broken)
    outcome = validate("quotes", good_frames("quotes"))
    errors = {r.error for r in outcome.results if r.table == "quotes"}
    assert errors == {"OSError: no room for a temporary folder"}
    assert outcome.quarantined.empty
    assert all(r.blocking for r in outcome.results)


def test_samples_are_few_short_and_json_safe() -> None:
    frames = good_frames("mentions")
    many = pd.concat([frames["fact_quotes"]] * 9, ignore_index=True)
    many["text"] = "word " * 400
    many["speaker_key"] = np.nan
    outcome = validate("mentions", {**frames, "fact_quotes": many}, [_rule("mentions", "fact_quotes_verbatim")])
    (result,) = outcome.results
    assert len(result.sample) == 5
    assert all(len(str(value)) <= 500 for row in result.sample for value in row.values())
    assert len(result.sample[0]["text"]) == 200
    assert json.loads(json.dumps(result.sample, allow_nan=False)) == result.sample


def test_quarantined_rows_are_whole_and_json() -> None:
    frames = _changed(good_frames("events"), "events", 0, event_date=dt.date(1066, 10, 14), mode=float("nan"))
    outcome = validate("events", frames)
    row = json.loads(outcome.quarantined["row"].iloc[0])
    assert list(row) == list(frames["events"].columns)
    assert (row["event_date"], row["mode"], row["countries"]) == ("1066-10-14", None, ["ESP", "NOR"])
    assert row["first_reported"] == "2024-05-07T09:00:00"


def test_half_a_surrogate_is_diverted_and_told_of() -> None:
    frames = _changed(good_frames("articles"), "articles", 1, title="half \ud83d")
    outcome = validate("articles", frames)
    (row,) = outcome.quarantined.itertuples()
    assert row.reason.startswith("title holds text that is no Unicode, expected text")
    assert json.loads(row.row)["title"] == "half ?"


def test_a_missing_frame_or_column_is_the_callers_mistake() -> None:
    frames = good_frames("quotes")
    with pytest.raises(FrameError, match=r"step quotes: frames missing: events, quotes|quotes, events"):
        validate("quotes", {k: v for k, v in frames.items() if k not in ("events", "quotes")})
    with pytest.raises(FrameError, match="frame quotes: columns missing: cue"):
        validate("quotes", {**frames, "quotes": frames["quotes"].drop(columns="cue")})
    with pytest.raises(KeyError):
        validate("harvest", frames)


def test_frames_are_left_as_they_were() -> None:
    frames = _changed(good_frames("mentions"), "fact_mentions", 0, text="Somebody")
    before = {name: frame.copy(deep=True) for name, frame in frames.items()}
    validate("mentions", frames)
    for name, frame in frames.items():
        pd.testing.assert_frame_equal(frame, before[name])


def test_a_row_rule_cannot_be_critical() -> None:
    rule = _rule("quotes", "quotes_words")
    with pytest.raises(ValueError, match="cannot be critical"):
        replace(rule, severity="critical")
    with pytest.raises(ValueError, match="states nothing"):
        replace(rule, states=())


def test_every_rule_has_a_name_and_a_reason() -> None:
    assert len({(rule.step, rule.name) for rule in RULES}) == len(RULES)
    assert {rule.step for rule in RULES} == set(STEPS)
    assert all(rule.name.isidentifier() and rule.name.islower() for rule in RULES)
    assert all(len(rule.why.split()) >= 6 and rule.why.endswith(".") for rule in RULES)


def test_listing_rules_imports_nothing_heavy() -> None:
    code = "import sys, expectations.rules; print(*(m for m in sys.modules if m in sys.argv[1:]))"
    heavy = ["pandas", "numpy", "great_expectations", "pycountry", "duckdb", "dagster"]
    done = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
