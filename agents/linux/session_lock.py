"""Session lock: whether an unattended screen locks, as the system-wide dconf settings say."""

from __future__ import annotations

from agents.linux import units
from agents.outcome import Answers, Facts, Unknown, attempt
from agents.readings import integer, settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agents.machine import Machine

_DCONF = "/etc/dconf/db"
_LOCK = "org/gnome/desktop/screensaver"
_SESSION = "org/gnome/desktop/session"
_TARGETS = (
    "/etc/systemd/system/default.target",
    "/usr/lib/systemd/system/default.target",
    "/lib/systemd/system/default.target",
)


def probe(machine: Machine) -> Answers:
    """Ask for the default target, the display manager, and the administrators' dconf settings."""
    answers = Answers()
    for path in _TARGETS:
        if not isinstance(answers.ask("target", machine.read_link, path), Unknown):
            break
    answers.ask("display manager", machine.exists, units.FOLDER + "/display-manager.service")
    answers.ask("settings", _keyfiles, machine, "")
    answers.ask("locks", _keyfiles, machine, "/locks")
    return answers


def _keyfiles(machine: Machine, below: str) -> str:
    """The text of all keyfiles of the system's dconf databases, or of their locks."""
    texts: list[str] = []
    databases = attempt(machine.list_dir, _DCONF)
    if isinstance(databases, Unknown) and databases.reason != "not_found":
        raise databases
    for database in [] if isinstance(databases, Unknown) else databases:
        if not database.endswith(".d"):
            continue
        folder = "%s/%s%s" % (_DCONF, database, below)
        names = attempt(machine.list_dir, folder)
        for name in [] if isinstance(names, Unknown) else names:
            content = attempt(machine.read_file, "%s/%s" % (folder, name))
            if isinstance(content, bytes):
                texts.append(content.decode("utf-8", "replace"))
    return "\n".join(texts)


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    graphical = facts.put("graphical", _graphical, answers)
    facts.put("enabled", _enabled, answers, graphical)
    facts.put("after", _after, answers, graphical)
    facts.put("enforced", _enforced, answers, graphical)
    return facts


def _graphical(answers: Answers) -> bool:
    return "graphical.target" in answers.get("target") and bool(answers.get("display manager"))


def _keys(answers: Answers, graphical: object) -> dict[str, str]:
    """The administrators' settings, by their full key.

    Raises:
        Unknown: there is no screen, or nothing set for all users: each decides alone.
    """
    if graphical is False:
        raise Unknown("not_supported", "no graphical sign-in on this machine")
    found: dict[str, str] = {}
    group = ""
    for row in answers.get("settings").splitlines():
        if row.strip().startswith("["):
            group = row.strip().strip("[]")
        else:
            found.update({group + "/" + name: value for name, value in settings(row).items()})
    if not found:
        raise Unknown("not_found", "no settings for all users in %s; each user decides" % _DCONF)
    return found


def _enabled(answers: Answers, graphical: object) -> bool:
    keys = _keys(answers, graphical)
    if keys.get(_LOCK + "/lock-enabled", "true") != "true":
        return False
    if _LOCK + "/lock-enabled" not in keys and _SESSION + "/idle-delay" not in keys:
        raise Unknown("not_found", "no setting for all users; each user decides")
    return _number(keys, _SESSION + "/idle-delay", 300) != 0


def _after(answers: Answers, graphical: object) -> int:
    keys = _keys(answers, graphical)
    if _SESSION + "/idle-delay" not in keys:
        raise Unknown("not_found", "no idle-delay for all users; each user decides")
    return _number(keys, _SESSION + "/idle-delay", 0) + _number(keys, _LOCK + "/lock-delay", 0)


def _number(keys: dict[str, str], name: str, default: int) -> int:
    """A number as dconf writes it: ``uint32 300``."""
    return integer(keys[name].replace("uint32", "")) if name in keys else default


def _enforced(answers: Answers, graphical: object) -> bool:
    _keys(answers, graphical)
    locked = {row.strip() for row in answers.get("locks").splitlines()}
    return {"/%s/lock-enabled" % _LOCK, "/%s/idle-delay" % _SESSION} <= locked
