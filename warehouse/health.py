"""The verdict on the sources of a day: the view ``source_health``, asked before the day is stored.

What belongs here: showing the view a day that the working database does not hold yet.
What does not: the verdict itself (``views/source_health.sql``), so that rules, operators and analysts see the same one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from warehouse import load
from warehouse.database import Connection, read, rehearsal
from warehouse.views import load_views


def source_health(con: Connection, day: dt.date, frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The rows of ``source_health`` for a day, by what earlier days hold and these frames; nothing is stored.

    ``frames``: ``fetch_log`` of the day, ``sources`` and ``reasons``.  Later days are not looked at, so a day replayed
    gets the verdict that it had.
    """
    (view,) = (view for view in load_views() if view.name == "source_health")
    tables = {name: frames[name] for name in ("sources", "reasons")}
    with rehearsal(con):
        con.execute("DELETE FROM fetch_log WHERE fetch_day > ?", [day])
        load.replace_day(con, "fetch_log", day, frames["fetch_log"])
        load.replace_tables(con, tables)
        return read(con, f"SELECT * FROM ({view.sql}) WHERE fetch_day = ? ORDER BY source_id", [day])
