"""The agent's catalogue: what `tools/catalogues.py --check` finds amiss in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ROOT
from tools import catalogues

AGENT = catalogues.PAIRS[1]
WHOLE = AGENT.target.read_bytes()


def problems(tmp_path: Path, *, old: str = "", new: str = "") -> list[str]:
    """What is amiss after the sources were changed and compiled anew."""
    text = (ROOT / "agents" / "vi.po").read_text("utf-8")
    assert old in text
    changed = tmp_path / "vi.po"
    changed.write_text(text.replace(old, new, 1), "utf-8")
    found: list[str] = []
    catalogues.done(
        AGENT._replace(sources=(changed,), target=tmp_path / "vi.mo"), found, check=False
    )
    return found


def test_every_message_of_the_agent_is_there(tmp_path: Path) -> None:
    assert problems(tmp_path) == []
    assert (tmp_path / "vi.mo").read_bytes() == WHOLE
    used = AGENT.used()
    assert len(used) > 150
    assert {"print what would be reported, and send nothing", "%s deleted"} <= used.keys()
    assert "%s: %s" not in used


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('msgid "%s deleted"\n', 'msgid "%s was deleted"\n', "no Vietnamese for '%s deleted'"),
        ('msgid "%s deleted"\n', 'msgid "%s was deleted"\n', "is not in the code any more"),
        ('msgstr "đã xóa %s"', 'msgstr ""', "has no translation"),
        ('msgstr "đã xóa %s"', 'msgstr "đã xóa"', "the values are not those"),
        ('msgstr "đã xóa %s"', 'msgstr "đã xóa %d"', "the values are not those"),
        ('msgstr "đã xóa %s"', 'msgstr "đã xóa %s 100%"', "the values are not those"),
        ("%s không thành công (mã thoát %d)", "%d: %s không thành công", "the values are not"),
    ],
)
def test_what_is_amiss_is_named(tmp_path: Path, old: str, new: str, why: str) -> None:
    assert any(why in one for one in problems(tmp_path, old=old, new=new))


def test_a_catalogue_that_was_not_compiled_is_named(tmp_path: Path) -> None:
    stale = tmp_path / "vi.mo"
    stale.write_bytes(WHOLE[:-1])
    for target in (stale, tmp_path / "none"):
        found: list[str] = []
        catalogues.done(AGENT._replace(target=target), found, check=True)
        assert len(found) == 1
        assert found[0].endswith("is not what its sources say; run: make language")
