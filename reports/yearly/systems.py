"""The information systems of an office as it states them itself, and the form's fixed words.

What the office did not write is empty or None: the form then shows dots and says who must supply
it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from language.texts import Words

#: Where the dossier that proposes the level stands; the Vietnamese words are the form's own.
DOSSIER: tuple[Words, ...] = (
    {"vi": "Đang dự thảo", "en": "Being drafted"},
    {"vi": "Đã gửi thẩm định", "en": "Sent for appraisal"},
    {"vi": "Đã thẩm định", "en": "Appraised"},
    {"vi": "Đã được phê duyệt", "en": "Approved"},
)
APPROVED = DOSSIER[-1]["vi"]

#: How far the plan of protection is carried out; the Vietnamese words are the form's own.
DEPLOYMENT: tuple[Words, ...] = (
    {"vi": "Chưa triển khai", "en": "Not begun"},
    {"vi": "Đã triển khai một số hạng mục", "en": "Some items carried out"},
    {"vi": "Đã triển khai đầy đủ", "en": "Carried out in full"},
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


def fixed(text: str, words: tuple[Words, ...], lang: str) -> str:
    """The fixed words in a language; empty stays empty."""
    return next((one[lang] for one in words if one["vi"] == text), "")
