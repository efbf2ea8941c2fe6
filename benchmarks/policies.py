"""Rules against peers: the same documents, the same rules, the same run.

Three CEL of PyPI, Cloud Custodian's filters, Polars and DuckDB judge the same 100 rules on 568 full
documents, where all must agree and the clock counts; then on documents with holes, where it is
counted how many of each peer's verdicts are wrong. Then 100,000 documents against DuckDB, and the
reading of rule files against PyYAML with libyaml. Everybody has one thread, and the clock is the
processor's: a busy machine changes nothing. Every figure is of this run.

python benchmarks/policies.py [--devices 568] [--rules 100] [--runs 5] [--many 100000]
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import product
from pathlib import Path
from time import process_time
from typing import Any

os.environ["POLARS_MAX_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import yaml

from benchmarks.judging import peers as engines
from benchmarks.judging.conditions import Sides, ours_of, rules
from benchmarks.judging.documents import document, holed
from benchmarks.judging.hostile import PATTERNS, machine, rule
from benchmarks.judging.peers import NOW, DuckDB, Ours, Peer, Rows, Verdicts, reference
from policies.codes import PASS
from policies.fast import FastPolicy
from policies.judge import MAX_VIEW, DeviceFacts, judge, judge_for
from policies.load import load_text, read_policy, shipped
from policies.operators import matcher
from policies.tree import Policy

DIFFERENT = 2000  #: documents of the long run; they come again and again


def spent(run: Callable[[], Any], runs: int) -> float:
    """The median of processor seconds."""
    return in_turn((run,), runs)[0]


def in_turn(runs_of: Sequence[Callable[[], Any]], runs: int) -> list[float]:
    """The median of processor seconds of each, one after the other: a busy spell meets all."""
    spans: list[list[float]] = [[] for _ in runs_of]
    for _ in range(runs):
        for run, found in zip(runs_of, spans, strict=True):
            began = process_time()
            run()
            found.append(process_time() - began)
    return [statistics.median(found) for found in spans]


def wrong_verdicts(got: Rows, right: Rows) -> tuple[int, int, int]:
    """Verdicts that differ; unknowns shown as pass; unknowns shown as fail."""
    pairs = [
        pair
        for one, other in zip(got, right, strict=False)
        for pair in zip(one, other, strict=True)
    ]
    wrong = sum(one != other for one, other in pairs)
    passed = sum((one, other) == ("pass", "unknown") for one, other in pairs)
    return wrong, passed, sum((one, other) == ("fail", "unknown") for one, other in pairs)


def everybody(made: Sequence[Sides], policy: Policy, view: dict[str, Any]) -> list[Peer]:
    """Ours first, DuckDB last; who is not installed is named."""
    found: list[Peer] = [Ours(policy), Verdicts(policy), engines.cel_in_rust(made)]
    others: list[Callable[[], Peer]] = [
        lambda: engines.cel_in_cpp(made, view["facts"]),
        lambda: engines.cel_in_python(made),
        lambda: engines.custodian(made),
    ]
    for make in others:
        try:
            found.append(make())
        except ModuleNotFoundError as fault:
            print(f"not compared: {fault.name} is not installed")
    return [*found, engines.Polars(made, view), DuckDB(made, view)]


def measured(
    peer: Peer, ours: Peer, raw: Sequence[bytes], rules_: int, runs: int
) -> tuple[list[float], list[float]]:
    """Microseconds for each evaluation, the peer's and ours: whole, then without decoding.

    Ours is measured just before each peer, so that a busy spell meets both; not in turn, as what a
    peer leaves in memory would be ours to sweep.
    """
    some = raw[: peer.sample] if peer.sample else raw
    times = 1 if peer.sample else runs
    own, its = (1e6 / (len(views) * rules_) for views in (raw, some))
    peer.whole(some[:2] if peer.sample else some)
    gc.collect()
    mine = spent(partial(ours.whole, raw), runs) * own
    whole = [spent(partial(peer.whole, some), times) * its, mine]
    decoded = ours.decoded(raw)
    mine = spent(partial(ours.alone, decoded), runs) * own
    del decoded
    return whole, [spent(partial(peer.alone, peer.decoded(some)), times) * its, mine]


def compared(all_: Sequence[Peer], full: list[bytes], holes: list[bytes], policy: Policy,
             runs: int) -> bool:  # fmt: skip
    """Print every peer's figures; whether all agreed on full documents and ours on all."""
    right, truth = reference(policy, full), reference(policy, holes)
    print(f"holes: {sum(r.count('unknown') for r in truth)} verdicts are truly unknown")
    print(
        "peer            µs whole  × ours   µs alone  × ours   differ   holes: wrong (pass, fail)"
    )
    good = True
    for peer in all_:
        some = slice(peer.sample or None)
        (whole, ours), (alone, base) = measured(peer, all_[0], full, len(policy.rules), runs)
        differ = wrong_verdicts(peer.whole(full[some]), right[some])[0]
        wrong, passed, failed = wrong_verdicts(peer.whole(holes[some]), truth[some])
        good &= differ == 0 and (wrong == 0 or not isinstance(peer, Ours))
        print(f"{peer.name:14} {whole:9.2f} {whole / ours:7.1f} {alone:10.3f} "
              f"{alone / base:7.1f} {differ:8}   {wrong} ({passed}, {failed}) "
              f"of {len(full[some]) * len(policy.rules)}")  # fmt: skip
    return good


def many(policy: Policy, peer: DuckDB, raw: Sequence[bytes], count: int) -> bool:
    """The long run against DuckDB: the passes of one file of JSON lines; whether both agree."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "views.ndjson"
        with file.open("wb") as out:
            for at in range(count):
                out.write(raw[at % len(raw)] + b"\n")
        began = process_time()
        ours = sum(_passes(policy, file))
        middle = process_time()
        theirs = peer.passes_in(file)
        end = process_time()
    mine, its = middle - began, end - middle
    print(f"{count} documents from a file: ours {mine:.1f} s, duckdb {its:.1f} s: "
          f"{mine / its:.2f} of its time; passes {ours} and {theirs}")  # fmt: skip
    return ours == theirs


def _passes(policy: Policy, file: Path) -> Iterator[int]:
    fast, now = FastPolicy(policy), int(NOW.timestamp())
    with file.open("rb") as lines:
        for line in lines:
            yield fast(line, now, 0).count(PASS)


def loading(files: dict[str, bytes], runs: int) -> None:
    """Reading with every check beside PyYAML's bare load of the same file."""
    for name, raw in files.items():
        ours, bare = in_turn(
            (partial(read_policy, raw, name), partial(yaml.load, raw, yaml.CSafeLoader)), runs
        )
        print(f"reading {name} ({len(raw) / 1000:.0f} KB) with all checks: {ours * 1000:.1f} ms; "
              f"PyYAML-C's bare load {bare * 1000:.1f} ms: × {ours / bare:.2f}")  # fmt: skip


def hostile(runs: int) -> None:
    """The dearest of hostile patterns on the largest view that is judged, never seen before.

    The floor: the standard library's decoding of the same bytes.
    """
    found = []
    for pattern, kind, length in product(PATTERNS, ("none", "any"), (100, 900)):
        view, text = machine(MAX_VIEW - 1000, length), rule(pattern, kind)
        floor = spent(lambda view=view: json.loads(view), runs)  # type: ignore[misc]
        spans = []
        for number in range(runs):  # another name each time: nothing is remembered of the last
            policy = load_text(text.replace("BIG-1", f"BIG-{number}"))
            facts = DeviceFacts("d", view, NOW)
            matcher.cache_clear()
            judge_for(policy)
            spans.append(spent(lambda p=policy, f=facts: judge(p, [f], NOW), 1))  # type: ignore[misc]
        found.append((statistics.median(spans), floor, f"{kind}: {{name: {{{pattern}}}}}"))
    cost, floor, what = max(found)
    print(f"hostile, {MAX_VIEW // 1024} KiB: at most {cost * 1000:.1f} ms a device, "
          f"{cost / floor:.1f} × json.loads of the same bytes ({what})")  # fmt: skip


def main() -> int:
    """Make the documents and rules, and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=568)
    parser.add_argument("--rules", type=int, default=100)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--many", type=int, default=100_000, help="0: not")
    options = parser.parse_args()
    chance = random.Random(568)
    made = rules(options.rules, chance)
    views = [document(chance) for _ in range(max(options.devices, DIFFERENT))]
    lines = [json.dumps(view).encode() for view in views]
    full = lines[: options.devices]
    holes = [json.dumps(holed(view, chance)).encode() for view in views[: options.devices]]
    policy = ours_of(made)
    size = sum(map(len, full)) / len(full) / 1000
    print(f"{options.devices} documents of {size:.1f} KB × {options.rules} rules; "
          f"processor time on one thread, medians of {options.runs}")  # fmt: skip
    all_ = everybody(made, policy, views[0])
    good = compared(all_, full, holes, policy, options.runs)
    if options.many:
        good &= many(policy, all_[-1], lines, options.many)  # type: ignore[arg-type]
    hostile(options.runs)
    packs = {name: path.read_bytes() for name, path in shipped().items()}
    loading(packs | {"these rules": policy.raw}, 5 * options.runs)
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
