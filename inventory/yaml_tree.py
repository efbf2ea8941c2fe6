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
# Each keeps libyaml's own mark of where it begins; most are never asked for their place.


class Mark(Protocol):
    """Where something begins, as libyaml counts: from 0."""

    line: int
    column: int


class Problems(Protocol):
    """Who is told what is wrong, and where."""

    def add(self, place: Place, message: Said) -> None:
        """Note one problem at ``place`` (line, column, from 1)."""


class _Placed(msgspec.Struct, frozen=True, gc=False):
    mark: Mark

    @property
    def place(self) -> Place:
        """Where it begins: line and column, from 1."""
        return self.mark.line + 1, self.mark.column + 1


class Scalar(_Placed, frozen=True, gc=False):
    """A plain or quoted value, as typed."""

    text: str
    quoted: bool


class Mapping(_Placed, frozen=True, gc=False):
    """Keys and values by the keys' texts, in the order of the file."""

    entries: dict[str, tuple[Scalar, Node]]

    def get(self, key: str) -> Node | None:
        """The value under ``key``."""
        entry = self.entries.get(key)
        return entry[1] if entry is not None else None


class Sequence(_Placed, frozen=True, gc=False):
    """Items in the order of the file."""

    items: tuple[Node, ...]


class Broken(_Placed, frozen=True, gc=False):
    """Stands where something was refused already, so that the rest of the file is still read."""


Node = Scalar | Mapping | Sequence | Broken
_START = yaml.Mark("", 0, 0, 0, "", 0)


def read_tree(raw: bytes, problems: Problems, sharing: Said = NOTHING) -> Node:
    """The one document in ``raw``; what is wrong with it is added to ``problems``.

    ``sharing``: what such a file has in place of anchors, as a part behind a semicolon.
    """
    text = _decoded(raw, problems)
    if text is None:
        return Broken(_START)
    reader = _Reader(problems, sharing)
    try:
        # asked directly: yaml.parse asks twice for each event
        reader.read(yaml.CSafeLoader(text).get_event)
    except yaml.YAMLError as fault:
        broken = Broken(getattr(fault, "problem_mark", None) or _START)
        problems.add(broken.place, _syntax(fault))
        return broken
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


def _syntax(fault: yaml.YAMLError) -> Said:
    context = getattr(fault, "context", None)
    problem = getattr(fault, "problem", None) or str(fault).splitlines()[0]
    if context:
        return said("not readable as YAML: {problem} ({context})", problem=problem, context=context)
    return said("not readable as YAML: {problem}", problem=problem)


class _Open(msgspec.Struct, gc=False):
    """A collection that is still being read."""

    mark: Mark
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
        return self.roots[0] if self.roots else Broken(_START)

    def read(self, next_event: Callable[[], Any]) -> None:
        """Use all events, or as many as can be: most are scalars and ends, looked at first."""
        reading = True
        while reading and (event := next_event()) is not None:
            kind = type(event)
            if kind is ScalarEvent:
                text, quoted = event.value, event.style != ""
                if event.tag is None and event.anchor is None and (quoted or text != "<<"):
                    self.items.append(Scalar(event.start_mark, text, quoted))
                else:
                    self.items.append(self._odd(event))
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                self._close()
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                reading = self._open(event, kind is MappingStartEvent)
            elif kind is AliasEvent:
                self._alias(event)
            elif kind is DocumentStartEvent:
                reading = self._start(event)

    def _alias(self, event: Any) -> None:
        broken = Broken(event.start_mark)
        self.problems.add(
            broken.place,
            said(
                "alias *{anchor}: write the value out{sharing}",
                anchor=event.anchor,
                sharing=self.sharing,
            ),
        )
        self.items.append(broken)

    def _start(self, event: Any) -> bool:
        place = Broken(event.start_mark).place
        if self.roots:
            self.problems.add(place, said("a second document (---): one file holds one"))
            return False
        if event.tags or event.version:
            self.problems.add(place, said("%YAML and %TAG lines are not used here; remove them"))
        return True

    def _odd(self, event: Any) -> Node:
        """A scalar with a tag or an anchor, or one that merges keys: none is used here."""
        broken = self._refused(event)
        if event.value == "<<" and not event.style:
            self.problems.add(
                broken.place,
                said("merge key <<: write the keys out{sharing}", sharing=self.sharing),
            )
        return broken

    def _refused(self, event: Any) -> Broken:
        """Tags and anchors, on scalars and collections alike."""
        broken = Broken(event.start_mark)
        if event.tag is not None:
            self.problems.add(
                broken.place, said("tag {tag}: tags are not used here; remove it", tag=event.tag)
            )
        if event.anchor is not None:
            self.problems.add(
                broken.place,
                said(
                    "anchor &{anchor}: not used here{sharing}",
                    anchor=event.anchor,
                    sharing=self.sharing,
                ),
            )
        return broken

    def _open(self, event: Any, is_mapping: bool) -> bool:
        mark = event.start_mark
        if len(self.stack) >= MAX_DEPTH:
            broken = Broken(mark)
            self.problems.add(
                broken.place, said("nested deeper than {most} levels", most=MAX_DEPTH)
            )
            self.stack.clear()
            self.roots.append(broken)
            return False
        refused = event.tag is not None or event.anchor is not None
        if refused:
            self._refused(event)
        inside: list[Node] = []
        self.stack.append(_Open(mark, is_mapping, refused, inside, self.items))
        self.items = inside
        return True

    def _close(self) -> None:
        done = self.stack.pop()
        items, mark = done.items, done.mark
        node: Node
        if done.is_mapping:
            entries = self._entries(items)
            node = Mapping(mark, entries)
            broken = done.broken or (bool(items) and not entries)
        else:
            node, broken = Sequence(mark, tuple(items)), done.broken
        self.items = done.around
        self.items.append(Broken(mark) if broken else node)

    def _entries(self, items: list[Node]) -> dict[str, tuple[Scalar, Node]]:
        found: dict[str, tuple[Scalar, Node]] = {}
        for entry in zip(items[::2], items[1::2], strict=True):
            key = entry[0]
            if type(key) is Scalar and key.text not in found:
                found[key.text] = entry  # type: ignore[assignment]
            else:
                self._no_key(key, found)
        return found

    def _no_key(self, key: Node, found: dict[str, tuple[Scalar, Node]]) -> None:
        if isinstance(key, Scalar):
            line = found[key.text][0].place[0]
            self.problems.add(
                key.place,
                said("{text} is given twice (first on line {line})", text=key.text, line=line),
            )
        elif not isinstance(key, Broken):
            self.problems.add(key.place, said("a key must be a word, not a list or mapping"))
