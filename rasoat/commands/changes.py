"""``rasoat changes``: what changed since a day, seen by whom, with the evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import click

from inventory import devices, history
from inventory.folding import folded
from inventory.history import Event
from inventory.times import OFFICE_ZONE
from language.said import said
from language.texts import texts
from rasoat.folder import settled
from rasoat.history_lines import heads, rows, told
from rasoat.settings import Settings
from rasoat.terminal import console, print_json, styled, table

_SPAN = re.compile(r"(\d{1,4})([dh])")


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
            self.fail(
                said("{text!r} is no day such as 2026-11-20 and no span such as 7d", text=text),
                param,
                ctx,
            )
        return day.replace(tzinfo=ZoneInfo(OFFICE_ZONE))


@click.command(epilog="Example: rasoat changes --since 7d --kind fact --search firewall")
@click.option("--since", "begin", type=Since(), default="7d", show_default=True)
@click.option("--device", "device_id", default=None, help="Only of this device.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(history.KINDS),
    help="Only changes of this kind; may be given again.",
)
@click.option("--search", default="", help="Only changes with this text somewhere; đ finds d.")
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.pass_obj
def changes(
    settings: Settings,
    begin: datetime,
    device_id: str | None,
    kinds: tuple[str, ...],
    search: str,
    *,
    as_json: bool,
) -> None:
    """List what changed: facts, results of rules, the register, and what makes up a device."""
    now = datetime.now(UTC)
    with settled(settings.data, now) as store:
        known = devices.view(store, device_id, now).device if device_id else None
        everything = history.since(store, begin, known)
    found = [
        one
        for one in everything
        if (not kinds or one.kind in kinds) and _has(one, folded(search), settings.lang)
    ]
    _cut(everything, settings.lang)
    if as_json:
        print_json([asdict(one) for one in found])
        return
    lines = rows(found, settings.lang, machine=True)
    console().print(table(heads(settings.lang, machine=True), lines))
    console().print(styled(f"{len(found)}"))


def _has(one: Event, search: str, lang: str) -> bool:
    texts_of = (one.name, one.device, one.what, one.evidence, *told(one, lang)) if search else ()
    return not search or any(search in folded(text) for text in texts_of)


def _cut(events: Sequence[Event], lang: str) -> None:
    """Say what is not all there is, so that a short list is never taken for a quiet week."""
    say = texts(lang)
    for kind in history.cut(events):
        warning = say(
            "{kind}: only the newest {n} are listed; name a later --since or a --device.",
            kind=kind,
            n=history.MOST,
        )
        console(stderr=True).print(styled(warning, "unknown"))
