r"""Operating system: which Windows, since when it runs, what it is called, UAC.

Source: ``HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion``, whose ProductName still says
"Windows 10" on Windows 11: from build 22000 on it is 11.
"""

from __future__ import annotations

from agents.outcome import Answers, Facts, Unknown, attempt, known
from agents.readings import LARGEST, integer, line, stamp
from agents.windows import registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.machine import Machine

VERSION = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
UAC = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System"
ZONE = r"HKLM\SYSTEM\CurrentControlSet\Control\TimeZoneInformation"
NAME = r"HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters"
ENVIRONMENT = r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment"
_ELEVEN = 22000  #: the first build of Windows 11
_FIRST_TEN = 10240  #: the one Windows 10 that names no release: 1507, LTSB 2015
_WORKSTATION = 1  #: VER_NT_WORKSTATION
#: Clients before Windows 10 by major.minor.
_CLIENTS = {(6, 0): "Vista", (6, 1): "7", (6, 2): "8", (6, 3): "8.1"}
#: Servers by the greatest build that is not above theirs; before 2016 by build as well.
_SERVERS = (
    (26100, "2025"),
    (25398, "23H2"),
    (20348, "2022"),
    (17763, "2019"),
    (14393, "2016"),
    (9600, "2012 R2"),
    (9200, "2012"),
    (7600, "2008 R2"),
    (6001, "2008"),
)
#: PROCESSOR_ARCHITECTURE of the system's own environment.
_ARCHITECTURES = {"AMD64": "x86_64", "X86": "x86", "ARM64": "arm64", "ARM": "arm"}
#: Editions whose life cycle is that of Pro; all others of the client are Enterprise's or LTSC's.
_HOME_AND_PRO = ("core", "professional", "home", "starter", "ultimate", "cloud")
_LONG_TERM = ("enterprises", "iotenterprises")


def probe(machine: Machine) -> Answers:
    """Ask for the version's key, the kernel's version, times and names."""
    answers = Answers()
    answers.ask("version", machine.registry_values, VERSION)
    answers.ask("uac", machine.registry_values, UAC)
    answers.ask("zone", machine.registry_values, ZONE)
    answers.ask("name", machine.registry_values, NAME)
    answers.ask("environment", machine.registry_values, ENVIRONMENT)
    answers.ask("system", machine.value, "system")
    answers.ask("computer name", machine.value, "computer_name")
    answers.ask("uptime", machine.value, "uptime")
    answers.keep("now", machine.now())
    return answers


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    facts.set("family", "windows")
    facts.set("id", "windows")
    build = attempt(_build, answers)
    server = attempt(_server, answers)
    facts.put("name", _name, answers, build, server)
    facts.put("version", _version, answers)
    facts.put("release", _release, answers)
    facts.put("edition", _text, answers, "version", "EditionID")
    facts.put("build", _build, answers)
    facts.put("update_build_revision", _revision, answers)
    facts.put("server", _server, answers)
    facts.put("lifecycle", _lifecycle, answers, build, server)
    facts.put("architecture", _architecture, answers)
    facts.put("installed_at", _installed_at, answers)
    facts.put("booted_at", lambda: stamp(answers.get("now") - _whole(answers, "uptime")))
    facts.put("timezone", _text, answers, "zone", "TimeZoneKeyName")
    facts.put("hostname", _hostname, answers)
    facts.put("uac", lambda: _number(answers, "uac", "EnableLUA") != 0)
    return facts


_PATHS = {"version": VERSION, "uac": UAC, "zone": ZONE, "name": NAME, "environment": ENVIRONMENT}


def _text(answers: Answers, key: str, name: str) -> str:
    return registry.key(answers, key, _PATHS[key]).text(name)


def _number(answers: Answers, key: str, name: str) -> int:
    return registry.key(answers, key, _PATHS[key]).number(name)


def _whole(answers: Answers, name: str) -> int:
    value = answers.get(name)
    if type(value) is not int or not 0 <= value <= LARGEST:
        raise Unknown("unreadable", name + " is no number")
    return value


def _build(answers: Answers) -> int:
    """CurrentBuild; CurrentBuildNumber has been the same since Windows 2000."""
    return integer(_text(answers, "version", "CurrentBuild"))


def _kernel(answers: Answers, name: str) -> int:
    """A number of RtlGetVersion, which no compatibility mode changes."""
    about = answers.get("system")
    value = about.get(name) if isinstance(about, dict) else None
    if type(value) is not int or value < 0:
        raise Unknown("unreadable", "the system's version has no " + name)
    return value


def _major_minor(answers: Answers) -> tuple[int, int]:
    """From the registry since Windows 10, before from CurrentVersion, 6.1 for instance."""
    major = attempt(_number, answers, "version", "CurrentMajorVersionNumber")
    if not isinstance(major, Unknown):
        return major, _number(answers, "version", "CurrentMinorVersionNumber")
    kernel = attempt(_kernel, answers, "major")
    if not isinstance(kernel, Unknown):
        return kernel, _kernel(answers, "minor")
    words = _text(answers, "version", "CurrentVersion").split(".")
    if len(words) != 2:  # noqa: PLR2004 - major and minor
        raise Unknown("unreadable", "CurrentVersion is no major.minor")
    return integer(words[0]), integer(words[1])


def _revision(answers: Answers) -> int:
    revision = attempt(_number, answers, "version", "UBR")
    if isinstance(revision, Unknown) and revision.reason == "not_found":
        raise Unknown("not_supported", "this Windows does not keep its update build revision")
    return _number(answers, "version", "UBR")


def _version(answers: Answers) -> str:
    parts = [*_major_minor(answers), _build(answers)]
    revision = attempt(_revision, answers)
    if not isinstance(revision, Unknown):
        parts.append(revision)
    return ".".join(str(part) for part in parts)


def _server(answers: Answers) -> bool:
    """InstallationType says Client, Server or Server Core; else the kernel's product type."""
    kind = attempt(_text, answers, "version", "InstallationType")
    if not isinstance(kind, Unknown):
        return bool(kind.lower().startswith("server"))
    return _kernel(answers, "product_type") != _WORKSTATION


def _generation(answers: Answers, build: Any, server: Any) -> str:
    """7, 8.1, 10, 11; of a server its year."""
    number = known(build)
    if known(server):
        for lowest, year in _SERVERS:
            if number >= lowest:
                return year
        raise Unknown("not_found", "build %d has no name here" % number)
    major = _major_minor(answers)
    if major in _CLIENTS:
        return _CLIENTS[major]
    return "11" if number >= _ELEVEN else "10"


def _name(answers: Answers, build: Any, server: Any) -> str:
    words = "Windows Server " if known(server) else "Windows "
    return words + _generation(answers, build, server)


def _release(answers: Answers) -> str:
    """DisplayVersion (22H2), before 20H2 ReleaseId (1909), before Windows 10 the service pack."""
    if attempt(_build, answers) == _FIRST_TEN:
        return "1507"
    for name in ("DisplayVersion", "ReleaseId", "CSDVersion"):
        found = attempt(_text, answers, "version", name)
        if isinstance(found, str):
            return found
        if found.reason != "not_found":
            raise found
    raise Unknown("not_found", "this Windows names no release")


def _lifecycle(answers: Answers, build: Any, server: Any) -> str:
    """The key of the end-of-life table.

    windows-10-22h2-pro, windows-10-1809-ltsc, windows-7-sp1, windows-server-2019.
    """
    generation = _generation(answers, build, server).lower().replace(" ", "-")
    if known(server):
        return "windows-server-" + generation
    if generation not in ("10", "11"):
        pack = attempt(_kernel, answers, "service_pack")
        return "windows-%s%s" % (
            generation,
            "-sp%d" % pack if not isinstance(pack, Unknown) and pack else "",
        )
    return "windows-%s-%s-%s" % (generation, _release(answers).lower(), _servicing(answers))


def _servicing(answers: Answers) -> str:
    """Which of the three life cycles: ltsc, pro (with Home), enterprise (with Education)."""
    edition = _text(answers, "version", "EditionID").lower()
    if edition.startswith(_LONG_TERM):
        return "ltsc"
    return "pro" if edition.startswith(_HOME_AND_PRO) else "enterprise"


def _architecture(answers: Answers) -> str:
    """The system's own: what a process of another architecture is told may be that process's."""
    own = attempt(_text, answers, "environment", "PROCESSOR_ARCHITECTURE")
    if isinstance(own, str) and own.upper() in _ARCHITECTURES:
        return _ARCHITECTURES[own.upper()]
    about = answers.get("system")
    word = about.get("architecture") if isinstance(about, dict) else None
    return str(word) if word in _ARCHITECTURES.values() else "other"


def _installed_at(answers: Answers) -> str:
    """InstallDate: when this build was put in; a feature update writes it anew."""
    moment = _number(answers, "version", "InstallDate")
    if moment == 0:
        raise Unknown("not_found", "InstallDate is 0")
    return stamp(moment)


def _hostname(answers: Answers) -> str:
    """The DNS host name, which is not cut at 15 characters as the NetBIOS name is."""
    names = attempt(answers.get, "computer name")
    if isinstance(names, dict) and isinstance(names.get("dns"), str) and names["dns"]:
        return line(names["dns"])
    return _text(answers, "name", "Hostname")
