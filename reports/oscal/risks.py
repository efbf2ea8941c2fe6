"""What follows from a failure: an open risk with what to do, or one accepted until a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from zoneinfo import ZoneInfo

from language.texts import texts
from reports.oscal.observations import Seen
from reports.oscal.terms import Node, moment, plain, props
from reports.summary import RuleLine, WaiverLine


def risks(of: Seen) -> Iterator[Node]:
    """Of every rule that fails somewhere, then every waiver in force."""
    yield from (_open(rule, of) for rule in of.summary.rules if _failing(rule))
    yield from (_accepted(waiver, of) for waiver in of.summary.waivers)


def of_rule(rule: RuleLine, of: Seen) -> list[str]:
    """The UUIDs of the risks that a rule's finding points to."""
    own = [open_risk(rule.id, of)] if _failing(rule) else []
    return own + [accepted_risk(one, of) for one in of.summary.waivers if one.rule == rule.id]


def _failing(rule: RuleLine) -> int:
    """On how many expected machines the rule fails, waived ones apart."""
    return rule.counts.get("fail", 0)


def open_risk(rule: str, of: Seen) -> str:
    """The UUID of the risk of a rule that fails."""
    return of.identifier("risk", rule)


def accepted_risk(one: WaiverLine, of: Seen) -> str:
    """The UUID of the risk that a waiver accepts."""
    return of.identifier("waiver", one.id)


def _open(rule: RuleLine, of: Seen) -> Node:
    say, failing = texts(of.lang), _failing(rule)
    made = {
        "uuid": open_risk(rule.id, of),
        "title": plain(f"{rule.id} {rule.title.get(of.lang, '')}"),
        "description": say.many(
            "{n} machine does not meet this rule", "{n} machines do not meet this rule", failing
        ),
        "statement": plain(rule.sentence[of.lang]),
        **props(rule=rule.id, severity=rule.severity, failing=failing),
        "status": "open",
    }
    fix = plain(rule.fix.get(of.lang, ""))
    if fix:
        made["remediations"] = [
            {
                "uuid": of.identifier("remediation", rule.id),
                "lifecycle": "recommendation",
                "title": say("What to do"),
                "description": fix,
            }
        ]
    return made


def _accepted(one: WaiverLine, of: Seen) -> Node:
    """OSCAL's word for an accepted risk is ``deviation-approved``; the deadline is its expiry."""
    say = texts(of.lang)
    return {
        "uuid": accepted_risk(one, of),
        "title": plain(say("Waiver {id} of {rule}", id=one.id, rule=one.rule)),
        "description": plain(one.reason) or one.id,
        "statement": say.many(
            "{n} machine fails and is excepted; it is not counted as a pass",
            "{n} machines fail and are excepted; they are not counted as a pass",
            one.used,
        ),
        **props(
            waiver=one.id,
            rule=one.rule,
            scope=one.scope,
            subject=one.subject,
            approved_by=one.approved_by,
            expires=one.expires,
            used=one.used,
            unneeded="yes" if one.unneeded else None,
        ),
        "status": "deviation-approved",
        "deadline": _end_of(one.expires, of.summary.zone),
    }


def _end_of(day: str, zone: str) -> str:
    """The last second of a day in the office's time zone."""
    last = datetime.combine(datetime.fromisoformat(day), time(23, 59, 59), ZoneInfo(zone))
    return moment(last)
