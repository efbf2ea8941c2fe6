"""``rasoat device``: all that is known of one thing, why it is one, and a person's word on that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import click

from inventory import devices
from inventory.identity import deciding, explaining
from rasoat.commands.device_sbom import sbom
from rasoat.device_page import show_device
from rasoat.folder import opened, settled
from rasoat.people import whoami
from rasoat.settings import Settings
from rasoat.terminal import console, print_json, styled
from reports.words import WORDS


@click.group(epilog="Example: rasoat device show d-k3v7qm2xw5ra")
def device() -> None:
    """All that is known of one machine."""


device.add_command(sbom)


@device.command(epilog="Example: rasoat device show d-k3v7qm2xw5ra --json")
@click.argument("device_id")
@click.option("--facts", "every_fact", is_flag=True, help="Every fact, and why others are unknown.")
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.pass_obj
def show(settings: Settings, device_id: str, *, every_fact: bool, as_json: bool) -> None:
    """Show what a machine is, what both witnesses say, findings and changes with their evidence."""
    now = datetime.now(UTC)
    with settled(settings.data, now) as store:
        found = devices.show(store, device_id)
        compared = devices.view(store, device_id, now).compared
    if as_json:
        print_json(found)
        return
    show_device(found, compared, settings.lang, every_fact=every_fact)


@device.command(epilog="Example: rasoat device explain d-k3v7qm2xw5ra")
@click.argument("device_id")
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.pass_obj
def explain(settings: Settings, device_id: str, *, as_json: bool) -> None:
    """Show why this is one machine, and why what resembles it is not part of it."""
    now = datetime.now(UTC)
    with settled(settings.data, now) as store:
        known = devices.view(store, device_id, now)
        found = explaining.explain(store, known.device)
    if as_json:
        print_json(found)
        return
    screen, words = console(), WORDS[settings.lang]
    screen.print(styled(f"{known.device} {known.name}"))
    for one in found["observations"]:
        screen.print(styled(f"  {one}"))
    for heading, name in (("joined", "links"), ("not_joined", "refusals")):
        if found[name]:
            screen.print(styled(f"{words[heading]}:"))
        for one in found[name]:
            _pair(one, settings.lang)
    for one in found["shared"]:
        said = words["shared"].format(one["machines"])
        screen.print(styled(f"{one['kind']} {one['value']}: {said}"))


@device.command(
    epilog="Example: rasoat device merge d-k3v7qm2xw5ra d-2xw5rak3v7qm --why 'new board'"
)
@click.argument("one")
@click.argument("other")
@click.option("--why", required=True, help="The reason, for the audit log.")
@click.pass_obj
def merge(settings: Settings, one: str, other: str, why: str) -> None:
    """Say that two devices are one machine; `device split` takes it back."""
    now = datetime.now(UTC)
    with opened(settings.data) as store:
        known = deciding.merge(store, one, other, by=whoami(), why=why, now=now)
    console().print(styled(known))


@device.command(
    epilog="Example: rasoat device split d-k3v7qm2xw5ra asset:tag:TS-0142 --why 'other PC'"
)
@click.argument("device_id")
@click.argument("observations", nargs=-1, required=True)
@click.option("--why", required=True, help="The reason, for the audit log.")
@click.pass_obj
def split(settings: Settings, device_id: str, observations: tuple[str, ...], why: str) -> None:
    """Say that these observations (see `device explain`) are another machine than the rest."""
    now = datetime.now(UTC)
    with opened(settings.data) as store:
        found = deciding.split(store, device_id, list(observations), by=whoami(), why=why, now=now)
    for one in found:
        console().print(styled(one))


def _pair(one: Mapping[str, Any], lang: str) -> None:
    screen = console()
    why = f": {one['because'][lang]}" if "because" in one else ""
    screen.print(styled(f"  {one['one']} ↔ {one['other']} ({one['points']}){why}"))
    for line in one["lines"]:
        values = ", ".join(line["values"])
        screen.print(styled(f"    {line['points']:+d} {line['says'][lang]}: {values}"))
