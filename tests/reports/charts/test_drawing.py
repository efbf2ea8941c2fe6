"""Charts: text stays text, parts differ without colours, and nothing is fetched."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

import pytest

from reports import charts, management
from reports.charts.bars import LIGHTNESS, Bar, Bars
from reports.charts.lines import HEIGHT, Lines, Point
from reports.charts.look import LIMIT, PIXELS, wide
from reports.charts.portable import portable
from reports.document import Chart, Picture
from tests.reports.managed import managed

SVG = "{http://www.w3.org/2000/svg}"
PARTS = (("pass", "Đạt"), ("fail", "Không đạt"))
HOSTILE = (
    '<a href="http://example.invalid">bấm vào đây</a>',
    r"\( x^2 \) và $\sqrt{2}$",
    "<script>x()</script> & <style>a {b: c}</style>",
    "{{ 7 * 7 }} {.2f} @label ${n}",
)


def drawn():
    for one in management.document(managed(), "vi").blocks:
        if isinstance(one, Chart):
            yield one, ET.fromstring(charts.svg(one))  # noqa: S314 - our own drawing


def shown(picture: Picture) -> ET.Element:
    return ET.fromstring(charts.svg(Chart("", "", picture, 50)))  # noqa: S314 - our own drawing


def words(picture: Picture) -> list[str]:
    return [text.text or "" for text in shown(picture).iter(f"{SVG}text")]


def named(*names: str) -> Bars:
    """A chart of a bar for each name."""
    return Bars(tuple(Bar(name, (("pass", 2), ("fail", 1))) for name in names), PARTS, "vi")


def test_names_and_numbers_are_text_in_the_office_font():
    pictures = list(drawn())
    assert len(pictures) == 2
    said = {text.text for _, root in pictures for text in root.iter(f"{SVG}text")}
    assert {"Phòng Kinh tế", "Đạt", "Không đạt", "Chưa rõ", "2", "1", "Phải rà soát: 4"} <= said
    for _, root in pictures:
        assert root.get("font-family") == "Liberation Serif"
        assert not [one for one in root.iter() if one is not root and one.get("font-family")]


def test_nothing_is_fetched_and_nothing_restyles_the_page_that_it_stands_in():
    for one, root in drawn():
        picture = charts.svg(one)
        assert {each.tag.removeprefix(SVG) for each in root.iter()} <= TAGS
        assert not re.search(r"href|src|url\(|style|class=|id=|on[a-z]+=", picture)


TAGS = {"svg", "g", "rect", "path", "line", "circle", "text"}


def test_the_library_itself_styles_and_names_by_chance():
    """What `portable` is for: without it the test above and the one below would fail."""
    one, _ = next(drawn())
    plain = one.picture.plot().to_svg()
    assert "<style" in plain
    assert "Times New Roman" in plain
    assert plain != one.picture.plot().to_svg()
    assert portable(plain) == portable(one.picture.plot().to_svg())


def test_the_same_picture_is_the_same_bytes_and_is_drawn_once():
    for one, _ in drawn():
        picture = charts.svg(one)
        charts._drawn.cache_clear()
        assert charts.svg(one) == picture
    before = charts._drawn.cache_info().hits
    assert charts.svg(next(drawn())[0]) == charts.svg(next(drawn())[0])
    assert charts._drawn.cache_info().hits >= before + 3


@pytest.mark.parametrize("text", HOSTILE)
def test_a_name_is_shown_as_it_is_whatever_the_library_could_read_in_it(text):
    assert text in words(named(text, "Văn phòng"))
    line = Lines((Point(0, "a", text, 5),), (text,), "en")
    assert f"{text}: 5" in words(line)


def test_the_library_would_read_links_and_formulas_in_names():
    """The control of the test above."""
    import lets_plot as lp

    data = {"x": [0] * len(HOSTILE), "y": list(range(len(HOSTILE))), "n": list(HOSTILE)}
    plain = portable((lp.ggplot(data) + lp.geom_text(lp.aes("x", "y", label="n"))).to_svg())
    texts = {one.text for one in ET.fromstring(plain).iter(f"{SVG}text")}  # noqa: S314
    assert "bấm vào đây" in texts
    assert not set(HOSTILE[:2]) & texts


def test_parts_are_apart_in_lightness():
    tones = sorted(int(fill[1:3], 16) for fill, _ in LIGHTNESS.values())
    assert len(tones) == 4
    assert all(after - before >= 0x25 for before, after in pairwise(tones))
    for fill, ink in LIGHTNESS.values():
        light = int(fill[1:3], 16)
        assert abs(light - (0 if ink == "black" else 255)) > 0x80


def test_parts_are_as_wide_as_their_shares_and_have_their_tones():
    root = shown(Bars((Bar("Văn phòng", (("pass", 30), ("fail", 10))),), PARTS, "vi"))
    passed, failed = list(root.iter(f"{SVG}rect"))[:2]  # the legend's come after the bars
    assert [one.get("fill") for one in (passed, failed)] == [
        LIGHTNESS[name][0] for name, _ in PARTS
    ]
    widths = [float(one.get("width", 0)) for one in (passed, failed)]
    assert widths[0] > 100
    assert widths[0] == pytest.approx(3 * widths[1], rel=0.01)


def test_bars_of_one_name_stay_two_bars():
    two = (Bar("Văn phòng", (("pass", 1),)), Bar("Văn phòng", (("fail", 3),)))
    texts = words(Bars(two, PARTS, "vi"))
    assert texts.count("Văn phòng") == 2
    assert {"1", "3"} <= set(texts)


def test_every_bar_has_its_name_where_there_are_many():
    names = [f"Xã số {number}" for number in range(30)]
    assert set(names) <= set(words(named(*names)))


def test_names_fit_into_the_picture():
    root = shown(named("Trung tâm Phục vụ hành chính công", "Văn phòng"))
    at = [one for one in root.iter(f"{SVG}g") if one.get("transform", "").startswith("translate(2")]
    assert at, "the field begins right of the names"
    found = re.search(r"translate\(([\d.]+)", at[0].get("transform", ""))
    assert found
    assert wide("Trung tâm Phục vụ hành chính công") < float(found[1]) < 260


def test_a_name_that_is_too_long_is_cut():
    long = "Trường Trung học cơ sở " * 5
    (cut,) = (text for text in words(named("Văn phòng", long)) if "Trường" in text)
    assert cut.endswith("…")
    assert long.startswith(cut[:-1])
    assert LIMIT - 20 < wide(cut) <= LIMIT


def heights(picture: Lines, texts: set[str]) -> dict[str, float]:
    """How far down each text stands, in pixels."""
    found: dict[str, float] = {}

    def look(element: ET.Element, down: float) -> None:
        moved = re.findall(r"translate\([-\d.]+ ([-\d.]+)", element.get("transform", ""))
        down += sum(map(float, moved))
        if element.text in texts:
            found[element.text] = down
        for one in element:
            look(one, down)

    look(shown(picture), 0.0)
    return found


def test_names_of_lines_that_end_together_stand_apart():
    points = tuple(Point(0, "a", name, n) for name, n in (("x", 5), ("y", 5), ("z", 0)))
    rows = heights(Lines(points, ("x", "y", "z"), "en"), {"x: 5", "y: 5", "z: 0"})
    assert len(rows) == 3
    assert min(abs(one - other) for one, other in combinations(rows.values(), 2)) > 12
    assert rows["x: 5"] < rows["z: 0"]


def test_a_number_does_not_stand_on_the_days():
    points = tuple(
        Point(place, day, name, n)
        for place, day in ((0, "a"), (1, "b"))
        for name, n in (("x", 500), ("y", 250), ("z", 1))
    )
    rows = heights(Lines(points, ("x", "y", "z"), "en"), {"1", "a"})
    assert rows["a"] - rows["1"] > 15


def test_of_many_reports_some_have_days_and_the_last_is_one_of_them():
    points = tuple(Point(place, f"{place:02d}/09/2026", "x", 5) for place in range(24))
    texts = words(Lines(points, ("x",), "vi"))
    days = [text for text in texts if text.endswith("/09/2026")]
    assert 3 <= len(days) <= 6
    assert "23/09/2026" in days


@pytest.mark.parametrize(("lang", "said"), [("vi", "12.345"), ("en", "12,345")])
def test_numbers_are_written_as_the_language_has_them(lang, said):
    assert said in words(Bars((Bar("Văn phòng", (("pass", 12345),)),), PARTS, lang))
    texts = words(Lines((Point(0, "a", "x", 12345),), ("x",), lang))
    assert f"x: {said}" in texts
    assert ("10.000" if lang == "vi" else "10,000") in texts, "on the axis too"


def test_a_picture_is_as_sharp_as_asked_and_the_same_each_time():
    one, root = next(drawn())
    sharp = charts.png(one, 200)
    wide = int.from_bytes(sharp[16:20])
    assert wide == pytest.approx(float(root.get("width")) * 200 / 96, abs=1)
    assert charts.png(one, 200) == sharp


def test_what_the_library_cannot_draw_is_an_error_and_no_picture():
    import lets_plot as lp

    wrong = lp.ggplot({"x": [1]}) + lp.geom_text(lp.aes("x", "y", label="n"))
    with pytest.raises(ValueError, match="Variable not found"):
        portable(wrong.to_svg())


def test_lines_have_room_in_their_height():
    points = tuple(Point(0, "a", name, 5) for name in "xyz")
    root = shown(Lines(points, ("x", "y", "z"), "en"))
    assert float(root.get("height", 0)) == pytest.approx(HEIGHT * PIXELS, abs=1)
