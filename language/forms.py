"""How people of each language write numbers and days: 1.234,5 and 31/03/2027 in Vietnamese."""

from __future__ import annotations

from datetime import date

#: patterns of `strftime`; Babel's short Vietnamese day is d/M/yy, Decree 30/2020 has dd/MM/yyyy
DAY = {"vi": "%d/%m/%Y", "en": "%Y-%m-%d"}
#: what stands before decimals, and between thousands
MARKS = {"vi": (",", "."), "en": (".", ",")}
_TURNED = str.maketrans(",.", ".,")
_LAST_WITH_A_ZERO = 2  #: months 1 and 2 are written with a zero before them, so that none is added


def number(value: float, lang: str, *, decimals: int | None = None) -> str:
    """A number as people write it: 1,234.5 in English, 1.234,5 in Vietnamese."""
    text = f"{value:,.{2 if decimals is None else decimals}f}"
    if decimals is None:
        text = text.rstrip("0").rstrip(".")
    return text.translate(_TURNED) if lang == "vi" else text


def day(text: str, lang: str) -> str:
    """An ISO day as people write it: ``31/03/2027`` or ``2027-03-31``."""
    return "/".join(reversed(text.split("-"))) if lang == "vi" else text


def day_in_words(text: str, lang: str) -> str:
    """An ISO day in a document: ``ngày 05 tháng 02 năm 2026`` or ``5 February 2026``.

    A day below 10 and the months 1 and 2 have a zero, as Decree 30/2020 wants it.
    """
    day = date.fromisoformat(text)
    if lang == "en":
        return f"{day.day} {day:%B %Y}"
    month = f"{day.month:02d}" if day.month <= _LAST_WITH_A_ZERO else f"{day.month}"
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"
