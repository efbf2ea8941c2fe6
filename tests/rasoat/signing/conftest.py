"""A data folder that issued a report on paper, and people with keys."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.rasoat.conftest import called
from tests.reports.signing import people


@dataclass(frozen=True)
class Office:
    """A folder on the desk: the data, the issued report, keys, their passphrase, the authority."""

    home: Path

    @property
    def data(self) -> Path:
        return self.home / "dữ liệu"

    @property
    def report(self) -> Path:
        return self.home / "bao-cao.pdf"

    @property
    def passphrase(self) -> Path:
        return self.home / "mat-khau.txt"

    @property
    def authority(self) -> Path:
        return self.home / "ca.pem"

    def key(self, name: str) -> str:
        return f"p12:{self.home / name}"

    def rasoat(self, *words: object, lang: str = "en"):
        return called("--data", self.data, "--lang", lang, *words)

    def sign(self, file: Path, field: str, *words: object, lang: str = "en"):
        given = ["--field", field, "--sign", self.key(f"{field}.p12")]
        given += ["--passphrase-file", str(self.passphrase)]
        return self.rasoat("report", "sign", file, *given, *words, lang=lang)


@pytest.fixture(scope="session")
def issued(lively: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The office as it was when the report was issued; tests copy it."""
    office = Office(tmp_path_factory.mktemp("phòng"))
    shutil.copytree(lively, office.data)
    people.officer(people.PERSON).p12(office.home / "person.p12")
    people.officer(people.AGENCY).p12(office.home / "agency.p12")
    office.passphrase.write_text(people.PASSPHRASE + "\n", encoding="utf-8")
    office.authority.write_bytes(people.authority().pem)
    done = office.rasoat("report", "--format", "pdf", "--lang", "vi", "--out", office.report)
    assert done.code in {0, 1}, done.err
    return office.home


@pytest.fixture
def office(issued: Path, tmp_path: Path) -> Office:
    made = tmp_path / "phòng"
    shutil.copytree(issued, made)
    return Office(made)
