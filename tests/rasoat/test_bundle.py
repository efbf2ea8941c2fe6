"""`rasoat agent bundle` as an officer calls it: what is refused, and what comes out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.rasoat.conftest import Done, called

GOOD = {
    "rasoat_enrolment": 1,
    "url": "https://127.0.0.1:8443",
    "ca": "made up",
    "token": "made up",
    "expires_at": "2099-01-01T00:00:00Z",
}


@pytest.fixture
def enrol(tmp_path: Path) -> Path:
    file = tmp_path / "phòng 12.enrol"
    file.write_text(json.dumps(GOOD), encoding="utf-8")
    return file


def bundle(enrol: Path, out: Path, *options: object) -> Done:
    return called("agent", "bundle", "--enrol", enrol, "--out", out, *options)


@pytest.mark.parametrize(("face", "starts"), [("deb", b"!<arch>\n"), ("tar", b"\x1f\x8b")])
def test_a_bundle_for_linux(enrol: Path, tmp_path: Path, face: str, starts: bytes) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for out in (first, second):
        done = bundle(enrol, out, "--platform", "linux", "--format", face)
        assert (done.code, done.out) == (0, "")
        assert "can enrol machines until 2099-01-01 00:00 UTC" in done.err
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().startswith(starts)
    assert first.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--platform", "linux", "--format", "msi"), "for linux there are: tar, deb"),
        (("--platform", "macos", "--format", "deb"), "for macos there are: tar"),
        (("--platform", "macos", "--wheels", "{tmp}"), "no wheel of psutil"),
        (("--platform", "windows"), "needs --python-embed ZIP"),
        (("--platform", "windows", "--python-embed", "{tmp}/x.zip"), "--python-sha256 HEX"),
        (
            ("--platform", "windows", "--python-embed", "{tmp}/x.zip", "--python-sha256", "00"),
            "its SHA-256 is ",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_built_is_refused_and_leaves_nothing(
    enrol: Path, tmp_path: Path, options: tuple[str, ...], says: str
) -> None:
    (tmp_path / "x.zip").write_bytes(b"something else")
    out = tmp_path / "out"
    done = bundle(enrol, out, *(one.replace("{tmp}", str(tmp_path)) for one in options))
    assert done.code == 2, done.err
    assert says in done.err
    assert not list(tmp_path.glob("out*"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "no enrolment file"),
        ("[]", "no enrolment file"),
        (json.dumps({**GOOD, "rasoat_enrolment": 2}), "no enrolment file"),
        (json.dumps({**GOOD, "token": ""}), "no enrolment file"),
        (json.dumps({**GOOD, "expires_at": "tomorrow"}), "no enrolment file"),
        (json.dumps({**GOOD, "expires_at": "2020-01-01T00:00:00Z"}), "ended at 2020-01-01"),
    ],
)
def test_an_enrolment_file_that_would_not_work_is_refused(
    enrol: Path, tmp_path: Path, content: str, says: str
) -> None:
    enrol.write_text(content, encoding="utf-8")
    done = bundle(enrol, tmp_path / "out", "--platform", "linux")
    assert done.code == 2
    assert says in done.err
    assert str(enrol) in done.err
    assert not (tmp_path / "out").exists()


def test_what_is_there_already_stays(enrol: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    assert bundle(enrol, tmp_path / "out", "--platform", "linux").code == 2
    assert (tmp_path / "out").read_text() == "mine"
