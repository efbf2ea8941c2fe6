"""nmap under watch: fixed words, real services on loopback, every trouble a stated loss."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from scanner.networks import Networks
from scanner.nmap import services as runs
from scanner.nmap.run import FIXED
from scanner.nmap.services import services
from scanner.pace import Pace
from scanner.problems import BadTarget, NotAllowed
from scanner.scanning import Scanning
from tests.conftest import require
from tests.guard import scanning_loopback
from tests.scanner.nmap.documents import HEAD, TAIL, host
from tests.scanner.nmap.programs import Program

GREETING = b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"


def scanning(rate: float = 1000.0, network: str = "127.0.0.0/8") -> Scanning:
    """A scan of loopback alone, or of a network that no packet of these tests goes to."""
    return Scanning(Networks.configured([network]), (), Pace(rate))


class Services:
    """Listeners on loopback, and how many connections each address had at the same time."""

    def __init__(self) -> None:
        self.most: dict[str, int] = {}
        self._now: dict[str, int] = {}
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []

    def listen(self, ip: str, greeting: bytes) -> int:
        """A new service; its port."""
        one = socket.create_server((ip, 0))
        self._open.append(one)
        threading.Thread(target=self._accept, args=(one, ip, greeting), daemon=True).start()
        return int(one.getsockname()[1])

    def _accept(self, listener: socket.socket, ip: str, greeting: bytes) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                args = (connection, ip, greeting)
                threading.Thread(target=self._talk, args=args, daemon=True).start()

    def _talk(self, connection: socket.socket, ip: str, greeting: bytes) -> None:
        with self._lock:
            self._now[ip] = self._now.get(ip, 0) + 1
            self.most[ip] = max(self.most.get(ip, 0), self._now[ip])
        with connection, suppress(OSError):
            connection.settimeout(20)
            connection.sendall(greeting)
            while connection.recv(999):
                pass
        with self._lock:
            self._now[ip] -= 1

    def close(self) -> None:
        """Listen no more."""
        for one in self._open:
            one.close()


@pytest.fixture
def office() -> Iterator[Services]:
    found = Services()
    yield found
    found.close()


@contextmanager
def no_child_left() -> Iterator[None]:
    """Whatever is started inside is gone at the end."""
    before = set(psutil.Process().children(recursive=True))
    yield
    left = [one for one in psutil.Process().children(recursive=True) if one not in before]
    assert [one for one in left if one.status() != psutil.STATUS_ZOMBIE] == []


def reasons(one: Scanning) -> list[str]:
    """The codes of what was lost."""
    return [loss.reason for loss in one.losses]


def test_real_services_are_named(office: Services) -> None:
    require("nmap", any(Path(path).is_file() for path in runs.PROGRAMS))
    ports: dict[str, tuple[int, ...]] = {
        ip: (office.listen(ip, GREETING),) for ip in ("127.0.0.1", "127.0.0.2")
    }
    ports["127.0.0.1"] += (office.listen("127.0.0.1", GREETING),)
    watched, told = scanning(), []
    watched.progress = lambda technique, done, total: told.append((technique, done, total))
    with no_child_left(), scanning_loopback():
        found = services(watched, ports)
    assert reasons(watched) == []
    named = {
        (one.ip, port.port): (port.service, port.product, port.version)
        for one in found
        for port in one.ports
    }
    expected = ("ssh", "OpenSSH", "9.2p1 Debian 2+deb12u3")
    assert named == {(ip, port): expected for ip, all_of in ports.items() for port in all_of}
    assert all(one.answered and abs(one.at - time.time()) < 60 for one in found)
    assert told[-1] == ("nmap", 3, 3)
    assert watched.ledger.counts()["connections"]["nmap"] == 6
    assert office.most["127.0.0.1"] == 1, "one connection at a time to a host"


def test_a_closed_port_is_no_service() -> None:
    require("nmap", any(Path(path).is_file() for path in runs.PROGRAMS))
    with socket.create_server(("127.0.0.1", 0)) as one:
        port = one.getsockname()[1]
    with scanning_loopback():
        found = services(scanning(), {"127.0.0.1": (port,)})
    assert [(p.port, p.state, p.product) for one in found for p in one.ports] == [
        (port, "closed", "")
    ]


def test_the_words_are_fixed_and_targets_come_by_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Program(tmp_path).instead(monkeypatch)
    services(scanning(network="10.66.0.0/24"), {"10.66.0.1": (22,), "10.66.0.2": (22,)})
    limit = ("--host-timeout", "20s")
    polite = (*FIXED, *limit, "--max-rate", "250")
    assert program.calls() == [" ".join((*polite, "-p", "22"))]
    assert program.asked() == ["10.66.0.1", "10.66.0.2"]
    services(scanning(0.0, network="10.66.0.0/24"), {"10.66.0.3": (22, 80)})
    assert sorted(program.calls()[1:]) == [
        " ".join((*FIXED, *limit, "-p", port)) for port in ("22", "80")
    ]
    services(scanning(network="fd00::/64"), {"fd00::1": (22,)})
    assert program.calls()[3:] == [" ".join((*polite, "-6", "-p", "22"))]


@pytest.mark.parametrize(
    "word",
    [
        *("-oN/x", "--script=x", ";", "10.66.0.1\n10.66.0.9", "0.0.0.0/0", "fe80::1%eth0"),
        *("１０.66.0.1", "9" * 65536, "8.8.8.8", "10.66.9.1"),
    ],
    ids=lambda word: repr(word[:20]),
)
def test_a_hostile_target_starts_nothing(
    word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Program(tmp_path).instead(monkeypatch)
    with pytest.raises((BadTarget, NotAllowed)):
        services(scanning(network="10.66.0.0/24"), {"10.66.0.1": (22,), word: (22,)})
    assert (program.calls(), program.asked()) == ([], [])
    services(scanning(network="10.66.0.0/24"), {"10.66.0.1": (22,)})
    assert len(program.calls()) == 1, "the control: a good target alone does run"


def test_printers_are_told_and_nothing_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Program(tmp_path).instead(monkeypatch)
    one = scanning(network="10.66.0.0/24")
    assert services(one, {"10.66.0.1": (80, 9100)}) == []
    assert (reasons(one), program.calls()) == (["fragile"], [])


def test_without_nmap_or_its_reader_it_is_a_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("PROGRAMS", ("/nowhere/nmap",)), ("find_spec", lambda name: None)):
        with monkeypatch.context() as patch:
            patch.setattr(runs, name, value)
            one = scanning()
            assert services(one, {"127.0.0.1": (22,)}) == []
            assert reasons(one) == ["no_program"]


@pytest.mark.parametrize(
    ("rest", "word"),
    [
        ("echo 'nmap: unrecognized option' >&2; exit 255", "unrecognized option"),
        ("exit 0", "no element found"),
        ("echo '<html/>'", "begins with 'html'"),
        ("echo '<!DOCTYPE nmaprun [<!ENTITY x \"y\">]><nmaprun/>'", "DOCTYPE"),
        ("kill -9 $$", "ended with -9"),
    ],
)
def test_trouble_of_nmaps_is_a_loss(
    rest: str, word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Program(tmp_path, rest).instead(monkeypatch)
    one = scanning(network="10.66.0.0/24")
    assert services(one, {"10.66.0.1": (22,)}) == []
    assert reasons(one) == ["failed"]
    assert word in one.losses[0].detail


def test_a_program_that_cannot_be_started_is_a_loss(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "nmap"
    broken.write_bytes(b"\x7fELF nonsense")
    broken.chmod(0o755)
    monkeypatch.setattr(runs, "PROGRAMS", (str(broken),))
    one = scanning(network="10.66.0.0/24")
    assert services(one, {"10.66.0.1": (22,)}) == []
    assert reasons(one) == ["no_program"]


def begun(tmp_path: Path, rest: str) -> Program:
    """A program that tells of one host and then goes on."""
    (tmp_path / "told").write_text(HEAD + host(1))
    (tmp_path / "tail").write_text(TAIL)
    return Program(tmp_path, f'/bin/cat "{tmp_path}/told"\n{rest}\n')


@pytest.mark.parametrize("rest", ["sleep 60", "trap '' TERM; sleep 60 & wait; sleep 60"])
def test_a_stop_ends_it_and_keeps_what_was_told(
    rest: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(tmp_path, rest).instead(monkeypatch)
    one = scanning(network="10.66.0.0/24")
    timer = threading.Timer(1.0, one.stop.set)
    timer.start()
    with no_child_left():
        found = services(one, {"10.66.0.1": (22,), "10.66.0.2": (22,)})
    timer.join()
    assert [partial.ip for partial in found] == ["10.66.0.1"]
    assert reasons(one) == ["stopped"]


def test_a_time_limit_ends_it_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(tmp_path, "sleep 60").instead(monkeypatch)
    one = scanning(network="10.66.0.0/24")
    with no_child_left():
        found = services(one, {"10.66.0.1": (22,), "10.66.0.2": (22, 80)}, limit=0.5)
    assert [partial.ip for partial in found] == ["10.66.0.1"]
    assert reasons(one) == ["timed_out"]
    assert "of 3 ports" in one.losses[0].detail


def test_a_service_that_nmap_gave_up_on_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = begun(tmp_path, f'/bin/cat "{tmp_path}/tail"').instead(monkeypatch)
    given_up = (
        '<host starttime="1" endtime="1794816030" timedout="true"><status state="up" '
        'reason="user-set"/><address addr="10.66.0.2" addrtype="ipv4"/></host>'
    )
    (tmp_path / "told").write_text(HEAD + host(1) + given_up)
    one = scanning(network="10.66.0.0/24")
    found = services(one, {"10.66.0.1": (22,), "10.66.0.2": (22,)})
    assert [(partial.ip, partial.answered) for partial in found if partial.ports] == [
        ("10.66.0.1", True)
    ]
    assert reasons(one) == ["unexplained"]
    assert len(program.calls()) == 1


def test_a_host_that_was_not_asked_about_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(tmp_path, f'/bin/cat "{tmp_path}/tail"').instead(monkeypatch)
    one = scanning(network="10.66.0.0/24")
    assert services(one, {"10.66.0.77": (22,)}) == []
    assert [p.ip for p in services(one, {"10.66.0.1": (22,)})] == ["10.66.0.1"]
    assert reasons(one) == []


def test_a_program_that_speaks_without_end_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its output is read so that it does not hang, and none of it is kept."""
    begun(tmp_path, "while :; do echo '<a><a><a>'; done").instead(monkeypatch)
    one = scanning(network="10.66.0.0/24")
    with no_child_left():
        services(one, {"10.66.0.1": (22,)}, limit=2.0)
    assert reasons(one) == ["timed_out"]


def test_no_word_of_the_environment_reaches_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Program(tmp_path, f'/usr/bin/env > "{tmp_path}/environment"').instead(monkeypatch)
    monkeypatch.setenv("NMAP_PRIVILEGED", "1")
    monkeypatch.setenv("NMAPDIR", str(tmp_path))
    services(scanning(network="10.66.0.0/24"), {"10.66.0.1": (22,)})
    seen = (tmp_path / "environment").read_text()
    assert "LC_ALL=C" in seen
    assert "NMAP" not in seen
    assert os.environ["NMAPDIR"]
