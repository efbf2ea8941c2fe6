"""What a person reads of the agent in Vietnamese, and when it stays English."""

from __future__ import annotations

import ast
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Iterator

import pytest

from agents import carried, run, status, words
from agents.cli import COMMANDS, main
from agents.limits import Watch
from agents.message_signatures import SignatureRefused
from agents.problems import AgentProblem, BadInput, on_disk
from agents.record import record
from agents.recorded import RecordedMachine
from agents.words import NOTHING, joined, said, spoken
from tests.agents.fake_collector import Fake, enrolled
from tests.agents.fake_collector import Said as Answered
from tests.agents.test_run import DOCUMENT
from tests.conftest import ROOT

LAPTOP = str(ROOT / "tests/recordings/linux-rhel-9-firewalld")


@pytest.fixture(autouse=True)
def vietnamese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The environment of somebody who reads Vietnamese; English again afterwards."""
    monkeypatch.setenv("RASOAT_LANG", "vi")
    words.choose("vi")
    yield
    words.choose("en")


def vi(text: str) -> str:
    return spoken(text, sys.stderr)


def says(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str]:
    """(the exit code, all that is printed)."""
    code = main(list(argv))
    told = capsys.readouterr()
    return code, told.out + told.err


def test_help_is_vietnamese(capsys: pytest.CaptureFixture[str]) -> None:
    _, text = says(capsys, "--help")
    assert "thu thập một lần, gửi những gì đang chờ rồi thoát" in text
    assert "reports" not in text.replace("office.reports", "")
    for name in COMMANDS:
        code, text = says(capsys, name, "--help")
        assert code == 0
        assert "Ví dụ: rasoat-agent " + name in text
        assert not {"the", "is", "and"} & set(text.split()), text


@pytest.mark.parametrize(
    ("argv", "code", "text"),
    [
        (["shwo"], 2, "không có lệnh 'shwo'; các lệnh gồm: enrol, "),
        (["show", "--jsn"], 2, "không có tùy chọn '--jsn'"),
        (["show", "--machine"], 2, "--machine cần một giá trị\nVí dụ: rasoat-agent show"),
        (["show", "--json", "--json"], 2, "--json được ghi hai lần"),
        (["show", "x"], 2, "show không nhận 'x'"),
        (["show", "--section", "x"], 2, "không có phần 'x'; các phần gồm: "),
        (["show", "--machine", "/none"], 2, "Không có tệp hoặc thư mục này\nHãy nêu thư mục do "),
        (["run", "x"], 2, "run không nhận 'x'"),
        (["run", "--state", "/none"], 2, "/none chưa có ghi danh nào; trước hết: "),
        (["status", "x"], 2, "status không nhận 'x'"),
        (["status", "--state", "/none"], 2, "/none chưa có ghi danh nào"),
        (["record"], 2, "record cần một thư mục"),
        (["record", "/"], 2, "/ không phải thư mục trống; hãy nêu thư mục mới"),
        (["acknowledge"], 2, "acknowledge cần một tệp câu trả lời"),
        (["acknowledge", "/none", "--state", "/none"], 2, "/none chưa có ghi danh nào"),
        (["enrol"], 2, "enrol cần một tệp ghi danh"),
        (["enrol", "/none"], 2, "/none: Không có tệp hoặc thư mục này"),
        (["install", "x"], 2, "install không nhận 'x'"),
        (["install", "--platform", "linux"], 2, "--platform chỉ dùng cùng --print"),
        (["install", "--print", "--platform", "bsd"], 2, "không có bộ lập lịch cho 'bsd'"),
        (["install", "--print", "--program", "/none"], 2, "/none không phải chương trình"),
        (["uninstall", "x"], 2, "uninstall không nhận 'x'"),
        (["--lang", "fr", "show"], 2, "--lang là một trong: vi, en"),
        (["show", "--lang"], 2, "--lang là một trong: vi, en"),
    ],
)
def test_what_is_wrong_is_said_in_vietnamese(
    argv: list[str], code: int, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = says(capsys, *argv)
    assert found[0] == code
    assert text in found[1]


def test_a_path_that_a_scheduler_cannot_carry(capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["install", "--print", "--platform", "windows", "--program", "C:\\a%b.exe"]
    text = "'C:\\\\a%b.exe' chứa '%', mà Task Scheduler không mang được"
    assert text in says(capsys, *argv)[1]


def test_a_run_and_the_status(
    folder: str, fake: Fake, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_this_machines", lambda _: DOCUMENT)
    assert says(capsys, "run", "--state", folder) == (
        0,
        "đã thu thập báo cáo số 1; đã gửi 1; đang chờ 0\n",
    )
    fake.answer = lambda *_: None
    code, text = says(capsys, "run", "--state", folder)
    assert code == 3
    assert text.startswith("đã thu thập báo cáo số 2; đã gửi 0; đang chờ 1: https://")
    assert text.endswith(": câu trả lời bị cắt cụt, hoặc không có\n")
    refusal = {"refused": {"code": "revoked", "message": "this agent is revoked"}}
    fake.answer = lambda *_: Answered(403, refusal)
    text = says(capsys, "run", "--state", folder)[1]
    assert text.endswith(": bộ thu từ chối báo cáo số 2: this agent is revoked [revoked]\n")
    text = says(capsys, "status", "--state", folder)[1]
    for line in ("báo cáo đang chờ: 2", "bộ thu: " + fake.url, "kỳ ghi danh: 1"):
        assert line in text.splitlines()
    target = folder + ".reports"
    text = says(capsys, "run", "--state", folder, "--to-file", target)[1]
    assert text.endswith(f"; đã ghi vào {target}\n")
    assert "đã tồn tại" in says(capsys, "run", "--state", folder, "--to-file", target)[1]
    code, text = says(capsys, "acknowledge", target, "--state", folder)
    assert (code, text) == (2, f"rasoat-agent: {target}: đây không phải tệp rasoat answers 1\n")


def test_an_enrolment(fake: Fake, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, where = tmp_path / "office.enrol", str(tmp_path / "state")
    file.write_text(json.dumps(fake.enrolment_file()), "utf-8")
    fake.answer = lambda _, body: Answered(200, {**enrolled(body), "status": "pending"})
    code, text = says(capsys, "enrol", str(file), "--state", where)
    assert code == 0
    assert "(đang chờ phê duyệt)\nCán bộ phải phê duyệt: rasoat agent approve " in text
    file.write_text(json.dumps(fake.enrolment_file(expires_at="2020-01-01T00:00:00Z")), "utf-8")
    text = says(capsys, "enrol", str(file), "--state", where)[1]
    assert "đã hết hạn lúc 2020-01-01T00:00:00Z; hãy xin tệp mới" in text


def test_the_lines_of_the_schedule() -> None:
    why = {"last_run": {"reason": "unreadable", "detail": "in its own words"}}
    found = {"installed": True, "enabled": False, "last_run": None, "last_result": 0}
    lines = status.told({**found, "unknown": why})
    assert [vi(line) for line in lines] == [
        "lịch đã cài: có",
        "lịch đang bật: không",
        "lần chạy cuối của lịch: không rõ (unreadable) in its own words",
        "kết quả chạy cuối: 0",
    ]


def test_what_ends_a_run_has_its_words_before() -> None:
    """A run that hangs, perhaps within an import, may load nothing any more."""
    watch = Watch(60)
    with watch:
        assert watch._words == "đã dừng sau 60 giây; những gì đã thu thập vẫn chờ trên đĩa"
        assert words._Reader.known is not None


def test_show_frames_the_facts(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = says(capsys, "show", "--machine", LAPTOP, "--section", "firewall,updates")
    assert code == 0
    assert "quyền quản trị" in text.splitlines()[0]
    assert "\nkhông rõ\n" in text
    assert "  effective: on" in text.splitlines()
    assert "updates.pending: not_supported" in text  # codes and details are the report's own


def test_json_and_recordings_are_the_same_in_every_language(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def shown() -> Any:
        document = json.loads(says(capsys, "show", "--machine", LAPTOP, "--json")[1])
        del document["agent"]["duration"]
        return document

    in_vietnamese = shown()
    recording = record(RecordedMachine(LAPTOP), redact=True)
    assert recording.redacted
    assert vi(recording.redacted[0]).startswith("tên người dùng (")
    recording.write(str(tmp_path / "made"))
    kept = json.loads((tmp_path / "made" / "machine.json").read_text("utf-8"))
    assert kept["redacted"][0].startswith("user names (")
    os.environ["RASOAT_LANG"] = "en"
    assert shown() == in_vietnamese


def test_the_option_goes_before_the_environment(capsys: pytest.CaptureFixture[str]) -> None:
    for argv in (["--lang", "en", "run", "x"], ["run", "x", "--lang=en"]):
        assert "run takes no 'x'" in says(capsys, *argv)[1]
    os.environ["RASOAT_LANG"] = "en"
    for argv in (["--lang=vi", "run", "x"], ["run", "--lang", "vi", "x"]):
        assert "run không nhận 'x'" in says(capsys, *argv)[1]
    assert "run takes no 'x'" in says(capsys, "run", "x")[1]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp437", "never"),
        ("cp1252", "never"),
        ("cp1258", "never"),  # Windows' Vietnamese code page has letters and tones apart
        ("ascii", "never"),
        ("no such", "never"),
        ("utf-8", "chưa bao giờ"),
        ("utf-16", "chưa bao giờ"),
        (None, "chưa bao giờ"),
    ],
)
def test_a_console_without_the_letters_gets_english(encoding: str | None, text: str) -> None:
    class Stream(io.StringIO):
        pass

    stream: Any = Stream()
    Stream.encoding = encoding  # type: ignore[assignment]
    assert spoken(said("never"), stream) == text


@pytest.mark.parametrize("encoding", ["cp437", "cp1252", "ascii", "utf-8"])
def test_no_question_marks_and_no_error(encoding: str) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    for argv, english, there in ((["--help"], b"collect once", "stdout"), (["x"], b"no", "stderr")):
        done = subprocess.run(
            [sys.executable, "-m", "agents", *argv],
            check=False,
            capture_output=True,
            cwd=ROOT,
            env=environment,
        )
        told: bytes = getattr(done, there)
        assert b"?" not in told
        assert b"Traceback" not in done.stderr
        if encoding == "utf-8":
            assert "lệnh" in told.decode("utf-8").lower()
        else:
            assert english in told


def test_a_missing_or_damaged_catalogue_is_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Path(words.CATALOGUE).read_bytes()
    for number, content in enumerate((None, b"", b"PO", whole[:30], whole[:5000])):
        place = tmp_path / str(number)
        if content is not None:
            place.write_bytes(content)
        monkeypatch.setattr(words, "CATALOGUE", str(place))
        monkeypatch.setattr(words._Reader, "known", None)
        assert vi(said("%s deleted", "x")) == "x deleted"
    monkeypatch.setattr(words, "CATALOGUE", str(tmp_path / "whole"))
    (tmp_path / "whole").write_bytes(whole)
    monkeypatch.setattr(words._Reader, "known", None)
    assert vi(said("%s deleted", "x")) == "đã xóa x"


def test_a_message_is_plain_english_until_it_is_spoken() -> None:
    fault = BadInput(said("%s: %s", "x", SignatureRefused(said("the signature names another key"))))
    assert str(fault) == "x: the signature names another key"
    assert type(str(fault)) is str  # the server encodes it, and its encoder takes no other kind
    assert vi(fault.said) == "x: chữ ký nêu một khóa khác"
    assert vi("the signature names another key") == "the signature names another key"
    assert vi(NOTHING) == ""


def test_values_are_never_looked_up_and_never_format() -> None:
    assert vi(said("%s deleted", "no")) == "đã xóa no"
    assert vi(said("%s deleted", "100%s %d")) == "đã xóa 100%s %d"
    assert vi(joined("; ", [said("no"), "no", said("%s", "%s")])) == "không; no; %s"


def test_the_systems_usual_words_are_known() -> None:
    assert vi(on_disk(PermissionError(13, "Permission denied", "/x")).said) == "/x: Không đủ quyền"
    odd = on_disk(OSError(5, "Input/output error"))
    assert vi(odd.said) == "thư mục trạng thái: Input/output error"


def test_a_file_that_was_changed_is_refused_in_vietnamese() -> None:
    with pytest.raises(carried.BadFile) as caught:
        carried.unpacked(carried.ANSWERS, carried.ANSWERS + b"x" * 100)
    assert vi(caught.value.said).startswith("tệp bị cắt cụt hoặc bị thay đổi")


LOADS = """
import sys
sys.path.insert(0, {root!r})
from agents.cli import main
main({argv!r})
sys.stderr.write("LOADED" * ("gettext" in sys.modules))
"""


@pytest.mark.parametrize(
    ("lang", "argv", "loaded"),
    [
        ("en", ["run", "--state", "/none"], False),
        ("en", ["show", "--section", "os"], False),
        ("vi", ["show", "--section", "os", "--json"], False),
        ("vi", ["run", "--state", "/none"], True),
    ],
)
def test_gettext_is_loaded_when_it_speaks_vietnamese(
    lang: str, argv: list[str], loaded: bool
) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-c", LOADS.format(root=str(ROOT), argv=argv)],
        check=True,
        capture_output=True,
        env={**os.environ, "RASOAT_LANG": lang},
    )
    assert (b"LOADED" in done.stderr) == loaded


#: what shows a text, or keeps one to be shown: its first argument is a message
TELLING = ("tell", "misused", "spoken")
#: files with messages that are not written where they are said, each with the reason
COMPUTED = {
    "agents/cli.py": "help is in a table and in docstrings; tools/catalogues.py reads both",
    "agents/words.py": "between parts that are joined stands no word",
}


def named(function: ast.expr) -> str:
    return getattr(function, "id", "") or getattr(function, "attr", "")


def families(trees: list[ast.Module]) -> set[str]:
    """The names of all errors that a person reads."""
    found = {"SaidError"}
    for _ in range(3):
        found |= {
            node.name
            for tree in trees
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef) and found & {named(base) for base in node.bases}
        }
    return found


def unsaid(tree: ast.Module, errors: set[str], *, computed: bool = False) -> list[int]:
    """Lines where words of the code reach a person without being a message."""
    lines = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name, first = named(node.func), node.args[0]
        constant = isinstance(first, ast.Constant)
        made = isinstance(first, (ast.JoinedStr, ast.BinOp))
        if name == "said" and not constant and not computed:
            lines.append(node.lineno)  # no text that a catalogue could hold
        elif (name in TELLING or name in errors) and (constant or made):
            lines.append(node.lineno)
        elif name == "print" and (constant or made):
            spelt = [one.value for one in ast.walk(first) if isinstance(one, ast.Constant)]
            own = ("rasoat-agent ", "rasoat-agent: ")
            if any(str(one).strip(" =>") for one in spelt if one not in own):
                lines.append(node.lineno)
    return lines


def test_all_that_a_person_reads_is_a_message() -> None:
    trees = {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8"))
        for path in sorted((ROOT / "agents").rglob("*.py"))
    }
    errors = families(list(trees.values()))
    assert {"Misused", "BadInput", "Refused", "Unreachable", "BadFile", "Unplaceable"} <= errors
    found = {name: unsaid(tree, errors, computed=name in COMPUTED) for name, tree in trees.items()}
    assert {name: lines for name, lines in found.items() if lines} == {}
    assert all(unsaid(trees[name], errors) for name in COMPUTED)


@pytest.mark.parametrize(
    "code",
    [
        "raise BadInput('no such file')",
        "raise BadInput('no %s' % x)",
        "raise AgentProblem(path + ' is bad')",
        "raise AgentProblem(f'{path} is bad')",
        "misused('no command')",
        "tell('done')",
        "print('done')",
        "print('rasoat-agent: done')",
        "said('no ' + x)",
        "said(f'no {x}')",
        "said(x)",
    ],
)
def test_words_that_are_no_message_are_seen(code: str) -> None:
    assert unsaid(ast.parse(code), {"BadInput", "AgentProblem"}) == [1]


def test_the_family_of_errors_is_not_a_list_of_names() -> None:
    assert issubclass(AgentProblem, words.SaidError)
    trees = [ast.parse("class A(SaidError): pass\nclass B(A): pass\nclass C(Exception): pass")]
    assert families(trees) == {"SaidError", "A", "B"}
