"""``rasoat agent``: the server's side of agents: tokens, who is known, who is trusted."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from rich.text import Text

from inventory import agents, tokens
from inventory.agents import Agent
from inventory.times import stamp
from language.said import said
from language.texts import Texts, sense, texts
from policies.choices import choice_words
from rasoat import address
from rasoat.agent_words import alert_words, status_words
from rasoat.commands.bundle import bundle
from rasoat.commands.carried import import_
from rasoat.folder import opened
from rasoat.people import whoami
from rasoat.problems import Problem
from rasoat.settings import Settings
from rasoat.terminal import console, print_json, step, styled, table
from reports.formats import local_time
from server.enrolment_file import enrolment_file


@click.group(epilog="Example: rasoat agent token --uses 568 --days 30 --out office.enrol")
def agent() -> None:
    """Let machines report: make enrolment files, approve, revoke, list."""


@agent.command(epilog="Example: rasoat agent token --approve --uses 20 --out room-12.enrol")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--url", default=None, help="Address of the collector (default: as it was set up).")
@click.option("--uses", default=1, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 366))
@click.option("--unit", default=None, help="Unit that machines enrolled with it belong to.")
@click.option("--approve", is_flag=True, help="Trust them at once, without `rasoat agent approve`.")
@click.pass_obj
def token(
    settings: Settings,
    out: Path,
    url: str | None,
    uses: int,
    days: int,
    unit: str | None,
    *,
    approve: bool,
) -> None:
    """Make an enrolment file: address, CA and a token that ends after --days or --uses."""
    expires = datetime.now(UTC) + timedelta(days=days)
    where = address.checked(url) if url else address.remembered(settings.data)
    if out.exists():
        raise Problem(said("{out}: exists already; name another file with --out", out=out))
    with opened(settings.data) as store:
        secret = tokens.create(
            store, approve=approve, expires_at=expires, max_uses=uses, unit=unit, by=whoami()
        )
    made = enrolment_file(settings.data, where, secret, expires)
    write_private(out, json.dumps(made, indent=2) + "\n")
    say = texts(settings.lang)
    told = say(
        "{file}: for {n} machine(s), until {until}. "
        "Whoever holds this file can enrol: hand it over like a key, and delete it afterwards.",
        file=out,
        n=uses,
        until=local_time(expires, settings.lang),
    )
    click.echo(told, err=True)


@agent.command("list", epilog="Example: rasoat agent list --json")
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.pass_obj
def list_(settings: Settings, *, as_json: bool) -> int:
    """List the agents with their state; alerts first. Exit code 1 when there is an alert."""
    with opened(settings.data, read_only=True) as store:
        known = agents.all_agents(store)
    known = sorted(known, key=lambda one: (one.alert is None, one.name))
    if as_json:
        print_json([_plain(one) for one in known])
    else:
        _show(known, settings.lang)
    return 1 if any(one.alert for one in known) else 0


@agent.command(epilog="Example: rasoat agent approve k3v7…")
@click.argument("agent_id")
@click.pass_obj
def approve(settings: Settings, agent_id: str) -> None:
    """Trust a pending agent, or one that was quarantined and has been looked into."""
    say = texts(settings.lang)
    with opened(settings.data) as store, step(say("approve {agent}", agent=agent_id)):
        agents.approve(store, agent_id, by=whoami())


@agent.command(epilog='Example: rasoat agent revoke k3v7… --why "PC was scrapped"')
@click.argument("agent_id")
@click.option("--why", required=True, help="The reason, for the audit log.")
@click.pass_obj
def revoke(settings: Settings, agent_id: str, why: str) -> None:
    """Refuse everything this agent sends from now on; what it sent before stays as evidence."""
    say = texts(settings.lang)
    with opened(settings.data) as store, step(say("revoke {agent}", agent=agent_id)):
        agents.revoke(store, agent_id, by=whoami(), why=why)


@agent.command(epilog="Example: rasoat agent sensor k3v7…")
@click.argument("agent_id")
@click.option("--off", is_flag=True, help="Allow it no more.")
@click.pass_obj
def sensor(settings: Settings, agent_id: str, *, off: bool) -> None:
    """Allow an agent to report what `rasoat scan --to` sees of its network."""
    say = texts(settings.lang)
    with opened(settings.data) as store, step(say("sensor {agent}", agent=agent_id)):
        agents.allow_sensor(store, agent_id, allowed=not off, by=whoami())


agent.add_command(bundle)
agent.add_command(import_)


def write_private(target: Path, text: str) -> None:
    """Write a file that only its owner can read; an existing file is not replaced.

    Raises:
        Problem: the file exists already.
    """
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as fault:
        raise Problem(
            said("{target}: exists already; name another file with --out", target=target)
        ) from fault
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def _plain(one: Agent) -> dict[str, Any]:
    return {
        "agent": one.id,
        "name": one.name,
        "platform": one.platform,
        "status": one.status,
        "device": one.device,
        "epoch": one.epoch,
        "enrolled_at": stamp(one.enrolled_at),
        "last_report_at": stamp(one.last_report_at) if one.last_report_at else None,
        "alert": one.alert,
        "sensor": one.sensor,
    }


def _status(one: Agent, say: Texts) -> str:
    status = status_words(one.status, say.lang)
    return say("{status}, sensor", status=status) if one.sensor else status


def _show(known: list[Agent], lang: str) -> None:
    screen = console()
    for one in known:
        if one.alert:
            screen.print(styled(f"! {one.name}: {alert_words(one.alert, lang)}", "fail"))
    say = texts(lang)
    heads = (
        *(say("agent"), say("name"), say("platform"), say("state")),
        say(sense("a heading", "last report")),
    )
    rows: list[list[str | Text]] = [
        [
            one.id,
            one.name,
            choice_words(one.platform, lang),
            styled(_status(one, say), one.status),
            local_time(one.last_report_at, lang) if one.last_report_at else "–",
        ]
        for one in known
    ]
    screen.print(table(heads, rows))
