"""``rasoat prune``: the data folder does not grow for ever, and nothing goes that is rested on."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

import click

from inventory import retention
from inventory.retention import KEPT_DAYS, SHORTEST_DAYS
from inventory.times import moment
from language.forms import number
from language.texts import marked, sense, texts
from policies.wording import size
from rasoat.folder import opened
from rasoat.people import whoami
from rasoat.settings import Settings
from rasoat.terminal import console, print_json, styled, table
from reports.formats import local_time

_KINDS = {
    "reports": marked("bodies of reports"),
    "sections": marked("sections nobody names"),
    "scans": marked("scans"),
}


@click.command(epilog="Example: rasoat prune --kind scans --days 90 --dry-run")
@click.option(
    "--days",
    default=KEPT_DAYS,
    show_default=True,
    type=click.IntRange(min=SHORTEST_DAYS),
    help="How long evidence is kept.",
)
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(retention.KINDS),
    multiple=True,
    default=retention.KINDS,
    show_default=True,
    help="Only evidence of this kind, each kept as long as it is wanted; may be given again.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.pass_obj
def prune(
    settings: Settings, days: int, kinds: tuple[str, ...], *, dry_run: bool, as_json: bool
) -> None:
    """Drop the bodies of old reports and old scans that nothing rests on any more.

    Numbers and digests, changes, findings, the register and the audit log stay.
    """
    now = datetime.now(UTC)
    before = retention.begin(now, days)
    with opened(settings.data, read_only=dry_run) as store:
        if dry_run:
            found = retention.due(store, before, kinds)
        else:
            found = retention.prune(store, before, by=whoami(), now=now, kinds=kinds)
    if as_json:
        print_json([asdict(one) for one in found])
        return
    say, lang = texts(settings.lang), settings.lang
    rows = [
        (
            say(_KINDS[one.kind]),
            number(one.count, lang),
            size(one.size, lang),
            local_time(moment(one.oldest), lang) if one.oldest else "–",
        )
        for one in found
    ]
    heads = (say(sense("evidence", "what")), say("how many"), say("size"), say("oldest"))
    console().print(table(heads, rows))
    said = (
        marked("Older than {day}; nothing was dropped. Without --dry-run it goes.")
        if dry_run
        else marked("Dropped, and noted in the audit log; everything from {day} on was kept.")
    )
    console().print(styled(say(said, day=local_time(before, lang))))
