"""Units from a YAML file: ``units:`` and under it a list of mappings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from inventory.units.raw import FIELDS, LISTS, Item, Problem, Raw
from inventory.yaml_tree import Broken, Mapping, Node, Place, Scalar, Sequence, read_tree
from language.said import Said, said

_THE_FILE, _A_UNIT, _A_NETWORK = said("the file"), said("a unit"), said("a network")
_OF_A_NETWORK = ("network", "valid_from", "valid_to")


def read(path: Path, problems: list[Problem]) -> list[Raw]:
    """Every unit of a file; what is wrong with it is added to ``problems``."""
    return _Reader(str(path), problems).units(path.read_bytes())


class _Reader:
    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file, self.problems = file, problems

    def add(self, place: Place, message: Said) -> None:
        """Note what the YAML reader cannot read."""
        self.wrong(place, "YAML", message)

    def wrong(self, place: Place, column: str, message: Said) -> None:
        """Note one problem."""
        self.problems.append(Problem(self.place(place), column, message))

    def place(self, place: Place) -> str:
        """A place as compilers and editors write it."""
        return f"{self.file}:{place[0]}:{place[1]}"

    def units(self, raw: bytes) -> list[Raw]:
        """The rows of the one document in ``raw``."""
        root = read_tree(raw, self)
        if isinstance(root, Broken):
            if not self.problems:
                self.wrong(root.place, "units", said("the file is empty; see docs/units.md"))
            return []
        fields = self._keys(root, ("units",), _THE_FILE)
        units = fields.get("units")
        if not isinstance(units, Sequence):
            if not self.problems:
                place = units.place if units is not None else root.place
                self.wrong(place, "units", said("write “units:” and under it a list, “- code: …”"))
            return []
        return [self._unit(node) for node in units.items if not isinstance(node, Broken)]

    def _keys(self, node: Node, known: tuple[str, ...], what: Said) -> dict[str, Node]:
        """The values of a mapping by their keys; unknown keys are told."""
        if not isinstance(node, Mapping):
            if not isinstance(node, Broken):
                self.wrong(
                    node.place, what, said("must have keys: {known}", known=", ".join(known))
                )
            return {}
        found = {}
        for key, value in node.entries.values():
            if key.text in known:
                found[key.text] = value
            else:
                self.wrong(
                    key.place,
                    key.text,
                    said("no such key; {what} has: {known}", what=what, known=", ".join(known)),
                )
        return found

    def _unit(self, node: Node) -> Raw:
        fields = self._keys(node, FIELDS, _A_UNIT)
        items = {name: tuple(self._items(name, value)) for name, value in fields.items()}
        return Raw(self.place(node.place), items)

    def _items(self, name: str, node: Node) -> Iterator[Item]:
        if name in LISTS and isinstance(node, Sequence):
            for item in node.items:
                yield from self._item(name, item)
        else:
            yield from self._item(name, node)

    def _item(self, name: str, node: Node) -> Iterator[Item]:
        if isinstance(node, Scalar):
            if not _is_empty(node):
                yield Item(node.text, self.place(node.place))
        elif name == "networks" and isinstance(node, Mapping):
            yield from self._network(node)
        elif not isinstance(node, Broken):
            self.wrong(
                node.place,
                name,
                said("write one value here, or a list")
                if name in LISTS
                else said("write one value here"),
            )

    def _network(self, node: Mapping) -> Iterator[Item]:
        fields = self._keys(node, _OF_A_NETWORK, _A_NETWORK)
        named = {name: list(self._item(name, value)) for name, value in fields.items()}
        if not named.get("network"):
            self.wrong(
                node.place,
                "networks",
                said("the network itself is missing: “network: 10.1.2.0/24”"),
            )
            return
        place = self.place(node.place)
        days: dict[str, Item] = {
            name: (named[name] or [Item(None, place)])[0]
            for name in ("valid_from", "valid_to")
            if name in named
        }
        one = named["network"][0]
        yield Item(one.value, one.place, days)


def _is_empty(node: Scalar) -> bool:
    return not node.quoted and node.text in {"", "~", "null"}
