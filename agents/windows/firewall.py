"""Firewall: whether Windows' own, or another that took its place, filters what comes in.

Effective is "on" only where all three profiles in force are on and block by default and the service
runs, or where a registered firewall of somebody else is on and Security Center finds all well. All
three count, not the active one alone: a laptop changes networks.
"""

from __future__ import annotations

from agents.outcome import Answers, Facts, Unknown, attempt, known
from agents.readings import line
from agents.windows import firewall_profiles, security_center

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.machine import Machine

SERVICE = "MpsSvc"
_AUTOMATIC = 2  #: SERVICE_AUTO_START
_STANDING = ("stopped", "stop_pending", "paused")  #: states in which it surely does not filter
_RUNNING = "running"
_BLOCKS = "the domain, private and public profiles are on and block by default; MpsSvc runs"


def probe(machine: Machine) -> Answers:
    """Ask for the profiles, the service, and what Security Center knows."""
    answers = Answers()
    firewall_profiles.probe(answers, machine)
    answers.ask("services", machine.value, "services", SERVICE)
    security_center.probe(answers, machine)
    return answers


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    verdict = attempt(_verdict, answers)
    facts.put("effective", lambda: known(verdict)[0])
    facts.put("reason", lambda: line(known(verdict)[1]))
    facts.set("service.name", SERVICE)
    facts.put("service.enabled", lambda: _service(answers, "start") == _AUTOMATIC)
    facts.put("service.running", lambda: _service(answers, "state") == _RUNNING)
    firewall_profiles.put(facts, answers)
    products = attempt(security_center.products, answers, "firewall")
    if isinstance(products, Unknown):
        facts.lack("products", products)
    else:
        facts.rows("products", [_row(one) for one in products])
    facts.put("security_center", security_center.health, answers, "firewall")
    return facts


def _row(product: security_center.Product) -> Facts:
    facts = Facts()
    facts.set("name", product.name)
    facts.put("enabled", product.enabled)
    return facts


def _service(answers: Answers, word: str) -> Any:
    """The start type or the state of the firewall's service.

    Raises:
        Unknown: it could not be asked; not_found, where there is no such service.
    """
    found = answers.get("services")
    about = found.get(SERVICE) if isinstance(found, dict) else None
    if about is None and isinstance(found, dict):
        raise Unknown("not_found", "there is no service " + SERVICE)
    value = about.get(word) if isinstance(about, dict) else None
    if value is None or value == "unknown":
        raise Unknown("unreadable", "the service %s has no %s" % (SERVICE, word))
    return value


def _verdict(answers: Answers) -> tuple[str, str]:
    """On or off, and the sentence that says why.

    Raises:
        Unknown: neither is sure.
    """
    own = attempt(_own_fault, answers)
    if own == "":
        return "on", _BLOCKS
    other = attempt(security_center.other_firewall, answers)
    if isinstance(other, str) and other:
        return "on", "%s is on in place of Windows' firewall; Security Center: good" % other
    if isinstance(own, Unknown):
        raise own
    if isinstance(other, Unknown):
        raise other
    return "off", "%s; no other firewall is registered and well" % own


def _own_fault(answers: Answers) -> str:
    """Why Windows' own firewall does not filter, "" where it does.

    Raises:
        Unknown: nothing speaks surely against it, and something cannot be told.
    """
    service = attempt(_service_fault, answers)
    profiles = attempt(firewall_profiles.first_fault, answers)
    for said in (service, profiles):
        if isinstance(said, str) and said:
            return said
    return str(known(service) or known(profiles))


def _service_fault(answers: Answers) -> str:
    state = attempt(_service, answers, "state")
    if isinstance(state, Unknown):
        if state.reason == "not_found" and isinstance(attempt(answers.get, "services"), dict):
            return "there is no service " + SERVICE
        raise state
    if state in _STANDING:
        return "the service %s does not run (%s)" % (SERVICE, state)
    if state != _RUNNING:
        raise Unknown("unreadable", "the service %s is in between: %s" % (SERVICE, state))
    return ""
