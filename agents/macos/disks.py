"""The disks of a Mac, as the registry of devices shows them; part of the hardware section."""

from __future__ import annotations

from agents.macos import plists
from agents.outcome import Facts, Unknown, attempt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator

_DEPTH = 6  #: a whole disk's medium stands at most that far beneath its device
_MEDIA = {"Solid State": "ssd", "Rotational": "hdd"}
_NVME = ("PCI-Express", "Apple Fabric")
_DEVICE, _PROTOCOL = "Device Characteristics", "Protocol Characteristics"
_CHILDREN = "IORegistryEntryChildren"


def rows(devices: Any) -> list[Facts]:
    """A row for each device that has a medium; disk images have a virtual interconnect."""
    found = []
    for device in plists.rows(devices):
        medium = next(_whole(device, 0), None)
        if medium is not None and _interconnect(device) != "Virtual Interface":
            found.append(_row(device, medium))
    return sorted(found, key=lambda row: str(row.values.get("name")))


def _whole(entry: dict[str, Any], depth: int) -> Iterator[dict[str, Any]]:
    """The media beneath an entry that are whole disks."""
    if entry.get("Whole") is True and "BSD Name" in entry:
        yield entry
        return
    children = entry.get(_CHILDREN)
    if depth < _DEPTH and isinstance(children, list):
        for child in children:
            if isinstance(child, dict):
                yield from _whole(child, depth + 1)


def _interconnect(device: dict[str, Any]) -> str:
    found = attempt(lambda: plists.text(plists.at(device, _PROTOCOL, "Physical Interconnect")))
    return found if isinstance(found, str) else ""


def _row(device: dict[str, Any], medium: dict[str, Any]) -> Facts:
    facts = Facts()
    facts.put("name", lambda: plists.text(medium["BSD Name"]))
    facts.put("model", lambda: plists.text(plists.at(device, _DEVICE, "Product Name")))
    facts.put("serial", lambda: plists.text(plists.at(device, _DEVICE, "Serial Number")))
    facts.put("size", lambda: plists.number(plists.at(medium, "Size")))
    facts.put("kind", _kind, device)
    facts.put("removable", _removable, device, medium)
    return facts


def _kind(device: dict[str, Any]) -> str:
    if _interconnect(device) in _NVME:
        return "nvme"
    medium = attempt(lambda: plists.text(plists.at(device, _DEVICE, "Medium Type")))
    if isinstance(medium, Unknown):
        return "other"
    return _MEDIA.get(medium, "other")


def _removable(device: dict[str, Any], medium: dict[str, Any]) -> bool:
    """A medium that can be taken out, or a disk outside the case."""
    place = plists.at(device, _PROTOCOL, "Physical Interconnect Location")
    return plists.flag(medium.get("Removable", False)) or place == "External"
