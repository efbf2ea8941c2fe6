"""Services that answer from outside or keep the record, and whether they start with the system."""

from __future__ import annotations

from agents import sshd
from agents.linux import units
from agents.outcome import Answers, Facts, Unknown, attempt
from agents.readings import settings, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agents.machine import Machine

_SMB = "/etc/samba/smb.conf"
_JOURNAL = "/var/log/journal"
_UNITS = {
    "remote_desktop.enabled": (
        "xrdp",
        "gnome-remote-desktop",
        "vino-server",
        "x11vnc",
        "vncserver",
    ),
    "ssh.enabled": ("ssh", "sshd"),
    "file_sharing": ("smbd", "smb", "nfs-server", "nfs-kernel-server"),
    "ftp": ("vsftpd", "proftpd", "pure-ftpd"),
    "time_synchronisation": (
        "systemd-timesyncd",
        "chrony",
        "chronyd",
        "ntp",
        "ntpd",
        "ntpsec",
        "openntpd",
    ),
}
_LOGGERS = ("rsyslog", "syslog", "syslog-ng")
_OLD_PROTOCOLS = frozenset(["nt1", "lanman2", "lanman1", "core", "coreplus", "smb1"])


def probe(machine: Machine) -> Answers:
    """Ask which units start, and for the settings of the services that have any."""
    answers = Answers()
    answers.ask("units", units.enabled, machine)
    sshd.ask(machine, answers)
    answers.ask("samba there", machine.exists, _SMB)
    answers.ask("samba", machine.read_file, _SMB)
    answers.ask("inetd", machine.read_file, "/etc/inetd.conf")
    answers.ask("xinetd telnet", machine.read_file, "/etc/xinetd.d/telnet")
    answers.ask("resolved", machine.read_file, "/etc/systemd/resolved.conf")
    answers.ask("journal", machine.exists, _JOURNAL)
    answers.ask("journald", machine.read_file, "/etc/systemd/journald.conf")
    return answers


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    for path, names in _UNITS.items():
        facts.put(path, _starts, answers, names)
    sshd.put(facts, answers, attempt(_starts, answers, _UNITS["ssh.enabled"]))
    facts.put("smb1", _smb1, answers)
    facts.put("telnet", _telnet, answers)
    facts.put("llmnr", _llmnr, answers)
    facts.put("audit_log", _audit_log, answers)
    return facts


def _starts(answers: Answers, names: tuple[str, ...]) -> bool:
    """Whether a service or socket unit of one of ``names`` starts with the system."""
    linked = answers.get("units")
    return any(name + kind in linked for name in names for kind in (".service", ".socket"))


def _smb1(answers: Answers) -> bool:
    """Samba speaks SMB 1 only where it is told to (since 4.11)."""
    if not answers.get("samba there"):
        return False
    found = {name.lower(): value.lower() for name, value in settings(answers.text("samba")).items()}
    lowest = found.get("server min protocol") or found.get("min protocol", "")
    return lowest in _OLD_PROTOCOLS and _starts(answers, ("smbd", "smb"))


def _telnet(answers: Answers) -> bool:
    if _starts(answers, ("telnet", "telnetd", "inetutils-telnetd")):
        return True
    inetd = attempt(answers.text, "inetd")
    if isinstance(inetd, str) and any(row[0] == "telnet" for row in words(inetd)):
        return True
    xinetd = attempt(answers.text, "xinetd telnet")
    if isinstance(xinetd, str):
        return settings(xinetd).get("disable", "no") != "yes"
    for why in (inetd, xinetd):
        if isinstance(why, Unknown) and why.reason != "not_found":
            raise why
    return False


def _llmnr(answers: Answers) -> bool:
    """systemd-resolved answers LLMNR unless told not to; other resolvers do not."""
    if not _starts(answers, ("systemd-resolved",)):
        return False
    return settings(answers.text("resolved")).get("LLMNR", "yes").lower() in (
        "yes",
        "true",
        "1",
        "on",
    )


def _audit_log(answers: Answers) -> bool:
    """A syslog service, or a journal that survives a restart."""
    if _starts(answers, _LOGGERS):
        return True
    text = attempt(answers.text, "journald")
    storage = settings(text).get("Storage", "auto") if isinstance(text, str) else "auto"
    if storage.lower() in ("volatile", "none"):
        return False
    return storage.lower() == "persistent" or bool(answers.get("journal"))
