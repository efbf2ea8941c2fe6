"""OSCAL's own small things: identifiers that come out the same again, properties, plain text."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from typing import Any

VERSION = "1.1.3"  #: of NIST's model
NAMESPACE = "urn:rasoat:oscal:1"  #: of our properties: nobody else's words carry these meanings
_ROOT = uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)
#: control characters, lone surrogates, line and paragraph separators
_UNSAYABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")

Node = dict[str, Any]


def identifier(*parts: str) -> str:
    """The UUID (version 5) of a thing that these words name; the same for the same words."""
    return str(uuid.uuid5(_ROOT, "\x1f".join(map(plain, parts))))


def plain(text: str) -> str:
    r"""One line without blanks at its ends; control characters are shown as ``\u000a``."""
    if text.isprintable():
        return text.strip()
    shown = _UNSAYABLE.sub(lambda one: f"\\u{ord(one[0]):04x}", text)
    return shown.strip().strip("\ufeff").strip()


def token(name: str) -> str:
    """A rule's id as OSCAL's tokens are: they begin with a letter or an underscore."""
    return name if name[:1].isalpha() else f"_{name}"


def moment(at: datetime) -> str:
    """A time in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def props(**values: object) -> Node:
    """``{"props": […]}`` of ours by name, without those that say nothing; ``_`` becomes ``-``."""
    said = [
        (name.replace("_", "-"), plain(str(value)))
        for name, value in values.items()
        if value is not None
    ]
    made = [{"name": name, "ns": NAMESPACE, "value": value} for name, value in said if value]
    return {"props": made} if made else {}


def some(name: str, items: list[Node]) -> Node:
    """``{name: items}``, or nothing: OSCAL has no empty lists."""
    return {name: items} if items else {}
