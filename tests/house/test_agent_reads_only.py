"""The agent reads: whatever else it does has one home, named here with its reason.

The laws are in `agent_laws`; each is shown to catch what breaks it, and every home is lived in.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agents.commands import ADMIN, COMMANDS
from tests.conftest import ROOT
from tests.house import agent_laws

INSTALL = "install and uninstall, which a person runs"
KEEPS = "what the agent keeps between runs, in its state folder"
TABLE = "the module comes from a constant table of ours"
NETLINK = r"agents/linux/netlink\.py"
CALLS = r"agents/windows/(calls_\w+|api|private)\.py"

#: (law, thing): the files that may, and why. A thing is a pattern.
HOMES: dict[tuple[str, str], tuple[str, str]] = {
    # Programs
    ("import", "subprocess"): (r"agents/machine\.py", "administer, which a person asks for"),
    ("subprocess", r"run|DEVNULL|TimeoutExpired"): (r"agents/machine\.py", "the same"),
    ("process", r"of \[path, \*command\.arguments\]"): (
        r"agents/machine\.py",
        "a path and arguments of the table",
    ),
    ("start", r"\[path, \*command\.arguments\]"): (r"agents/machine\.py", "the same"),
    ("from", r"agents\.programs\.run_to_end"): (r"agents/machine\.py", "the one door"),
    (
        "os",
        r"pipe|posix_spawn|POSIX_SPAWN_DUP2|kill|waitpid|WNOHANG|WEXITSTATUS|WIFEXITED|WTERMSIG",
    ): (r"agents/programs\.py", "starts what machine names, and ends it when its time is up"),
    ("os", "devnull|O_CLOEXEC"): (r"agents/programs\.py", "its input is nothing"),
    ("import", "signal"): (r"agents/programs\.py", "the same"),
    ("start", "name"): (r"agents/administration\.py", "a name of ADMIN; " + INSTALL),
    # Files
    ("os", "open|fdopen"): (
        r"agents/(machine|daily|durable|programs)\.py",
        "machine reads, programs nothing; " + KEEPS,
    ),
    ("os", "O_WRONLY|O_CREAT|O_EXCL|O_TRUNC"): (r"agents/(daily|durable)\.py", KEEPS),
    ("os", "fsync"): (r"agents/durable\.py", KEEPS),
    ("os", "replace"): (r"agents/(daily|durable|identity)\.py", KEEPS),
    ("os", "unlink"): (r"agents/(administration|durable|spool)\.py", KEEPS + "; " + INSTALL),
    ("os", "makedirs"): (
        r"agents/(administration|durable|recording|spool)\.py",
        KEEPS + "; record writes a new folder that a person named; " + INSTALL,
    ),
    ("os", "chmod"): (r"agents/administration\.py", "closes the state folder; " + INSTALL),
    ("open", "xb"): (r"agents/recording\.py", "record writes new files into its own folder"),
    ("open", "wb"): (r"agents/durable\.py", KEEPS),
    ("open", "ab"): (r"agents/lock\.py", "the lock file"),
    ("import", "shutil"): (r"agents/uninstall\.py", "--purge, which a person asks for"),
    ("shutil", "rmtree"): (r"agents/uninstall\.py", "the same"),
    # Network
    ("socket", "create_connection"): (
        r"agents/(http_exchange|transport)\.py",
        "the client, to the address of the enrolment",
    ),
    ("socket", r"socket|of socket\.AF_NETLINK"): (NETLINK, "asks the kernel, no network"),
    ("listen", "bind"): (NETLINK, "a netlink socket's own number"),
    # Windows
    ("import", "ctypes"): (CALLS, "asks Windows itself, without a program"),
    ("ctypes", r"\w+"): (CALLS, "the same"),
    ("load", "WinDLL"): (r"agents/windows/api\.py", "System32's libraries alone"),
    ("windows", "CreateFileW"): (r"agents/windows/calls_disks\.py", "opens a disk to ask it"),
    ("windows", "DeviceIoControl"): (r"agents/windows/calls_disks\.py", "asks a disk"),
    ("windows", "SetErrorMode"): (r"agents/windows/calls_volumes\.py", "no dialogue boxes"),
    (
        "windows",
        "SetPriorityClass|CreateJobObjectW|SetInformationJobObject|AssignProcessToJobObject",
    ): (r"agents/windows/calls_limits\.py", "its own priority and cap on memory"),
    ("windows", "SetFileSecurityW"): (r"agents/windows/private\.py", "closes the state folder"),
    ("windows", "a name that is computed"): (
        r"agents/windows/calls_sockets\.py",
        "one of two names of a table",
    ),
    ("import", "winreg"): (r"agents/windows/live_registry\.py", "reads the registry"),
    ("import", "msvcrt"): (r"agents/lock\.py", "the lock"),
    ("import", "fcntl"): (r"agents/lock\.py", "the lock"),
    # Modules by name
    ("import by name", "a name"): (
        r"agents/(cli|collect|install|machine|windows/calls)\.py",
        TABLE,
    ),
    ("import", "importlib"): (
        r"agents/(cli|collect|install|machine|windows/calls|windows/live_registry)\.py",
        TABLE,
    ),
    ("import", "psutil"): (
        r"agents/((macos/)?values|starter)\.py",
        "values that are no file; where it lies, for the check of rights",
    ),
    # Its own limits
    ("os", "nice|_exit"): (r"agents/limits\.py", "last in line; ends a run that takes too long"),
    ("import", "resource"): (r"agents/limits\.py", "its own cap on memory"),
    # Odds and ends
    ("bare", "os"): (r"agents/(durable|machine)\.py", "flags that not every system has"),
    ("bare", "ctypes"): (
        r"agents/windows/(api|calls_com)\.py",
        "parts that mypy knows on Windows alone",
    ),
    ("name", "vars"): (r"agents/state\.py", "the values of a state of ours, to be saved"),
    ("os", "environ"): (
        r"agents/(state|cli)\.py",
        "where Windows keeps program data; the language of whoever asks",
    ),
    ("name", "__slots__"): (r"agents/words\.py", "what a message holds beside its text"),
    ("import", "gettext"): (r"agents/words\.py", "Vietnamese, when something is said in it"),
    ("sys", "modules"): (r"agents/sha256\.py", "looks whether hashlib is loaded already"),
    ("sys", "path"): (
        r"agents/__main__\.py",
        "adds our own folder to an isolated interpreter",
    ),
}


def files() -> list[Path]:
    """Every file of the agent."""
    return sorted((ROOT / "agents").rglob("*.py"))


def broken(name: str, text: str) -> list[str]:
    """What in a file has no home there."""
    return [
        f"{name}:{use.line} {use.law}: {use.thing}"
        for use in agent_laws.uses(text)
        if not homes_of(name, use.law, use.thing)
    ]


def homes_of(name: str, law: str, thing: str) -> list[tuple[str, str]]:
    """The entries of HOMES by which this file may do this."""
    return [
        key
        for key, (home, _) in HOMES.items()
        if key[0] == law and re.fullmatch(key[1], thing) and re.fullmatch(home, name)
    ]


def test_the_agent_only_reads() -> None:
    found = files()
    assert len(found) >= 60, "the agent is not where this test looks"
    assert [
        law
        for path in found
        for law in broken(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))
    ] == []


def test_the_homes_are_lived_in() -> None:
    """A law over nothing holds by itself; a home that nobody lives in is an open door."""
    lived_in = {
        key
        for path in files()
        for use in agent_laws.uses(path.read_text("utf-8"))
        for key in homes_of(path.relative_to(ROOT).as_posix(), use.law, use.thing)
    }
    assert set(HOMES) - lived_in == set()


def test_every_home_has_its_reason() -> None:
    assert all(len(reason) >= 8 for _, reason in HOMES.values())


@pytest.mark.parametrize(
    "text",
    [
        "eval('1')",
        "exec('x = 1')",
        "compile('1', '', 'eval')",
        "e = eval",
        "__import__('os')",
        "f = ().__class__.__base__.__subclasses__()",
        "globals()['x'] = 1",
        "__builtins__['eval']",
        "setattr(x, 'y', 1)",
        "import pickle",
        "import marshal",
        "import shelve",
        "import tempfile",
        "import pathlib",
        "import io",
        "import builtins",
        "import multiprocessing",
        "import http.server",
        "import socketserver",
        "import urllib.request",
        "import ctypes",
        "from ctypes import wintypes",
        "import subprocess",
        "from os import system",
        "import os as o",
        "import os\no = os",
        "import os\ngetattr(os, 'system')('x')",
        "import os\nos.system('x')",
        "import os\nos.popen('x')",
        "import os\nos.execv('/bin/sh', [])",
        "import os\nos.spawnv(0, '/bin/sh', [])",
        "import os\nos.posix_spawn('/bin/sh', [], {})",
        "import os\nos.fork()",
        "import os\nos.kill(1, 9)",
        "import os\nos.startfile('x')",
        "import os\nos.putenv('a', 'b')",
        "import os\nos.environ['a'] = 'b'",
        "import os\nos.remove('x')",
        "import os\nos.rename('x', 'y')",
        "import os\nos.mkdir('x')",
        "import os\nos.rmdir('x')",
        "import os\nos.truncate('x', 0)",
        "import os\nos.symlink('x', 'y')",
        "import os\nos.utime('x')",
        "import os\nos.setuid(0)",
        "import os\nos.open('x', os.O_RDONLY)",
        "import os\nflags = os.O_RDWR",
        "open('x', 'w')",
        "open('x', 'ab')",
        "open('x', 'r+b')",
        "open('x', mode='x')",
        "open('x', mode)",
        "open('x', 'rb', opener=f)",
        "o = open",
        "import shutil\nshutil.rmtree('/')",
        "import importlib\nimportlib.import_module('pickle')",
        "import importlib\nimportlib.import_module(name)",
        "import socket\nsocket.create_server(('', 80))",
        "import socket\ns = socket.socket()",
        "import socket\nsocket.create_connection(('10.0.0.1', 80))",
        "import socket\ns = socket.socket(socket.AF_INET, socket.SOCK_RAW)",
        "s.bind(('0.0.0.0', 80))",
        "s.listen(1)",
        "s.accept()",
        "s.sendto(b'', ('10.0.0.1', 9))",
        "import sys\nsys.modules['x'] = y",
        "import sys\nsys.path.insert(0, '.')",
        "run('x', shell=True)",
        "winreg.SetValueEx(key, 'x', 0, 1, 'y')",
        "getattr(winreg, 'CreateKeyEx')(key, 'x')",
        "winreg.DeleteKey(key, 'x')",
        "ctypes.windll.kernel32.WriteFile()",
        "function('kernel32', 'DeleteFileW', int)",
        "function('kernel32', 'CreateFileW', int)",
        "function('advapi32', 'RegSetValueExW', int)",
        "function('kernel32', name, int)",
        "from agents.machine import administer\nadminister('task_delete')",
        "from agents.programs import run_to_end\nrun_to_end(['/bin/sh'], 1)",
    ],
)
def test_a_collector_that_does_more_is_caught(text: str) -> None:
    assert broken("agents/linux/updates.py", text) != []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("agents/machine.py", "import subprocess\nsubprocess.run(['/bin/sh', '-c', x])"),
        ("agents/machine.py", "import subprocess\nsubprocess.run(x, shell=True)"),
        ("agents/machine.py", "import subprocess\nsubprocess.check_output(arguments)"),
        ("agents/machine.py", "import os\nos.posix_spawn(path, words, {})"),
        ("agents/machine.py", "run_to_end([path + x, *command.arguments], 1)"),
        ("agents/machine.py", "run_to_end([path, *command.arguments, word], 1)"),
        ("agents/machine.py", "run_to_end(['/bin/%s' % x], 1)"),
        ("agents/durable.py", "open('x', 'r+b')"),
        ("agents/spool.py", "open('x', 'wb')"),
        ("agents/status.py", "import os\nos.unlink('x')"),
        ("agents/http_exchange.py", "s.listen(1)"),
        ("agents/windows/calls_network.py", "function('kernel32', 'WriteFile', int)"),
        ("agents/windows/calls_network.py", "import ctypes\nctypes.WinDLL('x')"),
        ("agents/windows/live_registry.py", "import winreg\nwinreg.CreateKey(1, 'x')"),
        ("agents/windows/registry.py", "import winreg"),
        ("agents/linux/netlink.py", "import socket\nsocket.socket(socket.AF_INET)"),
        ("agents/linux/netlink.py", "import socket\nsocket.socket()"),
        ("agents/status.py", "from agents.programs import run_to_end"),
        ("agents/status.py", "programs.run_to_end(words, 1)"),
    ],
)
def test_a_home_is_for_one_thing_alone(name: str, text: str) -> None:
    assert broken(name, text) != []


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos.listdir('/etc')",
        "with open('/etc/os-release', 'rb') as file:\n    file.read()",
        "open('/etc/os-release')",
        "import re\nre.compile('x')",
        "text.replace('a', 'b')",
        "machine.run('nft_ruleset')",
    ],
)
def test_reading_breaks_no_law(text: str) -> None:
    assert broken("agents/linux/updates.py", text) == []


def test_the_tables_of_programs_are_constants() -> None:
    text = (ROOT / "agents/commands.py").read_text("utf-8")
    assert agent_laws.not_constant(text) == []
    assert text.count(": Command(") == len(COMMANDS) + len(ADMIN) >= 30


@pytest.mark.parametrize(
    "table",
    [
        "T = {'a': Command('nft', f'{x}')}",
        "T = {'a': Command('nft', 'list %s' % x)}",
        "T = {'a': Command('nft', '{}'.format(x))}",
        "T = {'a': Command('nft', x)}",
        "T = {'a': Command(name)}",
        "T = {'a': Command('nft', *words)}",
        "T = {'a': Command('nft', folders=(os.getcwd(),))}",
        "T = dict(more)",
    ],
)
def test_a_table_that_is_computed_is_caught(table: str) -> None:
    assert agent_laws.not_constant(table) != []


def test_programs_are_absolute_and_no_shells() -> None:
    commands = [*COMMANDS.values(), *ADMIN.values()]
    paths = [path for command in commands for path in command.paths]
    assert [path for path in paths if not re.match(r"/|C:\\Windows\\System32\\", path)] == []
    shells = re.compile(
        r"(ba|da|z|k|c)?sh|cmd\.exe|powershell\.exe|wscript\.exe|python\w*|env|perl"
    )
    assert [command.program for command in commands if shells.fullmatch(command.program)] == []
    # What a path or an argument holds is taken as it stands: no word that a shell would open up.
    assert [
        word for one in commands for word in one.arguments if re.search(r"[$`;|&<>]", word)
    ] == []


def test_only_a_persons_commands_may_change_the_schedule() -> None:
    """What a run imports never reaches `administer`."""
    who = [
        path.relative_to(ROOT).as_posix()
        for path in files()
        if re.search(r"agents\.administration|import administer", path.read_text("utf-8"))
    ]
    assert sorted(who) == [
        "agents/administration.py",
        "agents/install.py",
        "agents/linux/timer.py",
        "agents/macos/daemon.py",
        "agents/status.py",
        "agents/uninstall.py",
        "agents/windows/task.py",
    ]
