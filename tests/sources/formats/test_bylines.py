"""Names of authors, and nothing else, from what a page says of them."""

from __future__ import annotations

import datetime as dt

import pytest

from sources.formats.bylines import clean_byline
from sources.formats.pages import read_page

PROSE = "<p>" + " ".join(f"The envoys read clause {n} aloud and then laid it aside." for n in range(9)) + "</p>"


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("By Ada Quill", "Ada Quill"),
        ("ADA QUILL and Bo Lund", "ADA QUILL and Bo Lund"),
        ("Ada Quill; Bo Lund; Ada Quill", "Ada Quill; Bo Lund"),
        ("ada@paper.example (Ada Quill)", "Ada Quill"),
        ("https://social.example/ada", None),
        ("@ada", None),
        ("admin", None),
        ("Ada &amp; Bo", "Ada & Bo"),
        ("<a href=x>Ada</a>", "Ada"),
        ("Ada Quill Senior Harbour Correspondent", "Ada Quill"),
        ("ADA QUILL, Executive Editor", "ADA QUILL"),
        ("Ada Quill, XYZ", "Ada Quill"),
        ("Ada Quill and Bo Lund - XY Technology Writers; XY – 1 hr 4 mins ago", "Ada Quill and Bo Lund"),
        ("ADA QUILL, BO LUND Envoyés spéciaux à Oslo", "ADA QUILL, BO LUND"),
        ("Reporter Ada Quill-Lund", "Ada Quill-Lund"),
        ("Ada Quill, Bo Lund, and Cy Ray", "Ada Quill, Bo Lund, and Cy Ray"),
        ("作者：温小霞", "温小霞"),
        ("김소라 기자", "김소라"),
        ("Firmado por Ada Quill", "Ada Quill"),
        ("paper.example", None),
        ("Ada Quill in Oslo and Bo Lund in Rome", "Ada Quill and Bo Lund"),
        ("Ada Quill in World News", "Ada Quill"),
        ("AQ Ada Quill", "Ada Quill"),
        ("AB Ada Quill", "AB Ada Quill"),
        ("岡田 太郎（記者）", "岡田 太郎"),
        ("郑·史密斯", "郑·史密斯"),
        ("株式会社河口", None),
        ("オスロ＝岡田太郎", "岡田太郎"),
        ("Ada Quill (after North Wire, South Wire)", "Ada Quill"),
        ("Ada Quill (after North Wire", "Ada Quill"),
        ("PRESS NOTE Nº 241", None),
        ("webteam", None),
        ("© Ada Quill", None),
        ("Bo writes:", None),
        ("Propos recueillis par Ada Quill", "Ada Quill"),
        ("Paper Staff", "Paper Staff"),
        ("Ada Quill @adaquill", "Ada Quill"),
        ("x" * 300, None),
        (None, None),
        (5, None),
    ],
)
def test_bylines(written: object, clean: str | None) -> None:
    assert clean_byline(written) == clean


def test_the_outlet_is_taken_off_as_an_office_is() -> None:
    assert clean_byline("Ada Quill, Harbour Gazette", ["harbour gazette"]) == "Ada Quill"
    assert clean_byline("Ada Quill, Bo Lund", ["harbour gazette"]) == "Ada Quill, Bo Lund"


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("<div>By Ada Quill</div>", "Ada Quill"),
        ("<div>By ADA QUILL and BO LUND 10/ 5/21 09:19 PM ET</div>", "ADA QUILL and BO LUND"),
        ("<div class='byline'>By Ada Quill Tuesday, Aug. 17, 2021</div>", "Ada Quill"),
        ("<p class='firma'>Ada Quill | Oslo</p>", "Ada Quill"),
        ("<p>Par Ada Quill, Bo Lund</p>", "Ada Quill, Bo Lund"),
        ("<p>By noon the envoys had left the harbour.</p>", None),
        ("<p>By Friday, the envoys were home</p>", None),
        ("<p>By land or by sea?</p>", None),
    ],
)
def test_the_line_under_the_headline(line: str, byline: str | None) -> None:
    page = read_page(f"<main><h1>Envoys go home</h1>{line}{PROSE}</main>", "", dt.datetime(2026, 3, 14))
    assert page is not None
    assert page.metadata.byline == byline


def test_a_person_before_an_agency() -> None:
    head = "<meta name='author' content='XYZ'>"
    body = f"<h1>Envoys go home</h1><p>By Ada Quill</p>{PROSE}"
    page = read_page(f"<html><head>{head}</head><body>{body}</body></html>", "", dt.datetime(2026, 3, 14))
    assert page is not None
    assert page.metadata.byline == "Ada Quill"
    alone = read_page(f"<html><head>{head}</head><body>{PROSE}</body></html>", "", dt.datetime(2026, 3, 14))
    assert alone is not None
    assert alone.metadata.byline == "XYZ"
