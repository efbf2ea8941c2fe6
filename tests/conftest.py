"""What every test may lean on: the root of the checkout, and no skip under CI."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def require(what: str, present: bool) -> None:
    """Go on only if a component is there: a failure under CI=true, a skip elsewhere."""
    if present:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing: CI must have it (tools/apt-install lists the packages)")
    pytest.skip(f"{what} is missing; `make test` installs what it can")


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the checkout."""
    return ROOT
