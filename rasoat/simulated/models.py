"""Models of PCs that offices buy, with their processors, and how often each is met."""

from __future__ import annotations

from dataclasses import dataclass

ASSEMBLED = "To be filled by O.E.M."  #: what a shop that assembles a PC leaves in its SMBIOS


@dataclass(frozen=True, slots=True)
class Cpu:
    """A processor: its frequency in MHz."""

    model: str
    frequency: int
    cores: int
    threads: int


@dataclass(frozen=True, slots=True)
class Model:
    """A model; ``years``: when it was bought, from and to."""

    vendor: str
    name: str
    chassis: str
    cpus: tuple[Cpu, ...]
    memory: str
    speed: int  #: of the memory, MT/s
    years: tuple[int, int]

    @property
    def assembled(self) -> bool:
        """Whether it has no serial number of its own."""
        return self.vendor == ASSEMBLED

    @property
    def portable(self) -> bool:
        """Whether it moves between networks."""
        return self.chassis == "laptop"


_OLD = Cpu("Intel(R) Core(TM) i3-2120 CPU @ 3.30GHz", 3300, 2, 4)
_PENTIUM = Cpu("Intel(R) Pentium(R) CPU G2030 @ 3.00GHz", 3000, 2, 2)
_I3 = Cpu("Intel(R) Core(TM) i3-8100 CPU @ 3.60GHz", 3600, 4, 4)
_I5 = Cpu("Intel(R) Core(TM) i5-8500 CPU @ 3.00GHz", 3000, 6, 6)
_I5_10 = Cpu("Intel(R) Core(TM) i5-10400 CPU @ 2.90GHz", 2900, 6, 12)
_I3_12 = Cpu("12th Gen Intel(R) Core(TM) i3-12100", 3300, 4, 8)
_I5_12 = Cpu("12th Gen Intel(R) Core(TM) i5-1235U", 1300, 10, 12)
_RYZEN = Cpu("AMD Ryzen 5 5600G with Radeon Graphics", 3900, 6, 12)
_RYZEN_U = Cpu("AMD Ryzen 5 7530U with Radeon Graphics", 2000, 6, 12)
_XEON = Cpu("Intel(R) Xeon(R) E-2224 CPU @ 3.40GHz", 3400, 4, 4)

MODELS: dict[Model, float] = {
    Model("Dell Inc.", "OptiPlex 390", "desktop", (_OLD,), "DDR3", 1333, (2011, 2013)): 6,
    Model(ASSEMBLED, ASSEMBLED, "desktop", (_PENTIUM, _OLD), "DDR3", 1600, (2012, 2015)): 7,
    Model("Dell Inc.", "OptiPlex 3060", "desktop", (_I3, _I5), "DDR4", 2666, (2018, 2019)): 16,
    Model("HP", "HP ProDesk 400 G5 SFF", "desktop", (_I3, _I5), "DDR4", 2666, (2018, 2020)): 13,
    Model("LENOVO", "ThinkCentre M70s", "desktop", (_I5_10,), "DDR4", 2933, (2020, 2022)): 12,
    Model("FPT Elead", "M525i", "desktop", (_I3_12,), "DDR4", 3200, (2022, 2024)): 10,
    Model("ASUS", "ExpertCenter D500MA", "desktop", (_I5_10,), "DDR4", 2933, (2021, 2023)): 7,
    Model("Dell Inc.", "OptiPlex 7410 AIO", "all_in_one", (_I3_12,), "DDR4", 3200, (2023, 2025)): 4,
    Model("Dell Inc.", "Latitude 3520", "laptop", (_I5_12,), "DDR4", 3200, (2021, 2023)): 9,
    Model("HP", "HP ProBook 445 G10", "laptop", (_RYZEN_U,), "DDR4", 3200, (2023, 2025)): 6,
    Model("Acer", "TravelMate P214", "laptop", (_I5_12,), "DDR4", 3200, (2022, 2024)): 5,
    Model("ASUS", "ExpertCenter PN52", "mini", (_RYZEN,), "DDR4", 3200, (2022, 2025)): 4,
}
SERVER = Model("Dell Inc.", "PowerEdge T140", "server", (_XEON,), "DDR4", 2666, (2019, 2021))
GUEST = Model(
    "VMware, Inc.", "VMware Virtual Platform", "virtual", (_XEON,), "DRAM", 0, (2020, 2025)
)
DESKTOPS = {model: share for model, share in MODELS.items() if not model.portable}
LAPTOPS = {model: share for model, share in MODELS.items() if model.portable}
NO_NAMES = {model: share for model, share in MODELS.items() if model.assembled}
