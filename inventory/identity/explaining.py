"""Why a device is one device, and why what resembles it is not part of it, line by line."""

from __future__ import annotations

from typing import Any

from inventory.identity.proposing import Proposal
from inventory.identity.resolution import Link, Refusal
from inventory.identity.scoring import Line
from inventory.identity.settling import resolution
from inventory.identity.weights import MERGE
from inventory.store import Store

_KINDS = {
    "agent_key": ("agent's key", "khóa của tác tử"),
    "hardware_uuid": ("hardware UUID", "UUID phần cứng"),
    "serial": ("serial number", "số sê-ri"),
    "board_serial": ("mainboard's serial", "số sê-ri bo mạch"),
    "disk_serial": ("disk's serial", "số sê-ri ổ đĩa"),
    "mac": ("MAC", "MAC"),
    "asset_tag": ("asset tag", "mã tài sản"),
    "hostname": ("name", "tên máy"),
    "unit": ("unit", "đơn vị"),
    "address": ("address", "địa chỉ"),
}
_WHAT = {
    "same": ("the same {}", "cùng {}"),
    "in_time": ("the same {} at the same time", "cùng {} vào cùng thời điểm"),
    "late": ("the same {}, some hours apart", "cùng {}, cách nhau vài giờ"),
    "differs": ("different {}", "khác {}"),
    "taken": ("different {}, and the other is somebody else's", "khác {}, và đã thuộc máy khác"),
}
_WHY = {
    "below_threshold": (
        f"not enough: {MERGE} points join",
        f"chưa đủ: cần {MERGE} điểm để ghép",
    ),
    "ambiguous": ("another fits just as well", "có máy khác khớp ngang bằng"),
    "another_is_likelier": ("another fits better", "có máy khác khớp hơn"),
    "both_alive": (
        "both reported at one time: two machines",
        "cả hai cùng báo cáo một lúc: là hai máy",
    ),
    "cloned_key": (
        "one key on two boards at one time: a cloned disk",
        "một khóa chạy trên hai bo mạch cùng lúc: ổ đĩa bị nhân bản",
    ),
    "other_hardware": (
        "one key, but no part of the hardware is the same: a copied disk",
        "cùng một khóa, nhưng không linh kiện nào trùng: ổ đĩa bị sao chép",
    ),
    "two_assets": ("two rows of the register", "hai dòng trong sổ tài sản"),
    "shared_card": (
        "seen by a card that several machines use in turn (a dock, an adapter)",
        "thấy qua card mạng mà nhiều máy thay nhau dùng (đế cắm, bộ chuyển đổi)",
    ),
    "decision": ("a person decided so", "do người quyết định"),
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
    en, vi = _WHY[one.why]
    return _pair(one) | {"why": one.why, "because": {"en": en, "vi": vi}}


def _pair(one: Link | Refusal) -> dict[str, Any]:
    lines = [_line(line) for line in one.lines]
    return {"one": one.one, "other": one.other, "points": one.points, "lines": lines}


def _line(line: Line) -> dict[str, Any]:
    kinds, whats = _KINDS[line.kind], _WHAT[line.what]
    said = {lang: whats[at].format(kinds[at]) for at, lang in enumerate(("en", "vi"))}
    return {"kind": line.kind, "points": line.points, "values": list(line.values), "says": said}
