"""What templates know in one language: its messages, and how numbers, times and texts are shown.

Every value is made visible and then escaped by the environment itself, so that a template cannot
forget it.
"""

from __future__ import annotations

from functools import cache, partial

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from language.forms import day
from language.texts import texts
from policies.tree import SEVERITIES as SEVERITY_ORDER
from policies.waivers import WARN_DAYS
from reports import names
from reports.formats import local_time, office_day, parse_time
from reports.html import lists
from reports.html.sizes import disk, memory
from reports.management import contradictions, units
from reports.names import DEPARTURES, ENCRYPTION, KINDS
from reports.visible import visible


@cache
def environment(lang: str) -> Environment:
    """The templates of the page."""
    made = Environment(
        loader=PackageLoader("reports.html"),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(_words(lang))
    made.filters.update(_values(lang))
    made.globals.update(
        say=texts(lang),
        many=texts(lang).many,
        lang=lang,
        ranked=units.rank,
        witness=contradictions.witness,
        worst_first=lists.worst_first,
        severities=tuple(reversed(SEVERITY_ORDER)),
        warn_days=WARN_DAYS[0],
    )
    return made


def _shown(value: object) -> object:
    """Whatever a template writes, but for what is markup already."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _words(lang: str) -> dict[str, object]:
    """Filters from a key of the data to a word for people."""
    tables = {
        "state": names.STATES,
        "short_state": names.SHORT_STATES,
        "result": names.RESULTS,
        "verdict": names.VERDICTS,
        "severity": names.SEVERITIES,
        "about": contradictions.ABOUT,
        "kind": KINDS,
        "encryption": ENCRYPTION,
        "departure": DEPARTURES,
    }
    return {name: partial(_word, table, lang) for name, table in tables.items()}


def _word(table: dict[str, str], lang: str, key: str) -> str:
    return names.word(table, key, lang)


def _values(lang: str) -> dict[str, object]:
    """Filters that write a value as people of the language do."""
    return {
        "count": partial(names.count, lang=lang),
        "share": partial(names.share, lang=lang),
        "memory": partial(memory, lang=lang),
        "disk": partial(disk, lang=lang),
        "day": partial(day, lang=lang),
        "moment": partial(local_time, lang=lang),
        "office_day": office_day,
        "parsed": parse_time,
        "told": partial(names.told, lang=lang),
        "printed": partial(names.printed, lang=lang),
        "rank": lists.severity,
    }
