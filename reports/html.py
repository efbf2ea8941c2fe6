"""The report as one HTML file: prints clean on A4, needs no script and nothing from a network."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports.formats import day, local_time
from reports.summary import Summary
from reports.words import WORDS


def render(summary: Summary, lang: str) -> str:
    """The whole page in ``vi`` or ``en``; every value that came from a machine is escaped."""
    template = _environment().get_template("report.html.j2")
    return template.render(summary=summary, lang=lang, w=WORDS[lang])


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["local_time"] = local_time
    made.filters["day"] = day
    return made
