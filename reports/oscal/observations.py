"""What was seen: one observation for each rule over the fleet, and one for each contradiction."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from language.texts import texts
from reports.figures import ContradictionLine
from reports.oscal.machines import machine, subject
from reports.oscal.terms import Node, identifier, moment, plain, props, some
from reports.summary import DeviceLine, FindingLine, RuleLine, Summary


@dataclass(frozen=True)
class Seen:
    """A summary in one language, sorted by rule once.

    ``shown``: rule → where it is open or waived; ``figures`` and ``policy``: UUIDs of the
    resources that hold the evidence.
    """

    summary: Summary
    lang: str
    report: str  #: names the report: what is of it alone takes its UUID from this
    shown: dict[str, list[tuple[DeviceLine, FindingLine]]]
    figures: str
    policy: str

    def identifier(self, *parts: str) -> str:
        """The UUID of a part of this report."""
        return identifier(self.report, *parts)


def seen(summary: Summary, lang: str, digest: str) -> Seen:
    """A summary made ready; ``digest`` is the hash of its figures."""
    shown: dict[str, list[tuple[DeviceLine, FindingLine]]] = defaultdict(list)
    for device in summary.devices:
        for finding in device.shown_findings:
            shown[finding.rule].append((device, finding))
    report = f"{summary.id} {digest}"
    figures, policy = identifier(report, "figures"), identifier("policy", summary.policy_hash)
    return Seen(summary, lang, report, dict(shown), figures, policy)


def observation(rule: RuleLine, of: Seen) -> Node:
    """One rule over all machines: its sentence, its counts, and where it is open."""
    counts = {f"count_{result}": str(count) for result, count in rule.counts.items()}
    told = props(rule=rule.id, severity=rule.severity, verdict=rule.verdict, **counts)
    return (
        {
            "uuid": of.identifier("observation", rule.id),
            "title": plain(f"{rule.id} {rule.title.get(of.lang, '')}"),
            "description": plain(rule.sentence[of.lang]),
        }
        | told
        | {"methods": ["TEST"], "types": ["control-objective"]}
        | some("subjects", [subject(*one, of.lang) for one in of.shown.get(rule.id, ())])
        | {
            "relevant-evidence": _evidence(of),
            "collected": moment(of.summary.generated_at),
        }
    )


def _evidence(of: Seen) -> list[Node]:
    say = texts(of.lang)
    return [
        {
            "href": f"#{of.figures}",
            "description": say(
                "The figures of this report with every machine's result. The signed report and the "
                "hash of the facts that each rests on stand at the inventory items "
                "(report, facts-hash)."
            ),
        },
        {"href": f"#{of.policy}", "description": say("The rules as they stood.")},
    ]


def contradiction(place: int, one: ContradictionLine, of: Seen) -> Node:
    """What an agent says and the network shows otherwise; ``place``: in the summary's list."""
    say = texts(of.lang)
    said = say(
        "{about}: the agent says {agent}, the network shows {network}",
        about=one.about,
        agent=one.agent_says,
        network=one.network_shows,
    )
    told = props(
        about=one.about,
        agent_says=one.agent_says,
        agent_at=one.agent_at,
        network_shows=one.network_shows,
        network_at=one.network_at,
    )
    pointed = {"subject-uuid": machine(one.device), "type": "inventory-item"}
    return (
        {
            "uuid": of.identifier("contradiction", str(place)),
            "title": plain(say("Two witnesses disagree about {name}", name=one.name)),
            "description": plain(said),
        }
        | told
        | {"methods": ["TEST"], "types": ["discovery"], "subjects": [pointed]}
        | some("relevant-evidence", [{"description": plain(text)} for text in one.evidence if text])
        | {"collected": moment(of.summary.generated_at)}
    )
