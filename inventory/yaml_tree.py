"""Reading YAML strictly: policies, settings and lists of units.

A tree of scalars, mappings and sequences with the place of each, nothing converted.

libyaml's events give line and column. What makes YAML surprising is refused: tags, anchors,
aliases, merge keys, duplicate keys, several documents, other encodings, great depth or size. A
scalar stays what the officer typed (``NO``, ``22:30``, ``1.10`` are text); only the catalogue's
type gives it a meaning later.
"""

from __future__ import annotations

from collections.abc import Callable
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
        for name, value in self.entries:
            if name.text == key:
                return value
        return None


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
        # asked directly: yaml.parse asks twice for each event
        reader.read(yaml.CSafeLoader(text).get_event)
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


class _Open(msgspec.Struct, gc=False):
    """A collection that is still being read."""

    place: Place
    is_mapping: bool
    broken: bool
    items: list[Node]
    around: list[Node]  #: where it will stand


class _Reader:
    """Turns events into nodes; keeps the open collections on a stack of its own (no recursion)."""

    def __init__(self, problems: Problems, sharing: Said) -> None:
        self.problems = problems
        self.sharing = sharing
        self.stack: list[_Open] = []
        self.roots: list[Node] = []
        self.items = self.roots  #: of the innermost collection that is open

    def document(self) -> Node:
        return self.roots[0] if self.roots else Broken((1, 1))

    def read(self, next_event: Callable[[], Any]) -> None:
        """Use all events, or as many as can be: most are scalars and ends, looked at first."""
        reading = True
        while reading and (event := next_event()) is not None:
            kind, mark = type(event), event.start_mark
            place = (mark.line + 1, mark.column + 1)
            if kind is ScalarEvent:
                text, style = event.value, event.style
                if event.tag is None and event.anchor is None and (style or text != "<<"):
                    self.items.append(Scalar(text, bool(style), place))
                else:
                    self.items.append(self._odd(event, place))
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                self._close()
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                reading = self._open(event, place)
            elif kind is AliasEvent:
                self._alias(event, place)
            elif kind is DocumentStartEvent:
                reading = self._start(event, place)

    def _alias(self, event: Any, place: Place) -> None:
        self.problems.add(
            place,
            said(
                "alias *{anchor}: write the value out{sharing}",
                anchor=event.anchor,
                sharing=self.sharing,
            ),
        )
        self.items.append(Broken(place))

    def _start(self, event: Any, place: Place) -> bool:
        if self.roots:
            self.problems.add(place, said("a second document (---): one file holds one"))
            return False
        if event.tags or event.version:
            self.problems.add(place, said("%YAML and %TAG lines are not used here; remove them"))
        return True

    def _odd(self, event: Any, place: Place) -> Node:
        """A scalar with a tag or an anchor, or one that merges keys: none is used here."""
        self._refuse(event, place, tag_given=event.tag is not None)
        if event.value == "<<" and not event.style:
            self.problems.add(
                place, said("merge key <<: write the keys out{sharing}", sharing=self.sharing)
            )
        return Broken(place)

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
        broken = self._refuse(event, place, tag_given=event.tag is not None)
        opened = _Open(place, type(event) is MappingStartEvent, broken, [], self.items)
        self.stack.append(opened)
        self.items = opened.items
        return True

    def _close(self) -> None:
        done = self.stack.pop()
        if done.is_mapping:
            entries = self._entries(done.items)
            broken = done.broken or (bool(done.items) and not entries)
            node: Node = Mapping(tuple(entries), done.place)
        else:
            broken, node = done.broken, Sequence(tuple(done.items), done.place)
        self.items = done.around
        self.items.append(Broken(done.place) if broken else node)

    def _entries(self, items: list[Node]) -> list[tuple[Scalar, Node]]:
        found: list[tuple[Scalar, Node]] = []
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
                found.append((key, value))
        return found
