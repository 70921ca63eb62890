"""Jobs: what is run as one.

What belongs here: the selection of assets and how their steps are executed.
What does not: when (``schedules``) and with what (``definitions``).
"""

from __future__ import annotations

import dagster as dg

from assets.ledger import ASSETS

# One process: DuckDB has one writer, and a process a step would spend seconds on imports to do milliseconds of work.
# The heavy step brings worker processes of its own.
nightly = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.assets(*ASSETS),
    executor_def=dg.in_process_executor,
    description="Fetch the day, read it, join it to what is known, check it, publish it.",
)
