"""What a scan does not need it does not load: scapy costs 0.2 s and more, as much as a burst."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT


def loaded(module: str) -> set[str]:
    """The top-level modules that importing ``module`` alone brings."""
    code = f"import {module}, sys; print(*sorted({{m.partition('.')[0] for m in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("scanner.names.asking", {"scapy", "ssl", "cryptography", "asyncio", "nmap", "xml"}),
        ("scanner.names.listening", {"scapy", "ssl", "cryptography", "asyncio", "nmap", "xml"}),
        ("scanner.identity.quick", {"scapy", "cryptography", "asyncio", "nmap", "xml"}),
    ],
)
def test_a_technique_loads_no_heavy_library(module: str, heavy: set[str]) -> None:
    found = loaded(module)
    assert "socket" in found
    assert not found & heavy


def test_a_heavy_library_would_be_seen() -> None:
    """The control."""
    assert "scapy" in loaded("scapy.layers.l2")
