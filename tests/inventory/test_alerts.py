"""Alerts are kept in English and told in the reader's language."""

from __future__ import annotations

import pytest

from inventory.alerts import alert, two_reports, two_scans
from language.said import plain, spoken

FIRST, OTHER = ("10.1.0.9", "2026-11-23T08:00:00Z"), ("10.1.0.10", "2026-11-23T08:05:00Z")
REPORTS, SCANS = two_reports("1/7", FIRST, OTHER), two_scans("2/3", "0a1b")


@pytest.mark.parametrize("made", [REPORTS, SCANS])
def test_an_alert_that_was_kept_knows_its_message_again(made):
    again = alert(plain(made))
    assert type(plain(made)) is str
    assert again == made
    assert (again.message, again.values) == (made.message, made.values)
    assert spoken(again, "vi") == spoken(made, "vi") != made


def test_in_vietnamese_it_names_both_machines():
    told = spoken(alert(plain(REPORTS)), "vi")
    assert told.startswith("hai máy dùng chung khóa của tác tử này: báo cáo 1/7 đến từ 10.1.0.9")
    assert "10.1.0.10" in told


def test_what_no_message_fits_is_told_as_it_stands():
    later = "two machines share this agent's key: something that a later release says"
    assert spoken(alert(later), "vi") == later
    assert spoken(alert(""), "vi") == ""
