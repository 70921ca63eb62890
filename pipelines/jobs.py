"""Jobs: what is run as one.

What belongs here: the selection of assets and how their steps are executed.
What does not: when (``schedules``) and with what (``definitions``).
"""

from __future__ import annotations

import dagster as dg

from assets.ledger import ASSETS
from assets.operations import ledger_from_archive

# One process: DuckDB has one writer, and a process a step would spend seconds on imports to do milliseconds of work.
# The heavy step brings worker processes of its own.
nightly = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.assets(*ASSETS),
    executor_def=dg.in_process_executor,
    description="Fetch the day, read it, join it to what is known, check it, publish it.",
)


# A job of an operation, not of assets: it is about all days at once, and a partition of an asset is one day.
@dg.job(
    executor_def=dg.in_process_executor,
    tags={"dagster/max_runtime": str(7 * 24 * 3600)},  # years of articles are read again
    description="Make the working database anew from the archive alone, check it, publish it.",
)
def rebuild() -> None:
    """The working database from the archive; holds the lock that a nightly run holds."""
    ledger_from_archive()
