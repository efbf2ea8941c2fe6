"""The local variables of generated code: every value is read once, into a local."""

from __future__ import annotations

import ast

from policies.syntax import assign, compare, constant, if_else, name


class Scope:
    """Where values come from: the facts of a view, or one element of a list.

    Each read once, into a local.
    """

    def __init__(self, root: str, indexes: str) -> None:
        self.root = root
        self.indexes = indexes
        self.prelude: list[ast.stmt] = []
        self._locals: dict[tuple[str, ...], str] = {(): root}

    def local(self, steps: tuple[str, ...]) -> ast.Name:
        """The local variable that holds what stands at ``steps``."""
        if steps not in self._locals:
            above = self.local(steps[:-1])
            local = f"{self.root}_{len(self._locals)}"
            there: ast.expr = above if steps[1:] else compare(above, ast.IsNot, constant(None))
            value = if_else(there, ast.Attribute(above, steps[-1], ast.Load()), constant(None))
            self.prelude.append(assign(local, value))
            self._locals[steps] = local
        return name(self._locals[steps])
