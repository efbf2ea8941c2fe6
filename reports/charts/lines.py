"""Counts over the last reports: told apart by dashes, marks and names beside the lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from language.forms import number
from reports.charts.look import LABEL, NUMBER, PIXELS, bare, letters, wide, written
from reports.charts.portable import guarded

HEIGHT = 52.0  #: millimetres
_PLOT = (105, 38)  #: width and height of the field between the axes, millimetres
_NAME = 5  #: millimetres between two names
_DASHES = ("solid", "dashed", "dotted")
_SHAPES = (16, 15, 17)  #: a disc, a square, a triangle
_LIFT = (3, -3.5)  #: millimetres from a point to its number: above, and below for the last series
_BESIDE = 3  #: millimetres between a line's end and its name
_AROUND = 50  #: pixels of the left axis and the edges
_APART = 16  #: pixels between two days
_TICKS = 4  #: at most, besides zero
_AIR = 1.1  #: the axis goes so much beyond the highest point


@dataclass(frozen=True, slots=True)
class Point:
    """One series at one report; ``place`` counts reports: two may be of one day."""

    place: int
    day: str
    series: str
    n: int


@dataclass(frozen=True)
class Lines:
    """The chart; ``names``: the series in their order, the highest first."""

    points: tuple[Point, ...]
    names: tuple[str, ...]
    lang: str

    def plot(self) -> Any:
        """Reports from left to right, zero at the bottom."""
        import lets_plot as lp

        plot = (
            lp.ggplot(self._columns(self.points), lp.aes("place", "n"))
            + lp.geom_line(lp.aes(linetype="series"), color="black", size=0.9)
            + lp.geom_point(lp.aes(shape="series"), color="black", size=3)
            + lp.geom_text(
                lp.aes(label="text"), data=self._beside(), hjust=0, color="black", **written(LABEL)
            )
            + lp.scale_linetype_manual(limits=list(self.names), values=list(_DASHES))
            + lp.scale_shape_manual(limits=list(self.names), values=list(_SHAPES))
            + self._days()
            + self._counts()
            + bare(
                axis_text=letters(),
                axis_line=lp.element_line(color="black", size=0.4),
                axis_ticks=lp.element_line(color="black", size=0.4),
                legend_position="none",
            )
            + lp.ggsize(round(_PLOT[0] * PIXELS + self._widest + _AROUND), round(HEIGHT * PIXELS))
        )
        for layer in self._numbers():
            plot += layer
        return plot

    @cached_property
    def _last(self) -> int:
        return max((one.place for one in self.points), default=0)

    @cached_property
    def _top(self) -> float:
        return max((one.n for one in self.points), default=0) * _AIR or 1.0

    @cached_property
    def _reports(self) -> float:
        """From the first report to the last, in reports; one alone has as much room."""
        return max(self._last - min((one.place for one in self.points), default=0), 1)

    @cached_property
    def _ends(self) -> list[tuple[int, str]]:
        """Where each line ends, and what stands there."""
        last = [one for one in self.points if one.place == self._last]
        return [(one.n, f"{one.series}: {number(one.n, self.lang)}") for one in last]

    @cached_property
    def _widest(self) -> float:
        """Pixels of the names beside the lines."""
        return max((wide(text) for _, text in self._ends), default=0.0)

    def _columns(self, chosen: Sequence[Point]) -> dict[str, list[Any]]:
        return {
            "place": [one.place for one in chosen],
            "n": [one.n for one in chosen],
            "series": [one.series for one in chosen],
            "text": [number(one.n, self.lang) for one in chosen],
        }

    def _numbers(self) -> Iterator[Any]:
        """Above the points of the middle series and below the lowest; the first seldom changes."""
        for names, lift in zip((self.names[1:-1], self.names[1:][-1:]), _LIFT, strict=True):
            yield from self._numbers_of(names, lift)

    def _numbers_of(self, names: Sequence[str], lift: float) -> Iterator[Any]:
        import lets_plot as lp

        places = [place for place in self._shown if place != self._last]  # its names say them
        chosen = [one for one in self.points if one.series in names and one.place in places]
        upward = lift * self._top / _PLOT[1]
        if not chosen:  # the library takes a layer without data for one of all the data
            return
        if min(one.n for one in chosen) < -2 * upward:  # it would stand on the days
            upward = -upward
        look = written(NUMBER) | {"color": "black", "nudge_y": upward}
        yield lp.geom_text(lp.aes(label="text"), data=self._columns(chosen), **look)

    def _beside(self) -> dict[str, list[Any]]:
        """Names at the lines' ends, but never on each other."""
        gap = _NAME * self._top / _PLOT[1]
        places: list[float] = []
        ends = sorted(self._ends, reverse=True)
        for n, _ in ends:
            places.append(min(n, places[-1] - gap) if places else n)
        lift = max(0.0, -min(places, default=0.0))
        right = self._last + _BESIDE * PIXELS / self._report
        return {
            "place": [right] * len(ends),
            "n": [place + lift for place in places],
            "text": [guarded(text) for _, text in ends],
        }

    @cached_property
    def _room(self) -> float:
        """Pixels that the day of a report takes, or one of its numbers."""
        below = {one.day for one in self.points}
        return max(
            map(wide, below | {number(one.n, self.lang) for one in self.points}), default=0.0
        )

    @cached_property
    def _shown(self) -> list[int]:
        """The reports with a day and numbers: where they would touch, every second, third …."""
        step = int((self._room + _APART) // self._report) + 1
        places = sorted({one.place for one in self.points})
        return [place for place in places if (self._last - place) % step == 0]

    @cached_property
    def _report(self) -> float:
        """Pixels from one report to the next."""
        return _PLOT[0] * PIXELS / self._reports

    def _days(self) -> Any:
        import lets_plot as lp

        days = {one.place: one.day for one in self.points}
        left = min(days, default=0) - self._room / 2 / self._report
        right = self._last + (self._widest + _BESIDE * PIXELS) / self._report
        return lp.scale_x_continuous(
            breaks=self._shown,
            labels=[days[place] for place in self._shown],
            limits=[left, right],
            expand=[0, 0],
        )

    def _counts(self) -> Any:
        import lets_plot as lp

        step = next(
            size * ten
            for ten in (10**power for power in range(12))
            for size in (1, 2, 5)
            if self._top / (size * ten) < _TICKS + 1
        )
        ticks = list(range(0, int(self._top) + 1, step))
        return lp.scale_y_continuous(
            breaks=ticks,
            labels=[number(one, self.lang) for one in ticks],
            limits=[0, self._top],
            expand=[0, 0],
        )
