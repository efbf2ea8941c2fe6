"""Reading the tests that a rule carries.

Documents written as paths or nested, typed by the catalogue.
"""

from __future__ import annotations

from typing import Any

from inventory.catalogue import AGENT_REASONS, SERVER_REASONS, Catalogue, Fact
from inventory.yaml_tree import Broken, Mapping, Node, Scalar, Sequence
from language.said import said
from policies import keys
from policies.fields import Fields, kind_of
from policies.problems import Problems, did_you_mean
from policies.times import moment_text, span_seconds
from policies.tree import RuleTest
from policies.values import NULLS, Unfit, Value, typed

CLOCK = 1_767_225_600  #: the tests' own "now": 2026-01-01T00:00:00Z, in seconds since 1970
_A_TEST = said("a test")
REASONS = AGENT_REASONS + SERVER_REASONS
_HOURS_AGO = 2 * 3600  #: how long ago a test's report came unless it says so


class ExampleReader:
    """Reads ``tests:`` of one rule."""

    def __init__(self, known: Catalogue, problems: Problems) -> None:
        self.known = known
        self.problems = problems

    def read(self, rule: Fields) -> tuple[RuleTest, ...]:
        """The tests that could be read."""
        found = [self._test(node) for node in rule.items("tests")]
        return tuple(test for test in found if test is not None)

    def _test(self, node: Node) -> RuleTest | None:
        fields = Fields(node, _A_TEST, keys.TEST, self.problems)
        expect = fields.one_of("expect", keys.RESULTS, "", required=True)
        facts: dict[str, Any] = {}
        given = fields.node("facts")
        if given is not None:
            self._object(given, "", facts)
        test = RuleTest(
            name=fields.text("name") or "",
            facts=facts,
            unknown=self._unknown(fields),
            reported=self._ago(fields, "reported", _HOURS_AGO),
            seen=self._ago(fields, "seen", _HOURS_AGO if "scan" in facts else None),
            expect=expect,
            says=fields.text("says"),
            place=node.place,
        )
        return test if expect else None

    def _ago(self, fields: Fields, key: str, otherwise: int | None) -> int | None:
        """How many seconds ago; None: never."""
        text = fields.text(key)
        if text is None or text == "never":
            return None if text else otherwise
        seconds = span_seconds(text.removesuffix(" ago"))
        if seconds is None:
            fields.complain(
                key, said("{text} is neither never nor a span of time such as 9d", text=text)
            )
        return seconds

    def _unknown(self, fields: Fields) -> dict[str, str]:
        node = fields.node("unknown")
        if not isinstance(node, Mapping):
            if node is not None and not isinstance(node, Broken):
                self.problems.add(node.place, said("unknown must be a mapping of facts to reasons"))
            return {}
        found: dict[str, str] = {}
        for key, value in node.entries.values():
            self._known_fact(key, key.text)
            reason = value.text if isinstance(value, Scalar) else ""
            if reason not in REASONS:
                hint = did_you_mean(reason, REASONS) or said(
                    "; use {names}", names=", ".join(REASONS)
                )
                self.problems.add(
                    value.place,
                    said("{reason} is no reason{hint}", reason=reason or kind_of(value), hint=hint),
                )
            found[key.text] = reason
        return found

    def _known_fact(self, key: Scalar, path: str) -> Fact | None:
        fact = self.known.facts.get(path.partition("[")[0] if path.endswith("]") else path)
        if fact is None:
            hint = did_you_mean(path, self.known.facts)
            self.problems.add(
                key.place, said("no fact is called {path}{hint}", path=path, hint=hint)
            )
        return fact

    def _object(self, node: Node, prefix: str, into: dict[str, Any]) -> None:
        """Put the facts of a mapping, dotted or nested, into the nested document ``into``."""
        if not isinstance(node, Mapping):
            if not isinstance(node, Broken):
                self.problems.add(
                    node.place,
                    said("facts must be a mapping, not {kind}", kind=kind_of(node)),
                )
            return
        for key, value in node.entries.values():
            path = f"{prefix}.{key.text}" if prefix else key.text
            fact = self._known_fact(key, path)
            if fact is None:
                continue
            *above, last = key.text.split(".")
            target: Any = into
            for name in above:
                target = target.setdefault(name, {}) if isinstance(target, dict) else None
            if not isinstance(target, dict):
                self.problems.add(
                    key.place,
                    said("{path} goes through a list; write the list's elements", path=path),
                )
                continue
            self._put(value, fact, target, last)

    def _put(self, value: Node, fact: Fact, target: dict[str, Any], name: str) -> None:
        if isinstance(value, Scalar) and not value.quoted and value.text in NULLS:
            target[name] = None
        elif fact.type == "object":
            inner = target.setdefault(name, {})
            self._object(value, fact.path, inner if isinstance(inner, dict) else {})
        elif fact.type == "list":
            target[name] = self._list(value, fact)
        else:
            target[name] = self._scalar(value, fact)

    def _list(self, node: Node, fact: Fact) -> list[Any]:
        if not isinstance(node, Sequence):
            if not isinstance(node, Broken):
                self.problems.add(
                    node.place, said("{path} is a list: write [{{…}}, {{…}}]", path=fact.path)
                )
            return []
        elements: list[Any] = []
        for item in node.items:
            if fact.children:
                element: dict[str, Any] = {}
                self._object(item, fact.path, element)
                elements.append(element)
            else:
                elements.append(self._scalar(item, fact))
        return elements

    def _scalar(self, node: Node, fact: Fact) -> Value | None:
        if not isinstance(node, Scalar):
            if not isinstance(node, Broken):
                self.problems.add(
                    node.place,
                    said("{path} is one value, not {kind}", path=fact.path, kind=kind_of(node)),
                )
            return None
        try:
            return (
                _moment(node) or typed(node, fact)
                if fact.type == "timestamp"
                else typed(node, fact)
            )
        except Unfit as fault:
            self.problems.add(node.place, said("{path}: {fault}", path=fact.path, fault=fault))
            return None


def _moment(node: Scalar) -> str | None:
    """A moment counted from the tests' clock: ``3d ago``, ``in 2h``."""
    ago = span_seconds(node.text.removesuffix(" ago")) if node.text.endswith(" ago") else None
    ahead = span_seconds(node.text.removeprefix("in ")) if node.text.startswith("in ") else None
    if ago is not None:
        return moment_text(CLOCK - ago)
    return moment_text(CLOCK + ahead) if ahead is not None else None
