"""Where the office stands by a framework, judged from a data folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from inventory import attestations
from inventory.times import office_day
from language.said import said
from language.texts import marked
from policies.assess import Assessment
from policies.fleet import Statement
from policies.frameworks import Framework, Standing, standings
from policies.load import load_policy
from rasoat import judging
from rasoat.folder import opened
from rasoat.problems import Problem

#: what the states of a requirement are called
STATE_WORDS = {
    "not_met": marked("not met"),
    "partly": marked("partly met"),
    "undecided": marked("undecided"),
    "not_attested": marked("nobody has stated it"),
    "not_covered": marked("not covered"),
    "met": marked("met"),
    "attested": marked("stated by a person"),
    "not_applicable": marked("not applicable"),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """Every requirement, and the policies as they were judged for it."""

    standing: tuple[Standing, ...]
    assessments: tuple[Assessment, ...]


def standing_of(folder: Path, known: Framework, now: datetime, level: int = 0) -> Judged:
    """Judge the policies that a framework rests on, and put what people stated beside them.

    Raises:
        Problem: the framework is not in force today.
    """
    day = office_day(now)
    if not known.in_force(day):
        span = f"{known.valid_from} – {known.valid_to or '…'}"
        raise Problem(
            said(
                "{name} is not in force on {day} ({span}); see: rasoat framework list",
                name=known.name,
                day=day,
                span=span,
            )
        )
    found = tuple(judging.assessed(folder, load_policy(one), now) for one in known.policies)
    stated: dict[tuple[str, str], Statement] = {}
    for policy, one in zip(known.policies, found, strict=True):
        stated |= {(policy, line.rule): line for line in one.statements}
    with opened(folder, read_only=True) as store:
        people = attestations.attestations(store, known.name)
    return Judged(tuple(standings(known, stated, people, day, level)), found)
