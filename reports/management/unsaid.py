"""What cannot be said, and why: every reason behind an unknown."""

from __future__ import annotations

from language.texts import texts
from reports.document import Block, Items, Paragraph
from reports.management.section import Section
from reports.names import told
from reports.summary import Summary


def section(summary: Summary, lang: str) -> Section:
    """The reasons, by how many machines they concern."""
    say = texts(lang)
    title = say("WHAT CANNOT BE SAID, AND WHY")
    if not summary.unsaid:
        none = say("Each result of this report rests on facts that are fresh by the policy.")
        return Section(title, (Paragraph(none),))
    blocks: tuple[Block, ...] = (
        Paragraph(
            say(
                "What is not known is not counted as passing, and not as failing. A machine may "
                "stand under several reasons:"
            )
        ),
        Items(tuple(told(one.sentence, lang) for one in summary.unsaid)),
    )
    return Section(title, blocks)
