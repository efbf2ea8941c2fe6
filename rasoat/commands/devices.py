"""``rasoat devices`` and ``rasoat device``: the machines, and all that is known of one."""

from __future__ import annotations

import json
from typing import Any

import click
from rich.text import Text

from inventory import devices as known_devices
from inventory.devices import DeviceView
from inventory.times import stamp
from rasoat.folder import opened
from rasoat.settings import Settings
from rasoat.terminal import console, print_json, styled, table
from reports.formats import local_time
from reports.words import WORDS


@click.command(epilog="Example: rasoat devices --json")
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.pass_obj
def devices(settings: Settings, *, as_json: bool) -> None:
    """List the machines that are expected to report, and when each did."""
    with opened(settings.data, read_only=True) as store:
        found = known_devices.views(store)
    if as_json:
        print_json([_plain(one) for one in found])
        return
    words = WORDS[settings.lang]
    heads = (words["device"], "id", words["platform"], words["status"], words["last_report"])
    rows: list[list[str | Text]] = [
        [one.name, one.device, one.platform, styled(one.status), _heard(one, settings.lang)]
        for one in found
    ]
    console().print(table(heads, rows))


@click.group(epilog="Example: rasoat device show d-k3v7qm2xw5ra")
def device() -> None:
    """All that is known of one machine."""


@device.command(epilog="Example: rasoat device show d-k3v7qm2xw5ra --json")
@click.argument("device_id")
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.pass_obj
def show(settings: Settings, device_id: str, *, as_json: bool) -> None:
    """Show facts, what could not be read and why, findings, and the latest changes."""
    with opened(settings.data, read_only=True) as store:
        found = known_devices.show(store, device_id)
    if as_json:
        print_json(found)
    else:
        _show(found, settings.lang)


def _plain(one: DeviceView) -> dict[str, Any]:
    names = ("device", "name", "agent", "platform", "unit", "status", "alert", "report")
    received = stamp(one.received_at) if one.received_at else None
    return {name: getattr(one, name) for name in names} | {"received_at": received}


def _heard(one: DeviceView, lang: str) -> str:
    return local_time(one.received_at, lang) if one.received_at else WORDS[lang]["never"]


def _show(found: dict[str, Any], lang: str) -> None:
    screen, words = console(), WORDS[lang]
    for name in ("device", "name", "agent", "platform", "status", "alert", "report"):
        screen.print(styled(f"{name}: {found[name] or '–'}"))
    if found["facts"] is None:
        screen.print(styled(words["never"], "unknown"))
    for section, facts in (found["facts"] or {}).items():
        text = json.dumps(facts, ensure_ascii=False)
        screen.print(styled(f"{section}: {text if len(text) < LONGEST else _many(facts)}"))
    for path, why in (found["unknown"] or {}).items():
        detail = f" ({why['detail']})" if why.get("detail") else ""
        screen.print(styled(f"{path}: {words['unknown']}: {why['reason']}{detail}", "unknown"))
    for one in found["findings"]:
        said = f"{one['rule']} {words[one['result']]} ({one['since']})"
        screen.print(styled(f"{said}: {one[f'explanation_{lang}']}", one["result"]))
    for one in found["changes"]:
        subject = f"{one['path']} {one['element'] or ''}".strip()
        screen.print(styled(f"{one['at']} {subject}: {one['old']} → {one['new']}"))


LONGEST = 2000  #: characters of one section on the screen; --json has everything


def _many(facts: Any) -> str:
    return f"{len(facts)} entries; see --json"
