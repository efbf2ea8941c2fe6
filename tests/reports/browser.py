"""Chromium for tests of the page: no request leaves it, and everything that happens is noted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's browser, without a window."""
    with sync_playwright() as driver:
        made = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield made
        made.close()


@dataclass
class Opened:
    """A page, and what it tried: requests beyond itself, console lines, dialogs, errors."""

    page: Page
    requests: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    @property
    def quiet(self) -> bool:
        """Whether nothing happened but that the page was shown."""
        return not (self.requests or self.console or self.dialogs)


@contextmanager
def opened(browser: Browser, text: str, tmp_path: Path, **options: Any) -> Iterator[Opened]:
    """The page as a file, in a context of its own."""
    file = tmp_path / "báo cáo.html"
    file.write_text(text, "utf-8")
    context = browser.new_context(**options)
    made = Opened(context.new_page())
    _watch(made, file.as_uri())
    made.page.goto(file.as_uri())
    yield made
    context.close()


def _watch(made: Opened, own: str) -> None:
    def asked(route: Any) -> None:
        if route.request.url.split("#")[0] == own:
            route.continue_()
        else:
            made.requests.append(route.request.url)
            route.abort()

    def dialog(one: Any) -> None:
        made.dialogs.append(one.message)
        one.dismiss()

    made.page.route("**/*", asked)
    made.page.on("console", lambda one: made.console.append(one.text))
    made.page.on("pageerror", lambda one: made.console.append(str(one)))
    made.page.on("dialog", dialog)
