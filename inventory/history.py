"""What changed since a moment, told by everybody who saw it: reports, rules, scans, people.

Each line names its device, the time, what was and what is, and the evidence that it stands in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlite_utils import Database

from inventory.store import Store
from inventory.times import stamp

MOST = 5000  #: lines of one kind; the newest are kept, and that it is not all is said
KINDS = ("fact", "finding", "identity", "register")


@dataclass(frozen=True, slots=True)
class Event:
    """One change. ``kind``: see KINDS; ``what``: the fact's path, the rule, the column."""

    at: str
    device: str
    name: str
    kind: str
    what: str
    old: str
    new: str
    evidence: str


def since(store: Store, moment: datetime, device: str | None = None) -> list[Event]:
    """Every change from ``moment`` on, oldest first; of one device, or of all."""
    db = store.reader()
    names = _names(db, device)
    asked = (stamp(moment), device) if device else (stamp(moment),)
    found = [
        Event(row[0], row[1], names.get(row[1], ""), *row[2:])
        for query in (_FACTS, _FINDINGS, _MOVES, _ASSETS)
        for row in _rows(db, query, asked, one=device is not None)
    ]
    return sorted(found, key=lambda one: (one.at, one.device, one.kind, one.what))


def cut(events: Sequence[Event]) -> list[str]:
    """The kinds of which there may be more than was given: only the newest MOST are."""
    found = Counter(one.kind for one in events)
    return [kind for kind in KINDS if found[kind] >= MOST]


_FACTS = (
    (
        "SELECT c.at, o.device, 'fact', trim(c.path || ' ' || coalesce(c.element, '')), "
        "c.old, c.new, 'report ' || r.agent || '/' || r.epoch || '/' || r.sequence FROM changes c "
        "JOIN reports r ON r.id = c.report JOIN observations o ON o.own = c.device WHERE c.at >= ?"
    ),
    "o.device",
    "c.id",
)
_FINDINGS = (
    (
        "SELECT t.at, t.device, 'finding', t.policy || ' ' || t.rule, t.old, t.new, "
        "'facts ' || substr(t.facts_hash, 1, 16) FROM transitions t "
        "WHERE t.old IS NOT NULL AND t.at >= ?"  # a first verdict is no change
    ),
    "t.device",
    "t.id",
)
_MOVES = (
    (
        "SELECT m.at, m.new, 'identity', m.observation, m.old, m.new, 'device explain ' || m.new "
        "FROM moves m WHERE m.at >= ?"
    ),
    "m.new",
    "m.id",
)
_ASSETS = (
    (
        "SELECT a.at, o.device, 'register', a.column_name, a.old, a.new, 'import ' || a.import "
        "FROM asset_changes a JOIN observations o ON o.ref = a.asset AND o.source = 'asset' "
        "WHERE a.at >= ?"
    ),
    "o.device",
    "a.id",
)


def _rows(
    db: Database, query: tuple[str, str, str], asked: tuple[str, ...], *, one: bool
) -> Iterator[tuple[str, str, str, str, str, str, str]]:
    text, device, order = query
    limit = f"ORDER BY {order} DESC LIMIT {MOST}"
    rows = db.execute(f"{text} {f'AND {device} = ?' if one else ''} {limit}", asked)
    for row in rows.fetchall():
        yield (*row[:4], _plain(row[4]), _plain(row[5]), row[6])


_SAID_AS_JSON = frozenset('"{')  #: texts and reasons; whatever else stands in the log as it is


def _plain(value: str | None) -> str:
    """A value as a person reads it: JSON's quotation marks are left off, a reason is named."""
    if value is None:
        return ""
    if value[:1] not in _SAID_AS_JSON:
        return value
    try:
        decoded = msgspec.json.decode(value)
    except msgspec.DecodeError:
        return value
    if isinstance(decoded, Mapping) and set(decoded) == {"unknown"}:
        return f"? {decoded['unknown']}"
    return decoded if isinstance(decoded, str) else value


_NAMES = "SELECT device, name FROM observations ORDER BY source DESC, first DESC"
_NAME = "SELECT device, name FROM observations WHERE device = ? ORDER BY source DESC, first DESC"


def _names(db: Database, device: str | None) -> Mapping[str, str]:
    """Device → the name of its first observation, agents' names before others'; of one, or all."""
    rows = db.execute(*((_NAME, (device,)) if device else (_NAMES, ())))
    return dict(rows.fetchall())
