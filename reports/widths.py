"""How wide a table's columns are: by their shares, never narrower than their heads' words."""

from __future__ import annotations

from collections.abc import Sequence

from reports import fonts
from reports.document import Column
from reports.letters import visible

MILLIMETRES = 25.4 / 72  #: of a point
INSET = 2.6  #: millimetres that a cell keeps free, both sides together
_MOST = 32.0  #: millimetres that a head's word may ask for; a longer one breaks


def widths(columns: Sequence[Column], total: float, points: float) -> list[float]:
    """Millimetres of each column, together ``total``, for heads set at a size of ``points``."""
    least = [_least(column, points) for column in columns]
    asked = sum(least)
    if asked >= total:  # heads have to break
        return [width * total / asked for width in least]
    free = set(range(len(columns)))
    made = dict(enumerate(least))
    while free:
        room = total - sum(made[place] for place in made if place not in free)
        shares = sum(columns[place].share for place in free)
        made |= {place: room * columns[place].share / shares for place in free}
        narrow = {place for place in free if made[place] < least[place]}
        if not narrow or narrow == free:
            break
        made |= {place: least[place] for place in narrow}
        free -= narrow
    return [made[place] for place in range(len(columns))]


def _least(column: Column, points: float) -> float:
    words = visible(column.head).split() or [""]
    longest = max(map(fonts.width, words)) * points * MILLIMETRES
    return min(longest, _MOST) + INSET
