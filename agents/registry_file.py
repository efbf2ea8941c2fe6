r"""Registry files (.reg), read and written as regedit does: strict, pure, of any platform.

Source: MS docs, "How to add, modify, or delete registry subkeys and values by using a .reg file",
and "Registry Value Types". Read are "Windows Registry Editor Version 5.00" in UTF-16 LE with its
byte order mark or in UTF-8, and REGEDIT4, whose texts in hexadecimal are one byte a character.
Roots are HKEY_LOCAL_MACHINE and HKEY_USERS, in keys HKLM and HKU.
"""

from __future__ import annotations

import re

from agents.registry_value import (
    BINARY,
    DWORD,
    EXPAND_SZ,
    MULTI_SZ,
    SZ,
    Value,
    decoded,
    encoded,
    of_plain,
)

HEADS = {"Windows Registry Editor Version 5.00": 5, "REGEDIT4": 4}
_ROOTS = {"HKEY_LOCAL_MACHINE": "HKLM", "HKEY_USERS": "HKU", "HKLM": "HKLM", "HKU": "HKU"}
_LONG = {"HKLM": "HKEY_LOCAL_MACHINE", "HKU": "HKEY_USERS"}
_MARK = "\ufeff"
_LATIN = "cp1252"  #: the code page in which REGEDIT4 keeps texts; what it lacks becomes U+FFFD
_NAME = re.compile(r'(@|"(?:[^"\\]|\\.)*")[ \t]*=[ \t]*(.*)', re.DOTALL)
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"[ \t]*(?:;.*)?', re.DOTALL)
_NUMBER = re.compile(r"dword:([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?", re.IGNORECASE)
_BYTES = re.compile(
    r"hex(?:\(([0-9A-Fa-f]{1,8})\))?:[ \t]*((?:[0-9A-Fa-f]{1,2}(?:[ \t]*,[ \t]*|[ \t]*$))*)",
    re.IGNORECASE,
)
_SHOWN = 60  #: characters of a line that an error shows
_TEXT_LINES = 1000  #: lines that one text may go over
_WIDTH = 80  #: columns at which regedit breaks a line of bytes


class NotARegistryFile(Exception):
    """The message says what is wrong, and in which line: ``NAME:LINE: what``."""


def read(content: bytes, name: str = "registry file") -> dict[str, dict[str, Value]]:
    """The keys of a file and their values.

    ``name`` stands in errors. A key or value that the file deletes is taken out of what stands
    above it, as an import would. Names are kept as they are first written; they have no case.

    Raises:
        NotARegistryFile: whatever is not understood, to the last line.
    """
    return _Reader(name).read(_text(content, name))


def _text(content: bytes, name: str) -> str:
    """The file as text, by its byte order mark; without one UTF-8, for REGEDIT4 one byte each."""
    try:
        if content[:2] == b"\xff\xfe":
            return content[2:].decode("utf-16-le", "surrogatepass")
        if content[:8] == b"REGEDIT4":
            return content.decode(_LATIN, "replace")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise NotARegistryFile("%s:1: not UTF-16 LE and not UTF-8: %s" % (name, fault)) from None


class _Reader:
    """Goes through the lines; ``at`` is the number of the line that is being read."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._at = 1
        self._version = 5
        self._keys: dict[str, dict[str, Value]] = {}
        self._cases: dict[str, str] = {}
        self._values: dict[str, Value] | None = None

    def read(self, text: str) -> dict[str, dict[str, Value]]:
        lines = text.split("\n")
        if lines[0].rstrip() not in HEADS:
            raise self._fault("the first line is not %s" % " or ".join(HEADS), lines[0])
        self._version = HEADS[lines[0].rstrip()]
        at = 1
        while at < len(lines):
            self._at = at + 1
            row, at = self._joined(lines, at)
            self._row(row)
        return self._keys

    def _joined(self, lines: list[str], at: int) -> tuple[str, int]:
        """A row with its continuations, and where the next one begins.

        Only bytes go on after a backslash; a text may hold line ends, and goes on to its quote.
        """
        row, at = lines[at].lstrip(), at + 1
        if row[:1] not in ('"', "@"):
            return row.rstrip(), at
        last = min(len(lines), at + _TEXT_LINES)
        while at < last and not _closed(row):
            row, at = row + "\n" + lines[at], at + 1
        pieces = [row.rstrip()]
        while pieces[-1].endswith("\\") and at < len(lines):
            pieces[-1] = pieces[-1][:-1].rstrip()
            pieces.append(lines[at].strip())
            at += 1
        return "".join(pieces), at

    def _row(self, row: str) -> None:
        if not row or row[0] == ";":
            return
        if row[0] == "[":
            self._key(row)
            return
        found = _NAME.fullmatch(row)
        if found is None:
            raise self._fault("neither a key, a value nor a comment", row)
        if self._values is None:
            raise self._fault("a value that stands in no key", row)
        self._value("" if found[1] == "@" else _unescaped(found[1][1:-1]), found[2], row)

    def _key(self, row: str) -> None:
        inner = row[1:].rpartition("]")
        if not inner[1] or inner[2].strip()[:1] not in ("", ";"):
            raise self._fault("a key that does not end", row)
        deleted = inner[0][:1] == "-"
        path = self._path(inner[0][1:] if deleted else inner[0], row)
        if deleted:
            self._values = None
            self._delete(path.lower())
            return
        self._values = self._keys.setdefault(self._cases.setdefault(path.lower(), path), {})

    def _path(self, text: str, row: str) -> str:
        root, slash, rest = text.partition("\\")
        words = rest.split("\\")
        if root.upper() not in _ROOTS or (slash and not all(words)):
            raise self._fault("no key below %s" % " or ".join(_LONG.values()), row)
        return _ROOTS[root.upper()] + slash + rest

    def _delete(self, path: str) -> None:
        for low in [one for one in self._cases if one == path or one.startswith(path + "\\")]:
            self._keys.pop(self._cases.pop(low), None)

    def _value(self, name: str, text: str, row: str) -> None:
        values = self._values if self._values is not None else {}
        own = next((one for one in values if one.lower() == name.lower()), name)
        if re.fullmatch(r"-[ \t]*(?:;.*)?", text):
            values.pop(own, None)
            return
        values[own] = self._content(text, row)

    def _content(self, text: str, row: str) -> Value:
        found = _TEXT.fullmatch(text)
        if found:
            return of_plain(_unescaped(found[1]))
        found = _NUMBER.fullmatch(text)
        if found:
            return Value(DWORD, int(found[1], 16).to_bytes(4, "little"))
        found = _BYTES.fullmatch(text.partition(";")[0].rstrip())
        if found is None:
            raise self._fault("no text, dword or hex", row)
        kind = int(found[1], 16) if found[1] else BINARY
        raw = bytes(int(one, 16) for one in re.findall(r"[0-9A-Fa-f]{1,2}", found[2]))
        if self._version == HEADS["REGEDIT4"] and kind in (EXPAND_SZ, MULTI_SZ):
            raw = encoded(raw.decode(_LATIN, "replace"))
        return Value(kind, raw)

    def _fault(self, what: str, row: str) -> NotARegistryFile:
        return NotARegistryFile("%s:%d: %s: %r" % (self._name, self._at, what, row[:_SHOWN]))


def _closed(row: str) -> bool:
    """Whether the name has its second quote, and the text too where there is one."""
    found = _NAME.fullmatch(row.rstrip())
    return found is not None and (found[2][:1] != '"' or bool(_TEXT.fullmatch(found[2])))


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def writable(path: str) -> bool:
    """Whether the format can name that key."""
    return not any(sign in path for sign in "\r\n\0")


def write(keys: dict[str, dict[str, Value]]) -> bytes:
    """The file that `read` reads to the same: version 5.00, UTF-16 LE, as regedit exports.

    Raises:
        ValueError: the name of a key holds a line end, which the format cannot say.
    """
    rows = ["Windows Registry Editor Version 5.00", ""]
    for path, values in keys.items():
        root, slash, rest = path.partition("\\")
        if not writable(path):
            raise ValueError("a key's name holds a line end: %r" % path)
        rows.append("[%s%s%s]" % (_LONG[root], slash, rest))
        rows += [_row(name, value) for name, value in values.items()]
        rows.append("")
    return encoded(_MARK + "\r\n".join(rows) + "\r\n")


def _row(name: str, value: Value) -> str:
    begin = '"%s"=' % _escaped(name) if name else "@="
    if value.kind == SZ and _is_plain(value):
        return begin + '"%s"' % _escaped(value.plain())
    if value.kind == DWORD and len(value.raw) == 4:  # noqa: PLR2004 - a double word
        return begin + "dword:%08x" % value.plain()
    kind = "hex:" if value.kind == BINARY else "hex(%x):" % value.kind
    return _broken(begin + kind, ["%02x" % byte for byte in value.raw])


def _is_plain(value: Value) -> bool:
    """Whether the value is one text, ended by one zero, that needs no hexadecimal."""
    text = decoded(value.raw)
    alone = text.endswith("\0") and "\0" not in text[:-1] and not len(value.raw) % 2
    return alone and "\r" not in text and encoded(text) == value.raw


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _broken(begin: str, pairs: list[str]) -> str:
    """Bytes, continued after a backslash where a line is full."""
    rows, row = [], begin
    for index, pair in enumerate(pairs):
        row += pair + ("," if index + 1 < len(pairs) else "")
        if len(row) >= _WIDTH - 4 and index + 1 < len(pairs):
            rows.append(row + "\\")
            row = "  "
    return "\r\n".join([*rows, row])
