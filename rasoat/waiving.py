"""From what a person asks for to a waiver that may be kept: names looked up, days read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inventory import composing
from inventory.store import Store
from inventory.times import office_day, stamp
from inventory.units import at
from inventory.units.tree import Tree
from inventory.waivers import Waiver, waiver_id, waivers
from language.said import said
from policies.problems import did_you_mean
from policies.tree import Policy
from policies.waivers import Refused, checked_approver, checked_days, checked_reason, day_of
from rasoat.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person asks for; ``place``: where it stands in a file, or empty."""

    rule: str
    scope: str
    subject: str
    why: str
    approved_by: str
    until: str
    starts: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What names may be used."""

    store: Store
    policy: Policy
    tree: Tree
    today: str
    given: dict[str, Waiver]

    @classmethod
    def of(cls, store: Store, policy: Policy, now: datetime) -> Known:
        """The names of a store and a policy on a day."""
        today = office_day(now)
        given = {one.id: one for one in waivers(store)}
        return cls(store, policy, at(store, today), today, given)


def scope_of(device: str | None, unit: str | None, *, everywhere: bool) -> tuple[str, str]:
    """Scope and subject of a command line.

    Raises:
        Problem: none of the three was named, or more than one.
    """
    named = [("device", device), ("unit", unit), ("rule", "*" if everywhere else None)]
    given = [(scope, subject) for scope, subject in named if subject]
    if len(given) != 1:
        raise Problem(said("name one of: a DEVICE, --unit CODE, --all"))
    scope, subject = given[0]
    return scope, "" if scope == "rule" else str(subject)


def checked(wish: Wish, known: Known, *, by: str, source: str, now: datetime) -> Waiver:
    """The waiver.

    Raises:
        Problem: a name that nothing has, a day or a reason that may not be; says where and what
            to do.
    """
    try:
        rule = _rule(wish.rule, known.policy)
        subject = _subject(wish, known)
        reason, approver = checked_reason(wish.why), checked_approver(wish.approved_by)
        about = (known.policy.name, rule, wish.scope, subject, reason, approver)
        last = day_of(wish.until, "until").isoformat()
        name = waiver_id(*about, last, wish.starts)
        if name in known.given:
            return known.given[name]  # a file may be imported again when some of it is over
        starts, expires = checked_days(wish.starts, wish.until, known.today)
    except Refused as fault:
        raise Problem(said("{place}{fault}", place=wish.place, fault=fault)) from fault
    return Waiver(name, *about, starts, expires, stamp(now), by, source)


def _rule(name: str, policy: Policy) -> str:
    ids = [rule.id for rule in policy.rules]
    if name not in ids:
        hint = did_you_mean(name, ids) or said("; its rules: {names}", names=", ".join(ids))
        raise Refused(
            said(
                "rule: {policy} has no rule {name}{hint}", policy=policy.name, name=name, hint=hint
            )
        )
    return name


def _subject(wish: Wish, known: Known) -> str:
    if wish.scope == "device":
        device = composing.device_of(known.store.reader(), wish.subject)
        if device is None:
            raise Refused(
                said(
                    "device: no device has the id {subject}; see: rasoat devices",
                    subject=wish.subject,
                )
            )
        return device
    if wish.scope == "unit" and known.tree.get(wish.subject) is None:
        codes = [unit.code for unit in known.tree]
        hint = did_you_mean(wish.subject, codes) or said("; see: rasoat units")
        raise Refused(
            said(
                "unit: no unit has the code {subject} today{hint}", subject=wish.subject, hint=hint
            )
        )
    return wish.subject
