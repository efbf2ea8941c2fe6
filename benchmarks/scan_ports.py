"""Open ports: `rasoat scan` beside nmap and masscan, on one simulated office LAN.

    PYTHONPATH=. python benchmarks/scan_ports.py [RUNS]

Whole processes, discovery included, in turn, in a network namespace from which nothing leads
outside: 568 simulated hosts on a /22, most of them silent. Our own top-100 and top-1000 lists go to
every program. `tuned nmap` is `-sS -T5 --min-rate 20000 --max-retries 1`. masscan runs at 20,000
packets a second, and so does ours for that comparison. Names and what stands behind the ports are
left out, as the peers leave them out. Printed: median wall seconds, open ports found of all there
are, false ones; then each ratio beside its target. Exit code 1 where one is missed. Needs root.
"""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from scanner.ports.lists import named
from tests.conftest import ROOT
from tests.lab.lan import HERE, Lan, office_lan

RUNS = 3
NETWORK = "10.66.0.0/22"
RATE = 20_000  #: packets per second against masscan
_OPEN = re.compile(r"(\d+)/open/tcp")
DRIVER = (sys.executable, "benchmarks/scan_ports.py", "--one")
Found = set[tuple[str, int]]


@dataclass(frozen=True)
class Row:
    """One program on one task: median seconds, the least share found, the most false ones."""

    seconds: float
    recall: float
    false: int


def main() -> None:
    """Print the figures."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    rows: dict[str, Row] = {}
    with office_lan() as lan:
        for size in ("top100", "top1000"):
            rows[f"rasoat {size}"] = measured(lan, size, ours(size, 0), runs)
            rows[f"nmap tuned {size}"] = measured(lan, size, nmap(size, tuned=True), 1)
        rows["rasoat top100 at 20,000/s"] = measured(lan, "top100", ours("top100", RATE), runs)
        rows["nmap -T4 top100"] = measured(lan, "top100", nmap("top100", tuned=False), 1)
        rows["masscan top100 at 20,000/s"] = measured(lan, "top100", masscan(lan), 1)
        lan.set_loss(0.05)
        for size in ("top100", "top1000"):
            rows[f"rasoat {size}, lossy"] = measured(lan, size, ours(size, 0), runs)
        rows["nmap tuned top100, lossy"] = measured(lan, "top100", nmap("top100", tuned=True), 1)
        rows["masscan top100, lossy"] = measured(lan, "top100", masscan(lan), 1)
    for name, row in rows.items():
        print(f"{name:30s}{row.seconds:8.2f} s   recall {row.recall:.4f}   false {row.false}")
    sys.exit(1 if targets(rows) else 0)


def measured(lan: Lan, size: str, argv: Sequence[str], runs: int) -> Row:
    """So many starts of one program."""
    truth = {(host.ip, port) for host in lan.truth for port in host.seen_tcp if port in named(size)}
    times, found = [], []
    for _ in range(runs):
        began = time.perf_counter()
        done = subprocess.run(
            lan.scanner.command(argv), cwd=ROOT, check=True, capture_output=True, text=True
        )
        times.append(time.perf_counter() - began)
        found.append(read(done.stdout))
    return Row(
        statistics.median(times),
        min(len(one & truth) for one in found) / len(truth),
        max(len(one - truth) for one in found),
    )


def read(out: str) -> Found:
    """(address, port) of each open port: our JSON, or the greppable form that both peers write."""
    found: Found = set()
    for line in out.splitlines():
        if line.startswith("{"):
            one = json.loads(line)
            found |= {(one["ip"], port) for port in one["open"]}
        elif line.startswith("Host: ") or "Host: " in line:
            ip = line.partition("Host: ")[2].split()[0]
            found |= {(ip, int(port)) for port in _OPEN.findall(line)}
    return found


def ours(size: str, rate: int) -> list[str]:
    """Discovery and ports by our own code, without the identity pass; see `one`."""
    return [*DRIVER, size, str(rate)]


def nmap(size: str, *, tuned: bool) -> list[str]:
    """nmap's SYN scan, its own host discovery included."""
    how = ["-T5", "--min-rate", "20000", "--max-retries", "1"] if tuned else ["-T4"]
    ports = ",".join(map(str, named(size)))
    return ["nmap", "-n", "-sS", *how, "-p", ports, "-oG", "-", NETWORK]


def masscan(lan: Lan) -> list[str]:
    """masscan with a wait of two seconds; a router's MAC is named because there is none to find."""
    ports = ",".join(map(str, named("top100")))
    gateway = ["--router-mac", lan.truth[0].mac]
    how = ["--rate", str(RATE), "--wait", "2", "--interface", HERE, *gateway]
    return ["sh", "-c", 'masscan "$@" 2>/dev/null', "sh", NETWORK, "-p", ports, *how, "-oG", "-"]


def one(size: str, rate: float) -> None:
    """What `rasoat scan --ports` does up to the open ports, in this process."""
    from scanner.discovery.discover import discover
    from scanner.interfaces import interfaces
    from scanner.networks import Networks
    from scanner.pace import Pace
    from scanner.ports.hosts import scan_hosts
    from scanner.scanning import Scanning
    from scanner.targets import targets as parsed

    networks = Networks.configured([NETWORK])
    scanning = Scanning(networks, tuple(interfaces()), Pace(rate))
    found = discover(scanning, parsed([NETWORK], networks))
    scanned = scan_hosts(scanning, found.hops, named(size), known=found.exchanges)
    for ip, ports in scanned.open_ports.items():
        print(json.dumps({"ip": ip, "open": list(ports)}))


def targets(rows: dict[str, Row]) -> int:
    """Each bound beside what was measured; gives how many are missed."""

    def ratio(name: str, peer: str) -> float:
        return rows[name].seconds / rows[peer].seconds

    checks = [
        ("top-100 / tuned nmap", ratio("rasoat top100", "nmap tuned top100"), 0.30),
        ("top-100 / nmap -T4", ratio("rasoat top100", "nmap -T4 top100"), 0.03),
        ("top-1000 / tuned nmap", ratio("rasoat top1000", "nmap tuned top1000"), 0.10),
        (
            "top-100 / masscan at one rate",
            ratio("rasoat top100 at 20,000/s", "masscan top100 at 20,000/s"),
            0.6,
        ),
        ("missed, no loss", 1 - min(rows[f"rasoat {n}"].recall for n in ("top100", "top1000")), 0),
        (
            "missed, lossy",
            1 - min(rows[f"rasoat {n}, lossy"].recall for n in ("top100", "top1000")),
            0.001,
        ),
        (
            "masscan's recall above ours, lossy",
            rows["masscan top100, lossy"].recall - rows["rasoat top100, lossy"].recall,
            0,
        ),
        ("false ones", max(row.false for name, row in rows.items() if "rasoat" in name), 0),
    ]
    print()
    for what, value, most in checks:
        print(f"{what:38s}{value:9.4f}   at most {most:g}   {'' if value <= most else 'MISSED'}")
    return sum(value > most for _, value, most in checks)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], float(sys.argv[3]))
    else:
        main()
