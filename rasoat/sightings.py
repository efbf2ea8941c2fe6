"""A scan's result as a table for people, and the sentence about what may be missing."""

from __future__ import annotations

from typing import Any

from rich.text import Text

from rasoat.terminal import console, harmless, styled, table
from scanner.scan import Result
from scanner.sighting import Sighting

_WORDS = {
    "en": {
        "heads": ("address", "MAC, vendor", "name", "kind", "firewall seen", "open ports"),
        "drops": "drops",
        "rejects": "rejects",
        "open": "none seen",
        "unknown": "unknown",
        "hosts": "{hosts} hosts of {asked} addresses; {sent} packets sent, at most {most} a second",
        "loss": "loss measured: {loss:.1%} of questions or answers; probability that a host was "
        "missed: {missed:.2%}",
        "unmeasured": "too few answers, or no rights: what was missed cannot be told",
        "partial": "PARTIAL: the scan was stopped",
        "lost": "not done: {technique}: {detail} ({reason})",
    },
    "vi": {
        "heads": ("địa chỉ", "MAC, hãng", "tên", "loại", "tường lửa nhìn từ mạng", "cổng mở"),
        "drops": "chặn im lặng",
        "rejects": "từ chối",
        "open": "không thấy",
        "unknown": "không rõ",
        "hosts": "{hosts} máy trên {asked} địa chỉ; đã gửi {sent} gói, nhiều nhất {most} gói/giây",
        "loss": "tỉ lệ mất gói đo được: {loss:.1%}; xác suất bỏ sót một máy: {missed:.2%}",
        "unmeasured": "quá ít trả lời, hoặc không đủ quyền: không nói được có bỏ sót hay không",
        "partial": "CHƯA ĐỦ: lần quét bị dừng giữa chừng",
        "lost": "không làm được: {technique}: {detail} ({reason})",
    },
}
_STYLE = {"drops": "pass", "rejects": "pass", "open": "fail", "unknown": "unknown"}


def show(result: Result, lang: str) -> None:
    """Print the sightings on stdout, and what is to be known about them on stderr."""
    words: dict[str, Any] = _WORDS[lang]
    console().print(table(words["heads"], [_row(one, words) for one in result.sightings]))
    note = console(stderr=True)
    for line in notes(result.scan, words):
        note.print(harmless(line))


def notes(document: Any, words: Any) -> list[str]:
    """What a reader must know of a scan: how much was asked, lost, and left undone."""
    packets = document["packets"]
    lines = [
        words["hosts"].format(
            hosts=document["hosts"],
            asked=document["asked"],
            sent=packets["packets_sent"],
            most=packets["most_in_a_second"],
        )
    ]
    missed, loss = document["probability_missed"], document["loss"]
    if missed is None or loss is None:
        lines.append(words["unmeasured"])
    else:
        lines.append(words["loss"].format(loss=loss, missed=missed))
    if not document["complete"]:
        lines.append(words["partial"])
    return lines + [words["lost"].format(**loss) for loss in document["losses"]]


def _row(one: Sighting, words: Any) -> list[str | Text]:
    names = dict.fromkeys(name.name for name in one.names)
    ports = ", ".join(str(port.port) for port in one.ports if port.state == "open")
    verdict = one.filtering.verdict
    return [
        one.ip,
        f"{one.mac} {one.vendor}".strip(),
        ", ".join(list(names)[:3]),
        one.kind,
        styled(words[verdict], _STYLE[verdict]),
        ports,
    ]
