"""What can be wrong with a spreadsheet as a whole; each message says what to do."""

from __future__ import annotations

from inventory.errors import InventoryError


class SheetUnreadable(InventoryError):
    """The file is no spreadsheet that we read, or is larger than one can be."""
