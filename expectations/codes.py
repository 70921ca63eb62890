"""Code lists that come from a library: countries and languages.

What belongs here: the lists, read at first use.
What does not: code lists of our own (``warehouse.codes``).
"""

from __future__ import annotations

from functools import cache

# Kosovo has no code in the standard; XKX is the user-assigned one that the World Bank and the EU use.
USER_ASSIGNED = frozenset({"XKX"})


@cache
def countries() -> frozenset[str]:
    """ISO 3166-1 alpha-3 codes in force, and the user-assigned ones in general use."""
    import pycountry  # reads its tables at import: tenths of a second that a mere list of rules need not pay

    return frozenset(country.alpha_3 for country in pycountry.countries) | USER_ASSIGNED


@cache
def languages() -> frozenset[str]:
    """ISO 639-1 codes."""
    import pycountry

    return frozenset(language.alpha_2 for language in pycountry.languages if hasattr(language, "alpha_2"))
