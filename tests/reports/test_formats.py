"""Times as the office writes them."""

from datetime import UTC, datetime

from reports.formats import local_time, parse_time


def test_times_are_the_offices():
    moment = parse_time("2026-11-23T18:05:00Z")
    assert moment == datetime(2026, 11, 23, 18, 5, tzinfo=UTC)
    assert local_time(moment, "vi") == "24/11/2026 01:05"
    assert local_time(moment, "en") == "2026-11-24 01:05"
    assert local_time(moment, "en", "UTC") == "2026-11-23 18:05"
