"""What is concluded: one finding for each rule that applies to any machine."""

from __future__ import annotations

from language.texts import texts
from reports.oscal.observations import Seen
from reports.oscal.risks import of_rule
from reports.oscal.terms import Node, plain, props, some, token
from reports.summary import RuleLine

MET, NOT_MET = "met", "not_met"
NOWHERE = "not_applicable"  #: a rule that applies to no machine has no finding


def finding(rule: RuleLine, of: Seen) -> Node:
    """A rule's finding; it is satisfied only where the statement is met."""
    return {
        "uuid": of.identifier("finding", rule.id),
        "title": plain(f"{rule.id} {rule.title.get(of.lang, '')}"),
        "description": plain(rule.sentence[of.lang]),
        **props(rule=rule.id, verdict=rule.verdict),
        "target": {
            "type": "objective-id",
            "target-id": token(rule.id),
            "status": _status(rule, of.lang),
        },
        "related-observations": [{"observation-uuid": of.identifier("observation", rule.id)}],
        **some("related-risks", [{"risk-uuid": one} for one in of_rule(rule, of)]),
    }


def _status(rule: RuleLine, lang: str) -> Node:
    """OSCAL has two states; what is neither met nor failed says ``undecided`` beside the second."""
    if rule.verdict == MET:
        return {"state": "satisfied", "reason": "pass"}
    if rule.verdict == NOT_MET:
        return {"state": "not-satisfied", "reason": "fail"}
    say = texts(lang)
    why = say("undecided: too many machines are unknown to state that it is met or not")
    return {"state": "not-satisfied", "reason": "other", "remarks": why}
