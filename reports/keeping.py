"""Reports kept with their figures, so that what changed since the one that was signed is exact.

One file for each report, ``reports/kept/ID.json.gz`` of the data folder: the figures as
`reports.plain` writes them. Their hash names them for ever; the audit log has it too.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from inventory.folder import write_durably
from inventory.times import office_day
from language.said import SaidError, said
from reports import plain
from reports.summary import Summary

HOME = Path("reports") / "kept"
_NAME = re.compile(r"(?P<series>.+)-(?P<at>\d{8}T\d{6}Z)\.json\.gz")
_MOST = 512 * 2**20  #: bytes of figures unpacked; those of 10,000 machines are below a third of it

_T = TypeVar("_T", Summary, plain.Head)


class NotKept(SaidError, ValueError):
    """No report of that name is kept, or its file was changed; the message says which."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Kept:
    """A report that was made; ``at`` from its name."""

    id: str
    series: str
    at: datetime
    file: Path


def keep(folder: Path, summary: Summary) -> str:
    """Keep a report's figures; gives their hash.

    Raises:
        NotKept: another one was made in the same second.
        OSError: the folder cannot be written to.
    """
    figures = plain.encode(summary)
    home = folder / HOME
    home.mkdir(parents=True, exist_ok=True)
    file, packed = home / f"{summary.id}.json.gz", gzip.compress(figures, 6, mtime=0)
    if not file.exists():
        write_durably(file, packed)
    elif file.read_bytes() != packed:
        raise NotKept(
            said("{file}: another report was made in the same second; make it again", file=file)
        )
    return plain.digest(figures)


def kept(folder: Path, series: str = "") -> list[Kept]:
    """The reports kept, oldest first; of one series, or all."""
    found = sorted(_named(folder), key=lambda one: (one.at, one.id))
    return [one for one in found if not series or one.series == series]


def _named(folder: Path) -> Iterator[Kept]:
    for file in (folder / HOME).glob("*.json.gz"):
        if said := _NAME.fullmatch(file.name):
            at = datetime.strptime(said["at"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            yield Kept(file.name.removesuffix(".json.gz"), said["series"], at, file)


def last(folder: Path, series: str, now: datetime) -> Kept | None:
    """The newest report of a series that is not of today: with what a new one is compared."""
    today = office_day(now)
    before = [one for one in kept(folder, series) if office_day(one.at) < today]
    return before[-1] if before else None


def named(folder: Path, name: str) -> Kept:
    """The report of that id.

    Raises:
        NotKept: there is none.
    """
    for one in kept(folder):
        if one.id == name:
            return one
    raise NotKept(
        said(
            "no report {name} is kept in {folder}; see: rasoat report list",
            name=name,
            folder=folder / HOME,
        )
    )


def read(one: Kept) -> tuple[Summary, str]:
    """A kept report, and the hash of its figures.

    Raises:
        NotKept: its file is damaged or is not what its name says.
    """
    return _read(one, plain.decode)


def head(one: Kept) -> tuple[plain.Head, str]:
    """The head of a kept report, and the hash of its figures.

    Raises:
        NotKept: as `read`, but only the head is looked at.
    """
    return _read(one, plain.head)


def _read(one: Kept, decode: Callable[[bytes], _T]) -> tuple[_T, str]:
    try:
        with gzip.open(one.file) as opened:
            figures = opened.read(_MOST + 1)
        if len(figures) > _MOST:
            raise NotKept(
                said("{file}: more than {most} MiB of figures", file=one.file, most=_MOST // 2**20)
            )
        found = decode(figures)
    except (OSError, EOFError, plain.Unreadable) as fault:
        raise NotKept(
            said("{file}: {fault}; take it from a backup, or away", file=one.file, fault=fault)
        ) from fault
    if found.id != one.id:
        raise NotKept(
            said(
                "{file}: holds the report {id}; give it its own name again",
                file=one.file,
                id=found.id,
            )
        )
    return found, plain.digest(figures)
