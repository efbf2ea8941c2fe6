"""Who issues a report, to whom it goes and who signs: what Decree 30/2020 puts around its text.

The office writes it once, in ``office.yaml`` of its data folder; a report carries the one that
stood when it was made.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from language.texts import Words


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The office's own words; a field that is empty is left as dots to be filled in by hand.

    ``symbol``: what stands after the number (``BC-UBND``); ``authority``: ``TM. ỦY BAN NHÂN DÂN``;
    ``capacity``: ``KT. CHỦ TỊCH`` and the office held, a line each; ``recipients`` end with the
    archive's line.
    """

    superior: Words = field(default_factory=dict)
    issuer: Words = field(default_factory=dict)
    symbol: str = ""
    place: Words = field(default_factory=dict)
    subject: Words = field(default_factory=dict)  #: empty: the report's own
    authority: Words = field(default_factory=dict)
    capacity: tuple[Words, ...] = ()
    signer: str = ""
    recipients: tuple[Words, ...] = ()
