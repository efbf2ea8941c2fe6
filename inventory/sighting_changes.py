"""What is different between two scans of one network: who is new, moved, changed, or silent.

Nobody is called gone without the probability that his silence is not just loss: the later scan
measured it (`gone` of its document). What a scan did not ask for has not changed: open ports, the
word on filtering, names and kinds are compared between scans that asked for the same ports.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

IMPORTED = "nmap"  #: the sensor of scans that were read from nmap's files


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
    alike = _asked_alike(before["scan"], after["scan"])
    for ip in old.keys() & new.keys():
        found += _changed(old[ip], new[ip], alike=alike)
    return sorted(found)


def _asked_alike(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether both scans asked for as many ports, and went through to their end.

    Of nmap's files it is not known what was asked; two of them are taken to be of one kind.
    """
    if not before["complete"] or not after["complete"]:
        return False
    ports = [one["ports"] and one["ports"].get("asked") for one in (before, after)]
    imported = before.get("sensor") == after.get("sensor") == IMPORTED
    return imported or (bool(ports[0]) and ports[0] == ports[1])


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


def _changed(old: Mapping[str, Any], new: Mapping[str, Any], *, alike: bool) -> list[Change]:
    ip = new["ip"]
    if old.get("mac") and new.get("mac") and old["mac"] != new["mac"]:
        return [Change(ip, "other_card", old["mac"], new["mac"])]
    pairs = [("vendor", old.get("vendor", ""), new.get("vendor", ""))]
    if alike:
        pairs += [
            ("filtering", _verdict(old), _verdict(new)),
            ("names", _names(old), _names(new)),
            *((fact, old.get(fact, ""), new.get(fact, "")) for fact in ("kind", "os_guess")),
        ]
    found = [Change(ip, what, was, now) for what, was, now in pairs if was != now and now]
    if alike and _ports(old) != _ports(new):  # a port that was closed is a change as well
        found.append(Change(ip, "ports", _ports(old), _ports(new)))
    return found


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
