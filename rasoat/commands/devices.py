"""``rasoat devices``: everything that is known to exist, by what is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

import click
from rich.text import Text

from inventory import devices as known_devices
from inventory.collation import collation_key
from inventory.coverage import State
from inventory.devices import DeviceView
from inventory.folding import folded
from inventory.register.units import resolver
from inventory.searching import devices_with
from inventory.times import office_day
from inventory.units import keeping as units
from inventory.units.tree import Tree
from language.said import said
from language.texts import texts
from policies.problems import did_you_mean
from rasoat.agent_words import status_words
from rasoat.folder import settled
from rasoat.problems import Problem
from rasoat.settings import Settings
from rasoat.terminal import console, print_json, styled, table
from reports.formats import local_time
from reports.words import WORDS


@click.command(epilog="Example: rasoat devices --state no_agent --search 'bao yen'")
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([state.value for state in State]),
    help="Only devices in this coverage state; may be given again.",
)
@click.option("--unit", default=None, help="Only devices of this unit (code or name) or its parts.")
@click.option(
    "--search",
    default="",
    help="Only devices with this text: names, serials, MACs, holders, units; đ finds d.",
)
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.pass_obj
def devices(
    settings: Settings, states: tuple[str, ...], unit: str | None, search: str, *, as_json: bool
) -> None:
    """List what should exist and what was seen, each in one coverage state."""
    now = datetime.now(UTC)
    with settled(settings.data, now) as store:
        everything = known_devices.everything(store, now, facts=False)
        tree = units.at(store, office_day(now))
        elsewhere = devices_with(store, search)
    within = _within(tree, unit, everything) if unit else set()
    named = {one.code: folded(f"{one.name_vi} {one.name_en or ''}") for one in tree}
    found = [
        one
        for one in everything
        if (not states or one.state in states)
        and (not within or one.unit in within)
        and (not search or one.device in elsewhere or _has(one, folded(search), named))
    ]
    found.sort(key=lambda one: (collation_key(one.name), one.device))
    if as_json:
        print_json([known_devices.plain(one) for one in found])
        return
    say = texts(settings.lang)
    heads = (*(say("Machine"), "id", say("State")), say("Unit"), say("Last report"))
    console().print(table(heads, [_row(one, settings.lang) for one in found]))
    console().print(styled(_sums(found, settings.lang)))
    if not any(one.asset for one in everything):
        said = say(
            "No register is imported yet: whoever is enrolled is expected. "
            "See: rasoat register template"
        )
        console().print(styled(said, "unknown"))


def _within(tree: Tree, unit: str, known: Iterable[DeviceView]) -> set[str]:
    """The codes of a unit, by code or name, and of all its parts.

    Raises:
        Problem: there is no such unit.
    """
    meant = resolver(tree)(unit)
    code = meant.code or unit
    parts = {one.code for one in tree if code in {above.code for above in tree.path(one.code)}}
    if not parts and code not in {one.unit for one in known}:
        hint = did_you_mean(unit, [one.code for one in tree]) or said("; see: rasoat units")
        raise Problem(said("no unit has the code or the name {unit}{hint}", unit=unit, hint=hint))
    return {code} | parts


def _has(one: DeviceView, search: str, named: Mapping[str, str]) -> bool:
    """Whether a text stands in what is shown of it, or in the name of its unit or one above."""
    return any(search in folded(text) for text in _texts(one)) or any(
        search in named.get(code, "") for code in one.unit_path
    )


def _texts(one: DeviceView) -> Iterator[str]:
    """What a person may search for."""
    yield from (one.name, one.device, one.agent, one.address, one.unit or "", one.asset or "")


def _row(one: DeviceView, lang: str) -> list[str | Text]:
    say = texts(lang)
    heard = local_time(one.received_at, lang) if one.received_at else say("never reported")
    state = say(WORDS[one.state])
    if one.status == "quarantined":
        state = f"{state} ({status_words(one.status, lang)})"
    return [one.name, one.device, styled(state, one.state), one.unit or "–", heard]


def _sums(found: Iterable[DeviceView], lang: str) -> str:
    """How many there are of each state."""
    states = [one.state for one in found]
    say = texts(lang)
    parts = [f"{say(WORDS[s])}: {states.count(s)}" for s in State if s in states]
    return f"{len(states)} = {' + '.join(parts)}" if parts else "0"
