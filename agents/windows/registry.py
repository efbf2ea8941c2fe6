"""A registry key's values as a probe got them, read by name and type.

Names of the registry are the same whatever their case. A key that does not exist has no values,
which is an answer; one that was refused or could not be read stays unknown.
"""

from __future__ import annotations

from agents.outcome import Answers, Unknown
from agents.readings import LARGEST, line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Key:
    """The values of one key; ``path`` names it in reasons."""

    def __init__(self, path: str, values: dict[str, Any]) -> None:
        self.path = path
        self._values = {name.lower(): value for name, value in values.items()}

    def has(self, name: str) -> bool:
        """Whether the key has a value of that name."""
        return name.lower() in self._values

    def value(self, name: str) -> Any:
        """The value as the machine gave it.

        Raises:
            Unknown: not_found, where the key has none of that name; so do the others.
        """
        if not self.has(name):
            raise Unknown("not_found", "%s has no value %s" % (self.path, name or "(default)"))
        return self._values[name.lower()]

    def number(self, name: str) -> int:
        """A REG_DWORD or REG_QWORD; unreadable where it is something else."""
        value = self.value(name)
        if type(value) is not int or not 0 <= value <= LARGEST:
            raise self._no(name, "number")
        return value

    def number_or(self, name: str, default: int) -> int:
        """The number, or ``default`` where the key has no such value."""
        return self.number(name) if self.has(name) else default

    def flag(self, name: str) -> bool:
        """A number that stands for yes (any but 0) or no."""
        return self.number(name) != 0

    def text(self, name: str) -> str:
        """A REG_SZ or REG_EXPAND_SZ as one printable line; not_found where it is empty."""
        value = self.value(name)
        if not isinstance(value, str):
            raise self._no(name, "text")
        return line(value)

    def texts(self, name: str) -> list[str]:
        """A REG_MULTI_SZ, without what is empty; a REG_SZ is a list of one."""
        value = self.value(name)
        many = [value] if isinstance(value, str) else value
        if not isinstance(many, list) or not all(isinstance(one, str) for one in many):
            raise self._no(name, "list of texts")
        return [line(one) for one in many if one.strip("\x00 \t\r\n")]

    def raw(self, name: str) -> bytes:
        """A REG_BINARY."""
        value = self.value(name)
        if not isinstance(value, bytes):
            raise self._no(name, "binary value")
        return value

    def _no(self, name: str, kind: str) -> Unknown:
        return Unknown("unreadable", "%s: %s is no %s" % (self.path, name, kind))


def key(answers: Answers, name: str, path: str) -> Key:
    """The key whose values the probe kept under ``name``.

    Raises:
        Unknown: the key does not exist (not_found), or could not be read.
    """
    values = answers.get(name)
    if not isinstance(values, dict):
        raise Unknown("unreadable", path + ": not a registry key's values")
    return Key(path, values)


def key_or_empty(answers: Answers, name: str, path: str) -> Key:
    """As `key`, but a key that does not exist is one without values.

    For settings whose absence means something; what was refused stays unknown.
    """
    try:
        return key(answers, name, path)
    except Unknown as why:
        if why.reason != "not_found":
            raise
        return Key(path, {})
