"""Every setting, typed and described, in one place.

What belongs here: what an operator may change, with its default and its meaning.
What does not: the sources (``sources.yml``) and anything that would change what a text means.

Order of precedence: the command line, the environment (``CHANCERY_…``), ``chancery.toml``, the defaults below.
``chancery.toml`` is looked for beside the project and then in the working directory; ``CHANCERY_CONFIG`` names another.
Relative paths in it are relative to the file.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

PROJECT = Path(__file__).resolve().parent.parent
FILE_NAME = "chancery.toml"
SAMPLE = PROJECT / "samples" / "sources.yml"
_CRON = re.compile(r"[\d*/,a-z-]+", re.IGNORECASE)
_CRON_MOST = (59, 23, 31, 12, 7)
_CRON_NAMES = ("@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually")
_NUMBER = re.compile(r"(?<!/)\b\d+")


def config_file() -> Path | None:
    """The settings file that is in force, or None.  Raises FileNotFoundError when ``CHANCERY_CONFIG`` names none."""
    if named := os.environ.get("CHANCERY_CONFIG"):
        path = Path(named)
        if not path.is_file():
            raise FileNotFoundError(f"CHANCERY_CONFIG names {named}, which is no file")
        return path
    return next((p for p in (PROJECT / FILE_NAME, Path.cwd() / FILE_NAME) if p.is_file()), None)


def own_catalogue() -> Path:
    """One's own catalogue, there or not: ``sources.yml`` beside the settings file, or in the working directory."""
    file = config_file()
    return (file.absolute().parent if file else Path.cwd()) / "sources.yml"


def _catalogue() -> Path:
    own = own_catalogue()
    return own if own.is_file() else SAMPLE


def _home() -> Path:
    """A checkout keeps its data inside itself; an installed package in the working directory."""
    return PROJECT if (PROJECT / "pyproject.toml").is_file() else Path.cwd()


class Settings(BaseSettings):
    """What an operator may change."""

    model_config = SettingsConfigDict(env_prefix="CHANCERY_", extra="forbid", frozen=True, validate_default=True)

    data: Path = Field(
        default_factory=lambda: _home() / "data",
        description="folder of the archive, the working database, the snapshots and Dagster's instance",
    )
    sources: Path = Field(
        default_factory=_catalogue,
        description="the catalogue of sources; by default `sources.yml` beside this file, or else the sample",
    )
    cron: str = Field(default="0 2 * * *", description="when the nightly run starts, as a cron expression")
    time_zone: str = Field(default="UTC", description="the time zone of `cron`, as an IANA name")
    first_day: dt.date = Field(default=dt.date(2020, 1, 1), description="the first fetch day that has a partition")
    workers: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1, description="processes that read articles")
    keep_snapshots: int = Field(default=30, ge=1, description="published snapshots that are kept")
    contact: str = Field(
        default="", description="address or page named in the user agent, so that a site can reach who fetches it"
    )
    fetch_deadline: float = Field(default=60.0, gt=0, description="seconds that one address may take, with retries")
    fetch_attempts: int = Field(default=3, ge=1, description="attempts at an address that fails for a passing reason")
    fetch_wait: float = Field(default=0.5, ge=0, description="seconds before the second attempt; doubles with each")
    fetch_spacing: float = Field(
        default=1.0, ge=0, description="seconds between the starts of two requests to a host; a site may ask for more"
    )
    fetch_parallel_hosts: int = Field(default=16, ge=1, description="hosts that are asked at the same time")
    fetch_host_deadline: float = Field(
        default=1800.0, gt=0, description="seconds that one host may take in a run; what is left waits for the next run"
    )
    max_crawl_delay: float = Field(
        default=30.0, ge=0, description="seconds between two requests above which a site's wish is cut down to this"
    )
    max_retry_after: float = Field(
        default=120.0,
        ge=0,
        description="seconds of pause that a site may ask for; if it wants more, it is left alone for the run",
    )
    max_bytes: int = Field(default=20_000_000, gt=0, description="size of a document above which it is refused")
    parse_seconds: float = Field(default=20.0, gt=0, description="seconds that the parse of one page may take")
    parse_megabytes: int = Field(
        default=1024, ge=64, description="MiB of memory that the parse of one page may take, on top of an idle worker's"
    )
    network_retries: int = Field(
        default=2, ge=0, description="times that the fetch step is tried again when no address at all could be reached"
    )
    network_wait: float = Field(default=10.0, ge=0, description="seconds before the fetch step is tried again; doubles")

    @field_validator("data", "sources")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        return path.expanduser().absolute()

    @field_validator("cron")
    @classmethod
    def _five_fields(cls, value: str) -> str:
        parts = value.split()
        known = [
            _CRON.fullmatch(part) and all(int(n) <= most for n in _NUMBER.findall(part))
            for part, most in zip(parts, _CRON_MOST, strict=False)
        ]
        if value.strip() not in _CRON_NAMES and not (len(parts) == len(_CRON_MOST) and all(known)):
            raise ValueError("a cron expression of five fields is expected, such as 0 2 * * *")
        return value.strip()

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except ZoneInfoNotFoundError as error:
            raise ValueError(f"{name} is no time zone of the IANA list") from error
        return name

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line, environment, file: in this order."""
        path = config_file()
        file = (_FileSource(settings_cls, path),) if path else ()
        return (init_settings, env_settings, *file)

    # where things are ---------------------------------------------------------------------------------------------

    @property
    def archive(self) -> Path:
        """Every fetched byte."""
        return self.data / "archive"

    @property
    def working(self) -> Path:
        """The working database, private to the run."""
        return self.data / "working.duckdb"

    @property
    def candidate(self) -> Path:
        """The snapshot that is being built and audited."""
        return self.data / "candidate" / "candidate.duckdb"

    @property
    def published(self) -> Path:
        """The published snapshots and their pointer."""
        return self.data / "published"

    @property
    def dagster_home(self) -> Path:
        """Dagster's instance: runs, events, schedules."""
        return self.data / "dagster"


class _FileSource(TomlConfigSettingsSource):
    """``chancery.toml``, its relative paths taken from its own folder."""

    def __init__(self, settings_cls: type[BaseSettings], path: Path) -> None:
        super().__init__(settings_cls, path)
        for name in ("data", "sources"):
            if isinstance(value := self.init_kwargs.get(name), str):
                self.init_kwargs[name] = str(path.absolute().parent / Path(value).expanduser())
