"""Until when a system gets security fixes: the bundled table, which says of what day it is.

A system that is not in the table is unknown, never supported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

NOT_IN_TABLE = "not_in_table"


@dataclass(frozen=True, slots=True)
class Lifecycles:
    """Last days (ISO) by `os.lifecycle`; ``as_of``: the day of which the table is stated."""

    as_of: str
    sources: Mapping[str, str]
    ends: Mapping[str, str]


@cache
def lifecycles() -> Lifecycles:
    """The table of this release, read once."""
    text = resources.files(__package__).joinpath("lifecycle.yaml").read_text("utf-8")
    raw = yaml.load(text, yaml.CSafeLoader)
    ends = {str(key): day.isoformat() for key, day in raw["ends"].items()}
    return Lifecycles(raw["as_of"].isoformat(), raw["sources"], ends)


def add_support(view: dict[str, Any]) -> None:
    """Put into a view until when its system is supported, or why that is not known.

    The last day belongs to it: ``device.support_ends`` is the moment after it.
    """
    key = (view["facts"].get("os") or {}).get("lifecycle")
    path = "device.support_ends"
    if key is None:
        told = [view["unknown"][name] for name in ("os.lifecycle", "os") if name in view["unknown"]]
        view["unknown"][path] = {"reason": told[0]["reason"] if told else "not_reported"}
        return
    day = lifecycles().ends.get(key)
    if day is None:
        view["unknown"][path] = {"reason": NOT_IN_TABLE}
        return
    view["facts"].setdefault("device", {})["support_ends"] = f"{day}T23:59:59Z"
