"""Operating system: what it is, since when it runs, Gatekeeper and System Integrity Protection."""

from __future__ import annotations

import re

from agents.macos import plists, sysctl
from agents.outcome import Answers, Facts, Unknown
from agents.readings import integer, line, stamp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agents.machine import Machine

_VERSION = "/System/Library/CoreServices/SystemVersion.plist"
_SET_UP = "/var/db/.AppleSetupDone"
_ZONES = "/zoneinfo/"
_ARCHITECTURES = {"x86_64": "x86_64", "arm64": "arm64"}
_BOOT = re.compile(r"sec = ([0-9]{1,12})")
_FIRST_OF_ONE_NUMBER = 11  #: from Big Sur on each major release is supported by itself
_GATEKEEPER = {"assessments enabled": True, "assessments disabled": False}
_PROTECTION = re.compile(r"System Integrity Protection status: (enabled|disabled)\.")


def probe(machine: Machine) -> Answers:
    """Ask for the version's file, the kernel's names, the zone and two of Apple's tools."""
    answers = Answers()
    answers.ask("version", machine.read_file, _VERSION)
    answers.ask("uname", machine.value, "system")
    answers.ask("sysctl", sysctl.read, machine, "sysctl_kernel")
    answers.ask("set up", machine.modified, _SET_UP)
    answers.ask("localtime", machine.read_link, "/etc/localtime")
    answers.ask("gatekeeper", _words, machine, "gatekeeper")
    answers.ask("protection", _words, machine, "integrity_protection")
    return answers


def _words(machine: Machine, name: str) -> bytes:
    ran = machine.run(name)
    return ran.stdout + ran.stderr


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    facts.set("family", "macos")
    facts.put("name", _field, answers, "ProductName")
    facts.put("version", _field, answers, "ProductVersion")
    facts.set("id", "macos")
    facts.put("release", _field, answers, "ProductBuildVersion")
    facts.put("lifecycle", _lifecycle, answers)
    facts.put("architecture", lambda: _ARCHITECTURES.get(_uname(answers, "machine"), "other"))
    facts.put("kernel", _uname, answers, "release")
    facts.put("installed_at", lambda: stamp(answers.get("set up")))
    facts.put("booted_at", _booted_at, answers)
    facts.put("timezone", _timezone, answers)
    facts.put("hostname", lambda: line(sysctl.field(answers, "kern.hostname")))
    facts.put("gatekeeper", _gatekeeper, answers)
    facts.put("integrity_protection", _integrity_protection, answers)
    return facts


def _field(answers: Answers, name: str) -> str:
    return plists.text(plists.at(plists.table(answers.get("version")), name))


def _lifecycle(answers: Answers) -> str:
    """Apple supports 10.15 and the like by two numbers, 11 and later by one."""
    words = _field(answers, "ProductVersion").split(".")
    major = integer(words[0])
    return "macos-" + (words[0] if major >= _FIRST_OF_ONE_NUMBER else ".".join(words[:2]))


def _uname(answers: Answers, name: str) -> str:
    names = answers.get("uname")
    if not isinstance(names, dict) or not isinstance(names.get(name), str):
        raise Unknown("unreadable", "uname gave no " + name)
    return line(names[name])


def _booted_at(answers: Answers) -> str:
    found = _BOOT.search(sysctl.field(answers, "kern.boottime"))
    if found is None:
        raise Unknown("unreadable", "kern.boottime has no seconds")
    return stamp(int(found.group(1)))


def _timezone(answers: Answers) -> str:
    link = answers.get("localtime")
    if _ZONES not in link:
        raise Unknown("unreadable", "/etc/localtime leads to no time zone")
    return line(link.partition(_ZONES)[2])


def _gatekeeper(answers: Answers) -> bool:
    words = answers.text("gatekeeper").strip().split("\n")[0].strip()
    if words not in _GATEKEEPER:
        raise Unknown("unreadable", "spctl --status: " + words)
    return _GATEKEEPER[words]


def _integrity_protection(answers: Answers) -> bool:
    """A custom configuration, some of its protections off, is neither on nor off."""
    found = _PROTECTION.search(answers.text("protection"))
    if found is None:
        raise Unknown("unreadable", "csrutil status: " + answers.text("protection"))
    return found.group(1) == "enabled"
