"""Conversations are checked, one at a time to a host, bounded whatever the other side does."""

from __future__ import annotations

import socket
import threading
import tracemalloc
from contextlib import ExitStack

import pytest

from scanner.interfaces import interfaces
from scanner.networks import Networks
from scanner.pace import Pace
from scanner.problems import NotAllowed
from scanner.scanning import Scanning
from scanner.wire import connection, streams
from scanner.wire.streams import converse
from scanner.wire.talks import Job, Outcome, Say, Talk
from tests.scanner.wire.services import (
    Talked,
    answers,
    endless,
    says,
    service,
    silent,
    trickles,
)


def scanning() -> Scanning:
    return Scanning(Networks.configured(["127.0.0.0/8"]), tuple(interfaces()), Pace(0))


def line() -> Talk:
    received = bytearray()
    while b"\n" not in received or len(received) > 4096:
        received += yield Say()


def ask() -> Talk:
    yield Say(b"who are you?\n")


def job(port: int, ip: str = "127.0.0.1", patience: float = 0.4) -> Job:
    return Job(ip, port, "test", line, patience)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Less patience than in an office, so that the tests are quick."""
    monkeypatch.setattr(connection, "TALK_SECONDS", 0.6)
    monkeypatch.setattr(connection, "QUIET", 0.3)


def test_a_greeting_is_received_whole() -> None:
    with service(says(b"SSH-2.0-x\r\n")) as seen:
        (outcome,) = converse(scanning(), "test", [job(seen.port)])
    assert (outcome.end, outcome.received) == ("done", b"SSH-2.0-x\r\n")


def test_a_question_is_asked_and_the_answer_received() -> None:
    with service(answers(b"nobody")) as seen:
        (outcome,) = converse(scanning(), "test", [Job("127.0.0.1", seen.port, "test", ask)])
    assert (outcome.end, outcome.received) == ("done", b"nobody")
    assert seen.received == b"who are you?\n"


def test_a_closed_port_is_refused_and_the_end_of_a_talk_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    (outcome,) = converse(scanning(), "test", [job(port)])
    assert outcome.end == "refused"
    with service(says(b"no line")) as seen:
        (outcome,) = converse(scanning(), "test", [job(seen.port)])
    assert (outcome.end, outcome.received) == ("closed", b"no line")


@pytest.mark.parametrize(("ip", "port"), [("10.66.0.1", 22), ("127.0.0.1", 9100)])
def test_outside_and_printing_ports_are_refused_before_anything_is_sent(ip: str, port: int) -> None:
    one = scanning()
    with service(says(b"x\n")) as seen, pytest.raises(NotAllowed):
        list(converse(one, "test", [job(seen.port), job(port, ip)]))
    assert seen.connections == 0
    assert not one.ledger.connections


@pytest.mark.parametrize("port", [515, *range(9100, 9108)])
def test_a_printer_never_gets_a_connection_from_here(port: int) -> None:
    assert port in streams.FRAGILE


@pytest.mark.usefixtures("short")
def test_a_tarpit_costs_its_time_and_is_told_from_a_slow_greeting() -> None:
    def slow(seen: Talked, one: socket.socket) -> None:
        for piece in (b"SSH-", b"2.0-", b"slow\r\n"):
            seen.send(one, piece)
            seen.over.wait(0.1)

    with service(trickles) as pit, service(slow) as honest:
        first, second = converse(scanning(), "test", [job(pit.port), job(honest.port)])
    assert first.end == "tarpit"
    assert first.seconds <= connection.TALK_SECONDS + 0.5
    assert 2 <= len(first.received) < connection.TRICKLE
    assert (second.end, second.received) == ("done", b"SSH-2.0-slow\r\n"), "the control"


@pytest.mark.usefixtures("short")
def test_an_endless_sender_costs_its_room_and_is_told_from_a_long_page() -> None:
    with service(endless) as flood, service(says(b"a" * 40000 + b"\n")) as honest:
        first, second = converse(scanning(), "test", [job(flood.port), job(honest.port)])
    assert first.end == "endless"
    assert len(first.received) == connection.MOST_BYTES
    assert (second.end, len(second.received)) == ("closed", 40001), "the control"


@pytest.mark.usefixtures("short")
def test_silence_costs_the_patience_of_its_job() -> None:
    with service(silent) as seen:
        (outcome,) = converse(scanning(), "test", [job(seen.port, patience=0.2)])
    assert (outcome.end, outcome.received) == ("timed_out", b"")
    assert outcome.seconds <= 1.0


@pytest.mark.usefixtures("short")
def test_a_host_has_one_connection_at_a_time_and_many_hosts_go_together() -> None:
    together = threading.Barrier(20, timeout=20)

    def greet_together(seen: Talked, one: socket.socket) -> None:
        together.wait()
        seen.send(one, b"all\n")

    with ExitStack() as stack:
        alone = stack.enter_context(service(says(b"x\n")))
        jobs = [job(alone.port) for _ in range(30)]
        hosts = [f"127.0.1.{number}" for number in range(1, 21)]
        for ip in hosts:
            one = stack.enter_context(service(greet_together, ip))
            jobs.append(Job(ip, one.port, "test", line, 5.0))
        outcomes = list(converse(scanning(), "test", jobs))
    assert {one.end for one in outcomes} == {"done"}
    assert len(outcomes) == 50
    assert (alone.connections, alone.most_at_once) == (30, 1)


@pytest.mark.usefixtures("short")
def test_a_host_of_traps_costs_its_own_time_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "HOST_SECONDS", 1.0)
    one = scanning()
    with service(trickles) as pit:
        outcomes = list(converse(one, "test", [job(pit.port) for _ in range(12)]))
    ends = [outcome.end for outcome in outcomes]
    assert len(ends) == 12
    assert ends.count("tarpit") == 2
    assert ends.count("not_begun") == 10
    assert [loss.reason for loss in one.losses] == ["timed_out"]
    assert sum(outcome.seconds for outcome in outcomes) <= 2.5


def test_fifty_endless_hosts_fit_in_little_memory() -> None:
    with ExitStack() as stack:
        jobs = []
        for number in range(1, 51):
            ip = f"127.0.2.{number}"
            flood = stack.enter_context(service(endless, ip))
            jobs.append(job(flood.port, ip, patience=5.0))
        tracemalloc.start()
        try:
            ends = [outcome.end for outcome in converse(scanning(), "test", jobs)]
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert ends == ["endless"] * 50
    assert peak <= 30 << 20, "the services' own blocks of 64 KiB are counted with it"


def test_a_stop_ends_what_is_under_way_and_what_waits() -> None:
    one = scanning()
    with service(silent) as seen:
        timer = threading.Timer(0.2, one.stop.set)
        timer.start()
        ends = [found.end for found in converse(one, "test", [job(seen.port, patience=30)] * 3)]
        timer.join()
    assert ends == ["stopped"] * 3
    assert one.ledger.connections["test"] == 1


def test_every_connection_is_paced_and_counted() -> None:
    taken: list[int] = []

    class Counting(Pace):
        def take(self, count: int = 1) -> None:
            taken.append(count)

    one = Scanning(Networks.configured(["127.0.0.0/8"]), (), Counting())
    with service(says(b"x\n")) as seen:
        outcomes: list[Outcome] = list(converse(one, "test", [job(seen.port)] * 5))
    assert one.ledger.connections["test"] == len(outcomes) == 5
    assert sum(taken) >= 5 * 5, "a connection is four packets of ours, and one for what it reads"
