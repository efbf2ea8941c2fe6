r"""The registry of a recorded Windows: the files registry/\*.reg, asked as a live one is.

With ``"registry": "asked"`` in machine.json, as `rasoat-agent record` writes it, the files hold the
keys whose values were asked for and no other: what is neither there nor noted in paths.json was
never asked, and is unreadable. Without it they are exports by regedit, whole below each key that is
the first of its branch: what is not there below one does not exist; what is outside all of them is
unreadable.

Source of the two views: MS docs, "Registry Keys Affected by WOW64".
"""

from __future__ import annotations

from agents.outcome import Unknown
from agents.registry_file import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.registry_value import Value

_SOFTWARE = "hklm\\software\\"
_FOR_32 = "WOW6432Node"
VIEWS = (64, 32)


def viewed(key: str, view: int) -> str:
    """The key's own place: what programs of 32 bits see as SOFTWARE stands below WOW6432Node."""
    low = key.lower()
    if view not in VIEWS or low.partition("\\")[0] not in ("hklm", "hku"):
        raise Unknown("not_supported", "%s (%d) is not read here" % (key, view))
    below = low[len(_SOFTWARE) :]
    if view == VIEWS[0] or not low.startswith(_SOFTWARE) or below.split("\\")[0] == _FOR_32.lower():
        return key
    return key[: len(_SOFTWARE)] + _FOR_32 + "\\" + key[len(_SOFTWARE) :]


def load(files: list[tuple[str, bytes]], *, asked: bool) -> RecordedRegistry:
    """All files as one; each is its name, for errors, and its content.

    Raises:
        NotARegistryFile: one of them is none; it says which, and where.
    """
    registry = RecordedRegistry(asked=asked)
    for name, content in files:
        for path, values in read(content, name).items():
            registry.add(path, values)
    return registry


class RecordedRegistry:
    """Keys and values of registry files; names have no case.

    ``asked`` says which of the two kinds of recording they come from.
    """

    def __init__(self, *, asked: bool) -> None:
        self._asked = asked
        self._keys: dict[str, dict[str, Value]] = {}
        self._children: dict[str, dict[str, str]] = {}

    def add(self, path: str, values: dict[str, Value]) -> None:
        """Take in a key, and make each key of its path known to the one above."""
        self._keys.setdefault(path.lower(), {}).update(values)
        above, _, own = path.rpartition("\\")
        while above:
            self._children.setdefault(above.lower(), {}).setdefault(own.lower(), own)
            above, _, own = above.rpartition("\\")

    def _inside(self, low: str) -> bool:
        """Whether that key, or one above it, is in the files."""
        while low:
            if low in self._keys:
                return True
            low = low.rpartition("\\")[0]
        return False

    def values(self, key: str, view: int) -> dict[str, Any]:
        """As `agents.machine.Machine.registry_values`."""
        low = viewed(key, view).lower()
        if low in self._keys:
            return {name: value.plain() for name, value in self._keys[low].items()}
        self._check(key, low)
        return {}

    def keys(self, key: str, view: int) -> list[str]:
        """As `agents.machine.Machine.registry_keys`."""
        low = viewed(key, view).lower()
        if self._asked or low not in self._keys:
            self._check(key, low)
        return sorted(self._children.get(low, {}).values())

    def _check(self, key: str, low: str) -> None:
        """Raise unless the key is one that an export implies."""
        if self._asked or not self._inside(low):
            raise Unknown("unreadable", key + " is not in the recording")
        if low not in self._children:
            raise Unknown("not_found", key + " does not exist")
