"""The reasons for and against two observations being one machine, as lines on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasoat.terminal import console, styled


def pair(one: Mapping[str, Any], lang: str) -> None:
    """Two observations and what speaks for and against their being one machine, line by line."""
    screen = console()
    why = f": {one['because'][lang]}" if "because" in one else ""
    screen.print(styled(f"  {one['one']} ↔ {one['other']} ({one['points']}){why}"))
    for line in one["lines"]:
        values = ", ".join(line["values"])
        screen.print(styled(f"    {line['points']:+d} {line['says'][lang]}: {values}"))
