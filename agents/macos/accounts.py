"""Accounts: counts and flags only; no name leaves this module."""

from __future__ import annotations

from agents.macos import password_policy, plists
from agents.outcome import Answers, Facts, Unknown
from agents.readings import integer, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agents.machine import Machine

_LOGIN_WINDOW = "/Library/Preferences/com.apple.loginwindow.plist"
_LOWEST = 500  #: people's accounts begin at 501
_NO_SHELL = ("/usr/bin/false", "/sbin/nologin", "/usr/sbin/nologin")
_DISABLED = ";DisabledUser;"
_LISTS = ("user_ids", "user_shells", "user_authorities")


def probe(machine: Machine) -> Answers:
    """Ask the directory for ids, shells and ways to sign in, and the login window's settings."""
    answers = Answers()
    for name in (*_LISTS, "administrators", "console_user", "account_policies"):
        answers.ask(name, _output, machine, name)
    answers.ask("login window there", machine.exists, _LOGIN_WINDOW)
    answers.ask("login window", machine.read_file, _LOGIN_WINDOW)
    return answers


def _output(machine: Machine, name: str) -> bytes:
    ran = machine.run(name)
    if ran.code != 0:
        raise Unknown("unreadable", "%s ended with %d" % (name, ran.code))
    return ran.stdout


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    facts.put("local_users", lambda: len(_people(answers)))
    facts.put("local_admins", lambda: len(_administrators(answers) & _people(answers)))
    facts.put("current_user_admin", _current_user_admin, answers)
    facts.put("builtin_admin_enabled", lambda: "root" in _may_sign_in(answers))
    facts.put("guest_enabled", _guest, answers)
    facts.put("auto_logon", lambda: bool(_login_window(answers).get("autoLoginUser")))
    facts.lack("without_password", Unknown("not_supported", "macOS shows nobody's password hash"))
    facts.lack("idle_over_45_days", Unknown("not_supported", "macOS keeps no last sign-in"))
    password_policy.put(facts, answers)
    return facts


def _column(answers: Answers, name: str) -> dict[str, str]:
    """Account and value of one `dscl . -list`; an account without one is not in it."""
    found = {}
    for row in words(answers.text(name), comment="\n"):
        found[row[0]] = " ".join(row[1:])
    if not found:
        raise Unknown("unreadable", "dscl lists no account")
    return found


def _may_sign_in(answers: Answers) -> set[str]:
    """Accounts with a way to sign in that nobody disabled."""
    ways = _column(answers, "user_authorities")
    return {name for name, way in ways.items() if way and _DISABLED not in way}


def _people(answers: Answers) -> set[str]:
    """People's accounts: from 501 upwards, with a shell and a way to sign in."""
    shells, enabled = _column(answers, "user_shells"), _may_sign_in(answers)
    return {
        name
        for name, number in _column(answers, "user_ids").items()
        if integer(number) > _LOWEST and name in enabled and shells.get(name) not in _NO_SHELL
    }


def _administrators(answers: Answers) -> set[str]:
    """The members of the group admin."""
    for row in words(answers.text("administrators"), comment="\n"):
        if row[0] == "GroupMembership:":
            return set(row[1:])
    raise Unknown("unreadable", "dscl names no members of the group admin")


def _current_user_admin(answers: Answers) -> bool:
    """Whether who owns the console is an administrator; root owns it while nobody is signed in."""
    name = answers.text("console_user").strip()
    if name in ("", "root", "_windowserver", "loginwindow"):
        raise Unknown("not_found", "nobody is signed in at the screen")
    return name in _administrators(answers)


def _login_window(answers: Answers) -> dict[str, object]:
    if not answers.get("login window there"):
        return {}
    return plists.table(answers.get("login window"))


def _guest(answers: Answers) -> bool:
    return plists.flag(_login_window(answers).get("GuestEnabled", False))
