"""Antivirus: what registered with Security Center, and Defender by its own settings.

Servers have no Security Center: there Defender alone is seen, and where it does not protect it is
unknown whether another product does.
"""

from __future__ import annotations

from agents.outcome import Answers, Facts, Unknown, attempt, known
from agents.windows import defender, security_center

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.machine import Machine
    from agents.windows.security_center import Product

_OWN = ("microsoft defender", "windows defender")  #: names under which Defender registers
_NOT_TOLD = ("version", "signatures_at", "signature_age", "signature_version", "tamper_protection")


def probe(machine: Machine) -> Answers:
    """Ask Security Center, and for Defender's settings."""
    answers = Answers()
    answers.keep("now", machine.now())
    security_center.probe(answers, machine)
    defender.probe(answers, machine)
    return answers


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    rows = attempt(_rows, answers)
    if isinstance(rows, Unknown):
        facts.lack("products", rows)
    else:
        facts.rows("products", rows)
    facts.put("effective", _effective, answers, rows)
    return facts


def _rows(answers: Answers) -> list[Facts]:
    """Every product; Defender is one even where Security Center does not name it."""
    registered = _registered(answers)
    if not defender.installed(answers):
        return [_row(one) for one in registered]
    rows = [_row(one) for one in registered if not _is_own(one)]
    return [*rows, _own_row(answers, [one for one in registered if _is_own(one)])]


def _registered(answers: Answers) -> list[Product]:
    if security_center.absent(answers):
        return []
    return security_center.products(answers, "antivirus")


def _is_own(product: Product) -> bool:
    """Whether it is Defender; its name may be translated, its maker is not."""
    return product.microsofts() or product.name.lower().startswith(_OWN)


def _own_row(answers: Answers, registered: list[Product]) -> Facts:
    state = attempt(registered[0].enabled) if registered else None
    facts = defender.row(answers, state)
    if registered:
        facts.put("up_to_date", registered[0].up_to_date)
    else:
        facts.lack("up_to_date", Unknown("not_supported", "not registered; see signature_age"))
    return facts


def _row(product: Product) -> Facts:
    facts = Facts()
    facts.set("name", product.name)
    facts.put("enabled", product.enabled)
    facts.put("up_to_date", product.up_to_date)
    for fact in _NOT_TOLD:
        facts.lack(fact, Unknown("not_supported", "Security Center does not tell it"))
    return facts


def _effective(answers: Answers, rows: Any) -> str:
    """On where some product protects.

    Raises:
        Unknown: none surely does, and one cannot be told.
    """
    if isinstance(rows, Unknown):
        if attempt(security_center.health, answers, "antivirus") == "good":
            return "on"
        own = attempt(lambda: defender.installed(answers) and defender.enabled(answers, None))
        if own is True:
            return "on"
        raise rows
    states = [row.values.get("enabled", row.unknown.get("enabled")) for row in rows]
    if any(state is True for state in states):
        return "on"
    for state in states:
        known(state)
    if security_center.absent(answers):
        raise Unknown("not_supported", "no Security Center here: other products are not seen")
    return "off"
