"""How things divide, one bar each: shares of the whole, with the counts written into the parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from language.forms import number
from reports.charts.look import LABEL, NUMBER, PIXELS, bare, label, letters, wide, written
from reports.charts.portable import guarded

ROOM = 5.2  #: millimetres for one bar
AROUND = 12  #: millimetres for the legend
FIELD = 84  #: millimetres of a whole bar
NARROWEST = 0.035  #: share of a part that still holds its number
_THICK = 0.78  #: of a bar's room
_BESIDE = 24  #: pixels between the picture's edges, labels and bars
#: fill of a part, and the colour of a number on it: apart in lightness, so in print too
LIGHTNESS = {
    "pass": ("#d4d4d4", "black"),
    "waived": ("#a0a0a0", "black"),
    "unknown": ("#ffffff", "black"),
    "fail": ("#333333", "white"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, and for each part its name and count."""

    label: str
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """The chart; ``parts``: name and label of each, in the order of the bar."""

    bars: tuple[Bar, ...]
    parts: tuple[tuple[str, str], ...]
    lang: str

    @property
    def height(self) -> float:
        """Millimetres that the chart takes."""
        return len(self.bars) * ROOM + AROUND

    def plot(self) -> Any:
        """The first bar on top; a part that no bar has is not in the legend either."""
        import lets_plot as lp

        boxes = list(self._boxes())
        used = [name for name, _ in self.parts if any(one.part == name for one in boxes)]
        said = dict(self.parts)
        labels = [label(one.label) for one in self.bars]
        places = [-place for place in range(len(self.bars))]
        width = FIELD * PIXELS + max(map(wide, labels), default=0) + _BESIDE
        return (
            lp.ggplot()
            + lp.geom_rect(
                lp.aes(xmin="from", xmax="to", ymin="below", ymax="above", fill="part"),
                data=_boxed(boxes, said),
                color="black",
                size=0.32,
            )
            + lp.geom_text(
                lp.aes("middle", "place", label="n", color="ink"),
                data=_numbered(boxes, self.lang),
                **written(NUMBER),
            )
            + lp.scale_color_identity()
            + lp.scale_fill_manual(
                limits=[said[name] for name in used], values=[LIGHTNESS[name][0] for name in used]
            )
            + lp.scale_x_continuous(limits=[0, 1], expand=[0, 0])
            + lp.scale_y_continuous(
                breaks=places, labels=[guarded(one) for one in labels], expand=[0, 0.2]
            )
            + bare(
                axis_text_y=letters(hjust=1, margin=[0, 5, 0, 0]),
                legend_text=letters(),
                legend_position="top",
                legend_key_size=LABEL,
            )
            + lp.ggsize(round(width), round(self.height * PIXELS))
        )

    def _boxes(self) -> Iterator[_Box]:
        for place, one in enumerate(self.bars):
            counts = dict(one.counts)
            total, start = sum(counts.get(name, 0) for name, _ in self.parts), 0.0
            for name, _ in self.parts:
                n = counts.get(name, 0)
                if n:
                    end = start + n / total
                    yield _Box(-place, name, n, start, end)
                    start = end


@dataclass(frozen=True, slots=True)
class _Box:
    """One part of one bar; ``place`` of the bar, downwards from 0."""

    place: int
    part: str
    n: int
    start: float
    end: float


def _boxed(boxes: list[_Box], said: dict[str, str]) -> dict[str, list[Any]]:
    return {
        "from": [one.start for one in boxes],
        "to": [one.end for one in boxes],
        "below": [one.place - _THICK / 2 for one in boxes],
        "above": [one.place + _THICK / 2 for one in boxes],
        "part": [said[one.part] for one in boxes],
    }


def _numbered(boxes: list[_Box], lang: str) -> dict[str, list[Any]]:
    shown = [one for one in boxes if one.end - one.start >= NARROWEST]
    return {
        "middle": [(one.start + one.end) / 2 for one in shown],
        "place": [one.place for one in shown],
        "n": [number(one.n, lang) for one in shown],
        "ink": [LIGHTNESS[one.part][1] for one in shown],
    }
