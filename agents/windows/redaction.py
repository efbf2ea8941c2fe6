"""What in the values of a recorded Windows names it: its names and domain, serials of its disks."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator

HOST = {"netbios": "HOST-1", "dns": "host-1"}
DOMAIN, WORKGROUP = "DOMAIN-1", "WORKGROUP"  #: the second is what every Windows begins with


def rename(values: dict[str, Any]) -> int:
    """Replace the computer's and the domain's names; how many there were."""
    count = 0
    if isinstance(values.get("computer_name"), dict):
        values["computer_name"] = dict(HOST)
        count += 1
    joined = values.get("domain")
    if isinstance(joined, dict) and joined.get("name") not in ("", None, WORKGROUP):
        values["domain"] = {**joined, "name": DOMAIN}
        count += 1
    return count


def serials(values: dict[str, Any]) -> Iterator[bytes]:
    """Serials of disks, and the identifiers of volumes."""
    for name, field in (("disks", "serial"), ("volumes", "device")):
        rows = values.get(name)
        for row in rows if isinstance(rows, list) else []:
            text = row.get(field) if isinstance(row, dict) else None
            if isinstance(text, str):
                # Of \\?\Volume{GUID}\ the GUID alone: the rest is the same everywhere.
                yield text.partition("{")[2].partition("}")[0].encode() or text.encode()
