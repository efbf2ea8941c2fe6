"""The whole document, in the order of NIST's model."""

from __future__ import annotations

from datetime import datetime

import msgspec

from language.texts import texts
from reports import plain as figures
from reports.oscal.findings import NOWHERE, finding
from reports.oscal.machines import inventory_item
from reports.oscal.observations import Seen, contradiction, observation, seen
from reports.oscal.risks import risks
from reports.oscal.terms import VERSION, Node, identifier, moment, plain, props, some, token
from reports.summary import Summary


def render(summary: Summary, lang: str) -> bytes:
    """The document as compact JSON; the same summary gives the same bytes."""
    digest = figures.digest(figures.encode(summary))
    of, say = seen(summary, lang, digest), texts(lang)
    whole = {
        "uuid": of.identifier("document", lang),
        "metadata": _metadata(of),
        "import-ap": {
            "href": f"#{of.policy}",
            "remarks": say(
                "There is no assessment plan of its own: the policy says what is asked of whom."
            ),
        },
        "results": [_result(of)],
        "back-matter": {"resources": [_policy(of), _figures(of, digest)]},
    }
    return msgspec.json.encode({"assessment-results": whole}) + b"\n"


def _metadata(of: Seen) -> Node:
    summary = of.summary
    issuer = plain(summary.letterhead.issuer.get(of.lang, ""))
    party = {"uuid": identifier("party", issuer), "type": "organization", "name": issuer}
    return {
        "title": _title(of),
        "last-modified": moment(summary.generated_at),
        "version": plain(summary.id),
        "oscal-version": VERSION,
        **props(
            policy=summary.policy,
            policy_version=summary.policy_version,
            policy_hash=summary.policy_hash,
            unit=summary.unit,
            language=of.lang,
            compliant="yes" if summary.compliant else "no",
            simulated="yes" if summary.simulated else None,
        ),
        **some("parties", [party] if issuer else []),
    }


def _title(of: Seen) -> str:
    """The policy's, the unit's, and that the machines are simulated where they are."""
    summary = of.summary
    unit = summary.unit_name.get(of.lang) or summary.unit
    title = summary.policy_title.get(of.lang, "")
    return plain(f"{title}: {unit}" if unit else title) or summary.policy


def _result(of: Seen) -> Node:
    summary, say = of.summary, texts(of.lang)
    return {
        "uuid": of.identifier("result"),
        "title": _title(of),
        "description": plain(summary.headline.sentence[of.lang]),
        "start": moment(_start(summary)),
        "end": moment(summary.generated_at),
        **props(**_coverage(summary)),
        **_machines(of),
        "reviewed-controls": _reviewed(of),
        **some("observations", _observations(of)),
        **some("risks", list(risks(of))),
        **some("findings", [finding(one, of) for one in summary.rules if one.verdict != NOWHERE]),
        "remarks": "\n\n".join(
            [
                plain(summary.coverage.sentence(of.lang)),
                *(plain(one.sentence[of.lang]) for one in summary.unsaid),
                say(
                    "Only what is satisfied was proved on enough machines; what is missing, too "
                    "old or unreadable is unknown and was never counted as a pass."
                ),
            ]
        ),
    }


def _start(summary: Summary) -> datetime:
    """When the oldest report came in that a machine's verdicts rest on."""
    heard = [one.received_at for one in summary.devices if one.received_at and one.facts_hash]
    return min(heard, default=summary.generated_at)


def _coverage(summary: Summary) -> dict[str, int]:
    coverage = summary.coverage
    names = ("expected", "current", "silent", "never_reported", "quarantined", "refused")
    counts = {name: getattr(coverage, name) for name in names} | (coverage.states or {})
    return {f"machines_{name}": count for name, count in counts.items()}


def _machines(of: Seen) -> Node:
    say = texts(of.lang)
    items = [inventory_item(one, say) for one in of.summary.devices]
    return {"local-definitions": {"inventory-items": items}} if items else {}


def _observations(of: Seen) -> list[Node]:
    """Contradictions of strangers are left out: a subject must be an inventory item."""
    known = {one.id for one in of.summary.devices}
    told = [one for one in of.summary.contradictions if one.device in known]
    return [
        *(observation(one, of) for one in of.summary.rules),
        *(contradiction(place, one, of) for place, one in enumerate(told)),
    ]


def _reviewed(of: Seen) -> Node:
    """Every rule, as a control by its id; no clause of a standard is claimed."""
    nowhere = [one for one in of.summary.rules if one.verdict == NOWHERE]
    say = texts(of.lang)
    said = say(
        "Every rule of the policy was asked; a control's id is the rule's. Those that are excluded "
        "apply to none of these machines. No clause of a standard is claimed here."
    )
    excluded = [{"control-id": token(one.id)} for one in nowhere]
    whole = {"description": said, "include-all": {}, **some("exclude-controls", excluded)}
    return {"control-selections": [whole]}


def _policy(of: Seen) -> Node:
    summary, say = of.summary, texts(of.lang)
    return {
        "uuid": of.policy,
        "title": _title(of),
        "description": say("The rules that were asked, known by their hash."),
        **props(
            policy=summary.policy,
            policy_version=summary.policy_version,
            policy_hash=summary.policy_hash,
            extends=summary.extends,
        ),
    }


def _figures(of: Seen, digest: str) -> Node:
    """The kept report, which is named and hashed, not copied."""
    say = texts(of.lang)
    return {
        "uuid": of.figures,
        "title": plain(of.summary.id),
        "description": say(
            "The figures of this report as the data folder keeps them (rasoat report --from), "
            "known by the SHA-256 of what is unpacked."
        ),
        **props(report=of.summary.id, figures_sha256=digest),
    }
