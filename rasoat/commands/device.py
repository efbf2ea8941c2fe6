"""``rasoat device``: all that is known of one thing, why it is one, and a person's word on that."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import click

from inventory import devices
from inventory.identity import deciding, explaining
from policies.cross_examination import sentence
from rasoat.folder import opened, settled
from rasoat.people import whoami
from rasoat.settings import Settings
from rasoat.terminal import console, print_json, styled
from reports.words import WORDS

LONGEST = 2000  #: characters of one section on the screen; --json has everything


@click.group(epilog="Example: rasoat device show d-k3v7qm2xw5ra")
def device() -> None:
    """All that is known of one machine."""


@device.command(epilog="Example: rasoat device show d-k3v7qm2xw5ra --json")
@click.argument("device_id")
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.pass_obj
def show(settings: Settings, device_id: str, *, as_json: bool) -> None:
    """Show facts, what the network says, findings, and the latest changes, with their evidence."""
    now = datetime.now(UTC)
    with settled(settings.data, now) as store:
        found = devices.show(store, device_id)
        compared = devices.view(store, device_id, now).compared
    if as_json:
        print_json(found)
        return
    _show(found, settings.lang)
    for one in compared:
        console().print(styled(sentence(one, settings.lang), "pass" if one.confirmed else "fail"))
    _show_history(found, settings.lang)


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


_HEAD = ("device", "name", "state", "unit", "asset", "address", "agent", "platform", "status")


def _show(found: Mapping[str, Any], lang: str) -> None:
    screen, words = console(), WORDS[lang]
    for name in (*_HEAD, "alert", "report", "received_at", "seen_at"):
        screen.print(styled(f"{name}: {found[name] or '–'}"))
    if found["facts"] is None:
        screen.print(styled(words["never"], "unknown"))
    for section, facts in (found["facts"] or {}).items():
        text = json.dumps(facts, ensure_ascii=False)
        screen.print(styled(f"{section}: {text if len(text) < LONGEST else _many(facts)}"))
    for path, why in (found["unknown"] or {}).items():
        detail = f" ({why['detail']})" if why.get("detail") else ""
        screen.print(styled(f"{path}: {words['unknown']}: {why['reason']}{detail}", "unknown"))


def _show_history(found: Mapping[str, Any], lang: str) -> None:
    screen, words = console(), WORDS[lang]
    for one in found["findings"]:
        said = f"{one['rule']} {words[one['result']]} ({one['since']})"
        screen.print(styled(f"{said}: {one[f'explanation_{lang}']}", one["result"]))
    for one in found["changes"]:
        subject = f"{one['path']} {one['element'] or ''}".strip()
        text = f"{one['at']} {subject}: {one['old']} → {one['new']} [{one['report']}]"
        screen.print(styled(text))


def _many(facts: Any) -> str:
    return f"{len(facts)} entries; see --json"
