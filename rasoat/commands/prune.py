"""``rasoat prune``: the data folder does not grow for ever, and nothing goes that is rested on."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

import click

from inventory import retention
from inventory.retention import KEPT_DAYS, SHORTEST_DAYS
from inventory.times import moment
from policies.wording import number, size
from rasoat.folder import opened
from rasoat.people import whoami
from rasoat.settings import Settings
from rasoat.terminal import console, print_json, styled, table
from reports.formats import local_time

_WORDS = {
    "en": {
        "heads": ("what", "how many", "size", "oldest"),
        "reports": "bodies of reports",
        "sections": "sections nobody names",
        "scans": "scans",
        "would": "Older than {day}; nothing was dropped. Without --dry-run it goes.",
        "gone": "Dropped, and noted in the audit log; everything from {day} on was kept.",
    },
    "vi": {
        "heads": ("loại", "số lượng", "dung lượng", "cũ nhất"),
        "reports": "nội dung báo cáo",
        "sections": "phần không còn báo cáo nào dùng",
        "scans": "lần quét",
        "would": "Cũ hơn {day}; chưa xóa gì. Bỏ --dry-run để xóa.",
        "gone": "Đã xóa và ghi vào nhật ký kiểm toán; từ {day} trở đi vẫn giữ nguyên.",
    },
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
    words, lang = _WORDS[settings.lang], settings.lang
    rows = [
        (
            str(words[one.kind]),
            number(one.count, lang),
            size(one.size, lang),
            local_time(moment(one.oldest), lang) if one.oldest else "–",
        )
        for one in found
    ]
    console().print(table(words["heads"], rows))
    said = str(words["would" if dry_run else "gone"])
    console().print(styled(said.format(day=local_time(before, lang))))
