"""``rasoat backup``, ``restore`` and ``verify``: keeping the evidence, and proving it is whole."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from inventory import backup as archives
from inventory.verify import Verification
from inventory.verify import verify as check
from language.said import spoken
from language.texts import texts
from rasoat.folder import opened
from rasoat.people import whoami
from rasoat.problems import NOT_CARRIED_OUT
from rasoat.settings import Settings
from rasoat.terminal import console, print_json, step, styled
from server.evidence import check_signature


@click.command(epilog="Example: rasoat backup --out office.backup")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write (default: rasoat-DATE.backup here).",
)
@click.option("--with-keys", is_flag=True, help="Include the private keys; lock such a file away.")
@click.pass_obj
def backup(settings: Settings, out: Path | None, *, with_keys: bool) -> None:
    """Write the whole inventory to one file; everything goes on running meanwhile."""
    target = out or Path(f"rasoat-{datetime.now(UTC):%Y%m%d-%H%M%S}.backup")
    say = texts(settings.lang)
    with step(say("backup of {folder} to {file}", folder=settings.data, file=target)):
        archives.backup(settings.data, target, with_keys=with_keys, by=whoami())
    if not with_keys:
        warning = say(
            "The keys are not in it: after a restore without them every machine must enrol again."
        )
        console(stderr=True).print(warning)


@click.command(epilog="Example: rasoat --data restored restore office.backup")
@click.argument("archive", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def restore(settings: Settings, archive: Path) -> None:
    """Make a new data folder (--data) from ARCHIVE; an existing one is never touched."""
    say = texts(settings.lang)
    with step(say("restore {archive} into {folder}", archive=archive, folder=settings.data)):
        archives.restore(archive, settings.data, by=whoami())


@click.command(epilog="Example: rasoat verify --json")
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.pass_obj
def verify(settings: Settings, *, as_json: bool) -> int:
    """Check the database, every report's signature, and the chain of the audit log."""
    say = texts(settings.lang)
    with opened(settings.data, read_only=True) as store, step(say("checking")):
        found = check(store, check_signature)
    if as_json:
        print_json(asdict(found) | {"clean": found.clean})
    else:
        _show(found, settings.lang)
    return 0 if found.clean else NOT_CARRIED_OUT


def _show(found: Verification, lang: str) -> None:
    screen, say = console(), texts(lang)
    for problem in found.problems:
        screen.print(styled(f"✗ {spoken(problem, lang)}", "fail"))
    counts = say(
        "reports checked: {reports} (bodies dropped by retention: {forgotten}, "
        "in quarantine: {quarantined}); scans of sensors: {scans}; sections: {sections}; "
        "devices: {views}; audit entries: {audit_entries}; SQLite {sqlite}",
        **asdict(found),
    )
    screen.print(counts)
    # Nothing may fold these, or they cannot be copied.
    reports = say("last hash of the reports:   {hash}", hash=found.reports_head)
    screen.print(reports, soft_wrap=True)
    audit = say("last hash of the audit log: {hash}", hash=found.audit_head)
    screen.print(audit, soft_wrap=True)
    if found.wal_reset_bug:
        warning = say(
            "This SQLite has the WAL-reset bug (fixed in 3.51.3); rasoat's write lock avoids it. "
            "Let no other program open the database."
        )
        screen.print(warning)
    if found.clean:
        screen.print(styled(say("clean"), "pass"))
    else:
        screen.print(styled(say("{n} problems", n=len(found.problems)), "fail"))
