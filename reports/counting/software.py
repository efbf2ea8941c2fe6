"""Which programs the fleet has, on how many machines, in which versions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from inventory.collation import collation_key
from reports.counting.views import Facts
from reports.figures import SoftwareLine

MOST_VERSIONS = 5  #: versions of one program that are named, the commonest first


def software_lines(machines: Iterable[Facts]) -> tuple[SoftwareLine, ...]:
    """One line for each program of each publisher, by name."""
    having: Counter[tuple[str, str]] = Counter()
    versions: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for facts in machines:
        mine = {
            ((one.name or "").strip(), (one.publisher or "").strip(), (one.version or "").strip())
            for one in facts.software or ()
            if one.name
        }
        having.update({(name, publisher) for name, publisher, _ in mine})
        for name, publisher, version in mine:
            versions[name, publisher][version] += 1
    keys = sorted(having, key=lambda one: (collation_key(one[0]), one[1]))
    return tuple(SoftwareLine(*key, having[key], tuple(_commonest(versions[key]))) for key in keys)


def _commonest(versions: Counter[str]) -> list[tuple[str, int]]:
    named = sorted(versions.items(), key=lambda one: (-one[1], one[0]))
    return [one for one in named if one[0]][:MOST_VERSIONS]
