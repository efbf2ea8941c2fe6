"""The agent's own code, as it goes into every bundle."""

from __future__ import annotations

import importlib.resources
from collections.abc import Iterator
from importlib.resources.abc import Traversable

from server.bundles.tree import Tree


def agent_code() -> Tree:
    """``agents/`` with every module in it; other platforms' too, they cost 200 KB.

    And what it says in Vietnamese.
    """
    tree = Tree()
    for path, file in _carried(importlib.resources.files("agents"), "agents"):
        tree.add(path, file.read_bytes())
    return tree


def _carried(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    for one in folder.iterdir():
        name = f"{path}/{one.name}"
        if one.is_dir() and one.name != "__pycache__":
            yield from _carried(one, name)
        elif one.name.endswith((".py", ".mo")):
            yield name, one
