"""``rasoat report``: the result on paper, for a spreadsheet, or for a program."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from policies.load import load_policy
from rasoat import judging
from rasoat.folder import kept_report
from rasoat.settings import POLICY, Settings
from rasoat.terminal import console, step
from reports.faces import FACES, render, write


@click.command(epilog="Example: rasoat --lang vi report --format html --out bao-cao.html")
@click.option("--format", "face", type=click.Choice(list(FACES)), default="html", show_default=True)
@click.option(
    "--lang", type=click.Choice(["vi", "en"]), default=None, help="Language of the report."
)
@click.option(
    "--policy", default=POLICY, show_default=True, help="A policy file or a shipped name."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="The file to write; - for stdout.  [default: in reports/ of the data folder]",
)
@click.pass_obj
def report(settings: Settings, face: str, lang: str | None, policy: str, out: Path | None) -> int:
    """Judge now and write the report; exit code 1 when not everything is met."""
    lang = lang or settings.lang
    summary = judging.judged(settings.data, load_policy(policy), datetime.now(UTC))
    if str(out) == "-":
        sys.stdout.buffer.write(render(summary, face, lang))
    else:
        target = out or kept_report(settings.data, summary.policy, lang, face)
        with step(f"report in {target}"):
            write(summary, face, lang, target)
    console(stderr=True).print(summary.headline.sentence[lang])
    return 0 if summary.compliant else 1
