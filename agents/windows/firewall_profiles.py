r"""The three profiles of Windows' firewall: set at the machine, by policy, and which is in force.

A setting of a policy wins where the policy has it, each setting by itself; group policy before
device management (MS-FASP 2.2.37 FW_PROFILE_CONFIG: the value of the GroupPolicyRSoPStore wins if
it is configured, else the local store's). Where nobody set it, the firewall is on and blocks
(MS docs, Firewall CSP, EnableFirewall and DefaultInboundAction; INetFwPolicy2
get_DefaultInboundAction: "Block by default").
"""

from __future__ import annotations

import re

from agents.outcome import Answers, Facts, Unknown, attempt
from agents.windows.registry import Key, key, key_or_empty

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agents.machine import Machine

LOCAL = r"HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy"
#: Policies, the strongest first: group policy's, then device management's.
POLICIES = (r"HKLM\SOFTWARE\Policies\Microsoft\WindowsFirewall", LOCAL + r"\Mdm")
#: The catalogue's name of a profile, and the registry's: private networks are "Standard" there.
PROFILES = {"domain": "DomainProfile", "private": "StandardProfile", "public": "PublicProfile"}
_ENABLE, _INBOUND = "EnableFirewall", "DefaultInboundAction"
_SHIELDS_UP = "DoNotAllowExceptions"  #: blocks everything, whatever the default says
#: Interfaces that a profile leaves out (MS-FASP 2.2.37, FW_PROFILE_CONFIG_DISABLED_INTERFACES), by
#: their identifiers; all places add to the list.
_LEFT_OUT = "DisabledInterfaces"
_IDENTIFIER = re.compile(r"\{[0-9A-Fa-f]{8}-")
_ON, _BLOCK = 1, 1  #: what the two are where nobody set them


def probe(answers: Answers, machine: Machine) -> None:
    """Ask for each profile's key, the machine's own and the policies'."""
    for profile in PROFILES.values():
        for place in (LOCAL, *POLICIES):
            path = place + "\\" + profile
            answers.ask(path, machine.registry_values, path)


def put(facts: Facts, answers: Answers) -> None:
    """The facts of every profile."""
    for name, profile in PROFILES.items():
        path = "profiles.%s." % name
        facts.put(path + "enabled", enabled, answers, profile)
        facts.put(path + "local", _local_enabled, answers, profile)
        facts.put(path + "group_policy", _group_policy, answers, profile)
        facts.put(path + "default_inbound", default_inbound, answers, profile)


def enabled(answers: Answers, profile: str) -> bool:
    """Whether the profile is on, by the setting in force."""
    return _in_force(answers, profile, _ENABLE, _ON) != 0


def default_inbound(answers: Answers, profile: str) -> str:
    """What becomes of traffic that no rule names: allow or block."""
    if _in_force(answers, profile, _SHIELDS_UP, 0) != 0:
        return "block"
    action = _in_force(answers, profile, _INBOUND, _BLOCK)
    if action not in (0, 1):
        raise Unknown("unreadable", "%s: %s is %d" % (profile, _INBOUND, action))
    return "block" if action else "allow"


def set_by_policy(answers: Answers, profile: str) -> bool:
    """Whether a policy says that the profile is on or off."""
    return _of_policies(answers, profile, _ENABLE) is not None


def _in_force(answers: Answers, profile: str, name: str, default: int) -> int:
    """The policy's number, else the machine's own, else the default."""
    forced = _of_policies(answers, profile, name)
    return _local(answers, profile).number_or(name, default) if forced is None else forced


def _of_policies(answers: Answers, profile: str, name: str) -> int | None:
    """The number that the strongest policy with that setting has; None where none has it."""
    for place in POLICIES:
        path = place + "\\" + profile
        settings = key_or_empty(answers, path, path)
        if settings.has(name):
            return settings.number(name)
    return None


def _local(answers: Answers, profile: str) -> Key:
    """The machine's own settings; every Windows has their key, so without it they are unknown."""
    path = LOCAL + "\\" + profile
    return key(answers, path, path)


def _local_enabled(answers: Answers, profile: str) -> bool:
    return _local(answers, profile).number_or(_ENABLE, _ON) != 0


def _group_policy(answers: Answers, profile: str) -> str:
    path = POLICIES[0] + "\\" + profile
    settings = key_or_empty(answers, path, path)
    if not settings.has(_ENABLE):
        return "not_set"
    return "on" if settings.flag(_ENABLE) else "off"


def first_fault(answers: Answers) -> str:
    """The first profile that lets strangers in, as a sentence; "" where none does.

    Raises:
        Unknown: none is surely open, and one cannot be told.
    """
    missing = None
    for name, profile in PROFILES.items():
        said = attempt(_fault, answers, name, profile)
        if isinstance(said, Unknown):
            missing = missing or said
        elif said:
            return str(said)
    if missing is not None:
        raise missing
    return ""


def _fault(answers: Answers, name: str, profile: str) -> str:
    if not enabled(answers, profile):
        by = "by policy" if set_by_policy(answers, profile) else "at this machine"
        return "the %s profile is off (set %s)" % (name, by)
    if default_inbound(answers, profile) == "allow":
        return "the %s profile lets in what no rule names" % name
    if _leaves_out(answers, profile):
        raise Unknown("unreadable", "the %s profile leaves out some interfaces" % name)
    return ""


def _leaves_out(answers: Answers, profile: str) -> bool:
    """Whether some place names an interface on which the profile does not filter."""
    return any(
        _IDENTIFIER.search(one)
        for place in (LOCAL, *POLICIES)
        for one in _left_out(answers, place + "\\" + profile)
    )


def _left_out(answers: Answers, path: str) -> list[str]:
    settings = key_or_empty(answers, path, path)
    return settings.texts(_LEFT_OUT) if settings.has(_LEFT_OUT) else []
