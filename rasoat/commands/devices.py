"""``rasoat devices``: everything that is known to exist, by what is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import click
from rich.text import Text

from inventory import devices as known_devices
from inventory.collation import collation_key
from inventory.coverage import State
from inventory.devices import DeviceView
from inventory.folding import folded
from inventory.times import office_day
from inventory.units import keeping as units
from inventory.units.tree import Tree
from rasoat.folder import settled
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
@click.option("--unit", default=None, help="Only devices of this unit or its parts.")
@click.option("--search", default="", help="Only devices with this text somewhere; đ finds d.")
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
    within = _within(tree, unit) if unit else set()
    found = [one for one in everything if _wanted(one, states, within, folded(search))]
    found.sort(key=lambda one: (collation_key(one.name), one.device))
    if as_json:
        print_json([known_devices.plain(one) for one in found])
        return
    words = WORDS[settings.lang]
    heads = (*(words["device"], "id", words["state"]), words["unit"], words["last_report"])
    console().print(table(heads, [_row(one, settings.lang) for one in found]))
    console().print(styled(_sums(found, settings.lang)))
    if not any(one.asset for one in everything):
        console().print(styled(words["no_register"], "unknown"))


def _within(tree: Tree, unit: str) -> set[str]:
    """A unit's code, and those of all its parts."""
    parts = {one.code for one in tree if unit in {above.code for above in tree.path(one.code)}}
    return {unit} | parts


def _wanted(one: DeviceView, states: tuple[str, ...], within: set[str], search: str) -> bool:
    if states and one.state not in states:
        return False
    if within and one.unit not in within:
        return False
    return not search or any(search in folded(text) for text in _texts(one))


def _texts(one: DeviceView) -> Iterator[str]:
    """What a person may search for."""
    yield from (one.name, one.device, one.agent, one.address, one.unit or "", one.asset or "")


def _row(one: DeviceView, lang: str) -> list[str | Text]:
    words = WORDS[lang]
    heard = local_time(one.received_at, lang) if one.received_at else words["never"]
    state = (
        f"{words[one.state]} ({one.status})" if one.status == "quarantined" else words[one.state]
    )
    return [one.name, one.device, styled(state, one.state), one.unit or "–", heard]


def _sums(found: Iterable[DeviceView], lang: str) -> str:
    """How many there are of each state."""
    states = [one.state for one in found]
    parts = [f"{WORDS[lang][s]}: {states.count(s)}" for s in State if s in states]
    return f"{len(states)} = {' + '.join(parts)}" if parts else "0"
