"""Signing: by files and tokens, one behind the other, checked by readers that are not ours."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from reports.signing import keys
from reports.signing.choices import Token
from reports.signing.reading import NotReadable
from reports.signing.sign import CannotSign, sign
from reports.signing.verdict import judged
from reports.signing.who import certificates
from tests.conftest import require
from tests.reports.signing import hands, paper, people
from tests.reports.signing.conftest import NOW, signed
from tests.reports.signing.test_fields import run
from tests.reports.signing.token import LABEL, PIN, module, token


def test_poppler_finds_two_valid_signatures(two: bytes, tmp_path: Path) -> None:
    (tmp_path / "two.pdf").write_bytes(two)
    said = run("pdfsig", "-nocert", tmp_path / "two.pdf")
    assert said.count("Signature Validation: Signature is Valid.") == 2
    assert said.count("Signature Type: ETSI.CAdES.detached") == 2
    assert said.count("Total document signed") == 1
    assert people.PERSON in said
    assert people.AGENCY in said
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", tmp_path / "two.pdf")


def test_poppler_sees_a_changed_byte(two: bytes, tmp_path: Path) -> None:
    place = paper.empty().index(b"stream\n") + 60
    (tmp_path / "bad.pdf").write_bytes(hands.byte_changed(two, place))
    said = run("pdfsig", "-nocert", tmp_path / "bad.pdf")
    assert said.count("Digest Mismatch") == 2


def test_pyhanko_calls_both_good_with_the_authority(two: bytes) -> None:
    """Its own whole check, the one that looks for changes behind a signature included."""
    roots = certificates(people.authority().pem, "ca.pem")
    reader = PdfFileReader(BytesIO(two))
    assert len(reader.embedded_signatures) == 2
    for one in reader.embedded_signatures:
        context = ValidationContext(trust_roots=roots, allow_fetching=False)
        assert asyncio.run(async_validate_pdf_signature(one, context)).bottom_line


def test_the_file_stays_the_beginning_of_the_signed_one(one: bytes, two: bytes) -> None:
    assert one.startswith(paper.empty())
    assert two.startswith(one)


def test_the_metadata_and_the_marks_of_pdf_a_stay(two: bytes, tmp_path: Path) -> None:
    for name, pdf in (("two.pdf", two), ("blank.pdf", paper.blank())):
        (tmp_path / name).write_bytes(pdf)
    signed_, blank = (run("pdfinfo", "-meta", tmp_path / n) for n in ("two.pdf", "blank.pdf"))
    assert signed_ == blank


def test_a_field_is_signed_once(one: bytes, desk: Path) -> None:
    with pytest.raises(CannotSign, match=r"person is signed already; .* empty: agency"):
        signed(one, "person", people.PERSON, desk)


def test_a_field_that_is_not_there_is_told(desk: Path) -> None:
    with pytest.raises(CannotSign, match="no signature field person; the file has: none"):
        signed(paper.blank(), "person", people.PERSON, desk)


def test_what_is_no_pdf_is_not_signed(desk: Path) -> None:
    with pytest.raises(NotReadable, match="is no PDF"):
        signed(b"PK\3\4 a workbook", "person", people.PERSON, desk)


@pytest.mark.parametrize("passphrase", [b"", b"wrong", "mật khẩu thư".encode()])
def test_a_wrong_passphrase_is_one_clear_message(passphrase: bytes, tmp_path: Path) -> None:
    file = people.officer().p12(tmp_path / "key.p12")
    with pytest.raises(keys.NoKey, match="the passphrase is wrong, or") as told:
        keys.of_file(file, passphrase)
    assert str(file) in str(told.value)
    assert keys.of_file(file, people.PASSPHRASE.encode()).signing_cert is not None


def test_a_file_that_is_no_key_is_told(tmp_path: Path) -> None:
    (tmp_path / "key.p12").write_bytes(b"nothing of the kind")
    with pytest.raises(keys.NoKey, match="no PKCS#12 file"):
        keys.of_file(tmp_path / "key.p12", b"x")


class TestToken:
    """A key that never leaves its token."""

    @pytest.fixture(autouse=True, scope="class")
    @staticmethod
    def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
        require("SoftHSM2", module() is not None)
        home = tmp_path_factory.mktemp("softhsm")
        with token(home, people.officer("Trần Văn Đạt"), "a1") as library:
            yield library

    def test_it_signs(self, library: Path, folder: paper.Folder, tmp_path: Path) -> None:
        with keys.of_token(Token(library, "a1", LABEL), PIN) as signer:
            pdf = sign(paper.empty(), "person", signer, "vi", at=NOW)
        found = judged(pdf, folder, certificates(people.authority().pem, "ca.pem"), NOW)
        assert found.good
        assert found.signatures[0].subject == "CN=Trần Văn Đạt, C=VN"
        (tmp_path / "one.pdf").write_bytes(pdf)
        said = run("pdfsig", "-nocert", tmp_path / "one.pdf")
        assert said.count("Signature Validation: Signature is Valid.") == 1

    @pytest.mark.parametrize(
        ("key", "name", "pin", "message"),
        [
            ("a1", LABEL, "1357", "the PIN is wrong"),
            ("a2", LABEL, PIN, "holds no private key of the id a2"),
            ("a1", "Thẻ khác", PIN, "has no such token"),
            ("zz", LABEL, PIN, "hexadecimal"),
        ],
    )
    def test_what_is_wrong_is_told(
        self, library: Path, key: str, name: str, pin: str, message: str
    ) -> None:
        with (
            pytest.raises(keys.NoKey, match=message),
            keys.of_token(Token(library, key, name), pin),
        ):
            pytest.fail("no key, and yet a signer")

    def test_a_module_that_is_none_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "lib.so").write_bytes(b"no library")
        with (
            pytest.raises(keys.NoKey, match="does not open"),
            keys.of_token(Token(tmp_path / "lib.so", "a1"), PIN),
        ):
            pytest.fail("no module, and yet a signer")
