"""Services that answer from outside or keep the record, and whether they start with the system."""

from __future__ import annotations

from agents import sshd
from agents.macos import launchd, plists
from agents.outcome import Answers, Facts, Unknown, attempt, decoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agents.machine import Machine

_REMOTE_MANAGEMENT = "/Library/Application Support/Apple/Remote Desktop/RemoteManagement.launchd"
_SMB = "/Library/Preferences/SystemConfiguration/com.apple.smb.server.plist"
_DAEMONS = {
    "ssh": launchd.APPLE + "/ssh.plist",
    "screen sharing": launchd.APPLE + "/com.apple.screensharing.plist",
    "smb": launchd.APPLE + "/com.apple.smbd.plist",
    "afp": launchd.APPLE + "/com.apple.AppleFileServer.plist",
    "nfs": launchd.APPLE + "/com.apple.nfsd.plist",
    "telnet": launchd.APPLE + "/telnet.plist",
    "ftp": launchd.APPLE + "/ftp.plist",
    "log": launchd.APPLE + "/com.apple.logd.plist",
}
_NETWORK_TIME = {"Network Time: On": True, "Network Time: Off": False}


def probe(machine: Machine) -> Answers:
    """Ask which daemons start, and for the settings of those that have any."""
    answers = Answers()
    launchd.ask(machine, answers, _DAEMONS.values())
    answers.ask("remote management", machine.exists, _REMOTE_MANAGEMENT)
    answers.ask("smb server", machine.read_file, _SMB)
    answers.ask("network time", lambda: machine.run("network_time").stdout)
    sshd.ask(machine, answers)
    return answers


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    facts.put("remote_desktop.enabled", _remote_desktop, answers)
    ssh = facts.put("ssh.enabled", _starts, answers, "ssh")
    sshd.put(facts, answers, ssh)
    facts.put("smb1", _smb1, answers)
    facts.put("file_sharing", _any, answers, "smb", "afp", "nfs")
    facts.put("telnet", _starts, answers, "telnet")
    facts.put("ftp", _starts, answers, "ftp")
    facts.lack("llmnr", Unknown("not_supported", "macOS answers multicast DNS, not LLMNR"))
    facts.put("time_synchronisation", _network_time, answers)
    facts.put("audit_log", _starts, answers, "log")
    return facts


def _starts(answers: Answers, name: str) -> bool:
    return launchd.starts(answers, _DAEMONS[name])


def _any(answers: Answers, *names: str) -> bool:
    """Whether one starts; raises where none is known to and one is unknown."""
    found = [attempt(_starts, answers, name) for name in names]
    for one in found:
        if one is True:
            return True
    for one in found:
        if isinstance(one, Unknown):
            raise one
    return False


def _remote_desktop(answers: Answers) -> bool:
    """Screen Sharing, or Remote Management, which brings its own."""
    managed = answers.get("remote management")
    return bool(managed) or _starts(answers, "screen sharing")


def _smb1(answers: Answers) -> bool:
    """Bit 0 of the server's ProtocolVersionMap."""
    if not _starts(answers, "smb"):
        return False
    settings = plists.table(answers.get("smb server"))
    return bool(plists.number(plists.at(settings, "ProtocolVersionMap")) & 1)


def _network_time(answers: Answers) -> bool:
    words = decoded(answers.get("network time")).strip()
    if words not in _NETWORK_TIME:
        raise Unknown("unreadable", "systemsetup -getusingnetworktime: " + words)
    return _NETWORK_TIME[words]
