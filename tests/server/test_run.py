"""The collector as it runs: real TLS on loopback, its limits on connections, start and stop."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agents import run as agent_run
from agents.delivery import Outcome
from agents.enrol import enrol
from agents.spool import Spool
from inventory import agents as known
from inventory import tokens
from inventory.errors import NotOurFolder
from inventory.store import Store
from server import certificates
from server.enrolment_file import enrolment_file
from server.run import CannotListen, Collector
from server.settings import Settings
from tests.conftest import ROOT
from tests.server.door import SMALL, identity, report, state_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Store.create(tmp_path / "dữ liệu").close()
    return tmp_path / "dữ liệu"


@pytest.fixture
def collector(folder: Path) -> Iterator[Collector]:
    with Collector(folder, settings=Settings(request_seconds=1.0, connections=12)) as running:
        yield running


def file_for(collector: Collector, **changes: Any) -> dict[str, Any]:
    store = Store.open(collector.folder)
    later = datetime.now(UTC) + timedelta(hours=1)
    wanted = {"approve": True, "expires_at": later, "max_uses": 9, "unit": None, "by": "officer"}
    text = tokens.create(store, **{**wanted, **changes})
    store.close()
    return enrolment_file(collector.folder, collector.url, text, later)


def ran(state: Path) -> Outcome:
    return agent_run.run(str(state), collected=lambda: SMALL)


def opened(collector: Collector, context: ssl.SSLContext | None = None) -> ssl.SSLSocket:
    if context is None:
        context = ssl.create_default_context(cafile=str(collector.folder / "ca.pem"))
    raw = socket.create_connection(("127.0.0.1", collector.port), timeout=10)
    try:
        return context.wrap_socket(raw, server_hostname="127.0.0.1")
    except BaseException:
        raw.close()
        raise


def version(collector: Collector, context: ssl.SSLContext | None = None) -> str | None:
    with opened(collector, context) as line:
        return line.version()


def certificate(collector: Collector) -> bytes | None:
    with opened(collector) as line:
        return line.getpeercert(binary_form=True)


def taken_until_cut(collector: Collector, first: bytes, pieces: Iterable[bytes]) -> int:
    """How many pieces, one every 20 ms, a line that said ``first`` at once takes before it ends."""
    taken = 0
    with opened(collector) as line, contextlib.suppress(OSError):
        line.sendall(first)
        for piece in pieces:
            line.sendall(piece)
            taken += 1
            time.sleep(0.02)
    return taken


def test_an_agent_enrols_and_reports_over_tls(collector: Collector, tmp_path: Path) -> None:
    reply = enrol(str(tmp_path / "agent"), file_for(collector), "pc-1")
    assert (reply["status"], reply["epoch"]) == ("approved", 1)
    for _ in range(3):
        outcome = ran(tmp_path / "agent")
        assert (outcome.done, outcome.sent) == (True, 1), outcome.problem
    store = Store.open(collector.folder, read_only=True)
    assert [row[3] for row in state_of(store)["reports"]] == [1, 2, 3]
    store.close()


def test_a_pending_agent_keeps_its_reports_until_it_is_approved(
    collector: Collector, tmp_path: Path
) -> None:
    reply = enrol(str(tmp_path / "agent"), file_for(collector, approve=False), "pc-1")
    for _ in range(3):
        assert "waits for an officer" in ran(tmp_path / "agent").problem
    store = Store.open(collector.folder)
    known.approve(store, reply["agent"], by="officer")
    assert ran(tmp_path / "agent").sent == 4
    assert [row[3] for row in state_of(store)["reports"]] == [1, 2, 3, 4]
    store.close()


def test_two_copies_of_one_state_are_quarantined_and_can_be_told_apart_again(
    collector: Collector, tmp_path: Path
) -> None:
    import shutil

    first, copy = tmp_path / "agent", tmp_path / "copy"
    reply = enrol(str(first), file_for(collector), "pc-1")
    assert ran(first).done
    shutil.copytree(first, copy)
    assert ran(first).done
    outcome = agent_run.run(str(copy), collected=lambda: {**SMALL, "facts": {}})
    assert not outcome.done
    assert "two machines report with one key" in outcome.problem or "[conflict]" in outcome.problem
    assert "[quarantined]" in ran(first).problem
    store = Store.open(collector.folder)
    agent = known.get(store, reply["agent"])
    assert agent is not None
    assert (agent.status, bool(agent.alert)) == ("quarantined", True)
    assert [row[3] for row in state_of(store)["reports"]] == [1, 2]
    anew = enrol(str(copy), file_for(collector), "pc-2", new_key=True)
    assert anew["agent"] != reply["agent"]
    outcome = ran(copy)
    assert (outcome.done, outcome.dropped) == (True, 1), outcome.problem
    store.close()


def test_tls_before_1_2_and_other_authorities_are_refused(
    collector: Collector, tmp_path: Path
) -> None:
    assert version(collector) == "TLSv1.3"
    old = ssl.create_default_context(cafile=str(collector.folder / "ca.pem"))
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    assert version(collector, old) == "TLSv1.2"
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.raises(OSError, match=r"(?i)alert|protocol|version|reset|closed|EOF"):
        version(collector, old)
    (tmp_path / "other").mkdir()
    certificates.ensure_authority(tmp_path / "other")
    other = ssl.create_default_context(cafile=str(tmp_path / "other" / "ca.pem"))
    with pytest.raises(ssl.SSLCertVerificationError):
        version(collector, other)


def test_a_request_that_trickles_in_is_cut(collector: Collector) -> None:
    """Slow loris: a byte now and then never ends the headers; the deadline does."""
    trickle = (b"x: y\r\n"[n % 6 : n % 6 + 1] for n in range(1000))
    head = b"POST /api/v1/reports HTTP/1.1\r\nhost: x\r\n"
    assert 1 < taken_until_cut(collector, head, trickle) < 1000


def test_a_body_that_trickles_in_is_cut(collector: Collector) -> None:
    head = b"POST /api/v1/reports HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n"
    assert 1 < taken_until_cut(collector, head, [b"x"] * 1000) < 1000


def test_a_connection_that_says_nothing_is_cut(collector: Collector) -> None:
    begun = time.monotonic()
    with opened(collector) as line, contextlib.suppress(ConnectionError, ssl.SSLError):
        assert line.recv(1) == b""  # our own waiting would end with a TimeoutError
    assert time.monotonic() - begun > 0.8


def test_headers_without_end_are_refused(collector: Collector) -> None:
    sent = 0
    with opened(collector) as line, contextlib.suppress(OSError):
        line.sendall(b"POST /api/v1/reports HTTP/1.1\r\n")
        while sent < 8 << 20:
            line.sendall(b"x-%d: " % sent + b"y" * 4000 + b"\r\n")
            sent += 4000
    assert sent < 4 << 20


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"POST\r\n\r\n",
        b"POST /api/v1/reports HTTP/9.9\r\n\r\n",
        b"POST /\xff HTTP/1.1\r\nhost: x\r\n\r\n",
        b"POST /api/v1/reports HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx",
        b"POST /x HTTP/1.1\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /api/v1/reports HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_not_http_gets_a_4xx_or_nothing(collector: Collector, raw: bytes) -> None:
    with opened(collector) as line:
        line.sendall(raw)
        try:
            first = line.recv(1000)
        except ConnectionError:
            first = b""
    assert first == b"" or first.startswith(b"HTTP/1.1 4"), first


def test_a_chunked_body_without_end_is_refused_over_the_wire(collector: Collector) -> None:
    pairs, _ = report(identity())
    head = b"".join(
        name + b": " + value + b"\r\n" for name, value in pairs if name != b"content-length"
    )
    answer = b""
    with opened(collector) as line:
        line.sendall(b"POST /api/v1/reports HTTP/1.1\r\nhost: x\r\n" + head)
        line.sendall(b"transfer-encoding: chunked\r\n\r\n")
        sent = 0
        with contextlib.suppress(OSError):
            while sent < 64 << 20:
                line.sendall(b"10000\r\n" + bytes(1 << 16) + b"\r\n")
                sent += 1 << 16
        with contextlib.suppress(OSError):
            answer = line.recv(1000)
    assert sent < 32 << 20
    assert answer == b"" or answer.startswith(b"HTTP/1.1 413")


def test_connections_beyond_the_limit_get_503_and_the_others_live(collector: Collector) -> None:
    lines = [opened(collector) for _ in range(14)]
    lines[-1].sendall(b"GET /schema/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n")
    assert lines[-1].recv(100).startswith(b"HTTP/1.1 503")
    for line in lines:
        line.close()
    time.sleep(0.2)
    with opened(collector) as line:
        line.sendall(b"GET /schema/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 200")


def nobody(*_: object, **__: object) -> None:
    """What the resolver says of a name that there is not; nobody outside is asked."""
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def test_a_port_in_use_is_said_and_nothing_is_left_open(
    collector: Collector, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        pytest.raises(CannotListen, match="choose another port") as caught,
        Collector(folder, port=collector.port),
    ):
        pass
    assert caught.value.exit_code == 3
    with monkeypatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", nobody)
        with pytest.raises(CannotListen, match="name an address of this machine"):
            Collector(folder, host="no.such.name.invalid.").open()
    with Collector(folder) as second:
        assert second.port != collector.port


def test_a_folder_that_is_not_ours_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").write_text("x")
    with pytest.raises(NotOurFolder) as caught, Collector(tmp_path / "other"):
        pass
    assert caught.value.exit_code == 2
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["file"]


def test_a_running_collector_takes_up_a_new_certificate(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.run.CHECK_SECONDS", 0.05)
    with Collector(folder) as running:
        first = certificate(running)
        certificates.ensure_server(folder, [], datetime.now(UTC) + timedelta(days=350))
        deadline = time.monotonic() + 5
        while certificate(running) == first:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_a_renewal_that_fails_is_said_once_and_the_collector_serves_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("server.run.CHECK_SECONDS", 0.02)
    with Collector(folder) as running:
        (folder / "server.pem").write_bytes(b"damaged")
        time.sleep(0.5)
        assert version(running) == "TLSv1.3"
    assert capsys.readouterr().err.count("server.pem cannot be read; restore it") == 1


SERVE = """
import sys
from pathlib import Path
from server.run import serve
serve(Path(sys.argv[1]), port=0, ready=lambda url: print(url, flush=True))
print("closed", flush=True)
"""


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_serve_says_when_it_is_ready_and_ends_well_on_a_signal(folder: Path, stop: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", SERVE, str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("https://127.0.0.1:")
    process.send_signal(stop)
    out, err = process.communicate(timeout=20)
    assert (out, err, process.returncode) == ("closed\n", "", 0)


def median_wait(folder: Path) -> float:
    """Seconds from a small request to its whole answer."""
    times = []
    with Collector(folder) as running, opened(running) as line:
        for _ in range(21):
            begun = time.monotonic()
            line.sendall(b"GET /none HTTP/1.1\r\nhost: x\r\n\r\n")
            answer = b""
            while b"refused" not in answer:
                answer += line.recv(4096)
            times.append(time.monotonic() - begun)
    return sorted(times)[10]


def test_an_answer_does_not_wait_for_the_peers_delayed_acknowledgement(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Head and body leave in two segments; with Nagle's algorithm each answer takes 40 ms more."""
    ours = median_wait(folder)
    monkeypatch.setattr("server.run.listening", lambda *where: socket.create_server(where))
    assert ours < median_wait(folder) / 2, "no better than a socket that asyncio leaves as it is"


@pytest.mark.timeout(60)
def test_stopping_does_not_wait_for_idle_connections(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.run.STOP_SECONDS", 600)
    with Collector(folder) as running:
        line = opened(running)
        line.sendall(b"GET /none HTTP/1.1\r\nhost: x\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 404")
    line.close()


def test_offline_then_online_with_the_real_collector(folder: Path, tmp_path: Path) -> None:
    with Collector(folder) as running:
        port = running.port
        enrol(str(tmp_path / "agent"), file_for(running), "pc-1")
    for _ in range(5):
        assert not ran(tmp_path / "agent").done
    assert len(Spool(str(tmp_path / "agent")).waiting()) == 5
    with Collector(folder, port=port):
        outcome = ran(tmp_path / "agent")
        assert (outcome.sent, outcome.done) == (6, True), outcome.problem
    store = Store.open(folder, read_only=True)
    assert [row[3] for row in state_of(store)["reports"]] == [1, 2, 3, 4, 5, 6]
    store.close()
