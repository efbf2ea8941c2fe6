"""`systems.yaml`: the template is right, and every mistake has its place."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from language.texts import both
from policies.problems import PolicyRefused
from reports.yearly.systems import APPROVED, DEPLOYMENT, DOSSIER
from reports.yearly.systems_file import FILE, TEMPLATE, read


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / FILE
    file.write_text(text, encoding="utf-8")
    return file


def test_the_template_is_whole(tmp_path: Path) -> None:
    lan, site = read(written(tmp_path, TEMPLATE))
    assert (lan.level, lan.dossier, lan.decided_on) == (2, APPROVED, "2026-09-01")
    assert lan.inspected
    assert lan.framework == "tcvn-14423-2026"
    assert [(one.requirement, one.until) for one in lan.plans] == [("4.5.2.1 b", "2027-03-31")]
    assert not site.inspected
    assert (site.deadline, site.decision, site.assessed_on) == ("", "", "")


def test_what_is_left_out_is_not_made_up(tmp_path: Path) -> None:
    (one,) = read(written(tmp_path, "systems: [{name: Mạng}]"))
    assert one.name == {"vi": "Mạng", "en": "Mạng"}
    assert (one.level, one.dossier, one.deployment, one.owner, one.plans) == (None, "", "", {}, ())


@pytest.mark.parametrize("word", [both(one)["vi"] for one in (*DOSSIER, *DEPLOYMENT)])
def test_the_fixed_words_are_taken_however_they_were_typed(tmp_path: Path, word: str) -> None:
    key = "dossier" if any(both(one)["vi"] == word for one in DOSSIER) else "deployment"
    apart = unicodedata.normalize("NFD", word)
    (one,) = read(written(tmp_path, f"systems: [{{name: A, {key}: {apart}}}]"))
    assert both(getattr(one, key))["vi"] == word


SYSTEM = "systems:\n  - name: A\n    "
LEVEL_3 = SYSTEM + (
    "level: 3\n    inspected: yes\n    plans:\n"
    "      - {requirement: 4.2.2.2, plan: B, until: 2027-01-01}"
)


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("", "1:1", "empty"),
        ("systems: []", "1:10", "no system"),
        ("systems: A", "1:10", "must be a list"),
        ("system: []", "1:1", "systems"),
        ("systems:\n  - level: 2", "2:5", "needs name"),
        (SYSTEM + "nmae: B", "3:5", "did you mean name"),
        (SYSTEM + "level: 6", "3:12", "no level"),
        (SYSTEM + "level: two", "3:12", "no level"),
        (SYSTEM + "dossier: Đã phê duyệt", "3:14", "Đã được phê duyệt"),
        (SYSTEM + "deployment: xong", "3:17", "Chưa triển khai"),
        (SYSTEM + "decided_on: 01/09/2026", "3:17", "no day"),
        (SYSTEM + "deadline: 2026-02-30", "3:15", "no day"),
        (SYSTEM + "inspected: maybe", "3:16", "yes, no"),
        (SYSTEM + "framework: tcvn-14423", "3:16", "did you mean tcvn-14423-2026"),
        (SYSTEM + "plans: [{requirement: 4.2.1, plan: B, until: 2027-01-01}]", "3:12", "inspected"),
        (SYSTEM + "inspected: yes\n  - name: B\n    inspected: yes", "5:16", "A is it already"),
        (SYSTEM + "owner: &a X", "3:12", "anchor"),
        (SYSTEM + "name: B", "3:5", "twice"),
        (
            SYSTEM + "inspected: yes\n    plans:\n      - {requirement: 4.2.9, plan: B, until: x}",
            "5:23",
            "tcvn-14423-2026 has no 4.2.9",
        ),
        (LEVEL_3, "6:23", "4.2.2.2 is not asked of a system of level 3; did you mean 5.2.2.2?"),
        (LEVEL_3.replace("level: 3", "level: 2").replace("4.2.2.2", "5.2.2.4"), "6:23", "level 2"),
    ],
)
def test_a_mistake_is_named_with_its_place(
    tmp_path: Path, text: str, place: str, says: str
) -> None:
    file = written(tmp_path, text)
    with pytest.raises(PolicyRefused) as refused:
        read(file)
    assert any(
        f"{file}:{place}: " in line and says in line for line in str(refused.value).splitlines()
    )


def test_one_mistake_does_not_hide_the_others(tmp_path: Path) -> None:
    wrong = "level: 9\n    dossier: x\n    deadline: y\n    inspected: yes\n    plans: [{plan: z}]"
    with pytest.raises(PolicyRefused) as refused:
        read(written(tmp_path, SYSTEM + wrong))
    said = str(refused.value)
    assert len(said.splitlines()) == 5
    assert [part in said for part in ("level", "dossier", "deadline", "requirement", "until")]
