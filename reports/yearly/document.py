"""The yearly form as a document of blocks: a pure function of what it says."""

from __future__ import annotations

from collections.abc import Iterator

from language.forms import day, number
from language.texts import marked, texts
from reports.document import Annex, Block, Document, Heading, Items, Paragraph
from reports.yearly import tables
from reports.yearly.form import MET, NOT_APPLICABLE, NOT_FULLY, OPEN, YearlyForm
from reports.yearly.missing import missing

LAYOUT = marked("layout from third-party sources, check against the gazette")


def document(form: YearlyForm, lang: str) -> Document:
    """The form in ``vi`` or ``en``; on every page stands that its layout was not verified."""
    say = texts(lang)
    marks = [say("SIMULATED DATA – these machines do not exist")] if form.simulated else []
    return Document(
        lang=lang,
        letterhead=form.letterhead,
        title=say("REPORT"),
        subject=say(
            "On the protection of information systems by levels in {year} "
            "(Form No. 08, Decree 331/2026/NĐ-CP)",
            year=form.period.year,
        ),
        number="",
        day=form.day,
        blocks=tuple(_blocks(form, lang)),
        footer=say(
            "Yearly form {year} · {layout} · SHA-256 of its figures: {hash}",
            year=form.period.year,
            layout=say(LAYOUT),
            hash=form.digest,
        ),
        mark=" · ".join([*marks, say(LAYOUT)]),
    )


def _blocks(form: YearlyForm, lang: str) -> Iterator[Block]:
    say = texts(lang)
    yield Paragraph(
        say(
            "The original of the form was not at hand: its layout, its columns and the numbers of "
            "articles and clauses come from third-party sources. Check them against the gazette "
            "before signing."
        ),
        "note",
    )
    yield from _period(form, lang)
    yield from _systems(form, lang)
    yield from _requirements(form, lang)
    yield from _lacking(form, lang)
    yield from _annexes(form, lang)


def _period(form: YearlyForm, lang: str) -> Iterator[Block]:
    say, period = texts(lang), form.period
    yield Heading(1, say("I. Period and scope"))
    yield Paragraph(
        say(
            "The period is from {begins} to {ends}. The form was filled in on {day}. A unit hands "
            "it to the owner of the system before 20 December; the owner to the ministry before "
            "25 December.",
            begins=day(period.begins, lang),
            ends=day(period.ends, lang),
            day=day(form.day, lang),
        )
    )
    yield from _machines(form, lang)


def _machines(form: YearlyForm, lang: str) -> Iterator[Block]:
    say, machines, inspected = texts(lang), form.machines, form.inspected
    if machines is None or inspected is None:
        return
    yield Paragraph(
        say(
            "Requirements were judged for “{system}”: {expected} computers, of which {current} "
            "reported within 7 days. What was not reported counts as unknown, never as met.",
            system=inspected.name[lang],
            expected=number(machines.expected, lang),
            current=number(machines.current, lang),
        )
    )


def _systems(form: YearlyForm, lang: str) -> Iterator[Block]:
    say = texts(lang)
    yield Heading(1, say("II. Information systems"))
    one = say.many(
        "The agency states {n} information system (annex I).",
        "The agency states {n} information systems (annex I).",
        len(form.systems),
    )
    yield Paragraph(one)
    levels = sorted({one.level for one in form.systems if one.level})
    counts = [
        say("Level {level}: {n}", level=level, n=sum(one.level == level for one in form.systems))
        for level in levels
    ]
    open_ = sum(one.level is None for one in form.systems)
    if open_:
        counts.append(say("Level not stated: {n}", n=open_))
    yield Items(tuple(counts))


def _requirements(form: YearlyForm, lang: str) -> Iterator[Block]:
    say = texts(lang)
    yield Heading(1, say("III. Requirements"))
    if not form.requirements:
        yield Paragraph(say("No requirement was judged; section IV says why."), "lead")
        return
    counts = {name: number(form.count(name), lang) for name in (MET, NOT_FULLY, NOT_APPLICABLE)}
    told = say(
        "Of {n} requirements in the catalogue: {met} met, {not_fully_met} not fully met, "
        "{not_applicable} not applicable, {open} that cannot be told.",
        n=number(len(form.requirements), lang),
        open=number(form.count(OPEN), lang),
        **counts,
    )
    yield Paragraph(told, "lead")
    catalogue = say("Standard: {title} (annex II).", title=form.framework[lang])
    yield Paragraph(catalogue)
    if form.unverified:
        yield Paragraph(
            say(
                "Clause numbers and days of force of this catalogue were not compared with the "
                "standard; it lists only requirements that rules or people can answer here."
            ),
            "note",
        )


def _lacking(form: YearlyForm, lang: str) -> Iterator[Block]:
    say, found = texts(lang), missing(form)
    yield Heading(1, say("IV. What is missing"))
    if found:
        yield tables.lacking(found, lang)
    else:
        yield Paragraph(say("Nothing that this form asks for is missing."))


def _annexes(form: YearlyForm, lang: str) -> Iterator[Block]:
    say = texts(lang)
    yield Annex(say("ANNEX I"), say("Information systems by level"), landscape=True)
    yield tables.systems(form, lang)
    if form.requirements:
        yield Annex(say("ANNEX II"), say("Requirements: status, plan and day"), landscape=True)
        yield tables.requirements(form, lang)
    if form.units:
        label = say("ANNEX III") if form.requirements else say("ANNEX II")
        yield Annex(label, say("Units of the period"))
        yield tables.units(form, lang)
