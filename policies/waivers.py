"""Waivers: which may be given, and the one place where a fail becomes an exception (DESIGN §8.4).

Only a fail is waived. What is unknown stays unknown: nobody can except what nobody has seen. The
last day belongs to a waiver; at the first instant after it, in the office's time zone, the machine
fails again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import msgspec

from inventory.devices import DeviceView
from inventory.times import office_day
from inventory.waivers import Waiver
from language.forms import day
from language.said import SaidError, said
from language.texts import texts
from policies.judge import Verdict

LONGEST = timedelta(days=366)  #: of a waiver: what is older must be approved anew
SHORTEST_REASON = 10  #: letters: "ok" is no reason
WARN_DAYS = (30, 14)  #: ahead of its last day a waiver is called expiring, and expiring soon
_NARROWEST = ("device", "unit", "rule")


class Refused(SaidError, ValueError):
    """A waiver that may not be given; the message says which field, why, and what to do."""


def checked_days(starts: str, expires: str, today: str) -> tuple[str, str]:
    """The first and last day in ISO form.

    Args:
        starts: the first day, or empty for today.
        expires: the last day.
        today: the office's day, ISO.

    Raises:
        Refused: no day, a day that was, a waiver of more than 366 days.
    """
    first = day_of(starts, "from") if starts else date.fromisoformat(today)
    last = day_of(expires, "until")
    now = date.fromisoformat(today)
    if first < now:
        raise Refused(
            said(
                "from: {first} is over; a waiver never covers days before it was given", first=first
            )
        )
    if last < first:
        raise Refused(
            said("until: {last} is over, or before its first day {first}", last=last, first=first)
        )
    if last - first > LONGEST:
        latest = first + LONGEST
        raise Refused(
            said(
                "until: {last} is more than 366 days away; the latest day is {latest}",
                last=last,
                latest=latest,
            )
        )
    return first.isoformat(), last.isoformat()


def day_of(text: str, name: str) -> date:
    """A day as ``2027-03-31`` or ``31/03/2027``; a bare year is no day.

    Raises:
        Refused: it is neither.
    """
    for shape in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text.strip(), shape).date()  # noqa: DTZ007 - a day alone
        except ValueError:
            continue
    raise Refused(
        said(
            "{name}: {text!r} is no day; write it as 2027-03-31 or 31/03/2027", name=name, text=text
        )
    )


def checked_reason(reason: str) -> str:
    """A reason that says something.

    Raises:
        Refused: it is too short.
    """
    plain = " ".join(reason.split())
    if len(plain) < SHORTEST_REASON:
        raise Refused(
            said(
                "reason: {text!r} says too little; at least {least} letters",
                text=plain,
                least=SHORTEST_REASON,
            )
        )
    return plain


def checked_approver(name: str) -> str:
    """Who approved it.

    Raises:
        Refused: nobody is named.
    """
    plain = " ".join(name.split())
    if not plain:
        raise Refused(said("approved_by: say who approved it"))
    return plain


@dataclass(frozen=True, slots=True)
class Applied:
    """One waiver of a policy on one day.

    ``used``: the devices whose fail it excepts; ``idle``: those in its scope that pass, for which
    it is no longer needed; ``days_left``: 0 on its last day.
    """

    waiver: Waiver
    days_left: int
    used: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()

    @property
    def unneeded(self) -> bool:
        """Whether every machine that it could except passes by itself."""
        return bool(self.idle) and not self.used


@dataclass(slots=True)
class _Use:
    used: list[str] = field(default_factory=list)
    idle: list[str] = field(default_factory=list)


def applied(
    verdicts: Iterable[Verdict],
    waivers: Sequence[Waiver],
    machines: Mapping[str, DeviceView],
    now: datetime,
) -> tuple[list[Verdict], list[Applied]]:
    """The verdicts with every excepted fail as ``waived``, and what each waiver in force did."""
    day = office_day(now)
    force = sorted((one for one in waivers if one.in_force(day)), key=_rank)
    uses = {one.id: _Use() for one in force}
    by_rule: dict[str, list[Waiver]] = {}
    for one in force:
        by_rule.setdefault(one.rule, []).append(one)
    given = []
    for verdict in verdicts:
        mine = [
            one for one in by_rule.get(verdict.rule, ()) if _covers(one, machines[verdict.device])
        ]
        if mine and verdict.result == "fail":
            uses[mine[0].id].used.append(verdict.device)
            given.append(_waived(verdict, mine[0]))
            continue
        if verdict.result == "pass":
            for one in mine:
                uses[one.id].idle.append(verdict.device)
        given.append(verdict)
    today = date.fromisoformat(day)
    return given, [
        Applied(
            one,
            (date.fromisoformat(one.expires) - today).days,
            tuple(uses[one.id].used),
            tuple(uses[one.id].idle),
        )
        for one in force
    ]


def _rank(one: Waiver) -> tuple[int, str, str]:
    """The narrowest scope first, then the one that lasts longest."""
    longest = "".join(chr(0x10FFFF - ord(letter)) for letter in one.expires)
    return _NARROWEST.index(one.scope), longest, one.id


def _covers(one: Waiver, machine: DeviceView) -> bool:
    if one.scope == "rule":
        return True
    if one.scope == "unit":
        return one.subject in machine.unit_path
    return one.subject == machine.device


def _waived(verdict: Verdict, one: Waiver) -> Verdict:
    vi, en = (_sentence(one, lang) for lang in ("vi", "en"))
    return msgspec.structs.replace(
        verdict,
        result="waived",
        reason="waived",
        explanation_vi=f"{verdict.explanation_vi} {vi}".strip(),
        explanation_en=f"{verdict.explanation_en} {en}".strip(),
        evidence=(*verdict.evidence, {"waiver": one.id, "approved_by": one.approved_by}),
    )


def _sentence(one: Waiver, lang: str) -> str:
    say = texts(lang)
    return say(
        "Waived until {day} by {approver}: {reason}.",
        day=day(one.expires, lang),
        approver=one.approved_by,
        reason=one.reason.rstrip("."),
    )
