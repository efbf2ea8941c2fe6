"""Numbers, dates and ages as the office writes them."""

from datetime import UTC, datetime, timedelta

import pytest

from reports.formats import age, local_time, number, parse_time, percent


@pytest.mark.parametrize(
    ("part", "whole", "vi", "en"),
    [
        (541, 568, "95,2 %", "95.2 %"),
        (9999, 10000, "99,9 %", "99.9 %"),
        (568, 568, "100,0 %", "100.0 %"),
        (0, 5, "0,0 %", "0.0 %"),
        (0, 0, "–", "–"),
    ],
)
def test_shares_are_never_rounded_up(part, whole, vi, en):
    assert (percent(part, whole, "vi"), percent(part, whole, "en")) == (vi, en)


def test_times_are_the_offices():
    moment = parse_time("2026-11-23T18:05:00Z")
    assert moment == datetime(2026, 11, 23, 18, 5, tzinfo=UTC)
    assert local_time(moment, "vi") == "24/11/2026 01:05"
    assert local_time(moment, "en") == "2026-11-24 01:05"
    assert local_time(moment, "en", "UTC") == "2026-11-23 18:05"


def test_numbers_and_ages():
    assert (number(1234567, "vi"), number(1234567, "en")) == ("1.234.567", "1,234,567")
    assert age(timedelta(hours=2, minutes=59), "en") == "2 h"
    assert age(timedelta(days=3), "vi") == "3 ngày"
    assert age(timedelta(seconds=-5), "en") == "0 s"
