"""``rasoat report yearly``: Form No. 08 of Decree 331/2026, as far as anything is known."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import click

from inventory.times import office_day
from language.said import said
from language.texts import texts
from rasoat.folder import kept_report
from rasoat.problems import Problem
from rasoat.settings import Settings
from rasoat.terminal import console, step, styled
from rasoat.yearly import filled
from reports.faces import put
from reports.yearly import YearlyForm, document, missing, systems_file
from reports.yearly.form import MET, NOT_APPLICABLE

FORMATS = ("docx", "pdf")


@click.command(epilog="Example: rasoat --lang vi report yearly --year 2026 --format docx")
@click.option(
    "--year", type=click.IntRange(2026, 9998), help="Of the period's end.  [default: this year]"
)
@click.option("--format", "face", type=click.Choice(FORMATS), default="docx", show_default=True)
@click.option("--lang", type=click.Choice(["vi", "en"]), default=None, help="Language of the form.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write.  [default: in reports/ of the data folder]",
)
@click.option(
    "--template",
    is_flag=True,
    help=f"Write an example of {systems_file.FILE} instead; --out must be new.",
)
@click.pass_obj
def yearly(
    settings: Settings,
    *,
    year: int | None,
    face: str,
    lang: str | None,
    out: Path | None,
    template: bool,
) -> int:
    """Fill in the yearly form of Decree 331/2026; 1: something is not met, open or missing."""
    if template:
        _template(out or settings.data / systems_file.FILE)
        return 0
    now, lang = datetime.now(UTC), lang or settings.lang
    form = filled(settings.data, year or int(office_day(now)[:4]), now)
    name = f"yearly-{form.period.year}"
    target = out or kept_report(settings.data, name, lang, face)
    say = texts(lang)
    with step(say("form in {file}", file=target)):
        put(target, import_module(f"reports.{face}").set_document(document(form, lang)))
    return _told(form, lang)


def _told(form: YearlyForm, lang: str) -> int:
    """What somebody must still see to, in one line; the exit code."""
    say, lacking = texts(lang), missing(form)
    met = sum(one.status in (MET, NOT_APPLICABLE) for one in form.requirements)
    whole = bool(form.requirements) and met == len(form.requirements) and not lacking
    line = say(
        "Requirements met or not applicable: {met} of {n}. Missing: {missing} (section IV).",
        met=met,
        n=len(form.requirements),
        missing=len(lacking),
    )
    console(stderr=True).print(styled(line, "met" if whole else "undecided"))
    return 0 if whole else 1


def _template(target: Path) -> None:
    try:
        with target.open("x", encoding="utf-8") as made:
            made.write(systems_file.TEMPLATE)
    except FileExistsError as fault:
        raise Problem(
            said("{target} is there already; edit it, or name another file", target=target)
        ) from fault
    console(stderr=True).print(styled(f"{target}"))
