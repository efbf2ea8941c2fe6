"""``rasoat report verify``: who signed a copy of a report, and is it what was issued."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from rasoat.folder import opened
from rasoat.settings import Settings
from rasoat.terminal import console, print_json, styled

_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command("verify", epilog="Example: rasoat report verify bao-cao-da-ky.pdf --trust ca.pem")
@click.argument("file", type=_FILE)
@click.option(
    "--trust",
    type=_FILE,
    multiple=True,
    help="Certificates of authorities to trust (PEM); may be given several times. Without it the "
    "names are those that the certificates claim.",
)
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.pass_obj
def verify(settings: Settings, *, file: Path, trust: tuple[Path, ...], as_json: bool) -> int:
    """Say who signed FILE and whether it is what was issued; exit code 1: it is not so.

    FILE is a signed copy of a report of this data folder. What is found is noted in the audit log.
    """
    from rasoat import verifying
    from rasoat.verdict_words import lines

    with opened(settings.data) as store:
        found = verifying.verified(store, file, trust, datetime.now(UTC))
    if as_json:
        print_json(verifying.as_dict(found))
    else:
        for text, style in lines(found, file, settings.lang):
            console().print(styled(text, style))
    return 0 if found.good else 1
