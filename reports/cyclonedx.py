"""The software of one machine as a bill of materials: CycloneDX 1.6, JSON.

A list that is not known gives no document: an empty bill would say that nothing is installed.
Package URLs stand only where the list's source makes them certain: Debian's and Ubuntu's packages,
and RPMs of distributions whose vendor name in package URLs is fixed.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, cast

from cyclonedx.model import Property
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from language.said import NOTHING, Said, SaidError, said, verbatim

_ROOT = uuid.uuid5(uuid.NAMESPACE_URL, "urn:rasoat:cyclonedx:1")
#: (source, os.id) → type and vendor of the package URL (purl-spec, types deb and rpm), and with
#: what the package's own vendor begins where the list tells it
_PURL = {
    ("dpkg", "debian"): ("deb", "debian", ""),
    ("dpkg", "ubuntu"): ("deb", "ubuntu", ""),
    ("rpm", "fedora"): ("rpm", "fedora", "Fedora"),
    ("rpm", "rhel"): ("rpm", "redhat", "Red Hat"),
    ("rpm", "centos"): ("rpm", "centos", "CentOS"),
    ("rpm", "opensuse-leap"): ("rpm", "opensuse", "openSUSE"),
}
#: of packages (deb-control(7), RPM's naming); what is otherwise is no package's name
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9+._-]{0,200}")
_VERSION = re.compile(r"[A-Za-z0-9.+:~^_-]{1,200}")
_LONGEST_VERSION = 1024  #: characters in CycloneDX 1.6; a longer one is cut, and ends with …


class SoftwareUnknown(SaidError):
    """What is installed on the machine is not known; the message says why."""

    exit_code = 3


def render(device: Mapping[str, Any]) -> str:
    """The bill of a device as `inventory.devices.show` gives it; the same report, the same bytes.

    Raises:
        SoftwareUnknown: its list of software is not known, or nobody knows whose it is.
    """
    facts, software = device["facts"] or {}, _software(device)
    system = facts.get("os") or {}
    machine = _machine(device)
    components = list(_components(software, system))
    bom = Bom(
        serial_number=_uuid("bill", device["device"], device["report"], device["received_at"]),
        metadata=_metadata(device, machine, system),
        components=components,
    )
    bom.register_dependency(machine, components)
    return JsonV1Dot6(bom).output_as_string(indent=2) + "\n"


def _software(device: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = (device["facts"] or {}).get("software")
    why = _why_unknown(device, found)
    if why:
        raise SoftwareUnknown(
            said(
                "{device} {name}: what is installed is unknown: {why}; no bill of "
                "materials was made",
                device=device["device"],
                name=device["name"],
                why=why,
            )
        )
    return cast("list[Mapping[str, Any]]", found)


def _why_unknown(device: Mapping[str, Any], found: object) -> Said:
    if device["status"] == "quarantined":
        return said(
            "two machines report with its key (quarantined), so nobody knows whose list it is"
        )
    if device["report"] is None or device["received_at"] is None:
        return said("no agent of it has ever reported (never_reported)")
    if found is not None:
        return NOTHING
    why = (device["unknown"] or {}).get("software") or {}
    told = ": ".join(str(why[one]) for one in ("reason", "detail") if why.get(one))
    return verbatim(told) if told else said("not there")


def _machine(device: Mapping[str, Any]) -> Component:
    return Component(
        type=ComponentType.DEVICE,
        name=_encodable(device["name"]) or device["device"],
        bom_ref=device["device"],
    )


def _metadata(
    device: Mapping[str, Any], machine: Component, system: Mapping[str, Any]
) -> BomMetaData:
    properties = {
        "report": device["report"],
        "received-at": device["received_at"],
        "state": device["state"],
        "asset": device["asset"],
        "unit": device["unit"],
        "system": system.get("name"),
        "incomplete": _incomplete(device),
        "alert": device["alert"],
    }
    return BomMetaData(
        timestamp=datetime.fromisoformat(device["received_at"]),
        component=machine,
        properties=_properties(properties),
    )


def _incomplete(device: Mapping[str, Any]) -> str | None:
    """Parts of the list that could not be read, with their reasons."""
    parts = {
        path: why.get("reason", "")
        for path, why in (device["unknown"] or {}).items()
        if path == "software" or path.startswith("software.")
    }
    return "; ".join(f"{path}: {why}" for path, why in sorted(parts.items())) or None


def _components(
    software: list[Mapping[str, Any]], system: Mapping[str, Any]
) -> Iterator[Component]:
    """One for each entry; entries that are alike in all that is shown are one."""
    seen: set[uuid.UUID] = set()
    for one in software:
        words = [str(one.get(name) or "") for name in sorted(one) if name != "installed_at"]
        known_by = _uuid("component", *words)
        if one.get("name") and known_by not in seen:
            seen.add(known_by)
            yield _component(one, system, known_by)


def _component(one: Mapping[str, Any], system: Mapping[str, Any], ref: uuid.UUID) -> Component:
    told = {name: one.get(name) for name in ("source", "architecture", "installed_at")}
    return Component(
        type=ComponentType.APPLICATION,
        bom_ref=str(ref),
        name=_encodable(one["name"]),
        version=_maybe(_cut(one.get("version"))),
        publisher=_maybe(one.get("publisher")),
        purl=_purl(one, system),
        properties=_properties(told),
    )


def _purl(one: Mapping[str, Any], system: Mapping[str, Any]) -> PackageURL | None:
    kind = _PURL.get((str(one.get("source")), str(system.get("id"))))
    name, version = str(one["name"]), str(one.get("version") or "")
    if kind is None or not (_NAME.fullmatch(name) and _VERSION.fullmatch(version)):
        return None
    type_, vendor, maker = kind
    if not str(one.get("publisher") or "").startswith(maker):
        return None
    qualifiers = {"arch": one.get("architecture"), "distro": _distro(system)}
    epoch, colon, rest = version.partition(":")
    if type_ == "rpm" and colon:  # purl-spec: an RPM's epoch is a qualifier
        qualifiers["epoch"], version = epoch, rest
    told = {name: _encodable(str(value)) for name, value in qualifiers.items() if value}
    return PackageURL(type_, vendor, name, version, told)


def _distro(system: Mapping[str, Any]) -> str | None:
    release = system.get("release") or system.get("version")
    return f"{system['id']}-{release}" if release else None


def _properties(values: Mapping[str, object]) -> Iterator[Property]:
    for name, value in values.items():
        if value is not None and value != "":
            yield Property(name=f"rasoat:{name}", value=_encodable(str(value)))


def _cut(version: str | None) -> str | None:
    too_long = version is not None and len(version) > _LONGEST_VERSION
    return f"{version[: _LONGEST_VERSION - 1]}…" if version and too_long else version


def _maybe(text: str | None) -> str | None:
    return _encodable(text) if text else None


def _encodable(text: str) -> str:
    """A lone surrogate, which no encoding has, becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


def _uuid(*parts: str) -> uuid.UUID:
    return uuid.uuid5(_ROOT, "\x1f".join(map(_encodable, parts)))
