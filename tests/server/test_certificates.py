"""The private CA and the collector's certificate: what they hold for, how long, and renewal."""

from __future__ import annotations

import socket
import ssl
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from server import certificates, keys
from server.certificates import KeysDamaged
from server.enrolment_file import enrolment_file


def constraints(certificate: x509.Certificate) -> x509.BasicConstraints:
    return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value


def handshake(folder: Path, name: str) -> str | None:
    """The TLS version agreed with a server of this folder by a client that trusts its CA alone."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "server.pem", folder / "server.key")
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    client.load_verify_locations(folder / "ca.pem")
    here, there = socket.socketpair()

    def serve() -> None:
        try:
            server.wrap_socket(there, server_side=True).close()
        except OSError:
            there.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with client.wrap_socket(here, server_hostname=name) as agreed:
            return agreed.version()
    finally:
        here.close()
        thread.join()


def test_the_authority_signs_collectors_for_ten_years_and_no_other_authority(
    tmp_path: Path,
) -> None:
    keys.prepare(tmp_path)
    ca = certificates.load_certificate(tmp_path / "ca.pem")
    assert (constraints(ca).ca, constraints(ca).path_length) == (True, 0)
    years = (ca.not_valid_after_utc - datetime.now(UTC)).days / 365.25
    assert 9.9 < years < 10.01
    public = ca.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    assert public.curve.name == "secp256r1"


def test_the_collectors_certificate_lasts_at_most_398_days(tmp_path: Path) -> None:
    keys.prepare(tmp_path, ["collector.example", "192.0.2.7"])
    one = certificates.load_certificate(tmp_path / "server.pem")
    assert one.not_valid_after_utc - one.not_valid_before_utc <= timedelta(days=398)
    assert not constraints(one).ca
    expected = {"localhost", "127.0.0.1", "::1", "collector.example", "192.0.2.7"}
    assert certificates.certificate_names(one) == expected
    one.verify_directly_issued_by(certificates.load_certificate(tmp_path / "ca.pem"))


def test_strict_clients_accept_it_for_its_names_alone(tmp_path: Path) -> None:
    keys.prepare(tmp_path, ["Collector.Example"])
    for name in ("127.0.0.1", "::1", "localhost", "collector.example"):
        assert handshake(tmp_path, name) == "TLSv1.3"
    for name in ("127.0.0.2", "other.example"):
        with pytest.raises(ssl.SSLCertVerificationError, match=r"mismatch|not valid for"):
            handshake(tmp_path, name)


def test_private_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    keys.prepare(tmp_path)
    for name in ("ca.key", "server.key", "ack.key"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert not list(tmp_path.glob("*.new"))


def test_preparing_again_changes_nothing(tmp_path: Path) -> None:
    keys.prepare(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    keys.prepare(tmp_path, ["localhost"])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert len(before) == 5


def test_a_new_name_is_added_and_the_old_ones_stay(tmp_path: Path) -> None:
    keys.prepare(tmp_path, ["one.example"])
    key = (tmp_path / "server.key").read_bytes()
    keys.prepare(tmp_path, ["two.example"])
    names = certificates.certificate_names(certificates.load_certificate(tmp_path / "server.pem"))
    assert {"one.example", "two.example", "127.0.0.1"} <= names
    assert (tmp_path / "server.key").read_bytes() == key


@pytest.mark.parametrize(("days", "renewed"), [(0, False), (330, False), (340, True), (500, True)])
def test_it_is_renewed_near_its_end(tmp_path: Path, days: int, renewed: bool) -> None:
    keys.prepare(tmp_path)
    later = datetime.now(UTC) + timedelta(days=days)
    assert certificates.ensure_server(tmp_path, [], later) is renewed
    one = certificates.load_certificate(tmp_path / "server.pem")
    assert one.not_valid_after_utc - later > timedelta(days=60)


def test_it_never_outlives_the_authority(tmp_path: Path) -> None:
    keys.prepare(tmp_path)
    ca = certificates.load_certificate(tmp_path / "ca.pem")
    certificates.ensure_server(tmp_path, [], ca.not_valid_after_utc - timedelta(days=100))
    one = certificates.load_certificate(tmp_path / "server.pem")
    assert one.not_valid_after_utc <= ca.not_valid_after_utc


@pytest.mark.parametrize("name", ["ack.key", "ca.key", "ca.pem"])
def test_a_missing_key_is_said_and_never_replaced_behind_the_agents_back(
    tmp_path: Path, name: str
) -> None:
    keys.prepare(tmp_path)
    ca = (tmp_path / "ca.pem").read_bytes()
    (tmp_path / name).unlink()
    if name == "ca.pem":
        (tmp_path / "ca.key").write_bytes(b"damaged")
    with pytest.raises(KeysDamaged, match="backup"):
        keys.prepare(tmp_path, ["new.example"])
    if name != "ca.pem":
        assert (tmp_path / "ca.pem").read_bytes() == ca


@pytest.mark.parametrize("name", ["ack.key", "ca.key", "server.pem", "server.key"])
def test_a_damaged_key_is_said(tmp_path: Path, name: str) -> None:
    keys.prepare(tmp_path)
    (tmp_path / name).write_bytes(b"damaged")
    with pytest.raises(KeysDamaged, match=f"{name} cannot be read; restore it from a backup"):
        keys.prepare(tmp_path, ["new.example"])


def test_an_enrolment_file_is_understood_by_the_agent_and_its_address_is_certified(
    tmp_path: Path,
) -> None:
    from agents.enrol import understood

    later = datetime.now(UTC) + timedelta(days=1)
    file = enrolment_file(tmp_path, "https://collector.example:8443", "a-token", later)
    enrolment, token = understood(file)
    assert (enrolment.url, token) == ("https://collector.example:8443", "a-token")
    assert handshake(tmp_path, "collector.example") == "TLSv1.3"
    for url in ("http://x:1", "collector.example", "https://", "https://x/y"):
        with pytest.raises(ValueError, match="is no collector's address"):
            enrolment_file(tmp_path, url, "a-token", later)
