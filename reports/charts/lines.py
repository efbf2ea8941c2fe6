"""Counts over the last reports: told apart by dashes, marks and names beside the lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reports.charts import PIXELS

HEIGHT = 52.0  #: millimetres
_PLOT = (115, 38)  #: width and height of the field between the axes, millimetres
_DASHES = ([1, 0], [6, 3], [2, 2])
_SHAPES = ("circle", "square", "triangle-up")
_LIFT = 10  #: pixels of a number above its point; of the last series below it


@dataclass(frozen=True, slots=True)
class Point:
    """One series at one report; ``place`` keeps two reports of one day apart."""

    place: str
    day: str
    series: str
    n: int


def over_time(points: Sequence[Point], names: Sequence[str]) -> dict[str, Any]:
    """The chart; ``names``: the series in their order."""
    last = max((int(one.place) for one in points), default=0)
    values = [
        {
            "at": f"{one.place} {one.day}",
            "series": one.series,
            "n": one.n,
            "name": one.series if int(one.place) == last else None,
        }
        for one in points
    ]
    return {
        "data": {"values": values},
        "width": _PLOT[0] * PIXELS,
        "height": _PLOT[1] * PIXELS,
        "encoding": {
            "x": {
                "field": "at",
                "type": "ordinal",
                "sort": None,
                "axis": {"title": None, "labelAngle": 0, "labelExpr": _DAY, "labelOverlap": True},
            },
            "y": {
                "field": "n",
                "type": "quantitative",
                "axis": {"title": None, "tickCount": 4},
                "scale": {"zero": True},
            },
        },
        "layer": [_line(names), _points(names), *_numbers(names), _names()],
    }


_DAY = "slice(datum.label, indexof(datum.label, ' ') + 1)"


def _line(names: Sequence[str]) -> dict[str, Any]:
    dash = _by_series(names, _DASHES)
    return {"mark": {"type": "line", "color": "black"}, "encoding": {"strokeDash": dash}}


def _by_series(names: Sequence[str], looks: Sequence[Any]) -> dict[str, Any]:
    scale = {"domain": list(names), "range": list(looks[: len(names)])}
    return {"field": "series", "type": "nominal", "legend": None, "scale": scale}


def _points(names: Sequence[str]) -> dict[str, Any]:
    shape = _by_series(names, _SHAPES)
    mark = {"type": "point", "filled": True, "size": 45, "color": "black", "opacity": 1}
    return {"mark": mark, "encoding": {"shape": shape}}


def _numbers(names: Sequence[str]) -> list[dict[str, Any]]:
    """The last series is the lowest: its numbers stand below, where no other line runs."""
    text = {"text": {"field": "n", "type": "quantitative"}}
    above, below = list(names[:-1]), list(names[-1:])
    return [
        {
            "transform": [{"filter": {"field": "series", "oneOf": chosen}}],
            "mark": {"type": "text", "dy": lift},
            "encoding": text,
        }
        for chosen, lift in ((above, -_LIFT), (below, _LIFT + 3))
    ]


def _names() -> dict[str, Any]:
    return {
        "transform": [{"filter": "isValid(datum.name)"}],
        "mark": {"type": "text", "align": "left", "dx": 12, "fontSize": 13},
        "encoding": {"text": {"field": "name", "type": "nominal"}},
    }
