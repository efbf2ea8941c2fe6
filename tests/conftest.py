"""What every test may lean on: the root of the checkout, and no skip under CI."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import guard
from tests.order import ordered

ROOT = Path(__file__).resolve().parent.parent
guard.installed()
# A machine that is busy fails no test: speed is shown by benchmarks, never asserted.
settings.register_profile(
    "unhurried", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unhurried")


def require(what: str, present: bool) -> None:
    """Go on only if a component is there: a failure under CI=true, a skip elsewhere."""
    if present:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing: CI must have it (tools/apt-install lists the packages)")
    pytest.skip(f"{what} is missing; `make test` installs what it can")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files begin (`tests.order`)."""
    items[:] = ordered(items)


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Raw bytes get the parameter's name: gzip's hold the time, and two workers must agree."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the checkout."""
    return ROOT
