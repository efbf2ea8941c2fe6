"""What the calls read out of Windows' structures: layouts, and tables of bytes written by hand."""

from __future__ import annotations

import ctypes
import socket
import struct
import sys
from typing import Any

import pytest

from agents import machine
from agents.collect import COLLECTORS
from agents.outcome import REASONS, Unknown
from agents.windows import (
    api,
    calls,
    calls_accounts,
    calls_com,
    calls_disks,
    calls_hardware,
    calls_limits,
    calls_network,
    calls_services,
    calls_sockets,
    calls_system,
    calls_wmi,
    private,
)
from agents.windows.machine import WindowsMachine

#: Sizes and offsets on 64-bit Windows, as a C compiler lays its headers out
#: (of `Adapter` and `User` the head that is read).
LAYOUTS = [
    (calls_system.VersionInfo, 284, {"product_type": 282}),
    (calls_system.SystemInfo, 48, {"processors": 32}),
    (calls_system.TimeZone, 432, {"key_name": 172}),
    (calls_hardware.MemoryStatus, 64, {"total": 8}),
    (calls_hardware.TpmDeviceInfo, 16, {"version": 4}),
    (calls_network.InterfaceRow, 1352, {"permanent": 1092, "flags": 1152, "transmit_speed": 1192}),
    (calls_network.Adapter, 232, {"physical": 80, "type": 100, "gateways": 208, "luid": 224}),
    (calls_network.Unicast, 64, {"address": 16, "prefix": 56}),
    (calls_services.ServiceStatus, 36, {"state": 4}),
    (calls_accounts.User, 160, {"flags": 40, "last_logon": 96, "sid": 152}),
    (calls_limits.Limits, 144, {"flags": 16, "process_memory": 112}),
    (calls_wmi.Variant, 24, {"value": 8}),
    (calls_com.Guid, 16, {"raw": 0}),
]


@pytest.mark.parametrize(("structure", "size", "offsets"), LAYOUTS)
def test_structures_lie_as_windows_lays_them(
    structure: Any, size: int, offsets: dict[str, int]
) -> None:
    assert ctypes.sizeof(structure) == size
    assert {name: getattr(structure, name).offset for name in offsets} == offsets


def core(mask: int, group: int = 0) -> bytes:
    body = bytes([0, 0]) + bytes(20) + struct.pack("<HQH6x", 1, mask, group)
    return struct.pack("<II", 0, 8 + len(body)) + body


PACKAGE = struct.pack("<II", 3, 48) + bytes(40)
CACHE = struct.pack("<II", 2, 52) + bytes(44)


def test_processors_are_counted() -> None:
    table = core(0b11) + CACHE + core(0b1100) + PACKAGE + core(0b1, 1) + PACKAGE
    assert calls_hardware.processors(table) == {"sockets": 2, "cores": 3, "threads": 5}


def test_processors_of_32_bit_windows_have_narrow_masks() -> None:
    body = bytes([0, 0]) + bytes(20) + struct.pack("<HIH6xIH6x", 2, 0b11, 0, 0b1, 1)
    table = struct.pack("<II", 0, 8 + len(body)) + body + PACKAGE
    assert calls_hardware.processors(table, 4) == {"sockets": 1, "cores": 1, "threads": 3}


@pytest.mark.parametrize(
    "table", [b"", CACHE, core(1), core(1)[:20], struct.pack("<II", 0, 0), bytes(8)]
)
def test_no_processors_are_no_answer(table: bytes) -> None:
    with pytest.raises(Unknown) as why:
        calls_hardware.processors(table)
    assert why.value.reason == "unreadable"


def test_the_firmwares_table_has_a_head_and_a_length() -> None:
    raw = bytes([0, 3, 3, 0]) + struct.pack("<I", 3) + b"abcdef"
    assert calls_hardware.table(raw) == b"abc"
    with pytest.raises(Unknown):
        calls_hardware.table(raw[:8])


def test_rows_of_socket_tables() -> None:
    local = socket.inet_pton(socket.AF_INET, "10.20.1.15")
    row = struct.pack("<I4s", 2, local) + b"\x0d\x3d\0\0" + bytes(8) + struct.pack("<I", 1234)
    rows = calls_sockets.rows("tcp", 2, struct.pack("<I", 2) + row + row)
    assert list(rows) == [("10.20.1.15", 3389, 1234)] * 2
    local6 = socket.inet_pton(socket.AF_INET6, "fe80::1")
    row = local6 + bytes(4) + b"\0\x35\0\0" + struct.pack("<I", 7)
    rows = calls_sockets.rows("udp", 23, struct.pack("<I", 1) + row)
    assert list(rows) == [("fe80::1", 53, 7)]
    row = local6 + bytes(4) + b"\x01\xbb\0\0" + bytes(16 + 12) + struct.pack("<I", 9)
    assert list(calls_sockets.rows("tcp", 23, struct.pack("<I", 1) + row)) == [("fe80::1", 443, 9)]


def test_a_socket_table_that_ends_too_soon_is_none() -> None:
    with pytest.raises(Unknown):
        list(calls_sockets.rows("tcp", 2, struct.pack("<I", 1)))


def descriptor(vendor: bytes, model: bytes, serial: bytes, bus: int) -> bytes:
    texts = b"\0".join([vendor, model, serial, b""])
    offsets = [40, 40 + len(vendor) + 1, 0, 40 + len(vendor) + len(model) + 2]
    head = struct.pack("<IIBBBBIIIII", 40, 40 + len(texts), 0, 0, 1, 0, *offsets, bus)
    return head.ljust(40, b"\0") + texts


def test_a_disk_in_words() -> None:
    assert calls_disks.described(descriptor(b"WDC ", b" WD10EZEX ", b"  WD-123", 11)) == {
        "vendor": "WDC",
        "model": "WD10EZEX",
        "serial": "WD-123",
        "bus": 11,
        "removable": True,
    }
    nameless = calls_disks.described(descriptor(b"", b"", b" ", 7))
    assert [nameless[name] for name in ("vendor", "model", "serial")] == [None] * 3
    with pytest.raises(Unknown):
        calls_disks.described(bytes(12))
    assert calls_disks.penalised(bytes(8)) is None
    assert calls_disks.penalised(bytes(8) + b"\1") is True


def test_guids_and_variants() -> None:
    guid = calls_com.Guid.of("{4590f811-1d3a-11d0-891f-00aa004b2e24}")
    assert bytes(guid).hex() == "11f890453a1dd011891f00aa004b2e24"
    whole = calls_wmi.Variant(kind=3, value=0xFFFFFFFF00061100)
    assert calls_wmi.plain(whole) == 0x61100
    assert calls_wmi.plain(calls_wmi.Variant(kind=1)) is None
    assert calls_wmi.plain(calls_wmi.Variant(kind=11, value=0xFFFF)) is True
    with pytest.raises(Unknown):
        calls_wmi.plain(calls_wmi.Variant(kind=0x2008))


DESCRIPTORS = [
    ("O:SYG:SYD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)", []),
    ("O:S-1-5-21-1-2-3-1001D:P(A;;FA;;;SY)(A;;FA;;;S-1-5-21-1-2-3-1001)(A;;FA;;;OW)", []),
    ("O:BAD:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)", ["BU"]),
    ("O:BAD:(A;;FA;;;BA)(A;;GR;;;WD)(A;;GR;;;S-1-5-21-9-9-9-500)", ["S-1-5-21-9-9-9-500", "WD"]),
    ("O:BAD:(D;;FA;;;BG)(A;;FA;;;BA)", []),
    ("O:BAD:(XA;;FA;;;AU;(a == 1))(A;;FA;;;BA)", ["AU"]),
    ("O:BAD:NO_ACCESS_CONTROL", ["everyone"]),
    ("O:BA", ["everyone"]),
    ("", ["everyone"]),
]


@pytest.mark.parametrize(("text", "outsiders"), DESCRIPTORS)
def test_who_may_use_a_file(text: str, outsiders: list[str]) -> None:
    assert private.outsiders(text) == outsiders
    assert private.outsiders(private.DESCRIPTOR + private.OWNER) == []


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("O:SYD:P(A;;FA;;;SY)", True),
        ("O:BAG:SYD:(A;;FA;;;WD)", True),
        ("O:S-1-5-21-1-2-3-1001D:(A;;FA;;;SY)", True),
        ("O:S-1-5-21-1-2-3-1002G:BAD:(A;;FA;;;SY)", False),
        ("D:(A;;FA;;;SY)", False),
    ],
)
def test_a_folder_that_somebody_put_there_before_us_is_refused(
    text: str, ours: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every user may make a folder in ProgramData, and would own it for ever."""
    monkeypatch.setattr(private, "described", lambda _: text)
    monkeypatch.setattr(private, "_own_user", lambda: "S-1-5-21-1-2-3-1001")
    fault = private.fault_of_folder("X")
    assert (fault == "") is ours
    assert ours or "belongs to another account" in fault


def test_codes_of_the_system_are_reasons() -> None:
    codes = {5: "not_elevated", 1060: "not_found", 50: "not_supported", 31: "unreadable"}
    assert {code: api.refused("x", code).reason for code in codes} == codes
    assert api.failed("x", 0x80070005 - (1 << 32)).reason == "not_elevated"
    assert api.failed("x", 0x8004100E).reason == "not_supported"
    assert api.failed("x", 0x80004005).detail == "x: result 0x80004005"
    assert set(api._REASONS.values()) | set(api._RESULTS.values()) <= set(REASONS)


@pytest.mark.parametrize("name", sorted(calls.VALUES))
def test_every_value_of_the_table_has_its_function_and_its_shape(name: str) -> None:
    module, function = calls.VALUES[name]
    assert callable(getattr(__import__(module, fromlist=["*"]), function))
    assert calls.__doc__ is not None
    assert [row for row in calls.__doc__.splitlines() if row.split(" ")[0] == name] != []


@pytest.mark.parametrize("platform", sorted(machine._MACHINES))
def test_every_platform_has_its_live_machine(
    platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    made = machine.this_machine()
    assert made.platform in COLLECTORS
    assert type(made).__name__ == machine._MACHINES[platform][1]


def test_a_platform_without_collectors_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "plan9")
    with pytest.raises(Unknown, match="plan9"):
        machine.this_machine()


def test_slow_values_are_asked_once_a_day(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def value(name: str, *_: str) -> Any:
        asked.append(name)
        return {"C:\\": 1}

    monkeypatch.setattr(calls, "value", value)
    with pytest.raises(Unknown) as why:
        WindowsMachine().value("encryptable")
    assert (why.value.reason, asked) == ("not_supported", [])
    for _ in range(3):
        assert WindowsMachine(str(tmp_path)).value("encryptable") == {"C:\\": 1}
    assert asked == ["encryptable"]
    WindowsMachine(slow=True).value("encryptable")
    WindowsMachine(str(tmp_path)).value("firmware")
    assert asked == ["encryptable", "encryptable", "firmware"]


def test_a_call_that_ends_in_an_error_not_foreseen_is_unreadable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(name: str, *_: str) -> Any:
        raise OSError(31, "a device attached to the system is not functioning")

    monkeypatch.setattr(calls, "value", broken)
    with pytest.raises(Unknown) as why:
        WindowsMachine().value("memory")
    assert why.value.reason == "unreadable"
    with pytest.raises(Unknown) as why:
        WindowsMachine().value("no such value")
    assert why.value.reason == "not_supported"
