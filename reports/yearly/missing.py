"""What the form lacks and who must supply it: said in the form itself, never guessed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from language.texts import Words, both, marked
from reports.letterhead import Letterhead
from reports.yearly.form import NOT_FULLY, OPEN, RequirementLine, YearlyForm
from reports.yearly.systems import APPROVED, System

OFFICE = marked("the office's clerk, in office.yaml")
OWNER = marked("the owner of the system, in systems.yaml")
OPERATOR = marked("the operator of the system, in systems.yaml")
OFFICER = marked("the IT officer")
HEAD = marked("whoever is responsible, by rasoat attest give")

_FIELDS = (
    ("owner", OWNER, marked("the owner")),
    ("operator", OWNER, marked("the operator")),
    ("level", OWNER, marked("the level")),
    ("dossier", OWNER, marked("where the dossier on the level stands")),
    ("deployment", OPERATOR, marked("how far the plan of protection is carried out")),
    ("assessed_on", OPERATOR, marked("the day of the last inspection")),
    ("deadline", OPERATOR, marked("the day when everything shall be carried out")),
)
_OF_A_DECISION = (
    ("decision", marked("the number of the decision on its level")),
    ("decided_on", marked("the day of the decision on its level")),
)
_LETTERHEAD = (
    ("issuer", marked("the agency that issues")),
    ("symbol", marked("the symbol behind the number")),
    ("place", marked("the place")),
    ("authority", marked("for whom it is signed")),
    ("signer", marked("who signs")),
    ("recipients", marked("to whom it goes")),
)
_REASONS = {
    "undecided": marked("too little is known of the machines to say whether it is met"),
    "not_attested": marked("no rule can tell, and nobody has stated it"),
    "not_covered": marked("neither a rule nor a person's statement covers it"),
}


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is not there: of what, what, and who must supply it."""

    where: Words
    what: Words
    who: Words


def missing(form: YearlyForm) -> tuple[Missing, ...]:
    """Everything that somebody must still supply, in the order of the form."""
    found = [*_around(form.letterhead), *_standing(form)]
    for one in form.systems:
        found += _of_system(one)
    for line in form.requirements:
        found += _of_requirement(line)
    return tuple(found)


def _around(head: Letterhead) -> Iterator[Missing]:
    for name, what in _LETTERHEAD:
        if not getattr(head, name):
            yield Missing(both("What stands around the text"), both(what), both(OFFICE))


def _standing(form: YearlyForm) -> Iterator[Missing]:
    """What concerns the whole form."""
    where = both("The whole form")
    if form.day < form.period.ends:
        yield Missing(where, both("the period is not over; fill it in again"), both(OFFICER))
    if form.day > form.period.ends:
        late = both("it was filled in after the period: how machines stood then is not shown")
        yield Missing(where, late, both(OFFICER))
    if not form.units:
        who = both("the IT officer, by rasoat units import")
        yield Missing(where, both("the units of the period"), who)
    if form.inspected is None:
        what = both("which system is the computers that Rà Soát looks at (inspected: yes)")
        yield Missing(where, what, both(OWNER))
    elif not form.requirements:
        what = both("the catalogue has no requirement of this level")
        yield Missing(where, what, both(OFFICER))
    elif form.unverified:
        what = both("the requirements of the standard that the catalogue does not list")
        yield Missing(form.framework, what, both(OPERATOR))


def _of_system(one: System) -> Iterator[Missing]:
    for name, who, what in _FIELDS:
        if not getattr(one, name):
            yield Missing(one.name, both(what), both(who))
    for name, what in _OF_A_DECISION if one.dossier == APPROVED else ():
        if not getattr(one, name):
            yield Missing(one.name, both(what), both(OWNER))
    if not one.inspected:
        unseen = both("the status of each requirement: Rà Soát does not look at this system")
        yield Missing(one.name, unseen, both("the operator of the system"))


def _of_requirement(line: RequirementLine) -> Iterator[Missing]:
    if line.status == OPEN:
        who = HEAD if line.state == "not_attested" else OFFICER
        yield Missing(_named(line), both(_REASONS[line.state]), both(who))
    elif line.status == NOT_FULLY and line.plan is None:
        yield Missing(_named(line), both("a plan and its day"), both(OPERATOR))


def _named(line: RequirementLine) -> Words:
    return {lang: f"{line.id} {title}" for lang, title in line.title.items()}
