"""The gazetteer: names, demonyms, capitals, cities and blocs to codes."""

import time

import pycountry
import pytest

from extraction import gazetteer as g


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("India", "IND"),
        ("the Netherlands", "NLD"),
        ("U.S.", "USA"),
        ("US", "USA"),
        ("us", None),
        ("turkey", None),
        ("CHILE", "CHL"),
        ("Russia’s", "RUS"),
        ("the United States'", "USA"),
        ("South Korea", "KOR"),
        ("Burma", "MMR"),
        ("Republic of Armenia", "ARM"),
        ("Islamic Republic of Iran", "IRN"),
        ("Côte d’Ivoire", "CIV"),
        ("Soviet Union", "RUS"),
        ("the Holy See", "VAT"),
        ("Kosovo", "XKX"),
        ("Niger", "NER"),
        ("Texas", None),
        ("", None),
    ],
)
def test_country_of_name(text: str, code: str | None) -> None:
    assert g.country_of_name(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Indian", "IND"),
        ("Dutch", "NLD"),
        ("Saudi", "SAU"),
        ("Emiratis", "ARE"),
        ("Iraqis", "IRQ"),
        ("Swiss", "CHE"),
        ("Nigerien", "NER"),
        ("Nigerian", "NGA"),
        ("polish", None),
        ("Europeans", None),
    ],
)
def test_country_of_demonym(text: str, code: str | None) -> None:
    assert g.country_of_demonym(text) == code


def test_every_sovereign_state_has_a_name_a_demonym_and_a_capital() -> None:
    tables = g._tables()
    states = {c.alpha_3 for c in pycountry.countries if g.is_sovereign(c.alpha_3)} | {"XKX"}
    assert 190 < len(states) < 205
    # Their adjectives belong to a larger namesake, and the names of two capitals to a word and a queen.
    assert states - set(tables.demonyms.values()) == {"COG", "DMA"}
    assert states - set(tables.capitals.values()) == {"MDV", "SYC"}
    for code in states:
        assert g.country_of_name(g.name_of(code)) == code


@pytest.mark.parametrize("name", ["Clinton", "Bush", "Obama", "Singh", "Kerry", "Merkel"])
def test_a_surname_is_no_city(name: str) -> None:
    assert g.country_of_city(name) is None


def test_capitals_cities_regions_and_metonyms() -> None:
    assert g.country_of_capital("New Delhi") == "IND"
    assert g.country_of_capital("Male") is None
    assert g.country_of_city("Lahore") == "PAK"
    assert g.country_of_city("Kiev") == "UKR"
    assert g.country_of_city("St. Petersburg") == "RUS"
    assert g.country_of_city("Nowhere") is None
    assert g.country_of_city("Cannes", minimum=1_000_000) is None
    assert g.country_of_region("Texas") == "USA"
    assert g.country_of_region("Crimea") == "UKR"
    assert g.country_of_metonym("the Kremlin") == "RUS"


def test_common_names() -> None:
    assert [g.name_of(c) for c in ("RUS", "USA", "KOR", "VNM", "TUR")] == [
        "Russia",
        "United States",
        "South Korea",
        "Vietnam",
        "Turkey",
    ]
    with pytest.raises(KeyError):
        g.name_of("ZZZ")


def test_blocs() -> None:
    assert g.bloc_of("the U.N.") == "United Nations"
    assert g.bloc_of("AU") == "African Union"
    assert g.is_bloc("ASEAN")
    assert not g.is_bloc("Ministry of Finance")


def test_look_ups_are_cheap() -> None:
    g.country_of_name("India")
    started = time.perf_counter()
    for _ in range(10_000):
        g.country_of_name("Ministry of Foreign Affairs of the Republic of Nowhere")
    assert time.perf_counter() - started < 1
