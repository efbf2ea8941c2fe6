"""Help and click's own errors in the reader's language, for every command."""

from __future__ import annotations

import re

import pytest

from rasoat.cli import COMMANDS
from tests.rasoat.conftest import called

ENGLISH = re.compile(r"\b(the|and|with|which|default|Show|Options|Usage)\b")


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_in_vietnamese_and_again_in_english(command: str) -> None:
    words = [command, "--help"] if command else ["--help"]
    vietnamese = called("--lang", "vi", *words)
    assert vietnamese.code == 0
    assert vietnamese.out.startswith("Cách dùng: rasoat")
    assert "Ví dụ: " in vietnamese.out
    shown = re.sub(r"rasoat .*|[-\w]+/\S*|\w+-\S+|\[.*?\]", "", vietnamese.out)
    assert not ENGLISH.findall(shown), shown
    english = called("--lang", "en", *words)
    assert english.out.startswith("Usage: rasoat")
    assert "Example: " in english.out
    assert "Ví dụ" not in english.out


def test_a_wrong_word_is_told_in_the_readers_language() -> None:
    assert "Không có lệnh" in called("--lang", "vi", "reprot").err
    assert "No such command" in called("--lang=en", "reprot").err
    assert "Không có tùy chọn" in called("--lang", "vi", "devices", "--al").err


def test_what_click_says_of_several_things_is_told_in_it_too() -> None:
    assert "không nằm trong số 'html'" in called("--lang", "vi", "report", "--format", "pff").err
    assert "Thừa đối số (a b)" in called("--lang", "vi", "devices", "a", "b").err
    assert "is not one of 'html'" in called("--lang", "en", "report", "--format", "pff").err
