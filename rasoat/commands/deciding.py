"""``rasoat device merge|split|apart|proposals``: a person's word on what is one machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

import click

from inventory import devices
from inventory.devices import DeviceView
from inventory.identity import deciding, explaining, proposing
from inventory.identity.proposing import Proposal
from language.texts import texts
from rasoat.evidence_lines import pair
from rasoat.folder import opened, settled
from rasoat.people import whoami
from rasoat.settings import Settings
from rasoat.terminal import console, print_json, styled
from reports.words import WORDS

WHY = click.option("--why", required=True, help="The reason, for the audit log.")
JSON = click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")


@click.command(
    epilog="Example: rasoat device merge d-k3v7qm2xw5ra d-2xw5rak3v7qm --why 'new board'"
)
@click.argument("one")
@click.argument("other")
@WHY
@JSON
@click.pass_obj
def merge(settings: Settings, one: str, other: str, why: str, *, as_json: bool) -> None:
    """Say that two devices are one machine; `device split` takes it back."""
    now = datetime.now(UTC)
    with opened(settings.data) as store:
        known = deciding.merge(store, one, other, by=whoami(), why=why, now=now)
    _told([known], as_json=as_json)


@click.command(
    epilog="Example: rasoat device split d-k3v7qm2xw5ra asset:a-loqsmwliy5fi --why 'other PC'"
)
@click.argument("device_id")
@click.argument("observations", nargs=-1, required=True)
@WHY
@JSON
@click.pass_obj
def split(
    settings: Settings, device_id: str, observations: tuple[str, ...], why: str, *, as_json: bool
) -> None:
    """Say that these observations (see `device explain`) are another machine than the rest."""
    now = datetime.now(UTC)
    with opened(settings.data) as store:
        found = deciding.split(store, device_id, list(observations), by=whoami(), why=why, now=now)
    _told(found, as_json=as_json)


@click.command(
    epilog="Example: rasoat device apart d-k3v7qm2xw5ra d-2xw5rak3v7qm --why 'two laptops'"
)
@click.argument("one")
@click.argument("other")
@WHY
@JSON
@click.pass_obj
def apart(settings: Settings, one: str, other: str, why: str, *, as_json: bool) -> None:
    """Say that two devices are two machines, whatever they share; `device merge` takes it back."""
    now = datetime.now(UTC)
    with opened(settings.data) as store:
        deciding.keep_apart(store, one, other, by=whoami(), why=why, now=now)
    _told([one, other], as_json=as_json)


@click.command(epilog="Example: rasoat device proposals")
@JSON
@click.pass_obj
def proposals(settings: Settings, *, as_json: bool) -> None:
    """List the pairs that may be one machine, where evidence is not enough and a person decides."""
    now = datetime.now(UTC)
    with settled(settings.data, now) as store:
        found = proposing.proposals(store)
        known = {one.device: one for one in devices.everything(store, now, facts=False)}
    if as_json:
        print_json([explaining.asked(one) for one in found])
        return
    for one in found:
        _question(one, known, settings.lang)
    _answers(found, settings.lang)


def _question(one: Proposal, known: Mapping[str, DeviceView], lang: str) -> None:
    screen = console()
    for name in (one.one, one.other):
        screen.print(styled(_named(known[name], lang)))
    for why in explaining.asked(one)["because"]:
        pair(why, lang)


def _named(one: DeviceView, lang: str) -> str:
    row = f" · {one.asset}" if one.asset else ""
    return f"{one.device} {one.name} · {texts(lang)(WORDS[one.state])}{row}"


def _answers(found: Sequence[Proposal], lang: str) -> None:
    say: Callable[..., str] = texts(lang)
    if not found:
        console().print(styled(say("Nothing is left to decide.")))
        return
    console().print(
        styled(
            say("{n} pairs. The same machine: rasoat device merge ONE OTHER --why …", n=len(found))
        )
    )
    console().print(styled(say("Two machines: rasoat device apart ONE OTHER --why …")))


def _told(devices_now: Sequence[str], *, as_json: bool) -> None:
    """The devices that there are now, one a line."""
    if as_json:
        print_json({"devices": list(devices_now)})
        return
    for one in devices_now:
        console().print(styled(one))
