r"""Accounts: counts and flags only, and what is asked of passwords.

Source: NetUserEnum, NetLocalGroupGetMembers, NetUserModalsGet;
``HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon`` (MS docs, "Configure Windows to
automate logon").
"""

from __future__ import annotations

from agents.outcome import Answers, Facts, Unknown
from agents.readings import LARGEST, integer
from agents.windows.registry import key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.machine import Machine

WINLOGON = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon"
_PASSWORD = "defaultpassword"  # noqa: S105 - the name of a value
_FOREVER = 0xFFFFFFFF  #: TIMEQ_FOREVER of lmcons.h: seconds that stand for never
#: Facts and the names of the value `users`.
_COUNTS = {
    "local_users": "local",
    "local_admins": "admins",
    "without_password": "without_password",
    "idle_over_45_days": "idle_over_45_days",
}
_FLAGS = ("builtin_admin_enabled", "guest_enabled")
_POLICY = ("minimum_length", "maximum_age", "lockout_after", "lockout_for")
_TIMES = ("maximum_age", "lockout_for")


def probe(machine: Machine) -> Answers:
    """Ask for the counts, who is at the console, the password policy and how people sign in."""
    answers = Answers()
    for name in ("users", "session_admin", "password_policy"):
        answers.ask(name, machine.value, name)
    answers.ask("winlogon", _winlogon, machine)
    return answers


def _winlogon(machine: Machine) -> dict[str, Any]:
    """The key's values; of a password that lies there, that it does, and nothing else."""
    values = machine.registry_values(WINLOGON)
    return {
        name: bool(value) if name.lower() == _PASSWORD else value for name, value in values.items()
    }


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    for path, name in _COUNTS.items():
        facts.put(path, _count, answers, "users", name)
    for name in _FLAGS:
        facts.put(name, _flag, answers, name)
    facts.put("current_user_admin", _session_admin, answers)
    facts.put("auto_logon", _auto_logon, answers)
    facts.put("auto_logon_password_stored", _password_stored, answers)
    for name in _POLICY:
        facts.put("password_policy." + name, _policy, answers, name)
    return facts


def _field(answers: Answers, name: str, field: str) -> Any:
    about = answers.get(name)
    if not isinstance(about, dict) or field not in about:
        raise Unknown("unreadable", "%s does not tell %s" % (name, field))
    return about[field]


def _count(answers: Answers, name: str, field: str) -> int:
    value = _field(answers, name, field)
    if type(value) is not int or not 0 <= value <= LARGEST:
        raise Unknown("unreadable", "%s: %s is no number" % (name, field))
    return value


def _flag(answers: Answers, field: str) -> bool:
    value = _field(answers, "users", field)
    if not isinstance(value, bool):
        raise Unknown("unreadable", "users: %s is neither yes nor no" % field)
    return value


def _session_admin(answers: Answers) -> bool:
    value = answers.get("session_admin")
    if not isinstance(value, bool):
        raise Unknown("unreadable", "session_admin is neither yes nor no")
    return value


def _auto_logon(answers: Answers) -> bool:
    """Whether Windows signs somebody in by itself; a value that is not there is 0."""
    winlogon = key(answers, "winlogon", WINLOGON)
    names = [name for name in ("AutoAdminLogon", "ForceAutoLogon") if winlogon.has(name)]
    return any(_switch(winlogon.value(name)) for name in names)


def _switch(value: Any) -> bool:
    """A text such as "1" or "", or a number where somebody wrote it by hand."""
    if isinstance(value, str):
        return bool(value.strip("\x00 ")) and integer(value.strip("\x00 ")) != 0
    if type(value) is not int:
        raise Unknown("unreadable", WINLOGON + ": AutoAdminLogon is neither text nor number")
    return value != 0


def _password_stored(answers: Answers) -> bool:
    """Whether a password to sign in with lies in the registry, where every user can read it."""
    winlogon = key(answers, "winlogon", WINLOGON)
    return winlogon.has(_PASSWORD) and bool(winlogon.value(_PASSWORD))


def _policy(answers: Answers, field: str) -> int:
    """A rule of the password policy; a time that never ends is the system's own number for it."""
    if field in _TIMES and _field(answers, "password_policy", field) is None:
        return _FOREVER
    return _count(answers, "password_policy", field)
