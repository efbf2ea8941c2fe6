"""The report as one HTML file: nothing from a network, no script needed, prints clean on A4.

Each section is a template of its own below ``templates/sections/``. With its script the page also
filters and sorts. The page allows itself that script and that style alone, by their hashes.
"""

from __future__ import annotations

from jinja2 import Environment

from inventory.lifecycle import lifecycles
from reports import names, plain
from reports.html import charts, lists, security
from reports.html.environment import environment
from reports.summary import Summary


def render(summary: Summary, lang: str) -> str:
    """The whole page in ``vi`` or ``en``; every value that came from a machine is escaped."""
    return filled(environment(lang), summary, lang)


def filled(templates: Environment, summary: Summary, lang: str) -> str:
    """The page by the templates of ``templates``."""
    return templates.get_template("report.html.j2").render(
        summary=summary,
        figures_hash=plain.digest_of(summary),
        charts=charts.of(summary, lang),
        lists=lists.of(summary),
        page=security.page(),
        units={one.code: names.told(one.name, lang) for one in summary.units},
        support_as_of=lifecycles().as_of,
    )
