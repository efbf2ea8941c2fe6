"""The simulated district as documents: valid, marked, drawn from its seed alone."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import msgspec
import pytest

from inventory import sighting_types
from inventory.document import DocumentRefused, decode_report
from rasoat.simulated import AGENT_VERSION, MARK, sheet
from rasoat.simulated.district import District, district
from rasoat.simulated.faults import CASES

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def digest(made: District) -> str:
    """SHA-256 over every byte that the district consists of."""
    found = hashlib.sha256()
    for part in (made.units(), made.rows()):
        for one in part:
            found.update(msgspec.json.encode(one))
    for report in made.reports():
        found.update(report.raw)
    for scan in made.scans():
        found.update(msgspec.json.encode((scan.document, scan.things)))
    for truth in made.truths():
        found.update(msgspec.json.encode((truth.of, list(truth.things.values()))))
    return found.hexdigest()


def test_the_seed_determines_every_byte() -> None:
    assert digest(district(5, 200, NOW)) == digest(district(5, 200, NOW))
    assert digest(district(5, 200, NOW)) != digest(district(6, 200, NOW))


def test_every_report_is_a_document_of_the_catalogue() -> None:
    made = district(1, now=NOW)
    reports = list(made.reports())
    assert len(reports) > 1_000
    for report in reports:
        assert decode_report(report.raw).agent.version == AGENT_VERSION
    broken = reports[0].raw.replace(b'"hostname"', b'"host_name"')
    with pytest.raises(DocumentRefused):  # the check itself can fail
        decode_report(broken)


def test_every_scan_is_a_document_of_sightings() -> None:
    hosts = 0
    for scan in district(1, now=NOW).scans():
        document = sighting_types.decode(msgspec.json.encode(scan.document))
        assert MARK in document.scan.sensor
        assert len(document.sightings) == len(scan.things)
        hosts += len(document.sightings)
    assert hosts > 1_000


def test_every_unit_and_every_row_is_marked() -> None:
    made = district(1, now=NOW)
    units, rows = list(made.units()), list(made.rows())
    assert len(units) == 1 + 11 + 8 + 2  # two communes were merged
    assert all("MÔ PHỎNG" in one.name_vi and "SIMULATED" in one.name_en for one in units)
    assert len(rows) > 500
    assert all(row["note"] == MARK and row["tag"].startswith("SIM-") for row in rows)


def test_the_office_is_as_offices_are() -> None:
    reports = list(district(1, now=NOW, history=False).reports())
    facts = [report.document["facts"] for report in reports]
    systems = Counter(one["os"]["name"] for one in facts)
    assert systems["Windows 10"] > systems["Windows 11"] > systems["Windows 7"] > 5
    assert systems["Ubuntu"] > 3
    off = [one for one in facts if one["firewall"]["effective"] == "off"]
    assert 0.04 < len(off) / len(facts) < 0.2
    third = [one for one in facts if one["firewall"].get("products")]
    assert len(third) > 5
    assert all(one["firewall"]["effective"] == "on" for one in third)
    makers = Counter(one["hardware"]["cpu"]["model"].split()[0] for one in facts)
    assert len(makers) >= 3
    assert {one["hardware"]["memory"]["total"] >> 30 for one in facts} >= {2, 4, 8, 16}


def test_a_system_is_installed_once_for_each_key() -> None:
    days: dict[tuple[str, str], set[str]] = {}
    for report in district(1, now=NOW).reports():
        installed = report.document["facts"]["os"]["installed_at"]
        days.setdefault((report.thing, report.key), set()).add(installed)
    assert len(days) > 500
    assert max(map(len, days.values())) == 1


def test_things_of_all_districts_differ_where_no_case_says_otherwise() -> None:
    tags, macs, serials = Counter[str](), Counter[str](), Counter[str]()
    machines = 0
    for block in district(3, 1_300, NOW).blocks():
        machines += len(block.pcs)
        for one in block.pcs:
            tags.update([one.row["tag"]] if one.row else [])
            macs.update({card.mac for card in one.now.cards if card.kind != "virtual"})
            serials.update([one.now.hardware.board])
        macs.update({mac for other in block.strangers for mac in set(other.macs) - {""}})
    assert machines == 1_300
    assert max(tags.values()) == max(macs.values()) == max(serials.values()) == 1


def test_a_hundred_thousand_are_made_as_they_are_asked_for() -> None:
    made = district(1, 100_000, NOW)
    first = [report.thing for report in islice(made.reports(), 100)]
    assert first == [report.thing for report in islice(district(1, 568, NOW).reports(), 100)]
    assert sum(1 for one in made.units() if one.networks) == 19 * 177


@pytest.mark.parametrize("machines", [19, 100, 567, 569, 600])
def test_any_size_has_so_many_machines(machines: int) -> None:
    made = district(2, machines, NOW)
    assert sum(len(block.pcs) for block in made.blocks()) == machines
    for scan in made.scans():
        sighting_types.decode(msgspec.json.encode(scan.document))  # no address comes twice


def test_fewer_machines_than_units_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 19"):
        district(1, 18, NOW)


def test_a_district_has_every_case() -> None:
    truth = next(district(1, now=NOW).truths())
    for case in CASES:
        assert len(truth.of_case(case.name)) >= case.machines, case.name


def test_the_workbook_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert sheet.write(district(1, 60, NOW).rows(), tmp_path / name) > 50
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
