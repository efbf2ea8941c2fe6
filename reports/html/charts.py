"""The management report's charts, drawn into the page, each with what it shows in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from reports.charts import svg
from reports.document import Block, Chart
from reports.management import changes, units
from reports.summary import Summary


@dataclass(frozen=True, slots=True)
class Drawn:
    """One chart as markup, what it is called, and what it shows in words."""

    caption: str
    alternative: str
    picture: Markup


def of(summary: Summary, lang: str) -> dict[str, Drawn | None]:
    """The charts by section; None where there is nothing to draw."""
    by_unit = units.section(summary, lang)
    return {
        "units": _first(by_unit.blocks if by_unit else ()),
        "trend": _first(changes.section(summary, lang).blocks),
    }


def _first(blocks: Iterable[Block]) -> Drawn | None:
    chart = next((one for one in blocks if isinstance(one, Chart)), None)
    if chart is None:
        return None
    return Drawn(chart.caption, chart.alternative, _inline(svg(chart)))


def _inline(drawn: str) -> Markup:
    """Within HTML a picture needs no namespaces; what it shows is said once, in its alternative."""
    bare = re.sub(r' (?:xmlns(?::xlink)?|role|aria-[a-z]+)="[^"]*"', "", drawn)
    return Markup(bare)  # noqa: S704 - the library has escaped the texts
