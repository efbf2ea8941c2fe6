"""Making the syntax tree of the generated evaluator.

Every condition as *surely true* and *surely false*.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec import UNSET

from policies import operators, times, unknowns, versions
from policies.bounds import bounds_met
from policies.codes import DEFERRED, FAIL, NOT_APPLICABLE, PASS, UNKNOWN
from policies.scope import Scope
from policies.syntax import (
    all_of,
    any_of,
    bits_of,
    call,
    compare,
    constant,
    count_true,
    first_true,
    function,
    if_else,
    item,
    name,
    negated,
)
from policies.tables import OLD, TOLD, Tables, codes_of
from policies.tree import (
    Condition,
    Every,
    Exists,
    Opposite,
    Quantified,
    Rule,
    Some,
    Spot,
    Test,
    WhenMissing,
    others,
)
from policies.values import element_type

_COMPARE: dict[str, type[ast.cmpop]] = {
    "is": ast.Eq, "at_least": ast.GtE, "at_most": ast.LtE, "more_than": ast.Gt, "less_than": ast.Lt,
}  # fmt: skip
ROOT = "facts"
_ASIDE = ("now", "unknown")  #: what every generated function is handed along


class Generator:
    """Collects functions and constants while it walks the rules."""

    def __init__(self) -> None:
        self.constants: dict[str, Any] = {
            "unset": UNSET, "no_indexes": (), "one": 1, "zero": 0,
            "enumerate": enumerate, "length": len, "within": times.within,
            "older_than": times.older_than,
            "version_in": versions.version_in, "version_at_least": versions.version_at_least,
            "nothing_there": unknowns.nothing_there, "surely_absent": unknowns.surely_absent,
            "incomplete": unknowns.incomplete, "passed": PASS, "failed": FAIL, "undecided": UNKNOWN,
            "not_applicable": NOT_APPLICABLE, "deferred": DEFERRED,
        }  # fmt: skip
        self.functions: list[ast.stmt] = []
        self._made: dict[tuple[int, str], str] = {}
        self._count_made = 0
        self._kept: list[Condition] = []  # so that no id in _made is ever used twice

    def module(self, rules: Sequence[Rule]) -> ast.Module:
        """The module whose function ``judge`` answers for all rules.

        It joins a number for each fact that is looked up (`policies.tables`), one for each rule
        that is not, and reads each rule's code from its byte.
        """
        scope = Scope(ROOT, "no_indexes")
        tables = Tables(rules)
        numbers = [name("zero"), *self._looked_up(tables, scope), *self._too_old(rules, tables)]
        for at in tables.left:
            told = tuple((TOLD | code) << 8 * at for code in range(DEFERRED + 1))
            numbers.append(item(self.constant(told), self._rule(rules[at], scope)))
        codes = ast.Call(self.constant(codes_of(len(rules))), [bits_of(numbers)], [])
        body = [*scope.prelude, ast.Return(codes)]
        judge = function("judge", ("facts", "unknown", "now", "age"), body)
        return ast.fix_missing_locations(ast.Module([*self.functions, judge], []))

    def _looked_up(self, tables: Tables, scope: Scope) -> Iterator[ast.expr]:
        for steps, answers in tables.facts.items():
            yield item(self.constant(answers), scope.local(steps))
        for one in tables.columns.values():
            handed = [scope.local(one.spot.steps), self._partial(one.spot, scope)]
            yield ast.Call(self.constant(one.numbers), handed, [])

    def _too_old(self, rules: Sequence[Rule], tables: Tables) -> Iterator[ast.expr]:
        """For each age that rules allow, the flags of those rules where the report is older."""
        flags: dict[int, int] = {}
        for at, rule in enumerate(rules):
            if rule.fresh is not None and at not in tables.left:
                flags[rule.fresh] = flags.get(rule.fresh, 0) | OLD << 8 * at
        for fresh, number in flags.items():
            old = compare(name("age"), ast.Gt, self.constant(fresh))
            yield if_else(old, self.constant(number), name("zero"))

    def _rule(self, rule: Rule, scope: Scope) -> ast.expr:
        if any(others(rule)):
            return name("deferred")
        result = self._verdict(rule.require, scope)
        if rule.applies_to is not None:
            surely, surely_not = (
                self.true(rule.applies_to, scope),
                self.false(rule.applies_to, scope),
            )
            otherwise = if_else(surely_not, name("not_applicable"), name("undecided"))
            result = if_else(surely, result, otherwise)
        if rule.fresh is not None:
            old = compare(name("age"), ast.Gt, self.constant(rule.fresh))
            result = if_else(old, name("undecided"), result)
        return result

    def _verdict(self, require: Condition, scope: Scope) -> ast.expr:
        surely_not = if_else(self.false(require, scope), name("failed"), name("undecided"))
        return if_else(self.true(require, scope), name("passed"), surely_not)

    def constant(self, value: Any) -> ast.Name:
        """A name under which the generated code finds ``value``."""
        key = f"k{len(self.constants)}"
        self.constants[key] = value
        return name(key)

    # The two rails: true(x) is true when x surely holds, false(x) when it surely does not.

    def true(self, node: Condition, scope: Scope) -> ast.expr:
        """An expression that is true when the condition surely holds."""
        if isinstance(node, Every):
            return all_of(self.true(part, scope) for part in node.parts)
        if isinstance(node, Some):
            return any_of(self.true(part, scope) for part in node.parts)
        if isinstance(node, Opposite):
            return self.false(node.part, scope)
        return self._single(node, scope, holds=True)

    def false(self, node: Condition, scope: Scope) -> ast.expr:
        """An expression that is true when the condition surely does not hold."""
        if isinstance(node, Every):
            return any_of(self.false(part, scope) for part in node.parts)
        if isinstance(node, Some):
            return all_of(self.false(part, scope) for part in node.parts)
        if isinstance(node, Opposite):
            return self.true(node.part, scope)
        return self._single(node, scope, holds=False)

    def rail(self, node: Condition, scope: Scope, *, holds: bool) -> ast.expr:
        """One of the two rails."""
        return self.true(node, scope) if holds else self.false(node, scope)

    def _single(self, node: Condition, scope: Scope, *, holds: bool) -> ast.expr:
        if isinstance(node, Test):
            return self.test(node, scope, holds=holds)
        if isinstance(node, Exists):
            return self._exists(node, scope, holds=holds)
        if isinstance(node, WhenMissing):
            return self._when_missing(node, scope, holds=holds)
        if isinstance(node, Quantified):
            present = self.present(node.spot, scope)
            return all_of((present, self._quantified(node, scope, holds=holds)))
        raise TypeError(type(node).__name__)

    def present(self, spot: Spot, scope: Scope) -> ast.expr:
        """Whether something stands at the spot."""
        local = scope.local(spot.steps)
        never = (constant(None), name("unset"))
        return all_of(compare(local, ast.IsNot, nothing) for nothing in never)

    def test(self, node: Test, scope: Scope, *, holds: bool) -> ast.expr:
        """One operator on one value: it is present, and the operator says so."""
        local, kind = scope.local(node.spot.steps), element_type(node.spot.fact)
        if kind == "boolean":
            return compare(local, ast.Is, constant(node.argument is holds))
        return all_of((self.present(node.spot, scope), self._says(node, kind, local, holds=holds)))

    def _says(self, node: Test, kind: str, local: ast.expr, *, holds: bool) -> ast.expr:
        three_valued = self._three_valued(node, kind, local)
        if three_valued is not None:
            return compare(three_valued, ast.Is, constant(holds))
        positive = self._two_valued(node, local)
        return positive if holds else negated(positive)

    def _three_valued(self, node: Test, kind: str, local: ast.expr) -> ast.expr | None:
        """Operators that may fail to read a value which is there."""
        word = node.operator
        if word in ("within", "older_than"):
            return call(word, local, name("now"), self.constant(node.argument))
        if word in ("is", "one_of") and kind == "version":
            return call("version_in", local, self.constant(operators.version_keys(node.argument)))
        if word == "version_at_least":
            (key,) = operators.version_keys(node.argument)
            return call(word, local, self.constant(key))
        return None

    def _two_valued(self, node: Test, local: ast.expr) -> ast.expr:
        word, argument = node.operator, node.argument
        if word in _COMPARE:
            return compare(local, _COMPARE[word], self.constant(argument))
        if word == "one_of" and isinstance(argument, tuple):
            return compare(local, ast.In, self.constant(frozenset(argument)))
        if word == "between" and isinstance(argument, tuple):
            low, high = (self.constant(end) for end in argument)
            return all_of((compare(local, ast.GtE, low), compare(local, ast.LtE, high)))
        matcher = operators.matcher(word, argument)
        return ast.Call(self.constant(matcher), [local], [])

    def _about(self, helper: str, spot: Spot, scope: Scope) -> ast.expr:
        """A question to the table of unknowns."""
        known_as = self.constant(unknowns.names_of(spot))
        return call(helper, name("unknown"), known_as, name(scope.indexes))

    def _partial(self, spot: Spot, scope: Scope) -> ast.expr:
        """Whether the list at the spot was not read to its end."""
        return all_of((name("unknown"), self._about("incomplete", spot, scope)))

    def _exists(self, node: Exists, scope: Scope, *, holds: bool) -> ast.expr:
        present = self.present(node.spot, scope)
        if node.wanted is holds:
            return present
        return all_of((negated(present), self._about("surely_absent", node.spot, scope)))

    def _when_missing(self, node: WhenMissing, scope: Scope, *, holds: bool) -> ast.expr:
        absent = negated(self.present(node.spot, scope))
        nothing = all_of((absent, self._about("nothing_there", node.spot, scope)))
        inner = self.rail(node.part, scope, holds=holds)
        if node.holds is holds:
            return any_of((inner, nothing))
        return all_of((inner, negated(nothing)))

    def _quantified(self, node: Quantified, scope: Scope, *, holds: bool) -> ast.expr:
        """The quantifier over a list that is there; a partial list never proves *all* or *none*."""
        partial = self._partial(node.spot, scope)
        if node.kind == "count":
            return self._count(node, scope, partial, holds=holds)
        seeks = (node.kind == "any") is holds  # one element proves it
        element_holds = node.kind != "all"
        if seeks:
            return self._loop(node, scope, "first", holds=element_holds, invert=False)
        unproved = self._loop(node, scope, "first", holds=not element_holds, invert=True)
        return all_of((negated(unproved), negated(partial)))

    def _count(self, node: Quantified, scope: Scope, partial: ast.expr, *, holds: bool) -> ast.expr:
        if node.where is None:
            low = high = call("length", scope.local(node.spot.steps))
        else:
            low = self._loop(node, scope, "count", holds=True, invert=False)
            high = self._loop(node, scope, "count", holds=False, invert=True)
        return ast.Call(
            self.constant(bounds_met(node.bounds, holds=holds)), [low, high, partial], []
        )

    def _loop(
        self, node: Quantified, scope: Scope, shape: str, *, holds: bool, invert: bool
    ) -> ast.expr:
        """A call of a function that looks through the list.

        Is there an element, or how many are there.
        """
        key = (id(node), f"{shape} {holds} {invert}")
        if key not in self._made:
            self._kept.append(node)
            self._made[key] = self._loop_function(node, shape, holds=holds, invert=invert)
        handed = (scope.local(node.spot.steps), *map(name, _ASIDE), name(scope.indexes))
        return call(self._made[key], *handed)

    def _loop_function(self, node: Quantified, shape: str, *, holds: bool, invert: bool) -> str:
        self._count_made += 1
        made, inner = f"look_{self._count_made}", Scope(f"item_{self._count_made}", "inner")
        asked = (
            self.rail(node.where, inner, holds=holds) if node.where is not None else constant(True)
        )
        asked = negated(asked) if invert else asked
        loop: Callable[[str, Sequence[ast.stmt], ast.expr], list[ast.stmt]]
        loop = first_true if shape == "first" else count_true
        body = loop(inner.root, inner.prelude, asked)
        self.functions.append(function(made, ("items", *_ASIDE, "indexes"), body))
        return made
