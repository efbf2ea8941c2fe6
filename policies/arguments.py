"""Reading what an operator takes: one value, several, a pair, a span, patterns.

``$name`` stands for a variable.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as Table

from inventory.catalogue import Fact, catalogue
from inventory.yaml_tree import Broken, Mark, Node, Scalar, Sequence
from language.said import NOTHING, Said, said
from policies import operators
from policies.fields import kind_of
from policies.operators import NUMBERS, Operator
from policies.problems import Problems, did_you_mean, meant
from policies.times import span_seconds
from policies.tree import Argument, Other
from policies.values import Unfit, Value, element_type, typed

MAX_ITEMS = 500  #: values of one list in a rule
_COMPARABLE = frozenset({"value", "values", "version"})  #: what another fact may stand in for
_NAMED_WITNESSES = frozenset({"agent", "scan", "register", "device"})


def _alike(one: str, other: str) -> bool:
    return one == other or {one, other} <= NUMBERS or {one, other} <= {"text", "choice"}


def _is_nested(fact: Fact) -> bool:
    """Whether it stands in a list within a list: nobody could say which element is meant."""
    outer = catalogue().facts[fact.list_path] if fact.list_path else None
    return outer is not None and (outer.list_path is not None or fact.type == "list")


class ArgumentReader:
    """Reads arguments; remembers which variables were used."""

    def __init__(self, variables: Table[str, Node], problems: Problems) -> None:
        self.variables = variables
        self.problems = problems
        self.used: set[str] = set()

    def read(self, operator: Operator, node: Node, fact: Fact) -> Argument | None:
        """The argument of ``operator`` on ``fact``; None when it was refused."""
        given = self._resolved(node)
        if given is None:
            return None
        if operator.takes in _COMPARABLE and (named := self._named_fact(given)):
            return self._other(operator, named, given, fact)
        takes, word = operator.takes, operator.name
        if takes in ("value", "version"):
            return self._value(given, fact)
        if takes == "values":
            return self._several(word, given, lambda item: self._value(item, fact))
        if takes == "pair":
            return self._pair(word, given, fact)
        if takes == "span":
            return self._span(word, given)
        return (self._patterns if takes == "patterns" else self._pattern)(word, given)

    def _named_fact(self, node: Node) -> str | None:
        """The fact that an unquoted word names: ``agent.`` and a path, or a path of a witness."""
        if not isinstance(node, Scalar) or node.quoted:
            return None
        witness, dot, rest = node.text.partition(".")
        if not dot or witness not in _NAMED_WITNESSES:
            return None
        return node.text if node.text in catalogue().facts or witness != "agent" else rest

    def _other(self, operator: Operator, path: str, node: Node, fact: Fact) -> Other | None:
        """The fact on the right side, checked to be of the kind that the left is held against."""
        found = catalogue().facts.get(path)
        if found is None:
            hint = did_you_mean(path, catalogue().facts) or said(
                "; quote it where the text is meant"
            )
            self.problems.add(
                node.place, said("no fact is called {path}{hint}", path=path, hint=hint)
            )
            return None
        several = found.type == "list" or found.list_path is not None
        if found.children or _is_nested(found):
            self.problems.add(
                node.place, said("{path} holds several facts; name one of them", path=path)
            )
        elif several != (operator.takes == "values"):
            kind = said("a list of values") if operator.takes == "values" else said("one value")
            self.problems.add(
                node.place,
                said(
                    "{name} takes {kind}, and {path} is not one",
                    name=operator.name,
                    kind=kind,
                    path=path,
                ),
            )
        elif not _alike(element_type(found), element_type(fact)):
            self.problems.add(
                node.place,
                said(
                    "{path} and {other} do not compare: {kind} and {other_kind}",
                    path=fact.path,
                    other=path,
                    kind=element_type(fact),
                    other_kind=element_type(found),
                ),
            )
        elif found.unit != fact.unit:
            self.problems.add(
                node.place,
                said(
                    "{path} and {other} do not compare: {kind} and {other_kind}",
                    path=fact.path,
                    other=path,
                    kind=fact.unit or said("no unit of measure"),
                    other_kind=found.unit or said("no unit of measure"),
                ),
            )
        else:
            return Other(found)
        return None

    def bound(self, operator: str, node: Node, number: Fact) -> int | tuple[int, int] | None:
        """What a count is compared with: whole numbers from 0."""
        found = self.read(operators.OPERATORS[operator], node, number)
        if isinstance(found, tuple):
            low, high = found
            return int(low), int(high)
        if isinstance(found, Other):
            self.problems.add(node.place, said("a count is held against a number"))
            return None
        if found is not None and int(found) < 0:
            self.problems.add(node.place, said("a count is never below 0"))
            return None
        return int(found) if found is not None else None

    def _resolved(self, node: Node) -> Node | None:
        """The node, or what the variable it names holds; as if it stood in the variable's stead."""
        if not isinstance(node, Scalar):
            return None if isinstance(node, Broken) else node
        if node.quoted or not node.text.startswith("$"):
            return node
        name = node.text[1:]
        if name not in self.variables:
            hint = did_you_mean(name, self.variables) or said("; define it under vars")
            self.problems.add(
                node.place, said("no variable is called {name}{hint}", name=name, hint=hint)
            )
            return None
        self.used.add(name)
        return _moved(self.variables[name], node.mark)

    def _scalar(self, node: Node) -> Scalar | None:
        found = self._resolved(node)
        if isinstance(found, Scalar):
            return found
        if found is not None:
            self.problems.add(
                found.place,
                said("one value is expected here, not {kind}", kind=kind_of(found)),
            )
        return None

    def _value(self, node: Node, fact: Fact) -> Value | None:
        scalar = self._scalar(node)
        if scalar is None:
            return None
        try:
            return typed(scalar, fact)
        except Unfit as fault:
            self.problems.add(scalar.place, _named(fault.said, fact))
            return None

    def _several(
        self, word: str, node: Node, read: Callable[[Node], Value | None]
    ) -> tuple[Value, ...] | None:
        if not isinstance(node, Sequence) or not 0 < len(node.items) <= MAX_ITEMS:
            self.problems.add(
                node.place,
                said(
                    "{word} takes a list of 1 to {most} values: [a, b]",
                    word=word,
                    most=MAX_ITEMS,
                ),
            )
            return None
        found = [read(item) for item in node.items]
        return tuple(one for one in found if one is not None) if None not in found else None

    def _pair(self, word: str, node: Node, fact: Fact) -> tuple[Value, ...] | None:
        if not isinstance(node, Sequence) or len(node.items) != len(("low", "high")):
            self.problems.add(node.place, said("{word} takes two values: [low, high]", word=word))
            return None
        low, high = (self._value(item, fact) for item in node.items)
        if low is None or high is None:
            return None
        if isinstance(low, str) or isinstance(high, str) or low > high:
            self.problems.add(
                node.place, said("{word}: the first value is greater than the second", word=word)
            )
            return None
        return low, high

    def _pattern(self, word: str, node: Node) -> str | None:
        scalar = self._scalar(node)
        if scalar is None:
            return None
        if not scalar.text:
            self.problems.add(scalar.place, said("{word}: the pattern is empty", word=word))
            return None
        try:
            operators.matcher(word, scalar.text)
        except ValueError as fault:
            self.problems.add(
                scalar.place,
                said("{word}: not a pattern that RE2 takes: {fault}", word=word, fault=fault),
            )
            return None
        return scalar.text

    def _patterns(self, word: str, node: Node) -> tuple[Value, ...] | None:
        return self._several(word, node, lambda item: self._pattern("like", item))

    def _span(self, word: str, node: Node) -> int | None:
        scalar = self._scalar(node)
        if scalar is None:
            return None
        seconds = 0 if scalar.text == "0" and not scalar.quoted else span_seconds(scalar.text)
        if seconds is None:
            hint = meant(f"{scalar.text}d") if scalar.text.isdigit() else NOTHING
            self.problems.add(
                scalar.place,
                said(
                    "{word}: {text} is not a span of time such as 7d, 12h, 30m{hint}",
                    word=word,
                    text=scalar.text,
                    hint=hint,
                ),
            )
        return seconds


def _named(message: Said, fact: Fact) -> Said:
    if fact.path in message:
        return message
    return said("{path}: {message}", path=fact.path, message=message)


def _moved(node: Node, mark: Mark) -> Node:
    """The same value at another place, so that a problem is shown where the variable is used."""
    if isinstance(node, Scalar):
        return Scalar(mark, node.text, node.quoted)
    if isinstance(node, Sequence):
        return Sequence(mark, tuple(_moved(item, mark) for item in node.items))
    return node
