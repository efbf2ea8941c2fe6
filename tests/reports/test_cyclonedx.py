"""The bill of materials of a machine: strict, reproducible, never empty for want of knowing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from reports.cyclonedx import SoftwareUnknown, render
from tests.reports.oscal.samples import HOSTILE

STRICT = JsonStrictValidator(SchemaVersion.V1_6)
DEB = {"name": "bash", "version": "1:5.2-2+b1", "architecture": "amd64", "source": "dpkg"}
RPM = {
    "name": "bash",
    "version": "1:5.2-2.fc41",
    "architecture": "x86_64",
    "source": "rpm",
    "publisher": "Fedora Project",
}
EXE = {"name": "7-Zip", "version": "24.08", "source": "registry", "publisher": "Igor Pavlov"}


def device(software: Any = (DEB,), system: str = "debian", **changes: Any) -> dict[str, Any]:
    """A device as `inventory.devices.show` tells it."""
    os = {"id": system, "name": "The system", "release": "12"}
    facts = {"os": os} if software is None else {"os": os, "software": list(software)}
    made = {
        "device": "d-k3v7qm2xw5ra",
        "name": "PC-12",
        "state": "managed",
        "asset": "TS-0012",
        "unit": "MP000",
        "status": "approved",
        "alert": None,
        "report": "abc/1/7",
        "received_at": "2026-11-20T01:30:00Z",
        "facts": facts,
        "unknown": {},
    }
    return made | changes


def bill(found: dict[str, Any]) -> dict[str, Any]:
    """The bill, which CycloneDX's own strict schema finds right."""
    text = render(found)
    assert STRICT.validate_str(text) is None
    made: dict[str, Any] = json.loads(text)
    return made


def told(node: dict[str, Any]) -> dict[str, str]:
    """Our properties."""
    return {one["name"]: one["value"] for one in node["properties"]}


def test_it_names_the_machine_and_its_evidence() -> None:
    whole = bill(device())
    assert (whole["bomFormat"], whole["specVersion"]) == ("CycloneDX", "1.6")
    metadata = whole["metadata"]
    assert metadata["timestamp"] == "2026-11-20T01:30:00+00:00"
    assert metadata["component"]["type"] == "device"
    assert metadata["component"]["name"] == "PC-12"
    assert told(metadata)["rasoat:report"] == "abc/1/7"
    assert "rasoat:incomplete" not in told(metadata)


def test_the_strict_schema_would_find_a_fault() -> None:
    whole = json.loads(render(device()))
    whole["components"][0]["typ"] = "x"
    assert STRICT.validate_str(json.dumps(whole)) is not None


@pytest.mark.parametrize(
    ("program", "system", "purl"),
    [
        (DEB, "debian", "pkg:deb/debian/bash@1:5.2-2%2Bb1?arch=amd64&distro=debian-12"),
        (DEB, "ubuntu", "pkg:deb/ubuntu/bash@1:5.2-2%2Bb1?arch=amd64&distro=ubuntu-12"),
        (DEB, "linuxmint", None),
        (RPM, "fedora", "pkg:rpm/fedora/bash@5.2-2.fc41?arch=x86_64&distro=fedora-12&epoch=1"),
        (RPM | {"publisher": "Google LLC"}, "fedora", None),
        (RPM | {"version": None}, "fedora", None),
        (EXE, "windows", None),
    ],
)
def test_a_package_url_only_where_it_is_certain(
    program: dict[str, Any], system: str, purl: str | None
) -> None:
    (found,) = bill(device([program], system))["components"]
    if purl is None:
        assert "purl" not in found
    else:
        assert PackageURL.from_string(found["purl"]) == PackageURL.from_string(purl)


def test_publisher_version_and_source_are_told() -> None:
    (found,) = bill(device([EXE], "windows"))["components"]
    assert (found["name"], found["version"], found["publisher"]) == (
        "7-Zip",
        "24.08",
        "Igor Pavlov",
    )
    assert told(found) == {"rasoat:source": "registry"}


def test_the_same_report_gives_the_same_bytes_in_any_order() -> None:
    assert render(device([DEB, EXE])) == render(device([EXE, DEB]))
    later = device([DEB, EXE], report="abc/1/8")
    assert bill(later)["serialNumber"] != bill(device([DEB, EXE]))["serialNumber"]


def test_one_program_twice_is_one_component() -> None:
    assert len(bill(device([DEB, dict(DEB), EXE]))["components"]) == 2


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (device(None, unknown={"software": {"reason": "not_elevated"}}), "unknown: not_elevated"),
        (
            device(None, unknown={"software": {"reason": "timed_out", "detail": "20 s"}}),
            "unknown: timed_out: 20 s",
        ),
        (device(None), "unknown: not there"),
        (device(facts=None, unknown=None, report=None, received_at=None), "never_reported"),
        (device(status="quarantined"), "two machines report with its key"),
    ],
)
def test_what_is_unknown_is_never_an_empty_bill(found: dict[str, Any], says: str) -> None:
    with pytest.raises(SoftwareUnknown, match=says) as refused:
        render(found)
    assert refused.value.exit_code == 3
    assert "d-k3v7qm2xw5ra PC-12" in str(refused.value)


def test_a_list_that_is_known_to_be_empty_is_a_bill() -> None:
    assert bill(device([])).get("components", []) == []


def test_a_part_that_could_not_be_read_is_told() -> None:
    part = {"software": {"reason": "incomplete"}, "accounts": {"reason": "timed_out"}}
    whole = bill(device(unknown=part))
    assert told(whole["metadata"])["rasoat:incomplete"] == "software: incomplete"


@pytest.mark.parametrize("text", [*HOSTILE, "\ud800"], ids=range(len(HOSTILE) + 1))
def test_a_hostile_text_stays_a_text(text: str) -> None:
    program = {"name": text, "version": text, "publisher": text, "source": "dpkg"}
    whole = bill(device([program, EXE], name=text, asset=text, unit=text, alert=text))
    names = {one["name"] for one in whole["components"]}
    assert "7-Zip" in names
    if text and text != "\ud800":
        assert text in names
