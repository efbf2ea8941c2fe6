"""The report as JSON for machines: every field of the summary, times in UTC; and back again."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from language.said import SaidError, said
from reports.summary import Summary

FORMAT = 2  #: raised when a field changes its meaning or goes away


class Unreadable(SaidError, ValueError):
    """Not a report of this format; the message says what is wrong with it."""

    exit_code = 2


def encode(summary: Summary) -> bytes:
    """Every field as compact JSON; the same summary gives the same bytes."""
    return encoded({"rasoat_report": FORMAT, "summary": summary})


def encoded(value: Any) -> bytes:
    """A value as compact JSON; a lone surrogate, which no encoding has, becomes a question mark."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return msgspec.json.encode(_encodable(msgspec.to_builtins(value)))


def decode(text: bytes) -> Summary:
    """The summary that `encode` wrote.

    Raises:
        Unreadable: it is something else, or of another format.
    """
    try:
        kept = msgspec.json.decode(text, type=_Kept)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise Unreadable(said("not the figures of a report: {fault}", fault=fault)) from fault
    if kept.rasoat_report != FORMAT:
        raise Unreadable(
            said(
                "figures of format {given}; this release reads {own}; use the "
                "release that wrote them",
                given=kept.rasoat_report,
                own=FORMAT,
            )
        )
    return kept.summary


def digest(text: bytes) -> str:
    """SHA-256 (hex) of figures as `encode` wrote them: what a signed report is known by."""
    return hashlib.sha256(text).hexdigest()


def as_dict(summary: Summary) -> dict[str, Any]:
    """The summary in plain JSON types."""
    plain: dict[str, Any] = msgspec.to_builtins(summary)
    return {"rasoat_report": FORMAT} | plain | {"id": summary.id, "compliant": summary.compliant}


def render(summary: Summary, lang: str) -> str:
    """The summary as JSON text; both languages are in it."""
    return msgspec.json.format(encoded(as_dict(summary))).decode() + "\n"


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_encodable(key): _encodable(one) for key, one in value.items()}
    return [_encodable(one) for one in value] if isinstance(value, list | tuple) else value


class _Kept(msgspec.Struct):
    rasoat_report: int
    summary: Summary
