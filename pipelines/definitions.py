"""All that Dagster knows of Chancery.

What belongs here: assets, jobs, schedules and resources put together.
What does not: any of them.
"""

from __future__ import annotations

import dagster as dg

from assets.ledger import ASSETS
from assets.resources import Ledger
from pipelines.jobs import nightly, rebuild
from pipelines.progress import progress_logger
from pipelines.schedules import every_night

defs = dg.Definitions(
    assets=ASSETS,
    jobs=[nightly, rebuild],
    schedules=[every_night],
    resources={"ledger": Ledger()},
    loggers={"progress": progress_logger},
    executor=dg.in_process_executor,
)
