"""Run inside a namespace of the laboratory: one technique, its partials and its ledger as JSON.

python -m tests.scanner.inside TRUTH names|identity|listen JSON-OPTIONS
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scanner.interfaces import interfaces
from scanner.networks import Networks
from scanner.pace import POLITE, Pace
from scanner.partial import Partial
from scanner.scanning import Scanning


def run(truth: Path, technique: str, options: dict[str, Any]) -> dict[str, Any]:
    """What the technique gave, the counts, seconds of wall and CPU, the largest memory (KiB)."""
    networks = options.pop("networks", ["10.66.0.0/22"])
    scanning = Scanning(
        Networks.configured(networks), tuple(interfaces()), Pace(options.pop("rate", POLITE))
    )
    began, worked = time.monotonic(), time.process_time()
    found = _found(scanning, truth, technique, options)
    return {
        "partials": [asdict(one) for one in found],
        "counts": scanning.ledger.counts(),
        "losses": [asdict(one) for one in scanning.losses],
        "seconds": time.monotonic() - began,
        "cpu_seconds": time.process_time() - worked,
        "most_memory": _most_memory(),
    }


def _most_memory() -> int:
    """KiB; of this program alone, where getrusage(2) counts what forked it as well."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1])


def _found(
    scanning: Scanning, truth: Path, technique: str, options: dict[str, Any]
) -> list[Partial]:
    if technique == "names":
        from scanner.names.asking import names

        return names(scanning, options.pop("hosts", None) or _addresses(truth), **options)
    if technique == "identity":
        from scanner.identity.quick import identify

        return identify(scanning, options["ports"])
    from scanner.names.listening import listen

    card = next(one for one in scanning.interfaces if one.name == options["interface"])
    return list(listen(scanning, card, options["seconds"]))


def _addresses(truth: Path) -> list[str]:
    return [host["ip"] for host in json.loads(truth.read_text("utf-8"))]


if __name__ == "__main__":
    json.dump(run(Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])), sys.stdout)
