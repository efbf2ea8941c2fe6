"""Rules against peers on the same documents in the same run.

568 devices × 100 rules, decoding included.

Ours, Polars (expressions over one frame of JSON rows) and CEL (common-expression-language, one
program a rule) judge the same 100 rules. First on full documents, where all must agree and the
clock counts; then on documents with holes, where it is counted how many of each peer's verdicts are
wrong. Every figure is of this run.

python benchmarks/policies.py [--devices 568] [--rules 100] [--runs 5]
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import cel
import polars as pl

from policies.judge import DeviceFacts, judge, open_verdict
from policies.load import load_text
from policies.tree import Policy

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
SOFTWARE, SOCKETS = 120, 20  #: elements of the two long lists: about 15 KB a document
SCALARS = (
    ("firewall.effective", "choice", ("on", "off")),
    ("antivirus.effective", "choice", ("on", "off")),
    ("os.family", "choice", ("windows", "linux")),
    ("os.uac", "boolean", (True, False)),
    ("firewall.profiles.domain.enabled", "boolean", (True, False)),
    ("firewall.profiles.public.enabled", "boolean", (True, False)),
    ("services.smb1", "boolean", (True, False)),
    ("services.telnet", "boolean", (True, False)),
    ("accounts.guest_enabled", "boolean", (True, False)),
    ("updates.pending", "integer", (0, 3, 12)),
    ("updates.pending_security", "integer", (0, 1, 5)),
    ("accounts.local_admins", "integer", (1, 2, 6)),
    ("session_lock.after", "integer", (300, 900, 3600)),
    ("hardware.memory.total", "integer", (2**32, 2**33, 2**34)),
)

Sides = tuple[str, str, pl.Expr]  # our condition, CEL, Polars


def put(into: dict[str, Any], path: str, value: Any) -> None:
    """Set a value at a dotted path."""
    *above, last = path.split(".")
    for word in above:
        into = into.setdefault(word, {})
    into[last] = value


def document(chance: random.Random) -> dict[str, Any]:
    """One full view."""
    facts: dict[str, Any] = {}
    for path, _, values in SCALARS:
        put(facts, path, chance.choice(values))
    names = [f"Program {chance.randint(0, 400)} for office work" for _ in range(SOFTWARE)]
    if chance.random() < 0.2:
        names[chance.randrange(SOFTWARE)] = "AnyDesk"
    facts["software"] = [
        {
            "name": name,
            "version": f"{at}.1",
            "publisher": "A publisher of programs",
            "source": "registry",
        }
        for at, name in enumerate(names)
    ]
    ports = [chance.choice((22, 80, 135, 443, 445, 5357)) for _ in range(SOCKETS)]
    ports += [23] if chance.random() < 0.1 else []
    facts["network"] = {
        "listening": [
            {
                "protocol": "tcp",
                "address": "192.0.2.7",
                "port": port,
                "exposed": chance.random() < 0.7,
            }
            for port in ports
        ]
    }
    return {"facts": facts, "unknown": {}}


def holed(view: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The view with facts and keys of list elements dropped or nulled."""
    made: dict[str, Any] = json.loads(json.dumps(view))
    facts = made["facts"]
    for path, _, _ in SCALARS:
        if chance.random() < 0.08:
            node = facts
            for word in path.split(".")[:-1]:
                node = node[word]
            _drop(node, path.rpartition(".")[2], chance)
    for name, key in (("software", "name"), ("listening", "port")):
        elements = facts[name] if name == "software" else facts["network"][name]
        if chance.random() < 0.5:
            for element in chance.sample(elements, 2):
                _drop(element, key, chance)
    return made


def _drop(node: dict[str, Any], key: str, chance: random.Random) -> None:
    if chance.random() < 0.5:
        node[key] = None
    else:
        node.pop(key, None)


def column(path: str) -> pl.Expr:
    """The expression for a dotted path."""
    first, *rest = path.split(".")
    expression = pl.col(first)
    for word in rest:
        expression = expression.struct.field(word)
    return expression


def scalar(chance: random.Random) -> Sides:
    """One condition on a plain value, in three languages."""
    path, kind, values = chance.choice(SCALARS)
    value = chance.choice(values)
    if kind == "integer":
        return (
            f"{path}: {{at_most: {_ours(path, value)}}}",
            f"{path} <= {value}",
            column(path) <= value,
        )
    text = json.dumps(value)
    return f"{path}: {text}", f"{path} == {text}", column(path) == value


def _ours(path: str, value: Any) -> str:
    return f"{value}s" if path == "session_lock.after" else str(value)


def listed(chance: random.Random, number: int) -> Sides:
    """One condition on a list, in three languages."""
    if number % 2:
        prefix = chance.choice(("AnyDesk", "TeamViewer", "Program 7"))
        return (
            f'software: {{none: {{name: {{like: "{prefix}*"}}}}}}',
            f'!software.exists(e, e.name.startsWith("{prefix}"))',
            ~column("software")
            .list.eval(pl.element().struct.field("name").str.starts_with(prefix))
            .list.any(),
        )
    port = chance.choice((22, 23, 445, 5357))
    element = pl.element().struct
    both = (element.field("port") == port) & element.field("exposed")
    return (
        f"network.listening: {{none: {{port: {port}, exposed: yes}}}}",
        f"!network.listening.exists(e, e.port == {port} && e.exposed)",
        ~column("network.listening").list.eval(both).list.any(),
    )


def rules(count: int, chance: random.Random) -> list[Sides]:
    """Rules of two conditions each; one in ten looks through a list."""
    made: list[Sides] = []
    for number in range(count):
        one = listed(chance, number // 10) if number % 10 == 0 else scalar(chance)
        other = scalar(chance)
        while other[0].partition(":")[0] == one[0].partition(":")[0]:
            other = scalar(chance)
        made.append((f"{{{one[0]}, {other[0]}}}", f"({one[1]}) && ({other[1]})", one[2] & other[2]))
    return made


def ours_of(made: Sequence[Sides]) -> Policy:
    """Our policy of the rules."""
    lines = [f"  - {{id: R{at}, title: r, require: {sides[0]}}}" for at, sides in enumerate(made)]
    return load_text("policy: bench\nversion: 1\ntitle: bench\nrules:\n" + "\n".join(lines) + "\n")


def run_ours(policy: Policy, raw: Sequence[bytes]) -> list[list[str]]:
    """Our verdicts, by the call that `rasoat policy check` makes."""
    views = [DeviceFacts(str(at), view, NOW) for at, view in enumerate(raw)]
    flat = [one.result for one in judge(policy, views, NOW, explain=False)]
    width = len(policy.rules)
    return [flat[at : at + width] for at in range(0, len(flat), width)]


def reference(policy: Policy, raw: Sequence[bytes]) -> list[list[str]]:
    """The truth to count against.

    The slow closures, which share no code path with what is timed.
    """
    ids = [rule.id for rule in policy.rules]
    views = [DeviceFacts(str(at), view, NOW) for at, view in enumerate(raw)]
    return [[open_verdict(policy, one, view, NOW).result for one in ids] for view in views]


def run_cel(programs: Sequence[Any], raw: Sequence[bytes]) -> list[list[str]]:
    """CEL's verdicts."""
    rows = []
    for view in raw:
        context = cel.Context(json.loads(view)["facts"])
        rows.append([_cel_result(program, context) for program in programs])
    return rows


def _cel_result(program: Any, context: Any) -> str:
    try:
        return "pass" if program.execute(context) is True else "fail"
    except Exception:  # noqa: BLE001 - any refusal of the peer is its way of saying unknown
        return "unknown"


def run_polars(
    expressions: Sequence[pl.Expr], schema: Any, raw: Sequence[bytes]
) -> list[list[str]]:
    """Polars' verdicts."""
    lines = pl.DataFrame({"view": [view.decode() for view in raw]})
    frame = lines.select(pl.col("view").str.json_decode(schema)).unnest("view").unnest("facts")
    table = frame.select(*(expression.alias(f"r{at}") for at, expression in enumerate(expressions)))
    words = {True: "pass", False: "fail", None: "unknown"}
    return [[words[value] for value in row] for row in table.iter_rows()]


def schema_of(view: dict[str, Any]) -> Any:
    """The peer is told the exact shape beforehand.

    Inferring it would cost it time and stumble over holes.
    """
    return pl.Struct(pl.DataFrame([{"facts": view["facts"]}]).schema)


def timed(run: Callable[[], list[list[str]]], runs: int) -> tuple[float, list[list[str]]]:
    """The median time of some runs (after one that is not counted), and the verdicts."""
    spans, results = [], run()
    for _ in range(runs):
        began = time.perf_counter()
        results = run()
        spans.append(time.perf_counter() - began)
    return statistics.median(spans), results


def wrong_verdicts(got: list[list[str]], right: list[list[str]]) -> tuple[int, int, int]:
    """Verdicts that differ; unknowns shown as pass; unknowns shown as fail."""
    pairs = [
        pair for one, other in zip(got, right, strict=True) for pair in zip(one, other, strict=True)
    ]
    wrong = sum(one != other for one, other in pairs)
    passed = sum((one, other) == ("pass", "unknown") for one, other in pairs)
    return wrong, passed, sum((one, other) == ("fail", "unknown") for one, other in pairs)


def main() -> int:
    """Make the documents and rules, and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=568)
    parser.add_argument("--rules", type=int, default=100)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    chance = random.Random(568)
    made = rules(options.rules, chance)
    views = [document(chance) for _ in range(options.devices)]
    full = [json.dumps(view).encode() for view in views]
    holes = [json.dumps(holed(view, chance)).encode() for view in views]
    began = time.perf_counter()
    policy = ours_of(made)
    loading = time.perf_counter() - began
    programs, schema = [cel.compile(sides[1]) for sides in made], schema_of(views[0])
    expressions = [sides[2] for sides in made]
    sides: dict[str, Callable[[Sequence[bytes]], list[list[str]]]] = {
        "ours": lambda raw: run_ours(policy, raw),
        "polars": lambda raw: run_polars(expressions, schema, raw),
        "cel": lambda raw: run_cel(programs, raw),
    }
    size = sum(map(len, full)) / len(full) / 1000
    print(f"{options.devices} devices × {options.rules} rules; {size:.1f} KB a document; "
          f"medians of {options.runs}; our rules load in {loading * 1000:.0f} ms")  # fmt: skip
    return report(sides, full, holes, reference(policy, holes), options.runs)


def report(
    sides: dict[str, Callable[[Sequence[bytes]], list[list[str]]]],
    full: Sequence[bytes],
    holes: Sequence[bytes],
    right: list[list[str]],
    runs: int,
) -> int:
    """Print every figure; 1 when somebody disagrees on full documents, or ours is wrong on any."""
    spans, answers = {}, {}
    for name, run in sides.items():
        spans[name], answers[name] = timed(lambda run=run: run(full), runs)  # type: ignore[misc]
    unknowns, total = sum(row.count("unknown") for row in right), sum(map(len, right))
    print(f"polars runs on {pl.thread_pool_size()} threads (POLARS_MAX_THREADS), the others on one")
    print(f"documents with holes: {unknowns} of {total} verdicts are truly unknown")
    disagree = False
    for name, run in sides.items():
        ratio = spans[name] / spans["ours"]
        differing = wrong_verdicts(answers[name], answers["ours"])[0]
        wrong, passed, failed = wrong_verdicts(run(holes), right)
        disagree |= differing > 0 or (name == "ours" and wrong > 0)
        print(
            f"{name:7} {spans[name] * 1000:8.1f} ms  {ratio:5.1f} × ours   full: {differing} differ"
        )
        print(f"{'':7} holes: {wrong} wrong ({passed} unknown shown as pass, {failed} as fail)")
    return 1 if disagree else 0


if __name__ == "__main__":
    raise SystemExit(main())
