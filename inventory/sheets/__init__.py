"""Spreadsheets as offices keep them: `read_sheets` gives every sheet's cells and merged ranges."""

from inventory.sheets.cells import CellError, Merged, Sheet, Value, address, letters
from inventory.sheets.problems import SheetUnreadable
from inventory.sheets.reading import read_sheets

__all__ = [
    "CellError",
    "Merged",
    "Sheet",
    "SheetUnreadable",
    "Value",
    "address",
    "letters",
    "read_sheets",
]
