"""The docs are true: every command shown there runs, ends as shown and says what is shown."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import ROOT, require
from tests.house.pages import Step, block_steps, completed, loose_commands, steps, unsaid
from tests.lab.lan import Lan, office_lan
from tests.lab.namespaces import possible
from tests.reports.signing import people

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MODULES = {"rasoat": "rasoat", "rasoat-agent": "agents"}
LISTS = Path("/var/lib/apt/lists")  #: what apt knows of waiting updates
#: What follows runs with no lists there: to read them takes apt seconds, for each page's machine.
_WITHOUT_LISTS = 'mount -t tmpfs none "$0" && exec "$@"'


class Shell:
    """Runs the steps of one page, in one empty folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.printed = folder, ""
        self.staying: list[subprocess.Popen[str]] = []
        self.laboratory: Lan | None = None
        home = str(folder / "home")
        (folder / "home").mkdir()
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("RASOAT", "LC_", "LANG"))}
        with socket.create_server(("127.0.0.1", 0)) as free:  # pages run side by side
            port = free.getsockname()[1]
        self.environment = kept | {
            "RASOAT_PORT": str(port),
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "error",
            "HOME": home,
            "LANG": "C.UTF-8",
            "COLUMNS": "200",
        }

    def command(self, step: Step) -> list[str]:
        """The program and its words: this checkout's code."""
        words = [completed(word, self.printed) for word in step.words]
        argv = [*unlisted(), sys.executable, "-m", MODULES[words[0]], *words[1:]]
        if self.laboratory is None:
            assert not sends(step), f"$ {step.line}: a scan outside of the laboratory"
            return argv
        return self.laboratory.scanner.command(argv)

    def run(self, step: Step) -> None:
        """One step; AssertionError tells what the page says and what happened."""
        if step.writes is not None:
            (self.folder / step.writes).write_text("\n".join(step.says) + "\n", encoding="utf-8")
        elif step.stays:
            self.leave_running(step)
        else:
            done = subprocess.run(
                self.command(step),
                cwd=self.folder,
                env=self.environment,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            self.judge(step, done.stdout, done.returncode)

    def judge(self, step: Step, output: str, code: int) -> None:
        """What came, against what the page shows."""
        self.printed += output
        said = f"$ {step.line}\n[exit {code}], the page says {step.codes}\n{output}"
        assert code in step.codes, said
        missing = unsaid(step.says, output)
        assert missing is None, f"$ {step.line}\nthe page shows {missing!r}; it printed\n{output}"

    def leave_running(self, step: Step) -> None:
        """Start a server and wait for the first line that the page shows of it."""
        assert step.says, f"$ {step.line}: the page must show a line by which it is ready"
        process = subprocess.Popen(
            self.command(step),
            cwd=self.folder,
            env=self.environment | {"PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.staying.append(process)
        output = ""
        for line in process.stdout or ():
            output += line
            self.printed += line
            if unsaid(step.says, output) is None:
                return
        pytest.fail(f"$ {step.line}\nended before it said {step.says}; it printed\n{output}")

    def stop(self) -> None:
        """End what was left running, as Ctrl-C would."""
        while self.staying:
            process = self.staying.pop()
            process.send_signal(signal.SIGINT)
            try:
                process.communicate(timeout=20)
            finally:
                process.kill()


def unlisted() -> list[str]:
    """A mount namespace of the command's own, whose apt has no lists; where that is possible."""
    if not possible() or not LISTS.is_dir():
        return []
    return ["unshare", "--mount", "sh", "-c", _WITHOUT_LISTS, str(LISTS)]


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    made = Shell(tmp_path)
    yield made
    made.stop()


def sends(step: Step) -> bool:
    """Whether the command may send packets to a network: in doubt it does."""
    words = step.words if step.writes is None else []
    return "scan" in words and "--import" not in words


@contextmanager
def laboratory(page: Path, shell: Shell) -> Iterator[None]:
    """A simulated LAN around the commands of a page that scans one."""
    if not any(map(sends, steps(page))):
        yield
        return
    require("network namespaces", possible())
    with office_lan(hosts=24, network="10.1.0.0/24") as shell.laboratory:
        yield
        shell.stop()


def keys(page: Path, folder: Path) -> None:
    """The invented people's keys that a page signs with: nothing that a page could write."""
    if any("p12:" in step.line for step in steps(page)):
        people.officer(people.PERSON).p12(folder / "person.p12")
        people.officer(people.AGENCY).p12(folder / "agency.p12")
        (folder / "ca.pem").write_bytes(people.authority().pem)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("page", PAGES, ids=[p.relative_to(ROOT).as_posix() for p in PAGES])
def test_every_command_of_a_page_runs(page: Path, shell: Shell) -> None:
    keys(page, shell.folder)
    with laboratory(page, shell):
        for step in steps(page):
            shell.run(step)


@pytest.mark.parametrize("options", ["", "--lang vi ", "--data d --lang en "])
def test_a_scan_never_runs_outside_of_the_laboratory(shell: Shell, options: str) -> None:
    with pytest.raises(AssertionError, match="outside of the laboratory"):
        shell.run(Step(f"rasoat {options}scan 127.0.0.1"))


def test_the_pages_hold_commands() -> None:
    lines = [step.line for page in PAGES for step in steps(page)]
    assert len(lines) >= 25
    vietnamese = [step for page in PAGES if page.parent.name == "vi" for step in steps(page)]
    assert len(vietnamese) >= 4


def test_every_command_is_shown_running_somewhere() -> None:
    """The command groups of DESIGN §9 that exist: each is run by a page, not only described."""
    from rasoat.cli import COMMANDS

    ours = [step for page in PAGES for step in steps(page) if step.line.startswith("rasoat ")]
    shown = {next(word for word in step.words[1:] if word in COMMANDS) for step in ours}
    assert set(COMMANDS) - shown == set()


def test_no_command_of_ours_stands_in_a_block_that_nobody_runs() -> None:
    assert {page.name: loose_commands(page) for page in PAGES if loose_commands(page)} == {}


def test_links_between_pages_lead_somewhere() -> None:
    links = [
        (page, target)
        for page in PAGES
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    ]
    assert len(links) >= 10
    assert [f"{page.name}: {to}" for page, to in links if not (page.parent / to).exists()] == []


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("$ rasoat --version\n[exit 2]\n", r"the page says \(2,\)"),
        ("$ rasoat --version\nno such words\n", "no such words"),
        ("$ rasoat polcy\n", "exit 2"),
    ],
)
def test_an_untrue_page_is_caught(shell: Shell, block: str, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        shell.run(block_steps(block)[0])


def test_a_true_page_passes(shell: Shell) -> None:
    shell.run(block_steps("$ rasoat --version\nrasoat, version …\n")[0])


@pytest.mark.parametrize(
    ("says", "output", "expected"),
    [
        (["a …c"], "a b\n c", None),
        (["one", "two"], "one two", None),
        (["two", "one"], "one two", "one"),
        (["541 of 568"], "541 of 569", "541 of 568"),
    ],
)
def test_lines_shown_are_sought_in_order(
    says: list[str], output: str, expected: str | None
) -> None:
    assert unsaid(says, output) == expected
