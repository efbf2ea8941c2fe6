"""The page of 568 machines: its figures are the summary's, and it stays small and quick."""

from __future__ import annotations

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from reports import plain
from reports.html import render
from reports.summary import Summary
from tests.conftest import ROOT

MOST_BYTES = 8_000_000
pytestmark = pytest.mark.slow


class Tables(HTMLParser):
    """Rows that name what they are about, and the numbers in their cells by class."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[tuple[str, str], dict[str, int]] = {}
        self.bodies: dict[str, dict[str, int]] = {}
        self.findings: list[tuple[str, str]] = []
        self._table, self._row, self._cell = "", {}, ""  # type: ignore[var-annotated]

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "table":
            self._table = given.get("id") or given.get("data-figure") or ""
        elif tag == "tbody" and "data-device" in given:
            self._row = self.bodies.setdefault(given["data-device"], {})
        elif tag == "tr" and self._table != "machines-table":
            key = given.get("data-rule") or given.get("data-state") or given.get("data-unit")
            self._row = self.rows.setdefault((self._table, key or f"#{len(self.rows)}"), {})
        elif tag == "td" and "number" in (given.get("class") or ""):
            self._cell = given["class"].removeprefix("number").strip() or f"#{len(self._row)}"
        elif tag == "li" and "data-result" in given:
            self.findings.append((given["data-result"], given["data-severity"]))

    def handle_endtag(self, tag):
        if tag == "td":
            self._cell = ""

    def handle_data(self, data):
        digits = data.replace(".", "").split("/")[0].strip()
        if self._cell and digits.isdigit():
            self._row[self._cell] = int(digits)


@pytest.fixture(scope="module")
def tables(summary: Summary) -> Tables:
    made = Tables()
    made.feed(render(summary, "vi"))
    return made


def test_rules_have_the_summarys_counts(tables: Tables, summary: Summary) -> None:
    assert len(summary.rules) > 40
    for rule in summary.rules:
        shown = tables.rows["statements-table", rule.id]
        assert shown == {name: n for name, n in rule.counts.items() if name in shown}, rule.id
        assert sum(shown.values()) == sum(rule.counts.values()) > 0


def test_units_have_the_summarys_counts(tables: Tables, summary: Summary) -> None:
    assert len(summary.units) > 10
    for unit in summary.units:
        shown = tables.rows["units-table", unit.code or "-"]
        assert shown["expected"] == unit.expected
        assert shown["managed"] == unit.states["managed"]
        assert shown["pass"] == unit.passed
        assert shown["fail"] == unit.headline.get("fail", 0)
        assert shown["contradicted"] == unit.contradicted
        asked = shown["pass"] + shown["fail"] + shown["unknown"] + shown["waived"]
        assert asked + shown["not_applicable"] == unit.expected


def test_coverage_problems_and_inventory_are_the_summarys(tables: Tables, summary: Summary) -> None:
    states = summary.coverage.states
    assert states
    for state, n in states.items():
        assert next(iter(tables.rows["", state].values())) == n
    assert next(iter(tables.rows["", "expected"].values())) == summary.coverage.expected
    for problem in summary.problems:
        assert tables.rows["problems-table", problem.rule]["failing"] == problem.failing
    for one in summary.inventory:
        shown = [row["#0"] for (name, _), row in tables.rows.items() if name == one.name and row]
        assert shown == [part.machines for part in one.parts] + [one.unknown]


def test_each_machine_has_its_findings(tables: Tables, summary: Summary) -> None:
    assert len(tables.bodies) == len(summary.devices) > 500
    for one in summary.devices:
        unknown = one.count("unknown") + one.count("error")
        counts = {"pass": one.count("pass"), "fail": one.count("fail"), "unknown": unknown}
        assert tables.bodies[one.id] == counts
    wanted = [(f.result, f.severity) for one in summary.devices for f in one.shown_findings]
    assert sorted(tables.findings) == sorted(wanted)


def test_the_page_is_small(summary: Summary) -> None:
    assert len(render(summary, "vi").encode()) < MOST_BYTES


_MANY = """
import sys
from dataclasses import replace
from pathlib import Path
from reports import html, plain

known = plain.decode(Path(sys.argv[1]).read_bytes())
times = 10_000 // len(known.devices) + 1
devices = tuple(
    replace(one, id=f"{one.id}-{n}", name=f"{one.name}-{n}")
    for n in range(times) for one in known.devices
)
page = html.render(replace(known, devices=devices, beside=known.beside * times), "vi")
(peak,) = (line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(len(devices), len(page.encode()), peak.split()[1])
"""


def test_ten_thousand_machines_fit(summary: Summary, tmp_path: Path) -> None:
    kept = tmp_path / "figures.json"
    kept.write_bytes(plain.encode(summary))
    command = [sys.executable, "-c", _MANY, str(kept)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    machines, size, memory = map(int, done.stdout.split())
    assert machines >= 10_000
    assert size < 2 * MOST_BYTES
    assert memory < 1_000_000, f"{memory} kB"
