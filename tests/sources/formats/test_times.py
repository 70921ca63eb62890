from __future__ import annotations

import datetime as dt

import pytest

from sources.formats.times import Stated, numeric_order, parse_time, stated_time

NOW = dt.datetime(2026, 3, 14)


def stated(text: object, **kwargs: str) -> Stated | None:
    return stated_time(text, NOW, **kwargs)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2021-12-06T14:05:00Z", "2021-12-06T14:05:00"),
        ("2021-12-06 14:05", "2021-12-06T14:05:00"),
        ("2021. december 6. 14:05", "2021-12-06T14:05:00"),
        ("2021 m. gruodžio 6 d.", "2021-12-06T00:00:00"),
        ("Thứ hai, ngày 6 tháng 12 năm 2021", "2021-12-06T00:00:00"),
        ("6 tháng 12, 2021", "2021-12-06T00:00:00"),
        ("6 בדצמבר 2021", "2021-12-06T00:00:00"),
        ("6 كانون الأول/ديسمبر 2021", "2021-12-06T00:00:00"),
        ("by Ada Quill / December 6, 2021 / Leave a comment", "2021-12-06T00:00:00"),
        ("6 آب 2021", "2021-08-06T00:00:00"),
        ("6 դեկտեմբերի 2021 - 14:05", "2021-12-06T14:05:00"),
        ("6 დეკემბერი, 2021", "2021-12-06T00:00:00"),
        ("6 dekabr 2021", "2021-12-06T00:00:00"),
        ("6 снежня 2021, 14:05", "2021-12-06T14:05:00"),
        ("6 ธันวาคม 2564", "2021-12-06T00:00:00"),
        ("6 de desembre de 2021", "2021-12-06T00:00:00"),
        ("6 أوت 2021", "2021-08-06T00:00:00"),
        ("20211206", "2021-12-06T00:00:00"),
        ("Published 6 December 2021 14:05 GMT", "2021-12-06T14:05:00"),
        ("Dec 6, 2021 at 2:05 PM EST", "2021-12-06T19:05:00"),
        ("Dec. 6, 2021 7:05 a.m. ET", "2021-12-06T12:05:00"),
        ("July 6, 2021 7:05 a.m. ET", "2021-07-06T11:05:00"),
        ("Mon 6 Dec 2021 14.05 GMT", "2021-12-06T14:05:00"),
        ("10:00am, 20 Jan, 2020", "2020-01-20T10:00:00"),
        ("9:41 am Thu Mar 5, 2026", "2026-03-05T09:41:00"),
        ("6th of December, 2021", "2021-12-06T00:00:00"),
        ("06.12.2021, 14:05 Uhr", "2021-12-06T14:05:00"),
        ("Fr, 17 Mai 2019 13:38:23 MESZ", "2019-05-17T11:38:23"),
        ("Publié le 6 décembre 2021 à 14h05", "2021-12-06T14:05:00"),
        ("6 de diciembre de 2021", "2021-12-06T00:00:00"),
        ("6 listopada 2021", "2021-11-06T00:00:00"),
        ("6 грудня 2021, 14:05", "2021-12-06T14:05:00"),
        ("6 Aralık 2021 Pazartesi", "2021-12-06T00:00:00"),
        ("٦ ديسمبر ٢٠٢١", "2021-12-06T00:00:00"),
        ("6 كانون الأول 2021", "2021-12-06T00:00:00"),
        ("2021年12月6日 14:05", "2021-12-06T14:05:00"),
        ("2021년 12월 6일", "2021-12-06T00:00:00"),
        ("25/12/2021", "2021-12-25T00:00:00"),
        ("6 dec 21 | 14h05 Por Ada Quill", "2021-12-06T14:05:00"),
        ("06-Dec-21 14:05", "2021-12-06T14:05:00"),
        ("६ दिसंबर २०२१", "2021-12-06T00:00:00"),
        ("၆ ဒီဇင်ဘာ ၂၀၂၁", "2021-12-06T00:00:00"),
        ("6 Dhjetor, 2021", "2021-12-06T00:00:00"),
        ("6 Desemba 2021", "2021-12-06T00:00:00"),
        ("14:05 06.12.2021 (updated: 08:10 07.12.2021)", "2021-12-06T14:05:00"),
        ("令和3年12月6日", "2021-12-06T00:00:00"),
        ("令和３年１２月６日（月）", "2021-12-06T00:00:00"),
        ("令和元年5月1日", "2019-05-01T00:00:00"),
        ("平成31年 4月 1日", "2019-04-01T00:00:00"),
        ("昭和64年1月7日", "1989-01-07T00:00:00"),
        ("中華民國110年12月6日", "2021-12-06T00:00:00"),
        ("1638799500", "2021-12-06T14:05:00"),
        ("1638799500000", "2021-12-06T14:05:00"),
        ("Mon, 06 Dec 2021 14:05:00 +0100", "2021-12-06T13:05:00"),
    ],
)
def test_dates_as_pages_write_them(text: str, moment: str) -> None:
    found = stated(text)
    assert found is not None
    assert found.stored.isoformat() == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "03/04/2021",
        "3 of 7",
        "May 2021",
        "32 May 2021",
        "1970-01-01T00:00:00Z",
        "6 May 14:05",
        "6 May 14.05",
        "2021",
        "6 Smarch 2021",
        "tomorrow",
        None,
        "6 May 2099",
        "04/12/2026",
    ],
)
def test_what_is_no_plain_date_is_not_read(text: object) -> None:
    assert stated(text) is None


def test_the_order_of_numeric_dates_is_what_the_page_makes_it() -> None:
    assert stated("03/04/2021", order="dmy") == Stated(dt.datetime(2021, 4, 3), dt.date(2021, 4, 3), timed=False)
    assert stated("03/04/2021", order="mdy") == Stated(dt.datetime(2021, 3, 4), dt.date(2021, 3, 4), timed=False)
    assert stated("05/03/2026") == stated("2026-03-05"), "in May it would lie in the future"
    assert numeric_order("25/12/2021 and 03/04/2021") == "dmy"
    assert numeric_order("12/25/2021") == "mdy"
    assert numeric_order("25/12/2021, 12/25/2021") is None
    assert numeric_order("03/04/2021") is None


def test_a_word_that_is_another_month_in_one_language() -> None:
    assert stated("6 listopada 2021", language="hr") == stated("2021-10-06")
    assert stated("6 listopada 2021", language="pl") == stated("2021-11-06")


@pytest.mark.parametrize(
    ("text", "moment", "stored"),
    [
        ("2021-12-06T23:30:00-05:00", "2021-12-07T04:30:00", "2021-12-06T00:00:00"),
        ("2021-12-06T02:30:00+09:00", "2021-12-05T17:30:00", "2021-12-06T00:00:00"),
        ("2021-12-06T18:30:00-05:00", "2021-12-06T23:30:00", "2021-12-06T23:30:00"),
        ("2021-12-06T00:00:00+08:00", "2021-12-06T00:00:00", "2021-12-06T00:00:00"),
    ],
)
def test_the_stated_day_is_kept(text: str, moment: str, stored: str) -> None:
    found = stated(text)
    assert found is not None
    assert found.day == dt.date(2021, 12, 6)
    assert found.moment.isoformat() == moment
    assert found.stored.isoformat() == stored


def test_feeds_keep_the_moment() -> None:
    assert parse_time("2021-12-06T23:30:00-05:00", NOW) == dt.datetime(2021, 12, 7, 4, 30)
    assert parse_time("2026-03-17T00:00:00Z", NOW) is None
