"""Counts over the last reports: told apart by dashes, marks and names beside the lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from language.forms import number
from reports.charts import PIXELS, spoken

HEIGHT = 52.0  #: millimetres
_PLOT = (105, 38)  #: width and height of the field between the axes, millimetres
_NAME = 5  #: millimetres between two names
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


def over_time(points: Sequence[Point], names: Sequence[str], lang: str) -> dict[str, Any]:
    """The chart; ``names``: the series in their order, the highest first."""
    last = max((int(one.place) for one in points), default=0)
    beside = _apart([one for one in points if int(one.place) == last])
    values = [_value(one, beside if int(one.place) == last else {}, lang) for one in points]
    return {
        "config": spoken(lang),
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
            "y": _upward("n"),
        },
        "layer": [_line(names), _points(names), *_numbers(names), _names()],
    }


def _value(one: Point, beside: dict[str, float], lang: str) -> dict[str, Any]:
    known = {"at": f"{one.place} {one.day}", "series": one.series, "n": one.n}
    if one.series not in beside:
        return known
    return known | {"name": f"{one.series}: {number(one.n, lang)}", "name_at": beside[one.series]}


def _apart(ends: Sequence[Point]) -> dict[str, float]:
    """Where the names stand: beside the lines' ends, but never on each other."""
    gap = _NAME / _PLOT[1] * max((one.n for one in ends), default=0)
    found: dict[str, float] = {}
    for one in sorted(ends, key=lambda end: -end.n):
        found[one.series] = min(one.n, min(found.values(), default=one.n + gap) - gap)
    lift = -min([0.0, *found.values()])
    return {series: at + lift for series, at in found.items()}


def _upward(field: str) -> dict[str, Any]:
    axis = {"title": None, "tickCount": 4, "tickMinStep": 1}
    return {"field": field, "type": "quantitative", "axis": axis, "scale": {"zero": True}}


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
    """Above the points of the middle series and below the lowest; the first is seldom another."""
    text = {"text": {"field": "n", "type": "quantitative", "format": ",d"}}
    return [
        {
            "transform": [{"filter": {"field": "series", "oneOf": list(chosen)}}],
            "mark": {"type": "text", "dy": lift},
            "encoding": text,
        }
        for chosen, lift in ((names[1:-1], -_LIFT), (names[-1:], _LIFT + 3))
    ]


def _names() -> dict[str, Any]:
    return {
        "transform": [{"filter": "isValid(datum.name)"}],
        "mark": {"type": "text", "align": "left", "dx": 12, "fontSize": 13},
        "encoding": {"text": {"field": "name", "type": "nominal"}, "y": _upward("name_at")},
    }
