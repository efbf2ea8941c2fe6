"""A value of the registry: its type and bytes, and the plain value that collectors get.

Source: MS docs, "Registry Value Types".
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SZ, EXPAND_SZ, BINARY, DWORD, MULTI_SZ, QWORD = 1, 2, 3, 4, 7, 11


class Value:
    """One value: its type (REG_*), and its content as Windows keeps it."""

    def __init__(self, kind: int, raw: bytes) -> None:
        self.kind = kind
        self.raw = raw

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Value) and (self.kind, self.raw) == (other.kind, other.raw)

    def __hash__(self) -> int:
        return hash((self.kind, self.raw))

    def __repr__(self) -> str:
        return "Value(%d, %r)" % (self.kind, self.raw)

    def plain(self) -> Any:
        """As `agents.machine.Machine.registry_values` gives it."""
        if self.kind in (DWORD, QWORD) and len(self.raw) == (4 if self.kind == DWORD else 8):
            return int.from_bytes(self.raw, "little")
        if self.kind in (SZ, EXPAND_SZ):
            return decoded(self.raw).partition("\0")[0]
        if self.kind == MULTI_SZ:
            return _many(decoded(self.raw))
        return self.raw


def of_plain(value: Any) -> Value:
    """The `Value` whose ``plain()`` that is.

    Raises:
        ValueError: it is of none of the types, or a number of more than 64 bits.
    """
    if isinstance(value, bytes):
        return Value(BINARY, value)
    if isinstance(value, str):
        return Value(SZ, encoded(value + "\0"))
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return Value(MULTI_SZ, encoded("".join(one + "\0" for one in value) + "\0"))
    if type(value) is int and 0 <= value < 1 << 64:
        short = value < 1 << 32
        return Value(DWORD if short else QWORD, value.to_bytes(4 if short else 8, "little"))
    raise ValueError("no value of the registry: %r" % (value,))


def decoded(raw: bytes) -> str:
    """Text as Windows keeps it, UTF-16 LE; half a unit at the end is left out."""
    return raw[: len(raw) & ~1].decode("utf-16-le", "surrogatepass")


def encoded(text: str) -> bytes:
    """The bytes of which `decoded` makes that text."""
    return text.encode("utf-16-le", "surrogatepass")


def _many(text: str) -> list[str]:
    """The texts of a REG_MULTI_SZ, each ended by a zero and the whole by one more.

    Empty texts count, as in PendingFileRenameOperations.
    """
    if text.endswith("\0\0") or text == "\0":
        text = text[:-1]
    return text[: -1 if text.endswith("\0") else None].split("\0") if text else []
