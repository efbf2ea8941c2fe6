"""The catalogue: the one table of every fact Rà Soát knows, read from ``catalogue.yaml``.

A fact is one typed value about a machine, at a dotted path such as
``firewall.profiles.domain.enabled``; paths go through lists without brackets
(``network.listening.port``). Report types, the JSON Schema, rule checks, explanations and the docs
page are all derived from this table, so that a word is spelt once.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

SCALARS = frozenset(
    {"text", "integer", "number", "boolean", "choice", "timestamp", "version", "ip", "mac"}
)
CONTAINERS = frozenset({"object", "list"})
WITNESSES = frozenset({"agent", "server", "scan", "register"})
PLATFORMS = ("windows", "linux", "macos")
WORDS = frozenset({"on_off", "yes_no", "present_absent"})
AGENT_SECTION = "agent"

#: Why a fact is unknown: what agents say, then what the server and the engine add.
AGENT_REASONS = (
    "not_elevated",
    "not_supported",
    "timed_out",
    "not_found",
    "unreadable",
    "not_installed",
    "failed",
    "redacted",
)
SERVER_REASONS = (
    *("not_reported", "too_old", "wrong_type", "never_reported", "quarantined", "contradicted"),
    *("no_agent", "no_scan", "not_registered", "scan_too_old", "not_in_table", "too_large"),
)


class CatalogueFault(Exception):
    """The catalogue file itself is wrong: a fault of this release, never of a user's input."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One node of the catalogue: a section, an object, a list or a plain value."""

    path: str
    type: str
    of: str | None
    unit: str | None
    values: tuple[str, ...]
    words: str | None
    key: tuple[str, ...]
    because: tuple[str, ...]
    volatile: bool
    label_vi: str
    label_en: str
    platforms: tuple[str, ...]
    witness: str
    source: str
    why: str
    since: str
    children: tuple[str, ...]
    list_path: str | None

    @property
    def name(self) -> str:
        """The last word of the path: the key under which the value stands in its parent."""
        return self.path.rpartition(".")[2]

    def label(self, lang: str) -> str:
        """The words a person reads for this fact, in ``vi`` or ``en``."""
        return self.label_vi if lang == "vi" else self.label_en


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All facts by path, parents before children, in the order of the file."""

    version: int
    facts: Mapping[str, Fact]

    @property
    def sections(self) -> tuple[Fact, ...]:
        """The top-level facts: one for each collector, and the scan's."""
        return tuple(fact for fact in self.facts.values() if "." not in fact.path)

    def leaves(self) -> Iterator[Fact]:
        """Every fact that holds a value of its own (plain values and lists of plain values)."""
        return (fact for fact in self.facts.values() if not fact.children)

    def children(self, fact: Fact) -> tuple[Fact, ...]:
        """The facts directly below an object or a list of objects."""
        return tuple(self.facts[path] for path in fact.children)

    def nearest(self, path: str, among: Iterable[str] | None = None) -> str | None:
        """The known path most like ``path``, for "did you mean"; None when nothing is near."""
        found = difflib.get_close_matches(path, among or self.facts, n=1, cutoff=0.6)
        return found[0] if found else None


@cache
def catalogue() -> Catalogue:
    """The catalogue of this release, read once.

    Raises:
        CatalogueFault: the file lacks something that every fact must have.
    """
    text = resources.files(__package__).joinpath("catalogue.yaml").read_text("utf-8")
    raw = yaml.load(text, yaml.CSafeLoader)
    facts: dict[str, Fact] = {}
    for name, section in raw["sections"].items():
        inherited = {key: section[key] for key in ("why", "platforms", "witness")}
        inherited |= {"since": raw["since"], "source": "The section's facts"}
        spec = section | {"type": "list" if section.get("list") else "object"}
        facts.update((fact.path, fact) for fact in _read(name, spec, inherited, None))
    for fact in facts.values():
        if not set(fact.because) <= {path for path in facts if facts[path].list_path is None}:
            raise CatalogueFault(f"inventory/catalogue.yaml: {fact.path}: because names no fact")
    return Catalogue(version=int(raw["version"]), facts=facts)


def _read(
    path: str, spec: dict[str, Any], inherited: dict[str, Any], list_path: str | None
) -> Iterator[Fact]:
    """The fact at ``path`` and everything below it."""
    passed = inherited | {key: spec[key] for key in inherited if key in spec}
    nested: dict[str, Any] = spec.get("facts", {})
    yield _checked(
        Fact(
            path=path,
            type=spec["type"],
            of=spec.get("of"),
            unit=spec.get("unit"),
            values=tuple(spec.get("values", ())),
            words=spec.get("words"),
            key=tuple(spec.get("key", ())),
            because=tuple(spec.get("because", ())),
            volatile=spec.get("volatile", False),
            label_vi=spec["label"]["vi"],
            label_en=spec["label"]["en"],
            children=tuple(f"{path}.{name}" for name in nested),
            list_path=list_path,
            **(passed | {"platforms": tuple(passed["platforms"])}),
        )
    )
    below = path if spec["type"] == "list" else list_path
    for name, child in nested.items():
        yield from _read(f"{path}.{name}", child, passed, below)


def _checked(fact: Fact) -> Fact:
    """The fact itself, once it holds the laws that everything derived from it relies on."""
    laws = {
        "a known type": fact.type in SCALARS | CONTAINERS,
        "values if and only if it is a choice": bool(fact.values) == (fact.type == "choice"),
        "words if and only if it is a boolean": (fact.words in WORDS) == (fact.type == "boolean"),
        "facts below an object": fact.type != "object" or bool(fact.children),
        "facts or an element type for a list": fact.type != "list"
        or bool(fact.children) != (fact.of in SCALARS),
        "a key made of its own facts for a list of objects": all(
            f"{fact.path}.{name}" in fact.children for name in fact.key
        )
        and bool(fact.key) == (fact.type == "list" and bool(fact.children)),
        "known platforms": set(fact.platforms) <= set(PLATFORMS) and bool(fact.platforms),
        "a known witness": fact.witness in WITNESSES,
        "labels, a source and a purpose": all(
            (fact.label_vi, fact.label_en, fact.source, fact.why)
        ),
    }
    for law, holds in laws.items():
        if not holds:
            raise CatalogueFault(f"inventory/catalogue.yaml: {fact.path}: needs {law}")
    return fact
