"""Who is there: `rasoat scan --ports none` beside arp-scan and nmap, on one simulated office LAN.

    PYTHONPATH=. python benchmarks/scan_discovery.py [RUNS] [LOSSY RUNS]

Whole processes, in turn, in a network namespace from which nothing leads outside: 568 simulated
hosts on a /22, without loss and with 5 % in each direction. Printed: medians of wall seconds, hosts
found (least and most), false ones, peak memory, packets; then each ratio beside its target. Then
what the scans said of themselves: the stated probability that a host was missed, against how often
one was, over many scans at 1, 5 and 15 %. Exit code 1 where a target is missed. Needs root.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.conftest import ROOT
from tests.lab.lan import HERE, Lan, office_lan

RUNS, LOSSY = 5, 40
HOSTS = 568
SCAN = (sys.executable, "-m", "rasoat", "scan", "10.66.0.0/22", "--ports", "none", "--json")
OURS, PACED = "rasoat --fast", "rasoat (1,000/s)"
PEERS: dict[str, Sequence[str]] = {
    OURS: (*SCAN, "--fast"),
    PACED: SCAN,
    "arp-scan": ("arp-scan", "-x", "-I", HERE, "10.66.0.0/22"),
    "arp-scan tuned": ("arp-scan", "-x", "-I", HERE, "-i20u", "-t50", "-r5", "10.66.0.0/22"),
    "nmap -sn": ("nmap", "-sn", "-n", "-oG", "-", "10.66.0.0/22"),
}


@dataclass(frozen=True)
class Run:
    """One process: seconds, peak MB, addresses, what it said of itself (ours only)."""

    seconds: float
    peak: float
    found: frozenset[str]
    scan: dict[str, object]


def main() -> None:
    """Print the figures."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    lossy = int(sys.argv[2]) if len(sys.argv) > 2 else LOSSY
    with office_lan(hosts=HOSTS) as lan:
        clean = {name: [run(lan, name) for _ in range(runs)] for name in PEERS}
        shown(lan, "no loss", clean)
        lan.set_loss(0.05)
        worse = {name: [run(lan, name) for _ in range(2)] for name in PEERS if name != OURS}
        worse[OURS] = [run(lan, OURS) for _ in range(lossy)]
        shown(lan, "5 % lost in each direction", worse)
        missed = targets(lan, clean, worse)
        for loss in (0.01, 0.05, 0.15):
            lan.set_loss(loss)
            calibrated(lan, loss, lossy)
    sys.exit(1 if missed else 0)


def run(lan: Lan, name: str) -> Run:
    """One start of one program."""
    began = time.perf_counter()
    argv = lan.scanner.command(PEERS[name])
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as one:
        out = one.stdout.read().decode() if one.stdout else ""
        _, status, used = os.wait4(one.pid, 0)
        one.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    if one.returncode:
        sys.exit(f"{name} ended with {one.returncode}")
    return Run(seconds, used.ru_maxrss / 1024, *READERS.get(name, tabled)(out, lan))


def sighted(out: str, lan: Lan) -> tuple[frozenset[str], dict[str, object]]:
    """Our own lines."""
    *lines, last = map(json.loads, out.splitlines())
    return frozenset(one["ip"] for one in lines if one["ip"] != lan.address), last["scan"]


def tabled(out: str, lan: Lan) -> tuple[frozenset[str], dict[str, object]]:
    """arp-scan's lines: an address, a tab, a MAC."""
    return frozenset(line.split("\t")[0] for line in out.splitlines() if line), {}


def grepped(out: str, lan: Lan) -> tuple[frozenset[str], dict[str, object]]:
    """nmap's lines: Host: ADDRESS () Status: Up."""
    up = (line.split()[1] for line in out.splitlines() if line.endswith("Status: Up"))
    return frozenset(up) - {lan.address}, {}


READERS: dict[str, Callable[[str, Lan], tuple[frozenset[str], dict[str, object]]]] = {
    OURS: sighted,
    PACED: sighted,
    "nmap -sn": grepped,
}


def shown(lan: Lan, what: str, runs: dict[str, list[Run]]) -> None:
    """A line for each program."""
    true = {host.ip for host in lan.truth}
    print(f"\n{what}, {len(true)} hosts ({len(runs[OURS])} runs of ours)")
    for name, done in runs.items():
        found = sorted(len(one.found & true) for one in done)
        false = max(len(one.found - true) for one in done)
        packets = done[0].scan.get("packets")
        sent = f"{packets['packets_sent']} packets" if isinstance(packets, dict) else ""
        wall = statistics.median(one.seconds for one in done)
        peak = max(one.peak for one in done)
        hosts = f"found {found[0]}–{found[-1]}  false {false}"
        print(f"{name:18s}{wall:8.2f} s  {hosts}  {peak:3.0f} MB  {sent}")


def targets(lan: Lan, clean: dict[str, list[Run]], worse: dict[str, list[Run]]) -> int:
    """Each bound beside what was measured; gives how many are missed."""

    def wall(runs: dict[str, list[Run]], name: str) -> float:
        return statistics.median(one.seconds for one in runs[name])

    def share(runs: dict[str, list[Run]], ours: str, peer: str) -> float:
        return wall(runs, ours) / wall(runs, peer)

    true = frozenset(host.ip for host in lan.truth)
    incomplete = sum(one.found != true for one in worse[OURS])
    peer = max(len(one.found) for one in worse["arp-scan"])
    paced = min(len(one.found) for one in worse[PACED])
    rows = [
        ("--fast / arp-scan", share(clean, OURS, "arp-scan"), 0.10),
        ("--fast / nmap -sn", share(clean, OURS, "nmap -sn"), 0.25),
        ("--fast / arp-scan tuned", share(clean, OURS, "arp-scan tuned"), 1.0),
        ("1,000/s / arp-scan", share(clean, PACED, "arp-scan"), 1.0),
        ("1,000/s / arp-scan, lossy", share(worse, PACED, "arp-scan"), 1.0),
        ("--fast / nmap -sn, lossy", share(worse, OURS, "nmap -sn"), 0.02),
        ("--fast, peak MB", max(one.peak for one in clean[OURS]), 60),
        ("runs not all found", sum(one.found != true for one in clean[OURS]), 0),
        (f"of {len(worse[OURS])} lossy runs incomplete", incomplete, len(worse[OURS]) / 40),
        ("hosts that only arp-scan found, lossy", max(0, peer - paced), 0),
    ]
    print()
    for what, value, most in rows:
        print(f"{what:42s}{value:8.3f}   at most {most:g}   {'' if value <= most else 'MISSED'}")
    return sum(value > most for _, value, most in rows)


def calibrated(lan: Lan, loss: float, runs: int) -> None:
    """What the scans said of themselves, and what was so."""
    true = frozenset(host.ip for host in lan.truth)
    done = [run(lan, OURS) for _ in range(runs)]
    stated = statistics.mean(float(str(one.scan["probability_missed"])) for one in done)
    measured = statistics.mean(float(str(one.scan["loss"])) for one in done)
    happened = sum(one.found != true for one in done)
    exact = 1 - (1 - loss) ** 2
    print(
        f"{loss:4.0%} in each direction: exchanges lost {measured:.4f} (set {exact:.4f}); "
        f"stated that somebody was missed {stated:.4f}; was so in {happened} of {runs} scans"
    )


if __name__ == "__main__":
    main()
