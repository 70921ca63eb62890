"""The besieged: two sites, a canary that nobody may ask, and one parsing box for all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sources.box import Box, BoxSettings
from tests.sources.site import Site

CANARY = "127.0.0.66"


@pytest.fixture(scope="package")
def bad() -> Iterator[Site]:
    site = Site("127.0.0.1")
    yield site
    site.close()


@pytest.fixture(scope="package")
def good() -> Iterator[Site]:
    site = Site("127.0.0.2")
    yield site
    site.close()


@pytest.fixture(scope="package")
def canary() -> Iterator[Site]:
    site = Site(CANARY)
    yield site
    site.close()


@pytest.fixture(scope="package")
def box() -> Iterator[Box]:
    with Box(BoxSettings(seconds=6.0, megabytes=768, workers=1)) as box:
        yield box
