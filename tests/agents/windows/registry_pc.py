"""A PC that answers from a registry written by hand; what its tables lack is not there."""

from __future__ import annotations

from typing import Any

from agents.machine import FILE_LIMIT
from agents.outcome import Unknown
from tests.agents.windows.authored import Pc


class RegistryPc(Pc):
    """``registry`` has the keys of the 64-bit view, ``registry32`` those of the other.

    An `Unknown` in place of values is raised; in ``refused`` are keys whose subkeys are not told.
    """

    def __init__(self, registry: dict[str, Any] | None = None, **values: Any) -> None:
        super().__init__()
        self.registry = dict(registry or {})
        self.registry32: dict[str, Any] = {}
        self.files: dict[str, Any] = {}
        self.refused: dict[str, Unknown] = {}
        self.values = values

    def read_file(self, path: str, limit: int = FILE_LIMIT) -> bytes:
        content: bytes = self._told(self.files, path)
        return content

    def registry_values(self, key: str, view: int = 64) -> dict[str, Any]:
        values: dict[str, Any] = self._told(self._view(view), key)
        return values

    def _view(self, view: int) -> dict[str, Any]:
        return self.registry32 if view == 32 else self.registry

    def registry_keys(self, key: str, view: int = 64) -> list[str]:
        if key in self.refused:
            raise self.refused[key]
        table = self._view(view)
        below = {
            one[len(key) + 1 :].partition("\\")[0] for one in table if one.startswith(key + "\\")
        }
        if not below and key not in table:
            raise Unknown("not_found", key + " is not there")
        return sorted(below)
