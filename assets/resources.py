"""What a run is given: the settings, the catalogue, and whether it may fetch.

What belongs here: Dagster resources.
What does not: opening databases and files (``steps`` and the floors below do).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import dagster as dg
from pydantic import Field

from assets.settings import Settings
from assets.steps import Run


class Ledger(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The settings of this run; what is not said here comes from the environment and ``chancery.toml``."""

    sources: str = Field(default="", description="the catalogue of sources; empty: the one of the settings")
    replay: bool = Field(default=False, description="read the day from the archive alone: no network, no source files")

    def run(self, context: dg.AssetExecutionContext) -> Run:
        """The run as the steps see it."""
        settings = Settings(sources=Path(self.sources)) if self.sources else Settings()
        return Run(settings, dt.date.fromisoformat(context.partition_key), context.run_id, self.replay)
