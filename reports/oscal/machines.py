"""The machines as inventory items: what each is, and the evidence that its verdicts rest on."""

from __future__ import annotations

from functools import lru_cache

from language.texts import Texts
from reports.oscal.terms import Node, identifier, moment, plain, props
from reports.summary import DeviceLine, FindingLine


def inventory_item(device: DeviceLine, say: Texts) -> Node:
    """One machine; its UUID is the same in every report."""
    told = props(
        name=device.name,
        device=device.id,
        asset=device.asset,
        unit=device.unit,
        state=device.state,
        expected="yes" if device.expected else "no",
        system=device.system,
        model=device.specs.model,
        serial=device.specs.serial,
        address=device.address,
        report=device.report,
        facts_hash=device.facts_hash,
        received_at=device.received_at and moment(device.received_at),
        alert=device.alert,
    )
    made = {"uuid": machine(device.id), "description": plain(device.name) or device.id} | told
    if device.received_at is None:
        made["remarks"] = say("No agent of this machine has ever reported.")
    return made


@lru_cache(maxsize=100_000)
def machine(device: str) -> str:
    """The UUID of a machine."""
    return identifier("device", device)


def subject(device: DeviceLine, finding: FindingLine, lang: str) -> Node:
    """A machine where a rule is open or waived: its result, and why."""
    told = props(result=finding.result, reason=finding.reason, since=finding.since)
    pointed = {"subject-uuid": machine(device.id), "type": "inventory-item"}
    why = plain(finding.explanation.get(lang, ""))
    return (
        pointed
        | {"title": plain(device.name) or device.id}
        | told
        | ({"remarks": why} if why else {})
    )
