"""`rasoat scan` on the laboratory's scanner side, and what it printed."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Any

from tests.conftest import ROOT
from tests.lab.lan import Lan


@dataclass(frozen=True)
class Scanned:
    """Sightings by address (the scanner's own left out), and the last line."""

    sightings: dict[str, dict[str, Any]]
    scan: dict[str, Any]

    @property
    def found(self) -> set[str]:
        """The addresses."""
        return set(self.sightings)


def scanned(lan: Lan, *options: str, python: tuple[str, ...] = ()) -> Scanned:
    """One scan of the whole LAN; ``python`` stands in place of the usual start of the command."""
    start = python or (sys.executable, "-m", "rasoat")
    done = lan.run(*start, "scan", str(lan.network), "--json", *options, cwd=ROOT)
    *lines, last = map(json.loads, done.stdout.splitlines())
    return Scanned({one["ip"]: one for one in lines if one["ip"] != lan.address}, last["scan"])
