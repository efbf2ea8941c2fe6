"""Each operator explained in both languages, as a person would say it: read these, not only run them."""

# ruff: noqa: E501 - sentences stand whole

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from policies import tree
from policies.judge import DeviceFacts, judge
from policies.load import load_text
from policies.operators import LIST_OPERATORS, OPERATORS, QUANTIFIERS

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
HEARD = NOW - timedelta(hours=2)
#: What is said: the condition, the facts, what is unknown, and why it fails in English and Vietnamese.
GOLDEN: dict[str, tuple[str, dict[str, Any], dict[str, str], str, str]] = {
    "is": (
        "{os.family: windows}",
        {"os": {"family": "linux"}},
        {},
        "OS family is Linux; expected Windows",
        "Họ hệ điều hành là Linux; yêu cầu Windows",
    ),
    "is, a switch": (
        "{os.uac: on}",
        {"os": {"uac": False}},
        {},
        "User Account Control is off; expected on",
        "Kiểm soát tài khoản (UAC) đang tắt; yêu cầu bật",
    ),
    "not": (
        "{os.family: {not: windows}}",
        {"os": {"family": "windows"}},
        {},
        "OS family is Windows; expected not Windows",
        "Họ hệ điều hành là Windows; yêu cầu không phải Windows",
    ),
    "one_of": (
        "{os.family: {one_of: [linux, macos]}}",
        {"os": {"family": "windows"}},
        {},
        "OS family is Windows; expected one of Linux, macOS",
        "Họ hệ điều hành là Windows; yêu cầu một trong Linux, macOS",
    ),
    "at_least": (
        "{hardware.memory.total: {at_least: 4GiB}}",
        {"hardware": {"memory": {"total": 2147483648}}},
        {},
        "Memory size: 2 GiB; expected at least 4 GiB",
        "Tổng dung lượng RAM: 2 GiB; yêu cầu ít nhất 4 GiB",
    ),
    "at_most": (
        "{session_lock.after: {at_most: 15m}}",
        {"session_lock": {"after": 1200}},
        {},
        "Screen locks after: 20 min; expected at most 15 min",
        "Khóa màn hình sau: 20 phút; yêu cầu nhiều nhất 15 phút",
    ),
    "more_than": (
        "{firewall.rules_count: {more_than: 0}}",
        {"firewall": {"rules_count": 0}},
        {},
        "Number of filter rules: 0; expected more than 0",
        "Số luật lọc: 0; yêu cầu lớn hơn 0",
    ),
    "less_than": (
        "{updates.pending: {less_than: 10}}",
        {"updates": {"pending": 12}},
        {},
        "Updates pending: 12; expected less than 10",
        "Bản cập nhật đang chờ: 12; yêu cầu nhỏ hơn 10",
    ),
    "between": (
        "{accounts.password_policy.lockout_after: {between: [1, 10]}}",
        {"accounts": {"password_policy": {"lockout_after": 0}}},
        {},
        "Lockout after failures: 0; expected between 1 and 10",
        "Khóa sau số lần sai: 0; yêu cầu từ 1 đến 10",
    ),
    "within": (
        "{updates.last_installed_at: {within: 45d}}",
        {"updates": {"last_installed_at": "2026-01-05T00:00:00Z"}},
        {},
        "Last update installed at: 2026-01-05; expected within the last 45 d",
        "Cài bản cập nhật gần nhất: 05/01/2026; yêu cầu trong vòng 45 ngày gần đây",
    ),
    "older_than": (
        "{os.installed_at: {older_than: 52w}}",
        {"os": {"installed_at": "2026-11-01T00:00:00Z"}},
        {},
        "Installed on: 2026-11-01; expected older than 364 d",
        "Ngày cài đặt: 01/11/2026; yêu cầu cũ hơn 364 ngày",
    ),
    "older_than, of now": (
        "{device.support_ends: {not: {older_than: 0}}}",
        {"device": {"support_ends": "2025-10-14T23:59:59Z"}},
        {},
        "System supported until the end of: 2025-10-14; expected still ahead",
        "Hệ điều hành được hỗ trợ đến hết: 14/10/2025; yêu cầu chưa qua",
    ),
    "like": (
        '{os.name: {like: "Windows 11*"}}',
        {"os": {"name": "Windows 10 Pro"}},
        {},
        "OS name is Windows 10 Pro; expected like “Windows 11*”",
        "Tên hệ điều hành là Windows 10 Pro; yêu cầu giống “Windows 11*”",
    ),
    "like_any": (
        '{os.name: {like_any: ["Windows 11*", "Ubuntu*"]}}',
        {"os": {"name": "Windows 10 Pro"}},
        {},
        "OS name is Windows 10 Pro; expected like one of “Windows 11*”, “Ubuntu*”",
        "Tên hệ điều hành là Windows 10 Pro; yêu cầu giống một trong “Windows 11*”, “Ubuntu*”",
    ),
    "matches": (
        "{os.hostname: {matches: '^PC-[0-9]+$'}}",
        {"os": {"hostname": "may-van-thu"}},
        {},
        "Computer name is may-van-thu; expected matching “^PC-[0-9]+$”",
        "Tên máy là may-van-thu; yêu cầu khớp mẫu “^PC-[0-9]+$”",
    ),
    "contains": (
        "{os.name: {contains: Server}}",
        {"os": {"name": "Windows 10 Pro"}},
        {},
        "OS name is Windows 10 Pro; expected containing “Server”",
        "Tên hệ điều hành là Windows 10 Pro; yêu cầu có chứa “Server”",
    ),
    "version_at_least": (
        "{os.version: {version_at_least: 10.0.19045}}",
        {"os": {"version": "10.0.17763"}},
        {},
        "OS version is 10.0.17763; expected version 10.0.19045 or newer",
        "Phiên bản hệ điều hành là 10.0.17763; yêu cầu phiên bản 10.0.19045 trở lên",
    ),
    "exists": (
        "{hardware.asset_tag: {exists: true}}",
        {"hardware": {}},
        {"hardware.asset_tag": "not_found"},
        "Asset tag is absent; expected present",
        "Mã tài sản không có; yêu cầu có mặt",
    ),
    "any": (
        "{antivirus.products: {any: {enabled: on}}}",
        {"antivirus": {"products": [{"name": "Defender", "enabled": False}]}},
        {},
        "Antivirus products: Defender (real-time protection is off); expected at least one with real-time protection: on",
        "Phần mềm diệt vi-rút: Defender (bảo vệ thời gian thực đang tắt); yêu cầu ít nhất một mục có bảo vệ thời gian thực: bật",
    ),
    "all": (
        "{volumes: {all: {encryption: on}}}",
        {"volumes": [{"mount": "C:", "encryption": "on"}, {"mount": "D:", "encryption": "off"}]},
        {},
        "Volumes: D: (volume encryption is off); expected every one with volume encryption: on",
        "Phân vùng: D: (mã hóa phân vùng đang tắt); yêu cầu mọi mục có mã hóa phân vùng: bật",
    ),
    "none": (
        '{software: {none: {name: {like: "AnyDesk*"}}}}',
        {"software": [{"name": "AnyDesk 9", "version": "9.1"}]},
        {},
        "Software: found AnyDesk 9 9.1; expected none with software name like “AnyDesk*”",
        "Phần mềm: có AnyDesk 9 9.1; yêu cầu không mục nào có tên phần mềm giống “AnyDesk*”",
    ),
    "count": (
        "{software: {count: {where: {publisher: Oracle}, at_most: 0}}}",
        {"software": [{"name": "Java", "publisher": "Oracle"}]},
        {},
        "Software: 1 (Java); expected at most 0 with publisher: Oracle",
        "Phần mềm: 1 (Java); yêu cầu nhiều nhất 0 mục có nhà phát hành: Oracle",
    ),
    "list contains": (
        "{network.dns_servers: {contains: 10.0.0.1}}",
        {"network": {"dns_servers": ["8.8.8.8"]}},
        {},
        "DNS servers: 8.8.8.8; expected at least one: 10.0.0.1",
        "Máy chủ DNS: 8.8.8.8; yêu cầu ít nhất một: 10.0.0.1",
    ),
    "list subset_of": (
        "{network.dns_servers: {subset_of: [10.0.0.1, 10.0.0.2]}}",
        {"network": {"dns_servers": ["8.8.8.8"]}},
        {},
        "DNS servers: 8.8.8.8; expected each: one of 10.0.0.1, 10.0.0.2",
        "Máy chủ DNS: 8.8.8.8; yêu cầu mỗi giá trị: một trong 10.0.0.1, 10.0.0.2",
    ),
    "any_of": (
        "{any_of: [{services.ftp: off}, {os.family: linux}]}",
        {"services": {"ftp": True}, "os": {"family": "windows"}},
        {},
        "None of these holds: FTP server is on; expected off; OS family is Windows; expected Linux",
        "Không điều nào sau đây đúng: Máy chủ FTP đang bật; yêu cầu tắt; Họ hệ điều hành là Windows; yêu cầu Linux",
    ),
    "missing: fail": (
        "{os.uac: {is: on, missing: fail}}",
        {"os": {}},
        {"os.uac": "not_found"},
        "User Account Control is missing (not found on the machine); this rule counts that as a failure",
        "Kiểm soát tài khoản (UAC): thiếu (không tìm thấy trên máy); quy tắc này coi là không đạt",
    ),
    "another fact": (
        "{scan.open_tcp_ports: {subset_of: agent.network.listening.port}}",
        {
            "scan": {"open_tcp_ports": [22, 3389]},
            "network": {"listening": [{"port": 22}, {"port": 80}]},
        },
        {},
        "Open TCP ports seen: 3389; expected each: one of port (the agent: 22, 80)",
        "Cổng TCP mở nhìn từ mạng: 3389; yêu cầu mỗi giá trị: một trong cổng (tác tử: 22, 80)",
    ),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_an_operator_is_explained(name: str) -> None:
    condition, facts, unknown, en, vi = GOLDEN[name]
    reasons = {path: {"reason": why} for path, why in unknown.items()}
    raw = json.dumps({"facts": facts, "unknown": reasons}).encode()
    (got,) = judge(_policy(condition), [DeviceFacts("d", raw, HEARD, HEARD)], NOW)
    assert got.result == "fail"
    assert got.explanation_en == f"{en}; reported 2 h ago."
    assert got.explanation_vi == f"{vi}; báo cáo cách đây 2 giờ."


def test_none_is_left_out() -> None:
    nodes = [
        node for one in GOLDEN.values() for node in tree.walk(_policy(one[0]).rules[0].require)
    ]
    said = {node.operator for node in nodes if isinstance(node, tree.Test)}
    said |= {node.kind for node in nodes if isinstance(node, tree.Quantified)}
    assert said >= {*OPERATORS, *QUANTIFIERS}
    assert all(any(word in one[0] for one in GOLDEN.values()) for word in LIST_OPERATORS)


def _policy(condition: str) -> Any:
    head = "policy: p\nversion: 1\ntitle: t\nrules:\n  - id: A\n    title: t\n"
    return load_text(f"{head}    require: {condition}\n")
