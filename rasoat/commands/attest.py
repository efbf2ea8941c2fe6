"""``rasoat attest``: a person states what no machine can check, until a day."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta

import click

from inventory import attestations as kept
from inventory.attestations import STATUSES, Attestation
from inventory.times import office_day, stamp
from inventory.waivers import waiver_id
from language.said import said
from language.texts import sense, texts
from policies.frameworks import Framework, Requirement, load_framework
from policies.waivers import Refused, checked_approver, checked_reason, day_of
from rasoat.folder import opened
from rasoat.people import whoami
from rasoat.problems import Problem
from rasoat.settings import Settings
from rasoat.standing import STATE_WORDS
from rasoat.terminal import console, print_json, styled, table


@click.group(invoke_without_command=False, epilog="Example: rasoat attest list tcvn-14423-2026")
def attest() -> None:
    """State what no machine can check; every report says who, when and until when."""


@attest.command(
    epilog="Example: rasoat attest give tcvn-14423-2026 4.12.2.1 --status met --until 2027-06-30 "
    "--by 'Nguyễn Văn A' --why 'network diagram of March, in the archive'"
)
@click.argument("framework")
@click.argument("requirement")
@click.option("--status", type=click.Choice(STATUSES), required=True, help="What is stated.")
@click.option("--until", required=True, help="The last day that it holds, such as 2027-06-30.")
@click.option("--by", "attested_by", required=True, help="Who states it.")
@click.option("--why", required=True, help="On what ground.")
@click.option("--evidence", default="", help="Where the proof lies: a file number, a link.")
@click.pass_obj
def give(settings: Settings, /, framework: str, requirement: str, **given: str) -> None:
    """State that REQUIREMENT of FRAMEWORK is met, partly met, not met, or does not apply."""
    known, now = load_framework(framework), datetime.now(UTC)
    made = _checked(known, known.requirement(requirement), given, now)
    with opened(settings.data) as store:
        kept.add(store, made, now=now)
    stated = texts(settings.lang)(STATE_WORDS[made.status])
    console().print(styled(f"{made.id}: {known.name} {requirement}: {stated}"))


@attest.command("list", epilog="Example: rasoat attest list tcvn-14423-2026")
@click.argument("framework")
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.pass_obj
def list_(settings: Settings, framework: str, *, as_json: bool) -> None:
    """List what was stated about FRAMEWORK, what is over too."""
    known, day = load_framework(framework), office_day(datetime.now(UTC))
    with opened(settings.data, read_only=True) as store:
        found = kept.attestations(store, known.name)
    if as_json:
        print_json([asdict(one) | {"in_force": one.in_force(day)} for one in found])
        return
    say = texts(settings.lang)
    rows = [
        (
            *(one.id, one.requirement, say(STATE_WORDS[one.status])),
            *(one.attested_by, one.expires, one.statement, "✓" if one.in_force(day) else "–"),
        )
        for one in found
    ]
    heads = (
        *("id", say("clause"), say("state"), say("by"), say(sense("a waiver", "until"))),
        *(say("ground"), say("in force")),
    )
    console().print(table(heads, rows))


@attest.command(epilog="Example: rasoat attest end a-0123456789ab --why 'diagram is outdated'")
@click.argument("attestation")
@click.option("--why", required=True, help="The reason, for the audit log.")
@click.pass_obj
def end(settings: Settings, attestation: str, why: str) -> None:
    """End ATTESTATION today; it is kept."""
    with opened(settings.data) as store:
        kept.end(store, attestation, by=whoami(), why=why, now=datetime.now(UTC))
    console().print(styled(attestation))


def _checked(
    framework: Framework, requirement: Requirement, given: dict[str, str], now: datetime
) -> Attestation:
    """The statement.

    Raises:
        Problem: nobody may state this, or not for so long; says what to do.
    """
    today = office_day(now)
    if not requirement.attest:
        rules = ", ".join("/".join(one) for one in requirement.checked_by)
        raise Problem(
            said(
                "{framework} {clause} is checked by rules alone: {rules}",
                framework=framework.name,
                clause=requirement.id,
                rules=rules,
            )
        )
    latest = date.fromisoformat(today) + timedelta(days=requirement.attest)
    try:
        last = day_of(given["until"], "until")
        ground = checked_reason(given["why"])
        person = checked_approver(given["attested_by"])
    except Refused as fault:
        raise Problem(fault.said) from fault
    if not date.fromisoformat(today) <= last <= latest:
        raise Problem(
            said(
                "until: {last} is over, or later than {latest}, the latest day for this",
                last=last,
                latest=latest,
            )
        )
    about = (framework.name, requirement.id, "", given["status"], ground, given["evidence"])
    name = waiver_id(*about, person, today, last.isoformat(), stamp(now)).replace("w-", "a-", 1)
    return Attestation(name, *about, person, today, last.isoformat(), stamp(now), whoami())
