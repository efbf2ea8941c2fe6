"""Names and identity against the tools that officers would run, over one simulated office LAN.

In network namespaces, from which nothing leads outside. The quick identity pass against
`nmap -sV` on the same known-open ports, the burst of names against `nbtscan`: wall seconds
(medians), what each found, and the ratios. Hosts and their services are simulated; last, ten real
daemons at one address.
Run as root: python benchmarks/scan_services.py [hosts] [runs]
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import nmap

from scanner.pace import POLITE
from tests.lab.lan import Lan, office_lan
from tests.lab.namespaces import Namespace
from tests.scanner.identity.daemons import IP, NETWORK, TCP, daemons, missing

ROOT = Path(__file__).resolve().parent.parent
RATES = {"burst (--fast)": 0.0, f"{POLITE:g} packets/s (default)": POLITE}


def main() -> None:
    """Print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 568
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with office_lan(hosts=count) as lan:
        ports = {host.ip: list(host.seen_tcp) for host in lan.truth if host.seen_tcp}
        doors = sum(map(len, ports.values()))
        print(f"{count} simulated hosts, {len(ports)} with {doors} open ports, {runs} runs each\n")
        services(lan, ports, runs)
        names(lan, runs)
    if lacking := missing():
        print(f"\nreal daemons: not measured, this machine lacks {', '.join(lacking)}")
        return
    with daemons() as scanner:
        real(scanner, runs)


def real(scanner: Namespace, runs: int) -> None:
    """The identity pass against nmap's service detection on ten real daemons at one address."""
    wanted = ",".join(map(str, TCP))
    walls: list[float] = []
    _timed(scanner.command(["nmap", "-n", "-Pn", "-sV", "-T4", "-p", wanted, IP]), walls)
    peer = walls.pop()
    options = json.dumps({"rate": POLITE, "networks": [NETWORK], "ports": {IP: TCP}})
    argv = [sys.executable, "-m", "tests.scanner.inside", os.devnull, "identity", options]
    said = [_timed(scanner.command(argv), walls) for _ in range(runs)]
    named = {one["port"] for one in json.loads(said[-1])["partials"][0]["ports"] if one["service"]}
    seconds = statistics.median(walls)
    print(
        f"\nreal daemons, {len(TCP)} open ports:  nmap -sV {peer:.2f} s; identity (default) "
        f"{seconds:.2f} s, {len(named)} ports named   {seconds / peer:.3f} of nmap -sV"
    )


def services(lan: Lan, ports: dict[str, list[int]], runs: int) -> None:
    """The identity pass against nmap's service detection on the same ports."""
    peer, told = nmap_services(lan, ports)
    print(f"nmap -sV -T4, known-open ports:   {peer:7.2f} s   {len(told)} ports named")
    for rate, seconds, result in ours(lan, "identity", runs, ports=ports):
        found = {
            (one["ip"], port["port"])
            for one in result["partials"]
            for port in one["ports"]
            if port["service"]
        }
        print(
            f"identity, {rate:24s}{seconds:7.2f} s   {len(found)} ports named, "
            f"{len(told - found)} of nmap's not   {seconds / peer:.3f} of nmap -sV   "
            f"{result['counts']['connections'].get('identity', 0)} connections, "
            f"{result['most_memory'] // 1024} MiB"
        )


def nmap_services(lan: Lan, ports: dict[str, list[int]]) -> tuple[float, set[tuple[str, int]]]:
    """(seconds, (host, port) that nmap named by what was said there, not by the port's number)."""
    wanted = ",".join(map(str, sorted({port for found in ports.values() for port in found})))
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as hosts:
        hosts.write("\n".join(ports))
        hosts.flush()
        argv = ["nmap", "-n", "-Pn", "-sV", "-T4", "-p", wanted, "-iL", hosts.name, "-oX", "-"]
        began = time.perf_counter()
        done = subprocess.run(
            lan.scanner.command(argv), check=True, capture_output=True, text=True, timeout=3600
        )
        seconds = time.perf_counter() - began
    scan = nmap.PortScanner().analyse_nmap_xml_scan(done.stdout)["scan"]
    told = {
        (ip, port)
        for ip, host in scan.items()
        for port, found in host.get("tcp", {}).items()
        if found["state"] == "open" and found["conf"] == "10"
    }
    return seconds, told


def names(lan: Lan, runs: int) -> None:
    """The burst of all name protocols against nbtscan, which asks NetBIOS alone."""
    began = time.perf_counter()
    done = lan.run("nbtscan", "-q", "-s", " ", str(lan.network))
    peer = time.perf_counter() - began
    told = {line.split()[0] for line in done.stdout.splitlines() if line[:1].isdigit()}
    print(f"\nnbtscan:                          {peer:7.2f} s   {len(told)} hosts by NetBIOS")
    for rate, seconds, result in ours(lan, "names", runs, communities=["public"]):
        by_method: dict[str, set[str]] = {}
        for one in result["partials"]:
            by_method.setdefault(one["method"], set()).add(one["ip"])
        shown = ", ".join(f"{len(ips)} {method}" for method, ips in sorted(by_method.items()))
        print(
            f"names,    {rate:24s}{seconds:7.2f} s   {shown}   {seconds / peer:.3f} of nbtscan   "
            f"{result['counts']['packets_sent']} packets, "
            f"{len(told - by_method.get('netbios', set()))} of nbtscan's hosts not"
        )


def ours(
    lan: Lan, technique: str, runs: int, **options: object
) -> list[tuple[str, float, dict[str, Any]]]:
    """(pace, median seconds of the whole process, the last result) for each pace."""
    found = []
    for label, rate in RATES.items():
        argv = [sys.executable, "-m", "tests.scanner.inside", str(lan.truth_file), technique]
        argv.append(json.dumps({**options, "rate": rate}))
        walls: list[float] = []
        said = [_timed(lan.scanner.command(argv), walls) for _ in range(runs)]
        found.append((label, statistics.median(walls), json.loads(said[-1])))
    return found


def _timed(command: list[str], walls: list[float]) -> str:
    began = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    walls.append(time.perf_counter() - began)
    return done.stdout


if __name__ == "__main__":
    main()
