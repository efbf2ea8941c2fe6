"""The information systems of an office as it states them itself, and the form's fixed words.

What the office did not write is empty or None: the form then shows dots and says who must supply
it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from language.texts import Words, marked

#: Messages: where the dossier on the level stands; the Vietnamese words are the form's own.
DOSSIER = (
    marked("Being drafted"),
    marked("Sent for appraisal"),
    marked("Appraised"),
    marked("Approved"),
)
APPROVED = DOSSIER[-1]

#: Messages: how far the plan of protection is carried out; the Vietnamese words are the form's own.
DEPLOYMENT = (
    marked("Not begun"),
    marked("Some items carried out"),
    marked("Carried out in full"),
)

LEVELS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the office will do about a requirement that is not fully met, until when (ISO day)."""

    requirement: str
    what: Words
    until: str


@dataclass(frozen=True, slots=True)
class System:
    """One information system; ``dossier`` and ``deployment`` hold the fixed words, days are ISO.

    ``inspected``: it is the computers and the network that Rà Soát looks at. ``framework``: the
    standard whose requirements its annex lists.
    """

    name: Words
    owner: Words = field(default_factory=dict)
    operator: Words = field(default_factory=dict)
    level: int | None = None
    dossier: str = ""
    decision: str = ""
    decided_on: str = ""
    deployment: str = ""
    assessed_on: str = ""
    deadline: str = ""
    note: Words = field(default_factory=dict)
    inspected: bool = False
    framework: str = ""
    plans: tuple[Plan, ...] = ()
