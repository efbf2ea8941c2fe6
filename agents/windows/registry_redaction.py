r"""What in a recorded registry names people and machines, each replaced by one stand-in everywhere.

Names are replaced by where they stand (a user called "windows" must not change the system): in the
values that hold them, in paths below the users' folder, and as security identifiers of accounts
(S-1-5-21-…), whose last number stays: 500 is the administrator everywhere.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from agents.recording import Recording

_HOSTS = ("hostname", "nv hostname", "computername")
_DOMAINS = (
    "domain",
    "nv domain",
    "dhcpdomain",
    "defaultdomainname",
    "altdefaultdomainname",
    "searchlist",
)
_USERS = (
    "defaultusername",
    "altdefaultusername",
    "lastusedusername",
    "lastloggedonuser",
    "lastloggedonsamuser",
    "lastloggedondisplayname",
    "registeredowner",
    "registeredorganization",
)
_SERIALS = (
    "productid",
    "susclientid",
    "susclientidvalidation",
    "machineguid",
    "systemserialnumber",
    "baseboardserialnumber",
    "hwprofileguid",
)
_SID = re.compile(r"(S-1-5-21)-([0-9]+-[0-9]+-[0-9]+)", re.IGNORECASE)
_HOME = re.compile(
    r"([A-Za-z]:[\\/](?:Users|Documents and Settings)[\\/])([^\\/\x00\"]+)", re.IGNORECASE
)
_COMMON_HOMES = frozenset(["public", "default", "default user", "all users", "defaultapppool"])
_UNC = re.compile(r"(?<![:\\/\w])(\\\\|https?://)([^\\/:\s@]+)", re.IGNORECASE)


class _Names:
    """Stand-ins, one for each name whatever its case."""

    def __init__(self, stand_in: str) -> None:
        self._stand_in = stand_in
        self._found: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._found)

    def of(self, name: str) -> str:
        return self._found.setdefault(name.lower(), self._stand_in % (len(self._found) + 1))


def redact(recording: Recording) -> int:
    """Replace names in the registry and in notes of its keys; how many there were."""
    users, hosts, domains = _Names("user-%d"), _Names("host-%d"), _Names("domain-%d")
    accounts, servers = _Names("0-0-%d"), _Names("server-%d")

    def text(words: str) -> str:
        words = _SID.sub(lambda one: "%s-%s" % (one[1], accounts.of(one[2])), words)
        words = _UNC.sub(lambda one: one[1] + _server(one[2], servers), words)
        return _HOME.sub(lambda one: one[1] + _home(one[2], users), words)

    def value(name: str, content: Any) -> Any:
        for names, stand_ins in ((_HOSTS, hosts), (_DOMAINS, domains), (_USERS, users)):
            if name.lower() in names and isinstance(content, str) and content:
                return stand_ins.of(content)
        return everywhere(content, text)

    recording.registry = {
        text(key): {text(name): value(name, content) for name, content in values.items()}
        for key, values in recording.registry.items()
    }
    recording.notes = {
        text(path): everywhere(note, text) if path.startswith("registry ") else note
        for path, note in recording.notes.items()
    }
    return sum(map(len, (users, hosts, domains, accounts, servers)))


def _home(name: str, users: _Names) -> str:
    return name if name.lower() in _COMMON_HOMES else users.of(name)


def _server(name: str, servers: _Names) -> str:
    """A server of the office; the maker's own are the same everywhere."""
    if name in ("?", ".") or name.lower().endswith((".microsoft.com", ".windowsupdate.com")):
        return name
    return servers.of(name)


def everywhere(content: Any, text: Callable[[str], str]) -> Any:
    """A value or a note with every text in it replaced."""
    if isinstance(content, str):
        return text(content)
    if isinstance(content, list):
        return [everywhere(one, text) for one in content]
    if isinstance(content, dict):
        return {key: everywhere(one, text) for key, one in content.items()}
    return content


def serials(recording: Recording) -> list[bytes]:
    """Numbers that name this machine or this installation."""
    found = []
    for values in recording.registry.values():
        for name, content in values.items():
            if name.lower() in _SERIALS and isinstance(content, str):
                found.append(content.encode("utf-8", "surrogatepass"))
    return found


def replace(recording: Recording, replaced: Callable[[bytes], bytes]) -> None:
    """Do to all texts and bytes of the registry what is done to files."""

    def text(words: str) -> str:
        raw = replaced(words.encode("utf-8", "surrogatepass"))
        return raw.decode("utf-8", "surrogatepass")

    recording.registry = {
        text(key): {
            name: replaced(content) if isinstance(content, bytes) else everywhere(content, text)
            for name, content in values.items()
        }
        for key, values in recording.registry.items()
    }
