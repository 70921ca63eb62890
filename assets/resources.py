"""What a run is given: the settings, the catalogue, and whether it may fetch.

What belongs here: Dagster resources.
What does not: opening databases and files (``steps`` and the floors below do).
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from pydantic import Field

from assets.settings import Settings
from assets.steps import Run


class RunningAlready(RuntimeError):
    """Another run holds the ledger."""


class Ledger(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The settings of this run; what is not said here comes from the environment and ``chancery.toml``."""

    sources: str = Field(default="", description="the catalogue of sources; empty: the one of the settings")
    replay: bool = Field(default=False, description="read the day from the archive alone: no network, no source files")

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Ledger]:
        """Hold the ledger while the run lasts: two runs would overwrite each other's candidate."""
        data = Settings().data
        data.mkdir(parents=True, exist_ok=True)
        with (data / "run.lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise RunningAlready(f"another run holds the ledger in {data.name}/ ({lock.read().strip()})") from None
            lock.truncate(0)
            lock.write(f"process {os.getpid()}, run {context.run_id}")
            lock.flush()
            yield self

    def settings(self) -> Settings:
        """The settings of this run."""
        return Settings(sources=Path(self.sources)) if self.sources else Settings()

    def run(self, context: dg.AssetExecutionContext) -> Run:
        """The run as the steps see it."""
        return Run(self.settings(), dt.date.fromisoformat(context.partition_key), context.run_id, self.replay)
