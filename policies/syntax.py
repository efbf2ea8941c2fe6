"""The few shapes of syntax that generated code is made of."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence


def name(word: str) -> ast.Name:
    """A variable or constant, read."""
    return ast.Name(word, ast.Load())


def constant(value: bool | None) -> ast.Constant:
    """``None``, ``True`` or ``False``: the only constants that stand in the code itself."""
    return ast.Constant(value)


def assign(word: str, value: ast.expr) -> ast.stmt:
    """``word = value``."""
    return ast.Assign([ast.Name(word, ast.Store())], value)


def call(word: str, *arguments: ast.expr) -> ast.expr:
    """``word(arguments…)``."""
    return ast.Call(name(word), list(arguments), [])


def compare(left: ast.expr, operator: type[ast.cmpop], right: ast.expr) -> ast.expr:
    """``left operator right``."""
    return ast.Compare(left, [operator()], [right])


def negated(value: ast.expr) -> ast.expr:
    """``not value``."""
    return ast.UnaryOp(ast.Not(), value)


def if_else(asked: ast.expr, then: ast.expr, otherwise: ast.expr) -> ast.expr:
    """``then if asked else otherwise``."""
    return ast.IfExp(asked, then, otherwise)


def item(table: ast.expr, key: ast.expr) -> ast.expr:
    """``table[key]``."""
    return ast.Subscript(table, key, ast.Load())


def bits_of(numbers: Sequence[ast.expr]) -> ast.expr:
    """``numbers[0] | numbers[1] | …``, in halves: a thousand in a row would nest too deep."""
    if len(numbers) == 1:
        return numbers[0]
    middle = len(numbers) // 2
    return ast.BinOp(bits_of(numbers[:middle]), ast.BitOr(), bits_of(numbers[middle:]))


def all_of(parts: Iterable[ast.expr]) -> ast.expr:
    """``a and b and …``."""
    return _joined(ast.And(), list(parts))


def any_of(parts: Iterable[ast.expr]) -> ast.expr:
    """``a or b or …``."""
    return _joined(ast.Or(), list(parts))


def _joined(operator: ast.boolop, parts: list[ast.expr]) -> ast.expr:
    return parts[0] if len(parts) == 1 else ast.BoolOp(operator, parts)


def function(word: str, parameters: Sequence[str], body: Sequence[ast.stmt]) -> ast.stmt:
    """``def word(parameters…): body``."""
    arguments = ast.arguments([], [ast.arg(one) for one in parameters], None, [], [], None, [])
    return ast.FunctionDef(word, arguments, list(body), [])


def first_true(item: str, prelude: Sequence[ast.stmt], asked: ast.expr) -> list[ast.stmt]:
    """Whether any of ``items`` makes ``asked`` true."""
    found = ast.If(asked, [ast.Return(constant(True))], [])
    return [*_loop(item, [*prelude, found]), ast.Return(constant(False))]


def count_true(item: str, prelude: Sequence[ast.stmt], asked: ast.expr) -> list[ast.stmt]:
    """How many of ``items`` make ``asked`` true."""
    more = ast.AugAssign(ast.Name("number", ast.Store()), ast.Add(), name("one"))
    counted = ast.If(asked, [more], [])
    loop = _loop(item, [*prelude, counted])
    return [assign("number", name("zero")), *loop, ast.Return(name("number"))]


def _loop(item: str, body: list[ast.stmt]) -> list[ast.stmt]:
    """A loop over ``items``; the element's indexes are kept only where the body asks for them."""
    nodes = (node for statement in body for node in ast.walk(statement))
    if not any(isinstance(node, ast.Name) and node.id == "inner" for node in nodes):
        return [ast.For(ast.Name(item, ast.Store()), name("items"), body, [])]
    place = ast.Tuple([ast.Name("index", ast.Store()), ast.Name(item, ast.Store())], ast.Store())
    here = ast.BinOp(name("indexes"), ast.Add(), ast.Tuple([name("index")], ast.Load()))
    return [ast.For(place, call("enumerate", name("items")), [assign("inner", here), *body], [])]
