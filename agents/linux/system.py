"""Operating system: what it is, since when it runs, what it is called."""

from __future__ import annotations

from agents.outcome import Answers, Facts, Unknown, attempt
from agents.readings import integer, line, settings, stamp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agents.machine import Machine

_RELEASE_FILES = ("/etc/os-release", "/usr/lib/os-release")
_ARCHITECTURES = {
    "x86_64": "x86_64",
    "amd64": "x86_64",
    "aarch64": "arm64",
    "arm64": "arm64",
    "i386": "x86",
    "i486": "x86",
    "i586": "x86",
    "i686": "x86",
}
#: Systems whose support ends with the major release.
_MAJOR_ONLY = frozenset(
    ["debian", "rhel", "centos", "almalinux", "rocky", "ol", "fedora", "amzn", "sles", "openEuler"]
)
_ZONES = "/zoneinfo/"


def probe(machine: Machine) -> Answers:
    """Ask for the release files, the kernel's names, times and the security modules."""
    answers = Answers()
    for path in _RELEASE_FILES:
        if not isinstance(answers.ask("os-release", machine.read_file, path), Unknown):
            break
    answers.ask("debian_version", machine.read_file, "/etc/debian_version")
    answers.ask("uname", machine.value, "system")
    answers.ask("stat", machine.read_file, "/proc/stat")
    answers.ask("timezone", machine.read_file, "/etc/timezone")
    answers.ask("localtime", machine.read_link, "/etc/localtime")
    answers.ask("hostname", machine.read_file, "/proc/sys/kernel/hostname")
    answers.ask("selinux there", machine.exists, "/sys/fs/selinux/enforce")
    answers.ask("selinux", machine.read_file, "/sys/fs/selinux/enforce")
    answers.ask("apparmor there", machine.exists, "/sys/module/apparmor/parameters/enabled")
    answers.ask("apparmor", machine.read_file, "/sys/module/apparmor/parameters/enabled")
    answers.ask("birth", _birth, machine)
    return answers


def _birth(machine: Machine) -> bytes:
    return machine.run("root_birth").stdout


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    facts.set("family", "linux")
    facts.put("name", _field, answers, "NAME")
    facts.put("version", _version, answers)
    facts.put("id", _field, answers, "ID")
    facts.put("release", _field, answers, "VERSION_CODENAME")
    facts.put("lifecycle", _lifecycle, answers)
    facts.put("architecture", _architecture, answers)
    facts.put("kernel", _uname, answers, "release")
    facts.put("installed_at", _installed_at, answers)
    facts.put("booted_at", _booted_at, answers)
    facts.put("timezone", _timezone, answers)
    facts.put("hostname", lambda: line(answers.text("hostname")))
    facts.put("mandatory_access_control", _access_control, answers)
    return facts


def _field(answers: Answers, name: str) -> str:
    value = settings(answers.text("os-release")).get(name, "")
    if not value:
        raise Unknown("not_found", "os-release has no " + name)
    return line(value)


def _version(answers: Answers) -> str:
    """Debian keeps its point release (12.4) in a file of its own.

    Unreleased Debian has words there.
    """
    if _field(answers, "ID") == "debian":
        point = attempt(lambda: line(answers.text("debian_version")))
        if isinstance(point, str) and point.replace(".", "").isdigit():
            return point
    return _field(answers, "VERSION_ID")


def _lifecycle(answers: Answers) -> str:
    name, version = _field(answers, "ID"), _field(answers, "VERSION_ID")
    return "%s-%s" % (name, version.split(".")[0] if name in _MAJOR_ONLY else version)


def _uname(answers: Answers, name: str) -> str:
    names = answers.get("uname")
    if not isinstance(names, dict) or not isinstance(names.get(name), str):
        raise Unknown("unreadable", "uname gave no " + name)
    return line(names[name])


def _architecture(answers: Answers) -> str:
    machine = _uname(answers, "machine")
    if machine in _ARCHITECTURES:
        return _ARCHITECTURES[machine]
    return "arm" if machine.startswith("arm") else "other"


def _installed_at(answers: Answers) -> str:
    born = integer(answers.text("birth"))
    if born <= 0:
        raise Unknown("not_supported", "the root file system does not keep its time of birth")
    return stamp(born)


def _booted_at(answers: Answers) -> str:
    for row in answers.text("stat").splitlines():
        if row.startswith("btime "):
            return stamp(integer(row[6:]))
    raise Unknown("unreadable", "/proc/stat has no btime")


def _timezone(answers: Answers) -> str:
    link = attempt(answers.get, "localtime")
    if isinstance(link, str) and _ZONES in link:
        return line(link.partition(_ZONES)[2])
    return line(answers.text("timezone"))


def _access_control(answers: Answers) -> str:
    if answers.get("selinux there"):
        return (
            "selinux_enforcing" if integer(answers.text("selinux")) == 1 else "selinux_permissive"
        )
    if not answers.get("apparmor there"):
        return "none"
    return "apparmor" if answers.text("apparmor").strip() == "Y" else "none"
