"""What a person decides about two devices: joined, or kept apart; each can be taken back."""

from __future__ import annotations

from datetime import datetime
from itertools import product

from sqlite_utils import Database

from inventory import audit
from inventory.composing import device_of
from inventory.errors import NoSuchDevice, NothingToDecide
from inventory.identity import keeping
from inventory.identity.settling import settle
from inventory.store import Store
from inventory.times import stamp
from language.said import said


def merge(store: Store, one: str, other: str, *, by: str, why: str, now: datetime) -> str:
    """Say that two devices are one machine; gives the device that they are together.

    A decision to keep them apart is taken back by it.

    Raises:
        NoSuchDevice: one of the ids is not known.
        NothingToDecide: they are one device already.
    """
    with store.write() as db:
        first, second = _device(db, one), _device(db, other)
        if first == second:
            raise NothingToDecide(
                said(
                    "{one} and {other} are one device already: {first}",
                    one=one,
                    other=other,
                    first=first,
                )
            )
        pairs = list(product(_members(db, first), _members(db, second)))
        _take_back(db, pairs, "apart", now)
        eldest = _eldest(db, first)
        lasting = [one for one in (*_members(db, first), *_members(db, second)) if _lasts(one)]
        joined = {*lasting, _eldest(db, second)} - {eldest}
        _record(db, [(eldest, one) for one in sorted(joined)], "together", by, why, now)
        detail = {"one": first, "other": second, "why": why}
        audit.append(db, by, "devices merged", detail, now)
    settle(store, now)
    return _device(store.reader(), first)


def keep_apart(store: Store, one: str, other: str, *, by: str, why: str, now: datetime) -> None:
    """Say that two devices are two machines: evidence never joins them, and nobody is asked again.

    `merge` takes it back.

    Raises:
        NoSuchDevice: one of the ids is not known.
        NothingToDecide: they are one device; `split` says which observations are another's.
    """
    with store.write() as db:
        first, second = _device(db, one), _device(db, other)
        if first == second:
            raise NothingToDecide(
                said(
                    "{one} and {other} are one device: {first}; part it by: rasoat "
                    "device split DEVICE OBSERVATION…",
                    one=one,
                    other=other,
                    first=first,
                )
            )
        pairs = list(product(_members(db, first), _members(db, second)))
        _record(db, pairs, "apart", by, why, now)
        detail = {"one": first, "other": second, "why": why}
        audit.append(db, by, "devices kept apart", detail, now)
    settle(store, now)


def split(
    store: Store, device: str, observations: list[str], *, by: str, why: str, now: datetime
) -> list[str]:
    """Say that these observations are another machine than the rest of the device.

    A decision that joined them is taken back. Gives the devices that there are now.

    Raises:
        NoSuchDevice: the device is not known.
        NothingToDecide: an observation is not the device's, or nothing would be left of it.
    """
    with store.write() as db:
        known = _device(db, device)
        members = _members(db, known)
        strangers = [one for one in observations if one not in members]
        rest = [one for one in members if one not in observations]
        if strangers:
            raise NothingToDecide(
                said(
                    "{stranger} is no observation of {known}: {members}",
                    stranger=strangers[0],
                    known=known,
                    members=_list(members),
                )
            )
        if not rest or not observations:
            raise NothingToDecide(
                said(
                    "name some of the observations of {known}: {members}",
                    known=known,
                    members=_list(members),
                )
            )
        pairs = list(product(observations, rest))
        _take_back(db, pairs, "together", now)
        _record(db, pairs, "apart", by, why, now)
        detail = {"device": known, "observations": observations, "why": why}
        audit.append(db, by, "device split", detail, now)
        keeping.unsettle(db, members)
    settle(store, now)
    after = store.reader().execute(
        f"SELECT DISTINCT device FROM observations WHERE id IN ({_marks(members)})",  # noqa: S608
        members,
    )
    return sorted(row[0] for row in after)


def _device(db: Database, name: str) -> str:
    known = device_of(db, name)
    if known is None:
        raise NoSuchDevice(said("no device has the id {name}; see: rasoat devices", name=name))
    return known


def _members(db: Database, device: str) -> list[str]:
    rows = db.execute("SELECT id FROM observations WHERE device = ? ORDER BY id", (device,))
    return [row[0] for row in rows]


def _lasts(observation: str) -> bool:
    """Whether it is an agent's or the register's: hosts of the network come and go by evidence."""
    return not observation.startswith("host:")


def _eldest(db: Database, device: str) -> str:
    """The observation that a device is named after."""
    row = db.execute("SELECT id FROM observations WHERE device = ?1 AND own = ?1", (device,))
    found: str = row.fetchone()[0]
    return found


def _take_back(db: Database, pairs: list[tuple[str, str]], verdict: str, now: datetime) -> None:
    db.conn.executemany(
        "UPDATE decisions SET undone_at = ? WHERE one = ? AND other = ? AND verdict = ? "
        "AND undone_at IS NULL",
        [(stamp(now), *sorted(pair), verdict) for pair in pairs],
    )


def _record(
    db: Database, pairs: list[tuple[str, str]], verdict: str, by: str, why: str, now: datetime
) -> None:
    db.conn.executemany(
        "INSERT INTO decisions (one, other, verdict, at, by, why) VALUES (?, ?, ?, ?, ?, ?)",
        [(*sorted(pair), verdict, stamp(now), by, why) for pair in pairs],
    )
    keeping.unsettle(db, [one for pair in pairs for one in pair])


def _list(members: list[str]) -> str:
    return ", ".join(members)


def _marks(members: list[str]) -> str:
    return ", ".join("?" * len(members))
