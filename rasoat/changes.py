"""Differences between two scans as lines for people."""

from __future__ import annotations

from collections.abc import Sequence

from inventory.sighting_changes import Change

_WORDS = {
    "en": {
        "heads": ("address", "change", "before", "now"),
        "nothing": "Nothing changed since scan {scan}.",
        "new": "new",
        "silent": "silent",
        "surely": "silent; not just loss with {probability:.2%}",
        "moved": "moved",
        "other_card": "other network card",
        "ports": "open ports",
        "filtering": "firewall seen",
        "names": "names",
        "kind": "kind",
        "os_guess": "system",
        "vendor": "vendor",
    },
    "vi": {
        "heads": ("địa chỉ", "thay đổi", "trước", "nay"),
        "nothing": "Không có gì thay đổi so với lần quét {scan}.",
        "new": "mới xuất hiện",
        "silent": "im lặng",
        "surely": "im lặng; xác suất không phải do mất gói {probability:.2%}",
        "moved": "đổi địa chỉ",
        "other_card": "card mạng khác",
        "ports": "cổng mở",
        "filtering": "tường lửa nhìn từ mạng",
        "names": "tên",
        "kind": "loại thiết bị",
        "os_guess": "hệ điều hành",
        "vendor": "hãng",
    },
}


def rows_of(changes: Sequence[Change], lang: str) -> tuple[Sequence[str], list[list[str]]]:
    """(heads, rows) of a table."""
    words = _WORDS[lang]
    return words["heads"], [
        [one.ip, _said(one, words), one.old, one.new]  # type: ignore[arg-type]
        for one in changes
    ]


def nothing_since(scan: str, lang: str) -> str:
    """The sentence where there are no rows."""
    words: dict[str, str] = _WORDS[lang]  # type: ignore[assignment]
    return words["nothing"].format(scan=scan)


def _said(one: Change, words: dict[str, str]) -> str:
    if one.what == "silent" and one.probability is not None:
        return words["surely"].format(probability=one.probability)
    return words[one.what]
