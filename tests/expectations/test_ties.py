"""Loose references let go of held-back rows, and of nothing else."""

from __future__ import annotations

import pandas as pd

from expectations.ties import let_go, tied


def test_only_the_same_key_of_the_same_article_is_let_go_of() -> None:
    quotes = pd.DataFrame(
        {
            "article_id": ["a1", "a1", "a2", "a1"],
            "key": ["q1", "q2", "q1", "q3"],
            "event_key": ["e1", "e2", "e1", None],
        },
        index=[3, 5, 7, 9],
    )
    events = pd.DataFrame({"article_id": ["a1"], "key": ["e1"]})
    where = tied(quotes, "fact_quotes", {"fact_events": events})
    assert where["event_key"].to_dict() == {3: True, 5: False, 7: False, 9: False}
    untied = let_go(quotes, where)
    assert untied["event_key"].where(untied["event_key"].notna(), None).to_dict() == {
        3: None,
        5: "e2",
        7: "e1",
        9: None,
    }
    assert untied.drop(columns="event_key").equals(quotes.drop(columns="event_key"))


def test_a_firm_reference_is_no_tie() -> None:
    mentions = pd.DataFrame({"event_id": ["e1"], "article_id": ["a1"]})
    assert tied(mentions, "event_mentions", {"events": pd.DataFrame({"event_id": ["e1"]})}) == {}


def test_a_quote_lets_go_of_the_quote_that_it_repeats() -> None:
    quotes = pd.DataFrame({"quote_id": ["q2"], "event_id": [None], "same_as": ["q1"]})
    where = tied(quotes, "quotes", {"quotes": pd.DataFrame({"quote_id": ["q1"]})})
    assert let_go(quotes, where)["same_as"].isna().all()
