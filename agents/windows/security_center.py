"""What Windows Security Center knows: the products that registered, and how they are.

Servers have no Security Center. The health is asked at every run, the products once a day (WMI).

``productState`` is a number of six hexadecimal digits whose layout Microsoft does not publish; this
is how Windows' own products fill it, and over thirty others that people have listed::

    0x0S_OXU0   S, bits 12 to 15, how it is: 0 off, 1 on, 2 snoozed, 3 expired
                (iwscapi.h, WSC_SECURITY_PRODUCT_STATE counts the same four)
                O, bits 8 to 11, whose it is: 1 Microsoft's
                U, bits 4 to 7, its signatures: 0 up to date, 1 out of date

Any other number in a place is unknown, never guessed.
"""

from __future__ import annotations

from agents.outcome import Answers, Unknown, attempt, known
from agents.readings import line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.machine import Machine

_STATES = {0: "off", 1: "on", 2: "snoozed", 3: "expired"}
_SIGNATURES = {0: True, 1: False}
_MICROSOFTS = 1
_GOOD = "good"
_HEALTH = (_GOOD, "not_monitored", "poor", "snooze")


class Product:
    """A product as it registered: its name, and its state decoded."""

    def __init__(self, name: str, state: int) -> None:
        self.name = name
        self._state = state

    def state(self) -> str:
        """Off, on, snoozed or expired; `Unknown` where the number says none of them."""
        return str(self._part(12, _STATES))

    def enabled(self) -> bool:
        """Whether it protects now; snoozed and expired ones do not."""
        return self.state() == "on"

    def up_to_date(self) -> bool:
        """Whether its signatures are; of antivirus products alone."""
        return bool(self._part(4, _SIGNATURES))

    def microsofts(self) -> bool:
        """Whether it is Microsoft's own."""
        return (self._state >> 8) & 0xF == _MICROSOFTS

    def _part(self, bit: int, meanings: dict[int, Any]) -> Any:
        number = (self._state >> bit) & 0xF
        if number not in meanings:
            raise Unknown("unreadable", "%s: productState 0x%06X" % (self.name, self._state))
        return meanings[number]


def probe(answers: Answers, machine: Machine) -> None:
    """Ask for the health, and for the products."""
    answers.ask("security health", machine.value, "security_health")
    answers.ask("security products", machine.value, "security_products")


def health(answers: Answers, provider: str) -> str:
    """Security Center's word on the firewall, the antivirus or the updates.

    Raises:
        Unknown: there is no Security Center, or its service does not run.
    """
    found = answers.get("security health")
    word = found.get(provider) if isinstance(found, dict) else None
    if word is None and isinstance(found, dict):
        raise Unknown("not_found", "the Security Center service does not run")
    if word not in _HEALTH:
        raise Unknown("unreadable", "no such health: %r" % (word,))
    return str(word)


def products(answers: Answers, kind: str) -> list[Product]:
    """The registered products of a kind: firewall or antivirus."""
    found = answers.get("security products")
    rows = found.get(kind) if isinstance(found, dict) else None
    if not isinstance(rows, list):
        raise Unknown("unreadable", "Security Center names no list of %s products" % kind)
    return [_product(row) for row in rows]


def _product(row: Any) -> Product:
    name, state = (row.get("name"), row.get("state")) if isinstance(row, dict) else (None, None)
    if not isinstance(name, str) or type(state) is not int:
        raise Unknown("unreadable", "a product of Security Center has no name or no state")
    return Product(line(name), state)


def absent(answers: Answers) -> bool:
    """Whether this Windows has no Security Center: servers."""
    asked = ("security health", "security products")
    found = [attempt(answers.get, name) for name in asked]
    return all(isinstance(one, Unknown) and one.reason == "not_supported" for one in found)


def other_firewall(answers: Answers) -> str:
    """The name of a registered firewall that is on while all is well; "" where there is none.

    Raises:
        Unknown: that cannot be told.
    """
    if absent(answers):
        return ""
    health_word = attempt(health, answers, "firewall")
    if isinstance(health_word, str) and health_word != _GOOD:
        return ""
    registered = known(attempt(products, answers, "firewall"))
    states = [(one.name, attempt(one.enabled)) for one in registered]
    if not any(state is not False for _, state in states):
        return ""
    known(health_word)
    for name, state in states:
        if state is True:
            return str(name)
    return str(next(known(state) for _, state in states if isinstance(state, Unknown)))
