"""The generated evaluator.

One function for all rules of a policy, made by ``ast`` from whitelisted nodes.

Kleene logic without a third value at run time: each condition becomes two ordinary boolean
expressions, *surely true* and *surely false*, both false where it is unknown. ``and`` is surely
true when all parts are and surely false when one part is, and so on; no short cut can then mistake
a missing key for an answer. Constants reach the code by name, never as text.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from inventory.document import projected
from policies.rails import Generator
from policies.tree import Policy, paths

_WHITELIST = (
    ast.Module, ast.FunctionDef, ast.arguments, ast.arg, ast.For, ast.If, ast.Return, ast.Assign,
    ast.AugAssign, ast.Add, ast.BitOr, ast.Expr, ast.Name, ast.Load, ast.Store, ast.Attribute,
    ast.Tuple, ast.Call, ast.Subscript,
    ast.IfExp, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.BinOp, ast.Compare, ast.Is,
    ast.IsNot, ast.Eq, ast.NotEq, ast.Gt, ast.GtE, ast.Lt, ast.LtE, ast.In, ast.NotIn, ast.Constant,
)  # fmt: skip


class _Why(msgspec.Struct):
    """One entry of a view's table of unknowns."""

    reason: str = "not_reported"


class FastPolicy:
    """All rules of one policy, ready to be asked about a view."""

    def __init__(self, policy: Policy, generator: type[Generator] = Generator) -> None:
        self.decoder = msgspec.json.Decoder(view_type(policy))
        self._judge = compiled(policy, generator)

    def __call__(self, view: bytes, now: int, age: float) -> bytes:
        """One result code (`policies.codes`) for each rule.

        Args:
            view: the JSON bytes of a device's view.
            now: seconds since 1970.
            age: seconds since the report came.

        Raises:
            msgspec.MsgspecError: a fact has the wrong type, or these are not the bytes of a view.
        """
        decoded: Any = self.decoder.decode(view)
        unknown = {path: why.reason for path, why in (decoded.unknown or {}).items()}
        return self._judge(decoded.facts or None, unknown, now, age)


def view_type(policy: Policy) -> type[msgspec.Struct]:
    """The type of a view with only the facts that the policy's rules name.

    And the table of unknowns.
    """
    named = dict.fromkeys(path for rule in policy.rules for path in paths(rule))
    (facts,) = msgspec.structs.fields(projected(named))
    unknown = dict[str, _Why] | None | UnsetType
    fields = [("facts", facts.type, UNSET), ("unknown", unknown, UNSET)]
    return msgspec.defstruct("View", fields, gc=False)


def compiled(policy: Policy, generator: type[Generator] = Generator) -> Callable[..., bytes]:
    """The function ``(facts, unknown, now, age) → codes`` for all rules of a policy."""
    made = generator()
    module = made.module(policy.rules)
    check(module)
    namespace: dict[str, Any] = {"__builtins__": {}, **made.constants}
    exec(compile(module, f"<policy {policy.name}>", "exec"), namespace)  # noqa: S102 - nodes checked above
    judge: Callable[..., bytes] = namespace["judge"]
    return judge


def check(module: ast.Module) -> None:
    """Refuse any node that the generator has no business making.

    Raises:
        TypeError: the generator made something else: a fault of ours, not of a policy.
    """
    for node in ast.walk(module):
        if not isinstance(node, _WHITELIST):
            raise TypeError(f"{type(node).__name__} does not belong in generated code")
        if isinstance(node, ast.Constant) and not isinstance(node.value, bool | None):
            raise TypeError(f"constant {node.value!r} does not belong in generated code")
        if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
            raise TypeError(f"attribute {node.attr} does not belong in generated code")
