"""``rasoat waive``: a dated exception that somebody approved."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import click

from inventory import waivers as kept
from inventory.times import office_day
from language.texts import marked, texts
from policies.load import load_policy
from rasoat import waiving
from rasoat.folder import opened
from rasoat.people import whoami
from rasoat.settings import POLICY, Settings
from rasoat.terminal import console, styled
from rasoat.waiving import Wish


@click.command(
    epilog="Example: rasoat waive NET-002 d-k3v7qm2xw5ra --until 2027-03-31 "
    "--why 'the cash register needs SMB 1 until it is replaced' --by 'Nguyễn Văn A'"
)
@click.argument("rule")
@click.argument("device", required=False)
@click.option(
    "--until", required=True, help="The last day: 2027-03-31, 31/03/2027, or 120d from now."
)
@click.option("--from", "starts", default="", help="The first day (default: today).")
@click.option("--why", required=True, help="The reason; it stands in every report.")
@click.option("--by", "approved_by", required=True, help="Who approved it.")
@click.option("--unit", default=None, help="For a unit and its parts, in place of one device.")
@click.option("--all", "everywhere", is_flag=True, help="For every machine.")
@click.option("--policy", default=POLICY, show_default=True, help="The rule's policy.")
@click.pass_obj
def waive(settings: Settings, /, rule: str, device: str | None, policy: str, **given: str) -> None:
    """Except DEVICE from RULE until a day; afterwards it fails again."""
    everywhere, unit = bool(given.pop("everywhere")), given.pop("unit")
    scope, subject = waiving.scope_of(device, unit, everywhere=everywhere)
    given["until"] = _last_day(given["until"])
    wish = Wish(rule=rule, scope=scope, subject=subject, place="", **given)
    now = datetime.now(UTC)
    with opened(settings.data) as store:
        known = waiving.Known.of(store, load_policy(policy), now)
        made = waiving.checked(wish, known, by=whoami(), source="rasoat waive", now=now)
        added = kept.add(store, [made], now=now)
    say = texts(settings.lang)
    said = (
        marked("{id}: {rule} is waived for {subject} until the end of {day}")
        if added
        else marked("{id}: was given before; {rule} for {subject} until the end of {day}")
    )
    text = say(said, id=made.id, rule=made.rule, subject=made.where, day=made.expires)
    console().print(styled(text))
    if made.in_force(office_day(now)):
        console(stderr=True).print(
            say("It counts from the next `rasoat policy check` on; reports name it.")
        )


_SPAN = re.compile(r"(\d{1,3})d")


def _last_day(text: str) -> str:
    """A number of days from now as a day; anything else as it was typed."""
    span = _SPAN.fullmatch(text.strip())
    if span is None:
        return text
    return office_day(datetime.now(UTC) + timedelta(days=int(span[1])))
