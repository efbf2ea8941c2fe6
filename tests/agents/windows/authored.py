"""An office PC written by hand: the answers of a Windows 10 Pro, each to be changed by a test."""

from __future__ import annotations

import copy
from typing import Any

from agents.machine import Machine
from agents.outcome import Unknown
from agents.windows import hardware, network, system

CARD = {
    "name": "Ethernet",
    "description": "Intel(R) Ethernet Connection I219-LM",
    "mac": "00:1b:21:aa:bb:cc",
    "permanent_mac": "00:1b:21:aa:bb:cc",
    "type": 6,
    "hardware": True,
    "up": True,
    "dhcp": True,
    "speed": 1_000_000_000,
    "addresses": [
        {"address": "10.20.1.15", "prefix": 24},
        {"address": "fe80::1%12", "prefix": 64},
    ],
    "gateways": ["10.20.1.1"],
    "dns": ["10.20.1.2", "10.20.1.3"],
}
DISK = {
    "name": "PhysicalDrive0",
    "vendor": None,
    "model": "Samsung SSD 870 EVO 500GB",
    "serial": "S62BNX0R123456",
    "bus": 11,
    "removable": False,
    "seek_penalty": False,
    "size": 500107862016,
}
VOLUME = {
    "mount": "C:\\",
    "device": "\\\\?\\Volume{11111111-2222-3333-4444-555555555555}\\",
    "file_system": "NTFS",
    "size": 1000,
    "free": 255,
    "kind": 3,
    "system": True,
}
#: what `office_pc` has too: the machine itself, and the edition of its Windows
HARDWARE: dict[str, Any] = {
    "system": {
        "major": 10,
        "minor": 0,
        "build": 19045,
        "service_pack": 0,
        "product_type": 1,
        "architecture": "x86_64",
    },
    "memory": {"total": 8 << 30},
    "cpu": {"sockets": 1, "cores": 4, "threads": 8},
    "firmware": "uefi",
    "tpm": {"present": True, "version": "2.0"},
    "disks": [DISK],
    "addresses": [CARD],
    "domain": {"name": "WORKGROUP", "kind": "workgroup"},
}
WINDOWS = {
    "ProductName": "Windows 10 Pro",
    "CurrentBuild": "19045",
    "CurrentMajorVersionNumber": 10,
    "CurrentMinorVersionNumber": 0,
    "UBR": 4046,
    "DisplayVersion": "22H2",
    "EditionID": "Professional",
    "InstallationType": "Client",
}
VALUES: dict[str, Any] = {
    **HARDWARE,
    "computer_name": {"netbios": "KETOAN-PHONG-TA", "dns": "ketoan-phong-tang2"},
    "uptime": 3600,
    "volumes": [VOLUME],
    "bitlocker": {"C:\\": 1},
    "sockets": [
        {"protocol": "tcp", "address": "10.20.1.15", "port": 445, "process": "System"},
        {"protocol": "tcp", "address": "127.0.0.1", "port": 5354, "process": "mDNSResponder.exe"},
        {"protocol": "udp", "address": "::", "port": 5355, "process": None},
    ],
}
REGISTRY: dict[str, Any] = {
    system.VERSION: {**WINDOWS, "ReleaseId": "2009", "InstallDate": 1700000000},
    system.UAC: {"EnableLUA": 1},
    system.ZONE: {"TimeZoneKeyName": "SE Asia Standard Time"},
    system.NAME: {"Hostname": "ketoan"},
    system.ENVIRONMENT: {"PROCESSOR_ARCHITECTURE": "AMD64"},
    hardware.PROCESSOR: {
        "ProcessorNameString": "Intel(R) Core(TM) i5-8500 CPU @ 3.00GHz ",
        "~MHz": 3000,
    },
    hardware.SECURE_BOOT: {"UEFISecureBootEnabled": 1},
    network.PROXY: {"ProxyEnable": 0},
}
NOW = 1_800_000_000.0


class Pc(Machine):
    """Answers from tables; what they lack is not there."""

    platform = "windows"

    def __init__(self) -> None:
        self.values: dict[str, Any] = copy.deepcopy(VALUES)
        self.registry: dict[str, Any] = copy.deepcopy(REGISTRY)
        self.table = b""

    def elevated(self) -> bool:
        return True

    def now(self) -> float:
        return NOW

    def smbios(self) -> bytes:
        if not self.table:
            raise Unknown("not_supported", "the firmware has no SMBIOS table")
        return self.table

    def value(self, name: str, *arguments: str) -> Any:
        return self._told(self.values, name)

    def registry_values(self, key: str, view: int = 64) -> dict[str, Any]:
        values: dict[str, Any] = self._told(self.registry, key)
        return values

    def _told(self, answers: dict[str, Any], name: str) -> Any:
        if name not in answers:
            raise Unknown("not_found", name + " is not there")
        if isinstance(answers[name], Unknown):
            raise answers[name]
        return answers[name]


def structure(kind: int, body: bytes, *strings: str) -> bytes:
    """One SMBIOS structure: its header, its formatted bytes, its strings."""
    texts = b"".join(text.encode() + b"\0" for text in strings) or b"\0"
    return bytes([kind, len(body) + 4, kind, 0]) + body + texts + b"\0"


#: Firmware, system, board, chassis (desktop), one memory module of 8 GiB and an empty slot.
TABLE = b"".join(
    [
        structure(0, bytes([1, 2, 0, 0, 3]) + bytes(13), "Dell Inc.", "1.2.3", "07/15/2021"),
        structure(
            1,
            bytes([1, 2, 0, 3]) + bytes(range(16)) + bytes(3),
            "Dell Inc.",
            "OptiPlex 5060",
            "ABC1",
        ),
        structure(2, bytes([1, 2, 0, 3]), "Dell Inc.", "0654JC", "BOARD1"),
        structure(3, bytes([1, 3, 0, 0, 2]) + bytes(8), "Dell Inc.", "TS-0042"),
        structure(
            17,
            bytes(8)
            + (8192).to_bytes(2, "little")
            + bytes([9, 0, 1, 0, 0x1A, 0, 0])
            + (2666).to_bytes(2, "little")
            + bytes([2, 3, 0, 0]),
            "DIMM1",
            "Samsung",
            "MEM1",
        ),
        structure(17, bytes(8) + bytes(2) + bytes([9, 0, 1, 0, 2]) + bytes(6), "DIMM2"),
        structure(127, b""),
    ]
)
