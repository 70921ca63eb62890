"""Office-holders as facts."""

import datetime as dt

import pytest

from extraction import holders


@pytest.mark.parametrize(
    ("name", "role", "year", "country"),
    [
        ("Vladimir Putin", None, None, "RUS"),
        ("Putin", "President", 2015, "RUS"),
        ("Sergey Lavrov", "Foreign Minister", 2010, "RUS"),
        ("Brown", "Prime Minister", 2008, "GBR"),
        ("Clinton", "carpenter", 1995, None),
        ("Nobody Whatsoever", "President", 2000, None),
        ("", "President", 2000, None),
    ],
)
def test_country_of(name: str, role: str | None, year: int | None, country: str | None) -> None:
    published = dt.date(year, 6, 1) if year else None
    assert holders.country_of(name, role, published) == country


def test_a_surname_that_is_a_word_is_no_leader() -> None:
    assert holders.is_leader("Macron", dt.date(2020, 1, 1))
    assert not holders.is_leader("May", dt.date(2018, 1, 1))


def test_every_entry_is_read() -> None:
    countries = {h.country for found in holders._index().values() for h in found}
    assert len(countries) > 180
    assert all(h.since <= h.until for found in holders._index().values() for h in found)
