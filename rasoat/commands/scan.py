"""``rasoat scan``: everything on the office LAN, inside the networks that may be scanned."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from rasoat import scan_settings
from rasoat.problems import Problem
from rasoat.scan_settings import ScanSettings
from rasoat.settings import Settings
from scanner.interfaces import interfaces
from scanner.networks import Networks
from scanner.pace import Pace
from scanner.ports.lists import named
from scanner.scan import Plan, Result
from scanner.scan import scan as carry_out
from scanner.scanning import Scanning
from scanner.targets import targets

_PARTIAL = 1  #: done, and something is missing: it was stopped


@click.command(epilog="Example: rasoat scan 10.1.0.0/22 --ports top100")
@click.argument("cidr", nargs=-1)
@click.option(
    "--ports",
    default="quick",
    show_default=True,
    help="none (discovery alone), quick, top100, top1000, or a list such as 22,80,8000-8010.",
)
@click.option("--services", is_flag=True, help="Ask nmap what stands behind open ports, besides.")
@click.option("--fast", is_flag=True, help="Lift the polite rate: wired networks, out of hours.")
@click.option("--listen", type=click.FloatRange(1, 86_400), help="Send nothing; listen SECONDS.")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Settings in place of the data folder's scan.yaml.",
)
@click.option("--json", "as_json", is_flag=True, help="One sighting a line; last the scan itself.")
@click.pass_obj
def scan(
    settings: Settings,
    cidr: tuple[str, ...],
    ports: str,
    listen: float | None,
    config: Path | None,
    *,
    services: bool,
    fast: bool,
    as_json: bool,
) -> int:
    """Look at the addresses of CIDR…, which must lie in the networks that may be scanned.

    Those are the ones in scan.yaml; without that file, the private networks that this machine is
    attached to. Public addresses are never scanned. At most 1,000 packets leave in a second.
    """
    chosen = scan_settings.load(settings.data, config)
    scanning = _scanning(chosen, fast=fast)
    wanted = targets(cidr, scanning.networks)
    asked = named(ports)
    plan = Plan(
        asked,
        identity=bool(asked),
        services=services,
        communities=chosen.communities,
        resolver=chosen.resolver,
        listen=listen or 0.0,
    )
    with _stoppable(scanning), _watched(scanning, as_json=as_json):
        result = carry_out(scanning, wanted, plan)
    if as_json:
        _print_lines(result)
    else:
        from rasoat.sightings import show

        show(result, settings.lang)
    return 0 if result.scan["complete"] else _PARTIAL


def _scanning(chosen: ScanSettings, *, fast: bool) -> Scanning:
    cards = tuple(interfaces())
    networks = chosen.networks or Networks.attached(cards)
    if not networks.allowed:
        raise Problem(
            "no network may be scanned: this machine is attached to no private network; name the "
            "office's networks in scan.yaml (see docs/scan.md)"
        )
    return Scanning(networks, cards, Pace(0.0 if fast else chosen.rate))


@contextmanager
def _stoppable(scanning: Scanning) -> Iterator[None]:
    """Ctrl-C, or a scheduler's SIGTERM, ends the scan and keeps what it saw; twice ends it all."""

    def stop(_number: int, _frame: object) -> None:
        if scanning.stop.is_set():
            raise KeyboardInterrupt
        scanning.stop.set()
        click.echo("stopping; what was seen so far follows", err=True)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _watched(scanning: Scanning, *, as_json: bool) -> Iterator[None]:
    """Progress on stderr where a person looks; rich is not loaded where nobody does."""
    if as_json and not sys.stderr.isatty():
        yield
        return
    from rasoat.progress import bars

    with bars(scanning):
        yield


def _print_lines(result: Result) -> None:
    lines: list[dict[str, Any]] = [one.to_document() for one in result.sightings]
    lines.append({"scan": result.scan})
    sys.stdout.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
