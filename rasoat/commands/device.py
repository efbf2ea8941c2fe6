"""``rasoat device``: all that is known of one thing, why it is one, and a person's word on that."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

import click

from inventory import devices, history
from inventory.identity import explaining
from language.texts import texts
from rasoat.commands.deciding import apart, merge, proposals, split
from rasoat.commands.device_sbom import sbom
from rasoat.device_page import show_device
from rasoat.evidence_lines import pair
from rasoat.folder import settled
from rasoat.settings import Settings
from rasoat.terminal import console, print_json, styled

EVER = datetime.min.replace(year=1970, tzinfo=UTC)  #: the whole history


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
        events = history.since(store, EVER, found["device"])
    if as_json:
        print_json(found | {"history": [asdict(one) for one in events]})
        return
    show_device(found, compared, events, settings.lang, every_fact=every_fact)


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
    screen, say = console(), texts(settings.lang)
    screen.print(styled(f"{known.device} {known.name}"))
    for one in found["observations"]:
        screen.print(styled(f"  {one}  {found['names'][one]}".rstrip()))
    for heading, name in (
        (say("Joined because"), "links"),
        (say("Not joined"), "refusals"),
    ):
        if found[name]:
            screen.print(styled(f"{heading}:"))
        for one in found[name]:
            pair(one, settings.lang)
    for one in found["shared"]:
        said = say("{n} machines have it, so it identifies none", n=one["machines"])
        screen.print(styled(f"{one['kind']} {one['value']}: {said}"))


for _one in (proposals, merge, split, apart):
    device.add_command(_one)
