"""``rasoat register``: the machines that should exist, from the spreadsheets that offices keep."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from inventory.identity.settling import settle
from inventory.register.assets import assets, refused
from inventory.register.keeping import Source, planned, take_in
from inventory.register.planning import Plan
from inventory.register.reading import Choices, Register, read_register
from inventory.register.template import write_template
from inventory.register.units import Resolve, Resolved, resolver
from inventory.store import Store
from inventory.times import OFFICE_ZONE
from inventory.units import at
from language.said import Said, joined, said
from rasoat import registering
from rasoat.folder import opened
from rasoat.people import whoami
from rasoat.problems import Problem
from rasoat.settings import Settings
from rasoat.terminal import console, print_json


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """The options of one import."""

    sheets: tuple[str, ...]
    maps: tuple[str, ...]
    unit: str | None
    source: str | None
    dry_run: bool
    strict: bool
    retire_many: bool
    as_json: bool


@click.group(invoke_without_command=True, epilog="Example: rasoat register --json")
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.option("--retired", is_flag=True, help="Those too that were retired.")
@click.pass_context
def register(ctx: click.Context, *, as_json: bool, retired: bool) -> None:
    """List the machines that should exist."""
    if ctx.invoked_subcommand is not None:
        return
    settings: Settings = ctx.obj
    with opened(settings.data, read_only=True) as store:
        found, left_out = assets(store, retired=retired), refused(store)
    if as_json:
        print_json([registering.plain_asset(one) for one in found])
    else:
        console().print(registering.asset_table(found, settings.lang))
    registering.show_left_out(console(stderr=True), left_out, settings.lang)


@register.command(epilog="Example: rasoat register template --out so-tai-san.xlsx")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The new .xlsx; an existing file is never overwritten.",
)
@click.pass_obj
def template(settings: Settings, out: Path) -> None:
    """Write a register to fill in, with an example that is never imported."""
    if out.suffix.casefold() != ".xlsx":
        raise Problem(said("{out}: name it so that it ends in .xlsx", out=out))
    write_template(out, settings.lang)
    click.echo(str(out), err=True)


@register.command("import", epilog="Example: rasoat register import so-tai-san.xlsx --dry-run")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--sheet", "sheets", multiple=True, help="Read this sheet alone; may be repeated.")
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="What a column is, by letter or head: C=serial, “Mã máy”=tag, F=ignore.",
)
@click.option("--unit", help="FILE is the whole register of this unit (its code or name).")
@click.option("--source", help="The name under which this list is known (default: FILE's).")
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
@click.option("--strict", is_flag=True, help="Write nothing when a row is refused.")
@click.option("--retire-many", is_flag=True, help="Even if more than half of a list is gone.")
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.pass_obj
def import_(settings: Settings, /, file: Path, **given: Any) -> int:
    """Take in FILE (.xlsx or .csv): the good rows; exit code 1 where rows were refused."""
    wanted = _Wanted(**given)
    with opened(settings.data, read_only=wanted.dry_run) as store:
        read, plan, end = _taken(store, file, wanted)
    _show(settings, read, plan, end, as_json=wanted.as_json)
    too_many = bool(end and plan.empties) and not wanted.retire_many
    return 1 if read.refused or too_many else 0


def _taken(store: Store, file: Path, wanted: _Wanted) -> tuple[Register, Plan, str]:
    """What was read and done; nothing is done, and the last says why: dry, strict."""
    now = datetime.now(UTC)
    today = now.astimezone(ZoneInfo(OFFICE_ZONE)).date()
    tree = at(store, today.isoformat())
    resolve = resolver(tree)
    parts = tree.part_of(_code(wanted.unit, resolve)) if wanted.unit else frozenset()
    choices = Choices(_choices(wanted.maps), wanted.sheets, wanted.unit)
    read = read_register(file, choices, today, resolve)
    source = Source(wanted.source or file.name, _digest(file), parts)
    if wanted.dry_run or (wanted.strict and read.refused):
        return read, planned(store, read, source), "dry" if wanted.dry_run else "strict"
    plan = take_in(store, read, source, by=whoami(), now=now, retire_many=wanted.retire_many)
    settle(store, now)
    return read, plan, ""


def _show(settings: Settings, read: Register, plan: Plan, end: str, *, as_json: bool) -> None:
    problems = [*read.problems, *plan.warnings]
    if as_json:
        print_json(registering.plain_outcome(read, plan, problems) | {"written": not end})
        return
    screen, lang = console(), settings.lang
    registering.show_mapping(screen, read, lang)
    if end:
        registering.show_changes(screen, plan, lang)
    registering.show_problems(screen, problems, lang)
    registering.show_outcome(screen, read, plan, lang, end)


def _choices(maps: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for one in maps:
        column, mark, field = one.rpartition("=")
        if not (mark and column.strip() and field.strip()):
            raise Problem(said("--map {one}: write COLUMN=FIELD, such as --map C=serial", one=one))
        found[column.strip()] = field.strip()
    return found


def _code(unit: str, resolve: Resolve) -> str:
    found = resolve(unit)
    if found.code is None or found.why:
        why = said("no units are known yet") if found.why == "none" else _why(found)
        raise Problem(said("--unit {unit}: {why}; see: rasoat units", unit=unit, why=why))
    return found.code


def _why(found: Resolved) -> Said:
    if found.why == "unknown":
        why = said("the unit is unknown")
    elif found.why == "ambiguous":
        why = said("the unit is ambiguous")
    else:
        why = said("the unit has ended")
    return joined("", (why, f" ({', '.join(found.near)})")) if found.near else why


def _digest(file: Path) -> bytes:
    return hashlib.sha256(file.read_bytes()).digest()
