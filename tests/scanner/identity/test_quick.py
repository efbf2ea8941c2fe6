"""The identity pass on loopback: TLS, redirects, traps; unknown ports hear nothing."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from scanner.identity import plan, quick
from scanner.identity.quick import identify
from scanner.interfaces import interfaces
from scanner.networks import Networks
from scanner.pace import Pace
from scanner.partial import Partial, merge
from scanner.problems import NotAllowed
from scanner.scanning import Scanning
from scanner.sighting import Name
from scanner.wire import connection
from scanner.wire.streams import converse
from tests.scanner.identity import answers as said
from tests.scanner.wire.services import (
    Talked,
    answers,
    endless,
    says,
    secured,
    service,
    silent,
    trickles,
)

HOST = "127.0.5.1"
OTHER = "127.0.5.2"
PAGE = b"HTTP/1.1 200 OK\r\nServer: lighttpd/1.4.69\r\n\r\n<title>Camera 4</title>"


def scanning() -> Scanning:
    return Scanning(Networks.configured(["127.0.0.0/8"]), tuple(interfaces()), Pace(0))


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Less patience than in an office, so that the tests are quick."""
    monkeypatch.setattr(connection, "TALK_SECONDS", 0.8)
    monkeypatch.setattr(connection, "QUIET", 0.4)
    monkeypatch.setattr(plan, "LISTENING", 0.3)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("tls") / "nas.pem"
    path.write_bytes(b"".join(said.certificate("nas.ubnd.example", "nas.ubnd.example")))
    return str(path)


def as_port(monkeypatch: pytest.MonkeyPatch, table: str, *ports: int) -> None:
    """Let free ports count as those of a service; the known ones need root."""
    monkeypatch.setattr(plan, table, frozenset(ports))


def only(found: list[Partial]) -> Partial:
    (partial,) = found
    assert partial.method == "identity"
    return partial


def test_many_services_of_one_host_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with ExitStack() as stack:
        ssh = stack.enter_context(service(says(said.SSH), HOST))
        ftp = stack.enter_context(service(says(said.FTP), HOST))
        web = stack.enter_context(service(answers(PAGE), HOST))
        as_port(monkeypatch, "HTTP", web.port)
        found = only(identify(scanning(), {HOST: [ssh.port, ftp.port, web.port]}))
    services = {port.port: (port.service, port.product, port.version) for port in found.ports}
    assert services == {
        ssh.port: ("ssh", "OpenSSH", "9.2p1"),
        ftp.port: ("ftp", "vsFTPd", "3.0.3"),
        web.port: ("http", "lighttpd", "1.4.69"),
    }
    assert ("http_title", "Camera 4") in found.evidence
    (sighting,) = merge([found])
    assert sighting.ports == tuple(sorted(found.ports))


def test_tls_gives_certificate_version_and_page(
    monkeypatch: pytest.MonkeyPatch, certificate: str
) -> None:
    with service(secured(certificate, answers(PAGE)), HOST) as web:
        as_port(monkeypatch, "HTTPS", web.port)
        found = only(identify(scanning(), {HOST: [web.port]}))
    assert found.names == (Name("nas.ubnd.example", "certificate"),)
    assert found.ports[0].service == "https"
    told = dict(found.evidence)
    assert told["http_title"] == "Camera 4"
    assert told["tls_version"] == "TLSv1.3"
    assert told["tls_subject"] == "CN=nas.ubnd.example"


def test_plain_where_tls_was_expected_and_the_reverse(
    monkeypatch: pytest.MonkeyPatch, certificate: str
) -> None:
    def wants_tls(seen: Talked, one: socket.socket) -> None:
        if one.recv(1, socket.MSG_PEEK) == b"G":
            seen.hear(one)
            seen.send(one, b"\x15\x03\x01\x00\x02\x02\x16")
        else:
            secured(certificate, answers(PAGE))(seen, one)

    with service(wants_tls, HOST) as first, service(answers(PAGE), OTHER) as second:
        as_port(monkeypatch, "HTTP", first.port)
        as_port(monkeypatch, "HTTPS", second.port)
        found = identify(scanning(), {HOST: [first.port], OTHER: [second.port]})
    services = {one.ip: one.ports[0].service for one in found}
    assert services == {HOST: "https", OTHER: "http"}


def test_a_redirect_is_followed_at_the_same_door_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with service(silent, OTHER) as elsewhere:

        def sends_on(seen: Talked, one: socket.socket) -> None:
            asked = seen.hear(one)
            place = "/login.htm" if b"GET / " in asked else f"http://{OTHER}:{elsewhere.port}/"
            head = f"HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n"
            seen.send(one, head.encode())

        with service(sends_on, HOST) as web:
            as_port(monkeypatch, "HTTP", web.port)
            found = only(identify(scanning(), {HOST: [web.port]}))
    assert web.connections == 2
    assert elsewhere.connections == 0
    assert {text for what, text in found.evidence if what == "http_redirect"} == {
        "/login.htm",
        f"http://{OTHER}:{elsewhere.port}/",
    }


def test_an_unknown_port_is_listened_to_and_never_spoken_to() -> None:
    with service(silent, HOST) as seen, service(says(said.SSH), OTHER) as honest:
        found = only(identify(scanning(), {HOST: [seen.port], OTHER: [honest.port]}))
    assert seen.connections == 1
    assert seen.received == b""
    assert (found.ip, found.ports[0].service) == (OTHER, "ssh"), "the control"


def test_printing_ports_are_not_even_connected_to() -> None:
    one = scanning()
    ports = [515, *range(9100, 9108), 135, 62078]
    assert identify(one, {HOST: ports}) == []
    assert not one.ledger.connections
    assert list(plan.jobs(HOST, [*ports, 22])) != [], "the control: another port has a job"


def test_a_tarpit_in_a_handshake_costs_its_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    def half_a_record(seen: Talked, one: socket.socket) -> None:
        seen.send(one, b"\x16\x03\x03\x40\x00\x02")
        trickles(seen, one)

    with service(half_a_record, HOST) as pit, service(says(said.SSH), OTHER) as honest:
        monkeypatch.setattr(plan, "HTTPS", frozenset((pit.port,)))
        job = replace(plan.web(HOST, pit.port, tls=True), patience=0.5)
        (outcome,) = converse(scanning(), "test", [job])
        found = only(identify(scanning(), {OTHER: [honest.port]}))
    assert outcome.end in ("timed_out", "no_tls")
    assert outcome.seconds <= 2.0
    assert found.ip == OTHER, "the control"


def test_traps_are_flagged_and_honest_services_are_not() -> None:
    with ExitStack() as stack:
        pit = stack.enter_context(service(trickles, HOST))
        flood = stack.enter_context(service(endless, OTHER))
        honest = stack.enter_context(service(says(said.SSH), "127.0.5.3"))
        ports = {HOST: [pit.port], OTHER: [flood.port], "127.0.5.3": [honest.port]}
        found = {one.ip: one for one in identify(scanning(), ports)}
    assert found[HOST].flags == ("tarpit",)
    assert found[OTHER].flags == ("endless",)
    assert found["127.0.5.3"].flags == ()
    assert all(len(port.banner) <= 1024 for one in found.values() for port in one.ports)


def test_who_has_every_port_open_is_looked_at_in_part_and_that_is_said() -> None:
    one = scanning()
    with service(says(said.SSH), HOST) as seen:
        few = sorted(range(20000, 20100))
        identify(one, {HOST: [seen.port, *few]})
    assert [loss.reason for loss in one.losses] == ["too_many"]
    assert one.ledger.connections["identity"] <= plan.MOST_PORTS


def test_a_host_outside_is_refused_before_anything_is_sent() -> None:
    one = scanning()
    with service(says(said.SSH), HOST) as seen, pytest.raises(NotAllowed):
        identify(one, {HOST: [seen.port], "10.66.0.1": [22]})
    assert seen.connections == 0


def test_every_talk_has_a_reader() -> None:
    hosts = {HOST: [21, 22, 23, 25, 80, 443, 445, 554, 631, 993, 3306, 3389, 5900, 12345]}
    whats = {job.what for ip, ports in hosts.items() for job in plan.jobs(ip, ports)}
    assert len(whats) >= 9
    assert whats <= set(quick._READERS)
