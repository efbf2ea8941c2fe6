"""One machine on the screen: what it is, both witnesses, findings, changes, each with evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from inventory.catalogue import catalogue
from inventory.history import Event
from inventory.times import maybe
from inventory.witnesses.comparing import Comparison
from policies.cross_examination import shown_word
from policies.phrases import label
from policies.wording import pick
from rasoat import history_lines
from rasoat.device_facts import every, sighting, specs, unknown
from rasoat.terminal import console, styled, table
from reports.formats import local_time
from reports.words import WORDS

MOST_CHANGES = 20  #: the newest; `rasoat changes --device` has them all
_OPEN = ("fail", "error", "unknown", "waived")
_HEADS = {
    "en": {
        "id": "Device", "state": "State", "unit": "Unit", "asset": "Asset", "address": "Address",
        "agent": "Agent", "alert": "Alert", "received_at": "Last report", "seen_at": "Last seen",
        "specs": "The machine", "seen": "Seen on the network", "witnesses": "Two witnesses",
        "about": "fact", "says": "agent says",
        "shows": "network shows", "word": "together", "confirmed": "confirmed",
        "contradicted": "contradicted", "findings": "Findings", "since": "since", "why": "why",
        "passed": "passed or not applicable", "changes": "Latest changes",
        "nothing": "Nothing was judged yet: rasoat policy check",
    },
    "vi": {
        "id": "Thiết bị", "state": "Tình trạng", "unit": "Đơn vị", "asset": "Tài sản",
        "address": "Địa chỉ", "agent": "Tác tử", "alert": "Cảnh báo",
        "received_at": "Báo cáo gần nhất", "seen_at": "Mạng thấy lần cuối", "specs": "Cấu hình",
        "seen": "Nhìn từ mạng",
        "witnesses": "Hai nhân chứng", "about": "thông tin", "says": "máy khai",
        "shows": "mạng cho thấy", "word": "đối chiếu", "confirmed": "khớp",
        "contradicted": "mâu thuẫn", "findings": "Kết quả đánh giá", "since": "từ", "why": "vì sao",
        "passed": "đạt hoặc không áp dụng", "changes": "Thay đổi gần đây",
        "nothing": "Chưa đánh giá: rasoat policy check",
    },
}  # fmt: skip
_UNIT_FROM = {
    "register": ("by the register", "theo sổ tài sản"),
    "network": ("by its network", "theo mạng"),
    "enrolment": ("by its enrolment", "lúc ghi danh"),
}


def show_device(
    found: Mapping[str, Any],
    compared: Sequence[Comparison],
    events: Sequence[Event],
    lang: str,
    *,
    every_fact: bool,
) -> None:
    """The page; ``found`` is what `inventory.devices.show` gives, ``events`` its history."""
    screen, heads = console(), _HEADS[lang]
    for name, value in _standing(found, lang):
        screen.print(Text.assemble((f"{name}: ", "bold"), value))
    facts = found["facts"]
    if found["received_at"] is None:
        screen.print(styled(WORDS[lang]["never"], "unknown"))
    if facts:
        _heading(screen, heads["specs"])
        for line in every(facts, lang) if every_fact else specs(facts, lang):
            screen.print(line)
    if every_fact:
        for line in unknown(found["unknown"] or {}, lang):
            screen.print(line)
    if found["seen"]:
        _heading(screen, heads["seen"])
        for line in sighting(found["seen"], lang):
            screen.print(line)
    _witnesses(screen, compared, lang)
    _findings(screen, found["findings"], lang)
    _changes(screen, events, lang)


def _standing(found: Mapping[str, Any], lang: str) -> Iterator[tuple[str, Text]]:
    heads, words = _HEADS[lang], WORDS[lang]
    yield heads["id"], styled(f"{found['name']} ({found['device']})")
    yield heads["state"], styled(words[found["state"]], found["state"])
    if found["unit"]:
        yield (
            heads["unit"],
            styled(f"{found['unit']} ({pick(_UNIT_FROM[found['unit_from']], lang)})"),
        )
    if found["asset"]:
        yield heads["asset"], styled(found["asset"])
    if found["address"]:
        yield heads["address"], styled(found["address"])
    if found["agent"]:
        said = f"{found['agent']} ({found['platform']}, {found['status']})"
        yield heads["agent"], styled(said, found["status"])
    if found["alert"]:
        yield heads["alert"], styled(found["alert"], "fail")
    for name, evidence in (("received_at", "report"), ("seen_at", "scan")):
        if at := maybe(found[name]):
            said = found["report"] if evidence == "report" else _scan(found)
            yield heads[name], styled(f"{local_time(at, lang)} [{evidence} {said}]")


def _scan(found: Mapping[str, Any]) -> str:
    return str((found["seen"] or {}).get("id", "–"))


def _heading(screen: Console, text: str) -> None:
    screen.print()
    screen.print(Text(text, style="bold"))


def _witnesses(screen: Console, compared: Sequence[Comparison], lang: str) -> None:
    heads = _HEADS[lang]
    if not compared:
        return
    _heading(screen, heads["witnesses"])
    rows: list[tuple[str | Text, ...]] = [
        (
            label(catalogue().facts[one.path], lang, start=True),
            *(shown_word(word, lang) for word in (one.agent_says, one.network_shows)),
            styled(heads["confirmed"], "pass")
            if one.confirmed
            else styled(heads["contradicted"], "fail"),
        )
        for one in compared
    ]
    screen.print(table([heads[name] for name in ("about", "says", "shows", "word")], rows))


def _findings(screen: Console, found: Sequence[Mapping[str, Any]], lang: str) -> None:
    heads, words = _HEADS[lang], WORDS[lang]
    _heading(screen, heads["findings"])
    if not found:
        screen.print(styled(heads["nothing"]))
        return
    left = sorted(
        (one for one in found if one["result"] in _OPEN),
        key=lambda one: (_OPEN.index(one["result"]), one["policy"], one["rule"]),
    )
    rows = [
        (
            one["rule"],
            styled(words[one["result"]], one["result"]),
            _local(one["since"], lang),
            one[f"explanation_{lang}"],
        )
        for one in left
    ]
    if rows:
        screen.print(table((words["rule"], words["verdict"], heads["since"], heads["why"]), rows))
    screen.print(styled(f"{len(found) - len(left)} {heads['passed']}", "pass"))


def _changes(screen: Console, events: Sequence[Event], lang: str) -> None:
    """The newest changes of every kind: facts, results, the register's row, what it is made of."""
    if not events:
        return
    _heading(screen, _HEADS[lang]["changes"])
    newest = list(events)[: -MOST_CHANGES - 1 : -1]
    lines = history_lines.rows(newest, lang, machine=False)
    screen.print(table(history_lines.heads(lang, machine=False), lines))


def _local(text: str, lang: str) -> str:
    at = maybe(text)
    return local_time(at, lang) if at else ""
