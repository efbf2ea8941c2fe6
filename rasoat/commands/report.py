"""``rasoat report``: the result on paper, for a spreadsheet, or for a program; and kept reports."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from language.said import said
from language.texts import texts
from policies.load import load_policy
from rasoat import issuing, reporting, signing
from rasoat.commands.report_sign import sign
from rasoat.commands.report_verify import verify
from rasoat.commands.report_yearly import yearly
from rasoat.issuing import PDF, Issue
from rasoat.problems import Problem
from rasoat.settings import POLICY, Settings
from rasoat.terminal import console, print_json, step, styled, table
from reports import office_file
from reports.faces import FACES, in_order, put, render
from reports.formats import local_time
from reports.keeping import kept

LANGUAGE = click.Choice(["vi", "en"])


@click.group(
    invoke_without_command=True,
    epilog="Example: rasoat --lang vi report --format pdf --format xlsx --out bao-cao/",
)
@click.option(
    "--format",
    "faces",
    type=click.Choice([*FACES, "all"]),
    multiple=True,
    default=["html"],
    show_default=True,
    help="May be given several times; all: every one of them.",
)
@click.option("--lang", type=LANGUAGE, default=None, help="Language of the report.")
@click.option(
    "--policy", default=POLICY, show_default=True, help="A policy file or a shipped name."
)
@click.option("--unit", default="", help="Of one unit and its parts, by its code (rasoat units).")
@click.option(
    "--since",
    default=reporting.LAST,
    show_default=True,
    help="The report to compare with: last (the newest of an earlier day), none, or an id.",
)
@click.option(
    "--from",
    "source",
    default="",
    help="Judge nothing: write the kept report of this id once more, as it stood.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, allow_dash=True),
    help="The file to write, - for stdout, or with several formats a folder.  "
    "[default: in reports/ of the data folder]",
)
@signing.options(required=False)
@click.pass_context
def report(
    ctx: click.Context,
    /,
    faces: tuple[str, ...],
    lang: str | None,
    policy: str,
    unit: str,
    since: str,
    source: str,
    out: Path | None,
    **given: Any,
) -> int:
    """Judge now, keep the figures, and write the report; exit code 1: not everything is met."""
    if ctx.invoked_subcommand is not None:
        return 0
    settings: Settings = ctx.obj
    lang = lang or settings.lang
    wanted = in_order(FACES if "all" in faces else faces)
    wish, now = issuing.checked(signing.wish(**given), wanted), datetime.now(UTC)
    if source:
        summary = reporting.as_kept(settings.data, source)
    else:
        summary = reporting.made(settings.data, load_policy(policy), now, unit=unit, since=since)
    targets = reporting.targets(settings.data, summary, wanted, lang, out)
    for face, target in targets.items():
        made = render(summary, face, lang)
        if face == PDF:
            made = issuing.issued(settings, Issue(summary, lang, target.name), made, wish, now)
        if str(target) == "-":
            sys.stdout.buffer.write(made)
        else:
            say = texts(lang)
            with step(say("report in {file}", file=target)):
                put(target, made)
        del made  # of a large fleet hundreds of megabytes, while the next is made
    console(stderr=True).print(styled(summary.headline.sentence[lang], summary.headline.verdict))
    return 0 if summary.compliant else 1


@report.command("list", epilog="Example: rasoat report list")
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.pass_obj
def list_(settings: Settings, *, as_json: bool) -> None:
    """List the reports that were kept, with the hash of their figures."""
    found = [(one, *reporting.digest_and_headline(one)) for one in kept(settings.data)]
    if as_json:
        print_json(
            [
                {"id": one.id, "made_at": f"{one.at:%Y-%m-%dT%H:%M:%SZ}", "hash": digest}
                for one, digest, _ in found
            ]
        )
        return
    lang = settings.lang
    rows = [
        (one.id, local_time(one.at, lang), digest[:16], headline[lang])
        for one, digest, headline in found
    ]
    console().print(table(reporting.heads(lang), rows))


@report.command(epilog="Example: rasoat report template --out data/office.yaml")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help=f"The file to write; must be new.  [default: {office_file.FILE} in the data folder]",
)
@click.pass_obj
def template(settings: Settings, out: Path | None) -> None:
    """Write an example of the words around a report: agency, place, who signs, recipients."""
    target = out or settings.data / office_file.FILE
    try:
        with target.open("x", encoding="utf-8") as made:
            made.write(office_file.TEMPLATE)
    except FileExistsError as fault:
        raise Problem(
            said("{target} is there already; edit it, or name another file", target=target)
        ) from fault
    console(stderr=True).print(styled(f"{target}"))


report.add_command(sign)
report.add_command(verify)
report.add_command(yearly)
