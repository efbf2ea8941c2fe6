"""How things divide, one bar each: shares of the whole, with the counts written into the parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.charts import PIXELS, limit, spoken
from reports.letters import visible

ROOM = 5.2  #: millimetres for one bar
AROUND = 12  #: millimetres for the legend
FIELD = 84  #: millimetres of a whole bar
NARROWEST = 0.035  #: share of a part that still holds its number
#: fill of a part, and the colour of a number on it: apart in lightness, so in print too
LIGHTNESS = {
    "pass": ("#d4d4d4", "black"),
    "waived": ("#a0a0a0", "black"),
    "unknown": ("#ffffff", "black"),
    "fail": ("#333333", "white"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar and its counts by part."""

    label: str
    counts: Mapping[str, int]


def height(bars: Sequence[Bar]) -> float:
    """Millimetres that the chart takes."""
    return len(bars) * ROOM + AROUND


def divided(bars: Sequence[Bar], parts: Sequence[tuple[str, str]], lang: str) -> dict[str, Any]:
    """The chart; ``parts``: name and label of each, in the order of the bar."""
    used = [(name, label) for name, label in parts if any(one.counts.get(name) for one in bars)]
    return {
        "config": spoken(lang),
        "data": {"values": _values(bars, used)},
        "width": FIELD * PIXELS,
        "height": len(bars) * ROOM * PIXELS,
        "encoding": {
            "y": {
                "field": "bar",
                "type": "nominal",
                "sort": None,
                "scale": {"paddingInner": 0.22, "paddingOuter": 0.1},
                "axis": {
                    "title": None,
                    "ticks": False,
                    "domain": False,
                    "labelPadding": 5,
                    "labelLimit": limit(visible(one.label) for one in bars),
                    "labelExpr": _LABEL,
                },
            }
        },
        "layer": [_boxes(used), _numbers(used)],
    }


#: Two bars may have one name: bars are told apart by place, and the place is not shown.
_LABEL = "slice(datum.label, indexof(datum.label, ' ') + 1)"


def _values(bars: Sequence[Bar], parts: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    made = []
    for place, one in enumerate(bars):
        total, start = sum(one.counts.get(name, 0) for name, _ in parts), 0.0
        for name, label in parts:
            n = one.counts.get(name, 0)
            if n:
                end = start + n / total
                label_at = (start + end) / 2 if end - start >= NARROWEST else None
                made.append(
                    {
                        "bar": f"{place} {visible(one.label)}",
                        "part": label,
                        "ink": LIGHTNESS[name][1],
                        "n": n,
                        "from": start,
                        "to": end,
                        "middle": label_at,
                    }
                )
                start = end
    return made


def _scale(parts: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {
        "domain": [label for _, label in parts],
        "range": [LIGHTNESS[name][0] for name, _ in parts],
    }


def _boxes(parts: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {
        "mark": {"type": "bar", "stroke": "black", "strokeWidth": 0.7},
        "encoding": {
            "x": {
                "field": "from",
                "type": "quantitative",
                "axis": None,
                "scale": {"domain": [0, 1], "nice": False},
            },
            "x2": {"field": "to"},
            "fill": {"field": "part", "type": "nominal", "scale": _scale(parts)},
        },
    }


def _numbers(parts: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {
        "transform": [{"filter": "isValid(datum.middle)"}],
        "mark": {"type": "text", "baseline": "middle"},
        "encoding": {
            "x": {"field": "middle", "type": "quantitative"},
            "text": {"field": "n", "type": "quantitative", "format": ",d"},
            "color": {"field": "ink", "type": "nominal", "scale": None},
        },
    }
