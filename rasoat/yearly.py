"""Filling the yearly form from a data folder: the office's systems, what is judged, the units."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from inventory import units
from inventory.times import office_day
from language.said import said
from language.texts import Words
from policies.assess import Assessment
from policies.frameworks import Framework, load_framework
from rasoat.folder import opened
from rasoat.problems import Problem
from rasoat.simulated import marking
from rasoat.standing import Judged, standing_of
from reports.counting.coverage import coverage_of
from reports.office_file import letterhead_of
from reports.yearly import Period, YearlyForm, systems_file
from reports.yearly.filling import requirement_lines, units_of
from reports.yearly.form import Machines
from reports.yearly.systems import System


def filled(folder: Path, year: int, now: datetime) -> YearlyForm:
    """The form of a year, with what is known today.

    Raises:
        Problem: the year has not begun, or the office has not written its systems down.
        PolicyRefused: `systems.yaml` or `office.yaml` is wrong; every place is named.
    """
    period, today = Period(year), office_day(now)
    if today < period.begins:
        raise Problem(
            said(
                "--year {year}: its period begins on {begins}; today is {today}",
                year=year,
                begins=period.begins,
                today=today,
            )
        )
    systems = _systems(folder)
    letterhead = letterhead_of(folder)
    inspected = next((one for one in systems if one.inspected), None)
    known, judged = _judged(folder, inspected, now)
    with opened(folder, read_only=True) as store:
        there = units_of(period, units.history(store), today)
        simulated = marking.is_simulated(store)
    return YearlyForm(
        period=period,
        day=today,
        letterhead=letterhead,
        systems=systems,
        framework=_title(known),
        unverified=known.unverified if known else "",
        requirements=requirement_lines(judged.standing, inspected.plans if inspected else ()),
        machines=_machines(judged.assessments),
        units=there,
        simulated=simulated,
    )


def _systems(folder: Path) -> tuple[System, ...]:
    file = folder / systems_file.FILE
    if not file.exists():
        raise Problem(
            said(
                "{file}: not there; write an example with: rasoat report yearly "
                "--template, and put the office's systems in",
                file=file,
            )
        )
    return systems_file.read(file)


def _judged(
    folder: Path, inspected: System | None, now: datetime
) -> tuple[Framework | None, Judged]:
    """What the machines say of the one system that they are; without a level nothing is asked."""
    if inspected is None:
        return None, Judged((), ())
    known = load_framework(inspected.framework)
    if inspected.level is None:
        return known, Judged((), ())
    return known, standing_of(folder, known, now, inspected.level)


def _title(known: Framework | None) -> Words:
    return {"vi": known.title.vi, "en": known.title.en} if known else {}


def _machines(found: tuple[Assessment, ...]) -> Machines | None:
    if not found:
        return None
    counted = coverage_of(found[0], ())
    return Machines(counted.expected, counted.current)
