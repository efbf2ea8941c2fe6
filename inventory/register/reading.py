"""A spreadsheet read as a register: its tables, their machines, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from inventory.errors import InventoryError
from inventory.folding import folded
from inventory.register.drafts import Draft, Reader
from inventory.register.duplicates import mark_alike, mark_duplicates
from inventory.register.fields import FIELDS, IDENTITY
from inventory.register.header import Grid, Header, find_header, unknown_choices
from inventory.register.lines import Kind, Lines, section_text
from inventory.register.rows import Ignored, Problem
from inventory.register.units import Resolve, no_units
from inventory.register.values.words import kind_in
from inventory.sheets import Sheet, address, read_sheets
from language.said import said

EXAMPLES = frozenset({"vi du", "example"})  #: sheets of `template` that are no register
#: How the names of offices begin; other headings name none.
_OF_OFFICES = re.compile(
    r"(?:xa|phuong|thi tran|huyen|phong|ban|van phong|vp|ubnd|uy ban|hdnd|hoi dong|cong an|truong"
    r"|tram|trung tam|so|chi cuc|hoi|doan|dang uy|mat tran|mttq|khoi|co quan|don vi|bo phan"
    r"|commune|ward|department|office|unit|division|team)\b"
)
_SHOWN = 60  #: characters of an ignored line
_TITLE_LINES = 20  #: above a header, in which a unit may be named


class NotARegister(InventoryError):
    """No table of machines was found in the file, or a choice names nothing in it."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person decided of a file: ``columns`` by letter or head, ``sheets`` by name."""

    columns: Mapping[str, str] = field(default_factory=dict)
    sheets: Sequence[str] = ()
    unit: str | None = None


@dataclass(slots=True)
class Table:
    """One sheet's machines."""

    sheet: Sheet
    header: Header
    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)  #: of lines that are no drafts
    ignored: list[Ignored] = field(default_factory=list)


@dataclass(slots=True)
class Register:
    """What one file holds; ``skipped``: sheets that were not read (hidden, example, no_table)."""

    path: Path
    tables: list[Table]
    skipped: dict[str, str]

    @property
    def problems(self) -> list[Problem]:
        """Everything that is wrong, from top to bottom."""
        found = [
            (table, problem)
            for table in self.tables
            for problem in [*table.problems, *(p for d in table.drafts for p in d.problems)]
        ]
        order = {table.sheet.name: place for place, table in enumerate(self.tables)}
        return [
            problem
            for _, problem in sorted(
                found, key=lambda pair: (order[pair[0].sheet.name], _in_order(pair[1].cell))
            )
        ]

    @property
    def refused(self) -> int:
        """How many lines were left out."""
        lost = sum(problem.refuses for table in self.tables for problem in table.problems)
        return lost + sum(draft.refused for table in self.tables for draft in table.drafts)


def read_register(
    path: Path, choices: Choices, today: date, resolve: Resolve = no_units
) -> Register:
    """Read every visible sheet of a file that holds a table of machines.

    Raises:
        SheetUnreadable: the file is no spreadsheet that can be read.
        NotARegister: no table of machines is in it, or a choice names no sheet, column or field.
    """
    sheets = read_sheets(path)
    _check_choices(path, sheets, choices)
    tables, skipped = [], {}
    for sheet in sheets:
        if choices.sheets and sheet.name not in choices.sheets:
            continue
        if not choices.sheets and (why := _passed_over(sheet)):
            skipped[sheet.name] = why
            continue
        grid = Grid(sheet)
        header = find_header(grid, choices.columns)
        if header is None or not any(one.field in IDENTITY for one in header.columns):
            skipped[sheet.name] = "no_table"
            continue
        tables.append(table_of(grid, header, choices, resolve, today))
    _check_found(path, tables, skipped, choices)
    drafts = [draft for table in tables for draft in table.drafts]
    mark_duplicates(drafts)
    mark_alike(drafts)
    return Register(path, tables, skipped)


def _passed_over(sheet: Sheet) -> str | None:
    """Why a sheet is not read unless a person names it."""
    if sheet.hidden:
        return "hidden"
    return "example" if folded(sheet.name) in EXAMPLES else None


def _check_choices(path: Path, sheets: Sequence[Sheet], choices: Choices) -> None:
    names = [sheet.name for sheet in sheets]
    for name in choices.sheets:
        if name not in names:
            raise NotARegister(
                said(
                    "{path}: has no sheet “{name}”; its sheets: {names}",
                    path=path,
                    name=name,
                    names=", ".join(names),
                )
            )
    for column, name in choices.columns.items():
        if name not in FIELDS:
            raise NotARegister(
                said(
                    "--map {column}={name}: there is no field “{name}”; the fields: {fields}",
                    column=column,
                    name=name,
                    fields=", ".join(FIELDS),
                )
            )


def _check_found(
    path: Path, tables: Sequence[Table], skipped: Mapping[str, str], choices: Choices
) -> None:
    if not tables:
        seen = ", ".join(f"“{name}” ({why})" for name, why in skipped.items()) or said("none")
        raise NotARegister(
            said(
                "{path}: no line with column heads such as “Tên máy”, “Số seri”, "
                "“Computer name” was found; sheets seen: {seen}. Name the columns: --map "
                "C=name --map D=serial",
                path=path,
                seen=seen,
            )
        )
    lost = [unknown_choices(table.header.columns, choices.columns) for table in tables]
    for key in lost[0]:
        if all(key in one for one in lost):
            heads = [f"{one.letter} “{one.head}”" for one in tables[0].header.columns]
            raise NotARegister(
                said(
                    "{path}: --map {key}: no such column; the columns: {heads}",
                    path=path,
                    key=key,
                    heads=", ".join(heads),
                )
            )


def table_of(grid: Grid, header: Header, choices: Choices, resolve: Resolve, today: date) -> Table:
    """The machines below a header; each line of it is one, a problem, or ignored with a reason."""
    table = Table(grid.sheet, header)
    reader, lines = Reader(grid, header, resolve, today), Lines(grid, header)
    heading = _above(grid, header, choices, resolve)
    for line in range(header.end, len(grid.sheet.rows)):
        kind = lines.kind(line)
        text = section_text(grid, header, line)
        if kind is Kind.UNCLEAR and resolve(text).code is not None:
            kind = Kind.SECTION
        if kind is Kind.SECTION:
            heading = _heading(heading, text, choices, resolve)
        if kind is Kind.ROW:
            table.drafts.append(reader.draft(line, heading))
        elif kind is Kind.UNCLEAR:
            column = next(at for at, one in enumerate(grid.sheet.rows[line]) if one is not None)
            table.problems.append(reader.problem(line, column, "row_unclear", {}))
        elif kind is not Kind.BLANK:
            table.ignored.append(_ignored(grid, line, kind))
    return table


def _above(grid: Grid, header: Header, choices: Choices, resolve: Resolve) -> dict[str, str]:
    """The unit that a person named, or the sheet's name, or a title line above the header."""
    if choices.unit is not None:
        return {"unit": choices.unit}
    titles = [
        value
        for line in range(max(0, header.first - _TITLE_LINES), header.first)
        for value in grid.sheet.rows[line]
        if isinstance(value, str)
    ]
    for text in [grid.sheet.name, *titles]:
        if resolve(text).code is not None:
            return {"unit": text}
    return {}


def _heading(
    heading: dict[str, str], text: str, choices: Choices, resolve: Resolve
) -> dict[str, str]:
    """What a heading inside the table changes: the unit, the kind of what follows, or nothing."""
    if choices.unit is None and (resolve(text).code or _OF_OFFICES.match(folded(text))):
        return {"unit": text}
    kind = kind_in(text)
    return heading if kind is None else heading | {"kind": kind}


def _ignored(grid: Grid, line: int, kind: Kind) -> Ignored:
    cells = grid.sheet.rows[line]
    column = next(at for at, one in enumerate(cells) if one is not None)
    text = " ".join(" ".join(str(one) for one in cells if one is not None).split())
    return Ignored(grid.sheet.name, address(line, column), kind.value, text[:_SHOWN])


def _in_order(cell: str) -> tuple[int, int, str]:
    letters = cell.rstrip("0123456789")
    return int(cell[len(letters) :]), len(letters), letters
