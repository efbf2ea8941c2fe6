"""What is missing is named once, with who must supply it; what is there is not."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from reports.letterhead import Letterhead
from reports.yearly import YearlyForm, missing
from reports.yearly.form import MET
from reports.yearly.systems import DOSSIER, System
from tests.reports.yearly.conftest import LAN, words

ASKED = ("owner", "operator", "level", "dossier", "deployment", "assessed_on", "deadline")


def told(form: YearlyForm) -> list[tuple[str, str, str]]:
    return [(one.where["en"], one.what["en"], one.who["en"]) for one in missing(form)]


def whole(form: YearlyForm) -> YearlyForm:
    """The form with everything in it, of a catalogue that was compared with the standard."""
    met = tuple(one for one in form.requirements if one.status == MET)
    return replace(form, systems=(LAN,), requirements=met, unverified="")


def test_nothing_is_missing_of_a_whole_form(form: YearlyForm) -> None:
    assert told(whole(form)) == []


def test_a_system_with_a_name_alone_lacks_everything_else(form: YearlyForm) -> None:
    bare = replace(whole(form), systems=(LAN, System(name=words("Trang tin"))))
    found = told(bare)
    assert {where for where, _, _ in found} == {"Trang tin (en)"}
    assert len(found) == 8


@pytest.mark.parametrize(
    "name",
    [
        "owner",
        "operator",
        "level",
        "dossier",
        "deployment",
        "assessed_on",
        "deadline",
        "decision",
        "decided_on",
    ],
)
def test_each_field_is_missed(form: YearlyForm, name: str) -> None:
    empty = next(one for one in fields(System) if one.name == name)
    without: dict[str, Any] = {name: {} if name in ("owner", "operator") else empty.default}
    lacking = replace(LAN, **without)
    assert len(told(replace(whole(form), systems=(lacking,)))) == 1


def test_a_decision_is_not_asked_of_a_draft(form: YearlyForm) -> None:
    draft = replace(LAN, dossier=DOSSIER[0], decision="", decided_on="")
    assert told(replace(whole(form), systems=(draft,))) == []


def test_what_stands_around_the_text_is_missed(form: YearlyForm) -> None:
    found = told(replace(whole(form), letterhead=Letterhead()))
    assert len(found) == 6
    assert {who for _, _, who in found} == {"the office's clerk, in office.yaml"}


def test_open_and_unplanned_requirements_are_named_with_who_can_say(form: YearlyForm) -> None:
    found = {where.split()[0]: (what, who) for where, what, who in told(form) if where[:2] == "4."}
    assert found == {
        "4.2": ("a plan and its day", "the operator of the system, in systems.yaml"),
        "4.3": (
            "too little is known of the machines to say whether it is met",
            "the IT officer",
        ),
        "4.4": (
            "no rule can tell, and nobody has stated it",
            "whoever is responsible, by rasoat attest give",
        ),
        "4.5": ("neither a rule nor a person's statement covers it", "the IT officer"),
    }


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"day": "2026-11-29"}, "the period is not over; fill it in again"),
        ({"day": "2026-12-20"}, "after the period"),
        ({"units": ()}, "the units of the period"),
        ({"requirements": ()}, "no requirement of this level"),
        ({"unverified": "no"}, "that the catalogue does not list"),
        ({"systems": (replace(LAN, inspected=False),)}, "which system is the computers"),
    ],
)
def test_what_concerns_the_whole_form(form: YearlyForm, change: dict[str, Any], says: str) -> None:
    assert any(says in what for _, what, _ in told(replace(whole(form), **change)))
