"""A report that two people signed one behind the other, made once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from reports.signing import keys
from reports.signing.sign import sign
from tests.reports.signing import paper, people

NOW = datetime(2026, 11, 29, 2, 3, 4, tzinfo=UTC)


def signed(
    pdf: bytes, field: str, name: str, folder: Path, lang: str = "vi", role: str = ""
) -> bytes:
    """The file with the signature of somebody who has a PKCS#12 file."""
    file = people.officer(name).p12(folder / f"{field}.p12")
    made: bytes = sign(
        pdf, field, keys.of_file(file, people.PASSPHRASE.encode()), lang, at=NOW, role=role
    )
    return made


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where keys lie."""
    return tmp_path_factory.mktemp("khóa")


@pytest.fixture(scope="session")
def one(desk: Path) -> bytes:
    """Signed by a person."""
    role = "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH"
    return signed(paper.empty(), "person", people.PERSON, desk, role=role)


@pytest.fixture(scope="session")
def two(one: bytes, desk: Path) -> bytes:
    """Signed by a person and by the agency."""
    return signed(one, "agency", people.AGENCY, desk)


@pytest.fixture
def folder() -> paper.Folder:
    """A data folder that issued the report, and another one."""
    other = paper.issue(paper.empty(OTHER, "Thêm."), OTHER)
    return paper.Folder([paper.issue(paper.empty()), other])


OTHER = "office-baseline-20261028T010000Z"
