r"""Updates: when the last one came, which are in, what waits, who decides and where they come from.

Source: ``Component Based Servicing`` (CBS), the settings of Windows Update and those that group
policy makes (MS docs, "Manage additional Windows Update settings"), and the Windows Update Agent's
last search, once a day.
"""

from __future__ import annotations

from agents.outcome import Answers, Facts, Unknown, attempt
from agents.readings import LARGEST, integer, stamp
from agents.windows import packages, running, system
from agents.windows.registry import Key, key, key_or_empty

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agents.machine import Machine

CURRENT = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion"
LOCAL = CURRENT + r"\WindowsUpdate\Auto Update"
CHECKED = LOCAL + r"\Results\Detect"
POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate"
AUTOMATIC_POLICY = POLICY + r"\AU"
RESTART_KEYS = (
    CURRENT + r"\Component Based Servicing\RebootPending",
    LOCAL + r"\RebootRequired",
)
SESSION_MANAGER = r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager"
SERVICE = "wuauserv"
_TEN = 10240  #: the first build of Windows 10, which installs by itself unless policy says no
#: AUOptions; 5 leaves it to the PC, 7 downloads and lets somebody install (Windows Server 2016 on).
_OPTIONS = {1: "off", 2: "notify", 3: "download", 4: "install", 7: "download"}
_LEFT_TO_THE_PC = 5
_MOMENT = 19  #: characters of "2026-11-20 03:15:42"


def probe(machine: Machine) -> Answers:
    """Ask for the packages, the settings, the marks of a restart, and what waits."""
    answers = Answers()
    answers.ask("packages", packages.installed, machine)
    for name, path in (
        ("version", system.VERSION),
        ("local", LOCAL),
        ("checked", CHECKED),
        ("policy", POLICY),
        ("automatic policy", AUTOMATIC_POLICY),
        *((path, path) for path in RESTART_KEYS),
        ("session manager", SESSION_MANAGER),
    ):
        answers.ask(name, machine.registry_values, path)
    answers.ask("services", machine.value, "services", SERVICE)
    answers.ask("pending", machine.value, "pending_updates")
    return answers


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    facts.put("last_installed_at", lambda: packages.newest(answers.get("packages")))
    facts.put("last_checked_at", _last_checked_at, answers)
    facts.put("pending", _waiting, answers, "pending")
    facts.put("pending_security", _waiting, answers, "security")
    facts.put("reboot_pending", _reboot_pending, answers)
    facts.put("automatic", _automatic, answers)
    facts.put("source", _source, answers)
    rows = attempt(answers.get, "packages")
    if isinstance(rows, Unknown):
        facts.lack("installed", rows)
    else:
        facts.rows("installed", [packages.row(one) for one in rows])
    return facts


def _last_checked_at(answers: Answers) -> str:
    """Results of Detect: UTC; Windows 10 and later keep it elsewhere, in no form that is told."""
    checked = attempt(key, answers, "checked", CHECKED)
    if isinstance(checked, Unknown):
        if checked.reason == "not_found":
            raise Unknown("not_supported", "this Windows does not keep when it last looked")
        raise checked
    text = checked.text("LastSuccessTime")
    return stamp(_moment(text))


def _moment(text: str) -> int:
    import calendar
    import time

    try:
        return calendar.timegm(time.strptime(text[:_MOMENT], "%Y-%m-%d %H:%M:%S"))
    except (ValueError, OverflowError):
        raise Unknown("unreadable", "LastSuccessTime is no time: %r" % text[:40]) from None


def _waiting(answers: Answers, field: str) -> int:
    told = answers.get("pending")
    count = told.get(field) if isinstance(told, dict) else None
    if type(count) is not int or not 0 <= count <= LARGEST:
        raise Unknown("unreadable", "the Windows Update Agent gave no number")
    return count


def _reboot_pending(answers: Answers) -> bool:
    """A key of servicing or of Windows Update, or files to be put in place at the next start."""
    marks = [attempt(_there, answers, path) for path in RESTART_KEYS]
    marks.append(attempt(_files_to_move, answers))
    if True in marks:
        return True
    for mark in marks:
        if isinstance(mark, Unknown):
            raise mark
    return False


def _there(answers: Answers, path: str) -> bool:
    try:
        key(answers, path, path)
    except Unknown as why:
        if why.reason != "not_found":
            raise
        return False
    return True


def _files_to_move(answers: Answers) -> bool:
    manager = key(answers, "session manager", SESSION_MANAGER)
    name = "PendingFileRenameOperations"
    return manager.has(name) and bool(manager.texts(name))


def _automatic(answers: Answers) -> str:
    """The service may run; then group policy; then the PC's own setting, or how Windows comes."""
    if attempt(running.can_run, answers, SERVICE) is False:
        return "off"
    policy = key_or_empty(answers, "automatic policy", AUTOMATIC_POLICY)
    if policy.number_or("NoAutoUpdate", 0) != 0:
        return "off"
    if policy.has("AUOptions") and policy.number("AUOptions") != _LEFT_TO_THE_PC:
        return _option(policy)
    return _by_itself(answers)


def _option(settings: Key) -> str:
    option = settings.number("AUOptions")
    if option not in _OPTIONS:
        raise Unknown("unreadable", "%s: AUOptions %d" % (settings.path, option))
    return _OPTIONS[option]


def _by_itself(answers: Answers) -> str:
    """Windows 10 and 11 have no other setting than policy's; all others have AUOptions."""
    version = key(answers, "version", system.VERSION)
    server = version.text("InstallationType").lower().startswith("server")
    if integer(version.text("CurrentBuild")) >= _TEN and not server:
        return "install"
    return _option(key(answers, "local", LOCAL))


def _source(answers: Answers) -> str:
    """A server of the office's own where policy names it and says that it is used."""
    automatic = key_or_empty(answers, "automatic policy", AUTOMATIC_POLICY)
    policy = key_or_empty(answers, "policy", POLICY)
    if automatic.number_or("UseWUServer", 0) == 0:
        return "vendor"
    policy.text("WUServer")
    return "wsus"
