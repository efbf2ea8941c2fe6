"""MACs, dates, numbers and words: each notation that offices write, and what is refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from inventory.register import template
from inventory.register.values.addresses import addresses_of
from inventory.register.values.bad import Bad
from inventory.register.values.dates import EXCEL_DAY_0, date_of
from inventory.register.values.macs import macs_of
from inventory.register.values.texts import number_of, optional
from inventory.register.values.words import check_quantity, kind_by_name, kind_of, state_of
from inventory.sheets import CellError
from language.texts import LANGUAGES, texts

TODAY = date(2026, 11, 23)
cards = st.binary(min_size=6, max_size=6).filter(lambda raw: not raw[0] & 1 and any(raw))
NOTATIONS = (
    *(":".join(["{:02x}"] * 6), "-".join(["{:02X}"] * 6), " ".join(["{:02X}"] * 6)),
    *(".".join(["{:02x}{:02x}"] * 3), "-".join(["{:02X}{:02X}"] * 3), "{:02x}" * 6),
    *("-".join(["{:02X}{:02X}{:02X}"] * 2), ".".join(["{:02X}"] * 6)),
)
LABELS = ("", "LAN: ", "Wifi:", "WLAN = ", "Card mạng ", "eth0 ", "MAC-", "(không dây) ")
BETWEEN = ("; ", ", ", "\n", " / ", " | ", " + ", " và ", " - ")


def spelled(raw: bytes) -> str:
    return ":".join(f"{byte:02x}" for byte in raw)


def refusal(read, *arguments: Any) -> str:
    """The kind of the problem that a reader finds."""
    with pytest.raises(Bad) as bad:
        read(*arguments)
    return bad.value.kind


@given(
    st.lists(
        st.tuples(cards, st.sampled_from(NOTATIONS), st.sampled_from(LABELS)),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(BETWEEN),
)
def test_macs_in_any_notation_and_several(parts, between: str) -> None:
    text = between.join(label + notation.format(*raw) for raw, notation, label in parts)
    expected = tuple(dict.fromkeys(spelled(raw) for raw, _, _ in parts))
    assert macs_of(text) == expected


@given(cards, st.sampled_from(NOTATIONS[:5]), st.integers(0, 100))
def test_a_mac_that_lost_or_got_a_character_is_never_taken(raw, notation: str, at: int) -> None:
    text = notation.format(*raw)
    place = at % len(text)
    assume(text[place].isalnum())
    assert refusal(macs_of, text[:place] + text[place + 1 :]) == "mac_bad"
    assert refusal(macs_of, text[:place] + "O" + text[place + 1 :]) == "mac_bad"
    assert refusal(macs_of, text + "5E") == "mac_bad"


@given(st.text(max_size=40))
def test_any_text_gives_macs_or_a_reason(text: str) -> None:
    try:
        found = macs_of(text)
    except Bad:
        return
    assert all(len(one) == 17 for one in found)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("FF:FF:FF:FF:FF:FF", "mac_no_card"),
        ("00-00-00-00-00-00", "mac_no_card"),
        ("01:00:5E:00:00:01", "mac_no_card"),
        (1122334455, "mac_number"),
        ("10.20.1.7", "mac_is_address"),
        ("1.12233E+11", "mac_number"),
        ("00:1A:2B:3C:4D:5E và 00:1A:2B", "mac_bad"),
        ("xem ghi chú dòng 25", "mac_bad"),
        (CellError("#REF!"), "formula_error"),
    ],
)
def test_what_is_no_mac(value, kind: str) -> None:
    assert refusal(macs_of, value) == kind


@pytest.mark.parametrize("value", [None, "", " ", "-", "0", "Không có", "n/a", "chưa rõ"])
def test_nothing_is_nothing(value) -> None:
    assert macs_of(value) == ()
    assert addresses_of(value) == ()
    assert number_of(value) is None
    assert date_of(value, TODAY) is None


days = st.dates(date(1980, 1, 1), TODAY)
DAY_NOTATIONS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y 00:00:00", "%d/%m/%y")


@given(days, st.sampled_from([*DAY_NOTATIONS, "Ngày %d tháng %m năm %Y", "%d tháng %m năm %Y"]))
def test_days_as_text(day: date, notation: str) -> None:
    assert date_of(day.strftime(notation), TODAY) == day.isoformat()


@given(days)
def test_days_as_excel_keeps_them(day: date) -> None:
    number = (day - EXCEL_DAY_0).days
    moment = datetime(day.year, day.month, day.day, 13, 5)  # noqa: DTZ001 - a sheet has no zone
    for value in (day, moment, number, float(number), str(number)):
        assert date_of(value, TODAY) == day.isoformat()


@given(days, st.sampled_from(["%m/%Y", "Tháng %m/%Y", "tháng %m năm %Y", "%Y-%m", "%m-%Y"]))
def test_months(day: date, notation: str) -> None:
    assert date_of(day.strftime(notation), TODAY) == f"{day:%Y-%m}"


@given(days)
def test_years(day: date) -> None:
    for value in (day.year, str(day.year), f"năm {day.year}", f"Năm {day.year}"):
        assert date_of(value, TODAY) == str(day.year)


@given(st.dates(TODAY + timedelta(days=1), date(2099, 12, 31)))
def test_a_future_day_is_refused(day: date) -> None:
    assert refusal(date_of, f"{day:%d/%m/%Y}", TODAY) == "date_range"


@given(days.filter(lambda day: day.day > 12))
def test_a_month_before_the_day_is_never_turned_round(day: date) -> None:
    assert refusal(date_of, f"{day:%m/%d/%Y}", TODAY) == "date_month_first"


@given(st.one_of(st.text(max_size=30), st.integers(), st.floats(allow_nan=False), st.booleans()))
def test_anything_gives_a_date_or_a_reason(value) -> None:
    try:
        found = date_of(value, TODAY)
    except Bad:
        return
    assert found is None or found[:4].isdecimal()


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("31/02/2021", "date_no_such_day"),
        ("Quý 2/2021", "date_bad"),
        (12, "date_bad"),
        (True, "date_bad"),
        ("01/01/1970", "date_range"),
        (date(1905, 7, 13), "date_year_as_day"),
        (CellError("#N/A"), "formula_error"),
    ],
)
def test_what_is_no_date(value, kind: str) -> None:
    assert refusal(date_of, value, TODAY) == kind


@pytest.mark.parametrize(
    ("value", "number"),
    [("0012", "0012"), (12345, "12345"), (" 5CG 7000 ", "5CG 7000"), (123456789012345, None)],
)
def test_numbers_of_things(value, number: str | None) -> None:
    assert number_of(value) == (number or str(value))


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (123_000_000_000, "digits_lost"),
        (12345678901234567890, "digits_lost"),
        (12.5, "digits_lost"),
        ("1.23E+11", "digits_lost"),
        ("1,23e+11", "digits_lost"),
        (True, "digits_lost"),
        (datetime(2021, 10, 1), "became_date"),  # noqa: DTZ001
        ("M¸y tÝnh", "legacy_text"),
        ("a\x07b", "control"),
        ("x" * 256, "too_long"),
    ],
)
def test_a_number_that_was_lost_is_told_and_never_guessed(value, kind: str) -> None:
    assert refusal(number_of, value) == kind


def test_letters_come_in_one_form() -> None:
    import unicodedata

    assert optional(unicodedata.normalize("NFD", "Xã  Bảo\nYên")) == "Xã Bảo Yên"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Máy tính để bàn", "pc"),
        ("LAPTOP", "pc"),
        ("Máy chủ", "server"),
        ("máy in HP", "printer"),
        ("Máy tính bảng", "phone"),
        ("Màn hình máy tính", "other"),
        ("Switch 24 cổng", "switch"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert kind_of(text) == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Máy in Canon 2900", "printer"),
        ("Máy tính bảng Samsung", "phone"),
        ("Máy vi tính Dell Vostro", "pc"),
        ("PC-01", "pc"),
        ("BH-PC-01", "pc"),
        ("Máy chủ Dell R740", "server"),
        ("Màn hình Dell 24", "other"),
        ("Camera PC", None),
        ("CAMERA-01", None),
        ("Màn hình máy tính", None),
        ("MAY-IN-02", None),
        ("Bà Ba", None),
    ],
)
def test_a_name_makes_no_computer_into_something_else(name: str, kind: str | None) -> None:
    assert kind_by_name(name) == kind


def test_a_kind_that_is_not_understood_is_told() -> None:
    assert refusal(kind_of, "Thiết bị lạ") == "kind_unknown"


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Đang sử dụng", "in_use"),
        ("Hỏng", "broken"),
        ("Đã thanh lý năm 2024", "disposed"),
        ("Thanh lý", "disposed"),
        ("Chưa thanh lý", "in_store"),
        ("Chờ thanh lý", "in_store"),
        ("Thất lạc", "lost"),
    ],
)
def test_states_and_what_is_not_disposed_of_yet(text: str, state: str) -> None:
    assert state_of(text) == state


def test_addresses() -> None:
    assert addresses_of("10.20.1.7; 2001:DB8::1\n10.20.1.7/24") == ("10.20.1.7", "2001:db8::1")
    assert addresses_of("DHCP") == ()
    for value, kind in ((10.2, "address_number"), ("10.20.1.300", "address_bad")):
        assert refusal(addresses_of, value) == kind
    assert refusal(addresses_of, "127.0.0.1") == "address_no_machine"


def test_a_row_is_one_machine() -> None:
    for value in (None, 1, "01 bộ", "1"):
        check_quantity(value)
    for value in (5, "03 cái", "vài"):
        assert refusal(check_quantity, value) == "several_machines"


def test_the_template_offers_words_that_are_understood() -> None:
    for say in map(texts, LANGUAGES):
        lists = template._LISTS
        assert "unknown" not in {kind_of(say(word)) for word in lists["kind"]}
        states = [state_of(say(word)) for word in lists["state"]]
        assert states == ["in_use", "broken", "in_store", "disposed", "lost"]
