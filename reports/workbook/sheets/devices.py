"""Every machine that the policy is asked of, with what it is."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.alerts import alert
from language.said import spoken
from reports.names import ENCRYPTION, KINDS, SHORT_STATES
from reports.summary import DeviceLine, Specs
from reports.workbook.asked import Asked, day
from reports.workbook.setting import columns
from reports.workbook.sheet import Column, Row, Section, Sheet

_GIB, _GB = 2**30, 10**9


def sheet(asked: Asked) -> Sheet:
    """All machines, each with the evidence of its results."""
    say = asked.say
    notes = (
        say(
            "All machines that the policy is asked of. Only those with “yes” in “Counted” are in "
            "the denominator. Memory in GiB, disks in GB; times in {zone}.",
            zone=asked.summary.zone,
        ),
    )
    section = Section(_heads(asked), _rows(asked), empty=say("No machine."))
    return Sheet(asked.names["devices"], say("All machines"), notes, (section,))


def _heads(asked: Asked) -> tuple[Column, ...]:
    say = asked.say
    return columns(
        (say("Machine"), 24, "wrap"),
        (say("Unit"), 28, "wrap"),
        (say("Asset number"), 16),
        (say("State"), 14, "mark"),
        (say("Counted"), 9),
        (say("Kind"), 11),
        (say("Operating system"), 30, "wrap"),
        (say("Fixes end on"), 12, "day"),
        (say("Model"), 22, "wrap"),
        (say("Serial number"), 18),
        (say("Memory"), 9, "size"),
        (say("Disks"), 10, "size"),
        (say("Encryption"), 12),
        (say("Antivirus"), 20, "wrap"),
        (say("Address"), 16),
        (say("Last report"), 17, "moment"),
        (say("Seen on the network"), 17, "moment"),
        (say("Pass"), 8, "number"),
        (say("Asked"), 8, "number"),
        (say("Fail"), 8, "number"),
        (say("Warning"), 40, "wrap"),
        (say("Machine's id"), 18),
        (say("Report (agent/epoch/sequence)"), 34),
        (say("Hash of the facts"), 20),
    )


def _rows(asked: Asked) -> Iterator[Row]:
    never, unseen = asked.say("never"), asked.say("not seen")
    for one in asked.summary.devices:
        yield (
            one.name,
            asked.unit(one.unit),
            one.asset,
            asked.word(SHORT_STATES, one.state),
            asked.yes_no(one.expected),
            asked.word(KINDS, one.kind),
            one.system,
            *_specs(asked, one.specs),
            one.address,
            one.received_at or never,
            one.seen_at or unseen,
            *_results(one),
            spoken(alert(one.alert or ""), asked.lang),
            one.id,
            one.report or "",
            one.facts_hash or "",
        )


def _specs(asked: Asked, of: Specs) -> Row:
    return (
        day(of.support_ends),
        of.model,
        of.serial,
        None if of.memory is None else of.memory / _GIB,
        None if of.disk is None else of.disk / _GB,
        None if of.encryption is None else asked.word(ENCRYPTION, of.encryption),
        of.antivirus,
    )


def _results(one: DeviceLine) -> Row:
    return one.count("pass"), one.applicable, one.count("fail")
