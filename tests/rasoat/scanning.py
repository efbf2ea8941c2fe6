"""`rasoat scan` as a person calls it, on the scanner's side of a simulated LAN and nowhere else."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import ROOT
from tests.lab.lan import Lan
from tests.rasoat.conftest import Done

NETWORK = "10.66.0.0/26"
HOSTS = 30


@dataclass(frozen=True)
class Scanner:
    """The scanner's side of ``lan`` with a data folder of its own."""

    lan: Lan
    data: Path

    def inside(self, *words: object, user: str = "") -> list[str]:
        """The command line; ``user`` runs it with that user's rights and no others."""
        lower = ["setpriv", f"--reuid={user}", "--clear-groups", "--no-new-privs"] if user else []
        program = [sys.executable, "-B", "-m", "rasoat", "--lang", "en", "--data", str(self.data)]
        return [*lower, *program, *map(str, words)]

    def run(self, *words: object, user: str = "") -> Done:
        """One command of rasoat, to its end."""
        done = self.lan.run(*self.inside(*words, user=user), check=False, cwd=ROOT)
        return Done(done.returncode, done.stdout, done.stderr)

    def start(self, *words: object, user: str = "") -> subprocess.Popen[str]:
        """One command of rasoat that goes on, to be stopped."""
        argv = self.lan.scanner.command(self.inside(*words, user=user))
        return subprocess.Popen(
            argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def scan(self, *words: object, user: str = "") -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """(sightings, the scan) of `rasoat scan --json`, which must end with 0."""
        done = self.run("scan", "--json", *words, user=user)
        assert done.code == 0, done.err
        return lines(done.out)


def lines(out: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """(sightings, the scan) of NDJSON; every line must be one of the two, the scan last."""
    *sightings, last = [json.loads(line) for line in out.splitlines()]
    assert all("ip" in one for one in sightings)
    assert list(last) == ["scan"]
    return sightings, last["scan"]
