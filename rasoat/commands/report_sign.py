"""``rasoat report sign``: one more signature in a report that is there."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from language.said import said
from language.texts import texts
from rasoat import signing
from rasoat.problems import Problem
from rasoat.settings import Settings
from rasoat.terminal import console, step, styled
from reports.faces import put


@click.command(
    "sign",
    epilog="Example: rasoat report sign bao-cao.pdf --field agency --sign p12:con-dau.p12 "
    "--passphrase-file mat-khau.txt",
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@signing.options(required=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write.  [default: FILE itself; what it was stays as its beginning]",
)
@click.pass_obj
def sign(
    settings: Settings,
    *,
    file: Path,
    key: str,
    passphrase_file: Path | None,
    field: str,
    role: str,
    out: Path | None,
) -> None:
    """Sign FILE in one of its empty fields (PAdES-B-B, offline: without a time stamp).

    Officers usually sign with their own tokens in the document system; this is for who has the key
    at hand. Signatures are added one behind the other.
    """
    from reports.signing.reading import NotReadable, content
    from reports.signing.sign import CannotSign

    wanted = signing.wish(key, passphrase_file, field, role)
    target = out or file
    try:
        made, name = signing.signed(content(file), wanted, settings.lang, datetime.now(UTC))
    except (NotReadable, CannotSign) as fault:
        raise Problem(said("{file}: {fault}", file=file, fault=fault)) from fault
    say = texts(settings.lang)
    with step(say("signed by {name} in {file}", name=name, file=target)):
        put(target, made)
    note = say("No time stamp: that takes a network. See: rasoat report verify {file}", file=target)
    console(stderr=True).print(styled(note))
