"""``rasoat changes``: what changed since a day, seen by whom, with the evidence."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import click

from inventory import devices, history
from inventory.times import OFFICE_ZONE, moment
from rasoat.folder import settled
from rasoat.settings import Settings
from rasoat.terminal import console, print_json, styled, table
from reports.formats import local_time

_SPAN = re.compile(r"(\d{1,4})([dh])")
_HEADS = {
    "en": ("time", "machine", "what", "before", "after", "evidence"),
    "vi": ("lúc", "máy", "điều gì", "trước", "sau", "bằng chứng"),
}


class Since(click.ParamType[datetime]):
    """A day such as 2026-11-20 (it begins at midnight in the office), or a span: 7d, 12h."""

    name = "day or span"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """The moment."""
        text = str(value)
        span = _SPAN.fullmatch(text)
        if span:
            count, unit = int(span[1]), span[2]
            return datetime.now(UTC) - timedelta(**{"days" if unit == "d" else "hours": count})
        try:
            day = datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007 - the zone follows
        except ValueError:
            self.fail(f"{text!r} is no day such as 2026-11-20 and no span such as 7d", param, ctx)
        return day.replace(tzinfo=ZoneInfo(OFFICE_ZONE))


@click.command(epilog="Example: rasoat changes --since 7d")
@click.option("--since", "begin", type=Since(), default="7d", show_default=True)
@click.option("--device", "device_id", default=None, help="Only of this device.")
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.pass_obj
def changes(settings: Settings, begin: datetime, device_id: str | None, *, as_json: bool) -> None:
    """List what changed: facts, results of rules, the register, and what makes up a device."""
    now = datetime.now(UTC)
    with settled(settings.data, now) as store:
        known = devices.view(store, device_id, now).device if device_id else None
        found = history.since(store, begin, known)
    if as_json:
        print_json([asdict(one) for one in found])
        return
    rows = [
        (
            *(local_time(moment(one.at), settings.lang), one.name or one.device, one.what),
            *(_short(one.old), _short(one.new), one.evidence),
        )
        for one in found
    ]
    console().print(table(_HEADS[settings.lang], rows))
    console().print(styled(f"{len(found)}"))


def _short(text: str, longest: int = 60) -> str:
    """A value that fits a table; --json has all of it."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
