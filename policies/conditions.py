"""Reading conditions: what a rule says about facts.

Checked against the catalogue and typed by it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping as Table
from functools import cache

from inventory.catalogue import Catalogue, Fact
from inventory.yaml_tree import Broken, Mapping, Node, Scalar, Sequence
from language.said import Said, said
from policies import operators, suggestions
from policies.arguments import ArgumentReader
from policies.fields import kind_of
from policies.operators import BOUNDS, LIST_OPERATORS, OPERATORS, QUANTIFIERS, STRUCTURE
from policies.problems import Problems, did_you_mean
from policies.tree import (
    Bound,
    Condition,
    Every,
    Exists,
    Opposite,
    Quantified,
    Some,
    Spot,
    Test,
    WhenMissing,
)
from policies.values import element_type


class ConditionReader:
    """Turns YAML nodes into conditions.

    A part that cannot be read is None and its problem is noted.
    """

    def __init__(self, known: Catalogue, variables: Table[str, Node], problems: Problems) -> None:
        self.known = known
        self.problems = problems
        self.arguments = ArgumentReader(variables, problems)

    def block(self, node: Node, prefix: str = "", base: str = "") -> Condition | None:
        """Conditions on facts below ``prefix``, read from the element of list ``base``.

        All must hold.
        """
        if not isinstance(node, Mapping):
            if not isinstance(node, Broken):
                self.problems.add(
                    node.place,
                    said(
                        "conditions must be a mapping of facts, not {kind}",
                        kind=kind_of(node),
                    ),
                )
            return None
        if not node.entries:
            self.problems.add(node.place, said("no conditions here; name at least one fact"))
        parts = [self._entry(key, value, prefix, base) for key, value in node.entries.values()]
        return _joined(parts)

    def _entry(self, key: Scalar, value: Node, prefix: str, base: str) -> Condition | None:
        word = key.text
        path = f"{prefix}.{word}" if prefix else word
        if path in self.known.facts:
            return self._fact(key, value, self.known.facts[path], base)
        if word in ("all_of", "any_of"):
            parts = [self.block(item, prefix, base) for item in self._items(word, key, value)]
            return _grouped(word, parts)
        if word == "not":
            part = self.block(value, prefix, base)
            return Opposite(part) if part is not None else None
        self.problems.add(key.place, self._no_fact(word, prefix))
        return None

    def _items(self, word: str, key: Scalar, value: Node) -> tuple[Node, ...]:
        if isinstance(value, Sequence) and value.items:
            return value.items
        if not isinstance(value, Broken):
            self.problems.add(
                key.place,
                said("{word} takes a list of conditions: {word}: [{{…}}, {{…}}]", word=word),
            )
        return ()

    def _no_fact(self, word: str, prefix: str) -> Said:
        start = f"{prefix}." if prefix else ""
        below = [path.removeprefix(start) for path in self.known.facts if path.startswith(start)]
        hint = did_you_mean(word, [*below, *STRUCTURE]) or suggestions.by_last_word(word, below)
        if word in operators.RESERVED and "word" not in hint.values:
            return said(
                "{word} must stand below a fact, such as: {example}",
                word=word,
                example=suggestions.example(word),
            )
        return said("no fact is called {path}{hint}", path=start + word, hint=hint)

    def _fact(self, key: Scalar, value: Node, fact: Fact, base: str) -> Condition | None:
        if (fact.list_path or "") != base:
            outer = str(fact.list_path)
            inner = fact.path.removeprefix(f"{outer}.")
            self.problems.add(
                key.place,
                said(
                    "{outer} is a list: write {outer}: {{all: {{{inner}: …}}}}, or any, none",
                    outer=outer,
                    inner=inner,
                ),
            )
            return None
        return self.value(key, value, Spot(fact, base, _steps(fact.path, base)))

    def value(self, key: Scalar, node: Node, spot: Spot) -> Condition | None:
        """What is said of one fact: a bare value, or a mapping of operators."""
        if isinstance(node, Broken):
            return None
        whole_list = spot.fact.type == "list" and bool(spot.steps)
        if isinstance(node, Mapping):
            return self._mapping(key, node, spot, whole_list)
        if whole_list:
            example = "{none: {…}}" if spot.fact.children else "{any: …}"
            self.problems.add(
                key.place,
                said(
                    "{path} is a list and needs any, all, none or count: {example}",
                    path=spot.fact.path,
                    example=example,
                ),
            )
        elif spot.fact.type == "object":
            self.problems.add(key.place, self._object_needs(spot.fact))
        elif isinstance(node, Sequence):
            self.problems.add(
                node.place, said("a list needs a word: {text}: {{one_of: […]}}", text=key.text)
            )
        else:
            return self._test("is", node, spot)
        return None

    def _object_needs(self, fact: Fact) -> Said:
        names = [child.rpartition(".")[2] for child in fact.children]
        return said(
            "{path} holds several facts; name one: {names}",
            path=fact.path,
            names=", ".join(names[:6]),
        )

    def _mapping(
        self, key: Scalar, node: Mapping, spot: Spot, whole_list: bool
    ) -> Condition | None:
        missing = self._missing(node, spot)
        rest = [entry for word, entry in node.entries.items() if word != "missing"]
        if not rest:
            self.problems.add(
                node.place, said("{text}: says nothing; give a value or an operator", text=key.text)
            )
            return None
        if spot.fact.type == "object":
            part = self._object(rest, spot)
        else:
            part = _joined([self._operator(name, value, spot, whole_list) for name, value in rest])
        if part is None or missing in (None, "unknown"):
            return part
        return WhenMissing(spot, missing == "pass", part)

    def _missing(self, node: Mapping, spot: Spot) -> str | None:
        """The word after ``missing:``, checked."""
        value = node.get("missing")
        if value is None or isinstance(value, Broken):
            return None
        if spot.fact.type == "object":
            self.problems.add(
                value.place, said("missing belongs to one fact; put it below each fact here")
            )
            return None
        if "exists" in node.entries:
            self.problems.add(
                value.place, said("exists already speaks of missing facts; drop missing")
            )
        if isinstance(value, Scalar) and value.text in operators.MISSING:
            return value.text
        typed = value.text if isinstance(value, Scalar) else ""
        hint = did_you_mean(typed, operators.MISSING)
        self.problems.add(
            value.place,
            said("missing is {words}{hint}", words=", ".join(operators.MISSING), hint=hint),
        )
        return None

    def _object(self, entries: list[tuple[Scalar, Node]], spot: Spot) -> Condition | None:
        parts: list[Condition | None] = []
        for name, value in entries:
            if name.text == "exists":
                parts.append(self._exists(value, spot))
            else:
                parts.append(self._entry(name, value, spot.fact.path, spot.base))
        return _joined(parts)

    def _operator(
        self, name: Scalar, value: Node, spot: Spot, whole_list: bool
    ) -> Condition | None:
        word, fact = name.text, spot.fact
        if word == "exists":
            return self._exists(value, spot)
        if word == "not":
            part = self.value(name, value, spot)
            return Opposite(part) if part is not None else None
        if word in ("all_of", "any_of"):
            found = [self.value(name, item, spot) for item in self._items(word, name, value)]
            return _grouped(word, found)
        if whole_list:
            return self._list(name, value, spot)
        kind = element_type(fact)
        if word in OPERATORS and kind in OPERATORS[word].fits:
            return self._test(word, value, spot)
        self.problems.add(name.place, suggestions.misfit(word, fact, kind))
        return None

    def _list(self, name: Scalar, value: Node, spot: Spot) -> Condition | None:
        word, fact = name.text, spot.fact
        inner = Spot(fact, fact.path, ())
        if word == "count":
            return self._count(value, spot)
        if word in QUANTIFIERS:
            where = self._where(name, value, fact)
            return Quantified(spot, word, where) if where is not None else None
        if word in LIST_OPERATORS and not fact.children:
            kind, operator = LIST_OPERATORS[word]
            test = self._test(operator, value, inner)
            return Quantified(spot, kind, test) if test is not None else None
        usable = [*QUANTIFIERS, "exists", *([] if fact.children else LIST_OPERATORS)]
        hint = suggestions.suggest(word, usable)
        self.problems.add(
            name.place,
            said(
                "{path} is a list: {word} does not fit{hint}", path=fact.path, word=word, hint=hint
            ),
        )
        return None

    def _where(self, name: Scalar, value: Node, fact: Fact) -> Condition | None:
        """What is asked of one element."""
        if fact.children:
            return self.block(value, fact.path, fact.path)
        return self.value(name, value, Spot(fact, fact.path, ()))

    def _count(self, node: Node, spot: Spot) -> Condition | None:
        number = dataclasses.replace(spot.fact, type="integer", of=None, unit="count")
        if isinstance(node, Scalar):
            found = self.arguments.bound("is", node, number)
            return (
                Quantified(spot, "count", None, (Bound("is", found),))
                if found is not None
                else None
            )
        if not isinstance(node, Mapping):
            if not isinstance(node, Broken):
                self.problems.add(node.place, said("count takes {where: {…}, at_most: 3}"))
            return None
        where, bounds = None, []
        for name, value in node.entries.values():
            if name.text == "where":
                where = self._where(name, value, spot.fact)
            elif name.text in BOUNDS:
                found = self.arguments.bound(name.text, value, number)
                bounds += [Bound(name.text, found)] if found is not None else []
            else:
                hint = suggestions.suggest(name.text, ["where", *BOUNDS])
                self.problems.add(
                    name.place, said("count has no {text}{hint}", text=name.text, hint=hint)
                )
        if not node.entries.keys() - {"where"}:
            self.problems.add(
                node.place, said("count needs a number: {bounds}", bounds=", ".join(BOUNDS))
            )
        return Quantified(spot, "count", where, tuple(bounds))

    def _exists(self, value: Node, spot: Spot) -> Condition | None:
        if isinstance(value, Scalar) and value.text in ("true", "false") and not value.quoted:
            return Exists(spot, value.text == "true")
        if not isinstance(value, Broken):
            self.problems.add(value.place, said("exists is true or false"))
        return None

    def _test(self, operator: str, value: Node, spot: Spot) -> Condition | None:
        fact = spot.fact
        if operator == "is" and element_type(fact) == "timestamp":
            self.problems.add(
                value.place, said("{path} is a moment: use within or older_than", path=fact.path)
            )
            return None
        argument = self.arguments.read(OPERATORS[operator], value, fact)
        return Test(spot, operator, argument) if argument is not None else None


@cache
def _steps(path: str, base: str) -> tuple[str, ...]:
    """The names that lead from ``base`` to the fact."""
    return tuple(path.removeprefix(f"{base}." if base else "").split("."))


def _joined(parts: list[Condition | None]) -> Condition | None:
    """All of the parts that could be read."""
    read = tuple(part for part in parts if part is not None)
    if len(read) == 1:
        return read[0]
    return Every(read) if read else None


def _grouped(word: str, parts: list[Condition | None]) -> Condition | None:
    read = tuple(part for part in parts if part is not None)
    if not read:
        return None
    return Every(read) if word == "all_of" else Some(read)
