"""The page as a file: whole, self-contained, in the language asked for, never too long."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from reports.html import lists, render
from reports.html.sizes import disk, memory
from reports.summary import Coverage, Summary
from tests.reports.everything import everything

VOID = {"meta", "br", "link", "input"}


class Outline(HTMLParser):
    """Checks that tags nest, and collects the text and the tags."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        given = dict(attrs)
        assert "style" not in given
        assert not [name for name in given if name.startswith("on")]
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if "href" in given else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


def outline(page: str) -> Outline:
    made = Outline()
    made.feed(page)
    return made


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_is_whole_and_fetches_nothing(whole: Summary, lang: str) -> None:
    page = render(whole, lang)
    read = outline(page)
    assert read.open == []
    assert len(read.ids) == len(set(read.ids)) > 13
    assert {link[1:] for link in read.links} <= set(read.ids)
    assert read.tags.count("script") == read.tags.count("style") == 1
    assert not re.search(r"https?:|@import|url\(|\bsrc=", page)
    assert f'<html lang="{lang}">' in page


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_says_everything(whole: Summary, lang: str) -> None:
    words = outline(render(whole, lang)).words
    assert whole.headline.sentence[lang] in words
    assert whole.coverage.sentence(lang) in words
    assert whole.policy_hash in words
    assert whole.since
    assert whole.since.hash in words
    for device in whole.devices:
        assert {device.name, device.id, device.facts_hash or ""} <= set(words.split())
    shown = ("23/11/2026 15:00", "01/12/2026") if lang == "vi" else ("2026-11-23 15:00",)
    assert all(one in words for one in shown)
    for unit in whole.units:
        assert unit.name[lang] in words
    for one in whole.unsaid:
        assert one.sentence[lang] in words


def test_a_summary_with_next_to_nothing_has_its_page(summary: Summary) -> None:
    words = outline(render(summary, "vi")).words
    assert "Chưa có báo cáo kỳ trước để so sánh." in words
    assert "Không có miễn trừ nào" in words or "miễn trừ" in words
    assert "UBND-03" in words
    assert "chưa báo cáo" in words


def test_each_language_is_its_own(whole: Summary) -> None:
    english = outline(render(whole, "en")).words
    assert not re.search(r"Đạt|Không|máy|Chưa", english.replace("Đồi", ""))


def test_a_long_list_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MOST_ROWS", 5)
    made = everything()
    read = outline(render(made, "vi"))
    assert read.words.count("Ở đây nêu 5 trên 8.") == 7
    worst = [one.name for one in lists.of(made).machines.shown]
    assert len(worst) == 5
    fails = [one.count("fail") for one in made.devices]
    assert fails[[one.name for one in made.devices].index(worst[0])] == max(fails)


def test_no_register_says_what_the_denominator_is(whole: Summary) -> None:
    bare = replace(whole, coverage=Coverage(8, 5, 1, 1, 1))
    words = outline(render(bare, "vi")).words
    assert "mẫu số là số máy đã ghi danh" in words
    assert "Chưa từng báo cáo" in words


def test_what_has_no_shape_is_shown_by_its_number() -> None:
    words = outline(render(everything(["a\u202eb\x00c\ud800"]), "vi")).words
    assert words.count("a[U+202E]b[U+0000]c[U+D800]") > 20


def test_sizes_are_as_they_are_sold() -> None:
    assert memory(8 * 2**30, "vi") == "8 GB"
    assert memory(3 * 2**29, "vi") == "1,5 GB"
    assert disk(256_060_514_304, "en") == "256 GB"
    assert disk(1_800_000_000_000, "en") == "1.8 TB"
    assert disk(5000, "vi") == "5.000 B"
