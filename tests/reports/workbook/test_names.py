"""Names of sheets: always allowed, always unique."""

from hypothesis import given
from hypothesis import strategies as st

from reports.workbook.names import unique_names
from tests.reports.hostile import HOSTILE_STRINGS


@given(st.lists(st.text(max_size=60) | st.sampled_from(HOSTILE_STRINGS), max_size=20))
def test_names_are_allowed_and_unique(wanted):
    made = unique_names(wanted, ["Tóm tắt"])
    assert len(made) == len(wanted)
    assert len({name.casefold() for name in made} | {"tóm tắt", "history"}) == len(wanted) + 2
    for name in made:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\")
        assert name == name.strip().strip("'")


def test_a_long_name_keeps_its_beginning_and_gets_a_number():
    name = "Phòng Kinh tế, Hạ tầng và Đô thị phường"
    assert unique_names([name, name.upper(), name]) == [
        "Phòng Kinh tế, Hạ tầng và Đô th",
        "PHÒNG KINH TẾ, HẠ TẦNG VÀ Đ (2)",
        "Phòng Kinh tế, Hạ tầng và Đ (3)",
    ]
    assert unique_names(["A/B: [1]", "History"]) == ["A-B- -1-", "History (2)"]
