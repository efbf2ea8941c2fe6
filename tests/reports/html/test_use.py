"""What a reader does with the page: filter, sort, read without a script, print."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from reports.html import render
from reports.summary import Summary
from tests.reports.browser import Opened, opened
from tests.reports.everything import NAMES

pytestmark = pytest.mark.slow
FORM = "form[data-for=machines-table]"


@pytest.fixture
def made(browser: Browser, whole: Summary, tmp_path: Path) -> Iterator[Opened]:
    with opened(browser, render(whole, "vi"), tmp_path) as one:
        yield one
        assert one.quiet, (one.requests, one.console)


@pytest.fixture
def page(made: Opened) -> Page:
    return made.page


def _shown(page: Page) -> list[str]:
    return page.locator("#machines-table > tbody:visible th > .said").all_inner_texts()


def _status(page: Page) -> str:
    page.wait_for_timeout(250)
    return page.locator(".status[data-of=machines-table]").inner_text()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("doi", {"Đồi-01"}), ("ĐỒI", {"Đồi-01"}), ("dung", {"Dung-04", "dũng-05"}), ("zzz", set())],
)
def test_words_are_found_without_their_marks(page: Page, typed: str, expected: set[str]) -> None:
    page.fill(f"{FORM} [name=text]", f"{typed}-" if typed != "zzz" else typed)
    assert _status(page) == f"Đang hiện {len(expected)} trên {len(NAMES)}."
    assert set(_shown(page)) == expected


def test_unit_result_and_severity_narrow_together(page: Page, whole: Summary) -> None:
    page.select_option(f"{FORM} [name=unit]", "X1")
    assert _status(page) == "Đang hiện 2 trên 8."
    page.select_option(f"{FORM} [name=unit]", "")
    page.select_option(f"{FORM} [name=result]", "fail")
    page.select_option(f"{FORM} [name=severity]", "high")
    wanted = {
        one.name
        for one in whole.devices
        if any(f.result == "fail" and f.severity == "high" for f in one.findings)
    }
    assert _status(page) == f"Đang hiện {len(wanted)} trên 8."
    assert set(_shown(page)) == wanted
    assert 0 < len(wanted) < 8
    page.locator(f"{FORM} .open-all").click()
    marks = page.locator(".findings > li:visible").evaluate_all("all => all.map(o => o.dataset)")
    assert {(one["result"], one["severity"]) for one in marks} == {("fail", "high")}
    page.locator(f"{FORM} [type=reset]").click()
    assert _status(page) == "Đang hiện 8 trên 8."


def test_columns_sort_by_keyboard_in_vietnamese_order(page: Page) -> None:
    head = page.locator("#machines-table th").first
    head.locator("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    order = ["Anh-02", "Ánh-03", "Dung-04", "dũng-05", "Đồi-01", "may-9", "may-10", "ưng-06"]
    assert _shown(page) == order
    assert _status(page) == "Đã xếp theo Máy, tăng dần."
    page.keyboard.press("Space")
    assert head.get_attribute("aria-sort") == "descending"
    assert _shown(page) == order[::-1]
    assert page.locator("#machines-table [aria-sort]").count() == 1


def test_numbers_sort_as_numbers_and_rows_keep_their_details(page: Page) -> None:
    page.locator("#machines-table th.number button").nth(1).click()
    rows = page.locator("#machines-table > tbody")
    fails = [int(text) for text in rows.locator("td.fail").all_inner_texts()]
    assert fails == sorted(fails)
    for place in range(rows.count()):
        device = rows.nth(place).get_attribute("data-device") or ""
        assert device in (rows.nth(place).locator("dl").text_content() or "")


def test_each_table_that_says_so_sorts_by_each_column(page: Page) -> None:
    heads = page.locator("table.sortable thead th button")
    assert heads.count() > 40
    for place in range(heads.count()):
        heads.nth(place).evaluate("one => one.click()")
    assert page.locator("[aria-sort=ascending]").count() == page.locator("table.sortable").count()


def test_without_a_script_everything_is_there(
    browser: Browser, whole: Summary, tmp_path: Path
) -> None:
    page = render(whole, "vi")
    with opened(browser, page, tmp_path, java_script_enabled=False) as plain:
        bare = plain.page.locator("main").text_content() or ""
        assert plain.page.locator("form.filter:visible, th button").count() == 0
        assert plain.page.locator("#machines-table > tbody:visible").count() == len(NAMES)
    with opened(browser, page, tmp_path) as live:
        scripted = live.page.locator("main").text_content() or ""
    assert " ".join(bare.split()) == " ".join(scripted.split())
    assert len(bare) > 5000


@pytest.mark.parametrize("width", [360, 768])
def test_a_small_screen_scrolls_tables_and_not_the_page(
    browser: Browser, whole: Summary, tmp_path: Path, width: int
) -> None:
    size = {"width": width, "height": 700}
    with opened(browser, render(whole, "vi"), tmp_path, viewport=size) as one:
        assert one.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("script", [True, False])
def test_on_paper_details_are_open_and_heads_repeat(
    browser: Browser, whole: Summary, tmp_path: Path, *, script: bool
) -> None:
    target = tmp_path / "printed.pdf"
    with opened(browser, render(whole, "vi"), tmp_path, java_script_enabled=script) as one:
        one.page.pdf(path=target, prefer_css_page_size=True)
    pages = [page.extract_text() for page in PdfReader(target).pages]
    text = " ".join(" ".join(pages).split())
    assert text.count("Giải thích:") == sum(len(one.shown_findings) for one in whole.devices) > 9
    assert "Tìm" not in text.split()
    box = PdfReader(target).pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)
    heads = [page for page in pages if "Báo cáo gần" in page]
    assert len(heads) > 1
