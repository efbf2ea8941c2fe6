"""The page by axe-core's rules, in both languages, in light and in dark, wide and narrow."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from reports.html import render
from reports.summary import Summary
from tests.reports.browser import opened

pytestmark = pytest.mark.slow
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
CASES = [("vi", "light", 1280), ("en", "dark", 1280), ("vi", "dark", 360), ("en", "light", 360)]


@pytest.mark.parametrize(("lang", "scheme", "width"), CASES)
def test_axe_finds_nothing(
    browser: Browser, whole: Summary, tmp_path: Path, lang: str, scheme: str, width: int
) -> None:
    look = {"color_scheme": scheme, "viewport": {"width": width, "height": 900}}
    with opened(browser, render(whole, lang), tmp_path, bypass_csp=True, **look) as made:
        made.page.locator("form[data-for=machines-table] .open-all").click()
        made.page.evaluate("document.querySelectorAll('details').forEach(o => o.open = true)")
        made.page.locator("#machines-table th button").first.click()
        found = Axe().run(made.page, options=RULES).response
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    passed = {one["id"] for one in found["passes"]}
    assert len(passed) >= 30
    assert passed >= {"color-contrast", "html-has-lang", "select-name", "page-has-heading-one"}


def test_the_control_a_worse_page_is_found_out(
    browser: Browser, whole: Summary, tmp_path: Path
) -> None:
    page = render(whole, "vi").replace('<html lang="vi">', "<html>")
    page = page.replace("--soft: #545454", "--soft: #bbbbbb")
    with opened(browser, page, tmp_path, bypass_csp=True) as made:
        found = Axe().run(made.page, options=RULES).response
    assert {one["id"] for one in found["violations"]} >= {"html-has-lang", "color-contrast"}
