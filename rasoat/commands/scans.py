"""``rasoat scans``: the scans that are kept, what they saw, and what changed between them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click

from inventory import sighting_changes, sightings
from inventory.sightings import KnownScan
from inventory.store import Store
from language.said import said
from language.texts import texts
from rasoat.changes import nothing_since, rows_of
from rasoat.folder import opened
from rasoat.problems import Problem
from rasoat.settings import Settings
from rasoat.terminal import console, print_json, table
from reports.formats import local_time

_SHOWN = 3  #: networks of one scan that the list shows


@click.group(invoke_without_command=True, epilog="Example: rasoat scans changes")
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.pass_context
def scans(ctx: click.Context, *, as_json: bool) -> None:
    """List the scans that are kept, newest first."""
    if ctx.invoked_subcommand is not None:
        return
    settings: Settings = ctx.obj
    with opened(settings.data, read_only=True) as store:
        known = sightings.scans(store)
    if as_json:
        print_json([_plain(one) for one in known])
    else:
        say = texts(settings.lang)
        heads = (
            *(say("scan"), say("sensor"), say("networks")),
            *(say("started"), say("hosts"), say("complete")),
        )
        shown = table(heads, [_row(one, settings.lang) for one in known])
        shown.columns[0].no_wrap = True  # an id is copied from here
        console().print(shown)


@scans.command(epilog="Example: rasoat scans show 73682b808f96ea1a")
@click.argument("scan_id")
@click.pass_obj
def show(settings: Settings, scan_id: str) -> None:
    """Print one scan as it came, in JSON."""
    with opened(settings.data, read_only=True) as store:
        print_json(_need(store, scan_id))


@scans.command(epilog="Example: rasoat scans changes 73682b808f96ea1a --json")
@click.argument("scan_id", required=False)
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.pass_obj
def changes(settings: Settings, scan_id: str | None, *, as_json: bool) -> None:
    """What a scan (the newest) saw otherwise than the one before of the same networks."""
    with opened(settings.data, read_only=True) as store:
        known = {one.id: one for one in sightings.scans(store, most=10_000)}
        wanted = scan_id or next(iter(known), "")
        if not known:
            raise Problem(said("no scan is kept yet; rasoat scan makes one, see docs/scan.md"))
        if wanted not in known:
            raise Problem(said("no scan has the id {wanted}; see: rasoat scans", wanted=wanted))
        one = known[wanted]
        before = sightings.before(store, one.targets, one.sensor, one.id)
        if before is None:
            raise Problem(
                said("{id}: no complete scan of the same networks came before it", id=one.id)
            )
        found = sighting_changes.changes(_need(store, before), _need(store, one.id))
    if as_json:
        print_json([_change(change) for change in found])
    elif found:
        console().print(table(*rows_of(found, settings.lang)))
    else:
        console().print(nothing_since(before, settings.lang))


def _need(store: Store, scan: str) -> dict[str, Any]:
    document = sightings.document(store, scan)
    if document is None:
        raise Problem(said("no scan has the id {scan}; see: rasoat scans", scan=scan))
    return document


def _plain(one: KnownScan) -> dict[str, Any]:
    return {name: getattr(one, name) for name in KnownScan.__slots__}


def _change(change: sighting_changes.Change) -> dict[str, Any]:
    return {name: getattr(change, name) for name in sighting_changes.Change.__slots__}


def _row(one: KnownScan, lang: str) -> list[str]:
    complete = "✓" if one.complete else "–"
    began = local_time(datetime.fromisoformat(one.started_at), lang)
    return [one.id, one.sensor, _some(one.targets), began, str(one.hosts), complete]


def _some(targets: Sequence[str]) -> str:
    """The first few; what was imported has one for each host."""
    more = len(targets) - _SHOWN
    return ", ".join(targets[:_SHOWN]) + (f", … +{more}" if more > 0 else "")
