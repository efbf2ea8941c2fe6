"""``rasoat units``: the parts of the office on any day, and the file that they come from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.text import Text

from inventory import units as known_units
from inventory.register.resolving import resolve_again
from inventory.store import Store
from inventory.times import OFFICE_ZONE
from inventory.units import FIRST, KINDS, Act, Bad, Difference, Plan, Step, Tree, Unit, day_of
from language.forms import day
from language.said import said
from language.texts import marked, sense, texts
from rasoat.folder import opened
from rasoat.people import whoami
from rasoat.problems import Problem
from rasoat.settings import Settings
from rasoat.terminal import console, print_json, styled, table

_ACTS = {
    "added": sense("a unit", "added"),
    "changed": sense("a unit", "changed"),
    "ended": sense("a unit", "ended"),
}
_FIELDS = {
    "kind": marked("kind"),
    "name_vi": marked("name (vi)"),
    "name_en": marked("name (en)"),
    "parent": marked("parent"),
    "valid_from": sense("a day", "from"),
    "valid_to": sense("a day", "to"),
    "networks": marked("networks"),
    "successors": marked("successors"),
}
_STYLES = {Act.ADDED: "pass", Act.ENDED: "unknown"}


@click.group(invoke_without_command=True, epilog="Example: rasoat units --at 2025-06-30")
@click.option("--at", "on", default=None, help="The units of this day (default: today).")
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.pass_context
def units(ctx: click.Context, on: str | None, *, as_json: bool) -> None:
    """Show the units as the tree of one day, with their networks."""
    if ctx.invoked_subcommand is not None:
        if on is not None or as_json:
            raise click.UsageError(said("--at and --json are of rasoat units alone"), ctx)
        return
    settings: Settings = ctx.obj
    asked = _day(on)
    with opened(settings.data, read_only=True) as store:
        tree = known_units.at(store, asked)
    if as_json:
        print_json({"at": asked, "units": [_plain(tree, unit) for unit in tree]})
    else:
        _show(tree, settings.lang)


@units.command(name="import", epilog="Example: rasoat units import units.yaml --dry-run")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.pass_obj
def import_(settings: Settings, file: Path, *, dry_run: bool, as_json: bool) -> None:
    """Take in a list of units: FILE is .yaml, .xlsx or .csv. All of it, or nothing.

    Units that FILE leaves out stay as they are; a unit ends by its last day (valid_to).
    """
    say = texts(settings.lang)
    with opened(settings.data, read_only=dry_run) as store:
        made, moved = _imported(store, file, dry_run=dry_run)
    if as_json:
        print_json(_plan_plain(made, dry_run=dry_run) | {"register_rows_moved": moved})
    else:
        _show_plan(made, settings.lang, dry_run=dry_run)
        if moved:
            said = say("Register: {n} machines are of another unit now.", n=moved)
            console().print(said)


def _imported(store: Store, file: Path, *, dry_run: bool) -> tuple[Plan, int]:
    """What was done, and how many machines of the register have another unit by it."""
    now = datetime.now(UTC)
    made = known_units.import_units(store, file, by=whoami(), now=now, dry_run=dry_run)
    return made, 0 if dry_run else resolve_again(store, _day(None), now)


def _day(text: str | None) -> str:
    if text is None:
        return datetime.now(ZoneInfo(OFFICE_ZONE)).date().isoformat()
    try:
        return day_of(text)
    except Bad as why:
        raise Problem(said("--at: {why}", why=why)) from None


def _show(tree: Tree, lang: str) -> None:
    say, shown = texts(lang), day(tree.day, lang)
    if not len(tree):
        said = say(
            "No unit is known on {day}. Import the list of units: rasoat units import FILE",
            day=shown,
        )
        console(stderr=True).print(said)
        return
    heads = (
        *(say("unit"), say("code"), say("kind"), say("networks")),
        *(say(sense("a day", "from")), say(sense("a day", "to"))),
    )
    console().print(table(heads, [_row(tree, unit, lang) for unit in tree]))
    networks = sum(len(tree.networks(unit.code)) for unit in tree)
    said = say(
        "{day}: {units} units, {networks} networks.",
        day=shown,
        units=len(tree),
        networks=networks,
    )
    console().print(said)


def _row(tree: Tree, unit: Unit, lang: str) -> list[str | Text]:
    indent = "  " * (len(tree.path(unit.code)) - 1)
    first = day(unit.valid_from, lang) if unit.valid_from != FIRST else "–"
    last = day(unit.valid_to, lang) if unit.valid_to else "–"
    networks = str(len(tree.networks(unit.code)) or "–")
    return [f"{indent}{unit.name(lang)}", unit.code, _kind(unit, lang), networks, first, last]


def _kind(unit: Unit, lang: str) -> str:
    return texts(lang)(KINDS[unit.kind]) if unit.kind in KINDS else unit.kind


def _plain(tree: Tree, unit: Unit) -> dict[str, Any]:
    return {
        "code": unit.code,
        "kind": unit.kind,
        "name_vi": unit.name_vi,
        "name_en": unit.name_en,
        "parent": unit.parent,
        "path": [one.code for one in tree.path(unit.code)],
        "valid_from": unit.valid_from if unit.valid_from != FIRST else None,
        "valid_to": unit.valid_to,
        "networks": [str(network) for network in tree.networks(unit.code)],
        "successors": list(unit.successors),
    }


def _show_plan(made: Plan, lang: str, *, dry_run: bool) -> None:
    say = texts(lang)
    if made.changes:
        rows = [row for step in made.changes for row in _plan_rows(step, lang)]
        heads = (
            *(say("unit"), say("code"), say("change"), say("field")),
            *(say("before"), say("after")),
        )
        console().print(table(heads, rows))
    counts = {act.value: len(made.of(act)) for act in Act}
    console().print(
        say("{added} added, {changed} changed, {ended} ended, {same} as before.", **counts)
    )
    if made.unnamed:
        said = say(
            "Not in the file, and left as they are ({n}): {codes}",
            n=len(made.unnamed),
            codes=", ".join(unit.code for unit in made.unnamed),
        )
        console().print(styled(said))
    if dry_run:
        console().print(say("A dry run: nothing was written."))


def _plan_rows(step: Step, lang: str) -> Iterator[list[str | Text]]:
    say = texts(lang)
    what = styled(say(_ACTS[step.act]), _STYLES.get(step.act, ""))
    first: list[str | Text] = [step.new.name(lang), step.new.code, what]
    if not step.differences:
        yield [*first, "", "", _added(step.new, lang)]
    for number, one in enumerate(step.differences):
        start = first if number == 0 else ["", "", ""]
        yield [*start, say(_FIELDS[one.column]), one.old or "–", one.new or "–"]


def _added(unit: Unit, lang: str) -> str:
    """A new unit in a line."""
    days = [unit.valid_from if unit.valid_from != FIRST else "", unit.valid_to or ""]
    parts = [_kind(unit, lang), unit.parent or ""]
    parts += [" – ".join(day(one, lang) if one else "…" for one in days) if any(days) else ""]
    parts += [str(one.network) for one in unit.networks]
    return ", ".join(part for part in parts if part)


def _plan_plain(made: Plan, *, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "same": len(made.of(Act.SAME)),
        "changes": [
            {
                "act": step.act.value,
                "code": step.new.code,
                "valid_from": step.new.valid_from if step.new.valid_from != FIRST else None,
                "fields": [_difference(one) for one in step.differences],
            }
            for step in made.changes
        ],
        "left_out": [unit.code for unit in made.unnamed],
    }


def _difference(one: Difference) -> dict[str, str]:
    return {"field": one.column, "old": one.old, "new": one.new}
