"""How large a spreadsheet may be: looked at before anything is read into memory.

The reader of workbooks lays a sheet out as a full rectangle and ends the process when memory does
not suffice, so one forgotten cell at XFD1048576 must be found first.
"""

from __future__ import annotations

MOST_BYTES = 64 << 20  #: of the file; 100,000 rows of a register are about 10 MiB
MOST_UNPACKED = 1 << 30  #: bytes of all parts of a workbook together
MOST_RATIO = 250  #: unpacked to packed; a register of equal rows comes to about 40
SMALL = 16 << 20  #: a part up to this size may shrink as it likes
MOST_PARTS = 5_000
MOST_ROWS = 200_000
MOST_COLUMNS = 256  #: as many as Excel 97 had
MOST_CELLS = 8_000_000  #: of the rectangle from A1 to the last filled cell
MOST_TEXT = 512 << 20  #: characters in all cells together, each counted as often as it is shown
MOST_SHEETS = 200
