"""What management reads and signs, as a document of blocks: a pure function of the summary.

Each section is a module of its own. Nothing here counts or judges; the headline's sentence stands
word for word.
"""

from __future__ import annotations

from language.texts import texts
from reports import plain
from reports.document import Block, Document, Paragraph
from reports.formats import office_day
from reports.management import (
    annexes,
    answer,
    changes,
    contradictions,
    coverage,
    inventory,
    problems,
    units,
    unsaid,
    waivers,
)
from reports.management.section import numbered
from reports.names import told
from reports.summary import Summary

_SECTIONS = (
    answer,
    coverage,
    units,
    problems,
    waivers,
    contradictions,
    unsaid,
    changes,
    inventory,
)


def document(summary: Summary, lang: str) -> Document:
    """The management report in ``vi`` or ``en``."""
    say = texts(lang)
    digest = plain.digest_of(summary)
    return Document(
        lang=lang,
        letterhead=summary.letterhead,
        title=say("REPORT"),
        subject=_subject(summary, lang),
        number="",
        day=office_day(summary.generated_at, summary.zone),
        blocks=_blocks(summary, lang),
        footer=say("Report {id} · SHA-256 of its figures: {hash}", id=summary.id, hash=digest),
        mark=say("SIMULATED DATA – these machines do not exist") if summary.simulated else "",
    )


def _subject(summary: Summary, lang: str) -> str:
    say = texts(lang)
    own = summary.letterhead.subject.get(lang)
    title = told(summary.policy_title, lang)
    subject = own or say("On the inspection of computers by the policy “{title}”", title=title)
    return f"{subject} – {told(summary.unit_name, lang)}" if summary.unit else subject


def _blocks(summary: Summary, lang: str) -> tuple[Block, ...]:
    say = texts(lang)
    made = (one.section(summary, lang) for one in _SECTIONS)
    closing = say("This is the report on the inspection of computers and their protection.")
    return (
        answer.preamble(summary, lang),
        *numbered(one for one in made if one is not None),
        Paragraph(closing),
        *annexes.blocks(summary, lang),
    )
