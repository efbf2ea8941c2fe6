r"""Services that answer from outside, old protocols, what runs from a USB stick, time and log.

A setting that group policy makes (below ``HKLM\SOFTWARE\Policies``) comes before the local one.
Source: MS docs of each policy and service, named where it is read.
"""

from __future__ import annotations

from agents.outcome import Answers, Facts, Unknown, attempt
from agents.readings import integer, words
from agents.windows import name_services, running, smb, system
from agents.windows.registry import key, key_or_empty

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agents.machine import Machine

TERMINAL = r"HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server"
RDP = TERMINAL + r"\WinStations\RDP-Tcp"
RDP_POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services"
LISTENERS = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WSMAN\Listener"
WINRM_POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\WinRM\Service"
EXPLORER = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\Explorer"
TIME = r"HKLM\SYSTEM\CurrentControlSet\Services\W32Time\Parameters"
TIME_POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\W32Time\Parameters"
CLIENT = r"HKLM\SYSTEM\CurrentControlSet\Services\W32Time\TimeProviders\NtpClient"
CLIENT_POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\W32Time\TimeProviders\NtpClient"
SSHD = "C:/ProgramData/ssh/sshd_config"
_FTP = ("FTPSVC", "MSFTPSVC", "FileZilla Server", "filezilla-server")
#: Every service whose state is asked, in one question.
NAMES = (
    "TermService",
    "RemoteRegistry",
    "WinRM",
    "sshd",
    "TlntSvr",
    *_FTP,
    smb.SERVER,
    smb.SERVER_DRIVER,
    smb.CLIENT_DRIVER,
    name_services.DRIVER,
    "W32Time",
    "EventLog",
)
_KEYS = {
    "version": system.VERSION,
    "terminal": TERMINAL,
    "rdp": RDP,
    "rdp policy": RDP_POLICY,
    "winrm policy": WINRM_POLICY,
    "explorer": EXPLORER,
    "time": TIME,
    "time policy": TIME_POLICY,
    "ntp client": CLIENT,
    "ntp client policy": CLIENT_POLICY,
}
_EIGHT = 9200  #: the build of Windows 8, since which a service may start when it is spoken to
_LAST_PORT = 65535
_REMOVABLE = 0x04  #: the bit of NoDriveTypeAutoRun that stands for DRIVE_REMOVABLE


def probe(machine: Machine) -> Answers:
    """Ask how the services are, and for the settings of those that have any."""
    answers = Answers()
    answers.ask("services", machine.value, "services", *NAMES)
    for name, path in _KEYS.items():
        answers.ask(name, machine.registry_values, path)
    answers.ask("listeners", machine.registry_keys, LISTENERS)
    smb.ask(machine, answers)
    name_services.ask(machine, answers)
    if isinstance(attempt(running.service, answers, "sshd"), tuple):
        answers.ask("sshd", machine.read_file, SSHD)
    return answers


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    facts.put("remote_desktop.enabled", _remote_desktop, answers)
    facts.put("remote_desktop.network_level_authentication", _authentication, answers)
    facts.put("remote_desktop.port", _port, answers)
    facts.put("ssh.enabled", running.active, answers, "sshd")
    facts.put("ssh.password_authentication", _ssh_passwords, answers)
    facts.put("smb1", lambda: smb.version_1(answers, _build(answers)))
    facts.put("file_sharing", smb.sharing, answers)
    facts.put("telnet", running.active, answers, "TlntSvr")
    facts.put("ftp", lambda: any(running.active(answers, name) for name in _FTP))
    facts.put("remote_registry", _remote_registry, answers)
    facts.put("winrm", _winrm, answers)
    facts.put("autorun", _autorun, answers)
    facts.put("llmnr", name_services.llmnr, answers)
    facts.put("netbios", name_services.netbios, answers)
    facts.put("time_synchronisation", _time, answers)
    facts.put("audit_log", running.active, answers, "EventLog")
    return facts


def _build(answers: Answers) -> int:
    return integer(key(answers, "version", system.VERSION).text("CurrentBuild"))


def _decided(answers: Answers, policy: tuple[str, str], local: tuple[str, str], name: str) -> int:
    """A number as group policy has it, else as the PC has it; each is its answer and its key."""
    forced = key_or_empty(answers, *policy)
    return forced.number(name) if forced.has(name) else key(answers, *local).number(name)


def _remote_desktop(answers: Answers) -> bool:
    """Connections are not denied, and the service that takes them is not disabled."""
    policy, local = ("rdp policy", RDP_POLICY), ("terminal", TERMINAL)
    if _decided(answers, policy, local, "fDenyTSConnections") != 0:
        return False
    return attempt(running.can_run, answers, "TermService") is not False


def _authentication(answers: Answers) -> bool:
    policy, local = ("rdp policy", RDP_POLICY), ("rdp", RDP)
    return _decided(answers, policy, local, "UserAuthentication") != 0


def _port(answers: Answers) -> int:
    port = key(answers, "rdp", RDP).number("PortNumber")
    if not 0 < port <= _LAST_PORT:
        raise Unknown("unreadable", "%s: no port: %d" % (RDP, port))
    return port


def _ssh_passwords(answers: Answers) -> bool:
    """PasswordAuthentication of OpenSSH's server, before the first Match; yes by default."""
    if running.service(answers, "sshd") is None:
        raise Unknown("not_installed", "this Windows has no service sshd")
    if not running.can_run(answers, "sshd"):
        raise Unknown("not_supported", "the SSH server is disabled")
    for row in words(answers.text("sshd").replace("=", " ")):
        keyword = row[0].lower()
        if keyword == "include":
            raise Unknown("unreadable", SSHD + " includes other files")
        if keyword == "match":
            break
        if keyword == "passwordauthentication" and row[1:2] and row[1].lower() in ("yes", "no"):
            return row[1].lower() == "yes"
    return True


def _remote_registry(answers: Answers) -> bool:
    """Since Windows 8 the service starts at the first request, unless it is disabled."""
    if running.active(answers, "RemoteRegistry"):
        return True
    return running.can_run(answers, "RemoteRegistry") and _build(answers) >= _EIGHT


def _winrm(answers: Answers) -> bool:
    """The service listens where it starts and has a listener, its own or by group policy."""
    if not running.active(answers, "WinRM"):
        return False
    if key_or_empty(answers, "winrm policy", WINRM_POLICY).number_or("AllowAutoConfig", 0) != 0:
        return True
    listeners = attempt(answers.get, "listeners")
    if isinstance(listeners, Unknown) and listeners.reason != "not_found":
        raise listeners
    return bool(listeners) and not isinstance(listeners, Unknown)


def _autorun(answers: Answers) -> bool:
    """On, as Windows comes, unless it is off for removable drives and all users of this PC.

    A setting of the machine makes Windows disregard those of its users (MS docs,
    NoDriveTypeAutoRun).
    """
    explorer = key_or_empty(answers, "explorer", EXPLORER)
    if explorer.number_or("NoAutorun", 0) == 1:
        return False
    if not explorer.has("NoDriveTypeAutoRun"):
        return True
    kinds = explorer.value("NoDriveTypeAutoRun")
    if isinstance(kinds, bytes) and kinds:  # written so by tools of the time of Windows 95
        kinds = int.from_bytes(kinds[:4], "little")
    if type(kinds) is not int:
        raise Unknown("unreadable", EXPLORER + ": NoDriveTypeAutoRun is no number")
    return kinds & _REMOVABLE == 0


def _time(answers: Answers) -> bool:
    """The service may start, and is told where the time comes from.

    Source: MS docs, "Windows Time Service Tools and Settings": Type, NtpServer, NtpClient Enabled.
    """
    if not running.can_run(answers, "W32Time"):
        return False
    policy, local = ("ntp client policy", CLIENT_POLICY), ("ntp client", CLIENT)
    if _decided(answers, policy, local, "Enabled") == 0:
        return False
    forced = key_or_empty(answers, "time policy", TIME_POLICY)
    kind = (forced if forced.has("Type") else key(answers, "time", TIME)).text("Type").lower()
    if kind not in ("nosync", "ntp", "nt5ds", "allsync"):
        raise Unknown("unreadable", "W32Time has a Type of no meaning: " + kind[:40])
    return kind != "nosync"
