"""Judging: results, reasons, freshness, explanations in both languages, evidence, hashes."""

# ruff: noqa: E501 - a table reads best with one case a line

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from policies.judge import DeviceFacts, Verdict, judge, open_verdict
from policies.load import load_text

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def verdict(
    require: str,
    facts: Any,
    unknown: Any = None,
    *,
    rest: str = "",
    age: timedelta | None = timedelta(hours=2),
) -> Verdict:
    text = f"policy: trial\nversion: 1\ntitle: trial\nrules:\n  - id: T\n    title: trial\n    require: {require}\n{rest}"
    policy = load_text(text)
    received = None if age is None else NOW - age
    raw = json.dumps({"facts": facts, "unknown": unknown or {}}).encode()
    device = DeviceFacts("PC-1", raw, received)
    (quick,) = judge(policy, [device], NOW, explain=False)
    (slow,) = judge(policy, [device], NOW)
    assert (quick.result or slow.result) == slow.result
    return slow


def nested(path: str, value: Any) -> Any:
    for word in reversed(path.split(".")):
        value = {word: value}
    return value


# condition, facts, table of unknowns, result, reason, what the English and the Vietnamese explanation say
CASES: list[tuple[str, Any, Any, str, str, str, str]] = [
    ("{firewall.effective: on}", nested("firewall.effective", "off"), {}, "fail", "",
     "Effective firewall is off; expected on; reported 2 h ago.",
     "Tường lửa có hiệu lực đang tắt; yêu cầu bật; báo cáo cách đây 2 giờ."),
    ("{firewall.effective: on}", {}, {"firewall": {"reason": "not_elevated"}}, "unknown", "not_elevated",
     "Not known: effective firewall (administrator rights are needed); reported 2 h ago.",
     "Không rõ tường lửa có hiệu lực (cần quyền quản trị để đọc); báo cáo cách đây 2 giờ."),
    ("{firewall.effective: on}", nested("firewall.effective", None), {}, "unknown", "not_reported",
     "Not known: effective firewall (not in the report)", "không có trong báo cáo"),
    ("{firewall.effective: on}", nested("firewall.effective", True), {}, "error", "wrong_type",
     "Effective firewall holds a value of the wrong type", "có giá trị sai kiểu"),
    ("{firewall.effective: on}", {"firewall": []}, {}, "error", "wrong_type", "wrong type", "sai kiểu"),
    ("{session_lock.after: {at_most: 15m}}", nested("session_lock.after", 3600), {}, "fail", "",
     "Screen locks after: 1 h; expected at most 15 min;", "Khóa màn hình sau: 1 giờ; yêu cầu nhiều nhất 15 phút;"),
    ("{updates.pending: {less_than: 10}}", nested("updates.pending", 1234), {}, "fail", "",
     "Updates pending: 1,234; expected less than 10;", "Bản cập nhật đang chờ: 1.234; yêu cầu nhỏ hơn 10;"),
    ("{hardware.memory.total: {at_least: 4GiB}}", nested("hardware.memory.total", 2_000_000_000), {}, "fail", "",
     "Memory size: 2 GB; expected at least 4 GiB;", "Tổng dung lượng RAM: 2 GB; yêu cầu ít nhất 4 GiB;"),
    ("{os.family: {one_of: [windows, linux]}}", nested("os.family", "macos"), {}, "fail", "",
     "OS family is macOS; expected one of Windows, Linux;", "là macOS; yêu cầu một trong Windows, Linux;"),
    ("{os.version: {version_at_least: 10.0.19045}}", nested("os.version", "10.0.9600"), {}, "fail", "",
     "OS version is 10.0.9600; expected version 10.0.19045 or newer;", "yêu cầu phiên bản 10.0.19045 trở lên;"),
    ("{os.version: {version_at_least: 10.0.19045}}", nested("os.version", "rolling"), {}, "unknown", "unreadable",
     "Not known: OS version (what was read made no sense);", "đọc được nhưng không hiểu được"),
    ("{os.name: {not: {like: 'Windows 7*'}}}", nested("os.name", "windows 7 Pro"), {}, "fail", "",
     "OS name is windows 7 Pro; expected not like “Windows 7*”;", "yêu cầu không phải giống “Windows 7*”;"),
    ("{os.uac: {not: off}}", nested("os.uac", False), {}, "fail", "",
     "User Account Control is off; expected on;", "Kiểm soát tài khoản (UAC) đang tắt; yêu cầu bật;"),
    ("{updates.last_installed_at: {within: 45d}}", nested("updates.last_installed_at", "2026-01-05T10:00:00Z"), {},
     "fail", "", "2026-01-05; expected within the last 45 d;", "05/01/2026; yêu cầu trong vòng 45 ngày gần đây;"),
    ("{updates.last_installed_at: {within: 45d}}", nested("updates.last_installed_at", "soon"), {}, "unknown",
     "unreadable", "Not known: last update installed at", "Không rõ cài bản cập nhật gần nhất"),
    ("{os.uac: {is: on, missing: fail}}", {}, {}, "fail", "",
     "User Account Control is missing (not in the report); this rule counts that as a failure;", "coi là không đạt"),
    ("{os.uac: {is: on, missing: pass}}", {}, {"os.uac": {"reason": "not_found"}}, "pass", "", "", ""),
    ("{os.uac: {is: on, missing: pass}}", {}, {"os": {"reason": "timed_out"}}, "unknown", "timed_out",
     "reading took too long", "đọc quá lâu"),
    ("{os.uac: {is: on, missing: fail}}", {}, {"os": {"reason": "timed_out"}}, "unknown", "timed_out",
     "reading took too long", "đọc quá lâu"),
    ("{os.uac: {exists: true}}", {}, {}, "unknown", "not_reported", "not in the report", "không có trong báo cáo"),
    ("{os.uac: {exists: true}}", {}, {"os.uac": {"reason": "not_found"}}, "fail", "",
     "User Account Control is absent; expected present;", "không có; yêu cầu có mặt;"),
    ("{os.uac: {exists: false}}", nested("os.uac", False), {}, "fail", "", "is present; expected absent;",
     "có mặt; yêu cầu không có;"),
    ("{software: {none: {name: {like: 'AnyDesk*'}}}}",
     {"software": [{"name": f"AnyDesk {n}"} for n in range(6)]}, {}, "fail", "",
     "Software: found AnyDesk 0, AnyDesk 1, AnyDesk 2 and 3 more; expected none with software name like “AnyDesk*”;",
     "Phần mềm: có AnyDesk 0, AnyDesk 1, AnyDesk 2 và 3 mục khác; yêu cầu không mục nào có tên phần mềm giống"),
    ("{software: {none: {name: {like: 'AnyDesk*'}}}}", {"software": [{"name": "vim"}, None]}, {}, "unknown",
     "not_reported", "Software: not known for #2 (not known: software name (not in the report))", "không rõ với #2"),
    ("{software: {none: {name: {like: 'AnyDesk*'}}}}", {"software": [{"name": "vim"}]},
     {"software": {"reason": "timed_out"}}, "unknown", "timed_out",
     "Software: the list is not complete: reading took too long;", "danh sách chưa đầy đủ"),
    ("{volumes: {all: {encryption: on}}}",
     {"volumes": [{"mount": "C:", "encryption": "off"}, {"mount": "D:", "encryption": "on"}]}, {}, "fail", "",
     "Volumes: C: (volume encryption is off); expected every one with volume encryption: on;",
     "Phân vùng: C: (mã hóa phân vùng đang tắt); yêu cầu mọi mục có mã hóa phân vùng: bật;"),
    ("{volumes: {all: {encryption: on}}}", {"volumes": [{"mount": "C:", "encryption": "on"}, {"mount": "D:"}]},
     {"volumes[1].encryption": {"reason": "not_elevated"}}, "unknown", "not_elevated",
     "Volumes: not known for D: (not known: volume encryption (administrator rights are needed))", "không rõ với D:"),
    ("{volumes: {all: {encryption: on}}}", {"volumes": []}, {}, "pass", "", "", ""),
    ("{volumes: {all: {encryption: on}}}", {}, {}, "unknown", "not_reported", "Not known: volumes", "Không rõ phân vùng"),
    ("{volumes: {any: {encryption: on}}}", {"volumes": []}, {}, "fail", "",
     "Volumes: the list is empty; expected at least one with volume encryption: on;", "danh sách trống"),
    ("{volumes: {count: {where: {removable: yes}, at_most: 0}}}",
     {"volumes": [{"mount": "E:", "removable": True}]}, {}, "fail", "",
     "Volumes: 1 (E:); expected at most 0 with removable volume: yes;", "yêu cầu nhiều nhất 0 mục có phân vùng tháo rời: có;"),
    ("{network.dns_servers: {subset_of: [10.0.0.1]}}", nested("network.dns_servers", ["10.0.0.1", "8.8.8.8"]), {},
     "fail", "", "DNS servers: 8.8.8.8; expected each: one of 10.0.0.1;", "Máy chủ DNS: 8.8.8.8;"),
    ("{network.dns_servers: {contains: 10.0.0.1}}", nested("network.dns_servers", ["8.8.8.8"]), {}, "fail", "",
     "DNS servers: 8.8.8.8; expected at least one: 10.0.0.1;", "ít nhất một: 10.0.0.1;"),
    ("{any_of: [{firewall.effective: on}, {antivirus.effective: on}]}",
     {"firewall": {"effective": "off"}, "antivirus": {"effective": "off"}}, {}, "fail", "",
     "None of these holds: Effective firewall is off; expected on; Effective antivirus is off; expected on;",
     "Không điều nào sau đây đúng:"),
    ("{any_of: [{firewall.effective: on}, {antivirus.effective: on}]}", {"antivirus": {"effective": "off"}},
     {"firewall": {"reason": "failed"}}, "unknown", "failed", "effective firewall (the collector failed)", "bị lỗi"),
    ("{firewall.effective: on, antivirus.effective: on}", {"antivirus": {"effective": "off"}},
     {"firewall": {"reason": "failed"}}, "fail", "", "Effective antivirus is off", "đang tắt"),
]  # fmt: skip


@pytest.mark.parametrize(("require", "facts", "unknown", "result", "reason", "en", "vi"), CASES)
def test_results_and_what_they_say(require, facts, unknown, result, reason, en, vi) -> None:
    got = verdict(require, facts, unknown)
    assert (got.result, got.reason) == (result, reason), got
    assert en in got.explanation_en
    assert vi in got.explanation_vi


def test_freshness() -> None:
    rest = "    fresh: 7d\n"
    on = nested("firewall.effective", "on")
    assert (
        verdict("{firewall.effective: on}", on, rest=rest, age=timedelta(days=7)).result == "pass"
    )
    old = verdict("{firewall.effective: on}", on, rest=rest, age=timedelta(days=7, seconds=1))
    assert (old.result, old.reason) == ("unknown", "too_old")
    assert (
        old.explanation_vi
        == "Báo cáo gần nhất đã 7 ngày; quy tắc này cần dữ liệu trong vòng 7 ngày."
    )
    undated = verdict("{firewall.effective: on}", on, rest=rest, age=None)
    assert (undated.result, undated.reason) == ("unknown", "too_old")
    ahead = verdict("{firewall.effective: on}", on, rest=rest, age=timedelta(days=-3))
    assert ahead.result == "pass"


def test_scope_is_three_valued_too() -> None:
    rest = "    applies_to: {os.family: windows}\n"
    off = {"firewall": {"effective": "off"}}
    away = verdict("{firewall.effective: on}", off | {"os": {"family": "linux"}}, rest=rest)
    assert (away.result, away.explanation_en) == (
        "not_applicable",
        "Does not apply: OS family is Linux.",
    )
    unclear = verdict("{firewall.effective: on}", off, rest=rest)
    assert (unclear.result, unclear.reason) == ("unknown", "not_reported")
    assert unclear.explanation_en.startswith("May or may not apply: not known: OS family")
    assert (
        verdict("{firewall.effective: on}", off | {"os": {"family": "windows"}}, rest=rest).result
        == "fail"
    )
    beside = verdict(
        "{firewall.effective: on}", {"firewall": 5, "os": {"family": "linux"}}, rest=rest
    )
    assert beside.result == "not_applicable"


TWO = """policy: two
version: 1
title: two
rules:
  - {id: A, title: a, require: {firewall.effective: on}}
  - {id: B, title: b, require: {antivirus.effective: on}}
"""


def test_an_error_stays_with_its_rule_and_bad_bytes_are_an_error_for_all() -> None:
    policy = load_text(TWO)
    raw = json.dumps(
        {"facts": {"firewall": {"effective": 5}, "antivirus": {"effective": "on"}}}
    ).encode()
    assert [one.result for one in judge(policy, [DeviceFacts("d", raw, NOW)], NOW)] == [
        "error",
        "pass",
    ]
    for bad in (
        b"",
        b"[]",
        b"nonsense",
        b"\xff",
        b"[" * 100_000,
        b'{"facts": NaN}',
        b'{"facts": 5}',
    ):
        results = {one.result for one in judge(policy, [DeviceFacts("d", bad, NOW)], NOW)}
        assert results == {"error"}, bad[:20]
    empty = judge(policy, [DeviceFacts("d", b"{}", NOW)], NOW)
    assert {(one.result, one.reason) for one in empty} <= {
        ("unknown", "not_reported"),
        ("error", "wrong_type"),
    }


def test_never_reported_order_hashes_and_evidence() -> None:
    policy = load_text(TWO)
    raw = json.dumps({"facts": {"firewall": {"effective": "off"}}}).encode()
    views = [DeviceFacts("PC-2", None, None), DeviceFacts("PC-1", raw, NOW)]
    got = judge(policy, views, NOW)
    assert [(one.device, one.rule) for one in got] == [
        ("PC-2", "A"),
        ("PC-2", "B"),
        ("PC-1", "A"),
        ("PC-1", "B"),
    ]
    assert {(one.result, one.reason, one.facts_hash) for one in got[:2]} == {
        ("unknown", "never_reported", "")
    }
    assert got[2].evidence == ({"path": "firewall.effective", "value": "off"},)
    assert got[2].facts_hash == hashlib.sha256(raw).hexdigest()
    assert got[2].rule_hash == policy.rules[0].hash
    assert got[3].evidence == (
        {"path": "antivirus.effective", "value": None, "reason": "not_reported"},
    )
    opened = open_verdict(policy, "A", DeviceFacts("PC-1", raw.replace(b"off", b"on"), NOW), NOW)
    assert (opened.result, opened.explanation_en) == (
        "pass",
        "Effective firewall is on; reported just now.",
    )


def test_what_machines_say_is_bounded_and_clean() -> None:
    name = "AnyDesk\n\x1b[31m\u202e" + "x" * 500
    got = verdict("{software: {none: {name: {like: 'AnyDesk*'}}}}", {"software": [{"name": name}]})
    assert got.result == "fail"
    for text in (got.explanation_en, got.explanation_vi, str(got.evidence[1]["value"])):
        assert len(text) < 400
        assert not any(char in text for char in "\n\x1b\u202e")


def test_times_without_a_zone_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        judge(load_text(TWO), [], datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point
