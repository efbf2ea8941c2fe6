"""What an import of the register shows: its columns as understood, what changes, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.text import Text

from inventory.register.assets import Asset
from inventory.register.planning import Act, Plan, Step
from inventory.register.reading import Register, Table
from inventory.register.rows import Problem
from language.texts import Texts, marked, sense, texts
from rasoat.register_words import IGNORED, SKIPPED, reason, remedy
from rasoat.terminal import styled, table

_MOST = 20  #: rows of one kind on the screen; --json has all of them
_ACTS = {
    "added": sense("a row", "added"),
    "changed": sense("a row", "changed"),
    "back": marked("back"),
    "retired": marked("retired"),
}
_ENDS = {
    "dry": marked("dry run: nothing was written"),
    "strict": marked("--strict: rows were refused, so nothing was written"),
}


def show_mapping(screen: Console, register: Register, lang: str) -> None:
    """How each sheet was understood, and which lines were taken for no machine."""
    say = texts(lang)
    for one in register.tables:
        said = say(
            "sheet {name}: {rows} machines, header in row {first}",
            name=one.sheet.name,
            rows=len(one.drafts),
            first=one.header.end,
        )
        screen.print(styled(said))
        if one.header.legacy:
            said = say(
                "  is in the old encoding {encoding}: convert it to Unicode, import again",
                encoding=one.header.legacy,
            )
            screen.print(styled(said, "unknown"))
        heads = (say("column"), say("head"), say("taken as"), say("sure"), say("example"))
        screen.print(table(heads, _columns(one, say)))
        if one.ignored:
            lines = [f"{say(IGNORED[line.why])} {line.cell}" for line in one.ignored]
            shown = ", ".join(lines[:_MOST]) + (", …" if len(lines) > _MOST else "")
            screen.print(styled(say("no machines: {lines}", lines=shown)))
    for name, why in register.skipped.items():
        said = say("sheet {name}: passed over, {why}", name=name, why=say(SKIPPED[why]))
        screen.print(styled(said, "unknown"))


def _columns(one: Table, say: Texts) -> Iterable[list[str]]:
    for column in one.header.columns:
        rows = [one.sheet.rows[draft.line] for draft in one.drafts]
        sample = next((row[column.index] for row in rows if row[column.index] is not None), None)
        if column.head or sample is not None:
            known = column.field or say("(not used)")
            sure = f"{column.sure:.0%}" if column.field else ""
            shown = "" if sample is None else " ".join(str(sample).split())[:40]
            yield [column.letter, column.head, known, sure, shown]


def show_changes(screen: Console, plan: Plan, lang: str) -> None:
    """What would change, a table row for each machine that does not stay as it is."""
    say = texts(lang)
    rows: list[list[str]] = []
    for act in (Act.RETIRED, Act.BACK, Act.CHANGED, Act.ADDED):
        steps = [step for step in plan.steps if step.act is act]
        rows += [_change(step, say) for step in steps[:_MOST]]
        if len(steps) > _MOST:
            more = say("… and {number} more; see --json", number=len(steps) - _MOST)
            rows.append([say(_ACTS[act]), more, "", ""])
    if rows:
        heads = (say("what"), say("machine"), say("cell"), say("change"))
        screen.print(table(heads, rows))
    for scope in plan.empties:
        gone, of = plan.vanishing[scope]
        said = say(
            "would retire {gone} of the {of} machines of {scope}; needs --retire-many",
            gone=gone,
            of=of,
            scope=scope,
        )
        screen.print(styled(said, "fail"))


def _change(step: Step, say: Texts) -> list[str]:
    said = "; ".join(
        f"{one.column}: {_shown(one.old)} → {_shown(one.new)}" for one in step.differences
    )
    place = step.row.place if step.row else (step.asset.place if step.asset else "")
    gone = say("no longer in the list") if step.row is None else ""
    return [say(_ACTS[step.act]), _named(step), place, said or gone]


def _named(step: Step) -> str:
    row = step.row.plain() if step.row else step.asset.row if step.asset else {}
    return " · ".join(str(row[name]) for name in ("tag", "name", "serial") if row.get(name))


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def show_problems(screen: Console, problems: list[Problem], lang: str) -> None:
    """Every cell that is wrong; then those that are doubted, equal doubts once with a number."""
    refused = [(one, "") for one in problems if one.refuses]
    rows: list[list[str | Text]] = [
        [
            styled(one.place + more, "fail" if one.refuses else "unknown"),
            *(one.column, one.value, reason(one, lang), remedy(one, lang)),
        ]
        for one, more in [*refused, *_doubts(problems)]
    ]
    if rows:
        say = texts(lang)
        heads = (say("cell"), say("column"), say("value"), say("why"), say("what to do"))
        screen.print(table(heads, rows))


def _doubts(problems: list[Problem]) -> list[tuple[Problem, str]]:
    """The first of each kind of doubt over one value, and how many more there are."""
    alike: dict[tuple[str, str, str], list[Problem]] = {}
    for one in problems:
        if not one.refuses:
            alike.setdefault((one.sheet, one.kind, one.value), []).append(one)
    return [(same[0], f" (+{len(same) - 1})" if same[1:] else "") for same in alike.values()]


def show_outcome(screen: Console, register: Register, plan: Plan, lang: str, end: str) -> None:
    """The sum; ``end``: dry, strict, or nothing where it was done."""
    say = texts(lang)
    if plan.held:
        said = say(
            "{number} machines seem gone and are kept because of refused rows: {names}",
            number=len(plan.held),
            names=", ".join(one.tag or one.name for one in plan.held[:_MOST]),
        )
        screen.print(styled(said, "unknown"))
    counts = {act.value: plan.count(act) for act in Act}
    said = say(
        "{file}: {added} added, {changed} changed, {back} back, {retired} retired, "
        "{same} as before, {refused} rows refused",
        file=register.path.name,
        refused=register.refused,
        **counts,
    )
    screen.print(styled(said))
    if end:
        screen.print(styled(say(_ENDS[end]), "unknown"))


def asset_table(found: list[Asset], lang: str) -> Any:
    """The register as a table."""
    rows = [
        [
            *(one.tag or "–", one.name or "–"),
            *(one.unit or str(one.row.get("unit_text") or "–"), one.kind),
            *(str(one.row.get("serial") or "–"), f"{one.scope.rpartition('!')[0]}: {one.place}"),
        ]
        for one in found
    ]
    say = texts(lang)
    heads = (
        *(say("tag"), say(sense("a heading", "name")), say("unit"), say("kind")),
        *(say("serial"), say("place in the register")),
    )
    return table(heads, rows)


def show_left_out(screen: Console, left_out: dict[str, int], lang: str) -> None:
    """Rows that the latest imports refused: nobody must take the register for whole."""
    say = texts(lang)
    for file, number in left_out.items():
        said = say(
            "{file}: {number} rows were refused and are not in the register until mended",
            file=file,
            number=number,
        )
        screen.print(styled(said, "unknown"))


def plain_outcome(register: Register, plan: Plan, problems: list[Problem]) -> dict[str, Any]:
    """An import for machines."""
    return {
        "file": register.path.name,
        "sheets": [_plain_table(one) for one in register.tables],
        "skipped": register.skipped,
        "counts": {act.value: plan.count(act) for act in Act} | {"refused": register.refused},
        "changes": [
            {
                "act": step.act.value,
                "asset": step.asset.id if step.asset else None,
                "place": step.row.place if step.row else None,
                "row": step.row.plain() if step.row else dict(step.asset.row) if step.asset else {},
                "columns": {one.column: [one.old, one.new] for one in step.differences},
            }
            for step in plan.steps
            if step.act is not Act.SAME
        ],
        "held": [one.id for one in plan.held],
        "problems": [_plain_problem(one) for one in problems],
    }


def _plain_table(one: Table) -> dict[str, Any]:
    columns = [
        {
            "column": column.letter,
            "head": column.head,
            "field": column.field,
            "sure": column.sure,
            "why": column.why,
        }
        for column in one.header.columns
    ]
    ignored = [{"cell": line.cell, "why": line.why, "text": line.text} for line in one.ignored]
    return {
        "name": one.sheet.name,
        "header_row": one.header.end,
        "columns": columns,
        "rows": len(one.drafts),
        "ignored": ignored,
    }


def _plain_problem(one: Problem) -> dict[str, Any]:
    return {
        "place": one.place,
        "kind": one.kind,
        "refuses": one.refuses,
        "column": one.column,
        "value": one.value,
        "reason": reason(one, "en"),
        "what_to_do": remedy(one, "en"),
    }


def plain_asset(one: Asset) -> dict[str, Any]:
    """One asset for machines."""
    retired = one.retired_at.isoformat() if one.retired_at else None
    names = ("id", "tag", "name", "unit", "kind", "place", "scope")
    return {name: getattr(one, name) for name in names} | {
        "row": dict(one.row),
        "retired_at": retired,
    }
