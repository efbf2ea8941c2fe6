"""The sheet of one unit: its machines, the worst first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from reports.figures import UnitLine
from reports.names import SEVERITIES, SHORT_STATES
from reports.summary import DeviceLine, FindingLine, Summary
from reports.workbook.asked import Asked, share
from reports.workbook.setting import columns
from reports.workbook.sheet import Column, Row, Section, Sheet

_ORDER = {name: place for place, name in enumerate(SEVERITIES)}


def members(summary: Summary) -> dict[str, list[DeviceLine]]:
    """Unit's code → its machines, those too that are not in the register."""
    made: dict[str, list[DeviceLine]] = defaultdict(list)
    for device in summary.devices:
        made[device.unit].append(device)
    return made


def sheet(asked: Asked, unit: UnitLine, machines: Sequence[DeviceLine]) -> Sheet:
    """One unit."""
    say = asked.say
    notes = (
        say(
            "Machines expected: {expected}. {title}: {passed} of {asked} pass.",
            expected=unit.expected,
            title=asked.of(asked.summary.headline.title),
            passed=unit.passed,
            asked=unit.asked,
        ),
        say(
            "Machines with the most failures come first; the sheet “{sheet}” has what to do.",
            sheet=asked.names["findings"],
        ),
    )
    rows = sorted((_row(asked, one) for one in machines), key=lambda row: (-row[-4], row[0]))  # type: ignore[operator]
    title = asked.of(unit.name) or unit.code
    section = Section(_heads(asked), rows, empty=say("No machine."))
    return Sheet(asked.unit_sheets[unit.code], title, notes, (section,))


def _heads(asked: Asked) -> tuple[Column, ...]:
    say = asked.say
    return columns(
        (say("Machine"), 24, "wrap"),
        (say("Asset number"), 16),
        (say("Counted"), 9),
        (say("State"), 14, "mark"),
        (say("Operating system"), 30, "wrap"),
        (say("Last report"), 17, "moment"),
        (say("Pass"), 8, "number"),
        (say("Share that passes"), 9, "share"),
        (say("Fail"), 8, "number"),
        (say("Not known"), 8, "number"),
        (say("Waived"), 8, "number"),
        (say("Fails, the worst first"), 48, "wrap"),
    )


def _row(asked: Asked, one: DeviceLine) -> Row:
    passed, unclear = one.count("pass"), one.count("unknown") + one.count("error")
    return (
        one.name,
        one.asset,
        asked.yes_no(one.expected),
        asked.word(SHORT_STATES, one.state),
        one.system,
        one.received_at or asked.say("never"),
        passed,
        share(passed, one.applicable),
        one.count("fail"),
        unclear,
        one.count("waived"),
        ", ".join(each.rule for each in _worst(one)),
    )


def _worst(one: DeviceLine) -> list[FindingLine]:
    fails = (each for each in one.findings if each.result == "fail")
    return sorted(fails, key=lambda each: (_ORDER.get(each.severity, len(_ORDER)), each.rule))
