"""Texts and numbers of things: names, tags, serial numbers, as they stand on the machine.

What Excel made of a number cannot be undone: digits beyond the fifteenth are gone (its numbers are
IEEE 754 doubles shown with 15 digits), so such a serial number is reported and never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from inventory.folding import folded
from inventory.legacy_text import as_read, legacy_encoding
from inventory.register.values.bad import Bad
from inventory.sheets import CellError, Value

MOST = 255  #: characters of a name, a number, a model
MOST_NOTE = 2000
_EXACT_DIGITS = 15  #: that Excel keeps of a number
_SUSPECT_DIGITS, _SUSPECT_ZEROS = 12, 5  #: 1.23E+11, typed again as 123000000000
SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+\d{1,3}", re.IGNORECASE)
#: What people write where there is nothing.
NOTHING = frozenset(
    (
        *("", "-", "--", "---", "–", "—", "/", ".", "...", "…", "?", "x", "n/a", "na", "none"),
        *(
            "0",
            "null",
            "khong",
            "khong co",
            "ko",
            "ko co",
            "chua co",
            "chua ro",
            "khong ro",
            "trong",
        ),
    )
)
_LONGEST_NOTHING = 16  #: characters, in any normal form


def text_of(value: Value, most: int = MOST) -> str:
    """A cell as one line of text in NFC; "" where it is empty.

    Raises:
        Bad: formula_error, legacy_text, control, too_long.
    """
    if isinstance(value, CellError):
        raise Bad("formula_error", error=str(value))
    if value is None:
        return ""
    if not isinstance(value, str):
        return _shown(value)
    plain = " ".join(unicodedata.normalize("NFC", value).split())
    if any(unicodedata.category(letter) in {"Cc", "Cs", "Co"} for letter in plain):
        raise Bad("control")
    if len(plain) > most:
        raise Bad("too_long", length=str(len(plain)), most=str(most))
    encoding = legacy_encoding(plain)
    if encoding is not None:
        raise Bad("legacy_text", encoding=encoding, reads=as_read(plain, encoding))
    return plain


def optional(value: Value, most: int = MOST) -> str | None:
    """As ``text_of``; None where the cell is empty or says that there is nothing."""
    plain = text_of(value, most)
    nothing = len(plain) <= _LONGEST_NOTHING and folded(plain) in NOTHING
    return None if nothing else plain


def number_of(value: Value) -> str | None:
    """A tag or serial number.

    Raises:
        Bad: digits_lost, became_date, and those of ``text_of``.
    """
    if isinstance(value, date | datetime | time | timedelta):
        raise Bad("became_date", shown=_shown(value))
    if isinstance(value, bool):
        raise Bad("digits_lost", shown=str(value).upper())
    if isinstance(value, int | float):
        return _digits(value) if value else None  # a formula that points to an empty cell gives 0
    plain = optional(value)
    if plain and SCIENTIFIC.fullmatch(plain):
        raise Bad("digits_lost", shown=plain)
    return plain


def _digits(value: float) -> str:
    text = str(value)
    rounded = len(text) >= _SUSPECT_DIGITS and text.endswith("0" * _SUSPECT_ZEROS)
    if not isinstance(value, int) or len(text) > _EXACT_DIGITS or rounded:
        raise Bad("digits_lost", shown=text)
    return text


def _shown(value: float | bool | date | datetime | time | timedelta) -> str:
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y %H:%M")
    return value.strftime("%d/%m/%Y") if isinstance(value, date) else str(value)
