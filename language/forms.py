"""How people of each language write numbers and days: 1.234,5 and 31/03/2027 in Vietnamese."""

from __future__ import annotations

#: patterns of `strftime`; Babel's short Vietnamese day is d/M/yy, Decree 30/2020 has dd/MM/yyyy
DAY = {"vi": "%d/%m/%Y", "en": "%Y-%m-%d"}
_TURNED = str.maketrans(",.", ".,")


def number(value: float, lang: str, *, decimals: int | None = None) -> str:
    """A number as people write it: 1,234.5 in English, 1.234,5 in Vietnamese."""
    text = f"{value:,.{2 if decimals is None else decimals}f}"
    if decimals is None:
        text = text.rstrip("0").rstrip(".")
    return text.translate(_TURNED) if lang == "vi" else text


def day(text: str, lang: str) -> str:
    """An ISO day as people write it: ``31/03/2027`` or ``2027-03-31``."""
    return "/".join(reversed(text.split("-"))) if lang == "vi" else text
