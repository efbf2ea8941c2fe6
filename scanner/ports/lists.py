"""The ports that a scan asks for: named lists of our own, and lists that an officer types.

The order is our judgement of what office networks have, not anybody's measured frequencies: what
an office offers or should not offer first, then what else is commonly met, then the rest of the
system ports (RFC 6335) upward.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from language.said import said
from scanner.problems import BadTarget

LAST = 65535

#: What a polite daily look asks: doors of PCs, servers, printers, cameras and network gear.
QUICK: tuple[int, ...] = (
    *(22, 23, 80, 135, 139, 443, 445, 3389, 5900, 8080, 21, 53, 9100, 631, 515, 554),
    *(8000, 8443, 5985, 37777, 62078, 548, 5000, 7070),
)
_COMMON: tuple[int, ...] = (
    *(25, 110, 111, 143, 161, 389, 465, 514, 587, 593, 636, 873, 993, 995, 1025, 1026, 1027),
    *(1028, 1029, 1080, 1110, 1433, 1521, 1720, 1723, 1755, 1883, 1900, 2000, 2001, 2049, 2121),
    *(2717, 3000, 3128, 3306, 3986, 4370, 4899, 5001, 5009, 5051, 5060, 5061, 5101, 5190, 5357),
    *(5432, 5631, 5666, 5800, 5938, 5986, 6000, 6001, 6646, 7000, 7547, 7680, 8008, 8009, 8081),
    *(8089, 8090, 8291, 8728, 8883, 8888, 9000, 9090, 9999, 10000, 32768, 49152, 49153, 49154),
)
_MORE: tuple[int, ...] = (
    *(49155, 49156, 49157, 88, 464, 3268, 3269, 5353, 5355, 9389, 1801, 2103, 2105, 2107, 6379),
    *(27017, 11211, 9200, 9300, 2375, 2376, 6443, 10250, 1194, 1701, 500, 4500, 1812, 1813, 2222),
    *(2323, 8022, 4444, 5555, 6666, 6667, 31337, 12345, 1604, 1494, 2598, 3283, 5988, 5989, 902),
    *(8222, 8333, 9443, 16992, 16993, 623, 664, 5040, 5050, 6129, 7001, 7002, 7443, 7777, 8001),
    *(8002, 8006, 8010, 8042, 8060, 8069, 8083, 8084, 8085, 8086, 8087, 8088, 8091, 8099, 8100),
    *(8112, 8180, 8181, 8192, 8200, 8280, 8300, 8500, 8554, 8600, 8800, 8834, 8880, 8899, 9001),
    *(9002, 9080, 9081, 9091, 9093, 9101, 9102, 9103, 9220, 9290, 9418, 9500, 9600, 9876, 9898),
    *(9988, 10001, 10080, 10243, 10554, 11000, 13000, 14000, 15000, 16000, 17000, 18080, 18888),
    *(19999, 20000, 20005, 22222, 25565, 28017, 30005, 32400, 32469, 32764, 34567, 37215, 38520),
    *(40000, 44818, 47808, 49158, 49159, 49160, 49161, 49163, 49165, 50000, 50001, 50070, 51413),
    *(52869, 54321, 55000, 55443, 58080, 60000, 61613, 61616, 64738, 65000, 3299, 3300, 3301),
    *(1099, 1100, 1234, 1352, 1434, 1526, 1883, 1935, 2082, 2083, 2086, 2087, 2095, 2096, 2100),
    *(2181, 2301, 2381, 2382, 2404, 2483, 2484, 2601, 2602, 2604, 2638, 2809, 2869, 2967, 3050),
    *(3001, 3005, 3052, 3071, 3260, 3310, 3333, 3351, 3388, 3390, 3391, 3478, 3493, 3632, 3689),
    *(3690, 3702, 3780, 3784, 4000, 4001, 4022, 4040, 4045, 4063, 4064, 4100, 4118, 4200, 4242),
    *(4321, 4369, 4433, 4443, 4445, 4560, 4567, 4569, 4662, 4786, 4848, 4949, 5002, 5003, 5004),
    *(5005, 5010, 5038, 5054, 5080, 5093, 5100, 5120, 5222, 5223, 5269, 5280, 5298, 5400, 5405),
    *(5500, 5510, 5544, 5550, 5560, 5601, 5632, 5672, 5678, 5683, 5700, 5722, 5801, 5802, 5858),
    *(5901, 5902, 5903, 5984, 6002, 6003, 6005, 6100, 6106, 6112, 6123, 6346, 6378, 6389, 6502),
    *(6510, 6543, 6547, 6565, 6580, 6600, 6668, 6669, 6689, 6697, 6699, 6779, 6788, 6789, 6881),
)
TOP_100, TOP_1000 = 100, 1000


def _ordered() -> Iterator[int]:
    return iter(dict.fromkeys(chain(QUICK, _COMMON, _MORE, range(1, LAST + 1))))


NAMED = ("none", "quick", "top100", "top1000")


def named(word: str) -> tuple[int, ...]:
    """The ports of a named list, or of numbers and ranges such as ``22,80,8000-8010``.

    Raises:
        BadTarget: neither.
    """
    if word == "none":
        return ()
    if word == "quick":
        return QUICK
    if word in ("top100", "top1000"):
        return tuple(islice(_ordered(), TOP_100 if word == "top100" else TOP_1000))
    return tuple(dict.fromkeys(_typed(word)))


def _typed(word: str) -> Iterable[int]:
    for piece in word.split(","):
        first, dash, last = piece.partition("-")
        numbers = [_number(one, word) for one in ((first, last) if dash else (first,))]
        if numbers[0] > numbers[-1]:
            raise BadTarget(
                said("{piece!r}: a range goes upward, such as 8000-8010", piece=piece[:20])
            )
        yield from range(numbers[0], numbers[-1] + 1)


def _number(text: str, word: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text[:6]) <= LAST:
        return int(text)
    raise BadTarget(
        said(
            "{word!r} names no ports: use {named}, or numbers from 1 to {last} such as "
            "22,80,8000-8010",
            word=word[:40],
            named=", ".join(NAMED),
            last=LAST,
        )
    )
