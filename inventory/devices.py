"""Devices as rules and people see them: what claims of all sources add up to, and its history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from inventory import composing
from inventory.composing import Composed
from inventory.coverage import COMPUTERS, Known, State, state
from inventory.errors import NoSuchDevice
from inventory.store import Store
from inventory.times import office_day, stamp
from inventory.units import keeping as units
from inventory.units.tree import Belongs, Tree, unit_of
from inventory.witnesses import views as witness_views
from inventory.witnesses.comparing import Comparison
from language.said import said


@dataclass(frozen=True, slots=True)
class DeviceView:
    """What is known of one device now. ``view`` is JSON: what every witness says of it.

    ``report`` names the evidence: ``agent/epoch/sequence``. ``state``: see `inventory.coverage`;
    ``expected``: it counts in the denominator of every statement; ``unit_from``: register, network
    or enrolment.
    """

    device: str
    name: str
    agent: str
    platform: str
    unit: str | None
    status: str
    alert: str | None
    view: bytes | None
    received_at: datetime | None
    report: str | None
    state: str = State.UNREGISTERED
    expected: bool = True
    unit_from: str = ""
    asset: str | None = None
    kind: str = ""
    seen_at: datetime | None = None
    address: str = ""
    compared: tuple[Comparison, ...] = ()
    unit_path: tuple[str, ...] = ()  #: the codes of its unit and of all above it, the highest first

    @property
    def speaks(self) -> bool:
        """Whether an agent speaks for it that nobody revoked."""
        return bool(self.agent) and self.status != "revoked"

    @classmethod
    def of_document(cls, device: str, name: str, view: bytes, at: datetime) -> DeviceView:
        """A device that no store knows, from a document at hand."""
        return cls(device, name, "", "", None, "approved", None, view, at, None)


def everything(
    store: Store, now: datetime | None = None, *, facts: bool = True
) -> list[DeviceView]:
    """Every device there is, by name: ours, strangers, those that were never seen.

    Without ``facts`` it is a list for people: neither views nor what two witnesses say of them.
    """
    moment = now or datetime.now(UTC)
    db = store.reader()
    composed = [one for one in composing.composed(db, facts=facts) if one.alive]
    registered = any(one.asset for one in composed)
    tree = units.at(store, office_day(moment))
    addresses = composing.addresses(db)
    found = [
        _device(
            *(one, moment, tree, addresses.get(one.device, ())), registered=registered, facts=facts
        )
        for one in composed
    ]
    return sorted(found, key=lambda one: (one.name, one.device))


def views(store: Store, now: datetime | None = None) -> list[DeviceView]:
    """The devices that rules are asked of, by name."""
    return judged(everything(store, now))


def judged(known: Iterable[DeviceView]) -> list[DeviceView]:
    """Those that rules are asked of: an agent speaks for them, or the register expects one to."""
    return [one for one in known if one.expected or one.speaks]


def view(store: Store, device: str, now: datetime | None = None) -> DeviceView:
    """One device, by its id or by one that it had before observations were joined.

    Raises:
        NoSuchDevice: no device has this id.
    """
    return _one(store.reader(), store, device, now or datetime.now(UTC))[0]


def _one(db: Database, store: Store, device: str, moment: datetime) -> tuple[DeviceView, Composed]:
    """One device, and the parts that it is of."""
    known = composing.device_of(db, device)
    found = composing.composed(db, known) if known else []
    if not found:
        raise NoSuchDevice(
            said("no device has the id {device}; see: rasoat devices", device=device)
        )
    addresses = composing.addresses(db, known).get(found[0].device, ())
    tree = units.at(store, office_day(moment))
    made = _device(found[0], moment, tree, addresses, registered=composing.has_register(db))
    return made, found[0]


def show(store: Store, device: str, most: int = 200) -> dict[str, Any]:
    """All that is known of one device, newest changes first, in plain JSON types.

    ``seen``: the newest sighting as the facts ``scan.*``, None where no scan saw it.

    Raises:
        NoSuchDevice: no device has this id.
    """
    db = store.reader()
    known, parts = _one(db, store, device, datetime.now(UTC))
    changed = composing.records(
        db,
        "SELECT c.at, c.path, c.element, c.old, c.new, "
        "r.agent || '/' || r.epoch || '/' || r.sequence AS report FROM changes c "
        "JOIN reports r ON r.id = c.report WHERE c.device IN (SELECT own FROM observations "
        "WHERE device = ?) ORDER BY c.id DESC LIMIT ?",
        (known.device, most),
    )
    findings = composing.records(
        db,
        "SELECT policy, rule, result, reason, explanation_vi, explanation_en, since, evaluated_at "
        "FROM findings WHERE device = ? ORDER BY policy, rule",
        (known.device,),
    )
    decoded = msgspec.json.decode(known.view) if known.view else {"facts": None, "unknown": None}
    return (
        plain(known)
        | decoded
        | {"seen": witness_views.scan_facts(parts.host) if parts.host else None}
        | {"compared": msgspec.to_builtins(known.compared)}
        | {"observations": composing.observations(db, known.device)}
        | {"findings": findings, "changes": changed}
    )


_PLAIN = (
    *("device", "name", "state", "expected", "kind", "unit", "unit_from", "asset", "address"),
    *("agent", "platform", "status", "alert", "report"),
)


def plain(one: DeviceView) -> dict[str, Any]:
    """A device in plain JSON types, without its facts."""
    times = {"received_at": one.received_at, "seen_at": one.seen_at}
    return {name: getattr(one, name) for name in _PLAIN} | {
        name: at and f"{at:%Y-%m-%dT%H:%M:%SZ}" for name, at in times.items()
    }


def _device(
    one: Composed,
    now: datetime,
    tree: Tree,
    addresses: Iterable[str],
    *,
    registered: bool,
    facts: bool = True,
) -> DeviceView:
    belongs = _unit(one, tree, addresses)
    agent, asset, host = one.agent, one.asset, one.host
    known = Known(
        registered=asset is not None,
        agent=agent.status if agent and agent.status != "revoked" else None,
        reported_at=agent.received_at if agent else None,
        seen_at=one.seen_at,
    )
    words = composing.compared(one)
    kind = (asset.kind if asset else "") or (host.kind if host else "")
    made = DeviceView(
        device=one.device,
        name=one.name,
        agent=agent.id if agent else "",
        platform=agent.platform if agent else "",
        unit=belongs.code if belongs else None,
        status=agent.status if agent else "",
        alert=agent.alert if agent else None,
        view=None,
        received_at=agent.received_at if agent else None,
        report=agent.report if agent else None,
        state=state(known, now),
        expected=_expected(one, registered=registered),
        unit_from=belongs.source if belongs else "",
        asset=asset.tag or asset.id if asset else None,
        kind=kind,
        seen_at=one.seen_at,
        address=one.address,
        compared=words,
        unit_path=_path(tree, belongs.code) if belongs else (),
    )
    return (
        replace(made, view=witness_views.composed_view(one, words, _facts(made))) if facts else made
    )


def _facts(one: DeviceView) -> dict[str, Any]:
    """What the server itself knows of a device: the catalogue's section ``device``."""
    return {
        "state": str(one.state),
        "registered": one.asset is not None,
        "expected": one.expected,
        "unit": one.unit,
        "unit_from": one.unit_from or None,
        "last_seen": one.seen_at and stamp(one.seen_at),
    }


def _path(tree: Tree, code: str) -> tuple[str, ...]:
    """A unit that the tree does not know (an agent was enrolled with it) stands by itself."""
    return tree.codes(code) or (code,)


def _expected(one: Composed, *, registered: bool) -> bool:
    """The register says what should exist; without one, whoever was enrolled."""
    if not registered:
        return one.agent is not None and one.agent.status != "revoked"
    return one.asset is not None and one.asset.kind in COMPUTERS


def _unit(one: Composed, tree: Tree, addresses: Iterable[str]) -> Belongs | None:
    """By the register, else by its network, else by the token that its agent was enrolled with."""
    found = unit_of(one.asset.unit if one.asset else None, addresses, tree.day, tree)
    if found is None and one.agent and one.agent.unit:
        return Belongs(one.agent.unit, "enrolment")
    return found


__all__ = ["DeviceView", "everything", "judged", "plain", "show", "view", "views"]
