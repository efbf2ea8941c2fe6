r"""Session lock: what surely locks an unattended screen, for every user of this PC.

The machine's own limit holds for all. Else each user's screen saver counts, as group policy or the
user has set it; of the users that are signed in, the one whose screen stays open longest decides.
Nobody's name or SID is kept.
Source: MS docs, "Interactive logon: Machine inactivity limit" (since Windows 8), and the screen
saver policies of ADMX_ControlPanelDisplay.
"""

from __future__ import annotations

from agents.outcome import Answers, Facts, Unknown, attempt, known
from agents.readings import LARGEST, integer
from agents.windows import hives, system
from agents.windows.registry import Key, key, key_or_empty

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.machine import Machine

DESKTOP = r"Control Panel\Desktop"
DESKTOP_POLICY = r"SOFTWARE\Policies\Microsoft\Windows\Control Panel\Desktop"
_WANTED = ("ScreenSaveActive", "ScreenSaverIsSecure", "ScreenSaveTimeOut", "SCRNSAVE.EXE")
_EIGHT = 9200  #: the build of Windows 8; before it nothing looks at the machine's limit
_UNSET_TIMEOUT = 900  #: seconds (MS docs, "Screen saver timeout")


def probe(machine: Machine) -> Answers:
    """Ask for the machine's limit, and for the screen savers of the users who are signed in."""
    answers = Answers()
    answers.ask("version", machine.registry_values, system.VERSION)
    answers.ask("machine", machine.registry_values, system.UAC)
    answers.ask("users", _users, machine)
    return answers


def _users(machine: Machine) -> list[Any]:
    """Of each user what policy sets and what the user has set, or why that is not told."""
    return [attempt(_user, machine, hive) for hive in hives.of_people(machine)]


def _user(machine: Machine, hive: str) -> dict[str, dict[str, Any]]:
    return {
        "policy": _settings(machine, hive, DESKTOP_POLICY),
        "own": _settings(machine, hive, DESKTOP),
    }


def _settings(machine: Machine, hive: str, below: str) -> dict[str, Any]:
    """The values of interest; a reason names no user."""
    values = attempt(machine.registry_values, hive + "\\" + below)
    if isinstance(values, Unknown):
        if values.reason == "not_found":
            return {}
        raise Unknown(values.reason, r"a user's HKU\…\%s cannot be read" % below)
    wanted = {name.lower() for name in _WANTED}
    return {name: value for name, value in values.items() if name.lower() in wanted}


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    limit = attempt(_limit, answers)
    savers = attempt(_savers, answers)
    facts.put("enabled", _enabled, limit, savers)
    facts.put("after", _after, limit, savers)
    facts.put("enforced", _enforced, limit, savers)
    return facts


def _limit(answers: Answers) -> int:
    """The machine's inactivity limit in seconds; 0 is none."""
    policies = key_or_empty(answers, "machine", system.UAC)
    if not policies.has("InactivityTimeoutSecs"):
        return 0
    seconds = policies.number("InactivityTimeoutSecs")
    build = integer(key(answers, "version", system.VERSION).text("CurrentBuild"))
    return seconds if build >= _EIGHT else 0


class _Saver:
    """One user's screen saver: after how many seconds it locks (0 never), and who says so."""

    def __init__(self, user: dict[str, dict[str, Any]]) -> None:
        policy, own = Key("policy", user["policy"]), Key(DESKTOP, user["own"])
        decided = {name: policy if policy.has(name) else own for name in _WANTED}
        locks = (
            _number(decided, "ScreenSaveActive", 1) != 0
            and _number(decided, "ScreenSaverIsSecure", 0) != 0
            and _program(decided["SCRNSAVE.EXE"])
        )
        self.after = _number(decided, "ScreenSaveTimeOut", _UNSET_TIMEOUT) if locks else 0
        self.enforced = all(policy.has(name) for name in _WANTED)


def _number(decided: dict[str, Key], name: str, default: int) -> int:
    """A number that is kept as text; what the user does not have is as Windows comes."""
    if not decided[name].has(name):
        return default
    value = decided[name].value(name)
    number = integer(value.strip("\x00") or "0") if isinstance(value, str) else value
    if type(number) is not int or not 0 <= number <= LARGEST:
        raise Unknown("unreadable", "%s is no number" % name)
    return number


def _program(desktop: Key) -> bool:
    """Whether there is a program to start: without one nothing locks."""
    program = attempt(desktop.text, "SCRNSAVE.EXE")
    if isinstance(program, Unknown):
        if program.reason != "not_found":
            raise program
        return False
    return program.strip().lower() not in ("(none)", "none")


def _savers(answers: Answers) -> list[Any]:
    """The `_Saver` of each user who is signed in, or why it is not known.

    Raises:
        Unknown: nobody is signed in, or the users cannot be listed.
    """
    users = answers.get("users")
    if not users:
        raise Unknown(
            "not_found", "no limit for the whole PC, and nobody is signed in: each user decides"
        )
    return [attempt(lambda user=user: _Saver(known(user))) for user in users]


def _all(savers: Any) -> list[_Saver]:
    found: list[_Saver] = [known(saver) for saver in known(savers)]
    return found


def _latest(savers: Any) -> int:
    """When the last of the users' screens locks; 0 where some user's never does."""
    for saver in known(savers):
        if isinstance(saver, _Saver) and saver.after == 0:
            return 0
    return max(saver.after for saver in _all(savers))


def _enabled(limit: Any, savers: Any) -> bool:
    if isinstance(limit, int) and limit > 0:
        return True
    by_users = attempt(_latest, savers)
    if isinstance(limit, Unknown) and not (isinstance(by_users, int) and by_users > 0):
        raise limit
    return bool(known(by_users) > 0)


def _after(limit: Any, savers: Any) -> int:
    """The sooner of the two; with what is not known it can only be sooner still."""
    by_users = attempt(_latest, savers)
    times = [one for one in (limit, by_users) if isinstance(one, int) and one > 0]
    if times:
        return min(times)
    known(limit)
    known(by_users)
    raise Unknown("not_supported", "the screen does not lock by itself")


def _enforced(limit: Any, savers: Any) -> bool:
    """A user can change neither the machine's limit nor what policy sets in whole."""
    if isinstance(limit, int) and limit > 0:
        return True
    if isinstance(limit, Unknown):
        raise limit
    return _latest(savers) > 0 and all(saver.enforced for saver in _all(savers))
