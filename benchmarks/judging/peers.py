"""Whoever judges the documents: ready once, then decoding and judging, or judging alone.

A peer's refusal of a document is its way of saying unknown. Everybody has one thread.
cel-expr-python, cel-python and c7n have pins that contradict ours: `make bench` keeps them in a
folder of their own, and where that is missing they are named and not compared.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import cel
import duckdb
import polars as pl

from benchmarks.judging.conditions import Sides
from policies.codes import RESULTS
from policies.fast import FastPolicy, compiled
from policies.judge import DeviceFacts, judge, open_verdict
from policies.tree import Policy

sys.path.append(str(Path(sys.prefix) / "peers"))  # last: what we use ourselves is ours

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
WORDS = {True: "pass", False: "fail", None: "unknown"}
Rows = list[list[str]]


class Peer(Protocol):
    """``sample``: of how many documents it is asked; 0: of all."""

    name: str
    sample: int

    def whole(self, raw: Sequence[bytes]) -> Rows:
        """Decode and judge."""

    def decoded(self, raw: Sequence[bytes]) -> Any:
        """What `alone` takes: the documents in the peer's own form."""

    def alone(self, decoded: Any) -> object:
        """Judge documents that are decoded: an answer for each, in the peer's own form."""


class Ours:
    """The evaluator; ``whole`` ends in a word for each rule as its peers' does."""

    name, sample = "ours", 0

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._whole = FastPolicy(policy)
        self._decoder, self._judge = self._whole.decoder, compiled(policy)

    def whole(self, raw: Sequence[bytes]) -> Rows:
        """Decode and judge."""
        now = int(NOW.timestamp())
        return [[RESULTS[code] for code in self._whole(view, now, 0)] for view in raw]

    def decoded(self, raw: Sequence[bytes]) -> Any:
        """Structs of the facts that the rules name."""
        return [self._decoder.decode(view) for view in raw]

    def alone(self, decoded: Any) -> object:
        """The generated function: a code for each rule."""
        now = int(NOW.timestamp())
        return [self._judge(one.facts, {}, now, 0) for one in decoded]


class Verdicts(Ours):
    """What `rasoat policy check` does: the evaluator, and of each result a verdict with hashes."""

    name = "ours, verdicts"

    def whole(self, raw: Sequence[bytes]) -> Rows:
        """Verdicts, by the call that the command makes."""
        views = [DeviceFacts(str(at), view, NOW) for at, view in enumerate(raw)]
        flat = [one.result for one in judge(self.policy, views, NOW, explain=False)]
        width = len(self.policy.rules)
        return [flat[at : at + width] for at in range(0, len(flat), width)]


def reference(policy: Policy, raw: Sequence[bytes]) -> Rows:
    """The truth to count against.

    The slow closures, which share no code path with what is timed.
    """
    ids = [rule.id for rule in policy.rules]
    views = [DeviceFacts(str(at), view, NOW) for at, view in enumerate(raw)]
    return [[open_verdict(policy, one, view, NOW).result for one in ids] for view in views]


class ByDocument:
    """A peer that asks each document by each program."""

    sample = 0

    def __init__(self, name: str, programs: Sequence[Any], context: Callable[[Any], Any]) -> None:
        self.name, self._programs, self._context = name, programs, context

    def whole(self, raw: Sequence[bytes]) -> Rows:
        """Decode and judge."""
        return self.alone(self.decoded(raw))

    def decoded(self, raw: Sequence[bytes]) -> Any:
        """What the programs are asked of."""
        return [self._context(json.loads(view)["facts"]) for view in raw]

    def alone(self, decoded: Any) -> Rows:
        """Every program on every document."""
        return [[_asked(program, context) for program in self._programs] for context in decoded]


def _asked(program: Callable[[Any], object], context: Any) -> str:
    try:
        return "pass" if program(context) is True else "fail"
    except Exception:  # noqa: BLE001 - any refusal of the peer is its way of saying unknown
        return "unknown"


def cel_in_rust(made: Sequence[Sides]) -> Peer:
    """common-expression-language."""
    return ByDocument("cel-rust", [cel.compile(one.cel).execute for one in made], cel.Context)


def cel_in_cpp(made: Sequence[Sides], names: Iterable[str]) -> Peer:
    """cel-expr-python, Google's own."""
    from cel_expr_python import cel as google_cel

    env = google_cel.NewEnv(variables=dict.fromkeys(names, google_cel.Type.DYN))
    compiled_ = [env.compile(one.cel) for one in made]

    def asked(program: Any) -> Callable[[Any], object]:
        def ask(context: Any) -> object:
            said = program.eval(context)
            if said.type() == google_cel.Type.ERROR:
                raise ValueError
            return said.value()

        return ask

    return ByDocument("cel-c++", [asked(one) for one in compiled_], env.Activation)


def cel_in_python(made: Sequence[Sides]) -> Peer:
    """cel-python."""
    import celpy

    env = celpy.Environment()
    programs = [env.program(env.compile(one.cel)) for one in made]
    asked = [lambda context, run=one: bool(run.evaluate(context)) for one in programs]
    peer = ByDocument("cel-python", asked, celpy.json_to_cel)
    peer.sample = 8
    return peer


def custodian(made: Sequence[Sides]) -> Peer:
    """Cloud Custodian's value filters, without the machinery around them."""
    from c7n.filters.core import ValueFilter

    def both(filters: Sequence[Any]) -> Callable[[Any], object]:
        return lambda context: all(one(context) for one in filters)

    def filter_of(data: dict[str, Any]) -> Any:
        made_ = ValueFilter(dict(data)).validate()
        made_.annotate = False
        return made_

    programs = [both([filter_of(one) for one in rule.custodian]) for rule in made]
    peer = ByDocument("custodian", programs, lambda facts: facts)
    peer.sample = 60
    return peer


class Polars:
    """One frame of JSON rows; the peer is told the exact shape beforehand."""

    name, sample = "polars", 0

    def __init__(self, made: Sequence[Sides], view: dict[str, Any]) -> None:
        self._shape = pl.Struct(pl.DataFrame([{"facts": view["facts"]}]).schema)
        self._rules = [one.polars.alias(f"r{at}") for at, one in enumerate(made)]

    def whole(self, raw: Sequence[bytes]) -> Rows:
        """Decode and judge."""
        return self.alone(self.decoded(raw))

    def decoded(self, raw: Sequence[bytes]) -> Any:
        """The frame."""
        lines = pl.DataFrame({"view": [view.decode() for view in raw]})
        return (
            lines.select(pl.col("view").str.json_decode(self._shape)).unnest("view").unnest("facts")
        )

    def alone(self, decoded: Any) -> Rows:
        """All expressions at once."""
        return [[WORDS[value] for value in row] for row in decoded.select(*self._rules).iter_rows()]


class DuckDB:
    """SQL over structs; the peer is told the exact shape beforehand."""

    name, sample = "duckdb", 0

    def __init__(self, made: Sequence[Sides], view: dict[str, Any]) -> None:
        self.database = duckdb.connect(config={"threads": 1})
        self._folder = TemporaryDirectory()
        self.shape = self._shape(view["facts"])
        self._rules = [one.duckdb for one in made]

    def whole(self, raw: Sequence[bytes]) -> Rows:
        """Decode and judge, in one statement, from a file that lies there before."""
        return self.alone(self._source(self._file(raw)))

    def decoded(self, raw: Sequence[bytes]) -> Any:
        """A table of structs."""
        source = self._source(self._file(raw))
        self.database.execute(f"CREATE OR REPLACE TABLE d AS FROM {source}")
        return "d"

    def _file(self, raw: Sequence[bytes]) -> Path:
        """The documents as a file; written once for those that are asked again."""
        file = Path(self._folder.name) / f"{hash(raw[0])}-{len(raw)}.ndjson"
        if not file.exists():
            file.write_bytes(b"\n".join(raw) + b"\n")
        return file

    def _source(self, file: Path) -> str:
        return f"read_ndjson('{file}', columns = {{facts: '{_type(json.loads(self.shape))}'}})"

    def alone(self, decoded: Any) -> Rows:
        """All rules in one statement."""
        query = f"SELECT {', '.join(self._rules)} FROM {decoded}"  # noqa: S608 - ours
        return [[WORDS[value] for value in row] for row in self.database.execute(query).fetchall()]

    def passes_in(self, file: Path) -> int:
        """How many results of a file of JSON lines are a pass: nothing leaves the engine."""
        counted = " + ".join(f"count(*) FILTER (WHERE {rule})" for rule in self._rules)
        query = f"SELECT {counted} FROM {self._source(file)}"  # noqa: S608 - ours
        (number,) = self.database.execute(query).fetchone() or (0,)
        return int(number)

    def _shape(self, facts: dict[str, Any]) -> str:
        query = "SELECT json_structure(?)"
        (shape,) = self.database.execute(query, [json.dumps(facts)]).fetchone() or ("",)
        return str(shape)


def _type(shape: Any) -> str:
    if isinstance(shape, dict):
        inside = ", ".join(f"{name} {_type(one)}" for name, one in shape.items())
        return f"STRUCT({inside})"
    return f"{_type(shape[0])}[]" if isinstance(shape, list) else str(shape)
