"""The Windows task: its XML against the schema, its quoting, and what is told of a task."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.commands import ADMIN, Ran
from agents.machine import Machine
from agents.outcome import Unknown
from agents.problems import AgentProblem
from agents.schedule import Job, Placed, Unplaceable, _storable
from agents.windows import task
from tests.conftest import ROOT, require

SCHEMA = ROOT / "tests/agents/windows/task.xsd"
NAMESPACE = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
PROGRAM = r"C:\Program Files\rasoat-agent\rasoat-agent.exe"
STATE = r"C:\ProgramData\rasoat-agent"


def job(
    program: str = PROGRAM, state: str = STATE, interval: int = 14400, offset: int = 754
) -> Job:
    words = ("run", "--scheduled", "--state", state, "--at-once")
    return Job(program, words, state, interval, offset)


def faults(content: bytes, folder: Path) -> str:
    """What xmllint says against a task; "" where it is valid."""
    program = shutil.which("xmllint")
    require("xmllint (libxml2-utils)", program is not None)
    path = folder / "task.xml"
    path.write_bytes(content)
    done = subprocess.run(
        [str(program), "--nonet", "--noout", "--schema", str(SCHEMA), str(path)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, 3, 4) or "parser error" in done.stderr, done.stderr
    return "" if done.returncode == 0 else done.stderr


@pytest.mark.parametrize("interval", [60, 900, 3600, 14400, 20000, 86400, 7 * 86400])
def test_the_task_is_valid(interval: int, tmp_path: Path) -> None:
    (placed,) = task.rendered(job(interval=interval))
    assert placed.content.startswith(b"\xff\xfe")
    assert placed.path == STATE + "\\" + task.FILE
    assert faults(placed.content, tmp_path) == ""


def test_the_task_is_valid_with_any_letters(tmp_path: Path) -> None:
    folder = r"C:\Phần mềm & <quản trị> 'xã' #1;^!\agent.exe"
    (placed,) = task.rendered(job(program=folder, state="D:\\Dữ liệu & khác\\"))
    assert faults(placed.content, tmp_path) == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('version="1.2"', 'version="1.9"'),
        ("<StartWhenAvailable>true", "<StartWhenAvailable>false"),
        ("<StopIfGoingOnBatteries>false", "<StopIfGoingOnBatteries>true"),
        ("<MultipleInstancesPolicy>IgnoreNew", "<MultipleInstancesPolicy>Parallel"),
        ("S-1-5-18", "S-1-5-32-545"),
        ("<RandomDelay>PT60M</RandomDelay>", ""),
        ("<RandomDelay>PT60M<", "<RandomDelay>60 minutes<"),
        ("<Interval>PT15M</Interval>", "<Interval>PT5S</Interval>"),
        ("<Delay>", "<RandomDelay>PT5M</RandomDelay><Delay>"),
        ("Settings>", "Setings>"),
        ('<Command>"C:\\Program', "<Command>C:\\Program"),
        ("<ScheduleByDay>", "<ScheduleByDay><DaysInterval>0</DaysInterval>"),
        ("<ExecutionTimeLimit>PT30M</ExecutionTimeLimit>", ""),
        ('Context="Author"', 'Context="Nobody"'),
    ],
)
def test_a_broken_task_fails_the_schema(old: str, new: str, tmp_path: Path) -> None:
    text = task.xml(job())
    assert old in text
    assert faults(b"\xff\xfe" + text.replace(old, new).encode("utf-16-le"), tmp_path) != ""


def parsed(made: Job) -> ET.Element:
    """The task's XML, read by another hand than wrote it."""
    return ET.fromstring(task.xml(made).replace(' encoding="UTF-16"', ""))  # noqa: S314 - ours


def test_what_the_task_says() -> None:
    root = parsed(job())

    def said(path: str) -> str:
        return root.findtext(path, "", NAMESPACE)

    boot, calendar = "t:Triggers/t:BootTrigger/", "t:Triggers/t:CalendarTrigger/"
    assert said(boot + "t:Delay") == "PT17M34S"  # five minutes and its own 754 s
    assert said(calendar + "t:StartBoundary") == "2020-01-01T00:12:34"
    assert said(calendar + "t:Repetition/t:Interval") == "PT4H"
    assert said("t:Actions/t:Exec/t:Command") == f'"{PROGRAM}"'
    assert said("t:Actions/t:Exec/t:Arguments") == (
        f'"run" "--scheduled" "--state" "{STATE}" "--at-once"'
    )


def split(line: str) -> list[str]:
    """A command line as CommandLineToArgvW splits it (rules of MS docs, "Parsing C arguments")."""
    words, word, quoted, inside, backslashes = [], "", False, False, 0
    for sign in line + " ":
        if sign == "\\":
            backslashes += 1
            continue
        if sign == '"':
            word += "\\" * (backslashes // 2)
            if backslashes % 2:
                word += '"'
            else:
                quoted = not quoted
                inside = True
        else:
            word += "\\" * backslashes
            if sign == " " and not quoted:
                if word or inside:
                    words.append(word)
                word, inside = "", False
            else:
                word += sign
        backslashes = 0
    return words


CARRIED = st.text(
    st.characters(exclude_categories=["C", "Zl", "Zp"], exclude_characters='"%$'), max_size=40
).filter(lambda text: all(map(_storable, text)))


@given(CARRIED, CARRIED)
def test_every_word_comes_back_as_it_was(program: str, state: str) -> None:
    made = job("C:\\" + program.strip() + "x", "D:\\" + state)
    root = parsed(made)
    text = root.findtext("t:Actions/t:Exec/t:Arguments", "", NAMESPACE)
    assert split(text) == list(made.arguments)
    assert root.findtext("t:Actions/t:Exec/t:Command", "", NAMESPACE) == f'"{made.program}"'


@pytest.mark.parametrize("sign", ["\n", "\r", "\0", '"', "%", "\u2028", "\ud800", "$(Arg0)"])
def test_what_cannot_be_carried_is_refused(sign: str) -> None:
    for made in (job(program=f"C:\\a{sign}b.exe"), job(state=f"C:\\a{sign}b")):
        with pytest.raises(Unplaceable, match=r"another folder|expands"):
            task.rendered(made)


class Scheduler:
    """A Windows that keeps what schtasks was given, or refuses it."""

    def __init__(self, code: int = 0, shown: bytes = b"", *, admin: bool = True) -> None:
        self.files: dict[str, bytes] = {}
        self.ran: list[str] = []
        self.taken = b""
        self.code, self.shown, self.admin = code, shown, admin

    def elevated(self) -> bool:
        return self.admin

    def place(self, placed: Placed, mode: int = 0o644) -> bool:
        self.files[placed.path] = placed.content
        return True

    def remove(self, path: str) -> bool:
        return self.files.pop(path, None) is not None

    def run(self, name: str, folder: str | None = None) -> Ran:
        assert name in ADMIN
        self.ran.append(name)
        if name == "task_create":
            words = ADMIN[name].arguments
            self.taken = self.files[f"{folder}\\{words[words.index('/XML') + 1]}"]
        return Ran(self.code, self.shown, b"Zugriff verweigert" if self.code else b"")


def test_install_hands_the_xml_over_and_leaves_nothing_lying() -> None:
    windows: Any = Scheduler()
    assert task.install(job(), windows) == ["scheduled task rasoat-agent registered"]
    assert windows.taken == task.rendered(job())[0].content
    assert windows.files == {}


def test_a_refusal_is_told_and_leaves_nothing_lying() -> None:
    windows: Any = Scheduler(code=1)
    with pytest.raises(AgentProblem, match=r"registering.*exit 1.*Zugriff verweigert"):
        task.install(job(), windows)
    assert windows.files == {}


def test_uninstall_removes_the_task_or_finds_none() -> None:
    windows: Any = Scheduler(shown=task.xml(job()).encode("utf-16"))
    assert task.uninstall(STATE, windows) == ["scheduled task rasoat-agent removed"]
    assert windows.ran == ["task_show", "task_end", "task_delete"]
    gone: Any = Scheduler(code=1)
    assert task.uninstall(STATE, gone) == []
    assert gone.ran == ["task_show"]


class Registry(Machine):
    """A registry with our task in it."""

    platform = "windows"

    def __init__(self, dynamic: bytes | None) -> None:
        self.dynamic = dynamic

    def registry_values(self, key: str, view: int = 64) -> dict[str, Any]:
        if key == task.CACHE + r"\Tree\rasoat-agent":
            return {"Id": "{0A}", "Index": 3}
        if key == task.CACHE + r"\Tasks\{0A}" and self.dynamic is not None:
            return {"DynamicInfo": self.dynamic}
        raise Unknown("not_found", key)


def info(last: int, result: int) -> bytes:
    """DynamicInfo as Windows 10 writes it: 36 bytes."""
    numbers = ((3, 4), (133_000_000_000_000_000, 8), (last, 8), (0, 4), (result, 4), (0, 8))
    return b"".join(number.to_bytes(size, "little") for number, size in numbers)


#: 2026-11-23T11:00:00Z, in 100 ns since 1601
LAST = (1795431600 + 11_644_473_600) * 10_000_000


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (info(LAST, 3), (1795431600.0, 3)),
        (info(LAST, 0x41301), (1795431600.0, None)),
        (info(0, 0x41303), (None, None)),
        (info(LAST, 0)[:28], (1795431600.0, 0)),
    ],
)
def test_the_last_run_is_read(content: bytes, expected: tuple[float | None, int | None]) -> None:
    windows: Any = Scheduler(shown=task.xml(job()).encode("utf-8"))
    found = task.status(windows, Registry(content))
    assert (found["last_run"], found["last_result"]) == expected
    assert (found["installed"], found["enabled"]) == (True, True)


@pytest.mark.parametrize("content", [None, b"", b"short"])
def test_a_last_run_that_cannot_be_read_is_unknown(content: bytes | None) -> None:
    windows: Any = Scheduler(shown=b"<Task><Settings></Settings></Task>")
    found = task.status(windows, Registry(content))
    assert found["last_run"] is None
    assert found["unknown"]["last_run"]["reason"] in ("not_found", "unreadable")


@pytest.mark.parametrize("code_page", ["utf-8", "utf-16", "cp1258"])
def test_enabled_is_read_in_any_code_page(code_page: str) -> None:
    whole = task.xml(job()).replace("Rà Soát", "Ra Soat")
    head, _, settings = whole.partition("<Settings>")
    off = head + "<Settings>" + settings.replace("<Enabled>true", "<Enabled>false")
    assert task.enabled(whole.encode(code_page))
    assert not task.enabled(off.encode(code_page))
    # A trigger that is off is not a task that is off.
    assert task.enabled((head.replace("true<", "false<") + "<Settings>" + settings).encode())


def test_an_ordinary_user_is_not_told_that_there_is_none() -> None:
    users: Any = Scheduler(code=1, admin=False)
    with pytest.raises(Unknown, match="not_elevated"):
        task.status(users, Registry(None))
    silent: Any = Scheduler(shown=b"")
    with pytest.raises(Unknown, match="unreadable"):
        task.status(silent, Registry(None))
    assert task.uninstall(STATE, silent) == []
    admins: Any = Scheduler(code=1)
    assert task.status(admins, Registry(None)) == {"installed": False}
