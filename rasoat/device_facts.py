"""The facts of one machine as lines for a person: labels, values in words, why one is unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.text import Text

from inventory.catalogue import Fact, catalogue
from policies.phrases import label
from policies.wording import reason_words, value_words
from rasoat.terminal import styled

_SPECS = (
    *("hardware.vendor", "hardware.model", "hardware.serial", "hardware.chassis"),
    *("hardware.cpu.model", "hardware.memory.total", "hardware.disks", "hardware.firmware"),
    *("hardware.secure_boot", "hardware.tpm.version", "hardware.uuid"),
    *("os.name", "os.release", "os.edition", "os.version", "network.interfaces"),
)
_SEEN = (
    *("scan.ip", "scan.mac", "scan.vendor", "scan.names", "scan.kind", "scan.os_guess"),
    *("scan.filtering", "scan.open_tcp_ports", "scan.open_udp_ports", "scan.methods"),
)


def specs(facts: Mapping[str, Any], lang: str) -> Iterator[Text]:
    """What the machine is, in some twenty lines."""
    for path in _SPECS:
        fact = catalogue().facts[path]
        yield from _lines(fact, label(fact, lang, start=True), _at(facts, path), lang)


def sighting(seen: Mapping[str, Any], lang: str) -> Iterator[Text]:
    """What the network shows of it."""
    for path in _SEEN:
        fact = catalogue().facts[path]
        value = seen.get(path.removeprefix("scan."))
        yield from _lines(fact, fact.label(lang), value, lang)


def every(facts: Mapping[str, Any], lang: str) -> Iterator[Text]:
    """Every fact that is known, by its path."""
    for path, fact in catalogue().facts.items():
        if fact.type != "object" and not fact.list_path:
            yield from _lines(fact, _named(path, lang), _at(facts, path), lang)


def unknown(table: Mapping[str, Mapping[str, str]], lang: str) -> Iterator[Text]:
    """Every fact that could not be read, and why."""
    for path, why in table.items():
        detail = f" ({why['detail']})" if why.get("detail") else ""
        reason = reason_words(why["reason"], lang)
        yield styled(f"  {_named(path, lang)}: {reason}{detail}", "unknown")


def _named(path: str, lang: str) -> str:
    fact = catalogue().facts.get(path)
    return f"{path} ({fact.label(lang)})" if fact else path


def _lines(fact: Fact, name: str, value: Any, lang: str) -> Iterator[Text]:
    if value is None:
        return
    if not fact.children:
        yield styled(f"  {name}: {_value(fact, value, lang)}")
        return
    yield styled(f"  {name}: {len(value)}")
    yield from (styled(f"    {element_words(fact, one, lang)}") for one in value)


def _at(facts: Mapping[str, Any], path: str) -> Any:
    found: Any = facts
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def element_words(fact: Fact, element: Mapping[str, Any], lang: str) -> str:
    """An element of a list: its plain values by label, those of lists inside it by themselves."""
    known = catalogue()
    parts = []
    for child in known.children(fact):
        value = element.get(child.path.removeprefix(f"{fact.path}."))
        if value is None:
            continue
        if child.children:
            inner = value if isinstance(value, list) else [value]
            parts += [element_words(child, one, lang) for one in inner]
        else:
            parts.append(f"{label(child, lang)} {_value(child, value, lang)}")
    return ", ".join(parts)


def _value(fact: Fact, value: Any, lang: str) -> str:
    if isinstance(value, list):
        return ", ".join(value_words(one, fact, lang) for one in value) or "–"
    return value_words(value, fact, lang)
