"""Who held the highest offices of states, as facts: a last resort for the country of a person named with an office.

What belongs here: look-up of heads of state and government and foreign ministers in ``lexicon/holders.yml``.
What does not: reading an article (``roles``, ``actors``).
"""

from __future__ import annotations

import datetime as dt


def country_of(name: str, role: str | None, published: dt.date | None) -> str | None:
    """The country of an office-holder by name; None when nobody or more than one country fits."""
    return None
