"""What is wrong with a cell of a register, and what to do, in the words of the person who keeps it.

``{value}`` and the other names in braces come from the problem itself (`Problem.said`).
"""

from __future__ import annotations

from inventory.register.rows import Problem
from language.texts import marked, sense, texts

#: kind → (reason, what to do)
_PROBLEMS: dict[str, tuple[str, str]] = {
    "formula_error": (
        marked("the formula gives {error}"),
        marked("mend the formula, or type the value"),
    ),
    "legacy_text": (
        marked("text in the old encoding {encoding} (probably “{reads}”)"),
        marked("convert the sheet to Unicode (UniKey: Ctrl+Shift+F6) and import again"),
    ),
    "control": (
        marked("holds invisible control characters"),
        marked("clear the cell and type it again"),
    ),
    "too_long": (
        marked("has {length} characters, at most {most}"),
        marked("shorten it; move the rest to the note"),
    ),
    "digits_lost": (
        marked("Excel made {shown} of this number, its digits are lost"),
        marked("format the cell as Text and type it again from the machine's label"),
    ),
    "became_date": (
        marked("Excel made a date of this number: {shown}"),
        marked("format the cell as Text and type the number again"),
    ),
    "mac_bad": (
        marked("no MAC address: 12 hexadecimal digits (0–9, A–F) are needed, here are {digits}"),
        marked("type it as getmac shows it, such as 00:1A:2B:3C:4D:5E; separate several by ;"),
    ),
    "mac_number": (
        marked("Excel made the number {shown} of a MAC address"),
        marked("format the cell as Text and type the address again"),
    ),
    "mac_is_address": (
        marked("{shown} is an IP address, no MAC"),
        marked("move it to the column of IP addresses; getmac shows the MAC"),
    ),
    "mac_no_card": (
        marked("{mac} is no network card's address"),
        marked("getmac shows the card's address"),
    ),
    "address_bad": (
        marked("{shown} is no IP address"),
        marked("type it as 10.20.1.7; leave it empty for DHCP"),
    ),
    "address_number": (
        marked("Excel made the number {shown} of an IP address"),
        marked("format as Text, type it again"),
    ),
    "address_no_machine": (
        marked("{shown} is no single machine's address"),
        marked("type the real one, or leave it empty"),
    ),
    "date_bad": (
        marked("“{shown}” is not understood as a date"),
        marked("type 17/05/2021, 05/2021 or 2021"),
    ),
    "date_no_such_day": (
        marked("there is no day {shown}"),
        marked("correct it; type the year alone where unsure"),
    ),
    "date_month_first": (
        marked(
            "{shown} has the month first; other dates of this column may be turned round unseen"
        ),
        marked("look at the whole column; type day/month/year"),
    ),
    "date_range": (
        marked("{shown} is in the future, or before {first}"),
        marked("correct the date"),
    ),
    "date_year_as_day": (
        marked("shows {shown}: the year {year} was probably typed into a date cell"),
        marked("format the cell as General and type the year again"),
    ),
    "several_machines": (
        marked("one row for {shown} machines"),
        marked("give each machine a row with its own number"),
    ),
    "merged_identity": (
        marked("is merged over the rows {lines}: one value for several machines"),
        marked("unmerge it and type each machine's own"),
    ),
    "nothing_identifies": (
        marked("no tag, name, serial number or MAC in the row"),
        marked("fill in at least one of them"),
    ),
    "row_unclear": (
        marked("only one cell is filled: a machine, or a heading?"),
        marked("a machine: give it a number; a heading: merge it over the table"),
    ),
    "tag_twice": (
        marked("the tag {shown} stands in {others} too"),
        marked("correct one; both were left out"),
    ),
    "serial_twice": (
        marked("the serial number {shown} stands in {others} too"),
        sense("serial_twice", "correct one; both were left out"),
    ),
    "mac_twice": (
        marked("the MAC {shown} stands in {others} too"),
        marked("delete a shared dock's or adapter's in both rows; both were left out"),
    ),
    "unit_unknown": (
        marked("there is no unit “{shown}”"),
        marked("correct it, or add the unit: rasoat units import"),
    ),
    "unit_ambiguous": (
        marked("“{shown}” may be {near}"),
        marked("write the unit's code"),
    ),
    "unit_ended": (
        marked("the unit “{shown}” has ended; its successors: {near}"),
        marked("write today's unit"),
    ),
    "unit_missing": (
        marked("no unit"),
        marked("fill it in; if the cell was merged, import the .xlsx, not a .csv"),
    ),
    "kind_unknown": (
        marked("“{shown}” is not understood; it counts as a computer that should report"),
        marked("write PC, laptop, server, printer, …"),
    ),
    "state_unknown": (
        marked("“{shown}” is not understood; kept as it is"),
        marked("write in use, broken, in store, …"),
    ),
    "number_junk": (
        marked("“{shown}” tells no machine from another"),
        marked("take the number on the label"),
    ),
    "mac_local": (
        marked("{mac} is given by software (random Wi-Fi, a guest); it identifies nothing"),
        marked("getmac shows the physical address"),
    ),
    "not_distinct": (
        marked("{number} rows have the name “{shown}” alone ({others} too): {number} machines"),
        marked("give each its asset tag or serial number"),
    ),
    "tag_elsewhere": (
        marked("the tag {shown} stands in {others} already; taken as another machine"),
        marked("make serial number and unit agree if it is one; else change the tag"),
    ),
    "serial_elsewhere": (
        marked("the serial number {shown} stands in {others} under another tag; taken as another"),
        marked("look at the label and correct one of the two"),
    ),
}
KINDS = frozenset(_PROBLEMS)
IGNORED = {
    "total": marked("total"),
    "section": marked("heading"),
    "signature": marked("signatures"),
    "numbers": marked("numbers of columns"),
    "header_again": marked("header again"),
    "numbered_only": marked("ordinal alone"),
}
SKIPPED = {
    "hidden": marked("hidden (read it by --sheet)"),
    "example": marked("example (read it by --sheet)"),
    "no_table": marked("no table of machines"),
}


def reason(problem: Problem, lang: str) -> str:
    """Why a cell was refused or is doubted."""
    return texts(lang)(_PROBLEMS[problem.kind][0], **dict(problem.said))


def remedy(problem: Problem, lang: str) -> str:
    """What the person who keeps the register can do about it."""
    return texts(lang)(_PROBLEMS[problem.kind][1])
