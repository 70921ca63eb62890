"""Pages in the styles of real sites, about events that never happened: metadata exact, bodies whole."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from sources.formats.pages import read_page

FOLDER = Path(__file__).parent / "pages"
PAGES: list[dict[str, Any]] = [json.loads(text) for text in (FOLDER / "expected.jsonl").read_text("utf-8").splitlines()]
NOW = dt.datetime(2025, 1, 1)
# floors, pinned under what is reached (1.0 on all)
MEAN, EACH = 0.99, 0.97


def tokens(text: str) -> Counter[str]:
    """Words; single characters where words have no spaces between."""
    return Counter(re.findall(r"[\u3040-\u9fff]|[^\W\u3040-\u9fff]+", text.casefold()))


def f1(found: str, wanted: str) -> float:
    one, two = tokens(found), tokens(wanted)
    return 2 * sum((one & two).values()) / (sum(one.values()) + sum(two.values()))


@pytest.mark.parametrize("expected", PAGES, ids=lambda expected: str(expected["page"]))
def test_page(expected: dict[str, Any]) -> None:
    markup = (FOLDER / f"{expected['page']}.html").read_text("utf-8")
    page = read_page(markup, expected["url"], NOW)
    assert page is not None
    said = page.metadata
    assert page.wall is None
    assert said.title == expected["title"]
    assert (said.published_at.isoformat() if said.published_at else None) == expected["published"]
    assert said.byline == expected["byline"]
    assert said.language == expected["language"]
    assert f1(page.text, "\n\n".join(expected["body"])) >= EACH
    for text in expected["body"][:1] + expected["body"][-1:]:
        assert text in page.text.split("\n\n")


def test_bodies_on_the_whole() -> None:
    assert len(PAGES) >= 40
    scores = []
    for expected in PAGES:
        page = read_page((FOLDER / f"{expected['page']}.html").read_text("utf-8"), expected["url"], NOW)
        assert page is not None
        scores.append(f1(page.text, "\n\n".join(expected["body"])))
    assert sum(scores) / len(scores) >= MEAN
