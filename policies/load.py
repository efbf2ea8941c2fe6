"""Loading a policy file.

Strict, checked against the catalogue, every problem at once with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping as Table
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from inventory.catalogue import Catalogue, catalogue
from inventory.yaml_tree import Broken, Mapping, Node, Scalar, Sequence, read_tree
from language.said import said
from language.system import reason
from policies import keys
from policies.conditions import ConditionReader
from policies.departures import departures
from policies.fields import Fields
from policies.inherit import MAX_DEPTH, Heritage, merged, parent_of
from policies.problems import PolicyNotFound, PolicyRefused, Problem, Problems, did_you_mean
from policies.rule_reader import RuleReader, named
from policies.tree import (
    Policy,
    Rule,
    digest,
)

MAX_RULES = 1000  #: of one policy; the largest public baseline has about 500
_A_POLICY = said("a policy")
_LETTERS = said("lower-case letters, digits and dashes")
_SHARING = said("; use vars to share values")
_PACKS = Path(__file__).with_name("packs")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_VARIABLE = re.compile(r"[a-z][a-z0-9_]{0,63}")


@cache
def shipped() -> Table[str, Path]:
    """The policies that come with Rà Soát, by name."""
    return {path.stem: path for path in sorted(_PACKS.glob("*.yaml"))}


def load_policy(path: Path | str) -> Policy:
    """The policy in a file, or a shipped one by its name.

    Raises:
        PolicyNotFound: no such file or name.
        PolicyRefused: the file is wrong; all problems are named.
    """
    known = shipped()
    file = known[str(path)] if str(path) in known else Path(path)
    try:
        raw = file.read_bytes()
    except OSError as fault:
        hint = did_you_mean(str(path), known) or said(
            "; shipped policies: {names}", names=", ".join(known)
        )
        raise PolicyNotFound(
            said("{path}: {why}{hint}", path=path, why=reason(fault), hint=hint)
        ) from fault
    return _cached(raw, str(file), _ancestors(raw, str(file)))


def load_text(text: str | bytes, name: str = "policy.yaml") -> Policy:
    """The policy in ``text``; ``name`` stands in messages as the file.

    Raises:
        PolicyRefused: the text is wrong; all problems are named.
    """
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return _cached(raw, name, _ancestors(raw, name))


def _ancestors(raw: bytes, file: str) -> tuple[bytes, ...]:
    """The files that a policy extends as they are now, nearest first: it changes with them."""
    found: list[bytes] = []
    while len(found) <= MAX_DEPTH and (parent := _parent(raw, file)) is not None:
        try:
            raw, file = parent.read_bytes(), str(parent)
        except OSError:  # it is told where the policy is read
            break
        found.append(raw)
    return tuple(found)


@lru_cache(maxsize=64)
def _parent(raw: bytes, file: str) -> Path | None:
    return parent_of(raw, file, shipped()) if b"extends" in raw else None


@lru_cache(maxsize=64)
def _cached(raw: bytes, file: str, _ancestors: tuple[bytes, ...]) -> Policy:
    policy, problems, _ = read_policy(raw, file)
    if problems or policy is None:
        raise PolicyRefused(problems)
    return policy


def read_policy(
    raw: bytes, file: str, units: tuple[str, ...] = ()
) -> tuple[Policy | None, list[Problem], list[Problem]]:
    """What of a policy can be read, what is wrong with it, and what is merely doubtful.

    ``units``: those whose values of their own count, the highest first.
    """
    problems = Problems(file)
    tree = read_tree(raw, problems, _SHARING)
    if isinstance(tree, Broken) and problems.found:
        return None, problems.found, []
    heritage = merged(tree, problems, shipped())
    reader = _PolicyReader(catalogue(), problems, heritage.inherited, units)
    policy = reader.policy(heritage.tree)
    if policy is not None:
        policy = replace(policy, raw=raw, **_parentage(policy, heritage))
        for unit in policy.varied if not units else ():
            problems.found += [
                one for one in read_policy(raw, file, (unit,))[1] if one not in problems.found
            ]
    return policy, problems.found, reader.doubts.found


def _parentage(policy: Policy, heritage: Heritage) -> dict[str, Any]:
    """What a policy takes over, and where it departs from that."""
    parent = read_policy(heritage.raw, heritage.parent)[0] if heritage.parent else None
    if parent is None:
        return {}
    off = [(name, why) for name, (_, why) in (heritage.off or {}).items()]
    return {"extends": parent.name, "departures": tuple(departures(policy, parent, off))}


def variant(policy: Policy, unit_path: Iterable[str]) -> Policy:
    """The policy with the values that a unit, or one above it, has of its own; nearest wins.

    ``unit_path``: codes, the highest first.
    """
    units = tuple(unit for unit in unit_path if unit in policy.varied)
    if not units:
        return policy
    raw, file = policy.raw, policy.file
    return _variant(raw, file, units, _ancestors(raw, file))


@lru_cache(maxsize=256)
def _variant(
    raw: bytes, file: str, units: tuple[str, ...], _ancestors: tuple[bytes, ...]
) -> Policy:
    policy, problems, _ = read_policy(raw, file, units)
    if problems or policy is None:
        raise PolicyRefused(problems)
    return policy


class _PolicyReader:
    """Reads the levels above conditions: the policy and its rules."""

    def __init__(
        self,
        known: Catalogue,
        problems: Problems,
        inherited: frozenset[str] = frozenset(),
        units: tuple[str, ...] = (),
    ) -> None:
        self.known = known
        self.problems = problems
        self.units = units
        self.doubts = Problems(problems.file)
        self.reader = RuleReader(known, problems, self.doubts, inherited)

    def policy(self, tree: Node) -> Policy | None:
        """The whole policy, with those rules that could be read."""
        fields = Fields(tree, _A_POLICY, keys.POLICY, self.problems, keys.POLICY_LATER)
        name = named(fields, "policy", _NAME, _LETTERS)
        version = self._version(fields)
        title = fields.words("title", required=True)
        variables = self._variables(fields, "vars")
        varied = self._varied(fields, variables)
        conditions = ConditionReader(self.known, variables, self.problems)
        rules = self._rules(fields, conditions)
        for unused in variables.keys() - conditions.arguments.used:
            self.doubts.add(
                variables[unused].place, said("variable {name} is used by no rule", name=unused)
            )
        if name is None or version is None or title is None:
            return None
        content = digest(_plain(tree))
        return Policy(name, version, title, rules, self.problems.file, content, varied=varied)

    def _version(self, fields: Fields) -> int | None:
        text = fields.text("version", required=True)
        if text is None:
            return None
        if re.fullmatch(r"[1-9][0-9]{0,8}", text) and not _quoted(fields.node("version")):
            return int(text)
        fields.complain("version", said("{text} is not a whole number from 1", text=text))
        return None

    def _varied(self, fields: Fields, variables: dict[str, Node]) -> tuple[str, ...]:
        """The units with values of their own; those that are asked for are put in place."""
        node = fields.node("vars_for")
        if node is None or isinstance(node, Broken):
            return ()
        if not isinstance(node, Mapping):
            self.problems.add(node.place, said("vars_for must be a mapping of units to values"))
            return ()
        own = {
            unit: self._values(value, f"vars_for {unit}")
            for unit, (_, value) in node.entries.items()
        }
        for unit, values in own.items():
            for name in values.keys() - variables.keys():
                hint = did_you_mean(name, variables)
                self.problems.add(
                    values[name].place,
                    said(
                        "vars_for {unit}: no {name} in vars{hint}", unit=unit, name=name, hint=hint
                    ),
                )
        for unit in self.units:
            variables.update(own.get(unit, {}))
        return tuple(own)

    def _variables(self, fields: Fields, key: str) -> dict[str, Node]:
        node = fields.node(key)
        return {} if node is None or isinstance(node, Broken) else self._values(node, key)

    def _values(self, node: Node, what: str) -> dict[str, Node]:
        if not isinstance(node, Mapping):
            self.problems.add(
                node.place, said("{what} must be a mapping of names to values", what=what)
            )
            return {}
        found: dict[str, Node] = {}
        for key, value in node.entries.values():
            if not _VARIABLE.fullmatch(key.text):
                self.problems.add(
                    key.place,
                    said(
                        "{what}: {text} is not a name such as remote_tools",
                        what=what,
                        text=key.text,
                    ),
                )
            elif isinstance(value, Mapping):
                self.problems.add(
                    value.place,
                    said("{what}: {text} must be one value or a list", what=what, text=key.text),
                )
            found[key.text] = value
        return found

    def _rules(self, fields: Fields, conditions: ConditionReader) -> tuple[Rule, ...]:
        nodes = fields.items("rules", required=True)
        if "rules" in fields and not nodes and not self.problems.found:
            fields.complain("rules", said("there are no rules"))
        if len(nodes) > MAX_RULES:
            fields.complain(
                "rules", said("more than {most} rules; split the policy", most=MAX_RULES)
            )
            return ()
        seen: dict[str, int] = {}
        rules = []
        for node in nodes:
            rule = self.reader.rule(node, conditions)
            self.problems.rule = self.doubts.rule = None
            if rule is not None:
                rules.append(rule)
            self._unique(node, seen)
        return tuple(rules)

    def _unique(self, node: Node, seen: dict[str, int]) -> None:
        rule_id = node.get("id") if isinstance(node, Mapping) else None
        if not isinstance(rule_id, Scalar):
            return
        if rule_id.text in seen:
            line = seen[rule_id.text]
            self.problems.add(
                rule_id.place,
                said(
                    "rule {text} is given twice (first on line {line})",
                    text=rule_id.text,
                    line=line,
                ),
            )
        seen.setdefault(rule_id.text, rule_id.place[0])


def _quoted(node: Node | None) -> bool:
    return isinstance(node, Scalar) and node.quoted


def _plain(node: Node) -> Any:
    """The tree as plain data, places and layout left out: what the policy's hash is made of."""
    if isinstance(node, Scalar):  # first: most nodes are
        return ["quoted", node.text] if node.quoted else node.text
    if isinstance(node, Mapping):  # its plain words at once: they are most of a file
        return {
            key: value.text if type(value) is Scalar and not value.quoted else _plain(value)
            for key, (_, value) in node.entries.items()
        }
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    return None
