"""The answer in one sentence, as it may be signed, and how the other requirements stand."""

from __future__ import annotations

from collections import Counter

from language.texts import texts
from reports.document import Block, Paragraph
from reports.management.section import Section
from reports.names import count, moment, told
from reports.summary import Summary


def preamble(summary: Summary, lang: str) -> Paragraph:
    """Who reports what, by which policy, and as of when."""
    say = texts(lang)
    known = {
        "title": told(summary.policy_title, lang),
        "version": summary.policy_version,
        "moment": moment(summary.generated_at, lang, summary.zone),
    }
    issuer = summary.letterhead.issuer.get(lang)
    if issuer:
        said = say(
            "{issuer} reports on the inspection of its computers by the policy “{title}” "
            "(version {version}), as of {moment}, as follows:",
            issuer=issuer,
            **known,
        )
    else:
        said = say(
            "The computers were inspected by the policy “{title}” (version {version}). "
            "The results as of {moment} are as follows:",
            **known,
        )
    return Paragraph(said)


def scope(summary: Summary, lang: str) -> list[Paragraph]:
    """A report of one unit says so, lest it be taken for the office's."""
    if not summary.unit:
        return []
    say, unit = texts(lang), told(summary.unit_name, lang)
    return [Paragraph(say("This report speaks of {unit} and its parts alone.", unit=unit))]


def section(summary: Summary, lang: str) -> Section:
    """The headline's sentence word for word, and how many requirements are met."""
    say = texts(lang)
    verdicts = Counter(rule.verdict for rule in summary.rules)
    asked = len(summary.rules) - verdicts["not_applicable"]
    blocks: list[Block] = [
        Paragraph(summary.headline.sentence[lang], "lead"),
        *scope(summary, lang),
        Paragraph(
            say(
                "Requirements of the policy that concern these computers: {asked}. Met: {met}; "
                "not met: {not_met}; cannot be stated: {undecided}. Annex I has each of them.",
                asked=count(asked, lang),
                met=count(verdicts["met"], lang),
                not_met=count(verdicts["not_met"], lang),
                undecided=count(verdicts["undecided"], lang),
            )
        ),
    ]
    return Section(say("THE ANSWER"), tuple(blocks))
