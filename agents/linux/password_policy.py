"""What is asked of passwords, and what follows wrong ones; part of the accounts section."""

from __future__ import annotations

from agents.outcome import Answers, Facts, Unknown, attempt
from agents.readings import integer, settings, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agents.machine import Machine

_PWQUALITY, _FAILLOCK = "/etc/security/pwquality.conf", "/etc/security/faillock.conf"
_PAM = ("/etc/pam.d/common-auth", "/etc/pam.d/system-auth", "/etc/pam.d/password-auth")
_DAY = 86400  #: seconds
#: What pam_faillock does where its file does not say otherwise (faillock.conf(5)).
_DENY, _UNLOCK_TIME = 3, 600


def ask(machine: Machine, answers: Answers) -> None:
    """Ask for the settings of pam_pwquality and pam_faillock, and whether PAM uses the latter."""
    for path in (_PWQUALITY, _FAILLOCK, *_PAM):
        answers.ask(path, machine.read_file, path)


def put(facts: Facts, answers: Answers) -> None:
    """Set the facts of accounts.password_policy."""
    facts.put("password_policy.minimum_length", _minimum_length, answers)
    facts.put("password_policy.maximum_age", _maximum_age, answers)
    facts.put("password_policy.lockout_after", _lockout, answers, "deny", _DENY)
    facts.put("password_policy.lockout_for", _lockout, answers, "unlock_time", _UNLOCK_TIME)


def _minimum_length(answers: Answers) -> int:
    value = settings(answers.text(_PWQUALITY)).get("minlen")
    if value is None:
        raise Unknown("not_found", _PWQUALITY + " sets no minlen")
    return integer(value)


def _maximum_age(answers: Answers) -> int:
    for row in words(answers.text("/etc/login.defs")):
        if row[0] == "PASS_MAX_DAYS" and len(row) > 1:
            return integer(row[1]) * _DAY
    raise Unknown("not_found", "/etc/login.defs sets no PASS_MAX_DAYS")


def _lockout(answers: Answers, name: str, default: int) -> int:
    """A setting of pam_faillock; 0 (never) where PAM does not use it."""
    texts = [attempt(answers.text, path) for path in _PAM]
    read = [text for text in texts if isinstance(text, str)]
    if not read:
        raise texts[0]
    lines = [row for text in read for row in words(text) if "pam_faillock.so" in row]
    if not lines:
        return 0
    for row in lines:
        for word in row:
            if word.startswith(name + "="):
                return integer(word.partition("=")[2])
    file = attempt(answers.text, _FAILLOCK)
    value = settings(file).get(name) if isinstance(file, str) else None
    return default if value is None else integer(value)
