"""`rasoat scan --to`: a sensor's scan, signed and kept until the collector holds it, over HTTPS."""

from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path

import pytest

from agents import sightings
from agents.spool import Spool
from rasoat import address, first_run
from tests.rasoat.conftest import Done, called
from tests.scanner.nmap.documents import HEAD, TAIL, host


class Sensor:
    """A collector's folder, and a machine enrolled there that scans: here from nmap's file."""

    def __init__(self, folder: Path, lively: Path) -> None:
        self.office, self.away = folder / "office", folder / "away"
        shutil.copytree(lively, self.office)
        self.away.mkdir()
        self.state = self.office / first_run.AGENT_STATE
        self.url = str(address.known(self.office))
        self.port = address.port_of(self.url, 0)
        self.id = json.loads(called("--data", self.office, "agent", "list", "--json").out)[0][
            "agent"
        ]
        (self.away / "scan.yaml").write_text("networks: [{cidr: 10.66.0.0/22}]\n", "utf-8")

    def scan(self, last: int = 1, to: str = "", state: Path | None = None) -> Done:
        """One scan, sent."""
        path = self.away / f"{last}.xml"
        path.write_text(HEAD + host(last) + TAIL, "utf-8")
        where = ("--to", to or self.url, "--state", state or self.state)
        return called("--data", self.away, "scan", "--import", path, "--json", *where)

    def allow(self, *off: str) -> Done:
        """Let the agent be a sensor, or no more."""
        return called("--data", self.office, "agent", "sensor", self.id, *off)

    def kept(self) -> list[dict[str, object]]:
        """The scans at the collector."""
        found: list[dict[str, object]] = json.loads(
            called("--data", self.office, "scans", "--json").out
        )
        return found

    def waiting(self) -> int:
        """Scans on the sensor's disk."""
        return len(Spool(str(self.state), sightings.FOLDER).waiting())


@pytest.fixture
def sensor(tmp_path: Path, lively: Path, monkeypatch: pytest.MonkeyPatch) -> Sensor:
    once = partial(sightings.deliver, sleep=None)  # no second try: whether it helps is tested there
    monkeypatch.setattr(sightings, "deliver", once)
    return Sensor(tmp_path, lively)


def test_offline_it_waits_on_disk_and_goes_with_the_next(sensor: Sensor) -> None:
    assert sensor.allow().code == 0
    offline = sensor.scan(1)
    assert offline.code == 3
    assert "sent 0 scans; waiting 1" in offline.err
    assert sensor.waiting() == 1
    assert "what waits is sent with the next scan" in offline.err
    assert json.loads(offline.out.splitlines()[-1])["scan"]["hosts"] == 1, "the result is shown"
    assert sensor.kept() == []
    with first_run.collecting(sensor.office, sensor.port):
        online = sensor.scan(2)
    assert online.code == 0, online.err
    assert "sent 2 scans; waiting 0" in online.err
    assert {one["sensor"] for one in sensor.kept()} == {sensor.id}
    assert len(sensor.kept()) == 2
    assert not (sensor.away / "rasoat.db").exists(), "what is sent is not kept here, too"
    assert called("--data", sensor.office, "verify").code == 0


def test_who_is_no_sensor_is_refused_and_the_scan_waits(sensor: Sensor) -> None:
    with first_run.collecting(sensor.office, sensor.port):
        refused = sensor.scan(1)
        assert refused.code == 3
        assert "waiting 1" in refused.err
        assert "rasoat agent sensor" in refused.err
        assert sensor.kept() == []
        assert sensor.allow().code == 0
        allowed = sensor.scan(2)
        assert (allowed.code, len(sensor.kept())) == (0, 2), allowed.err
        assert sensor.allow("--off").code == 0
        again = sensor.scan(3)
    assert again.code == 3
    assert len(sensor.kept()) == 2


def test_the_list_of_agents_tells_who_is_a_sensor(sensor: Sensor) -> None:
    listed = ("--data", sensor.office, "agent", "list")
    assert "sensor" not in called(*listed).out
    sensor.allow()
    assert [one["sensor"] for one in json.loads(called(*listed, "--json").out)] == [True]
    assert "approved, sensor" in called(*listed).out
    sensor.allow("--off")
    assert [one["sensor"] for one in json.loads(called(*listed, "--json").out)] == [False]


def test_an_unknown_agent_is_no_sensor(sensor: Sensor) -> None:
    done = called("--data", sensor.office, "agent", "sensor", "a" * 26)
    assert (done.code, done.out) == (2, "")
    assert "rasoat agent list" in done.err


@pytest.mark.parametrize(
    ("to", "told"),
    [
        ("https://collector.example:8443", "this machine's agent reports to https://127.0.0.1"),
        ("http://127.0.0.1", "this machine's agent reports to"),
        ("-oN", "this machine's agent reports to"),
    ],
)
def test_another_address_than_the_enrolments_is_refused(sensor: Sensor, to: str, told: str) -> None:
    done = sensor.scan(1, to=to)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert sensor.waiting() == 0


def test_a_machine_without_an_agent_is_told_before_it_scans(sensor: Sensor) -> None:
    done = sensor.scan(1, state=sensor.away / "nobody")
    assert done.code == 2
    assert "enrol" in done.err
    assert done.out == "", "nothing was looked at for nothing"
