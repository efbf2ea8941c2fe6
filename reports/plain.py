"""The report as JSON for machines: every field of the summary, times in UTC; and back again."""

from __future__ import annotations

import hashlib
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from language.said import SaidError, said
from language.texts import Words
from reports.summary import FindingLine, Summary

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
    return _shared(_decoded(text, _Kept).summary)


def _shared(summary: Summary) -> Summary:
    """Equal texts of findings once, as in a summary that was just made: half a million repeat."""
    texts: dict[str, str] = {}
    words: dict[tuple[str, ...], Words] = {}

    def text(one: str) -> str:
        return texts.setdefault(one, one)

    def finding(one: FindingLine) -> FindingLine:
        said = words.setdefault((*one.explanation, *one.explanation.values()), one.explanation)
        reason, since = one.reason and text(one.reason), one.since and text(one.since)
        of = text(one.rule), text(one.severity), text(one.result)
        return FindingLine(*of, reason, said, since)

    devices = (replace(one, findings=tuple(map(finding, one.findings))) for one in summary.devices)
    return replace(summary, devices=tuple(devices))


class Rule(msgspec.Struct):
    """Of a statement, what it says."""

    sentence: Words


class Head(msgspec.Struct):
    """Of a summary, which report it is and what it says first: enough for a list of reports."""

    generated_at: datetime
    policy: str
    unit: str
    rules: list[Rule]

    @property
    def id(self) -> str:
        """As the summary has it."""
        return Summary.id_of(self.policy, self.unit, self.generated_at)


def head(text: bytes) -> Head:
    """The head of what `encode` wrote, a tenth of the work; the rest is only known to be JSON.

    Raises:
        Unreadable: it is something else, or of another format.
    """
    found = _decoded(text, _KeptHead).summary
    if not found.rules:
        raise Unreadable(said("not the figures of a report: no statement is in it"))
    return found


def _decoded(text: bytes, kind: type[_T]) -> _T:
    try:
        kept = msgspec.json.decode(text, type=kind)
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
    return kept


def digest(text: bytes) -> str:
    """SHA-256 (hex) of figures as `encode` wrote them: what a signed report is known by."""
    return hashlib.sha256(text).hexdigest()


_told: tuple[Summary, str] | None = None  #: the last one asked of: each face names its figures


def digest_of(summary: Summary) -> str:
    """`digest` of a summary's figures; for one summary it is worked out once."""
    global _told  # noqa: PLW0603 - a summary has no hash to be remembered by
    if _told is None or _told[0] is not summary:
        _told = summary, digest(encode(summary))
    return _told[1]


def as_dict(summary: Summary) -> dict[str, Any]:
    """The summary in plain JSON types."""
    plain: dict[str, Any] = msgspec.to_builtins(_public(summary))
    return plain


def render(summary: Summary, lang: str) -> bytes:
    """The summary as JSON; both languages are in it."""
    return msgspec.json.format(encoded(_public(summary))) + b"\n"


def _public(summary: Summary) -> dict[str, Any]:
    """Every field, and what follows from them."""
    known = {one.name: getattr(summary, one.name) for one in fields(summary)}
    return {"rasoat_report": FORMAT} | known | {"id": summary.id, "compliant": summary.compliant}


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_encodable(key): _encodable(one) for key, one in value.items()}
    return [_encodable(one) for one in value] if isinstance(value, list | tuple) else value


class _Marked(msgspec.Struct):
    rasoat_report: int


class _Kept(_Marked):
    summary: Summary


class _KeptHead(_Marked):
    summary: Head


_T = TypeVar("_T", bound=_Marked)
