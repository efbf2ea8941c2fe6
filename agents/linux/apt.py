"""What apt's and dpkg's files tell of updates."""

from __future__ import annotations

from agents.clock import iso
from agents.outcome import Answers, Unknown, attempt, decoded
from agents.readings import settings, stamp, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator

    from agents.machine import Machine

_LOGS = ("/var/log/dpkg.log", "/var/log/dpkg.log.1")
_LOG_LIMIT = 32 << 20  #: bytes; a month of a machine that is upgraded often takes about 2 MB
_LISTS = (
    "/var/lib/apt/periodic/update-success-stamp",
    "/var/lib/apt/lists/partial",
    "/var/lib/apt/lists",
)
_CONFIGURATION = "/etc/apt/apt.conf.d"
_SOURCES = "/etc/apt/sources.list"
_STAMP = 19  #: characters of a time in dpkg's log, which begins each line
_QUARTER = 900  #: seconds; time zones differ by quarters of an hour
_OFFICIAL = (".debian.org", ".ubuntu.com", ".canonical.com", ".linuxmint.com", ".raspberrypi.com")
_OWN_SUITES = ("stable", "oldstable", "testing", "unstable", "sid")


def ask(machine: Machine, answers: Answers) -> None:
    """Ask for dpkg's log, the lists' age, apt's settings, sources and simulated upgrade."""
    for path in _LOGS:
        answers.ask("log", machine.read_file, path, _LOG_LIMIT)
        answers.ask("log time", machine.modified, path)
        log = attempt(answers.get, "log")
        if isinstance(log, bytes) and log.strip():
            break
    for path in _LISTS:
        answers.ask("time " + path, machine.modified, path)
    answers.ask("lists", machine.list_dir, _LISTS[-1])
    answers.ask("settings", _texts, machine, _CONFIGURATION, "")
    answers.ask("unattended", machine.exists, "/usr/bin/unattended-upgrade")
    answers.ask("os-release", machine.read_file, "/etc/os-release")
    answers.ask("sources", _sources, machine)
    answers.ask("upgrade", _upgrade, machine)


def _texts(machine: Machine, folder: str, suffix: str) -> str:
    """The texts of a folder's files, in order."""
    names = machine.list_dir(folder)
    return "\n".join(
        decoded(machine.read_file("%s/%s" % (folder, name)))
        for name in names
        if name.endswith(suffix)
    )


def _sources(machine: Machine) -> str:
    """All sources, those of deb822 form rewritten as lines."""
    texts = []
    main = attempt(machine.read_file, _SOURCES)
    if isinstance(main, bytes):
        texts.append(decoded(main))
    for suffix in (".list", ".sources"):
        text = attempt(_texts, machine, _SOURCES + ".d", suffix)
        if isinstance(text, Unknown):
            if text.reason != "not_found":
                raise text
        else:
            texts.append("\n".join(_lines(text)) if suffix == ".sources" else text)
    if not texts:
        raise main
    return "\n".join(texts)


def _lines(text: str) -> Iterator[str]:
    for stanza in text.split("\n\n"):
        fields = dict(
            row.split(":", 1) for row in stanza.splitlines() if ":" in row and row[0] != "#"
        )
        if fields.get("Enabled", "yes").strip().lower() in ("no", "false"):
            continue
        for uri in fields.get("URIs", "").split():
            for suite in fields.get("Suites", "").split():
                yield "deb %s %s" % (uri, suite)


def _upgrade(machine: Machine) -> bytes:
    ran = machine.run("apt_upgrade")
    if ran.code != 0:
        raise Unknown("unreadable", "apt-get: " + decoded(ran.stderr))
    return ran.stdout


def last_installed_at(answers: Answers) -> int:
    """The last install or upgrade in dpkg's log, in seconds since 1970.

    dpkg writes local time without a zone. The log was last written when its last line was, so the
    difference between the two is the zone's.
    """
    log = answers.text("log").rstrip()
    done = max(_last(log, " install "), _last(log, " upgrade "))
    if done < 0:
        raise Unknown("not_found", "dpkg's log names no installation")
    written: float = answers.get("log time")
    stamp(written)
    offset = iso(log[log.rfind("\n") + 1 :][:_STAMP]) - written
    return iso(log[done : done + _STAMP]) - round(offset / _QUARTER) * _QUARTER


def _last(log: str, action: str) -> int:
    """Where the last line with that action begins, -1 where none is; a log has 10,000 lines."""
    end = len(log)
    while True:
        place = log.rfind(action, 0, end)
        if place < 0:
            return -1
        begin = log.rfind("\n", 0, place) + 1
        if place - begin == _STAMP:
            return begin
        end = place


def last_checked_at(answers: Answers) -> float:
    """The newest trace of an update of the lists; the lists themselves keep the server's times."""
    paths = _LISTS[:1] if _has_no_lists(answers) else _LISTS
    found = [attempt(answers.get, "time " + path) for path in paths]
    moments = [one for one in found if isinstance(one, float)]
    if not moments:
        raise found[-1]
    return max(moments)


def _has_no_lists(answers: Answers) -> bool:
    """Whether apt knows of no archive: it then finds nothing to upgrade, whatever there is.

    An older recording has the folder's time and not what lies in it; there apt is believed.
    """
    found = attempt(answers.get, "lists")
    if isinstance(found, Unknown):
        folder = attempt(answers.get, "time " + _LISTS[-1])
        return found.reason != "not_found" or isinstance(folder, Unknown)
    return not any(name.endswith("Release") for name in found)


def _waiting(answers: Answers) -> list[str]:
    if _has_no_lists(answers):
        raise Unknown("unreadable", "apt has no lists of packages: run apt-get update")
    return [row for row in answers.text("upgrade").splitlines() if row.startswith("Inst ")]


def pending(answers: Answers) -> int:
    """Packages that `apt-get upgrade` would install."""
    return len(_waiting(answers))


def pending_security(answers: Answers) -> int:
    """Those of them that a security archive offers."""
    return sum(1 for row in _waiting(answers) if "security" in row.partition("(")[2].lower())


def automatic(answers: Answers) -> str:
    """What apt's daily timer does by itself."""
    found = _periodic(answers.get("settings"))
    if "apt-daily.timer" not in answers.get("units"):
        return "off"
    if _on(found, "unattended-upgrade") and answers.get("unattended"):
        return "install" if "apt-daily-upgrade.timer" in answers.get("units") else "notify"
    if _on(found, "download-upgradeable-packages"):
        return "download"
    return "notify" if _on(found, "update-package-lists") else "off"


def _periodic(text: str) -> dict[str, str]:
    """The settings of APT::Periodic, by their last word; the last one wins."""
    found: dict[str, str] = {}
    for row in words(text, comment="//"):
        name, value = row[0].lower(), " ".join(row[1:]).strip('"; ')
        if name.startswith("apt::periodic::"):
            found[name.rpartition("::")[2]] = value
    return found


def _on(found: dict[str, str], name: str) -> bool:
    return found.get(name, "0") not in ("0", "")


def source(answers: Answers) -> str:
    """Whether the system itself comes from its vendor's servers, or from a mirror."""
    codename = settings(answers.text("os-release")).get("VERSION_CODENAME", "")
    hosts = []
    for row in words(answers.get("sources")):
        plain = [word for word in _without_options(row) if word]
        if len(plain) > 2 and plain[0] == "deb" and _is_own(plain[2], codename):  # noqa: PLR2004
            hosts.append(plain[1].partition("://")[2].partition("/")[0].rpartition("@")[2].lower())
    if not hosts:
        raise Unknown("not_found", "no source of the system itself")
    return "vendor" if all(("." + host).endswith(_OFFICIAL) for host in hosts) else "local_mirror"


def _without_options(row: list[str]) -> list[str]:
    """A source line without its [options]."""
    text = " ".join(row)
    before, bracket, rest = text.partition("[")
    return (before + rest.partition("]")[2] if bracket else text).split()


def _is_own(suite: str, codename: str) -> bool:
    base = suite.partition("-")[0].partition("/")[0]
    return base in _OWN_SUITES or (bool(codename) and base == codename)
