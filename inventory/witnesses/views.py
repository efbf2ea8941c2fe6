"""All that is known of a device as rules ask for it: every witness's word, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from inventory.catalogue import catalogue
from inventory.composing import AssetPart, Composed, HostPart
from inventory.document import encode_view
from inventory.lifecycle import add_support
from inventory.witnesses.comparing import Comparison


def composed_view(one: Composed, words: Sequence[Comparison], device: Mapping[str, Any]) -> bytes:
    """All that is known of a device, as rules ask for it: every witness beside the others.

    ``words``: what agent and network both said. Without any there is nothing to contradict, and
    that is no proof: the contradictions are then missing, not none. ``device``: the facts of the
    section of that name. Where no agent reported, its sections are unknown for that reason.
    """
    view = msgspec.json.decode(one.agent.view) if one.agent and one.agent.view else _unreported()
    facts = view["facts"]
    facts["device"] = {name: value for name, value in device.items() if value is not None}
    add_support(view)
    if one.asset is not None:
        facts["register"] = register_facts(one.asset)
    if one.host is not None:
        facts["scan"] = scan_facts(one.host)
    if words:
        facts["scan"]["confirms"] = [word.about for word in words if word.confirmed]
        facts["contradictions"] = [_contradiction(w) for w in words if not w.confirmed]
    return encode_view(view)


def _unreported() -> dict[str, Any]:
    """A view in which everything that an agent would say is unknown."""
    why = {"reason": "never_reported"}
    named = [one.path for one in catalogue().sections if one.witness == "agent"]
    return {"facts": {}, "unknown": dict.fromkeys(named, why)}


def _first_moment(day: str) -> str:
    """The first moment of a year, a month or a day."""
    return f"{day}{'-01-01'[len(day) - len('2021') :]}T00:00:00Z"


_ESSENTIAL = ("tag", "serial", "unit", "holder")


def register_facts(asset: AssetPart) -> dict[str, Any]:
    """A row of the register as facts of the catalogue's section ``register``."""
    row: dict[str, Any] = msgspec.json.decode(asset.row)
    bought = row.get("bought_on")
    facts = {
        "tag": asset.tag,
        "kind": asset.kind,
        "unit": asset.unit,
        "serial": row.get("serial"),
        "holder": bool(row.get("holder")),
        "bought_at": bought and _first_moment(str(bought)),
        "lacks": [name for name in _ESSENTIAL if not row.get(name)],
    }
    return {name: value for name, value in facts.items() if value is not None}


def _contradiction(word: Comparison) -> dict[str, str]:
    return {
        "about": word.about,
        "fact": word.path,
        "agent_says": word.agent_says,
        "network_shows": word.network_shows,
        "agent_at": word.agent_at,
        "network_at": word.network_at,
    }


def scan_facts(host: HostPart) -> dict[str, Any]:
    """A sighting as facts of the catalogue's section ``scan``; what was not asked is left out."""
    document = host.document
    names = ("ip", "mac", "vendor", "kind", "os_guess", "first_answer", "last_answer", "sensor")
    facts = {name: document.get(name) for name in names} | {
        "names": sorted({one["name"] for one in document.get("names", ())}),
        "filtering": document.get("filtering", {}).get("verdict", "unknown"),
        "methods": document.get("methods", []),
        "id": host.scan,
    }
    ports = document.get("ports", ())
    if host.ports_asked:
        facts["open_tcp_ports"] = _open(ports, "tcp")
        facts["flags"] = document.get("flags", [])  # raised in conversations on those ports
    if ports:
        facts["ports"] = [{name: one[name] for name in _PORT if one.get(name)} for one in ports]
    if udp := _open(ports, "udp"):
        facts["open_udp_ports"] = udp  # none heard is not none open: only names were asked for
    return {name: value for name, value in facts.items() if value not in (None, "", "unknown")}


_PORT = ("protocol", "port", "state", "service", "product", "version")


def _open(ports: Iterable[Mapping[str, Any]], protocol: str) -> list[int]:
    return sorted(
        one["port"] for one in ports if one["protocol"] == protocol and one["state"] == "open"
    )
