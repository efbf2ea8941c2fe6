"""Enrolment tokens: shown once, kept as a hash, ended by date or by use."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from inventory import audit
from inventory.errors import TokenRefused
from inventory.store import Store
from inventory.times import moment, stamp
from language.said import said

TOKEN_BYTES = 32  #: of randomness: not to be guessed, so a plain SHA-256 keeps it


@dataclass(frozen=True, slots=True)
class Scope:
    """What a token allows: trust at once or only after approval, and the unit of the machine."""

    token: int
    approve: bool
    unit: str | None


def create(
    store: Store,
    *,
    approve: bool,
    expires_at: datetime,
    max_uses: int,
    unit: str | None,
    by: str,
    now: datetime | None = None,
) -> str:
    """A new token; its text is returned and nowhere kept.

    Raises:
        ValueError: it would never be good.
    """
    made = now or datetime.now(expires_at.tzinfo)
    if max_uses < 1 or expires_at <= made:
        raise ValueError("a token needs at least one use and an expiry in the future")
    text = secrets.token_urlsafe(TOKEN_BYTES)
    with store.write() as db:
        db.execute(
            "INSERT INTO tokens (hash, approve, unit, expires_at, max_uses, created_at, "
            "created_by) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (_hash(text), approve, unit, stamp(expires_at), max_uses, stamp(made), by),
        )
        number = db.execute("SELECT last_insert_rowid()").fetchone()[0]
        detail = {"token": number, "approve": approve, "unit": unit, "uses": max_uses}
        detail |= {"expires_at": stamp(expires_at), "sha256": _hash(text).hex()}
        audit.append(db, by, "token made", detail, made)
    return text


def redeem(db: Database, token: str, now: datetime) -> Scope:
    """Use a token once, inside the transaction of the enrolment.

    Raises:
        TokenRefused: unknown, expired or used up.
    """
    row = db.execute(
        "SELECT id, approve, unit, expires_at, max_uses, uses FROM tokens WHERE hash = ?",
        (_hash(token),),
    ).fetchone()
    if row is None:
        raise TokenRefused(said("this enrolment token is not known; ask for a new enrolment file"))
    number, approve, unit, expires_at, max_uses, uses = row
    if now >= moment(expires_at):
        raise TokenRefused(
            said(
                "this enrolment token expired at {moment}; ask for a new file",
                moment=expires_at,
            )
        )
    if uses >= max_uses:
        raise TokenRefused(
            said(
                "this enrolment token was used {uses} times already; ask for a new file", uses=uses
            )
        )
    db.execute("UPDATE tokens SET uses = uses + 1 WHERE id = ?", (number,))
    return Scope(number, bool(approve), unit)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
