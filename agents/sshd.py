"""What OpenSSH's server is told, by sshd_config and the files it includes (sshd_config(5)).

The first value of a keyword wins; those of a Match block hold for some visitors only and are left
out. A Match in an included file ends with that file.
"""

from __future__ import annotations

import fnmatch

from agents.outcome import Answers, Facts, Unknown, attempt, decoded
from agents.readings import integer, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator

    from agents.machine import Machine

_FOLDER = "/etc/ssh"
_FILE = _FOLDER + "/sshd_config"
_DEPTH = 16  #: files within files, as sshd itself allows
_FILES = 256  #: files altogether
_PORT, _LAST_PORT = 22, 65535
_ROOT_LOGIN = {
    "yes": "yes",
    "no": "no",
    "prohibit-password": "keys_only",
    "without-password": "keys_only",
    "forced-commands-only": "keys_only",
}


def ask(machine: Machine, answers: Answers) -> None:
    """Ask for sshd_config and all that it includes, with the folders that patterns look into."""
    answers.ask("sshd there", machine.exists, _FILE)
    answers.ask("sshd", _files, machine)


def _files(machine: Machine) -> dict[str, Any]:
    """The texts by path, and the names in each folder that a pattern names."""
    found: dict[str, Any] = {"texts": {}, "folders": {}}
    _gather(machine, found, _FILE, 0)
    return found


def _gather(machine: Machine, found: dict[str, Any], path: str, depth: int) -> None:
    if path in found["texts"]:
        return
    if depth > _DEPTH or len(found["texts"]) >= _FILES:
        raise Unknown("unreadable", "sshd_config includes too many files")
    found["texts"][path] = decoded(machine.read_file(path))
    for keyword, values in _settings(found["texts"][path]):
        if keyword == "include":
            for pattern in values:
                folder = _absolute(pattern).rpartition("/")[0]
                if folder not in found["folders"]:
                    found["folders"][folder] = _names(machine, folder)
                for one in _matching(found, pattern):
                    _gather(machine, found, one, depth + 1)


def _names(machine: Machine, folder: str) -> list[str]:
    names = attempt(machine.list_dir, folder)
    if isinstance(names, Unknown):
        if names.reason != "not_found":
            raise names
        return []
    found: list[str] = names
    return found


def _absolute(pattern: str) -> str:
    return pattern if pattern.startswith("/") else _FOLDER + "/" + pattern


def _matching(found: dict[str, Any], pattern: str) -> list[str]:
    """The files that an Include names, in order; patterns in folders' names are not followed."""
    folder, _, last = _absolute(pattern).rpartition("/")
    if any(sign in folder for sign in "*?["):
        raise Unknown("unreadable", "Include with a pattern of folders: " + pattern)
    names = found["folders"].get(folder, [])
    return [folder + "/" + one for one in sorted(names) if fnmatch.fnmatchcase(one, last)]


def _settings(text: str) -> Iterator[tuple[str, list[str]]]:
    """Keyword, small, and values of each line; the two may be parted by an equals sign."""
    for row in text.splitlines():
        for found in words(row.replace("=", " ", 1)):
            yield found[0].lower(), [word.strip('"') for word in found[1:]]


def put(facts: Facts, answers: Answers, enabled: Any) -> None:
    """Set the facts below ``ssh``; those of a server that does not start have no effect."""
    found = attempt(_everybodys, answers, enabled)
    facts.put("ssh.root_login", _root_login, found)
    facts.put("ssh.password_authentication", _password_authentication, found)
    facts.put("ssh.ports", _ports, found)


def _everybodys(answers: Answers, enabled: Any) -> list[tuple[str, list[str]]]:
    """The settings that hold for every visitor, in order.

    Raises:
        Unknown: there is no server, it does not start with the system, or it cannot be read.
    """
    if not answers.get("sshd there"):
        raise Unknown("not_installed", _FILE + " does not exist")
    if enabled is False:
        raise Unknown("not_supported", "the SSH server does not start with the system")
    found = answers.get("sshd")
    return list(_walk(found, _FILE, everybody=True, depth=0))


def _walk(
    found: dict[str, Any], path: str, *, everybody: bool, depth: int
) -> Iterator[tuple[str, list[str]]]:
    if depth > _DEPTH:
        raise Unknown("unreadable", "sshd_config includes itself")
    for keyword, values in _settings(found["texts"].get(path, "")):
        if keyword == "match":
            everybody = [value.lower() for value in values] == ["all"]
        elif keyword == "include" and everybody:
            for pattern in values:
                for one in _matching(found, pattern):
                    yield from _walk(found, one, everybody=True, depth=depth + 1)
        elif everybody and values:
            yield keyword, values


def _first(found: Any, keyword: str, default: str) -> str:
    if isinstance(found, Unknown):
        raise found
    for name, values in found:
        if name == keyword:
            return str(values[0]).lower()
    return default


def _root_login(found: Any) -> str:
    value = _first(found, "permitrootlogin", "prohibit-password")
    if value not in _ROOT_LOGIN:
        raise Unknown("unreadable", "PermitRootLogin %s" % value[:40])
    return _ROOT_LOGIN[value]


def _password_authentication(found: Any) -> bool:
    value = _first(found, "passwordauthentication", "yes")
    if value not in ("yes", "no"):
        raise Unknown("unreadable", "PasswordAuthentication %s" % value[:40])
    return value == "yes"


def _ports(found: Any) -> list[int]:
    """Every Port, and those that stand with a ListenAddress (in place of Port's)."""
    _first(found, "port", "")
    ports = [_port(values[0]) for name, values in found if name == "port"] or [_PORT]
    listening = [values[0] for name, values in found if name == "listenaddress"]
    if not listening:
        return sorted(set(ports))
    parted = [_with_port(one) for one in listening]
    return sorted({port for own in parted for port in ([own] if own else ports)})


def _with_port(address: str) -> int:
    """The port of ``[::1]:22`` or ``10.0.0.1:22``; 0 where there is none."""
    host, colon, port = address.rpartition(":")
    if colon and (host.endswith("]") or ":" not in host):
        return _port(port)
    return 0


def _port(text: str) -> int:
    port = integer(text)
    if not 0 < port <= _LAST_PORT:
        raise Unknown("unreadable", "no port: %d" % port)
    return port
