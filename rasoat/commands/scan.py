"""``rasoat scan``: everything on the office LAN, inside the networks that may be scanned."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from language.said import said
from language.texts import texts
from rasoat import scan_keeping, scan_settings
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
from scanner.targets import Targets, targets

_PARTIAL = 1  #: done, and something is missing: it was stopped


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The options of one call."""

    cidr: tuple[str, ...]
    unit: str | None
    ports: str | None
    listen: int | None
    config: Path | None
    to: str | None
    state: str | None
    nmap_xml: Path | None
    services: bool
    fast: bool
    as_json: bool


@click.command(epilog="Example: rasoat scan 10.1.0.0/22 --ports top100")
@click.argument("cidr", nargs=-1)
@click.option(
    "--unit", metavar="UNIT", help="The networks that scan.yaml gives to this unit, besides CIDR…."
)
@click.option(
    "--ports",
    metavar="LIST",
    help="none (discovery alone), quick, top100, top1000, or a list such as 22,80,8000-8010.  "
    "[default: quick]",
)
@click.option("--services", is_flag=True, help="Ask nmap what stands behind open ports, besides.")
@click.option("--fast", is_flag=True, help="Lift the polite rate: wired networks, out of hours.")
@click.option(
    "--listen",
    type=click.IntRange(1, 86_400),
    metavar="SECONDS",
    help="Send nothing; tell what is heard in that time, a day at most.",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Settings in place of the data folder's scan.yaml.",
)
@click.option(
    "--to", metavar="URL", help="Send the result, signed by this machine's agent, to its collector."
)
@click.option(
    "--state",
    metavar="FOLDER",
    default=None,
    help="The agent's state folder, for --to.  [default: where `rasoat-agent install` keeps it]",
)
@click.option(
    "--import",
    "nmap_xml",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Take in an XML file of nmap's in place of scanning; nothing is sent.",
)
@click.option("--json", "as_json", is_flag=True, help="One sighting a line; last the scan itself.")
@click.pass_obj
def scan(settings: Settings, /, cidr: tuple[str, ...], **given: Any) -> int:
    """Look at the addresses of CIDR…, which must lie in the networks that may be scanned.

    Those are the ones in scan.yaml; without that file, the private networks that this machine is
    attached to. Public addresses are never scanned. At most 1,000 packets leave in a second.
    """
    wanted = _Wanted(cidr=cidr, **given)
    _check(wanted)
    chosen = scan_settings.load(settings.data, wanted.config)
    if wanted.to is not None:
        scan_keeping.check_sensor(wanted.to, _state(wanted))
    scanning = _scanning(chosen, fast=wanted.fast)
    result = _result(settings, chosen, scanning, wanted)
    _show(result, settings.lang, as_json=wanted.as_json)
    _keep(result, settings, wanted)
    return 0 if result.scan["complete"] else _PARTIAL


def _result(
    settings: Settings, chosen: ScanSettings, scanning: Scanning, wanted: _Wanted
) -> Result:
    """What the scan saw, or the file of another program's scan."""
    if wanted.nmap_xml is not None:
        return scan_keeping.imported(wanted.nmap_xml, scanning.networks)
    aims = targets([*wanted.cidr, *_of_unit(chosen, wanted.unit)], scanning.networks)
    asked = named("quick" if wanted.ports is None else wanted.ports)
    plan = Plan(
        asked,
        identity=bool(asked),
        services=wanted.services,
        communities=chosen.communities,
        resolver=chosen.resolver,
        listen=float(wanted.listen or 0),
        known=_known(settings, aims, stored=wanted.to is None),
    )
    with (
        _stoppable(scanning, settings.lang),
        _watched(scanning, settings.lang, as_json=wanted.as_json),
    ):
        return carry_out(scanning, aims, plan)


def _check(wanted: _Wanted) -> None:
    """Refuse options that would mean nothing: who gave them expects something of them."""
    if wanted.nmap_xml and (wanted.cidr or wanted.unit or wanted.listen or _asks(wanted)):
        raise Problem(
            said("--import reads a file: of the others, it takes --config, --to and --json")
        )
    if wanted.listen and _asks(wanted):
        raise Problem(said("--listen sends nothing: it takes no --ports, --services or --fast"))
    if wanted.services and wanted.ports == "none":
        raise Problem(said("--services asks open ports: it takes no --ports none"))


def _asks(wanted: _Wanted) -> bool:
    return wanted.ports is not None or wanted.services or wanted.fast


def _of_unit(chosen: ScanSettings, unit: str | None) -> list[str]:
    """The networks of a unit, as scan.yaml has them."""
    found = [network for network, its in chosen.units.items() if its == unit]
    if unit is not None and not found:
        known = ", ".join(sorted(set(chosen.units.values()))) or said("none")
        raise Problem(
            said(
                "scan.yaml gives no network to the unit {unit!r}; units there: {known}",
                unit=unit,
                known=known,
            )
        )
    return found


def _known(settings: Settings, wanted: Targets, *, stored: bool) -> Mapping[str, str]:
    if not stored or not scan_keeping.kept_here(settings.data):
        return {}
    return scan_keeping.known_macs(settings.data, list(map(str, wanted.spans)))


def _show(result: Result, lang: str, *, as_json: bool) -> None:
    if as_json:
        _print_lines(result)
        return
    from rasoat.sightings import show

    show(result, lang)


def _state(wanted: _Wanted) -> str:
    """The state folder of this machine's agent."""
    from agents.state import default_folder

    return wanted.state or default_folder()


def _keep(result: Result, settings: Settings, wanted: _Wanted) -> None:
    """Send it, or keep it in the inventory of this machine where there is one."""
    if wanted.to is not None:
        click.echo(scan_keeping.send(result, _state(wanted)), err=True)
    elif scan_keeping.kept_here(settings.data):
        changed = scan_keeping.store(settings.data, result)
        say = texts(settings.lang)
        kept = say("kept as scan {id} in {folder}", id=result.scan["id"], folder=settings.data)
        click.echo(kept, err=True)
        if changed:
            from rasoat.changes import rows_of
            from rasoat.terminal import console, table

            console(stderr=True).print(table(*rows_of(changed, settings.lang)))


def _scanning(chosen: ScanSettings, *, fast: bool) -> Scanning:
    cards = tuple(interfaces())
    networks = chosen.networks or Networks.attached(cards)
    if not networks.allowed:
        raise Problem(
            said(
                "no network may be scanned: this machine is attached to no private "
                "network; name the office's networks in scan.yaml (see docs/scan.md)"
            )
        )
    return Scanning(networks, cards, Pace(0.0 if fast else chosen.rate))


@contextmanager
def _stoppable(scanning: Scanning, lang: str) -> Iterator[None]:
    """Ctrl-C, or a scheduler's SIGTERM, ends the scan and keeps what it saw; twice ends it all."""

    def stop(_number: int, _frame: object) -> None:
        if scanning.stop.is_set():
            raise KeyboardInterrupt
        scanning.stop.set()
        say = texts(lang)
        click.echo(say("stopping; what was seen so far follows"), err=True)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _watched(scanning: Scanning, lang: str, *, as_json: bool) -> Iterator[None]:
    """Progress on stderr where a person looks; rich is not loaded where nobody does."""
    if as_json and not sys.stderr.isatty():
        yield
        return
    from rasoat.progress import bars

    with bars(scanning, lang):
        yield


def _print_lines(result: Result) -> None:
    lines: list[dict[str, Any]] = [one.to_document() for one in result.sightings]
    lines.append({"scan": result.scan})
    sys.stdout.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
