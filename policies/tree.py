"""What a policy is once it is read: rules as small trees of conditions, every constant typed.

Structs without a part in garbage collection: a policy has thousands of nodes, never a circle.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import Any

import msgspec
from msgspec import Struct

from inventory.catalogue import Fact
from policies.values import Value

#: Of whom a rule is asked: of computers that should report or do; of those alone that should; of
#: everything that a scan has seen; of everything there is.
POPULATIONS = ("machines", "expected_devices", "seen_devices", "all_devices")
WITNESSES = ("agent", "scan", "register")
SEVERITIES = ("low", "medium", "high", "critical")


class Spot(Struct, frozen=True, gc=False):
    """Where a condition reads: a fact, and the names that lead to it from ``base``.

    ``base`` is the path of the list whose element is being looked at, or empty for the whole
    document. No steps means the element itself (a list of plain values).
    """

    fact: Fact
    base: str
    steps: tuple[str, ...]


class Other(Struct, frozen=True, gc=False):
    """Another fact of the same device that a value is held against, mostly another witness's.

    ``seen``: what stood there when it was looked at; None in a rule.
    """

    fact: Fact
    seen: tuple[Value, ...] | None = None


Argument = Value | tuple[Value, ...] | Other


class Test(Struct, frozen=True, gc=False):
    """One operator on one plain value."""

    spot: Spot
    operator: str
    argument: Argument


class Exists(Struct, frozen=True, gc=False):
    """Whether a fact is there at all."""

    spot: Spot
    wanted: bool


class Bound(Struct, frozen=True, gc=False):
    """What a count is compared with; ``operator`` is a key of ``policies.operators.BOUNDS``."""

    operator: str
    argument: int | tuple[int, int]


class Quantified(Struct, frozen=True, gc=False):
    """``any``, ``all``, ``none`` or ``count`` over the elements of a list.

    ``where`` speaks of one element.
    """

    spot: Spot
    kind: str
    where: Condition | None
    bounds: tuple[Bound, ...] = ()


class Every(Struct, frozen=True, gc=False):
    """All parts hold."""

    parts: tuple[Condition, ...]


class Some(Struct, frozen=True, gc=False):
    """At least one part holds."""

    parts: tuple[Condition, ...]


class Opposite(Struct, frozen=True, gc=False):
    """The part does not hold."""

    part: Condition


class WhenMissing(Struct, frozen=True, gc=False):
    """The part, but ``holds`` when the fact is not there (which is not: could not be read)."""

    spot: Spot
    holds: bool
    part: Condition


Condition = Test | Exists | Quantified | Every | Some | Opposite | WhenMissing


class Words(Struct, frozen=True, gc=False):
    """One text in both languages."""

    vi: str
    en: str

    def get(self, lang: str) -> str:
        """The text in ``vi`` or ``en``."""
        return self.vi if lang == "vi" else self.en


class Fleet(Struct, frozen=True, gc=False):
    """When the whole fleet meets a rule: the percentage of expected machines that must pass."""

    pass_at_least: Decimal = Decimal(100)


class RuleTest(Struct, frozen=True, gc=False):
    """An example that a rule carries.

    A document, how it must be judged, what the explanation says.
    """

    name: str  #: empty: it is called by its line
    facts: dict[str, Any]
    unknown: dict[str, str]
    reported: int | None  #: seconds before the tests' clock; None: never reported
    seen: int | None  #: the same for the newest scan
    expect: str
    says: str | None
    place: tuple[int, int]


class Rule(Struct, frozen=True, dict=True):
    """One question about a device, and what the fleet must reach."""

    id: str
    title: Words
    require: Condition
    place: tuple[int, int]
    applies_to: Condition | None = None
    severity: str = "medium"
    fresh: int | None = None  #: seconds that facts may be old
    fleet: Fleet = Fleet()
    fix: Words | None = None
    why: Words | None = None
    tests: tuple[RuleTest, ...] = ()
    references: tuple[str, ...] = ()  #: what the rule follows: a standard's clause, a maker's page
    for_each: str = "machines"  #: `POPULATIONS`: of whom it is asked
    sources: tuple[str, ...] = ()  #: witnesses without whom nothing can be said
    maps: tuple[tuple[str, tuple[str, ...]], ...] = ()  #: ids in other catalogues, by their key
    inherited: bool = False  #: it stands in the policy that this one extends, with its examples

    @cached_property
    def hash(self) -> str:
        """The SHA-256 (hex) of `rule_content`; made when first asked for."""
        return hashlib.sha256(rule_content(self)).hexdigest()

    @property
    def witnesses(self) -> frozenset[str]:
        """Whose words decide it: agent, scan, register, server."""
        named = (spot.fact.witness for tree in self.conditions() for spot in spots(tree))
        return frozenset(named) | {one.witness for one in others(self)} | frozenset(self.sources)

    def conditions(self) -> Iterator[Condition]:
        """The trees of this rule: where it applies, if it says so, and what it requires."""
        if self.applies_to is not None:
            yield self.applies_to
        yield self.require


KINDS_OF_DEPARTURE = ("off", "looser", "changed", "tighter")  #: those to look at first


class Departure(Struct, frozen=True, gc=False):
    """Where a policy differs from the one that it extends.

    ``kind``: the rule is off, looser, tighter, or changed so that it cannot be told.
    """

    rule: str
    kind: str
    what: Words


class Policy(Struct, frozen=True, gc=False):
    """A named, versioned set of rules. ``hash`` changes with any word of it.

    Comments and layout apart.
    """

    name: str
    version: int
    title: Words
    rules: tuple[Rule, ...]
    file: str
    hash: str
    extends: str = ""  #: the policy that it extends, as its file names it
    departures: tuple[Departure, ...] = ()  #: where it differs from that one
    varied: tuple[str, ...] = ()  #: units that have values of their own (`policies.variants`)
    raw: bytes = b""  #: the file's bytes, from which a unit's variant is read

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id.

        Raises:
            KeyError: there is none.
        """
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)


def walk(condition: Condition) -> Iterator[Condition]:
    """The condition and all below it."""
    yield condition
    parts: tuple[Condition, ...] = ()
    if isinstance(condition, Every | Some):
        parts = condition.parts
    elif isinstance(condition, Opposite | WhenMissing):
        parts = (condition.part,)
    elif isinstance(condition, Quantified) and condition.where is not None:
        parts = (condition.where,)
    for part in parts:
        yield from walk(part)


def spots(condition: Condition) -> Iterator[Spot]:
    """Every place that the condition reads."""
    return (node.spot for node in walk(condition) if not isinstance(node, Every | Some | Opposite))


def others(rule: Rule) -> Iterator[Fact]:
    """The facts on the right side of its tests."""
    for tree in rule.conditions():
        for node in walk(tree):
            if isinstance(node, Test) and isinstance(node.argument, Other):
                yield node.argument.fact


def paths(rule: Rule) -> tuple[str, ...]:
    """The paths of all facts that the rule names, in order, each once."""
    named = (spot.fact.path for tree in rule.conditions() for spot in spots(tree))
    return tuple(dict.fromkeys((*named, *(fact.path for fact in others(rule)))))


def canonical(node: object) -> Any:
    """The condition as plain lists, the same for the same meaning: what hashes are made of."""
    if isinstance(node, Test):
        return ["test", node.spot.fact.path, node.operator, _plain(node.argument)]
    if isinstance(node, Every):
        return ["every", *map(canonical, node.parts)]
    if isinstance(node, Some):
        return ["some", *map(canonical, node.parts)]
    if isinstance(node, Exists):
        return ["exists", node.spot.fact.path, node.wanted]
    if isinstance(node, Quantified):
        bounds = [[bound.operator, _plain(bound.argument)] for bound in node.bounds]
        return [node.kind, node.spot.fact.path, canonical(node.where), bounds]
    if isinstance(node, Opposite):
        return ["not", canonical(node.part)]
    if isinstance(node, WhenMissing):
        return ["missing", node.spot.fact.path, node.holds, canonical(node.part)]
    return None


def _plain(argument: object) -> Any:
    if isinstance(argument, Other):
        return {"fact": argument.fact.path}
    return list(argument) if isinstance(argument, tuple) else argument


def digest(plain: object) -> str:
    """SHA-256 (hex) of the canonical JSON of plain data."""
    return hashlib.sha256(msgspec.json.encode(plain, order="sorted")).hexdigest()


def decisive(rule: Rule) -> dict[str, Any]:
    """What decides a rule's verdicts, as plain data: not the titles, the fix or the tests."""
    return {
        "id": rule.id,
        "severity": rule.severity,
        "applies_to": canonical(rule.applies_to),
        "require": canonical(rule.require),
        "fresh": rule.fresh,
        "for_each": rule.for_each,
        "sources": list(rule.sources),
        "pass_at_least": str(rule.fleet.pass_at_least.normalize()),
    }


def rule_content(rule: Rule) -> bytes:
    """`decisive` as canonical JSON, from which `policies.replay` makes the rule again."""
    return msgspec.json.encode(decisive(rule), order="sorted")
