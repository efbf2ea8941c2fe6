"""The parts of one PC: what identifies it, and what the section ``hardware`` of a report says."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from rasoat.simulated.chance import one_of
from rasoat.simulated.models import ASSEMBLED, Cpu, Model

GIB = 1 << 30
OUI = "58:53:4d"  #: a block that the IEEE has given to nobody: the cards of simulated machines
DOCK_OUI, GUEST_OUI = "58:53:44", "00:0c:29"  #: (the last is VMware's, as guests have it)
_RAM = {4: 0.14, 8: 0.5, 16: 0.32, 32: 0.04}  #: GiB
_RAM_OLD = {2: 0.2, 4: 0.6, 8: 0.2}
_BITS = 24


@dataclass(frozen=True, slots=True)
class Disk:
    """A disk; ``size`` in bytes."""

    model: str
    serial: str
    size: int
    kind: str


@dataclass(frozen=True, slots=True)
class Card:
    """A network interface; ``host``: its number in the LAN, None: it has no address.

    ``random``: the MAC that it shows in place of its own; ``of``: the thing that it belongs to,
    where that is not the PC (a dock).
    """

    name: str
    kind: str
    mac: str
    host: int | None = None
    random: str = ""
    of: str = ""
    speed: int = 1000

    @property
    def shown(self) -> str:
        """The MAC that the network sees."""
        return self.random or self.mac


@dataclass(frozen=True, slots=True)
class Hardware:
    """One PC's parts; ``modules``: GiB of each."""

    model: Model
    cpu: Cpu
    serial: str
    uuid: str
    board: str
    modules: tuple[int, ...]
    disks: tuple[Disk, ...]
    bought: int  #: year
    tag: str = ""


def mac(number: int, oui: str = OUI) -> str:
    """The MAC with this number in a block."""
    digits = f"{number % (1 << _BITS):06x}"
    return ":".join((oui, digits[:2], digits[2:4], digits[4:]))


def random_mac(draws: random.Random) -> str:
    """An address as phones and laptops make up for a network: locally administered."""
    raw = bytearray(draws.randbytes(6))
    raw[0] = raw[0] & 0xFC | 0x02
    return raw.hex(":")


def uuid(draws: random.Random) -> str:
    """A UUID of a board; the first digits spell SIM."""
    digits = "53494d00" + draws.randbytes(12).hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def hardware(draws: random.Random, number: int, model: Model) -> Hardware:
    """The parts of the machine with this number; it is part of every serial number."""
    bought = draws.randint(*model.years)
    shares = _RAM_OLD if model.memory == "DDR3" else _RAM
    return Hardware(
        model=model,
        cpu=draws.choice(model.cpus),
        serial=ASSEMBLED if model.assembled else f"SIM{number:06}{draws.choice('ABCDEFGH')}",
        uuid=uuid(draws),
        board=f"SIMB{number:06}{draws.randint(10, 99)}",
        modules=_modules(draws, one_of(draws, shares)),
        disks=_disks(draws, number, model),
        bought=bought,
    )


def _modules(draws: random.Random, total: int) -> tuple[int, ...]:
    return (total // 2, total // 2) if total > 2 and draws.random() < 0.4 else (total,)


def _disks(draws: random.Random, number: int, model: Model) -> tuple[Disk, ...]:
    if model.chassis == "virtual":
        return (Disk("VMware Virtual disk", "", 80 * GIB, "virtual"),)
    old = model.memory == "DDR3"
    ssd = Disk("SIM SSD 256GB", f"SIMD{number:06}A", 256_060_514_304, "ssd")
    nvme = Disk("SIM NVMe 512GB", f"SIMD{number:06}N", 512_110_190_592, "nvme")
    hdd = Disk("SIM HDD 500GB", f"SIMD{number:06}H", 500_107_862_016, "hdd")
    first = hdd if old and draws.random() < 0.6 else ssd if draws.random() < 0.5 else nvme
    return (first, hdd) if first is not hdd and draws.random() < 0.2 else (first,)


def section(one: Hardware, *, uefi: bool, secure_boot: bool, tpm: str) -> dict[str, Any]:
    """The section ``hardware``; ``tpm`` is its version, "" where there is none."""
    model = one.model
    maker = "VMware, Inc." if model.chassis == "virtual" else "SIM Boards"
    facts = {
        "vendor": model.vendor,
        "model": model.name,
        "serial": one.serial,
        **({"asset_tag": one.tag} if one.tag else {}),
        "board": {"vendor": maker, "model": f"SIM-{model.memory}", "serial": one.board},
        "bios": {"vendor": "SIM BIOS", "version": "1.2.3", "date": f"{one.bought}-03-15"},
        "uuid": one.uuid,
        "virtual": model.chassis == "virtual",
        "chassis": model.chassis,
        "firmware": "uefi" if uefi else "bios",
        "tpm": {"present": True, "version": tpm} if tpm else {"present": False},
        "cpu": _cpu(one.cpu),
        "memory": _memory(one),
        "disks": [_disk(place, disk) for place, disk in enumerate(one.disks)],
    }
    return facts | ({"secure_boot": secure_boot} if uefi else {})


def _cpu(cpu: Cpu) -> dict[str, Any]:
    return {
        "model": cpu.model,
        "frequency": cpu.frequency,
        "sockets": 1,
        "cores": cpu.cores,
        "threads": cpu.threads,
    }


def _memory(one: Hardware) -> dict[str, Any]:
    modules = [
        {
            "slot": f"DIMM{place}",
            "size": size * GIB,
            "type": one.model.memory,
            "speed": one.model.speed,
            "vendor": "SIM Memory",
            "serial": f"{one.board}M{place}",
        }
        for place, size in enumerate(one.modules, start=1)
    ]
    return {"total": sum(one.modules) * GIB, "modules": modules}


def _disk(place: int, disk: Disk) -> dict[str, Any]:
    serial = {"serial": disk.serial} if disk.serial else {}
    return {
        "name": f"PhysicalDrive{place}",
        "model": disk.model,
        **serial,
        "size": disk.size,
        "kind": disk.kind,
        "removable": False,
    }
