"""The rpm database: read directly where it is SQLite, else (older formats) asked of rpm itself.

A row of its table Packages holds one package's header: two counts, an index of (tag, type, offset,
count) and the data they point into, all big-endian (rpm's own docs, "RPM v4 header format").
"""

from __future__ import annotations

import struct

from agents.linux.sqlite_table import blobs
from agents.outcome import Answers, Unknown, attempt, decoded, printable
from agents.readings import integer, stamp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.machine import Machine

_FOLDERS = ("/var/lib/rpm", "/usr/lib/sysimage/rpm")
_OTHER_FORMATS = ("Packages", "Packages.db")
DATABASE_LIMIT = 256 << 20  #: bytes; 2,000 packages take about 60 MB

_NAME, _VERSION, _RELEASE, _EPOCH = 1000, 1001, 1002, 1003
_INSTALLED, _VENDOR, _ARCHITECTURE = 1008, 1011, 1022
_WANTED = frozenset([_NAME, _VERSION, _RELEASE, _EPOCH, _INSTALLED, _VENDOR, _ARCHITECTURE])
_INT32, _STRING, _I18N_STRING = 4, 6, 9
_ENTRY = struct.Struct(">IIII")
_COLUMNS = 6  #: what the command of `agents.commands` is told to print


def ask(machine: Machine, answers: Answers) -> None:
    """Ask for the database; for rpm's own words where it has another format or unmerged changes."""
    for folder in _FOLDERS:
        path = folder + "/rpmdb.sqlite"
        if attempt(machine.exists, path) is True:
            log = attempt(machine.read_head, path + "-wal", 1)
            if log == b"" or (isinstance(log, Unknown) and log.reason == "not_found"):
                answers.ask("rpm database", machine.read_file, path, DATABASE_LIMIT)
            else:
                answers.ask("rpm words", _words, machine)
            return
        if any(attempt(machine.exists, folder + "/" + name) is True for name in _OTHER_FORMATS):
            answers.ask("rpm words", _words, machine)
            return


def _words(machine: Machine) -> bytes:
    ran = machine.run("rpm_packages")
    if ran.code != 0:
        raise Unknown("unreadable", "rpm: " + decoded(ran.stderr))
    return ran.stdout


def packages(answers: Answers) -> list[dict[str, Any]]:
    """A row for each installed package.

    Raises:
        Unknown: not_found where there is no rpm database.
    """
    if "rpm words" in answers.names():
        rows = [_from_words(line) for line in answers.text("rpm words").splitlines() if line]
    elif "rpm database" in answers.names():
        rows = [_from_header(header) for header in blobs(answers.get("rpm database"), "Packages")]
    else:
        raise Unknown("not_found", "no rpm database")
    return [
        row for row in rows if row["name"] != "gpg-pubkey"
    ]  # keys are kept as if they were packages


def last_installed_at(answers: Answers) -> int:
    """The newest time of installation, in seconds since 1970."""
    if "rpm words" in answers.names():
        times = [line.rpartition("\t")[2] for line in answers.text("rpm words").splitlines()]
        moments = [integer(word) for word in times if word.isdigit()]
    else:
        headers = blobs(answers.get("rpm database"), "Packages")
        moments = [tags[_INSTALLED] for tags in map(_read_tags, headers) if _INSTALLED in tags]
    if not moments:
        raise Unknown("not_found", "the rpm database names no installation")
    return max(moments)


def _from_words(line: str) -> dict[str, Any]:
    words = line.split("\t")
    if len(words) != _COLUMNS:
        raise Unknown("unreadable", "rpm printed: " + line[:80])
    name, epoch, version, architecture, vendor, installed = (
        "" if word == "(none)" else word for word in words
    )
    return _row(
        name, epoch, version, architecture, vendor, integer(installed) if installed else None
    )


def _from_header(header: bytes) -> dict[str, Any]:
    tags = _read_tags(header)
    epoch = str(tags[_EPOCH]) if tags.get(_EPOCH) else ""
    version = "%s-%s" % (tags.get(_VERSION, ""), tags.get(_RELEASE, ""))
    words = [str(tags.get(tag, "")) for tag in (_NAME, _ARCHITECTURE, _VENDOR)]
    return _row(words[0], epoch, version, words[1], words[2], tags.get(_INSTALLED))


def _read_tags(header: bytes) -> dict[int, Any]:
    try:
        return _tags(header)
    except (struct.error, IndexError, ValueError) as fault:
        raise Unknown("unreadable", "broken rpm header: %s" % fault) from None


def _tags(header: bytes) -> dict[int, Any]:
    """The wanted tags of one header."""
    entries, _ = struct.unpack_from(">II", header)
    data = 8 + _ENTRY.size * entries
    if data > len(header):
        raise ValueError("index longer than the header")
    tags: dict[int, Any] = {}
    for tag, kind, offset, _count in _ENTRY.iter_unpack(header[8:data]):
        if tag not in _WANTED:
            continue
        place = data + offset
        if kind in (_STRING, _I18N_STRING):
            tags[tag] = decoded(header[place : header.index(b"\x00", place)])
        elif kind == _INT32:
            (tags[tag],) = struct.unpack_from(">I", header, place)
    return tags


def _row(
    name: str, epoch: str, version: str, architecture: str, vendor: str, installed: int | None
) -> dict[str, Any]:
    if not name:
        raise Unknown("unreadable", "an rpm package without a name")
    row: dict[str, Any] = {
        "name": printable(name)[:256],
        "version": printable("%s:%s" % (epoch, version) if epoch and epoch != "0" else version)[
            :256
        ],
        "source": "rpm",
    }
    if architecture:
        row["architecture"] = printable(architecture)[:256]
    if vendor:
        row["publisher"] = printable(vendor)[:256]
    moment = attempt(stamp, installed)
    if isinstance(moment, str):
        row["installed_at"] = moment
    return row
