"""What a person reads at the end of a run about the sources."""

import io

import pandas as pd
import pytest
from rich.console import Console

from pipelines import summary
from tests.running import DAY, NOON, article, paper, settings, write_catalogue, write_jsonl
from warehouse import database, load


def printed(folder, *results, published=False):
    """The closing tables of a run with these results of rules."""
    write_jsonl(folder / "paper.jsonl", article(1))
    where = settings(folder, write_catalogue(folder / "sources.yml", paper(folder / "paper.jsonl")))
    shared = {"run_id": "run-1", "checked_at": NOON, "step": "articles", "why": "It matters.", "success": False,
              "checked": 9, "fetch_day": DAY}  # fmt: skip
    good = {"rule": "articles_text", "severity": "warning", "failed": 0, "sample": None, "success": True}
    frame = pd.DataFrame([shared | r for r in (good, *results)])
    with database.connect(where.working) as con:
        database.create(con)
        load.append(con, "quality_results", frame)
    out = io.StringIO()
    summary.show(Console(file=out, width=160), where, DAY, "run-1", published)
    return out.getvalue().splitlines()


def finding(source, words):
    return {"finding": f"{source}: {words}", "source_id": source}


@pytest.mark.parametrize("severity", ["critical", "warning"])
def test_a_line_for_each_source_that_is_not_well(tmp_path, severity):
    lines = printed(
        tmp_path,
        {"rule": "source_median", "severity": "warning", "failed": 60,
         "sample": [finding("wire", "silent: 0 articles"), finding("post", "resting: 0 articles; 1 × Not tried")]},
        {"rule": "source_minimum", "severity": severity, "failed": 1,
         "sample": [finding("wire", "0 articles, at least 5 are expected (a big agency); 3 × No answer")]},
        {"rule": "pages_accepted", "severity": "info", "failed": 1, "sample": [{"finding": "odd: 9 rejected"}]},
    )  # fmt: skip
    told = [line for line in lines if line.startswith("Source")]
    assert len(told) == 3, lines
    assert "Source  post: resting: 0 articles; 1 × Not tried" in told
    assert "Source  … and 58 more: source_median" in told
    # A source that broke two rules has one line, the graver one.
    if severity == "critical":
        assert told[0] == "Source  wire: 0 articles, at least 5 are expected (a big agency); 3 × No answer"
        assert any("source_minimum stopped publication" in line for line in lines)
    assert "Nothing was published" in lines[-1]


def test_no_line_where_all_is_well(tmp_path):
    assert not [line for line in printed(tmp_path) if line.startswith("Source")]
