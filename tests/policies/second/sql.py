"""Rules as SQL on DuckDB over raw JSON: written apart from our evaluators, from DESIGN §8.

SQL's own AND, OR and NOT are Kleene's; what it gets wrong is lists, whose filters drop NULL, so the
quantifiers here count the unknown elements themselves. Versions are left out: SQL cannot order
them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import duckdb

from inventory.catalogue import Fact, catalogue
from policies.tree import (
    Bound,
    Condition,
    Every,
    Exists,
    Opposite,
    Policy,
    Quantified,
    Rule,
    Some,
    Spot,
    Test,
    WhenMissing,
    walk,
)

NOTHING = "('not_found', 'not_installed', 'never_reported')"
COMPARE = {"is": "=", "at_least": ">=", "at_most": "<=", "more_than": ">", "less_than": "<"}


def can_say(rule: Rule) -> bool:
    """Whether the rule holds nothing that SQL cannot say."""
    nodes = [node for tree in rule.conditions() for node in walk(tree)]
    tests = [node for node in nodes if isinstance(node, Test)]
    return all(kind(one.spot.fact) != "version" for one in tests)


def kind(fact: Fact) -> str:
    """The type of one value."""
    return fact.of or "text" if fact.type == "list" else fact.type


def text(value: object) -> str:
    """A SQL literal."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(float(value))
    return "'" + str(value).replace("'", "''") + "'"


class Sql:
    """Makes the expression of a condition; ``here``: where it looks; ``indexes``: the way to it."""

    def __init__(self, *, dropping_nulls: bool = False) -> None:
        self.dropping_nulls = dropping_nulls  # the fault that was measured in the field
        self.names = 0

    def rule(self, rule: Rule) -> str:
        """pass, fail, unknown or not_applicable."""
        require = self.condition(rule.require, "doc->'facts'", ())
        said = (
            f"CASE WHEN ({require}) THEN 'pass' WHEN NOT ({require}) THEN 'fail' ELSE 'unknown' END"
        )
        if rule.applies_to is not None:
            scope = self.condition(rule.applies_to, "doc->'facts'", ())
            said = (
                f"CASE WHEN ({scope}) THEN {said} WHEN NOT ({scope}) THEN 'not_applicable' "
                "ELSE 'unknown' END"
            )
        if rule.fresh is not None:
            said = f"CASE WHEN age > {rule.fresh} THEN 'unknown' ELSE {said} END"
        return said

    def condition(self, node: Condition, here: str, indexes: tuple[str, ...]) -> str:
        """A boolean expression, NULL where it is unknown."""
        if isinstance(node, Every | Some):
            parts = [self.condition(part, here, indexes) for part in node.parts]
            return f" {'AND' if isinstance(node, Every) else 'OR'} ".join(f"({p})" for p in parts)
        if isinstance(node, Opposite):
            return f"NOT ({self.condition(node.part, here, indexes)})"
        if isinstance(node, WhenMissing):
            part = self.condition(node.part, here, indexes)
            reason = self.reason(node.spot, indexes)
            gone = f"{self.absent(node.spot, here)} AND coalesce({reason} IN {NOTHING}, true)"
            return f"CASE WHEN {gone} THEN {text(node.holds)} ELSE ({part}) END"
        if isinstance(node, Exists):
            there = text(node.wanted)
            gone = text(not node.wanted)
            sure = f"coalesce({self.reason(node.spot, indexes)} IN {NOTHING}, false)"
            absent = self.absent(node.spot, here)
            return f"CASE WHEN NOT {absent} THEN {there} WHEN {sure} THEN {gone} ELSE NULL END"
        if isinstance(node, Quantified):
            return self.quantified(node, here, indexes)
        if isinstance(node, Test):
            return self.test(node, here)
        raise TypeError(type(node).__name__)

    def found(self, spot: Spot, here: str) -> str:
        """The JSON at a spot."""
        return here + "".join(f"->'{step}'" for step in spot.steps)

    def absent(self, spot: Spot, here: str) -> str:
        """Whether nothing stands there: no key, or null."""
        return f"(coalesce(json_type({self.found(spot, here)}), 'NULL') = 'NULL')"

    def reason(self, spot: Spot, indexes: tuple[str, ...]) -> str:
        """The table's word on a spot: the nearest name that it has."""
        looked = []
        for name, count in names(spot.fact, not spot.steps):
            pieces = name.split("[]")
            path = text(pieces[0])
            for index, piece in zip(indexes[:count], pieces[1:], strict=True):
                path += f" || '[' || ({index} - 1) || ']' || {text(piece)}"
            looked.append(f"""json_extract_string(doc->'unknown', '$."' || {path} || '".reason')""")
        return f"coalesce({', '.join(looked)})"

    def quantified(self, node: Quantified, here: str, indexes: tuple[str, ...]) -> str:
        """A quantifier over the truths of the elements, the unknown ones counted."""
        self.names += 1
        item, index = f"e{self.names}", f"i{self.names}"
        where = "true"
        if node.where is not None:
            where = self.condition(node.where, item, (*indexes, index))
        found = self.found(node.spot, here)
        truths = (
            f"list_transform(json_extract({found}, '$[*]'), lambda {item}, {index}: "
            f"CAST(({where}) AS BOOLEAN))"
        )
        partial = f"({self.reason(node.spot, indexes)} IS NOT NULL)"
        yes = f"len(list_filter({truths}, lambda x{self.names}: x{self.names}))"
        open_ = f"len(list_filter({truths}, lambda x{self.names}: x{self.names} IS NULL))"
        no = f"len(list_filter({truths}, lambda x{self.names}: NOT x{self.names}))"
        if self.dropping_nulls:
            open_, partial = "0", "false"
        unsure = f"({open_} > 0 OR {partial})"
        some = f"CASE WHEN {yes} > 0 THEN true WHEN {unsure} THEN NULL ELSE false END"
        every = f"CASE WHEN {no} > 0 THEN false WHEN {unsure} THEN NULL ELSE true END"
        high = f"CASE WHEN {partial} THEN 1e18 ELSE {yes} + {open_} END"
        counted = " AND ".join(f"({bound(one, yes, high)})" for one in node.bounds) or "true"
        said = {"any": some, "all": every, "none": f"NOT ({some})", "count": counted}[node.kind]
        return f"CASE WHEN {self.absent(node.spot, here)} THEN NULL ELSE ({said}) END"

    def test(self, node: Test, here: str) -> str:
        """One comparison; of nothing it is NULL by itself."""
        found = f"json_extract_string({self.found(node.spot, here)}, '$')"
        sort, word, argument = kind(node.spot.fact), node.operator, node.argument
        if sort == "boolean":
            return f"CAST({found} AS BOOLEAN) = {text(argument)}"
        if sort == "timestamp":
            limit = f"to_timestamp(now_is - {int(argument)})"  # type: ignore[arg-type]
            moment = f"try_cast({found} AS TIMESTAMPTZ)"
            if word == "within":
                return f"{moment} >= {limit} AND {moment} <= to_timestamp(now_is)"
            return f"{moment} < {limit}"
        if sort in ("integer", "number"):
            return numbers(f"try_cast({found} AS DOUBLE)", word, argument)
        return texts(found, word, argument)


def numbers(found: str, word: str, argument: Any) -> str:
    """A comparison of numbers."""
    if word == "one_of":
        return f"{found} IN ({', '.join(map(text, argument))})"
    if word == "between":
        low, high = map(text, argument)
        return f"{found} >= {low} AND {found} <= {high}"
    return f"{found} {COMPARE[word]} {text(argument)}"


def texts(found: str, word: str, argument: Any) -> str:
    """A comparison of texts; globs without regard to case."""
    if word == "is":
        return f"{found} = {text(argument)}"
    if word == "one_of":
        return f"{found} IN ({', '.join(map(text, argument))})"
    if word == "matches":
        return f"regexp_matches({found}, {text(argument)})"
    if word == "contains":
        return f"contains(lower({found}), lower({text(argument)}))"
    globs = argument if isinstance(argument, tuple) else (argument,)
    made = [f"regexp_full_match(lower({found}), {text(as_regex(one))}, 's')" for one in globs]
    return " OR ".join(f"({one})" for one in made)


def as_regex(glob: str) -> str:
    """A glob as a regular expression: * any text, ? one character."""
    words = {"*": ".*", "?": "."}
    return "".join(words.get(one) or (one if one.isalnum() else f"\\{one}") for one in glob.lower())


def bound(one: Bound, low: str, high: str) -> str:
    """A bound on a number that lies from ``low`` to ``high``."""
    argument: Any = one.argument
    if one.operator in ("is", "between"):
        first, last = argument if one.operator == "between" else (argument, argument)
        return (
            f"CASE WHEN {first} <= {low} AND {high} <= {last} THEN true "
            f"WHEN {high} < {first} OR {low} > {last} THEN false ELSE NULL END"
        )
    word = COMPARE[one.operator]
    return (
        f"CASE WHEN ({low} {word} {argument}) = ({high} {word} {argument}) "
        f"THEN {low} {word} {argument} ELSE NULL END"
    )


def names(fact: Fact, element: bool) -> list[tuple[str, int]]:
    """How the table may name a fact, nearest first: with ``[]`` for an index, or for all elements.

    Every fact above counts as well; below a list, with the index and without.
    """
    facts, words = catalogue().facts, fact.path.split(".")
    found: list[tuple[str, int]] = []
    shown, lists = "", 0
    for count, word in enumerate(words, start=1):
        path = ".".join(words[:count])
        shown = f"{shown}.{word}" if shown else word
        found += [(path, 0)] if lists else []
        found.append((shown, lists))
        if facts[path].type == "list" and (count < len(words) or element):
            shown, lists = f"{shown}[]", lists + 1
            found.append((shown, lists))
    return found[::-1]


def results(
    policy: Policy,
    documents: Iterable[tuple[bytes, float]],
    now: int,
    maker: Sql | None = None,
) -> list[list[str]]:
    """Every rule on every document, in order: one query."""
    columns = ", ".join((maker or Sql()).rule(rule) for rule in policy.rules)
    with duckdb.connect() as database:
        database.execute("CREATE TABLE documents (number INTEGER, doc JSON, age DOUBLE)")
        rows = [(at, raw.decode(), age) for at, (raw, age) in enumerate(documents)]
        database.executemany("INSERT INTO documents VALUES (?, ?, ?)", rows)
        query = f"SELECT {columns} FROM documents, (SELECT {now} AS now_is) ORDER BY number"  # noqa: S608 - a test's own
        return [list(row) for row in database.execute(query).fetchall()]
