"""A browser for all tests of the page, and the summary that has everything."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from reports.summary import Summary
from tests.reports.browser import chromium
from tests.reports.everything import everything


@pytest.fixture(scope="module")  # while it runs, no other test of the process may use asyncio
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture(scope="session")
def whole() -> Summary:
    return everything()
