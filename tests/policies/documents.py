"""Making views and rules by chance, from the catalogue and from the grammar.

For the property tests.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

from inventory.catalogue import Fact, catalogue
from policies.operators import OPERATORS
from policies.values import element_type

NOW = 1_767_225_600  # 2026-01-01T00:00:00Z
REASONS = ("not_elevated", "timed_out", "not_found", "not_installed", "unreadable", "failed")
TEXTS = ("AnyDesk 7", "Windows 11 Pro", "alpha", "Beta", "UltraViewer", "", "Đồng", "x" * 50)
VERSIONS = ("1.9", "1.10", "10.0.19045", "2.0-rc1", "2.0", "none", "")
MOMENTS = ("2025-12-31T00:00:00Z", "2025-11-01T12:00:00Z", "2026-06-01T00:00:00Z", "no moment")
SPANS = ("0", "1d", "7d", "12h", "52w", "90d")
IPS = ("10.0.0.1", "192.168.1.5", "fe80::1")
MACS = ("00:1a:2b:3c:4d:5e", "ff:ff:ff:ff:ff:ff")


def value(fact: Fact, chance: random.Random) -> Any:
    """A plain value of a fact, from so few that rules often agree with it."""
    kind = element_type(fact)
    pools: dict[str, tuple[Any, ...]] = {
        "boolean": (True, False),
        "integer": (0, 1, 3, 22, 900, 86_400, 5_000_000),
        "number": (0, 1.5, 20.0, 99.9),
        "version": VERSIONS,
        "timestamp": MOMENTS,
        "ip": IPS,
        "mac": MACS,
        "choice": fact.values,
    }
    return chance.choice(pools.get(kind, TEXTS))


def filled(fact: Fact, chance: random.Random, longest: int = 3) -> Any:
    """Everything below a fact, complete."""
    known = catalogue()
    if fact.type == "list":
        count = chance.randint(0, longest)
        if not fact.children:
            return [value(fact, chance) for _ in range(count)]
        return [_object(fact, chance) for _ in range(count)]
    if fact.type == "object":
        return {child.name: filled(child, chance) for child in known.children(fact)}
    return value(fact, chance)


def _object(fact: Fact, chance: random.Random) -> dict[str, Any]:
    return {child.name: filled(child, chance) for child in catalogue().children(fact)}


def full_view(chance: random.Random) -> dict[str, Any]:
    """A view in which every fact of the catalogue is there."""
    return {"facts": {one.name: filled(one, chance) for one in catalogue().sections}, "unknown": {}}


def places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) below a node, at every depth."""
    entries = list(node.items()) if isinstance(node, dict) else list(enumerate(node))
    for key, inner in entries:
        yield node, key
        if isinstance(inner, dict | list):
            yield from places(inner)


def with_holes(view: dict[str, Any], chance: random.Random, share: float = 0.12) -> dict[str, Any]:
    """The view with keys dropped or nulled at every depth, list elements nulled.

    And reasons given for some.

    Every hole can be filled again: what is left is true. A list is never shortened, unless the
    table of unknowns names it as incomplete.
    """
    holed = copy.deepcopy(view)
    if chance.random() < 0.01:
        holed["facts"] = None
    for container, key in list(places(holed["facts"] or {})):
        if chance.random() >= share:
            continue
        if isinstance(container, list) or chance.random() < 0.5:
            container[key] = None
        else:
            del container[key]
    for path, fact in catalogue().facts.items():
        if chance.random() < 0.04:
            holed["unknown"][_indexed(path, chance)] = {"reason": chance.choice(REASONS[:2])}
            if fact.type == "list" and fact.list_path is None:
                _shorten(holed["facts"], path, chance)
    return holed


def _indexed(path: str, chance: random.Random) -> str:
    """The path, or the path with an index behind a list in it."""
    list_path = catalogue().facts[path].list_path
    if list_path is None or chance.random() < 0.5:
        return path
    return f"{list_path}[{chance.randint(0, 2)}]{path.removeprefix(list_path)}"


def _shorten(facts: dict[str, Any] | None, path: str, chance: random.Random) -> None:
    """Take elements off the end of a list that is named as incomplete."""
    here: Any = facts
    for word in path.split("."):
        here = here.get(word) if isinstance(here, dict) else None
    if isinstance(here, list):
        del here[chance.randint(0, len(here)) :]


def refused_view(view: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The view with a few values of the wrong type somewhere."""
    spoilt = copy.deepcopy(view)
    every = list(places(spoilt["facts"] or {"none": None}))
    for container, key in chance.sample(every, k=min(3, len(every))):
        container[key] = chance.choice([[], {}, 5, "text", True, {"x": 1}, [None, 5]])
    return spoilt


def _several(fact: Fact) -> bool:
    return fact.type == "list" or fact.list_path is not None


def _deep(fact: Fact) -> bool:
    """Whether it stands in a list within a list; no rule may name it on a right side."""
    outer = catalogue().facts[fact.list_path] if fact.list_path else None
    return outer is not None and (outer.list_path is not None or fact.type == "list")


class RuleMaker:
    """Rules by chance from the grammar, as YAML text.

    (flow style), so that the loader is part of the test.
    """

    def __init__(
        self, chance: random.Random, *, missing: bool, exists: bool, others: bool = False
    ) -> None:
        self.chance = chance
        self.others = others
        self.missing = missing
        self.exists = exists
        known = catalogue().facts.values()
        self.top = [  # whether there is a row of the register is asked before any condition
            fact for fact in known if fact.list_path is None and fact.witness != "register"
        ]

    def policy(self, count: int) -> str:
        """A whole policy of ``count`` rules."""
        rules = "\n".join(self._rule(number) for number in range(count))
        return f"policy: by-chance\nversion: 1\ntitle: by chance\nrules:\n{rules}\n"

    def _rule(self, number: int) -> str:
        lines = [f"  - id: R-{number}", f"    title: rule {number}"]
        if self.chance.random() < 0.3:
            lines.append(f"    applies_to: {self.block(1)}")
        lines.append(f"    require: {self.block(2)}")
        if self.chance.random() < 0.2:
            lines.append("    fresh: 7d")
        return "\n".join(lines)

    def block(self, depth: int, below: Fact | None = None) -> str:
        """A mapping of conditions on facts at the top, or below a list."""
        facts = self.top if below is None else [catalogue().facts[path] for path in below.children]
        chosen = self.chance.sample(facts, k=min(len(facts), self.chance.randint(1, 2)))
        prefix = "" if below is None else f"{below.path}."
        parts = [f"{fact.path.removeprefix(prefix)}: {self.said(fact, depth)}" for fact in chosen]
        if depth > 0 and self.chance.random() < 0.4:
            word = self.chance.choice(["all_of", "any_of", "not"])
            inner = [self.block(depth - 1, below) for _ in range(2)]
            parts.append(
                f"{word}: {inner[0]}" if word == "not" else f"{word}: [{', '.join(inner)}]"
            )
        return "{" + ", ".join(parts) + "}"

    def said(self, fact: Fact, depth: int) -> str:
        """What a rule says of one fact."""
        if self.exists and self.chance.random() < 0.08:
            return f"{{exists: {self.chance.choice(['true', 'false'])}}}"
        if fact.type == "object":
            child = self.chance.choice(catalogue().children(fact))
            return f"{{{child.name}: {self.said(child, depth)}}}"
        words = self._list(fact, depth) if fact.type == "list" else self._operator(fact)
        if self.missing and self.chance.random() < 0.15:
            words += f", missing: {self.chance.choice(['pass', 'fail', 'unknown'])}"
        if self.chance.random() < 0.15:
            return f"{{not: {{{words}}}}}"
        return f"{{{words}}}"

    def _list(self, fact: Fact, depth: int) -> str:
        inner = self.block(depth - 1, fact) if fact.children else f"{{{self._operator(fact)}}}"
        word = self.chance.choice(["any", "all", "none", "count", "contains", "subset_of"])
        if word == "count" or (fact.children and word in ("contains", "subset_of")):
            where = f"where: {inner}, " if self.chance.random() < 0.8 else ""
            return f"count: {{{where}{self._bound()}}}"
        if word == "contains":
            return f"contains: {self._quoted(fact)}"
        if word == "subset_of":
            return f"subset_of: [{self._quoted(fact)}, {self._quoted(fact)}]"
        return f"{word}: {inner}"

    def _bound(self) -> str:
        word = self.chance.choice(
            ["is", "at_least", "at_most", "more_than", "less_than", "between"]
        )
        return f"{word}: [1, 2]" if word == "between" else f"{word}: {self.chance.randint(0, 3)}"

    def _other(self, fact: Fact) -> str | None:
        """The fact held against another of its kind: one value, or one of a list's."""
        kind = element_type(fact)
        alike = [
            one
            for one in catalogue().facts.values()
            if (one.unit, element_type(one)) == (fact.unit, kind)
            and not (one.children or _deep(one) or (kind == "boolean" and _several(one)))
        ]
        if not alike or kind == "timestamp":
            return None
        found = self.chance.choice(alike)
        path = found.path
        if path.partition(".")[0] not in ("scan", "register", "device"):
            path = f"agent.{path}"
        return f"{'one_of' if _several(found) else 'is'}: {path}"

    def _operator(self, fact: Fact) -> str:
        kind = element_type(fact)
        if self.others and self.chance.random() < 0.5 and (said := self._other(fact)):
            return said
        rows = [row for row in OPERATORS.values() if kind in row.fits]
        row = self.chance.choice(rows)
        if row.takes in ("value", "version"):
            return f"{row.name}: {self._quoted(fact)}"
        if row.takes == "values":
            return f"{row.name}: [{self._quoted(fact)}, {self._quoted(fact)}]"
        if row.takes == "pair":
            low, high = sorted((value(fact, self.chance), value(fact, self.chance)))
            return f"{row.name}: [{self._number(low, fact)}, {self._number(high, fact)}]"
        arguments = {
            "span": self.chance.choice(SPANS),
            "pattern": '"^[0-9A-Z]"' if row.name == "matches" else self._glob(),
            "part": '"1"',
            "patterns": f"[{self._glob()}, {self._glob()}]",
        }
        return f"{row.name}: {arguments[row.takes]}"

    def _glob(self) -> str:
        return self.chance.choice(['"any*"', '"*view?r"', '"1*"', '"*0*1*"', '"windows"', '"*"'])

    def _quoted(self, fact: Fact) -> str:
        """A value of the fact as an officer writes it."""
        chosen = value(fact, self.chance)
        kind = element_type(fact)
        if kind == "boolean":
            return "true" if chosen else "false"
        if kind in ("integer", "number"):
            return self._number(chosen, fact)
        if kind == "version":
            return f'"{self.chance.choice(VERSIONS[:5])}"'
        return f'"{chosen}"'

    def _number(self, chosen: float, fact: Fact) -> str:
        return f"{int(chosen)}s" if fact.unit == "seconds" else str(chosen)
