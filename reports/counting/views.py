"""The few facts that a report counts, read out of what is known of a device."""

from __future__ import annotations

from typing import Any

import msgspec

from inventory.devices import DeviceView


class Memory(msgspec.Struct):
    """Bytes."""

    total: int | None = None


class Firmware(msgspec.Struct):
    """Its date as the maker wrote it, ``YYYY-MM-DD``."""

    date: str | None = None


class Disk(msgspec.Struct):
    """Bytes."""

    size: int | None = None
    removable: bool | None = None


class Hardware(msgspec.Struct):
    """The machine itself."""

    model: str | None = None
    serial: str | None = None
    bios: Firmware = msgspec.field(default_factory=Firmware)
    memory: Memory = msgspec.field(default_factory=Memory)
    disks: list[Disk] | None = None


class System(msgspec.Struct):
    """The operating system."""

    name: str | None = None
    version: str | None = None
    release: str | None = None
    family: str | None = None


class Volume(msgspec.Struct):
    """``encryption``: on, off, suspended, in_progress, locked; None: not known."""

    system: bool | None = None
    encryption: str | None = None


class Product(msgspec.Struct):
    """A product against malware; ``enabled``: its real-time protection."""

    name: str | None = None
    enabled: bool | None = None


class Antivirus(msgspec.Struct):
    """``effective``: on or off; None: not known."""

    effective: str | None = None
    products: list[Product] | None = None


class Program(msgspec.Struct):
    """One entry of the list of software."""

    name: str | None = None
    version: str | None = None
    publisher: str | None = None


class Row(msgspec.Struct):
    """What the register says."""

    bought_at: str | None = None


class Known(msgspec.Struct):
    """What the server itself knows."""

    support_ends: str | None = None


class Facts(msgspec.Struct):
    """The sections that are counted; what is missing was not reported or could not be read."""

    hardware: Hardware = msgspec.field(default_factory=Hardware)
    os: System = msgspec.field(default_factory=System)
    volumes: list[Volume] | None = None
    antivirus: Antivirus = msgspec.field(default_factory=Antivirus)
    software: list[Program] | None = None
    register: Row = msgspec.field(default_factory=Row)
    device: Known = msgspec.field(default_factory=Known)


class _View(msgspec.Struct):
    facts: Facts


_DECODER = msgspec.json.Decoder(_View)


def facts_of(machine: DeviceView) -> Facts:
    """The facts of a device; none where nobody may be believed or nothing can be read.

    What a quarantined agent said is not used: two machines share its key.
    """
    if machine.view is None:
        return Facts()
    try:
        facts = _DECODER.decode(machine.view).facts
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Facts()
    if machine.status == "quarantined":
        return Facts(register=facts.register, device=facts.device)
    return facts


def text(value: Any) -> str | None:
    """A text that says something, or None."""
    return value.strip() or None if isinstance(value, str) else None
