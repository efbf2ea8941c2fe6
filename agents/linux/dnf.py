"""What dnf's files tell of updates."""

from __future__ import annotations

from agents.linux import rpm
from agents.outcome import Answers, Unknown, attempt, decoded
from agents.readings import settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agents.machine import Machine

_AUTOMATIC = "/etc/dnf/automatic.conf"
_CACHE = "/var/cache/dnf"
_REPOSITORIES = "/etc/yum.repos.d"
_TIMERS = {
    "dnf-automatic-install.timer": "install",
    "dnf-automatic-download.timer": "download",
    "dnf-automatic-notifyonly.timer": "notify",
}
_OFFICIAL = (
    ".redhat.com",
    ".fedoraproject.org",
    ".centos.org",
    ".almalinux.org",
    ".rockylinux.org",
    ".oracle.com",
)


def ask(machine: Machine, answers: Answers) -> None:
    """Ask for the rpm database, the cache's age, dnf-automatic and the repositories."""
    rpm.ask(machine, answers)
    answers.ask("cache times", _cache_times, machine)
    answers.ask("automatic", machine.read_file, _AUTOMATIC)
    answers.ask("repositories", _repositories, machine)


def _cache_times(machine: Machine) -> list[float]:
    names = [name for name in machine.list_dir(_CACHE) if name.endswith(".solv")]
    return [machine.modified("%s/%s" % (_CACHE, name)) for name in names]


def _repositories(machine: Machine) -> str:
    names = [name for name in machine.list_dir(_REPOSITORIES) if name.endswith(".repo")]
    return "\n".join(decoded(machine.read_file("%s/%s" % (_REPOSITORIES, name))) for name in names)


def _require(answers: Answers) -> None:
    """Raise where it is not known that this system uses dnf."""
    if attempt(answers.get, "dnf there") is not True:
        raise Unknown("not_supported", "neither apt nor dnf was found")


def last_installed_at(answers: Answers) -> int:
    """The newest INSTALLTIME of the rpm database, in seconds since 1970."""
    _require(answers)
    return rpm.last_installed_at(answers)


def last_checked_at(answers: Answers) -> float:
    """When dnf last solved its cache."""
    _require(answers)
    times: list[float] = answers.get("cache times")
    if not times:
        raise Unknown("not_found", "dnf has no cache")
    return max(times)


def pending(answers: Answers) -> int:
    """Not known without asking the repositories, which would use the network."""
    _require(answers)
    raise Unknown("not_supported", "dnf keeps no list of what waits; asking would use the network")


pending_security = pending


def automatic(answers: Answers) -> str:
    """What dnf-automatic does by itself."""
    _require(answers)
    linked = answers.get("units")
    for timer, word in _TIMERS.items():
        if timer in linked:
            return word
    if "dnf-automatic.timer" not in linked:
        return "off"
    found = {name: value.lower() for name, value in settings(answers.text("automatic")).items()}
    if found.get("apply_updates") in ("yes", "true", "1"):
        return "install"
    return "download" if found.get("download_updates", "yes") in ("yes", "true", "1") else "notify"


def source(answers: Answers) -> str:
    """Whether the repositories are the vendor's; a mirror list of the vendor's is."""
    _require(answers)
    hosts = []
    for row in answers.get("repositories").splitlines():
        name, equals, value = row.partition("=")
        if equals and name.strip() in ("baseurl", "mirrorlist", "metalink"):
            hosts.append(
                value.strip().partition("://")[2].partition("/")[0].rpartition("@")[2].lower()
            )
    if not hosts:
        raise Unknown("not_found", "no repository in " + _REPOSITORIES)
    official = [("." + host).endswith(_OFFICIAL) for host in hosts]
    return "vendor" if any(official) else "local_mirror"
