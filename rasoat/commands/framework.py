"""``rasoat framework``: where the office stands by a standard, clause by clause."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import click
import msgspec

from inventory.times import office_day
from language.texts import sense, texts
from policies.frameworks import (
    Framework,
    Standing,
    load_framework,
    shipped_frameworks,
)
from policies.frameworks.standing import STATES
from rasoat.settings import Settings
from rasoat.standing import STATE_WORDS, standing_of
from rasoat.terminal import console, print_json, styled, table

_STYLES = {"not_met": "fail", "met": "pass", "attested": "pass", "not_applicable": ""}


@click.group(epilog="Example: rasoat framework show tcvn-14423-2026 --level 2")
def framework() -> None:
    """Standards whose clauses point to rules and to what people state."""


@framework.command("list", epilog="Example: rasoat framework list")
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.pass_obj
def list_(settings: Settings, *, as_json: bool) -> None:
    """List the frameworks that come with Rà Soát."""
    found = [load_framework(name) for name in shipped_frameworks()]
    if as_json:
        print_json([_about(one) for one in found])
        return
    lang, say = settings.lang, texts(settings.lang)
    heads = (
        *(say("key"), say(sense("a heading", "name")), say("from"), say("to")),
        *(say("clauses"), say("checked")),
    )
    rows = [
        (
            *(one.name, one.title.get(lang), one.valid_from, one.valid_to or "–"),
            *(str(len(one.requirements)), one.unverified or say(sense("checked", "yes"))),
        )
        for one in found
    ]
    console().print(table(heads, rows))


@framework.command(epilog="Example: rasoat framework show tcvn-14423-2026 --level 2")
@click.argument("name")
@click.option("--level", type=click.IntRange(1, 5), default=None, help="Up to this level.")
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.pass_obj
def show(settings: Settings, name: str, level: int | None, *, as_json: bool) -> int:
    """Judge the policies that framework NAME rests on, and show every clause; 1: not all met."""
    known, now = load_framework(name), datetime.now(UTC)
    day = office_day(now)
    standing = standing_of(settings.data, known, now, level or 0).standing
    if as_json:
        print_json(_about(known) | {"day": day, "requirements": [_plain(one) for one in standing]})
    else:
        _show(known, standing, settings.lang)
    good = {"met", "attested", "not_applicable"}
    return 0 if standing and all(one.state in good for one in standing) else 1


def _about(one: Framework) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(one)
    del plain["requirements"]
    return plain


def _plain(one: Standing) -> dict[str, Any]:
    requirement: dict[str, Any] = msgspec.to_builtins(one.requirement)
    return requirement | {
        "state": one.state,
        "statements": msgspec.to_builtins(one.statements),
        "attestation": msgspec.to_builtins(one.attestation),
    }


def _show(known: Framework, standing: Sequence[Standing], lang: str) -> None:
    screen = console()
    screen.print(styled(known.title.get(lang)))
    if known.unverified:
        screen.print(styled(f"⚠ {known.unverified}", "undecided"))
    say = texts(lang)
    heads = (say("clause"), say("wording"), say("state"), say("rests on"))
    rows = [
        (
            *(one.requirement.id, one.requirement.title.get(lang)),
            styled(say(STATE_WORDS[one.state]), _STYLES.get(one.state, "undecided")),
            _rests_on(one, lang),
        )
        for one in standing
    ]
    screen.print(table(heads, rows))
    counts = [(state, sum(one.state == state for one in standing)) for state in STATES]
    parts = [f"{say(STATE_WORDS[state])}: {count}" for state, count in counts if count]
    screen.print(styled(f"{len(standing)} = {' + '.join(parts)}"))


def _rests_on(one: Standing, lang: str) -> str:
    say = texts(lang)
    rules = [f"{said.rule} {said.counts.get('pass', 0)}/{said.total}" for said in one.statements]
    if one.attestation is not None:
        until = say("until")
        rules.append(f"{one.attestation.attested_by} ({until} {one.attestation.expires})")
    return ", ".join(rules) or "–"
