"""Decoding what an agent reports: closed types, bounded depth, one sentence for every refusal.

A report is data from a machine that may be hostile. Whatever is not in the catalogue is refused by
name; nothing is guessed or dropped silently (DESIGN §4 and §5, "closed types with length caps").
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import msgspec

from inventory.catalogue import AGENT_SECTION, catalogue
from inventory.fact_types import projected, report_type
from language.said import NOTHING, Said, SaidError, said, verbatim

__all__ = [
    "DocumentRefused",
    "decode_report",
    "encode_view",
    "projected",
    "report_schema",
    "report_type",
    "section_of",
    "view_of",
]

MAX_DEPTH = 16  #: levels of arrays and objects (DESIGN §5); genuine reports have 6

_STRING = re.compile(rb'"[^"]*"')
_INNERMOST = re.compile(rb"\[\]|\{\}")
_TRICKY = re.compile(rb'\\u0022|"\s+:', re.IGNORECASE)
_KEPT = b'"[]{}:'
_DROPPED = bytes(byte for byte in range(256) if byte not in _KEPT)
_UNKNOWN_FIELD = re.compile(r"Object contains unknown field `([^`]*)`(?: - at `\$\.?([^`]*)`)?")
_INDEX = re.compile(r"\[[^\]]*\]")
_SECTION_END = re.compile(r"[.\[]")
_AT = re.compile(r"^(.*?)(?: - at `\$\.?([^`]*)`)?$", re.DOTALL)


class DocumentRefused(SaidError):
    """A report says something that the catalogue does not allow; the message names the field."""


def decode_report(raw: bytes) -> Any:
    """The report in ``raw`` (JSON, UTF-8) as a closed Struct.

    Its fields are ``catalogue``, ``agent``, ``collected_at``, ``facts``, ``unknown``, and
    ``unchanged``: the sections that it names by their hash (`inventory.sections`).

    Raises:
        DocumentRefused: not JSON, too deep, a field the catalogue does not have, a wrong type, a
            value out of range, a name given twice, or a catalogue newer than this server.
    """
    try:
        report: Any = _decoder().decode(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as fault:
        _check_depth(_skeleton(raw))
        raise DocumentRefused(_sentence(str(fault))) from fault
    if _given_twice(raw, msgspec.json.encode(report)):
        raise DocumentRefused(said("a field is given twice in one object; send each fact once"))
    _check_catalogue(report)
    _check_unchanged(report)
    return report


@cache
def _decoder() -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(report_type())


def _given_twice(raw: bytes, again: bytes) -> bool:
    """Whether ``raw`` has more fields than what was decoded from it and encoded ``again``.

    Counting ``":`` costs a tenth of the exact count and tells the same, unless a quotation mark is
    written as an escape or a blank stands before a colon: then the exact count decides.
    """
    if raw.count(b'":') == again.count(b'":') and not _TRICKY.search(raw):
        return False
    return _skeleton(raw).count(b":") != _skeleton(again).count(b":")


def _skeleton(raw: bytes) -> bytes:
    """The brackets and colons outside strings: enough to measure depth and count fields."""
    bare = raw.replace(rb"\\", b"").replace(rb"\"", b"").translate(None, _DROPPED)
    return _STRING.sub(b"", bare)


def _check_depth(skeleton: bytes) -> None:
    """Say it where nesting beyond MAX_DEPTH is what is wrong.

    What decodes cannot be deeper: the closed types have six levels, and skip nothing.
    """
    brackets = skeleton.replace(b":", b"")
    for _ in range(MAX_DEPTH):
        if not brackets:
            return
        brackets = _INNERMOST.sub(b"", brackets)
    if brackets:
        raise DocumentRefused(
            said(
                "the document is not well-formed JSON, or is nested deeper than {most} levels",
                most=MAX_DEPTH,
            )
        )


def _check_catalogue(report: Any) -> None:
    if report.catalogue > catalogue().version:
        raise DocumentRefused(
            said(
                "catalogue {catalogue} is newer than this server's ({version}); update the server",
                catalogue=report.catalogue,
                version=catalogue().version,
            )
        )
    for path in report.unknown:
        bare = _INDEX.sub("", path)
        if bare not in catalogue().facts:
            raise DocumentRefused(
                said("unknown names no fact: {path}{hint}", path=path, hint=_hint(bare))
            )


def _check_unchanged(report: Any) -> None:
    """A section is carried, or named by its hash; never both."""
    if report.unchanged is msgspec.UNSET:
        return
    carried = {section_of(path) for path in report.unknown}
    for name in msgspec.to_builtins(report.unchanged):
        if name in carried or getattr(report.facts, name) is not msgspec.UNSET:
            raise DocumentRefused(
                said("section {name} is carried, and named as unchanged as well", name=name)
            )


def section_of(path: str) -> str:
    """The section that a path of the table of unknowns belongs to."""
    return _SECTION_END.split(path, maxsplit=1)[0]


def _sentence(fault: str) -> Said:
    """The decoder's words as one sentence that names the field by its path in the catalogue."""
    unknown = _UNKNOWN_FIELD.search(fault)
    if unknown:
        field, parent = unknown[1], unknown[2] or ""
        path = f"{parent}.{field}" if parent else field
        bare = _INDEX.sub("", path.removeprefix("facts."))
        return said("unknown field {path}{hint}", path=path, hint=_hint(bare))
    match = _AT.match(fault)
    problem, place = (match[1], match[2]) if match else (fault, None)
    problem = problem.replace("JSON is malformed", "not well-formed JSON", 1)
    problem = problem[:1].lower() + problem[1:]
    return verbatim(f"{place}: {problem}" if place else problem)


def _hint(path: str) -> Said:
    near = catalogue().nearest(path)
    return said("; did you mean {word}?", word=near) if near else NOTHING


@cache
def report_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a report, with the catalogue's labels as descriptions."""
    schema = msgspec.json.schema(report_type())
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema


def view_of(report: Any, **server_facts: Any) -> dict[str, Any]:
    """What rules read of one report, in plain JSON types.

    Its facts, its agent section with ``server_facts`` (such as ``last_report``) added, and its
    table of unknowns.
    """
    plain: dict[str, Any] = msgspec.to_builtins(report)
    facts = plain["facts"] | {AGENT_SECTION: plain["agent"] | server_facts}
    return {"facts": facts, "unknown": plain["unknown"]}


def encode_view(view: dict[str, Any]) -> bytes:
    """The one byte form of a view, keys sorted, so that equal facts have equal hashes."""
    return msgspec.json.encode(view, order="sorted")
