"""`rasoat register` as a person meets it: what is shown, what is kept, how it ends."""

from __future__ import annotations

import json
import re
import string
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inventory.coverage import COMPUTERS
from inventory.identity import observers
from inventory.register.rows import WARNINGS, Problem
from inventory.store import Store
from language.texts import texts
from rasoat import register_words
from tests.conftest import ROOT
from tests.inventory.register.workbooks import machines, seeded, write_office
from tests.rasoat.conftest import Done, called

Run = Callable[..., Done]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An empty data folder."""
    folder = tmp_path / "dữ liệu"
    Store.create(folder).close()
    return folder


@pytest.fixture
def run(data: Path) -> Run:
    """`rasoat register` on that folder, in English."""
    return lambda *words: called("--data", data, "--lang", "en", "register", *words)


def rows(data: Path, query: str) -> list[tuple[object, ...]]:
    with closing(Store.open(data, read_only=True)) as store:
        return list(store.reader().execute(query))


def test_forty_faults_are_shown_at_their_cells_and_528_kept(
    run: Run, data: Path, tmp_path: Path
) -> None:
    register = seeded()
    path = write_office(tmp_path / "so.xlsx", {"Tài sản": register.rows})
    done = run("import", path, "--json")
    assert done.code == 1, done.err
    told = json.loads(done.out)
    assert told["counts"] == {
        "added": 528,
        "changed": 0,
        "back": 0,
        "retired": 0,
        "same": 0,
        "refused": 40,
    }
    assert {one["place"].partition("!")[2]: {one["kind"]} for one in told["problems"]} == (
        register.faults
    )
    for problem in told["problems"]:
        assert problem["reason"]
        assert problem["what_to_do"]
        assert "{" not in problem["reason"] + problem["what_to_do"]
    assert rows(data, "SELECT count(*) FROM observations WHERE source = 'asset'") == [(528,)]
    assert rows(data, "SELECT count(*) FROM unsettled") == [(0,)]
    assert rows(data, "SELECT uncounted FROM register_imports") == [(40,)]
    judged = called("--data", data, "--lang", "en", "policy", "check", "--json")
    (summary,) = json.loads(judged.out)
    kinds = rows(data, "SELECT kind FROM assets")
    computers = sum(kind in COMPUTERS for (kind,) in kinds)
    assert computers > 400
    assert summary["coverage"]["expected"] == computers + 40
    assert summary["coverage"]["refused"] == 40
    again = run("import", path, "--json")
    assert json.loads(again.out)["counts"]["same"] == 528
    assert json.loads(again.out)["changes"] == []


def test_every_refused_row_is_on_the_screen_however_many(run: Run, tmp_path: Path) -> None:
    register = seeded()
    done = run("import", write_office(tmp_path / "so.xlsx", {"Tài sản": register.rows}))
    shown = set(re.findall(r"Tài sản!([A-N]\d+) ", done.out))
    assert register.faults.keys() <= shown
    assert "so.xlsx: 528 added, 0 changed, 0 back, 0 retired, 0 as before, 40 rows" in done.out


def test_equal_doubts_are_shown_once_with_their_number(run: Run, tmp_path: Path) -> None:
    lists = [row | {"kind": "Thiết bị lạ"} for row in machines(30)]
    path = write_office(tmp_path / "so.xlsx", {"A": lists})
    done = run("import", path)
    assert (done.code, done.out.count("Thiết bị lạ” is not understood")) == (0, 1)
    assert "A!H8 (+29)" in done.out
    assert len(json.loads(run("import", path, "--json").out)["problems"]) == 30


def test_a_dry_run_writes_nothing_and_shows_what_it_would(
    run: Run, data: Path, tmp_path: Path
) -> None:
    lists = machines(12)
    run("import", write_office(tmp_path / "so.xlsx", {"A": lists}))
    before = rows(data, "SELECT * FROM assets") + rows(data, "SELECT * FROM audit")
    lists[1]["holder"] = "Cán bộ Mới"
    write_office(tmp_path / "so.xlsx", {"A": lists[:11]})
    done = run("import", tmp_path / "so.xlsx", "--dry-run")
    assert done.code == 0
    assert "holder: Cán bộ 2 → Cán bộ Mới" in done.out
    assert re.search(r"retired +│ BY-0012 · PC-012", done.out)
    assert "dry run: nothing was written" in done.out
    assert rows(data, "SELECT * FROM assets") + rows(data, "SELECT * FROM audit") == before


def test_the_mapping_is_shown_with_its_confidence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Tên máy;Mã số lạ;Màu\nPC-01;BY-01;đen\n", "utf-8")
    done = run("import", tmp_path / "a.csv", "--dry-run")
    assert re.search(r"A +│ Tên máy +│ name +│ 100%", done.out)
    assert re.search(r"B +│ Mã số lạ +│ tag +│ \d\d%", done.out)
    assert re.search(r"C +│ Màu +│ \(not used\)", done.out)
    done = run("import", tmp_path / "a.csv", "--map", "Màu=note", "--map", "B=serial", "--json")
    [change] = json.loads(done.out)["changes"]
    assert change["row"] == {"name": "PC-01", "serial": "BY-01", "note": "đen", "kind": "pc"}


def test_the_list_says_what_was_left_out_of_it(run: Run, tmp_path: Path) -> None:
    lists = machines(3)
    run("import", write_office(tmp_path / "so.xlsx", {"A": [lists[0] | {"macs": "00:1A"}]}))
    assert "so.xlsx: 1 rows were refused and are not in the register" in run("--json").err
    run("import", write_office(tmp_path / "so.xlsx", {"A": lists}))
    assert run().err == ""


def test_strict_keeps_nothing(run: Run, data: Path, tmp_path: Path) -> None:
    lists = machines(3)
    lists[0]["macs"] = "00:1A"
    done = run("import", write_office(tmp_path / "so.xlsx", {"A": lists}), "--strict")
    assert (done.code, rows(data, "SELECT * FROM assets")) == (1, [])
    assert "--strict: rows were refused" in done.out
    lists[0]["macs"] = None
    done = run("import", write_office(tmp_path / "so.xlsx", {"A": lists}), "--strict")
    assert (done.code, len(rows(data, "SELECT * FROM assets"))) == (0, 3)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["none.xlsx"], "none.xlsx: No such file or directory"),
        (["a.docx"], "a.docx: is no spreadsheet"),
        (["good.xlsx", "--sheet", "Z"], "has no sheet “Z”; its sheets: A"),
        (["good.xlsx", "--map", "C"], "--map C: write COLUMN=FIELD"),
        (["good.xlsx", "--map", "C=x"], "there is no field “x”"),
        (["good.xlsx", "--unit", "BH"], "--unit BH: no units are known yet"),
        (["empty.csv"], "empty.csv: no line with column heads"),
    ],
)
def test_what_cannot_be_read_ends_with_2_and_one_message(
    run: Run, data: Path, tmp_path: Path, words: list[str], says: str
) -> None:
    write_office(tmp_path / "good.xlsx", {"A": machines(2)})
    (tmp_path / "a.docx").write_bytes(b"PK")
    (tmp_path / "empty.csv").write_bytes(b"")
    done = run("import", tmp_path / words[0], *words[1:])
    assert (done.code, done.out) == (2, "")
    assert says in done.err
    assert done.err.count("\n") == 1
    assert rows(data, "SELECT * FROM assets") == []


def test_half_a_list_gone_is_refused_until_it_is_meant(run: Run, tmp_path: Path) -> None:
    run("import", write_office(tmp_path / "so.xlsx", {"A": machines(10)}))
    write_office(tmp_path / "so.xlsx", {"A": machines(2)})
    trial = run("import", tmp_path / "so.xlsx", "--dry-run")
    assert (trial.code, "needs --retire-many" in trial.out) == (1, True)
    done = run("import", tmp_path / "so.xlsx")
    assert done.code == 2
    assert "would retire 8 of the 10 machines of “so.xlsx!A”" in done.err
    other = run("import", tmp_path / "so.xlsx", "--source", "kim-son")
    assert (other.code, "0 retired" in other.out) == (0, True)


def test_nothing_is_kept_when_writing_fails(
    run: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = 0

    def failing(*_: object) -> None:
        nonlocal calls
        calls += 1
        if calls == 100:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(observers, "of_asset", failing)
    done = run("import", write_office(tmp_path / "so.xlsx", {"A": machines(150)}))
    assert (done.code, calls) == (3, 100)
    assert rows(data, "SELECT count(*) FROM assets") == [(0,)]
    assert rows(data, "SELECT count(*) FROM register_imports") == [(0,)]


def test_the_register_is_listed(run: Run, data: Path, tmp_path: Path) -> None:
    run("import", write_office(tmp_path / "so.xlsx", {"A": machines(4)}))
    run("import", write_office(tmp_path / "so.xlsx", {"A": machines(3)}))
    assert "BY-0003 │ PC-003 │ Phòng Tài chính – Kế hoạch" in run().out
    listed = json.loads(run("--json").out)
    assert [one["tag"] for one in listed] == ["BY-0001", "BY-0002", "BY-0003"]
    assert listed[0]["row"]["macs"] == ["00:1a:2b:3c:00:00"]
    with_retired = json.loads(run("--json", "--retired").out)
    assert [one["retired_at"] is not None for one in with_retired] == [False, False, False, True]
    now = datetime.now(UTC).year
    assert with_retired[3]["retired_at"].startswith(str(now))


@pytest.mark.parametrize(
    ("lang", "example", "there"),
    [("vi", "Ví dụ", "đã có sẵn"), ("en", "Example", "is there already")],
)
def test_the_template_is_a_register_and_its_example_is_not_taken(
    run: Run, data: Path, tmp_path: Path, lang: str, example: str, there: str
) -> None:
    out = tmp_path / "mẫu.xlsx"
    assert called("--lang", lang, "register", "template", "--out", out).code == 0
    taken = json.loads(run("import", out, "--json").out)
    assert (taken["counts"]["added"], taken["skipped"]) == (0, {example: "example"})
    fields = [column["field"] for column in taken["sheets"][0]["columns"]]
    assert None not in fields
    assert len(set(fields)) == len(fields) == 15
    shown = json.loads(run("import", out, "--json", "--dry-run", "--sheet", example).out)
    assert (shown["counts"]["added"], shown["problems"]) == (3, [])
    assert shown["changes"][0]["row"]["serial"] == "0005CG7100"
    again = called("--lang", lang, "register", "template", "--out", out)
    assert (again.code, there in again.err) == (2, True)


def test_a_template_is_named_as_excel_needs_it(tmp_path: Path) -> None:
    done = called("register", "template", "--out", tmp_path / "mau.csv")
    assert (done.code, "ends in .xlsx" in done.err) == (2, True)


def test_every_kind_of_problem_has_its_words() -> None:
    """The kinds that the code can name, and no others, in both languages with the same fields."""
    source = "".join(
        path.read_text("utf-8") for path in (ROOT / "inventory/register").rglob("*.py")
    )
    named = set(re.findall(r'Bad\(\s*"(\w+)"', source))
    named |= set(re.findall(r'"(\w+_twice|nothing_identifies|row_unclear)"', source))
    assert len(named) >= 20
    assert named | WARNINGS == register_words.KINDS
    for kind in register_words.KINDS:
        said = {
            name
            for lang in ("vi", "en")
            for text in register_words._PROBLEMS[kind]
            for _, name, _, _ in string.Formatter().parse(texts(lang)(text))
            if name
        }
        problem = Problem("S", "A1", kind, "", "", dict.fromkeys(said, "x"))
        for lang in ("vi", "en"):
            assert register_words.reason(problem, lang)
            assert register_words.remedy(problem, lang)
