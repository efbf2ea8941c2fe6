"""Programs that stand for nmap in tests: they write down how they were called, then do more."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.nmap import services

LOG = (
    'echo "$@" >> "{folder}/argv"; while read -r line; do echo "$line" >> "{folder}/asked"; done\n'
)


class Program:
    """A program in a folder, and what it wrote down."""

    def __init__(self, folder: Path, rest: str = "") -> None:
        self._folder = folder
        self.path = folder / "nmap"
        self.path.write_text("#!/bin/sh\n" + LOG.format(folder=folder) + rest)
        self.path.chmod(0o755)

    def instead(self, monkeypatch: pytest.MonkeyPatch) -> Program:
        """Put it in nmap's place."""
        monkeypatch.setattr(services, "PROGRAMS", (str(self.path),))
        return self

    def calls(self) -> list[str]:
        """The arguments of each call."""
        return self._lines("argv")

    def asked(self) -> list[str]:
        """What came in by standard input, all calls together."""
        return self._lines("asked")

    def _lines(self, name: str) -> list[str]:
        file = self._folder / name
        return file.read_text().splitlines() if file.exists() else []
