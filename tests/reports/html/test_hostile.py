"""No text of a machine runs in the page, whatever it holds; a page that does not escape runs it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from reports.html import filled, render, security
from reports.html.environment import environment
from reports.summary import Summary
from reports.visible import visible
from tests.reports.browser import Opened, opened
from tests.reports.everything import UNITS, everything
from tests.reports.hostile import HOSTILE as SHARED

RUNS = "window.ran=(window.ran||0)+1"
OURS = [
    f"<script>{RUNS}</script>",
    f"<SCRIPT >{RUNS}</SCRIPT\t>",
    f"</td></table></details></main><script>{RUNS}</script>",
    f"</title></style></script><script>{RUNS}</script>",
    f"<img src=x onerror='{RUNS}'>",
    f"<svg onload={RUNS}>",
    f"<svg><style>body{{display:none}}</style><script>{RUNS}</script></svg>",
    f"<details open ontoggle={RUNS}>",
    f"<input autofocus onfocus={RUNS}>",
    f"<iframe srcdoc='<script>parent.{RUNS}</script>'></iframe>",
    f"<body onload={RUNS}>",
    f"<a href='javascript:{RUNS}'>x</a>",
    f"<math><mtext></form><form><mglyph><style></math><img src onerror={RUNS}>",
    f'" onmouseover="{RUNS}" autofocus onfocus="{RUNS}" x="',
    f"' onclick='{RUNS}' '",
    f"<!--><script>{RUNS}</script>-->",
    f"<![CDATA[<script>{RUNS}</script>]]>",
    "<style>body{display:none!important}</style>",
    "<link rel=stylesheet href=https://192.0.2.1/x.css>",
    "<img src=https://192.0.2.1/x.png>",
    "<meta http-equiv=refresh content='0;url=https://192.0.2.1/'>",
    "<base href=https://192.0.2.1/>",
    "<form action=https://192.0.2.1/><button>x</button></form>",
    "<object data=https://192.0.2.1/></object><embed src=https://192.0.2.1/>",
    "<plaintext>",
    "<template><noscript><textarea><select>",
    "{{ 7*191 }} {% raw %} {{ summary.__class__ }} ${7*191} #{7*191}",
    "{n} {name} %(name)s %s {0.__class__}",
    "&lt;script&gt; &amp;#60;b&amp;#62; &#60;script&#62;",
    '=cmd|"/c calc"!A1',
    "abc\u202egnp.exe\u2066x\u2069",
    "zero\u200bwidth\ufeff\u00ad\x00\x07\x1b[31m\x85\u2028end",
    "a\nb\r\nc\td",
    "\U0001f4a3 Nguyễn Đặng Ước \u0110\u0301 नमस्ते שלום",
    "x" * 10_000,
    "<b>" * 3_000,
]


HOSTILE = [*OURS, *(text for text, _ in SHARED)]


@pytest.fixture(scope="module")
def hostile() -> Summary:
    """Every string as everything that a machine says; and as the names of units."""
    made = everything(HOSTILE)
    evil = {"vi": HOSTILE[0], "en": HOSTILE[4]}
    units = tuple(replace(one, name=evil if one.code == "X1" else one.name) for one in made.units)
    return replace(made, units=units)


def _ran(made: Opened) -> Any:
    made.page.wait_for_timeout(200)
    return made.page.evaluate("window.ran || 0")


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_nothing_of_a_machine_runs(
    browser: Browser, hostile: Summary, tmp_path: Path, lang: str
) -> None:
    page = render(hostile, lang)
    for text in (page, _without_policy(page)):  # escaping holds by itself
        with opened(browser, text, tmp_path) as made:
            assert _ran(made) == 0
            assert made.quiet, (made.requests, made.console, made.dialogs)
            assert made.page.evaluate("getComputedStyle(document.body).display") == "block"
            assert made.page.locator("script").count() == 1
            assert made.page.locator("img, iframe, object, embed, base, link").count() == 0
            assert made.page.locator("#machines-table > tbody").count() == len(HOSTILE) > 60


@pytest.mark.slow
def test_each_text_is_shown_as_it_is(browser: Browser, hostile: Summary, tmp_path: Path) -> None:
    page = render(hostile, "vi")
    with opened(browser, page, tmp_path, java_script_enabled=False) as made:
        rows = made.page.locator("#machines-table > tbody")
        for place, one in enumerate(HOSTILE):
            row = rows.locator(f"xpath=self::*[@data-device='d-{place}']")
            shown = row.locator(".findings bdi").first.text_content() or ""
            assert shown == f"Giải thích: {visible(one)}"
            name = row.locator("th > .said").first.text_content() or ""
            assert name == visible(one) or len(one) > 200


@pytest.mark.slow
def test_the_control_an_unescaped_page_runs_them(browser: Browser, tmp_path: Path) -> None:
    """Each by itself: one that breaks the page must not hide the others."""
    careless = environment.__wrapped__("vi")
    careless.autoescape = False
    ran, refused = [], []
    for text in (one for one in OURS if RUNS in one):
        page = filled(careless, everything([text]), "vi")
        with opened(browser, _without_policy(page), tmp_path) as made:
            ran += [text] if _ran(made) else []
        with opened(browser, page, tmp_path) as made:
            assert _ran(made) == 0, "the policy alone must hold"
            refused += [line for line in made.console if "Content Security Policy" in line]
    assert len(ran) >= 8, ran
    assert len(refused) >= len(ran)


@pytest.mark.slow
def test_the_control_an_unescaped_page_asks_the_network(browser: Browser, tmp_path: Path) -> None:
    careless = environment.__wrapped__("vi")
    careless.autoescape = False
    page = filled(careless, everything(['<img src="https://192.0.2.1/x.png">']), "vi")
    with opened(browser, _without_policy(page), tmp_path) as made:
        made.page.wait_for_timeout(200)
        assert made.requests
    with opened(browser, page, tmp_path) as made:
        made.page.wait_for_timeout(200)
        assert not made.requests, "the policy alone must hold"


def _without_policy(page: str) -> str:
    tag = f'<meta http-equiv="Content-Security-Policy" content="{security.page().policy}">'
    assert page.count(tag) == 1
    return page.replace(tag, "")


@pytest.mark.slow
def test_a_script_put_into_the_file_is_refused(
    browser: Browser, whole: Summary, tmp_path: Path
) -> None:
    page = render(whole, "vi").replace("</main>", f"<script>{RUNS}</script></main>")
    with opened(browser, page, tmp_path) as made:
        assert _ran(made) == 0
        assert len(made.console) == 1
    with opened(browser, _without_policy(page), tmp_path) as made:
        assert _ran(made) == 1, "the control"


def test_names_of_units_are_in_the_hostile_page(hostile: Summary) -> None:
    assert len(UNITS) == 4
    assert "&lt;script&gt;window.ran" in render(hostile, "vi")
