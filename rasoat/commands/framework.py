"""``rasoat framework``: where the office stands by a standard, clause by clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click

from inventory.times import office_day
from policies.frameworks import (
    Framework,
    Standing,
    load_framework,
    shipped_frameworks,
)
from policies.frameworks.standing import STATES
from policies.wording import pick
from rasoat.settings import Settings
from rasoat.standing import standing_of
from rasoat.terminal import console, print_json, styled, table

_STATES = {
    "not_met": ("not met", "không đạt"),
    "partly": ("partly met", "đạt một phần"),
    "undecided": ("undecided", "chưa thể kết luận"),
    "not_attested": ("nobody has stated it", "chưa ai xác nhận"),
    "not_covered": ("not covered", "chưa có cách kiểm tra"),
    "met": ("met", "đạt"),
    "attested": ("stated by a person", "đã xác nhận"),
    "not_applicable": ("not applicable", "không áp dụng"),
}
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
    lang = settings.lang
    heads = pick(("key|name|from|to|clauses|checked", "mã|tên|từ|đến|số mục|đã kiểm chứng"), lang)
    rows = [
        (
            *(one.name, one.title.get(lang), one.valid_from, one.valid_to or "–"),
            *(str(len(one.requirements)), one.unverified or pick(("yes", "rồi"), lang)),
        )
        for one in found
    ]
    console().print(table(heads.split("|"), rows))


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
    plain = asdict(one)
    del plain["requirements"]
    return plain


def _plain(one: Standing) -> dict[str, Any]:
    return asdict(one.requirement) | {
        "state": one.state,
        "statements": [asdict(said) for said in one.statements],
        "attestation": one.attestation and asdict(one.attestation),
    }


def _show(known: Framework, standing: Sequence[Standing], lang: str) -> None:
    screen = console()
    screen.print(styled(known.title.get(lang)))
    if known.unverified:
        screen.print(styled(f"⚠ {known.unverified}", "undecided"))
    heads = pick(("clause|wording|state|rests on", "mục|nội dung|tình trạng|căn cứ"), lang).split(
        "|"
    )
    rows = [
        (
            *(one.requirement.id, one.requirement.title.get(lang)),
            styled(pick(_STATES[one.state], lang), _STYLES.get(one.state, "undecided")),
            _rests_on(one, lang),
        )
        for one in standing
    ]
    screen.print(table(heads, rows))
    counts = [(state, sum(one.state == state for one in standing)) for state in STATES]
    parts = [f"{pick(_STATES[state], lang)}: {count}" for state, count in counts if count]
    screen.print(styled(f"{len(standing)} = {' + '.join(parts)}"))


def _rests_on(one: Standing, lang: str) -> str:
    rules = [f"{said.rule} {said.counts.get('pass', 0)}/{said.total}" for said in one.statements]
    if one.attestation is not None:
        until = pick(("until", "đến hết"), lang)
        rules.append(f"{one.attestation.attested_by} ({until} {one.attestation.expires})")
    return ", ".join(rules) or "–"
