"""Reading YAML strictly: policies, settings and lists of units.

A tree of scalars, mappings and sequences with the place of each, nothing converted.

libyaml's events give line and column. What makes YAML surprising is refused: tags, anchors,
aliases, merge keys, duplicate keys, several documents, other encodings, great depth or size. A
scalar stays what the officer typed (``NO``, ``22:30``, ``1.10`` are text); only the catalogue's
type gives it a meaning later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec
import yaml
from yaml import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from language.said import NOTHING, Said, said

MAX_BYTES = 1024 * 1024  #: of one file; the largest shipped policy is far below a tenth of it
MAX_DEPTH = 32  #: levels of nesting; a rule with quantifiers inside quantifiers needs 12

Place = tuple[int, int]

# The nodes are structs without a part in garbage collection: a file has thousands, never a circle.


class Problems(Protocol):
    """Who is told what is wrong, and where."""

    def add(self, place: Place, message: Said) -> None:
        """Note one problem at ``place`` (line, column, from 1)."""


class Scalar(msgspec.Struct, frozen=True, gc=False):
    """A plain or quoted value, as typed."""

    text: str
    quoted: bool
    place: Place


class Mapping(msgspec.Struct, frozen=True, gc=False):
    """Keys and values in the order of the file; every key once."""

    entries: tuple[tuple[Scalar, Node], ...]
    place: Place

    def get(self, key: str) -> Node | None:
        """The value under ``key``."""
        return next((value for name, value in self.entries if name.text == key), None)


class Sequence(msgspec.Struct, frozen=True, gc=False):
    """Items in the order of the file."""

    items: tuple[Node, ...]
    place: Place


class Broken(msgspec.Struct, frozen=True, gc=False):
    """Stands where something was refused already, so that the rest of the file is still read."""

    place: Place


Node = Scalar | Mapping | Sequence | Broken


def read_tree(raw: bytes, problems: Problems, sharing: Said = NOTHING) -> Node:
    """The one document in ``raw``; what is wrong with it is added to ``problems``.

    ``sharing``: what such a file has in place of anchors, as a part behind a semicolon.
    """
    text = _decoded(raw, problems)
    if text is None:
        return Broken((1, 1))
    reader = _Reader(problems, sharing)
    try:
        events = yaml.CSafeLoader(text)  # asked directly: yaml.parse asks twice for each event
        while (event := events.get_event()) is not None and reader.take(event):
            pass
    except yaml.YAMLError as fault:
        problems.add(_mark(getattr(fault, "problem_mark", None)), _syntax(fault))
        return Broken((1, 1))
    return reader.document()


def _decoded(raw: bytes, problems: Problems) -> str | None:
    if len(raw) > MAX_BYTES:
        problems.add(
            (1, 1),
            said("the file is longer than {kib} KiB; split it", kib=MAX_BYTES // 1024),
        )
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        before = raw[: fault.start]
        line = before.count(b"\n") + 1
        column = fault.start - (before.rfind(b"\n") + 1) + 1
        problems.add((line, column), said("not UTF-8 text; save the file as UTF-8"))
        return None


def _mark(mark: Any) -> Place:
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)


def _syntax(fault: yaml.YAMLError) -> Said:
    context = getattr(fault, "context", None)
    problem = getattr(fault, "problem", None) or str(fault).splitlines()[0]
    if context:
        return said("not readable as YAML: {problem} ({context})", problem=problem, context=context)
    return said("not readable as YAML: {problem}", problem=problem)


@dataclass(slots=True)
class _Open:
    """A collection that is still being read."""

    place: Place
    is_mapping: bool
    items: list[Node] = field(default_factory=list)
    broken: bool = False


class _Reader:
    """Turns events into nodes; keeps the open collections on a stack of its own (no recursion)."""

    def __init__(self, problems: Problems, sharing: Said) -> None:
        self.problems = problems
        self.sharing = sharing
        self.stack: list[_Open] = []
        self.roots: list[Node] = []

    def document(self) -> Node:
        return self.roots[0] if self.roots else Broken((1, 1))

    def take(self, event: Any) -> bool:
        """Use one event; False when reading must stop."""
        mark = event.start_mark
        place = (mark.line + 1, mark.column + 1)
        kind = type(event)
        if kind is ScalarEvent:
            self._put(self._scalar(event, place))
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            return self._open(event, place)
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            self._close()
        elif kind is AliasEvent:
            self.problems.add(
                place,
                said(
                    "alias *{anchor}: write the value out{sharing}",
                    anchor=event.anchor,
                    sharing=self.sharing,
                ),
            )
            self._put(Broken(place))
        elif kind is DocumentStartEvent:
            return self._start(event, place)
        return True

    def _start(self, event: Any, place: Place) -> bool:
        if self.roots:
            self.problems.add(place, said("a second document (---): one file holds one"))
            return False
        if event.tags or event.version:
            self.problems.add(place, said("%YAML and %TAG lines are not used here; remove them"))
        return True

    def _scalar(self, event: Any, place: Place) -> Node:
        tagged = event.tag is not None
        refused = (tagged or event.anchor is not None) and self._refuse(event, place, tagged)
        if event.value == "<<" and not event.style:
            self.problems.add(
                place, said("merge key <<: write the keys out{sharing}", sharing=self.sharing)
            )
            return Broken(place)
        return Broken(place) if refused else Scalar(event.value, bool(event.style), place)

    def _refuse(self, event: Any, place: Place, tag_given: bool) -> bool:
        """Tags and anchors, on scalars and collections alike."""
        if tag_given:
            self.problems.add(
                place, said("tag {tag}: tags are not used here; remove it", tag=event.tag)
            )
        if event.anchor is not None:
            self.problems.add(
                place,
                said(
                    "anchor &{anchor}: not used here{sharing}",
                    anchor=event.anchor,
                    sharing=self.sharing,
                ),
            )
        return tag_given or event.anchor is not None

    def _open(self, event: Any, place: Place) -> bool:
        if len(self.stack) >= MAX_DEPTH:
            self.problems.add(place, said("nested deeper than {most} levels", most=MAX_DEPTH))
            self.stack.clear()
            self.roots.append(Broken(place))
            return False
        opened = _Open(place, isinstance(event, MappingStartEvent))
        opened.broken = self._refuse(event, place, tag_given=event.tag is not None)
        self.stack.append(opened)
        return True

    def _close(self) -> None:
        done = self.stack.pop()
        if done.is_mapping:
            entries = tuple(self._entries(done.items))
            done.broken = done.broken or (bool(done.items) and not entries)
            node: Node = Mapping(entries, done.place)
        else:
            node = Sequence(tuple(done.items), done.place)
        self._put(Broken(done.place) if done.broken else node)

    def _entries(self, items: list[Node]) -> Iterator[tuple[Scalar, Node]]:
        seen: dict[str, Place] = {}
        for key, value in zip(items[::2], items[1::2], strict=True):
            if isinstance(key, Broken):
                continue
            if not isinstance(key, Scalar):
                self.problems.add(key.place, said("a key must be a word, not a list or mapping"))
            elif key.text in seen:
                line = seen[key.text][0]
                self.problems.add(
                    key.place,
                    said("{text} is given twice (first on line {line})", text=key.text, line=line),
                )
            else:
                seen[key.text] = key.place
                yield key, value

    def _put(self, node: Node) -> None:
        (self.stack[-1].items if self.stack else self.roots).append(node)
