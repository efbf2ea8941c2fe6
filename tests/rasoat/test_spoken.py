"""What goes wrong is told in Vietnamese to who asks for it; places, names and commands stay."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from inventory.store import Store
from tests.rasoat.conftest import called

POLICY = "policy: mine\nversion: 1\ntitle: mine\nrules:\n  - {id: A-1, require: {os.famly: x}}\n"
UNITS = "units:\n  - code: A\n    kind: xã\n    name_vi: Xã A\n    networks: [10.1.2.3/24]\n"
WAIVERS = "waivers:\n  - {rule: FW-001, reason: x, approved_by: y, expires: z}\n"
SCAN = "networks: [{cidr: 8.8.8.0/24}]\nrate: 5000\n"
SYSTEMS = "systems: []\n"
OFFICE = "agencie: x\n"


def told(*arguments: object, code: int = 2) -> str:
    """What a command says in Vietnamese; in English it says the same of another text."""
    shown = called("--lang", "vi", *arguments)
    english = called("--lang", "en", *arguments)
    assert shown.code == english.code == code
    assert shown.err != english.err
    assert len(shown.err.splitlines()) == len(english.err.splitlines())
    return shown.err


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A data folder with nothing in it but what makes it one."""
    folder = tmp_path / "office"
    Store.create(folder).close()
    return folder


def test_a_bad_policy_file(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(POLICY, "utf-8")
    assert told("policy", "lint", file) == (
        f"rasoat: {file}:5:25: quy tắc A-1: không có dữ kiện nào tên os.famly; "
        "có phải ý là os.family?\n"
    )


def test_doubts_of_a_policy_file_and_tests_that_do_not_hold(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    rule = "{id: A-1, require: {os.uac: on}, tests: [{facts: {os.uac: on}, expect: fail}]}"
    file.write_text(POLICY.partition("  - ")[0] + f"  - {rule}\n", "utf-8")
    doubts = called("--lang", "vi", "policy", "lint", file)
    assert doubts.code == 1
    assert f"{file}:5:5: quy tắc A-1: không có kiểm thử nào cho kết quả pass, unknown" in doubts.out
    assert "no " not in doubts.out
    assert doubts.err == f"{file}: 1 quy tắc, {len(doubts.out.splitlines())} chỗ đáng ngờ\n"
    tests = called("--lang", "vi", "policy", "test", file)
    assert tests.code == 1
    assert "kiểm thử ở dòng 5: cần fail, lại ra pass" in tests.out
    assert tests.out.endswith(f"{file}: 0 trên 1 kiểm thử đạt\n")


def test_a_bad_list_of_units(office: Path, tmp_path: Path) -> None:
    file = tmp_path / "units.yaml"
    file.write_text(UNITS, "utf-8")
    assert told("--data", office, "units", "import", file) == (
        f"rasoat: {file}:5:16: networks: “10.1.2.3/24” là một địa chỉ trong 10.1.2.0/24; "
        "hãy viết 10.1.2.0/24\n"
    )


def test_a_bad_file_of_waivers(office: Path, tmp_path: Path) -> None:
    file = tmp_path / "waivers.yaml"
    file.write_text(WAIVERS, "utf-8")
    shown = told("--data", office, "waivers", "import", file)
    assert f"{file}:2:5: mỗi miễn trừ cần một trong device, unit, all" in shown


def test_a_register_that_is_none(office: Path, tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    file.write_text("a,b\n1,2\n", "utf-8")
    shown = told("--data", office, "register", "import", file)
    assert f"{file}: không thấy dòng tiêu đề cột" in shown
    assert "--map C=name --map D=serial" in shown


def test_a_bad_scan_file(office: Path) -> None:
    (office / "scan.yaml").write_text(SCAN, "utf-8")
    shown = told("--data", office, "scan", "10.1.0.0/30")
    assert f"{office / 'scan.yaml'}:1:12: 8.8.8.0/24 không phải mạng riêng" in shown
    assert "rate là số nguyên từ 1 đến 1000" in shown


def test_what_is_not_there(office: Path, tmp_path: Path) -> None:
    absent = tmp_path / "absent"
    assert told("--data", absent, "devices") == (
        f"rasoat: {absent}: không có thư mục dữ liệu này; hãy tạo bằng: rasoat up\n"
    )
    assert told("policy", "check", absent / "p.yaml").startswith(
        f"rasoat: {absent / 'p.yaml'}: không có tệp hoặc thư mục này; chính sách có sẵn: "
    )
    shown = told("--data", office, "device", "show", "d-none")
    assert shown == "rasoat: không có thiết bị nào mang mã d-none; xem: rasoat devices\n"
    assert "không có đơn vị nào mang mã hoặc tên X" in told(
        "--data", office, "devices", "--unit", "X"
    )


def test_options_that_do_not_fit(office: Path) -> None:
    shown = told("--data", office, "changes", "--since", "soon")
    assert "'soon' không phải ngày như 2026-11-20" in shown
    shown = told("--data", office, "units", "--json", "import", "x.yaml")
    assert "--at và --json chỉ dùng với chính rasoat units" in shown


def test_a_damaged_data_folder(office: Path) -> None:
    (office / "inventory.db").write_bytes(b"nothing of SQLite's" * 1000)
    for log in office.glob("inventory.db-*"):
        log.unlink()
    shown = told("--data", office, "devices")
    assert (
        f"{office / 'inventory.db'}: không còn là cơ sở dữ liệu SQLite; chưa thay đổi gì" in shown
    )


def test_what_a_check_of_the_evidence_finds(office: Path) -> None:
    file = office.with_name("units.yaml")
    file.write_text(UNITS.replace("10.1.2.3", "10.1.2.0"), "utf-8")
    assert called("--data", office, "units", "import", file).code == 0
    with closing(sqlite3.connect(office / "inventory.db")) as db, db:
        guard = db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"
        )
        for (name,) in guard.fetchall():
            db.execute(f'DROP TRIGGER "{name}"')
        db.execute("UPDATE audit SET action = 'nothing' WHERE number = 1")
    done = called("--lang", "vi", "--data", office, "verify")
    assert done.code == 3
    assert "✗ mục kiểm toán 1: đã bị sửa sau khi ghi" in done.out
    plain = json.loads(called("--lang", "vi", "--data", office, "verify", "--json").out)
    assert "audit entry 1: was changed after it was written" in plain["problems"]
