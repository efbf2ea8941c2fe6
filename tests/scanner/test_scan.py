"""One scan from plan to result: what a fault, a stop and a stranger do to it; nothing is sent."""

from __future__ import annotations

import time
from ipaddress import ip_network
from typing import Any

import pytest

from language.said import said
from scanner import scan as module
from scanner.discovery.discover import Discovery
from scanner.networks import Networks
from scanner.partial import Partial
from scanner.problems import CannotScan, NotAllowed
from scanner.scan import Plan, Result, document, scan
from scanner.scanning import Scanning
from scanner.targets import targets

OFFICE = Networks((ip_network("10.66.0.0/24"), ip_network("fd00:66::/64")))


def seen(*ips: str) -> Discovery:
    """A discovery of these hosts."""
    return Discovery([Partial(ip, "arp", time.time(), mac="00:06:5b:00:00:01") for ip in ips])


def carried_out(
    patch: pytest.MonkeyPatch, discover: Any, plan: Plan | None = None, word: str = "10.66.0.0/25"
) -> tuple[Result, Scanning]:
    """A scan of which discovery is the test's own."""
    patch.setattr(module, "discover", discover)
    scanning = Scanning(OFFICE, ())
    return scan(scanning, targets([word], OFFICE), plan or Plan()), scanning


def reasons(result: Result) -> set[tuple[str, str]]:
    """(technique, reason) of what was lost."""
    return {(loss["technique"], loss["reason"]) for loss in result.scan["losses"]}


def test_what_discovery_finds_is_classified_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    result, _ = carried_out(monkeypatch, lambda *_: seen("10.66.0.7", "10.66.0.3"))
    assert [one.ip for one in result.sightings] == ["10.66.0.3", "10.66.0.7"]
    assert {one.kind for one in result.sightings} == {"pc"}
    assert (result.scan["hosts"], result.scan["asked"]) == (2, 126)
    assert result.scan["complete"] is True
    assert {one["scan"] for one in document(result)["sightings"]} == {result.scan["id"]}


@pytest.mark.parametrize(
    ("fault", "reason"),
    [(RuntimeError("broken on purpose"), "fault"), (CannotScan(said("no card")), "not_possible")],
)
def test_a_part_that_fails_costs_itself_and_the_result_is_not_complete(
    monkeypatch: pytest.MonkeyPatch, fault: Exception, reason: str
) -> None:
    def failing(*_: object) -> Discovery:
        raise fault

    result, _ = carried_out(monkeypatch, failing)
    assert result.scan["complete"] is False
    assert result.scan["probability_missed"] is None
    assert ("discovery", reason) in reasons(result)
    assert result.sightings == []


def test_what_may_not_be_scanned_is_no_loss_but_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def outside(*_: object) -> Discovery:
        raise NotAllowed(said("10.67.0.1 is outside"))

    with pytest.raises(NotAllowed):
        carried_out(monkeypatch, outside)


def test_after_a_stop_the_rest_is_skipped_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopping(scanning: Scanning, *_: object) -> Discovery:
        scanning.stop.set()
        found = seen("10.66.0.3")
        found.gone["10.66.0.9"] = 0.9
        return found

    plan = Plan((80,), identity=True, services=True)
    result, _ = carried_out(monkeypatch, stopping, plan)
    parts = {"ports", "names", "identity", "nmap"}
    assert reasons(result) == {(part, "stopped") for part in parts}
    assert result.scan["complete"] is False
    assert result.scan["gone"] == {}, "a stopped scan calls nobody gone"
    assert [one.filtering.reason for one in result.sightings] == ["not_probed"]


def test_who_is_no_target_is_no_host_of_the_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    result, _ = carried_out(monkeypatch, lambda *_: seen("10.66.0.3", "10.66.0.200", "fd00:66::9"))
    assert [one.ip for one in result.sightings] == ["10.66.0.3"]
    assert result.scan["losses"] == [
        {
            "technique": "names",
            "reason": "outside",
            "detail": "2 hosts that were heard are not among the targets",
        }
    ]


def test_ipv6_beyond_our_links_is_not_looked_for_and_that_is_said() -> None:
    result = scan(Scanning(OFFICE, ()), targets(["fd00:66::/64"], OFFICE), Plan())
    assert reasons(result) == {("discovery", "not_attached")}
    assert result.scan["probability_missed"] is None


def test_listening_where_no_card_stands_cannot_be_done() -> None:
    with pytest.raises(CannotScan, match="no interface of this machine stands in"):
        scan(Scanning(OFFICE, ()), targets(["10.66.0.0/25"], OFFICE), Plan(listen=1.0))
