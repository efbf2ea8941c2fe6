"""Charts: text stays text, parts differ without colours, and nothing is fetched."""

from __future__ import annotations

import re
from copy import deepcopy
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

import pytest

from reports import charts, management
from reports.charts.bars import LIGHTNESS, Bar, divided, height
from reports.charts.lines import Point, over_time
from reports.document import Chart
from tests.reports.managed import managed

SVG = "{http://www.w3.org/2000/svg}"


def drawn():
    for one in management.document(managed(), "vi").blocks:
        if isinstance(one, Chart):
            yield one, ET.fromstring(charts.svg(one))  # noqa: S314 - our own drawing


def test_names_and_numbers_are_text_in_the_office_font():
    pictures = list(drawn())
    assert len(pictures) == 2
    words = [text for _, root in pictures for text in root.iter(f"{SVG}text")]
    said = {text.text for text in words}
    assert {"Phòng Kinh tế", "Đạt", "Không đạt", "Chưa rõ", "2", "1", "Phải rà soát: 4"} <= said
    assert {text.get("font-family") for text in words} == {"Liberation Serif"}


def test_nothing_is_fetched_and_no_script_is_in_it():
    for one, root in drawn():
        picture = charts.svg(one)
        assert not re.search(r"(?:href|src|url\()", picture.replace("xmlns:xlink", ""))
        assert not list(root.iter(f"{SVG}script"))
        assert picture == charts.svg(one)


def test_parts_are_apart_in_lightness():
    tones = sorted(int(fill[1:3], 16) for fill, _ in LIGHTNESS.values())
    assert len(tones) == 4
    assert all(after - before >= 0x25 for before, after in pairwise(tones))
    for fill, ink in LIGHTNESS.values():
        light = int(fill[1:3], 16)
        assert abs(light - (0 if ink == "black" else 255)) > 0x80


def test_bars_of_one_name_stay_two_bars():
    two = [Bar("Văn phòng", {"pass": 1}), Bar("Văn phòng", {"fail": 3})]
    made = divided(two, [("pass", "Đạt"), ("fail", "Không đạt")], "vi")
    chart = Chart("", "", made, height(two))
    texts = [text.text for text in ET.fromstring(charts.svg(chart)).iter(f"{SVG}text")]  # noqa: S314
    assert texts.count("Văn phòng") == 2
    assert {"1", "3"} <= set(texts)


def named(*names: str) -> Chart:
    """A chart of a bar for each name."""
    bars = [Bar(name, {"pass": 2, "fail": 1}) for name in names]
    parts = [("pass", "Đạt"), ("fail", "Không đạt")]
    return Chart("", "", divided(bars, parts, "vi"), height(bars))


def test_names_that_fit_are_drawn_as_if_they_had_been_measured():
    free = named("Văn phòng", "Trung tâm Phục vụ hành chính công")
    held = deepcopy(free)
    axis = held.specification["encoding"]["y"]["axis"]
    assert axis.pop("labelLimit") == 0
    assert charts.svg(free) == charts.svg(held)


def test_a_name_that_is_too_long_is_cut():
    long = "Trường Trung học cơ sở " * 5
    root = ET.fromstring(charts.svg(named("Văn phòng", long)))  # noqa: S314 - our own drawing
    texts = [text.text or "" for text in root.iter(f"{SVG}text")]
    (shown,) = (text for text in texts if "Trường" in text)
    assert shown.endswith("…")
    assert long.startswith(shown[:-1])


def test_names_of_lines_that_end_together_stand_apart():
    points = [Point("0", "a", name, n) for name, n in (("x", 5), ("y", 5), ("z", 0))]
    chart = Chart("", "", over_time(points, ("x", "y", "z"), "en"), 50)
    rows = [
        float(re.findall(r"[-\d.]+", text.get("transform", ""))[1])
        for text in ET.fromstring(charts.svg(chart)).iter(f"{SVG}text")  # noqa: S314
        if text.text in ("x: 5", "y: 5", "z: 0")
    ]
    assert len(rows) == 3
    assert min(abs(one - other) for one, other in combinations(rows, 2)) > 12


@pytest.mark.parametrize(("lang", "said"), [("vi", "12.345"), ("en", "12,345")])
def test_numbers_are_written_as_the_language_has_them(lang, said):
    made = divided([Bar("Văn phòng", {"pass": 12345})], [("pass", "Đạt")], lang)
    lines = over_time([Point("0", "a", "x", 12345)], ("x",), lang)
    for one in (made, lines):
        assert said in charts.svg(Chart("", "", one, 50))


def test_a_picture_is_as_sharp_as_asked_and_the_same_each_time():
    one, root = next(drawn())
    sharp = charts.png(one, 200)
    wide = int.from_bytes(sharp[16:20])
    assert wide == pytest.approx(float(root.get("width")) * 200 / 96, abs=1)
    assert charts.png(one, 200) == sharp
