"""One section of the report: its title and its blocks; the report numbers them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reports.document import Block, Heading

_NUMERALS = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading of the first level."""

    title: str
    blocks: tuple[Block, ...]


def roman(n: int) -> str:
    """A number as administrative documents number their sections."""
    made = ""
    for value, numeral in _NUMERALS:
        made, n = made + numeral * (n // value), n % value
    return made


def numbered(sections: Iterable[Section]) -> Iterator[Block]:
    """The blocks of all sections, each under its heading."""
    for place, one in enumerate(sections, start=1):
        yield Heading(1, f"{roman(place)}. {one.title}")
        yield from one.blocks
