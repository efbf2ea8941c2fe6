"""``rasoat report``: the result on paper, for a spreadsheet, or for a program."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from policies.load import load_policy
from rasoat import judging
from rasoat.settings import POLICY, Settings
from rasoat.terminal import console, step
from reports.faces import FACES, write


@click.command(epilog="Example: rasoat --lang vi report --format html --out bao-cao.html")
@click.option("--format", "face", type=click.Choice(list(FACES)), default="html", show_default=True)
@click.option(
    "--lang", type=click.Choice(["vi", "en"]), default=None, help="Language of the report."
)
@click.option(
    "--policy", default=POLICY, show_default=True, help="A policy file or a shipped name."
)
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def report(settings: Settings, face: str, lang: str | None, policy: str, out: Path) -> int:
    """Judge now and write the report to --out; exit code 1 when not everything is met."""
    summary = judging.judged(settings.data, load_policy(policy), datetime.now(UTC))
    with step(f"report in {out}"):
        write(summary, face, lang or settings.lang, out)
    console(stderr=True).print(summary.headline.sentence[lang or settings.lang])
    return 0 if summary.compliant else 1
