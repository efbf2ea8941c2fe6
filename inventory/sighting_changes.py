"""What is different between two scans of one network: who is new, moved, changed, or silent.

Nobody is called gone without the probability that his silence is not just loss: the later scan
measured it (`gone` of its document).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_FACTS = ("kind", "os_guess", "vendor")


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """``what``: new, silent, moved, other_card, ports, filtering, names, kind, os_guess, vendor."""

    ip: str
    what: str
    old: str
    new: str
    probability: float | None = None  #: of a silent host: that it would have been heard


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What changed from one scan's document to a later one's of the same targets."""
    old = {one["ip"]: one for one in before["sightings"]}
    new = {one["ip"]: one for one in after["sightings"]}
    found = [*_come(old, new), *_silent(old, new, after["scan"])]
    for ip in old.keys() & new.keys():
        found += _changed(old[ip], new[ip])
    return sorted(found)


def _come(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Hosts at addresses where nobody was; one whose card was elsewhere has moved."""
    were = {one["mac"]: ip for ip, one in old.items() if one.get("mac")}
    found = []
    for ip in new.keys() - old.keys():
        mac = new[ip].get("mac", "")
        place = were.get(mac)
        if place and new.get(place, {}).get("mac") != mac:
            found.append(Change(ip, "moved", place, ip))
        else:
            found.append(Change(ip, "new", "", _named(new[ip])))
    return found


def _silent(
    old: Mapping[str, Any], new: Mapping[str, Any], scan: Mapping[str, Any]
) -> list[Change]:
    here = {one.get("mac") for one in new.values()} - {None, ""}
    gone = scan.get("gone") or {}
    return [
        Change(ip, "silent", _named(old[ip]), "", gone.get(ip) if scan["complete"] else None)
        for ip in old.keys() - new.keys()
        if old[ip].get("mac") not in here
    ]


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    ip = new["ip"]
    if old.get("mac") and new.get("mac") and old["mac"] != new["mac"]:
        return [Change(ip, "other_card", old["mac"], new["mac"])]
    pairs = [
        ("ports", _ports(old), _ports(new)),
        ("filtering", _verdict(old), _verdict(new)),
        ("names", _names(old), _names(new)),
        *((fact, str(old.get(fact, "")), str(new.get(fact, ""))) for fact in _FACTS),
    ]
    return [Change(ip, what, was, now) for what, was, now in pairs if was != now and now]


def _ports(one: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{port['protocol']}/{port['port']}"
        for port in one.get("ports", ())
        if port["state"] == "open"
    )


def _verdict(one: Mapping[str, Any]) -> str:
    """The word on filtering; an unknown one is no change of anything."""
    word: str = one.get("filtering", {}).get("verdict", "unknown")
    return "" if word == "unknown" else word


def _names(one: Mapping[str, Any]) -> str:
    return ", ".join(sorted({name["name"] for name in one.get("names", ())}))


def _named(one: Mapping[str, Any]) -> str:
    words: Sequence[str] = [_names(one), one.get("vendor", ""), one.get("mac", "")]
    return " ".join(word for word in words if word)
