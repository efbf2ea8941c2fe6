"""Accounts: counts and flags only; no name leaves this module."""

from __future__ import annotations

import struct

from agents.linux import password_policy, sudoers
from agents.outcome import Answers, Facts, Unknown, attempt
from agents.readings import integer, settings, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agents.machine import Machine

_NO_LOGIN = ("nologin", "false", "sync", "halt", "shutdown")
_ADMIN_GROUPS = ("sudo", "wheel", "admin")
_UID_MIN, _NOBODY = 1000, 65534  #: login.defs' default; the kernel's overflow user
_LASTLOG_ENTRY = struct.Struct("=i32s256s")  #: struct lastlog of utmp.h: 32-bit time, line, host
_LASTLOG_LIMIT = 8 << 20  #: bytes; a sparse file that grows with the largest uid
_DAY = 86400  #: seconds
_IDLE_DAYS = 45  #: TCVN 14423:2026, 4.6.2
_LIGHTDM, _GDM, _SDDM = "/etc/lightdm", ("/etc/gdm3", "/etc/gdm"), "/etc/sddm.conf"


class _User:
    """One line of /etc/passwd."""

    def __init__(self, row: list[str]) -> None:
        self.name, self.uid, self.group = row[0], integer(row[2]), row[3]
        self.may_sign_in = not row[6].strip().endswith(_NO_LOGIN)


def probe(machine: Machine) -> Answers:
    """Ask for the account files, sudo's rules, the sign-in log and the greeters' settings."""
    answers = Answers()
    answers.keep("now", machine.now())
    for path in ("/etc/passwd", "/etc/group", "/etc/login.defs", "/etc/shadow"):
        answers.ask(path, machine.read_file, path)
    answers.ask("lastlog", machine.read_file, "/var/log/lastlog", _LASTLOG_LIMIT)
    sudoers.ask(machine, answers)
    answers.ask("greeters", _greeters, machine)
    password_policy.ask(machine, answers)
    return answers


def _greeters(machine: Machine) -> dict[str, bytes]:
    """The settings of every greeter there is, by its kind."""
    found: dict[str, bytes] = {}
    for folder in _GDM:
        for file in ("daemon.conf", "custom.conf"):
            _add(found, "gdm", machine, "%s/%s" % (folder, file))
    _add(found, "sddm", machine, _SDDM)
    _add(found, "lightdm", machine, _LIGHTDM + "/lightdm.conf")
    for kind, folder in (("lightdm", _LIGHTDM + "/lightdm.conf.d"), ("sddm", _SDDM + ".d")):
        if machine.exists(folder):
            for name in machine.list_dir(folder):
                _add(found, kind, machine, "%s/%s" % (folder, name))
    return found


def _add(found: dict[str, bytes], kind: str, machine: Machine, path: str) -> None:
    content = attempt(machine.read_file, path)
    if isinstance(content, bytes):
        found[kind] = found.get(kind, b"") + b"\n" + content
    elif content.reason != "not_found" or machine.exists(path):
        raise content


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    facts.put("local_users", lambda: len(_local_users(answers)))
    facts.put("local_admins", lambda: len(_admins(answers)))
    facts.put("builtin_admin_enabled", _root_enabled, answers)
    facts.put("guest_enabled", _guest, answers)
    facts.put("without_password", _without_password, answers)
    facts.put("auto_logon", _auto_logon, answers)
    facts.put("idle_over_45_days", _idle, answers)
    sudoers.put(facts, answers)
    password_policy.put(facts, answers)
    return facts


def _rows(answers: Answers, path: str, columns: int) -> list[list[str]]:
    rows = [row.split(":") for row in answers.text(path).splitlines() if row.strip()]
    if not rows or any(len(row) < columns for row in rows):
        raise Unknown("unreadable", path + " has lines that are not accounts")
    return rows


def _users(answers: Answers) -> list[_User]:
    return [_User(row) for row in _rows(answers, "/etc/passwd", 7)]


def _local_users(answers: Answers) -> list[_User]:
    """People's accounts: from UID_MIN upwards, with a shell."""
    text = attempt(answers.text, "/etc/login.defs")
    lowest = _UID_MIN
    for row in words(text) if isinstance(text, str) else ():
        if row[0] == "UID_MIN" and len(row) > 1:
            lowest = integer(row[1])
    return [
        user
        for user in _users(answers)
        if user.may_sign_in and user.uid >= lowest and user.uid != _NOBODY
    ]


def _admins(answers: Answers) -> set[str]:
    """Accounts with uid 0 beside root, and the members of the administrators' groups.

    Those that may sign in.
    """
    users = {user.name: user for user in _users(answers) if user.may_sign_in}
    found = {name for name, user in users.items() if user.uid == 0 and name != "root"}
    for name, _, group, members in (row[:4] for row in _rows(answers, "/etc/group", 4)):
        if name in _ADMIN_GROUPS:
            found.update(member for member in members.split(",") if member in users)
            found.update(user.name for user in users.values() if user.group == group)
    return found - {"root"}


def _hashes(answers: Answers) -> dict[str, str]:
    return {row[0]: row[1] for row in _rows(answers, "/etc/shadow", 3)}


def _root_enabled(answers: Answers) -> bool:
    hashes = _hashes(answers)
    if "root" not in hashes:
        raise Unknown("not_found", "/etc/shadow has no root")
    return not hashes["root"].startswith(("!", "*"))


def _without_password(answers: Answers) -> int:
    return sum(1 for field in _hashes(answers).values() if field == "")


def _settings(answers: Answers, kind: str) -> dict[str, str]:
    text = answers.get("greeters").get(kind, b"").decode("utf-8", "replace")
    return {name.lower(): value.strip() for name, value in settings(text).items()}


def _guest(answers: Answers) -> bool:
    return _settings(answers, "lightdm").get("allow-guest", "").lower() == "true"


def _auto_logon(answers: Answers) -> bool:
    if _settings(answers, "gdm").get("automaticloginenable", "").lower() in ("true", "1"):
        return True
    if _settings(answers, "lightdm").get("autologin-user", ""):
        return True
    return bool(_settings(answers, "sddm").get("user", ""))


def _idle(answers: Answers) -> int:
    """Accounts of people with neither a sign-in nor a new password in 45 days.

    Raises:
        Unknown: an account never signed in, and who may not read /etc/shadow cannot tell how old it
        is.
    """
    now = answers.get("now")
    log = answers.get("lastlog")
    changed = attempt(_changed, answers)
    idle = 0
    for user in _local_users(answers):
        last = _last_sign_in(log, user.uid)
        if last == 0 and isinstance(changed, Unknown):
            raise changed
        if isinstance(changed, dict):
            last = max(last, changed.get(user.name, 0))
        idle += now - last > _IDLE_DAYS * _DAY
    return idle


def _last_sign_in(log: bytes, uid: int) -> int:
    place = uid * _LASTLOG_ENTRY.size
    if uid < 0 or place + _LASTLOG_ENTRY.size > len(log):
        return 0
    moment: int = _LASTLOG_ENTRY.unpack_from(log, place)[0]
    return moment


def _changed(answers: Answers) -> dict[str, int]:
    """When each password was set, in seconds since 1970."""
    return {
        row[0]: integer(row[2]) * _DAY for row in _rows(answers, "/etc/shadow", 3) if row[2].strip()
    }
