"""What has not changed is not sent again: sections are known by the hash of their content.

A report may leave a section out and name it under ``unchanged`` instead. It only ever stands on
what the collector has acknowledged, never on a report that still waits: so reports that wait may be
lost, or come in any order.
"""

from __future__ import annotations

import json
import re
import zlib

from agents.sha256 import sha256

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Mapping

FULL_EVERY = 7 * 86400  #: seconds after which a report carries everything, whatever has changed
_AGENT = "agent"  #: the section that every report carries
_GZIP = 31  #: zlib's window bits for a gzip wrapper
_END = re.compile(r"[.\[]")


def hashes(document: Mapping[str, Any]) -> dict[str, str]:
    """Section → SHA-256, hex, of its content: what is known of it, and what is not and why.

    The content's one byte form is JSON of ``{"facts": …, "unknown": {…}}``, ASCII, keys sorted, no
    blanks; "facts" is left out where nothing could be read.
    """
    contents = {name: {"facts": facts} for name, facts in document["facts"].items()}
    for path, entry in document.get("unknown", {}).items():
        contents.setdefault(section_of(path), {}).setdefault("unknown", {})[path] = entry
    return {
        name: _hash({"unknown": {}, **content})
        for name, content in contents.items()
        if name != _AGENT
    }


def _hash(content: dict[str, Any]) -> str:
    raw = json.dumps(content, sort_keys=True, separators=(",", ":")).encode("ascii")
    return sha256(raw).hex()


def section_of(path: str) -> str:
    """The section that a path of the table of unknowns belongs to."""
    return _END.split(path, maxsplit=1)[0]


def without(document: dict[str, Any], unchanged: Mapping[str, str]) -> dict[str, Any]:
    """The document that names the sections of ``unchanged`` in place of carrying them."""
    if not unchanged:
        return document
    facts = {name: value for name, value in document["facts"].items() if name not in unchanged}
    unknown = {
        path: entry
        for path, entry in document.get("unknown", {}).items()
        if section_of(path) not in unchanged
    }
    return {**document, "facts": facts, "unknown": unknown, "unchanged": dict(unchanged)}


def stands_for(body: bytes) -> dict[str, str]:
    """Section → hash, of all that a report (gzip, as it travels) carries or names.

    Raises:
        ValueError: this agent never wrote it.
    """
    try:
        document = json.loads(zlib.decompress(body, _GZIP))
        return {**document.get("unchanged", {}), **hashes(document)}
    except (zlib.error, LookupError, TypeError, AttributeError) as fault:
        raise ValueError("not a report of this agent: %s" % fault) from None
