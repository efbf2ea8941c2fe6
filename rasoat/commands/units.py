"""``rasoat units``: the parts of the office on any day, and the file that they come from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
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
from language.said import said
from rasoat.folder import opened
from rasoat.people import whoami
from rasoat.problems import Problem
from rasoat.settings import Settings
from rasoat.terminal import console, print_json, styled, table

_WORDS = {
    "vi": {
        "heads": ("đơn vị", "mã", "loại", "mạng", "từ ngày", "đến ngày"),
        "none": "Ngày {} chưa có đơn vị nào. Nhập danh mục đơn vị: rasoat units import TỆP",
        "count": "Ngày {}: {} đơn vị, {} mạng.",
        "plan": ("đơn vị", "mã", "thay đổi", "mục", "trước", "sau"),
        "added": "thêm mới",
        "changed": "sửa",
        "ended": "kết thúc",
        "sums": "{added} thêm mới, {changed} sửa, {ended} kết thúc, {same} giữ nguyên.",
        "unnamed": "Tệp không nhắc tới và vẫn giữ nguyên ({}): {}",
        "moved": "Sổ tài sản: {} máy nay thuộc đơn vị khác.",
        "dry": "Mới chỉ thử, chưa ghi gì.",
        "kind": "loại",
        "name_vi": "tên",
        "name_en": "tên tiếng Anh",
        "parent": "trực thuộc",
        "valid_from": "từ ngày",
        "valid_to": "đến ngày",
        "networks": "mạng",
        "successors": "đơn vị kế thừa",
    },
    "en": {
        "heads": ("unit", "code", "kind", "networks", "from", "to"),
        "none": "No unit is known on {}. Import the list of units: rasoat units import FILE",
        "count": "{}: {} units, {} networks.",
        "plan": ("unit", "code", "change", "field", "before", "after"),
        "added": "added",
        "changed": "changed",
        "ended": "ended",
        "sums": "{added} added, {changed} changed, {ended} ended, {same} as before.",
        "unnamed": "Not in the file, and left as they are ({}): {}",
        "moved": "Register: {} machines are of another unit now.",
        "dry": "A dry run: nothing was written.",
        "kind": "kind",
        "name_vi": "name (vi)",
        "name_en": "name (en)",
        "parent": "parent",
        "valid_from": "from",
        "valid_to": "to",
        "networks": "networks",
        "successors": "successors",
    },
}
_STYLES = {Act.ADDED: "pass", Act.ENDED: "unknown"}


@click.group(invoke_without_command=True, epilog="Example: rasoat units --at 2025-06-30")
@click.option("--at", "day", default=None, help="The units of this day (default: today).")
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.pass_context
def units(ctx: click.Context, day: str | None, *, as_json: bool) -> None:
    """Show the units as the tree of one day, with their networks."""
    if ctx.invoked_subcommand is not None:
        if day is not None or as_json:
            raise click.UsageError(said("--at and --json are of rasoat units alone"), ctx)
        return
    settings: Settings = ctx.obj
    asked = _day(day)
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
    with opened(settings.data, read_only=dry_run) as store:
        made, moved = _imported(store, file, dry_run=dry_run)
    if as_json:
        print_json(_plan_plain(made, dry_run=dry_run) | {"register_rows_moved": moved})
    else:
        _show_plan(made, settings.lang, dry_run=dry_run)
        if moved:
            console().print(str(_WORDS[settings.lang]["moved"]).format(moved))


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
    words = _WORDS[lang]
    if not len(tree):
        console(stderr=True).print(str(words["none"]).format(_said(tree.day, lang)))
        return
    console().print(table(words["heads"], [_row(tree, unit, lang) for unit in tree]))
    networks = sum(len(tree.networks(unit.code)) for unit in tree)
    said = str(words["count"]).format(_said(tree.day, lang), len(tree), networks)
    console().print(said)


def _row(tree: Tree, unit: Unit, lang: str) -> list[str | Text]:
    indent = "  " * (len(tree.path(unit.code)) - 1)
    first = _said(unit.valid_from, lang) if unit.valid_from != FIRST else "–"
    last = _said(unit.valid_to, lang) if unit.valid_to else "–"
    networks = str(len(tree.networks(unit.code)) or "–")
    return [f"{indent}{unit.name(lang)}", unit.code, _kind(unit, lang), networks, first, last]


def _kind(unit: Unit, lang: str) -> str:
    names = KINDS.get(unit.kind)
    return names[lang == "en"] if names else unit.kind


def _said(day: str, lang: str) -> str:
    """A day as that language writes it."""
    return date.fromisoformat(day).strftime("%d/%m/%Y") if lang == "vi" else day


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
    words = _WORDS[lang]
    if made.changes:
        rows = [row for step in made.changes for row in _plan_rows(step, lang)]
        console().print(table(words["plan"], rows))
    counts = {act.value: len(made.of(act)) for act in Act}
    console().print(str(words["sums"]).format(**counts))
    if made.unnamed:
        codes = ", ".join(unit.code for unit in made.unnamed)
        console().print(styled(str(words["unnamed"]).format(len(made.unnamed), codes)))
    if dry_run:
        console().print(words["dry"])


def _plan_rows(step: Step, lang: str) -> Iterator[list[str | Text]]:
    words = _WORDS[lang]
    what = styled(str(words[step.act]), _STYLES.get(step.act, ""))
    first: list[str | Text] = [step.new.name(lang), step.new.code, what]
    if not step.differences:
        yield [*first, "", "", _added(step.new, lang)]
    for number, one in enumerate(step.differences):
        start = first if number == 0 else ["", "", ""]
        yield [*start, str(words[one.column]), one.old or "–", one.new or "–"]


def _added(unit: Unit, lang: str) -> str:
    """A new unit in a line."""
    days = [unit.valid_from if unit.valid_from != FIRST else "", unit.valid_to or ""]
    parts = [_kind(unit, lang), unit.parent or ""]
    parts += [" – ".join(_said(day, lang) if day else "…" for day in days) if any(days) else ""]
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
