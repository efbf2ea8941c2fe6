"""Reading one column of blobs from an SQLite file that nobody is asked to open: bytes in, rows out.

The rpm database is one. Reading its bytes needs no lock and no write, works on a recording, and
cannot change it. Format: https://www.sqlite.org/fileformat2.html
"""

from __future__ import annotations

from agents.outcome import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator

_MAGIC = b"SQLite format 3\x00"
_HEADER = 100  #: bytes of the file's header, at the start of page 1
_INTERIOR, _LEAF = 5, 13  #: kinds of table b-tree pages
_LARGEST_PAGE = 65536
_TEXT_OR_BLOB = 12  #: the first serial type that is a blob; odd ones are text
_NUMBER_SIZES = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0)
_BROKEN = (IndexError, ValueError, OverflowError, RecursionError)


def blobs(content: bytes, table: str) -> list[bytes]:
    """The last column of every row of ``table``.

    Raises:
        Unknown: not an SQLite file, no such table, or a broken one.
    """
    if not content.startswith(_MAGIC):
        raise Unknown("unreadable", "not an SQLite file")
    try:
        file = _File(content)
        for row in file.rows(1):
            if row[0] == b"table" and row[1] == table.encode():
                return [bytes(found[-1]) for found in file.rows(int.from_bytes(row[3], "big"))]
    except _BROKEN as fault:
        raise Unknown("unreadable", "broken SQLite file: %s" % fault) from None
    raise Unknown("unreadable", "the SQLite file has no table " + table)


class _File:
    """The pages of one file."""

    def __init__(self, content: bytes) -> None:
        self._content = memoryview(content)
        size = int.from_bytes(content[16:18], "big")
        self._size = _LARGEST_PAGE if size == 1 else size
        self._usable = self._size - content[20]
        if self._usable < 480:  # noqa: PLR2004 - the format's own minimum
            raise ValueError("impossible page size")
        self._pages = len(content) // self._size

    def _page(self, number: int) -> memoryview:
        if not 0 < number <= self._pages:
            raise ValueError("page %d does not exist" % number)
        return self._content[(number - 1) * self._size : number * self._size]

    def rows(self, root: int) -> Iterator[list[bytes]]:
        """The columns of every row below ``root``, in the order of their row ids.

        Numbers as big-endian bytes.
        """
        waiting, seen = [root], set()
        while waiting:
            number = waiting.pop()
            if number in seen:
                raise ValueError("page %d is its own ancestor" % number)
            seen.add(number)
            page = self._page(number)
            start = _HEADER if number == 1 else 0
            kind, cells = page[start], int.from_bytes(page[start + 3 : start + 5], "big")
            first = start + (12 if kind == _INTERIOR else 8)
            places = [
                int.from_bytes(page[first + 2 * i : first + 2 * i + 2], "big") for i in range(cells)
            ]
            if kind == _INTERIOR:
                children = [int.from_bytes(page[place : place + 4], "big") for place in places]
                children.append(int.from_bytes(page[start + 8 : start + 12], "big"))
                waiting.extend(reversed(children))
            elif kind == _LEAF:
                for place in places:
                    yield _columns(self._payload(page, place))
            else:
                raise ValueError("page %d is no table page" % number)

    def _payload(self, page: memoryview, place: int) -> bytes:
        """A cell's whole payload; what does not fit its page lies in a chain of overflow pages."""
        length, place = _varint(page, place)
        _, place = _varint(page, place)
        most, least = self._usable - 35, (self._usable - 12) * 32 // 255 - 23
        if length <= most:
            return bytes(page[place : place + length])
        if length > len(self._content):
            raise ValueError("a row longer than the file")
        here = least + (length - least) % (self._usable - 4)
        here = here if here <= most else least
        pieces, left = [page[place : place + here]], length - here
        following = int.from_bytes(page[place + here : place + here + 4], "big")
        while left > 0:
            overflow = self._page(following)
            pieces.append(overflow[4 : 4 + min(left, self._usable - 4)])
            left -= self._usable - 4
            following = int.from_bytes(overflow[:4], "big")
        return b"".join(pieces)


def _columns(record: bytes) -> list[bytes]:
    size, place = _varint(memoryview(record), 0)
    sizes = []
    while place < size:
        kind, place = _varint(memoryview(record), place)
        sizes.append((kind - _TEXT_OR_BLOB) // 2 if kind >= _TEXT_OR_BLOB else _NUMBER_SIZES[kind])
    columns, place = [], size
    for length in sizes:
        columns.append(record[place : place + length])
        place += length
    return columns


def _varint(data: memoryview, place: int) -> tuple[int, int]:
    """A variable-length number of up to nine bytes, and the place after it."""
    value = 0
    for step in range(8):
        byte = data[place + step]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:  # noqa: PLR2004 - the top bit says that more follow
            return value, place + step + 1
    return value << 8 | data[place + 8], place + 9
