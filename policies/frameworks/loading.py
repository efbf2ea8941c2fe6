"""Loading a framework: strict, every problem with its place, all at once.

A standard's text belongs to its publisher: a catalogue holds clause numbers and our own short
wording. What was not checked against the original says so, and every report that shows it does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from inventory.yaml_tree import Broken, Node, Scalar, read_tree
from language.said import said
from language.system import reason
from policies.fields import Fields
from policies.problems import PolicyNotFound, PolicyRefused, Problems, did_you_mean
from policies.times import DAY
from policies.tree import Words

_A_FRAMEWORK, _A_REQUIREMENT = said("a framework"), said("a requirement")
_CATALOGUES = Path(__file__).with_name("catalogues")
_RULE = re.compile(r"[a-z0-9-]+/[A-Za-z0-9._-]+")
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
_FILE = {
    "framework": "the key: lower-case letters, digits, dots and dashes",
    "version": "a whole number that grows with every change of this file",
    "title": "its name in both languages",
    "publisher": "who publishes it",
    "valid_from": "the first day of its force, such as 2026-07-01",
    "valid_to": "the last day; left out: still in force",
    "source": "where ids and wording come from",
    "verified": "yes, or why not; shown wherever the framework is",
    "requirements": "the list of requirements",
}
_REQUIREMENT = {
    "id": "the clause, as the standard numbers it",
    "level": "from which level of a system on it is asked",
    "instead_of": "the clause of a lower level that is not asked where this one is",
    "title": "our own short wording in both languages",
    "checked_by": "the rules that check it: [policy/RULE, …]",
    "attest": "a person must state it; how long that lasts at most, such as 366d",
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """One clause. ``checked_by``: policy and rule; ``attest``: days a statement lasts, 0: none.

    ``instead_of``: the clause of a lower level that is not asked where this one is, or empty.
    """

    id: str
    level: int
    title: Words
    checked_by: tuple[tuple[str, str], ...]
    attest: int
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class Framework:
    """A standard of some years. Days are ISO; ``unverified``: empty, or what was not checked."""

    name: str
    version: int
    title: Words
    publisher: str
    valid_from: str
    valid_to: str | None
    source: str
    unverified: str
    requirements: tuple[Requirement, ...]

    def in_force(self, day: str) -> bool:
        """Whether it was in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def policies(self) -> tuple[str, ...]:
        """The policies that its requirements rest on, in order."""
        named = (policy for one in self.requirements for policy, _ in one.checked_by)
        return tuple(dict.fromkeys(named))

    def asked(self, level: int) -> tuple[Requirement, ...]:
        """What a system of a level is asked, or everything (0).

        At a level, a clause that another one stands in for is left out.
        """
        if not level:
            return self.requirements
        up_to = [one for one in self.requirements if one.level <= level]
        replaced = {one.instead_of for one in up_to}
        return tuple(one for one in up_to if one.id not in replaced)

    def requirement(self, name: str) -> Requirement:
        """The requirement of that clause.

        Raises:
            PolicyNotFound: there is none.
        """
        for one in self.requirements:
            if one.id == name:
                return one
        ids = [one.id for one in self.requirements]
        hint = did_you_mean(name, ids) or said("; it has {names}, …", names=", ".join(ids[:8]))
        raise PolicyNotFound(
            said(
                "{framework} has no requirement {name}{hint}",
                framework=self.name,
                name=name,
                hint=hint,
            )
        )


def shipped_frameworks() -> dict[str, Path]:
    """The frameworks that come with Rà Soát, by key."""
    return {path.stem: path for path in sorted(_CATALOGUES.glob("*.yaml"))}


def load_framework(name: Path | str) -> Framework:
    """A shipped framework by its key, or one in a file.

    Raises:
        PolicyNotFound: no such key or file.
        PolicyRefused: the file is wrong; all problems are named.
    """
    known = shipped_frameworks()
    file = known.get(str(name), Path(name))
    try:
        raw = file.read_bytes()
    except OSError as fault:
        hint = did_you_mean(str(name), known) or said(
            "; shipped frameworks: {names}", names=", ".join(known)
        )
        raise PolicyNotFound(
            said("{name}: {why}{hint}", name=name, why=reason(fault), hint=hint)
        ) from fault
    problems = Problems(str(file))
    tree = read_tree(raw, problems)
    found = _Reader(problems).framework(tree) if not isinstance(tree, Broken) else None
    if problems.found or found is None:
        raise PolicyRefused(problems.found)
    return found


class _Reader:
    def __init__(self, problems: Problems) -> None:
        self.problems = problems

    def framework(self, tree: Node) -> Framework | None:
        """The whole file."""
        fields = Fields(tree, _A_FRAMEWORK, _FILE, self.problems)
        name = fields.text("framework", required=True) or ""
        if name and not _NAME.fullmatch(name):
            fields.complain(
                "framework", said("{name} is no key such as tcvn-14423-2026", name=name)
            )
        title = fields.words("title", required=True)
        begins = self._day(fields, "valid_from", required=True)
        ends = self._day(fields, "valid_to")
        verified = fields.text("verified", required=True) or ""
        texts = [fields.text(key, required=True) or "" for key in ("publisher", "source")]
        version = self._number(fields, "version", 0)
        requirements = tuple(self._requirements(fields))
        if title is None or begins is None:
            return None
        unverified = "" if verified == "yes" else verified
        return Framework(
            *(name, version, title, texts[0], begins, ends, texts[1], unverified, requirements)
        )

    def _requirements(self, fields: Fields) -> Iterator[Requirement]:
        levels: dict[str, int] = {}
        for node in fields.items("requirements", required=True):
            inner = Fields(node, _A_REQUIREMENT, _REQUIREMENT, self.problems)
            name, title = inner.text("id", required=True), inner.words("title", required=True)
            level = self._number(inner, "level", 1)
            rules = tuple(self._rules(inner))
            span = inner.span("attest") or 0
            if name is None or title is None:
                continue
            if name in levels:
                inner.complain("id", said("{name} is given twice", name=name))
            before = self._before(inner, levels, level)
            levels[name] = level
            yield Requirement(name, level, title, rules, span // DAY, before)

    def _before(self, fields: Fields, levels: dict[str, int], level: int) -> str:
        """The clause that this one stands in for: above it in the file, and of a lower level."""
        text = fields.text("instead_of") or ""
        if text and levels.get(text, level) >= level:
            hint = did_you_mean(text, (name for name in levels if levels[name] < level))
            fields.complain(
                "instead_of",
                said("{text} is no clause of a lower level above{hint}", text=text, hint=hint),
            )
        return text

    def _rules(self, fields: Fields) -> Iterator[tuple[str, str]]:
        for node in fields.items("checked_by"):
            text = node.text if isinstance(node, Scalar) else ""
            if _RULE.fullmatch(text):
                policy, _, rule = text.partition("/")
                yield policy, rule
            elif not isinstance(node, Broken):
                self.problems.add(
                    node.place,
                    said("{text} is no rule: write policy/RULE-ID", text=text or said("this")),
                )

    def _number(self, fields: Fields, key: str, otherwise: int) -> int:
        text = fields.text(key)
        if text is None:
            return otherwise
        if text.isascii() and text.isdigit():
            return int(text)
        fields.complain(key, said("{text} is not a whole number", text=text))
        return otherwise

    def _day(self, fields: Fields, key: str, *, required: bool = False) -> str | None:
        text = fields.text(key, required=required)
        if text is None:
            return None
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            fields.complain(key, said("{text} is no day such as 2026-07-01", text=text))
            return None
