"""Reading one rule of a policy: its keys, its conditions, its examples."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping as Table
from typing import Any

from inventory.catalogue import Catalogue
from inventory.coverage import SEEN_WITHIN, SILENT_AFTER
from inventory.yaml_tree import Broken, Mapping, Node, Scalar, Sequence
from language.said import Said, said
from policies import keys
from policies.conditions import ConditionReader
from policies.examples import ExampleReader
from policies.fields import Fields
from policies.populations import known_by_the_server
from policies.problems import Problems
from policies.tree import (
    POPULATIONS,
    SEVERITIES,
    WITNESSES,
    Condition,
    Fleet,
    Rule,
    Words,
)

_A_RULE = said("a rule")
_RULE_LETTERS = said("letters, digits, dots and dashes")
#: how long a pass may rest on a witness's word
_SPANS = {"agent": SILENT_AFTER, "scan": SEEN_WITHIN}
_LEAST = min(_SPANS.values()).total_seconds()
_RULE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def named(fields: Fields, key: str, shape: re.Pattern[str], kind: Said) -> str | None:
    """A name under ``key`` that has a shape; ``kind`` says which."""
    text = fields.text(key, required=True)
    if text is not None and not shape.fullmatch(text):
        fields.complain(key, said("{text} is not a name made of {kind}", text=text, kind=kind))
        return None
    return text


class RuleReader:
    """Reads rules one by one; what is wrong and what is doubtful is noted with the rule's id."""

    def __init__(
        self, known: Catalogue, problems: Problems, doubts: Problems, inherited: frozenset[str]
    ) -> None:
        self.problems, self.doubts = problems, doubts
        self.inherited = inherited
        self._optional: Table[str, Callable[[Fields], object]] = {
            "severity": lambda fields: fields.one_of("severity", SEVERITIES, "medium"),
            "fresh": lambda fields: fields.span("fresh"),
            "fleet": self._fleet,
            "fix": lambda fields: fields.words("fix"),
            "why": lambda fields: fields.words("why"),
            "tests": ExampleReader(known, problems).read,
            "references": self._references,
            "for_each": lambda fields: fields.one_of("for_each", POPULATIONS, POPULATIONS[0]),
            "sources": self._sources,
            "maps": self._maps,
        }

    def rule(self, node: Node, conditions: ConditionReader) -> Rule | None:
        """The rule; None where something that it cannot do without is wrong."""
        rule_id = node.get("id") if isinstance(node, Mapping) else None
        self.problems.rule = rule_id.text if isinstance(rule_id, Scalar) else None
        self.doubts.rule = self.problems.rule
        fields = Fields(node, _A_RULE, keys.RULE, self.problems, keys.RULE_LATER)
        name = named(fields, "id", _RULE_ID, _RULE_LETTERS)
        title = fields.words("title")
        if title is None and "title" not in fields:
            self.doubts.add(node.place, said("no title; say in both languages what must hold"))
        applies_to = self._condition(fields, "applies_to", conditions)
        require = self._condition(fields, "require", conditions, required=True)
        rest: dict[str, Any] = {
            key: self._optional[key](fields) for key in fields.entries if key in self._optional
        }
        if "for_each" in fields and require is not None:
            require = known_by_the_server(require)
        if name is None or require is None or ("applies_to" in fields and applies_to is None):
            return None
        rule = Rule(
            id=name, title=title or Words(name, name), applies_to=applies_to, require=require,
            place=node.place, inherited=name in self.inherited, **rest,
        )  # fmt: skip
        self._beyond_silence(fields, rule)
        return rule

    def _beyond_silence(self, fields: Fields, rule: Rule) -> None:
        """Say it where ``fresh`` allows more than `policies.long_silent` lets a pass rest on."""
        if rule.fresh is None or rule.fresh <= _LEAST:
            return
        witnesses = rule.witnesses
        spans = [span for witness, span in _SPANS.items() if witness in witnesses]
        if not spans or rule.fresh <= max(spans).total_seconds():
            return
        self.doubts.add(
            fields.entries["fresh"][1].place,
            said(
                "fresh is longer than the {days} days after which a machine counts as silent, "
                "and no pass rests on older facts",
                days=max(spans).days,
            ),
        )

    def _condition(
        self, fields: Fields, key: str, conditions: ConditionReader, *, required: bool = False
    ) -> Condition | None:
        node = fields.node(key, required=required)
        return conditions.block(node) if node is not None else None

    def _references(self, fields: Fields) -> tuple[str, ...]:
        texts = []
        for node in fields.items("references"):
            if isinstance(node, Scalar) and node.text.strip():
                texts.append(node.text)
            elif not isinstance(node, Broken):
                self.problems.add(node.place, said("a reference is one short text"))
        return tuple(texts)

    def _maps(self, fields: Fields) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Keys of other catalogues, each with its ids; nobody here knows them."""
        node = fields.node("maps")
        if node is None or isinstance(node, Broken):
            return ()
        if not isinstance(node, Mapping):
            self.problems.add(node.place, said("maps is a mapping: {iso-27001: [A.8.20]}"))
            return ()
        found = []
        for key, value in node.entries.values():
            items = value.items if isinstance(value, Sequence) else ()
            texts = tuple(item.text for item in items if isinstance(item, Scalar))
            if not texts or len(texts) != len(items):
                self.problems.add(
                    value.place, said("maps: {text} takes a list of ids", text=key.text)
                )
            found.append((key.text, texts))
        return tuple(found)

    def _sources(self, fields: Fields) -> tuple[str, ...]:
        """The witnesses that are required; ``optional`` is what nothing said already means."""
        node = fields.node("sources")
        if node is None:
            return ()
        table = dict.fromkeys(WITNESSES, "required or optional")
        inner = Fields(node, "sources", table, self.problems)
        words = {name: inner.one_of(name, ("required", "optional"), "") for name in inner.entries}
        return tuple(name for name in WITNESSES if words.get(name) == "required")

    def _fleet(self, fields: Fields) -> Fleet:
        node = fields.node("fleet")
        if node is None:
            return Fleet()
        inner = Fields(node, "fleet", keys.FLEET, self.problems)
        inner.one_of("of", keys.EXPECTED_ONLY, "expected")
        return Fleet(inner.percent("pass_at_least", Fleet().pass_at_least))
