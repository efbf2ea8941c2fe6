"""The fleet's figures for Prometheus: text exposition, one family of gauges for each question.

No label names a machine, so that the number of series depends on rules and units alone. Times are
times, not ages: a file says when it was judged, and whoever reads it knows how old that is. What is
not known is not there, or is counted as unknown; it is never 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from policies.waivers import WARN_DAYS
from reports.summary import RESULTS, RuleLine, Summary

VERDICTS = ("met", "not_met", "undecided", "not_applicable")
#: in the data folder: what `rasoat metrics` wrote last, which the collector serves
FILE = Path("reports") / "metrics.prom"
MOST_UNITS = 500  #: that have lines of their own; those with fewest machines are one, ``_others``
OTHERS, NO_UNIT = "_others", "_none"

Sample = tuple[Sequence[str], float]


def render(summaries: Sequence[Summary]) -> str:
    """The figures of one summary for each policy, as text exposition format 0.0.4."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Fleet(summaries))
    return generate_latest(registry).decode()


class _Fleet(Collector):
    """Everything that is told, family by family."""

    def __init__(self, summaries: Sequence[Summary]) -> None:
        self._summaries = summaries

    def collect(self) -> Iterator[Metric]:
        """Each family once, over all policies; one without samples is left out."""
        for name, help_, labels, samples in FAMILIES:
            family = GaugeMetricFamily(f"rasoat_{name}", help_, labels=("policy", *labels))
            for summary in self._summaries:
                for values, number in samples(summary):
                    family.add_metric([summary.policy, *map(_encodable, values)], number)
            if family.samples:
                yield family


def _info(summary: Summary) -> Iterator[Sample]:
    yield (summary.policy_version, summary.policy_hash), 1


def _rule_machines(summary: Summary) -> Iterator[Sample]:
    for rule in summary.rules:
        for result in RESULTS:
            yield (rule.id, rule.severity, result), rule.counts.get(result, 0)


def _statements(summary: Summary) -> Iterator[Sample]:
    for rule in summary.rules:
        yield from _states(rule)


def _states(rule: RuleLine) -> Iterator[Sample]:
    for verdict in VERDICTS:
        yield (rule.id, rule.severity, verdict), rule.verdict == verdict


def _coverage(summary: Summary) -> Iterator[Sample]:
    """With a register alone: without one nobody knows who is missing."""
    for state, count in (summary.coverage.states or {}).items():
        yield (state,), count
    if summary.coverage.states is not None:
        yield ("refused_row",), summary.coverage.refused


def _agents(summary: Summary) -> Iterator[Sample]:
    for state in ("current", "silent", "never_reported", "quarantined"):
        yield (state,), getattr(summary.coverage, state)


def _units(summary: Summary) -> Iterator[Sample]:
    counts: dict[str, Counter[str]] = {}
    by_size = sorted(summary.units, key=lambda one: (-one.expected, one.code))
    for place, unit in enumerate(by_size):
        name = (unit.code or NO_UNIT) if place < MOST_UNITS else OTHERS
        counts.setdefault(name, Counter()).update(unit.headline)
    for name, results in sorted(counts.items()):
        for result in RESULTS:
            yield (name, result), results[result]


def _contradictions(summary: Summary) -> Iterator[Sample]:
    found = Counter(one.about for one in summary.contradictions)
    for about in sorted({"firewall", "ports", "address", "name", "system", *found}):
        yield (about,), found[about]


def _simple(count: Callable[[Summary], float]) -> Callable[[Summary], Iterator[Sample]]:
    """A family of one sample for each policy."""

    def samples(summary: Summary) -> Iterator[Sample]:
        yield (), count(summary)

    return samples


def _reports(choose: Callable[[Iterable[datetime]], datetime]) -> Callable[..., Iterator[Sample]]:
    """The oldest or the newest of the latest reports; nothing where no machine has reported."""

    def samples(summary: Summary) -> Iterator[Sample]:
        heard = [one.received_at for one in summary.devices if one.received_at]
        if heard:
            yield (), choose(heard).timestamp()

    return samples


def _expiring(summary: Summary) -> int:
    return sum(one.days_left <= WARN_DAYS[0] for one in summary.waivers)


#: name, what it says, labels beside ``policy``, samples of a summary
FAMILIES: tuple[tuple[str, str, tuple[str, ...], Callable[[Summary], Iterable[Sample]]], ...] = (
    ("policy_info", "The policy that was asked.", ("version", "hash"), _info),
    (
        *("judged_timestamp_seconds", "When the machines were judged (Unix time).", ()),
        _simple(lambda one: one.generated_at.timestamp()),
    ),
    (
        *("compliant", "1: every statement that concerns any machine is met.", ()),
        _simple(lambda one: one.compliant),
    ),
    (
        *("simulated", "1: these machines do not exist (rasoat demo).", ()),
        _simple(lambda one: one.simulated),
    ),
    (
        *("rule_machines", "Machines by a rule's result; unknown is neither pass nor fail."),
        *(("rule", "severity", "result"), _rule_machines),
    ),
    (
        *("statement", "1 for the verdict that a rule has over the fleet, 0 for the others."),
        *(("rule", "severity", "verdict"), _statements),
    ),
    (
        *("machines_expected", "Machines that should exist: of what every share is.", ()),
        _simple(lambda one: one.coverage.expected),
    ),
    ("machines", "Machines by coverage state; only with a register.", ("state",), _coverage),
    ("agents", "Expected machines by their agent.", ("state",), _agents),
    (
        *("unit_headline_machines", "Machines of a unit by result of the policy's first rule."),
        *(("unit", "result"), _units),
    ),
    (
        *("contradictions", "Questions that a machine and the network answer differently."),
        *(("about",), _contradictions),
    ),
    ("waivers_in_force", "Exceptions in force.", (), _simple(lambda one: len(one.waivers))),
    (
        *("waivers_expiring", f"Those that end within {WARN_DAYS[0]} days.", ()),
        _simple(_expiring),
    ),
    (
        *("waivers_unneeded", "Those that except nothing any more.", ()),
        _simple(lambda one: sum(waiver.unneeded for waiver in one.waivers)),
    ),
    (
        *("oldest_report_timestamp_seconds", "When the machine longest silent was heard.", ()),
        _reports(min),
    ),
    (
        *("newest_report_timestamp_seconds", "When the last report came in (Unix time).", ()),
        _reports(max),
    ),
)


def _encodable(text: str) -> str:
    """A lone surrogate, which no encoding has, becomes a question mark."""
    return text.encode("utf-8", "replace").decode()
