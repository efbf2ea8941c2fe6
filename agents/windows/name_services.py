r"""Names told by shouting into the network: LLMNR, and NetBIOS over TCP/IP.

Source: MS docs, ADMX_DnsClient "Turn off multicast name resolution"; NetBT's NetbiosOptions (0 as
DHCP says, 1 on, 2 off) of each ``Tcpip_{interface}``.
"""

from __future__ import annotations

from agents.outcome import Unknown
from agents.windows import running
from agents.windows.registry import Key, key_or_empty

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agents.machine import Machine
    from agents.outcome import Answers

DNS_POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows NT\DNSClient"
INTERFACES = r"HKLM\SYSTEM\CurrentControlSet\Services\NetBT\Parameters\Interfaces"
DRIVER = "NetBT"
_OFF = 2  #: NetbiosOptions
_MOST = 1024  #: interfaces, those of cards that are gone too


def ask(machine: Machine, answers: Answers) -> None:
    """Ask for the policy, and for the option of every interface."""
    answers.ask("dns policy", machine.registry_values, DNS_POLICY)
    answers.ask("netbios", _options, machine)


def _options(machine: Machine) -> list[int]:
    """NetbiosOptions of each interface; one without it does as DHCP says."""
    names = machine.registry_keys(INTERFACES)
    if len(names) > _MOST:
        raise Unknown("unreadable", "%s has %d interfaces" % (INTERFACES, len(names)))
    paths = [INTERFACES + "\\" + name for name in names]
    return [Key(p, machine.registry_values(p)).number_or("NetbiosOptions", 0) for p in paths]


def llmnr(answers: Answers) -> bool:
    """On since Windows Vista, unless policy says EnableMulticast 0."""
    return key_or_empty(answers, "dns policy", DNS_POLICY).number_or("EnableMulticast", 1) != 0


def netbios(answers: Answers) -> bool:
    """Off where every interface has it off; what is left to DHCP is on until DHCP says otherwise.

    Interfaces of cards that are gone count too: a card that comes back has its old setting.
    """
    if not running.can_run(answers, DRIVER):
        return False
    options = answers.get("netbios")
    if not options:
        raise Unknown("not_found", INTERFACES + " has no interface")
    return any(option != _OFF for option in options)
