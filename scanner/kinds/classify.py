"""From a sighting's evidence to its kind: how sure, and why.

Evidence of one family (all that a web page says, all that the ports say) is counted once, by its
strongest piece. Families that agree add up as independent witnesses do: 1 - (1-a)(1-b). What a
family says more for another kind takes away in the same way. So the order of evidence is nothing to
the result, and two strong ones that contradict each other end in a low confidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import prod

from scanner.kinds.fingerprints import Fingerprint, against, fingerprints, matcher
from scanner.sighting import Sighting
from scanner.vendors import card

LEAST = 0.3  #: confidence below which the kind is unknown
MOST = 0.99  #: nothing that a network says is certain
MOST_REASONS = 6
TRAP = 60  #: open ports from which on a host is a trap, or a proxy, whose ports tell nothing
_MOST_TEXTS = 200  #: pieces of evidence that are looked at
_SHOWN = 80  #: characters of a text in a reason
AGAINST = "against "  #: begins a reason that speaks for another kind
#: Words that are one witness's: what the system is comes from the same handshake as the build.
_FAMILY = {"os": "smb", "upnp": "ssdp", "name": "names", "dhcp_client": "names"}


@dataclass(frozen=True, slots=True)
class Hit:
    """A fingerprint that fits, and on what."""

    fingerprint: Fingerprint
    family: str
    text: str

    @property
    def reason(self) -> str:
        """As a sighting keeps it; `spoken` makes a sentence of it."""
        return f"{self.fingerprint.id}: {self.text[:_SHOWN]}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The kind, how sure, and the reasons."""

    kind: str = "unknown"
    confidence: float = 0.0
    reasons: tuple[str, ...] = ()


def classified(sighting: Sighting) -> Sighting:
    """The sighting with vendor, kind, confidence, reasons, system and the flag of a random MAC."""
    its_card = card(sighting.mac)
    known = replace(sighting, vendor=its_card.vendor or sighting.vendor)
    found = sorted(
        set(hits(known, random=its_card.random)), key=lambda hit: (hit.fingerprint.id, hit.text)
    )
    said = verdict(found)
    raised = {"random_mac"} if its_card.random else {"group_mac"} if its_card.group else set()
    return replace(
        known,
        kind=said.kind,
        kind_confidence=said.confidence,
        kind_reasons=said.reasons,
        os_guess=sighting.os_guess or _system(found, said.kind),
        flags=tuple(sorted({*sighting.flags, *raised})),
    )


def hits(sighting: Sighting, *, random: bool = False) -> Iterator[Hit]:
    """Every fingerprint that fits, with its text."""
    for word, text in list(_texts(sighting, random=random))[:_MOST_TEXTS]:
        if text and (found := matcher(word)):
            for one in found.fitting(text):
                yield Hit(one, family(word), text)
    ports = [port.port for port in sighting.ports if (port.protocol, port.state) == ("tcp", "open")]
    if len(ports) < TRAP:
        opened = frozenset(ports)
        for one in fingerprints().values():
            if one.fits_ports(opened):
                yield Hit(one, "ports", ", ".join(map(str, sorted(one.ports))))


def verdict(found: Iterable[Hit]) -> Verdict:
    """What the hits say together, in whatever order they come."""
    heard = set(found)
    silenced = {family for hit in heard for family in hit.fingerprint.silences}
    in_order = sorted(
        (hit for hit in heard if hit.family not in silenced),
        key=lambda hit: (hit.fingerprint.id, hit.family, hit.text),
    )
    said = _by_family(in_order)
    kinds = sorted({kind for weights in said for kind in weights})
    sure = {kind: _confidence(kind, kinds, said) for kind in kinds}
    ranked = sorted(kinds, key=lambda kind: -sure[kind])
    tied = len(ranked) > 1 and sure[ranked[0]] == sure[ranked[1]]
    if not ranked or tied or sure[ranked[0]] < LEAST:
        return Verdict(reasons=_reasons(in_order, ""))
    return Verdict(ranked[0], sure[ranked[0]], _reasons(in_order, ranked[0]))


def spoken(reason: str, language: str) -> str:
    """A reason for people, in ``en`` or ``vi``: the fingerprint's sentence and what it fits on."""
    speaks_against = reason.startswith(AGAINST)
    name, colon, text = reason.removeprefix(AGAINST).partition(": ")
    one = fingerprints().get(name)
    if one is None or not colon:
        return reason
    sentence = one.vi if language == "vi" else one.en
    sentence += f": {text}" if text else ""
    return f"{against()[language]}: {sentence}" if speaks_against else sentence


def family(word: str) -> str:
    """Whose testimony a word is."""
    first = word.partition("_")[0]
    return _FAMILY.get(word) or _FAMILY.get(first) or first


def _by_family(found: Iterable[Hit]) -> list[dict[str, float]]:
    """For each family what its strongest piece says for each kind."""
    families: dict[str, dict[str, float]] = defaultdict(dict)
    for hit in found:
        weights = families[hit.family]
        for kind, weight in hit.fingerprint.means:
            weights[kind] = max(weight, weights.get(kind, 0.0))
    return [families[name] for name in sorted(families)]


def _confidence(kind: str, kinds: Iterable[str], said: list[dict[str, float]]) -> float:
    """What speaks for ``kind``, less what speaks more for the strongest other one."""
    support = _together(weights.get(kind, 0.0) for weights in said)
    against = (
        _together(max(0.0, weights.get(other, 0.0) - weights.get(kind, 0.0)) for weights in said)
        for other in kinds
        if other != kind
    )
    return min(MOST, round(support * (1 - max(against, default=0.0)), 2))


def _together(weights: Iterable[float]) -> float:
    """Independent witnesses: sorted, so that rounding is the same in any order."""
    return 1 - prod(1 - weight for weight in sorted(weights))


def _reasons(found: Iterable[Hit], kind: str) -> tuple[str, ...]:
    """The strongest first; those that say nothing for ``kind`` come last, marked."""
    ranked = sorted(found, key=lambda hit: (-_said_for(hit, kind), hit.fingerprint.id, hit.text))
    lines = [
        hit.reason if not kind or hit.fingerprint.weight(kind) else AGAINST + hit.reason
        for hit in ranked
    ]
    return tuple(dict.fromkeys(lines))[:MOST_REASONS]


def _said_for(hit: Hit, kind: str) -> float:
    return hit.fingerprint.weight(kind) or (
        0.0 if kind else max(dict(hit.fingerprint.means).values())
    )


def _system(found: Iterable[Hit], kind: str) -> str:
    """The system that the strongest hit for this kind names; the same for the same hits."""
    naming = [hit.fingerprint for hit in found if hit.fingerprint.os]
    best = max(naming, key=lambda one: (one.weight(kind), one.id), default=None)
    return best.os if best and best.weight(kind) else ""


def _texts(sighting: Sighting, *, random: bool) -> Iterator[tuple[str, str]]:
    yield "vendor", sighting.vendor
    yield "os", sighting.os_guess
    if random:
        yield "mac", "random"
    for name in sighting.names:
        yield "name", name.name
    for port in sighting.ports:
        yield "product", f"{port.product} {port.version}".strip()
    yield from sighting.evidence
