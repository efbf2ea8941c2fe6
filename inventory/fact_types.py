"""Closed types for reports and open types for views, built from the catalogue.

A *report* type refuses what the catalogue does not know and caps every length. A *view* type names
only the facts that somebody asks for, ignores the rest and takes ``null`` and absence alike: it is
what rules read.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from inventory.catalogue import (
    AGENT_REASONS,
    AGENT_SECTION,
    Catalogue,
    Fact,
    catalogue,
)

TEXT_LENGTH = (
    1024  #: characters of one text; the longest genuine one seen is a 300-character product name
)
DETAIL_LENGTH = 500  #: characters of the detail of an unknown
PATH_LENGTH = 200  #: characters of a fact's path, index included
LIST_LENGTH = 4096  #: elements of a list; sockets and interfaces of a busy server stay far below
SOFTWARE_LENGTH = 20_000  #: programs of one machine; a full Linux desktop has about 4,000
UNKNOWN_LENGTH = 2000  #: entries of the table of unknowns

_INTEGER = Meta(ge=-(2**63), le=2**63 - 1)  # what SQLite and every peer can hold
_DIGEST = r"^[0-9a-f]{64}$"
PATTERNS = {
    "timestamp": r"^\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\dZ$",
    "mac": r"^[0-9a-f]{2}(:[0-9a-f]{2}){5}$",
    "ip": r"^[0-9a-fA-F:.]{2,45}$",
}


class Reason(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Why a fact or a section is unknown: a code from the closed list, and what was seen."""

    reason: Literal[AGENT_REASONS]  # type: ignore[valid-type]
    detail: Annotated[str, Meta(max_length=DETAIL_LENGTH)] | UnsetType = UNSET


@cache
def report_type() -> type[msgspec.Struct]:
    """The type of a whole report: closed, every length capped (DESIGN §4, the document)."""
    known = catalogue()
    sections = [section for section in known.sections if section.witness == "agent"]
    inside = [
        (section.name, _optional(_closed(section, known)), UNSET)
        for section in sections
        if section.name != AGENT_SECTION
    ]
    facts = msgspec.defstruct("Facts", inside, forbid_unknown_fields=True, module=__name__)
    path = Annotated[str, Meta(max_length=PATH_LENGTH)]
    return msgspec.defstruct(
        "Report",
        [
            ("catalogue", Annotated[int, Meta(ge=1, description="Version of the catalogue")]),
            ("agent", _agent_type(known)),
            ("collected_at", _scalar("timestamp", "Time of collection, the machine's clock")),
            ("facts", facts),
            ("unknown", Annotated[dict[path, Reason], Meta(max_length=UNKNOWN_LENGTH)]),
            ("unchanged", _optional(_unchanged_type(sections)), UNSET),
        ],
        forbid_unknown_fields=True,
        module=__name__,
    )


def _unchanged_type(sections: Iterable[Fact]) -> type[msgspec.Struct]:
    """The sections that a report names by their hash in place of sending them."""
    words = "SHA-256 of the section's content, which an earlier report carried"
    digest = Annotated[str, Meta(pattern=_DIGEST, max_length=64, description=words)]
    fields = [
        (section.name, _optional(digest), UNSET)
        for section in sections
        if section.name != AGENT_SECTION
    ]
    return msgspec.defstruct("Unchanged", fields, forbid_unknown_fields=True, module=__name__)


def _agent_type(known: Catalogue) -> type[msgspec.Struct]:
    """The agent's section; its version is the one fact that every report must carry."""
    fields = []
    for fact in known.children(known.facts[AGENT_SECTION]):
        if fact.witness == "agent" and fact.name == "version":
            fields.append((fact.name, _closed(fact, known)))
        elif fact.witness == "agent":
            fields.append((fact.name, _optional(_closed(fact, known)), UNSET))  # type: ignore[arg-type]
    return msgspec.defstruct("Agent", fields, forbid_unknown_fields=True, module=__name__)


def _closed(fact: Fact, known: Catalogue) -> Any:
    """The closed type of one fact: unknown fields refused, lengths capped."""
    if fact.type == "list":
        element: Any = _struct(fact, known) if fact.children else _scalar(fact.of or "text", "")
        longest = SOFTWARE_LENGTH if fact.path == "software" else LIST_LENGTH
        return Annotated[list[element], Meta(max_length=longest, description=fact.label_en)]
    if fact.type == "object":
        return _struct(fact, known)
    if fact.type == "choice":
        return Annotated[Literal[fact.values], Meta(description=fact.label_en)]
    return _scalar(fact.type, fact.label_en)


def _struct(fact: Fact, known: Catalogue) -> type[msgspec.Struct]:
    name = "".join(word.capitalize() for word in fact.path.replace(".", "_").split("_"))
    fields = [
        (child.name, _optional(_closed(child, known)), UNSET) for child in known.children(fact)
    ]
    return msgspec.defstruct(name, fields, forbid_unknown_fields=True, module=__name__)


def _scalar(kind: str, description: str) -> Any:
    text = Meta(max_length=TEXT_LENGTH, pattern=PATTERNS.get(kind), description=description)
    if kind == "boolean":
        return Annotated[bool, Meta(description=description)]
    if kind == "integer":
        return Annotated[int, _INTEGER, Meta(description=description)]
    if kind == "number":
        return Annotated[float, Meta(description=description)]
    return Annotated[str, text]


def _optional(kind: Any) -> Any:
    return kind | UnsetType


_OPEN: dict[str, Any] = {"boolean": bool, "integer": int, "number": float}


def projected(paths: Iterable[str]) -> type[msgspec.Struct]:
    """A view type of just ``paths`` (and what leads to them), below its one field ``facts``.

    Every field is ``T | None | UnsetType`` and defaults to UNSET; keys that are not named are
    skipped undecoded. A path that ends at an object or a list of objects holds that container with
    no fields of its own.

    Raises:
        KeyError: a path that the catalogue does not have.
    """
    known = catalogue()
    tree: dict[str, Any] = {}
    for path in paths:
        if path not in known.facts:
            raise KeyError(path)
        branch = tree
        for word in path.split("."):
            branch = branch.setdefault(word, {})
    return msgspec.defstruct(
        "View", [("facts", _maybe(_open_struct("", tree, known)), UNSET)], module=__name__
    )


def _open_struct(parent: str, tree: dict[str, Any], known: Catalogue) -> type[msgspec.Struct]:
    fields = []
    for word, below in tree.items():
        path = f"{parent}.{word}" if parent else word
        fields.append((word, _maybe(_open(known.facts[path], below, known)), UNSET))
    name = "View" + "".join(word.capitalize() for word in parent.replace(".", "_").split("_"))
    return msgspec.defstruct(name, fields, module=__name__, gc=False)  # a tree, never a circle


def _open(fact: Fact, below: dict[str, Any], known: Catalogue) -> Any:
    if fact.type == "object":
        return _open_struct(fact.path, below, known)
    if fact.type == "list":
        element: Any = (
            _open_struct(fact.path, below, known)
            if fact.children
            else _OPEN.get(fact.of or "text", str)
        )
        return list[element | None]
    return _OPEN.get(fact.type, str)


def _maybe(kind: Any) -> Any:
    return kind | None | UnsetType
