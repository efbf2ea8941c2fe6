"""``rasoat waivers``: which exceptions there are, until when, and whether they are still needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

import click

from inventory import waivers as kept
from inventory.store import Store
from inventory.times import office_day
from inventory.waivers import Waiver
from language.forms import day as shown_day
from language.said import joined
from language.texts import marked, sense, texts
from policies.load import load_policy
from rasoat import waiver_file, waiving
from rasoat.folder import opened
from rasoat.people import whoami
from rasoat.problems import Problem
from rasoat.settings import POLICY, Settings
from rasoat.terminal import console, print_json, styled, table


@click.group(invoke_without_command=True, epilog="Example: rasoat waivers --expiring 30")
@click.option("--expiring", type=click.IntRange(min=0), help="In force, with so many days left.")
@click.option("--over", is_flag=True, help="Those too that are over or were ended.")
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.pass_context
def waivers(ctx: click.Context, *, expiring: int | None, over: bool, as_json: bool) -> None:
    """List the exceptions in force and to come, the first to expire at the top."""
    if ctx.invoked_subcommand is not None:
        return
    settings: Settings = ctx.obj
    today = office_day(datetime.now(UTC))
    with opened(settings.data, read_only=True) as store:
        found = [one for one in kept.waivers(store) if over or _stands(one, today)]
    if expiring is not None:
        found = [one for one in found if one.in_force(today) and _left(one, today) <= expiring]
    if as_json:
        print_json([asdict(one) | {"in_force": one.in_force(today)} for one in found])
        return
    _show(found, today, settings.lang)


@waivers.command("end", epilog="Example: rasoat waivers end w-0123456789ab --why 'replaced'")
@click.argument("waiver")
@click.option("--why", required=True, help="The reason, for the audit log.")
@click.pass_obj
def end(settings: Settings, waiver: str, why: str) -> None:
    """End WAIVER today; it is kept, and its machines fail again."""
    with opened(settings.data) as store:
        kept.end(store, waiver, by=whoami(), why=why, now=datetime.now(UTC))
    console().print(styled(waiver))


@waivers.command("import", epilog="Example: rasoat waivers import mien-tru.yaml --dry-run")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--policy", default=POLICY, show_default=True, help="The rules' policy.")
@click.option("--dry-run", is_flag=True, help="Check the file; write nothing.")
@click.pass_obj
def import_(settings: Settings, file: Path, policy: str, *, dry_run: bool) -> None:
    """Give every waiver of FILE, or none; a second time nothing is given twice."""
    now = datetime.now(UTC)
    with opened(settings.data, read_only=dry_run) as store:
        made = _checked(store, file, policy, now)
        there = {one.id for one in kept.waivers(store)}
        fresh = [one for one in made if one.id not in there]
        if not dry_run:
            kept.add(store, fresh, now=now)
    said = (
        marked("{new} would be given, {old} were there before; nothing was written")
        if dry_run
        else marked("{new} given, {old} were there before")
    )
    text = texts(settings.lang)(said, new=len(fresh), old=len(made) - len(fresh))
    console().print(styled(text))


def _checked(store: Store, file: Path, policy: str, now: datetime) -> list[Waiver]:
    """Every waiver of the file.

    Raises:
        Problem: some may not be given; every one is named.
    """
    known = waiving.Known.of(store, load_policy(policy), now)
    made, wrong = [], []
    for wish in waiver_file.read(file):
        try:
            made.append(waiving.checked(wish, known, by=whoami(), source=file.name, now=now))
        except Problem as fault:
            wrong.append(fault.said)
    if wrong:
        raise Problem(joined("\n", wrong))
    return made


def _stands(one: Waiver, today: str) -> bool:
    return one.ended_at is None and one.expires >= today


def _left(one: Waiver, today: str) -> int:
    return (date.fromisoformat(one.expires) - date.fromisoformat(today)).days


def _show(found: Sequence[Waiver], today: str, lang: str) -> None:
    say, screen = texts(lang), console()
    if not found:
        screen.print(say("no waiver"))
        return
    rows = [
        (
            *(one.id, one.rule, one.where, shown_day(one.expires, lang)),
            *(one.approved_by, one.reason, _state(one, today, lang)),
        )
        for one in found
    ]
    heads = (
        *(say(sense("a waiver", "id")), say("rule"), say("for"), say(sense("a waiver", "until"))),
        *(say("approved by"), say("reason"), say("state")),
    )
    screen.print(table(heads, rows))


def _state(one: Waiver, today: str, lang: str) -> str:
    say = texts(lang)
    if one.ended_at is not None:
        return say("ended by {who}: {why}", who=one.ended_by, why=one.ended_why)
    if one.expires < today:
        return say("over")
    if one.starts > today:
        return say("begins on {day}", day=shown_day(one.starts, lang))
    return say("in force, {n} days left", n=_left(one, today))
