"""`rasoat report`: to the file that is named, to stdout, or to where the other reports lie."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.rasoat.conftest import called


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_it_goes_where_it_is_told(lively: Path, tmp_path: Path, lang: str) -> None:
    told = ("--data", lively, "report", "--format", "json", "--lang", lang)
    named = called(*told, "--out", tmp_path / "x" / "office.json")
    kept, out = called(*told), called(*told, "--out", "-")
    assert (named.out, kept.out) == ("", "")
    texts = [
        (tmp_path / "x" / "office.json").read_text("utf-8"),
        (lively / "reports" / f"office-baseline-{lang}.json").read_text("utf-8"),
        out.out,
    ]
    assert {len(json.loads(text)["devices"]) for text in texts} == {1}
    codes = {named.code, kept.code, out.code}
    assert codes in ({0}, {1})
    assert json.loads(texts[0])["compliant"] is (codes == {0})


def test_csv_on_stdout_can_be_read_by_the_next_program(lively: Path) -> None:
    done = called("--data", lively, "report", "--format", "csv", "--out", "-")
    rows = list(csv.reader(io.StringIO(done.out.removeprefix("\ufeff")), delimiter=";"))
    assert len(rows) > 20
    assert len({len(row) for row in rows}) == 1
