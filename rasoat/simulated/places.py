"""The units of the invented district, and the LAN of each.

Eleven communes and eight departments make a district of 568 machines; more machines make more
districts of one province. Two communes were merged into one in July 2025, as many were.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

PER_DISTRICT = 568  #: machines
FOUNDED, MERGED, BEFORE_MERGER = "2011-07-01", "2025-07-01", "2025-06-30"
PROVINCE = "MP"

_MARK_VI, _MARK_EN = "(MÔ PHỎNG)", "(SIMULATED)"
#: code, Vietnamese name, English name, machines; names that no commune of Viet Nam has
_COMMUNES = (
    ("X01", "Mây Tím", "May Tim", 24),
    ("X02", "Gió Xanh", "Gio Xanh", 24),
    ("X03", "Nắng Hồng", "Nang Hong", 24),
    ("X04", "Trăng Khuyết", "Trang Khuyet", 24),
    ("X05", "Sương Bạc", "Suong Bac", 24),
    ("X06", "Suối Nhạc", "Suoi Nhac", 24),
    ("X07", "Đồi Mộng", "Doi Mong", 24),
    ("X08", "Cầu Vồng", "Cau Vong", 24),
    ("X09", "Lá Thơm", "La Thom", 24),
    ("X10", "Bến Mơ", "Ben Mo", 24),
    ("X11", "Đá Biết Hát", "Da Biet Hat", 24),
)
_DEPARTMENTS = (
    ("P01", "Văn phòng Ủy ban", "Committee Office", 38),
    ("P02", "Phòng Nội vụ", "Home Affairs", 38),
    ("P03", "Phòng Tài chính – Kế hoạch", "Finance and Planning", 38),
    ("P04", "Phòng Tư pháp", "Justice", 38),
    ("P05", "Phòng Kinh tế và Hạ tầng", "Economy and Infrastructure", 38),
    ("P06", "Phòng Văn hóa – Thông tin", "Culture and Information", 38),
    ("P07", "Phòng Giáo dục và Đào tạo", "Education", 38),
    ("P08", "Phòng Y tế", "Health", 38),
)
_ENDED = (("X04A", "Trăng Non", "Trang Non"), ("X04B", "Trăng Già", "Trang Gia"))
_FIRST_LAN = int(IPv4Address("10.16.0.0"))


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as the office's list of units has it; ``valid_to`` is its last day."""

    code: str
    kind: str  #: province, district, commune or department
    name_vi: str
    name_en: str
    parent: str | None
    valid_from: str = FOUNDED
    valid_to: str | None = None
    networks: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where machines stand: a unit with its LAN. ``routed``: a router stands before the scanner."""

    unit: Unit
    network: IPv4Network
    machines: int
    short: str

    @property
    def routed(self) -> bool:
        """The last commune has no sensor of its own."""
        return self.short == "X11"

    def address(self, host: int) -> str:
        """The address with this number in the LAN."""
        return str(self.network[host])


def units(machines: int) -> Iterator[Unit]:
    """Every unit of a district (or province) of so many machines, parents first."""
    districts = range(-(-machines // PER_DISTRICT))
    several = len(districts) > 1
    if several:
        yield Unit(PROVINCE, "province", f"Tỉnh Mô Phỏng {_MARK_VI}", f"Province {_MARK_EN}", None)
    for number in districts:
        yield _district(number, several=several)
        for place in places(number, min(PER_DISTRICT, machines - number * PER_DISTRICT)):
            yield place.unit
        yield from _ended(number)


def _code(number: int) -> str:
    return f"{PROVINCE}{number:03}"


def _district(number: int, *, several: bool) -> Unit:
    which = f" {number + 1}" if several else ""
    return Unit(
        _code(number),
        "district",
        f"Huyện Giả Định{which} {_MARK_VI}",
        f"Gia Dinh District{which} {_MARK_EN}",
        PROVINCE if several else None,
    )


def _ended(number: int) -> Iterator[Unit]:
    which = f" {number + 1}" if number else ""
    for short, vi, en in _ENDED:
        yield Unit(
            f"{_code(number)}-{short}",
            "commune",
            f"Xã {vi}{which} {_MARK_VI}",
            f"{en} Commune{which} {_MARK_EN}",
            _code(number),
            valid_to=BEFORE_MERGER,
            successors=(f"{_code(number)}-X04",),
        )


def places(number: int, machines: int) -> list[Place]:
    """The communes and departments of one district, with ``machines`` shared out among them."""
    rows = [("Xã {}", "{} Commune", "commune", row) for row in _COMMUNES]
    rows += [("{}", "{}", "department", row) for row in _DEPARTMENTS]
    shares = _shared(machines, [row[3][3] for row in rows])
    return [
        _place(number, index, row, share)
        for index, (row, share) in enumerate(zip(rows, shares, strict=True))
    ]


def _place(
    number: int, index: int, row: tuple[str, str, str, tuple[str, str, str, int]], share: int
) -> Place:
    form_vi, form_en, kind, (short, vi, en, _) = row
    which = f" {number + 1}" if number else ""
    network = IPv4Network((_FIRST_LAN + 256 * (20 * number + index), 24))
    unit = Unit(
        f"{_code(number)}-{short}",
        kind,
        f"{form_vi.format(vi)}{which} {_MARK_VI}",
        f"{form_en.format(en)}{which} {_MARK_EN}",
        _code(number),
        valid_from=MERGED if short == "X04" else FOUNDED,
        networks=(str(network), f"fd53:494d:{number:x}:{index + 1:x}::/64"),
    )
    return Place(unit, network, share, short)


def _shared(machines: int, shares: Sequence[int]) -> list[int]:
    """Whole numbers in proportion to ``shares`` that add up to ``machines``."""
    total = sum(shares)
    parts = [machines * share // total for share in shares]
    for index in range(machines - sum(parts)):
        parts[-1 - index] += 1
    return parts
