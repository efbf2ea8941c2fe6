"""Observations for tests, in few words; days are numbers, and hardware is named by a letter."""

from __future__ import annotations

from inventory.identity.evidence import Evidence, Kind, Observation, usable

DAY = 86_400
FOREVER = 4_000 * DAY


def _hex(text: str, length: int) -> str:
    return (text.encode().hex() * length)[:length]


def mac(name: str) -> str:
    """A globally unique MAC that belongs to ``name``."""
    digits = _hex(name + "#", 6)
    return f"3c:52:82:{digits[:2]}:{digits[2:4]}:{digits[4:]}"


def uuid(name: str) -> str:
    return _hex(f"{name}:uuid:{name}", 32)


def _evidence(first: int, last: int, given: dict[str, str | list[str]]) -> frozenset[Evidence]:
    kinds = {kind.name.lower(): kind for kind in Kind}
    pieces = set()
    for word, values in given.items():
        for value in [values] if isinstance(values, str) else values:
            plain = usable(kinds[word], value)
            if plain is not None:
                pieces.add(Evidence(kinds[word], plain, first, last))
    return frozenset(pieces)


def agent(
    key: str, days: tuple[int, int], board: str = "", **given: str | list[str]
) -> Observation:
    """An agent's key on one board; the board ``X`` gives UUID, serial, disk and MAC of X."""
    first, last = days[0] * DAY, days[1] * DAY
    if board:
        of_board: dict[str, str | list[str]] = {
            "uuid": uuid(board),
            "serial": f"SN-{board}",
            "disk": f"DISK-{board}",
            "mac": mac(board),
        }
        given = of_board | given
    evidence = _evidence(first, last, {"key": key, **given})
    return Observation(f"agent:{key}:{board}", "agent", first, last, evidence)


def asset(number: int, **given: str | list[str]) -> Observation:
    """A row of the register; what it says holds until it is changed."""
    return Observation(f"asset:{number}", "asset", 0, FOREVER, _evidence(0, FOREVER, given))


def host(name: str, day: int, /, **given: str | list[str]) -> Observation:
    """What scans saw on one day."""
    evidence = _evidence(day * DAY, day * DAY + 3600, given)
    return Observation(f"host:{name}", "host", day * DAY, day * DAY + 3600, evidence)
