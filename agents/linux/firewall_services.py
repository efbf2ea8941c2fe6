"""What is meant to load a firewall when the system starts: ufw, firewalld and the like.

An intention, and no more: that a service is enabled does not say that its rules are loaded, nor
that they filter (`agents.linux.firewall`).
"""

from __future__ import annotations

from agents.linux import units
from agents.outcome import Answers, Facts, Unknown, attempt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agents.machine import Machine

_SERVICES = ("ufw", "firewalld", "nftables", "netfilter-persistent", "iptables")
_UFW = "/etc/ufw/ufw.conf"


def probe(answers: Answers, machine: Machine) -> None:
    """Ask what is installed, what ufw is set to, and what starts with the system."""
    answers.ask("ufw there", machine.exists, _UFW)
    answers.ask("ufw.conf", machine.read_file, _UFW)
    answers.ask("firewalld", machine.exists, "/usr/sbin/firewalld")
    answers.ask("units", units.enabled, machine)


def put(facts: Facts, answers: Answers) -> None:
    """The facts about them."""
    facts.put("backends.ufw", _ufw_state, answers)
    facts.put("backends.firewalld", _firewalld_state, answers)
    facts.put("service.name", _service_name, answers)
    facts.put("service.enabled", lambda: bool(_services(answers)))


def _ufw_state(answers: Answers) -> str:
    if not answers.get("ufw there"):
        return "absent"
    settings = [
        line.strip().lower().replace(" ", "") for line in answers.text("ufw.conf").splitlines()
    ]
    return "enabled" if "enabled=yes" in settings else "disabled"


def _firewalld_state(answers: Answers) -> str:
    if not answers.get("firewalld"):
        return "absent"
    return "enabled" if "firewalld.service" in answers.get("units") else "disabled"


def _services(answers: Answers) -> list[str]:
    """What loads rules at start-up; ufw's unit does nothing unless ufw.conf says so."""
    linked = answers.get("units")
    return [
        name
        for name in _SERVICES
        if name + ".service" in linked
        and (name != "ufw" or attempt(_ufw_state, answers) == "enabled")
    ]


def _service_name(answers: Answers) -> str:
    found = _services(answers)
    if not found:
        raise Unknown("not_found", "no firewall service starts with the system")
    return found[0]
