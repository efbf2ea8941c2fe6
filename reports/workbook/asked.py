"""What every sheet is made from: the summary, the language, and the names of the sheets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from language.texts import Texts, Words
from reports.formats import local_time, parse_time
from reports.summary import RuleLine, Summary
from reports.workbook.words import word


@dataclass(frozen=True)
class Asked:
    """One summary in one language; ``unit_sheets``: a unit's code → the name of its sheet."""

    summary: Summary
    lang: str
    say: Texts
    names: Mapping[str, str]
    unit_sheets: Mapping[str, str]

    def of(self, words: Words) -> str:
        """The text in this language; empty where there is none."""
        return words.get(self.lang, "")

    def word(self, table: dict[str, str], code: str) -> str:
        """The word for a code."""
        return word(table, code, self.say)

    def yes_no(self, value: bool) -> str:
        """Whether."""
        return self.say("yes") if value else self.say("no")

    def unit(self, code: str) -> str:
        """A unit's name; its code where the report has no line for it."""
        return self._units.get(code, code)

    def when(self, moment: datetime) -> str:
        """A moment inside a sentence."""
        return local_time(moment, self.lang, self.summary.zone)

    @cached_property
    def rules(self) -> dict[str, RuleLine]:
        """Every rule by its id."""
        return {one.id: one for one in self.summary.rules}

    @cached_property
    def _units(self) -> dict[str, str]:
        return {one.code: self.of(one.name) for one in self.summary.units}


def share(part: int, whole: int) -> float | str:
    """A share rounded down to a tenth of a percent: 567 of 568 is never 100 %."""
    return part * 1000 // whole / 1000 if whole else ""


def moment(text: str | None) -> datetime | str | None:
    """A time of the data; a text that is none stays a text."""
    try:
        read = parse_time(text) if text else None
    except ValueError:
        return text
    return text if read is not None and read.tzinfo is None else read


def day(text: str | None) -> date | str | None:
    """A day of the data; a text that is none stays a text."""
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return text
