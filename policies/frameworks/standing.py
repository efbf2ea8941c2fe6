"""Where a framework stands: each requirement by its rules' statements and by what people attest.

A requirement is met only where every statement behind it is met and, where a person must state it,
somebody did and the statement has not expired. A statement of a person never outweighs a rule that
fails. What neither rule nor person covers is *not covered*, never met.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from inventory.attestations import Attestation
from policies.fleet import Statement
from policies.frameworks.loading import Framework, Requirement

#: In the order in which a person should look at them.
STATES = (
    *("not_met", "partly", "undecided", "not_attested", "not_covered"),
    *("met", "attested", "not_applicable"),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """One requirement on one day: its state, the rules' statements, and the person's."""

    requirement: Requirement
    state: str
    statements: tuple[Statement, ...]
    attestation: Attestation | None


def standings(
    framework: Framework,
    statements: Mapping[tuple[str, str], Statement],
    attestations: Iterable[Attestation],
    day: str,
    level: int = 0,
) -> list[Standing]:
    """Every requirement that a system of ``level`` is asked (0: all).

    Args:
        framework: the catalogue.
        statements: (policy, rule) → what may be said of the fleet.
        attestations: what people stated; those of other frameworks and other days are left out.
        day: ISO day of the office.
        level: the system's.
    """
    said = {
        one.requirement: one
        for one in sorted(attestations, key=lambda one: (one.attested_on, one.entered_at))
        if one.framework == framework.name and one.in_force(day)
    }
    return [_standing(one, statements, said.get(one.id)) for one in framework.asked(level)]


def _standing(
    requirement: Requirement,
    statements: Mapping[tuple[str, str], Statement],
    attestation: Attestation | None,
) -> Standing:
    found = tuple(statements[one] for one in requirement.checked_by if one in statements)
    missing = len(requirement.checked_by) - len(found)
    concerned = [one for one in found if one.total or not one.counts.get("not_applicable")]
    ruled = _ruled(concerned, missing, bool(requirement.checked_by))
    return Standing(requirement, _with_person(requirement, ruled, attestation), found, attestation)


def _ruled(statements: Sequence[Statement], missing: int, checked: bool) -> str:
    """What the rules say: empty where there are none."""
    if not checked:
        return ""
    results = {one.result for one in statements}
    if "not_met" in results:
        return "not_met"
    if missing or "undecided" in results:
        return "undecided"
    return "met" if statements else "not_applicable"


def _with_person(requirement: Requirement, ruled: str, attestation: Attestation | None) -> str:
    if ruled in ("not_met", "undecided"):
        return ruled
    if not requirement.attest:
        return ruled or "not_covered"
    if attestation is None:
        return "not_attested"
    if attestation.status == "met":
        return ruled if ruled == "met" else "attested"
    return attestation.status
