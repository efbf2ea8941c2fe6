"""Why a device is one device, and why what resembles it is not part of it, line by line."""

from __future__ import annotations

from typing import Any

from inventory.identity.proposing import Proposal
from inventory.identity.resolution import Link, Refusal
from inventory.identity.scoring import Line
from inventory.identity.settling import resolution
from inventory.identity.weights import MERGE
from inventory.store import Store
from language.texts import LANGUAGES, both, marked, texts

_KINDS = {
    "agent_key": marked("agent's key"),
    "hardware_uuid": marked("hardware UUID"),
    "serial": marked("serial number"),
    "board_serial": marked("mainboard's serial"),
    "disk_serial": marked("disk's serial"),
    "mac": marked("MAC"),
    "asset_tag": marked("asset tag"),
    "hostname": marked("name"),
    "unit": marked("unit"),
    "address": marked("address"),
}
_WHAT = {
    "same": marked("the same {what}"),
    "in_time": marked("the same {what} at the same time"),
    "late": marked("the same {what}, some hours apart"),
    "differs": marked("different {what}"),
    "taken": marked("different {what}, and the other is somebody else's"),
}
_WHY = {
    "below_threshold": marked("not enough: {points} points join"),
    "ambiguous": marked("another fits just as well"),
    "another_is_likelier": marked("another fits better"),
    "both_alive": marked("both reported at one time: two machines"),
    "cloned_key": marked("one key on two boards at one time: a cloned disk"),
    "other_hardware": marked("one key, but no part of the hardware is the same: a copied disk"),
    "two_assets": marked("two rows of the register"),
    "shared_card": marked("seen by a card that several machines use in turn (a dock, an adapter)"),
    "decision": marked("a person decided so"),
}


def explain(store: Store, device: str) -> dict[str, Any]:
    """All reasons about one device, in plain JSON types.

    ``links``: what holds its observations together; ``refusals``: what speaks for joining others
    and why it was not enough; ``shared``: values that identify nobody because several have them.
    """
    db = store.reader()
    rows = db.execute("SELECT id, name FROM observations WHERE device = ? ORDER BY id", (device,))
    names: dict[str, str] = dict(rows.fetchall())
    members = list(names)
    found = resolution(db, members)
    inside = set(members)
    links = [link for one in found.machines for link in one.links if link.one in inside]
    refusals = [one for one in found.refusals if {one.one, one.other} & inside]
    return {
        "device": device,
        "observations": members,
        "names": names,
        "links": [_link(one) for one in links],
        "refusals": [_refusal(one) for one in refusals],
        "shared": [
            {"kind": kind.value, "value": value, "machines": count}
            for (kind, value), count in sorted(found.shared.items())
        ],
    }


def asked(proposal: Proposal) -> dict[str, Any]:
    """One question to a person, in plain JSON types."""
    because = [_refusal(one) for one in proposal.refusals]
    return {"one": proposal.one, "other": proposal.other, "points": proposal.points} | {
        "because": because
    }


def _link(one: Link) -> dict[str, Any]:
    return _pair(one) | {"by": one.by}


def _refusal(one: Refusal) -> dict[str, Any]:
    because = both(_WHY[one.why], points=MERGE)
    return _pair(one) | {"why": one.why, "because": because}


def _pair(one: Link | Refusal) -> dict[str, Any]:
    lines = [_line(line) for line in one.lines]
    return {"one": one.one, "other": one.other, "points": one.points, "lines": lines}


def _line(line: Line) -> dict[str, Any]:
    said = {
        lang: say(_WHAT[line.what], what=say(_KINDS[line.kind]))
        for lang, say in ((lang, texts(lang)) for lang in LANGUAGES)
    }
    return {"kind": line.kind, "points": line.points, "values": list(line.values), "says": said}
