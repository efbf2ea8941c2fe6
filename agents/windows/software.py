r"""Software: what the Uninstall keys list, of the machine in both views and of who is signed in.

Parts of programs and their updates are left out, as Windows' own list does (MS docs, "Uninstall
Registry Key", ARPSYSTEMCOMPONENT). A user's programs are those of users who are signed in: the
hives of the others are not loaded. Nobody's name or SID is kept.
"""

from __future__ import annotations

from agents.outcome import Answers, Facts, Unknown, attempt
from agents.readings import line
from agents.windows import hives, system
from agents.windows.registry import Key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.machine import Machine

UNINSTALL = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"
MACHINE = "HKLM\\" + UNINSTALL
PROGRAMS_LIMIT = 20_000  #: what a report may hold
_TEXT = 256  #: characters of one text of a row
_PARENTS = ("ParentKeyName", "ParentDisplayName")
#: How a ReleaseType ends that is no program's: "Security Update", "Update Rollup", "Hotfix".
_UPDATES = ("update", "rollup", "hotfix", "service pack")
_WANTED = frozenset(
    name.lower()
    for name in (
        "DisplayName",
        "DisplayVersion",
        "VersionMajor",
        "VersionMinor",
        "Publisher",
        "InstallDate",
        "SystemComponent",
        "ReleaseType",
        *_PARENTS,
    )
)
_DATE = 8  #: digits of yyyymmdd
_FIRST_YEAR = 1970
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def probe(machine: Machine) -> Answers:
    """Ask for every Uninstall key's programs."""
    answers = Answers()
    answers.ask("environment", machine.registry_values, system.ENVIRONMENT)
    for view in (64, 32):
        answers.ask("machine %d" % view, _programs, machine, MACHINE, view)
    answers.ask("users", _users, machine)
    return answers


def _programs(machine: Machine, path: str, view: int) -> list[Any]:
    """Of each program its values of interest, or its key's name and why it has none.

    One that is removed while we look is not there.
    """
    names = machine.registry_keys(path, view)
    if len(names) > PROGRAMS_LIMIT:
        raise Unknown("unreadable", "%s lists %d programs" % (path, len(names)))
    found = []
    for name in names:
        values = attempt(machine.registry_values, path + "\\" + name, view)
        if not isinstance(values, Unknown):
            found.append({n.lower(): v for n, v in values.items() if n.lower() in _WANTED})
        elif values.reason != "not_found":
            found.append({"": name})
    return found


def _users(machine: Machine) -> list[Any]:
    """The programs that people installed for themselves alone; a user without any has no key."""
    found: list[Any] = []
    for hive in hives.of_people(machine):
        programs = attempt(_programs, machine, hive + "\\" + UNINSTALL, 64)
        if not isinstance(programs, Unknown):
            found += programs
        elif programs.reason != "not_found":
            raise Unknown(programs.reason, r"the programs below a user's HKU\… cannot be listed")
    return found


def parse(answers: Answers) -> Facts:
    """The section is a list: one element for each program.

    Raises:
        Unknown: one of the lists cannot be read; without it "not installed" could not be said.
    """
    native = _native(answers)
    rows = _rows(answers.get("machine 64"), "registry", native)
    if native != "x86":
        rows += _rows(_or_none(answers, "machine 32"), "registry", "x86")
    rows += _rows(answers.get("users"), "user_registry", None)
    programs = sorted(_merged(rows), key=_identity)
    if len(programs) > PROGRAMS_LIMIT:
        raise Unknown(
            "unreadable", "%d programs; a report holds %d" % (len(programs), PROGRAMS_LIMIT)
        )
    facts = Facts()
    facts.set("", programs)
    return facts


def _or_none(answers: Answers, name: str) -> Any:
    programs = attempt(answers.get, name)
    if isinstance(programs, Unknown) and programs.reason == "not_found":
        return []
    return answers.get(name)


def _native(answers: Answers) -> str | None:
    """What programs of the machine's own view are made for; None where that can be several.

    On ARM, that view has programs for ARM and for x86_64.
    """
    environment = attempt(answers.get, "environment")
    word = None
    if isinstance(environment, dict):
        word = attempt(Key(system.ENVIRONMENT, environment).text, "PROCESSOR_ARCHITECTURE")
    if not isinstance(word, str):
        return None
    return {"AMD64": "x86_64", "X86": "x86"}.get(word.upper())


def _rows(programs: list[Any], source: str, architecture: str | None) -> list[dict[str, str]]:
    rows = [_row(Key("Uninstall", values)) for values in programs]
    about = {"source": source, **({"architecture": architecture} if architecture else {})}
    return [{**row, **about} for row in rows if row]


def _row(program: Key) -> dict[str, str]:
    """The facts of one program; empty where it is none that people would call so."""
    if program.has(""):
        return {"name": _text(program, "")}
    name = _text(program, "DisplayName")
    if not name or _is_part(program):
        return {}
    found = {
        "name": name,
        "version": _version(program),
        "publisher": _text(program, "Publisher"),
        "installed_at": _installed_at(program),
    }
    return {key: value for key, value in found.items() if value}


def _text(program: Key, name: str) -> str:
    """A text of the registry as a line of a report; "" where there is none."""
    value = program.value(name) if program.has(name) else None
    if not isinstance(value, str) or isinstance(attempt(line, value), Unknown):
        return ""
    return line(value)[:_TEXT].strip()


def _is_part(program: Key) -> bool:
    """Part of another program, or an update of one."""
    component = program.value("SystemComponent") if program.has("SystemComponent") else 0
    if component not in (0, "", "0"):
        return True
    if any(_text(program, name) for name in _PARENTS):
        return True
    return _text(program, "ReleaseType").lower().endswith(_UPDATES)


def _version(program: Key) -> str:
    """DisplayVersion, else the two numbers that Windows Installer keeps."""
    text = _text(program, "DisplayVersion")
    if text:
        return text
    numbers = [attempt(program.number, name) for name in ("VersionMajor", "VersionMinor")]
    if any(isinstance(number, Unknown) for number in numbers) or not any(numbers):
        return ""
    return "%d.%d" % tuple(numbers)


def _installed_at(program: Key) -> str:
    """InstallDate as yyyymmdd, a day by the PC's clock; other forms cannot be told apart."""
    text = _text(program, "InstallDate")
    if len(text) != _DATE or not (text.isascii() and text.isdigit()):
        return ""
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    if year < _FIRST_YEAR or not 1 <= month <= len(_DAYS):
        return ""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if not 1 <= day <= _DAYS[month - 1] + (leap and month == 2):  # noqa: PLR2004 - February
        return ""
    return "%04d-%02d-%02dT00:00:00Z" % (year, month, day)


def _identity(row: dict[str, str]) -> tuple[str, ...]:
    """The catalogue's key of a row; where the case of letters alone differs, it is one program."""
    return tuple(
        row.get(name, "").lower() for name in ("name", "architecture", "version", "source")
    )


def _merged(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Each program once; one entry has what another lacks."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows:
        identity = _identity(row)
        found[identity] = {**row, **found.get(identity, {})}
    return list(found.values())
