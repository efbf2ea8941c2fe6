"""Software: the applications in /Applications, and the receipts of installed packages."""

from __future__ import annotations

from agents.macos import plists
from agents.outcome import Answers, Facts, Unknown, attempt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.machine import Machine

_APPLICATIONS = "/Applications"
_RECEIPTS = "/var/db/receipts"
_APPLE = "com.apple."  #: parts of the system, whose version tells of them
_LIMIT = 20_000  #: programs; what a report may hold
_APP, _PLIST = ".app", ".plist"


def probe(machine: Machine) -> Answers:
    """Ask for the applications, also those one folder down, and for the receipts."""
    answers = Answers()
    names = answers.ask("applications", machine.list_dir, _APPLICATIONS)
    for name in [] if isinstance(names, Unknown) else names:
        if name.endswith(_APP):
            _ask(machine, answers, name)
        elif "." not in name:
            below = attempt(machine.list_dir, "%s/%s" % (_APPLICATIONS, name))
            for one in [] if isinstance(below, Unknown) else below:
                if one.endswith(_APP):
                    _ask(machine, answers, "%s/%s" % (name, one))
    receipts = answers.ask("receipts", machine.list_dir, _RECEIPTS)
    for name in [] if isinstance(receipts, Unknown) else receipts:
        if name.endswith(_PLIST) and not name.startswith(_APPLE):
            answers.ask("receipt " + name, machine.read_file, "%s/%s" % (_RECEIPTS, name))
    return answers


def _ask(machine: Machine, answers: Answers, name: str) -> None:
    path = "%s/%s/Contents/Info.plist" % (_APPLICATIONS, name)
    answers.ask("application " + name, machine.read_file, path)


def parse(answers: Answers) -> Facts:
    """The section is a list: one element for each program."""
    answers.get("applications")
    programs: dict[tuple[str, str, str], dict[str, Any]] = {}
    for name in answers.names():
        kind, space, what = name.partition(" ")
        if space and kind in _READERS:
            row = _READERS[kind](what, attempt(lambda name=name: plists.table(answers.get(name))))
            programs.setdefault((row["name"], row.get("version", ""), row["source"]), row)
    if len(programs) > _LIMIT:
        raise Unknown("unreadable", "%d programs; a report holds %d" % (len(programs), _LIMIT))
    facts = Facts()
    facts.set("", [programs[key] for key in sorted(programs)])
    return facts


def _application(name: str, about: Any) -> dict[str, Any]:
    """One that does not describe itself is there all the same: by its folder's name."""
    folder = name.rpartition("/")[2][: -len(_APP)]
    row = {"name": _text(about, "CFBundleName", folder), "source": "application"}
    version = _text(about, "CFBundleShortVersionString", _text(about, "CFBundleVersion", ""))
    if version:
        row["version"] = version
    return row


def _receipt(name: str, about: Any) -> dict[str, Any]:
    row = {
        "name": _text(about, "PackageIdentifier", name[: -len(_PLIST)]),
        "source": "receipt",
    }
    version = _text(about, "PackageVersion", "")
    if version:
        row["version"] = version
    date = about.get("InstallDate") if isinstance(about, dict) else None
    moment = attempt(plists.moment, date)
    if isinstance(moment, str):
        row["installed_at"] = moment
    return row


def _text(about: Any, key: str, otherwise: str) -> str:
    found = attempt(lambda: plists.text(plists.at(about, key)))
    chosen = found if isinstance(found, str) else otherwise
    return chosen[:256]


_READERS = {"application": _application, "receipt": _receipt}
