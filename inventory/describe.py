"""The catalogue as people and machines read it: plain rows, and the page of all that is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inventory.catalogue import Catalogue, Fact, catalogue

_PLATFORM_NAMES = {"windows": "Windows", "linux": "Linux", "macos": "macOS"}


def rows(search: str = "") -> list[dict[str, Any]]:
    """Every fact as a plain row, or those with ``search`` in path or label (case ignored)."""
    wanted = search.casefold()
    return [
        _row(fact)
        for fact in catalogue().facts.values()
        if wanted in f"{fact.path} {fact.label_vi} {fact.label_en}".casefold()
    ]


def _row(fact: Fact) -> dict[str, Any]:
    return {
        "path": fact.path,
        "type": type_words(fact),
        "unit": fact.unit,
        "values": list(fact.values),
        "label": {"vi": fact.label_vi, "en": fact.label_en},
        "platforms": list(fact.platforms),
        "witness": fact.witness,
        "source": fact.source,
        "why": fact.why,
        "since": fact.since,
    }


def type_words(fact: Fact) -> str:
    """The type as a person reads it: ``list of ip``, ``choice``, ``integer``."""
    if fact.type == "list":
        return f"list of {fact.of or 'objects'}"
    return fact.type


def markdown() -> str:
    """The docs page "what the agent reads and why", made from the catalogue alone."""
    return "\n".join(_page(catalogue())) + "\n"


_HEAD = """\
# Facts: what is read, and why

<!-- Made by `rasoat policy facts --markdown` from inventory/catalogue.yaml; do not edit. -->

Nothing else is collected: no browser history, DNS cache, file names, command lines, environment
variables or Wi-Fi keys; accounts only as counts and flags. A fact that could not be read is
reported as unknown, with the reason.

Collected today: the facts of Linux. Those of Windows, macOS and the network scan stand here as the
specification that their collectors will be tested against; until then nothing reports them."""


def _page(known: Catalogue) -> Iterator[str]:
    yield _HEAD
    for section in known.sections:
        yield from _section(section, known)


def _section(section: Fact, known: Catalogue) -> Iterator[str]:
    yield ""
    yield f"## {section.path}: {section.label_en} · {section.label_vi}"
    yield ""
    yield f"Why: {section.why}. Witness: {section.witness}."
    yield ""
    yield "| fact | type | meaning | nghĩa | platforms | source |"
    yield "|---|---|---|---|---|---|"
    for fact in known.facts.values():
        if fact.path.startswith(f"{section.path}."):
            yield _line(fact)


def _line(fact: Fact) -> str:
    words = type_words(fact)
    if fact.values:
        words += ": " + ", ".join(fact.values)
    if fact.unit:
        words += f" ({fact.unit})"
    platforms = ", ".join(_PLATFORM_NAMES[name] for name in fact.platforms)
    cells = (f"`{fact.path}`", words, fact.label_en, fact.label_vi, platforms, fact.source)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
