"""Services that answer from outside or keep the record, and whether they start with the system."""

from __future__ import annotations

from agents.linux import units
from agents.outcome import Answers, Facts, Unknown, attempt
from agents.readings import settings, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator

    from agents.machine import Machine

_SSHD, _SSHD_FOLDER = "/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d"
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
_ROOT_LOGIN = {
    "yes": "yes",
    "no": "no",
    "prohibit-password": "keys_only",
    "without-password": "keys_only",
    "forced-commands-only": "keys_only",
}


def probe(machine: Machine) -> Answers:
    """Ask which units start, and for the settings of the services that have any."""
    answers = Answers()
    answers.ask("units", units.enabled, machine)
    answers.ask("sshd there", machine.exists, _SSHD)
    answers.ask("sshd", _sshd_config, machine)
    answers.ask("samba there", machine.exists, _SMB)
    answers.ask("samba", machine.read_file, _SMB)
    answers.ask("inetd", machine.read_file, "/etc/inetd.conf")
    answers.ask("xinetd telnet", machine.read_file, "/etc/xinetd.d/telnet")
    answers.ask("resolved", machine.read_file, "/etc/systemd/resolved.conf")
    answers.ask("journal", machine.exists, _JOURNAL)
    answers.ask("journald", machine.read_file, "/etc/systemd/journald.conf")
    return answers


def _sshd_config(machine: Machine) -> list[str]:
    """The lines of sshd_config with its Include files where they stand."""
    lines: list[str] = []
    for row in machine.read_file(_SSHD).decode("utf-8", "replace").splitlines():
        lines.append(row)
        if row.strip().lower().startswith("include") and _SSHD_FOLDER in row:
            names = attempt(machine.list_dir, _SSHD_FOLDER)
            for name in [] if isinstance(names, Unknown) else names:
                if name.endswith(".conf"):
                    content = machine.read_file("%s/%s" % (_SSHD_FOLDER, name))
                    lines += [*content.decode("utf-8", "replace").splitlines(), "Match all"]
    return lines


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    for path, names in _UNITS.items():
        facts.put(path, _starts, answers, names)
    facts.put("ssh.root_login", _root_login, answers)
    facts.put("ssh.password_authentication", _password_authentication, answers)
    facts.put("smb1", _smb1, answers)
    facts.put("telnet", _telnet, answers)
    facts.put("llmnr", _llmnr, answers)
    facts.put("audit_log", _audit_log, answers)
    return facts


def _starts(answers: Answers, names: tuple[str, ...]) -> bool:
    """Whether a service or socket unit of one of ``names`` starts with the system."""
    linked = answers.get("units")
    return any(name + kind in linked for name in names for kind in (".service", ".socket"))


def _sshd(answers: Answers, keyword: str, default: str) -> str:
    """A setting of sshd: the first value wins.

    Those of a Match block are for some visitors only.
    """
    if not answers.get("sshd there"):
        raise Unknown("not_installed", _SSHD + " does not exist")
    for name, value in _global_settings(answers.get("sshd")):
        if name == keyword:
            return value
    return default


def _global_settings(lines: list[str]) -> Iterator[tuple[str, str]]:
    everybody = True
    for row in words("\n".join(lines)):
        name = row[0].lower()
        if name == "match":
            everybody = [word.lower() for word in row[1:]] == ["all"]
        elif everybody and len(row) > 1:
            yield name, row[1].strip('"').lower()


def _root_login(answers: Answers) -> str:
    value = _sshd(answers, "permitrootlogin", "prohibit-password")
    if value not in _ROOT_LOGIN:
        raise Unknown("unreadable", "PermitRootLogin %s" % value[:40])
    return _ROOT_LOGIN[value]


def _password_authentication(answers: Answers) -> bool:
    return _sshd(answers, "passwordauthentication", "yes") == "yes"


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
