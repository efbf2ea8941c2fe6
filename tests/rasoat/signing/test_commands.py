"""Issue, sign and verify from the command line, as people do it."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from inventory import audit, issued
from inventory.store import Store
from tests.conftest import ROOT, require
from tests.rasoat.conftest import called
from tests.rasoat.signing.conftest import Office
from tests.reports.signing import hands, people
from tests.reports.signing.test_fields import run
from tests.reports.signing.token import LABEL, PIN, module, token


def verified(office: Office, file: Path, *words: object) -> tuple[int, dict[str, Any]]:
    done = office.rasoat("report", "verify", file, "--json", *words)
    return done.code, json.loads(done.out)


def faults(found: dict[str, Any]) -> list[str]:
    return [one["code"] for one in found["faults"]]


def test_issued_signed_by_two_and_verified(office: Office) -> None:
    before = office.report.read_bytes()
    for field in ("person", "agency"):
        done = office.sign(office.report, field, "--role", "KT. CHỦ TỊCH")
        assert done.code == 0, done.err
    assert office.report.read_bytes().startswith(before)
    code, found = verified(office, office.report, "--trust", office.authority)
    assert (code, found["good"], faults(found)) == (0, True, [])
    assert [one["field"] for one in found["signatures"]] == ["person", "agency"]
    assert all(one["trusted"] and one["intact"] for one in found["signatures"])
    assert run("pdfsig", "-nocert", office.report).count("Signature is Valid.") == 2


def test_signed_when_it_is_issued(office: Office) -> None:
    """What is noted is the report without the signature: the same file, whoever signs it."""
    target = office.home / "ngay.pdf"
    words = ["--sign", office.key("person.p12"), "--passphrase-file", office.passphrase]
    done = office.rasoat("report", "--format", "pdf", "--out", target, *words)
    assert done.code in {0, 1}, done.err
    assert verified(office, target)[0] == 0


def test_an_unsigned_report_is_not_good(office: Office) -> None:
    code, found = verified(office, office.report)
    assert (code, faults(found)) == (1, ["unsigned"])
    assert found["issued"]["file"] == "bao-cao.pdf"


def test_a_copy_cut_back_to_the_unsigned_file_is_told(office: Office) -> None:
    unsigned = office.report.read_bytes()
    assert verified(office, office.report)[1]["notes"] == []
    office.sign(office.report, "person")
    verified(office, office.report)
    office.report.write_bytes(unsigned)
    code, found = verified(office, office.report)
    assert (code, faults(found)) == (1, ["unsigned"])
    assert people.PERSON in found["notes"][0]["vi"]
    assert "taken off" in found["notes"][0]["en"]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_verdict_for_people(lang: str, office: Office) -> None:
    office.sign(office.report, "person")
    done = office.rasoat("report", "verify", office.report, lang=lang)
    assert done.code == 0
    assert people.PERSON in done.out
    said = {
        "vi": ["Đã ký, toàn vẹn và đúng bản đã phát hành.", "danh tính chưa được đối chiếu với CA"],
        "en": ["Signed, whole, and what was issued.", "identity not checked against a CA"],
    }
    assert all(one in done.out for one in said[lang])


def test_a_changed_copy_is_named_for_people(office: Office) -> None:
    office.sign(office.report, "person")
    office.report.write_bytes(hands.page_added(office.report.read_bytes()))
    done = office.rasoat("report", "verify", office.report, lang="vi")
    assert done.code == 1
    assert "Không đạt: pages_added." in done.out
    assert "✗ Số trang bị thêm vào so với bản phát hành: 1." in done.out


def test_another_folder_did_not_issue_it(office: Office, lively: Path) -> None:
    office.sign(office.report, "person")
    done = called("--data", lively, "report", "verify", office.report, "--json")
    assert done.code == 1
    assert faults(json.loads(done.out)) == ["not_issued"]


def test_kept_figures_that_were_changed_are_named(office: Office) -> None:
    office.sign(office.report, "person")
    (kept,) = (office.data / "reports" / "kept").glob("*T*Z.json.gz")
    kept.write_bytes(kept.read_bytes()[:-9])
    assert faults(verified(office, office.report)[1]) == ["kept_figures_missing"]


def test_what_was_found_is_noted(office: Office) -> None:
    verified(office, office.report)
    office.sign(office.report, "person")
    verified(office, office.report)
    store = Store.open(office.data, read_only=True)
    try:
        (one,) = issued.issued(store)
        copies = issued.copies(store, one)
        actions = [entry.action for entry in audit.read(store.reader())]
        assert list(issued.problems(store.reader())) == []
    finally:
        store.close()
    assert [(copy.good, copy.faults) for copy in copies] == [(False, ("unsigned",)), (True, ())]
    assert people.PERSON in copies[1].signers[0]
    assert actions.count(issued.ISSUED) == 1
    assert actions.count(issued.CHECKED) == 2
    assert office.rasoat("verify").code == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is no PDF"),
        (b"PK\3\4", "is no PDF"),
        (b"%PDF-1.7\n%%EOF", "is damaged"),
    ],
)
def test_what_is_no_pdf_is_bad_input(content: bytes, message: str, office: Office) -> None:
    file = office.home / "x.pdf"
    file.write_bytes(content)
    for done in (office.rasoat("report", "verify", file), office.sign(file, "person")):
        assert done.code == 2
        assert message in done.err
        assert str(file) in done.err
        assert len(done.err.splitlines()) == 1
        assert done.out == ""


def test_trust_without_a_certificate_is_bad_input(office: Office) -> None:
    done = office.rasoat("report", "verify", office.report, "--trust", office.passphrase)
    assert done.code == 2
    assert "mat-khau.txt" in done.err


@pytest.mark.parametrize(
    "key",
    [
        "key.p12",
        "p12:",
        "pkcs11:",
        "pkcs11:/x.so",
        "pkcs11:/x.so,id=",
        "pkcs11:x,id=1,pin=2",
    ],
)
def test_a_key_of_another_shape_is_told(key: str, office: Office) -> None:
    done = office.rasoat("report", "sign", office.report, "--sign", key)
    assert done.code == 2
    assert "a key is p12:FILE or pkcs11:MODULE,id=HEX" in done.err


def test_signing_goes_into_the_pdf(office: Office) -> None:
    words = ["--format", "csv", "--out", "-", "--sign", office.key("person.p12")]
    done = office.rasoat("report", *words)
    assert done.code == 2
    assert "add --format pdf" in done.err
    assert done.out == ""


def test_a_wrong_passphrase_is_one_message_and_nothing_is_written(office: Office) -> None:
    before = office.report.read_bytes()
    office.passphrase.write_text("một mật khẩu sai", encoding="utf-8")
    done = office.sign(office.report, "person")
    assert done.code == 2
    assert "the passphrase is wrong" in done.err
    assert len(done.err.splitlines()) == 1
    assert "một mật khẩu sai" not in done.err + done.out
    assert office.report.read_bytes() == before
    assert not list(office.home.glob("*.part"))


def test_without_a_terminal_the_passphrase_comes_from_a_file(office: Office) -> None:
    done = office.rasoat("report", "sign", office.report, "--sign", office.key("person.p12"))
    assert done.code == 2
    assert "--passphrase-file FILE" in done.err


def test_the_passphrase_is_asked_for_and_never_shown(office: Office) -> None:
    """At a terminal; it stands in no word of the command and in nothing that is printed."""
    words = ["--data", office.data, "report", "sign", office.report]
    words += ["--sign", office.key("person.p12")]
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "rasoat", *map(str, words)],
        cwd=ROOT,
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    assert process.stdout is not None
    said = b""
    while not said.endswith(b".p12: "):  # it is asking, and echoes nothing from here on
        said += process.stdout.read(1) or pytest.fail(said.decode())
    os.write(master, f"{people.PASSPHRASE}\n".encode())
    said += process.communicate(timeout=60)[0]
    waiting = select.select([master], [], [], 0)[0]
    echoed = os.read(master, 4096) if waiting else b""
    for end in (master, slave):
        os.close(end)
    assert process.returncode == 0, said.decode()
    assert people.PASSPHRASE not in said.decode() + echoed.decode()
    assert not any(people.PASSPHRASE in str(word) for word in words)
    assert verified(office, office.report)[0] == 0


def test_no_option_takes_a_passphrase() -> None:
    done = called("report", "sign", "--help")
    assert "--passphrase-file" in done.out
    assert "--passphrase " not in done.out
    assert "--pin" not in done.out


def test_a_token_signs(office: Office) -> None:
    require("SoftHSM2", module() is not None)
    office.passphrase.write_text(PIN, encoding="utf-8")
    with token(office.home, people.officer("Trần Văn Đạt"), "0b1c") as library:
        words = ["--sign", f"pkcs11:{library},id=0b1c,token={LABEL}"]
        words += ["--passphrase-file", str(office.passphrase)]
        done = office.rasoat("report", "sign", office.report, *words)
        assert done.code == 0, done.err
    code, found = verified(office, office.report)
    assert code == 0
    assert found["signatures"][0]["subject"] == "CN=Trần Văn Đạt, C=VN"


def test_a_signed_field_is_not_signed_again(office: Office) -> None:
    office.sign(office.report, "person")
    done = office.sign(office.report, "person")
    assert done.code == 2
    assert "signed already" in done.err


def test_a_report_that_is_not_signed_loads_no_signing_library() -> None:
    program = "import sys, rasoat.commands.report\n"
    program += "sys.exit(any(name in sys.modules for name in ('pyhanko', 'pkcs11')))"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
    program = program.replace("rasoat.commands.report", "rasoat.verifying")
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 1
