"""The same rules in the languages of all peers.

Two conditions each; one rule in ten looks through a list.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any, NamedTuple

import polars as pl

from benchmarks.judging.documents import SCALARS
from policies.load import load_text
from policies.tree import Policy


class Sides(NamedTuple):
    """One condition, or one rule, as each peer writes it."""

    ours: str
    cel: str
    polars: pl.Expr
    duckdb: str
    custodian: tuple[dict[str, Any], ...]


def column(path: str) -> pl.Expr:
    """The expression for a dotted path."""
    first, *rest = path.split(".")
    expression = pl.col(first)
    for word in rest:
        expression = expression.struct.field(word)
    return expression


def scalar(chance: random.Random) -> Sides:
    """One condition on a plain value."""
    path, kind, values = chance.choice(SCALARS)
    value = chance.choice(values)
    if kind == "integer":
        return Sides(
            f"{path}: {{at_most: {_ours(path, value)}}}",
            f"{path} <= {value}",
            column(path) <= value,
            f"facts.{path} <= {value}",
            ({"type": "value", "key": path, "op": "lte", "value": value},),
        )
    text = json.dumps(value)
    return Sides(
        f"{path}: {text}",
        f"{path} == {text}",
        column(path) == value,
        f"facts.{path} = " + text.replace('"', "'"),
        ({"type": "value", "key": path, "value": value},),
    )


def _ours(path: str, value: Any) -> str:
    return f"{value}s" if path == "session_lock.after" else str(value)


def listed(chance: random.Random, number: int) -> Sides:
    """One condition on a list."""
    return _named(chance) if number % 2 else _listening(chance)


def _named(chance: random.Random) -> Sides:
    prefix = chance.choice(("AnyDesk", "TeamViewer", "Program 7"))
    begins = pl.element().struct.field("name").str.starts_with(prefix)
    return Sides(
        f'software: {{none: {{name: {{like: "{prefix}*"}}}}}}',
        f'!software.exists(e, e.name.startsWith("{prefix}"))',
        ~column("software").list.eval(begins).list.any(),
        f"len(list_filter(facts.software, lambda e: starts_with(e.name, '{prefix}'))) = 0",
        (_none(f"software[?starts_with(name, '{prefix}')]"),),
    )


def _listening(chance: random.Random) -> Sides:
    port, element = chance.choice((22, 23, 445, 5357)), pl.element().struct
    both = (element.field("port") == port) & element.field("exposed")
    return Sides(
        f"network.listening: {{none: {{port: {port}, exposed: yes}}}}",
        f"!network.listening.exists(e, e.port == {port} && e.exposed)",
        ~column("network.listening").list.eval(both).list.any(),
        f"len(list_filter(facts.network.listening, lambda e: e.port = {port} AND e.exposed)) = 0",
        (_none(f"network.listening[?port == `{port}` && exposed]"),),
    )


def _none(jmespath: str) -> dict[str, Any]:
    return {"type": "value", "key": f"length({jmespath})", "value": 0}


def rules(count: int, chance: random.Random) -> list[Sides]:
    """Rules of two conditions each; one in ten looks through a list."""
    made: list[Sides] = []
    for number in range(count):
        one = listed(chance, number // 10) if number % 10 == 0 else scalar(chance)
        other = scalar(chance)
        while other.ours.partition(":")[0] == one.ours.partition(":")[0]:
            other = scalar(chance)
        made.append(
            Sides(
                f"{{{one.ours}, {other.ours}}}",
                f"({one.cel}) && ({other.cel})",
                one.polars & other.polars,
                f"({one.duckdb}) AND ({other.duckdb})",
                one.custodian + other.custodian,
            )
        )
    return made


def ours_of(made: Sequence[Sides]) -> Policy:
    """Our policy of the rules."""
    lines = [f"  - {{id: R{at}, title: r, require: {one.ours}}}" for at, one in enumerate(made)]
    return load_text("policy: bench\nversion: 1\ntitle: bench\nrules:\n" + "\n".join(lines) + "\n")
