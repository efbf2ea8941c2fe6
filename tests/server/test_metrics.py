"""GET /metrics: not there by default, for the token alone, and no burden on the intake."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.metrics import FILE
from server.metrics import CONTENT_TYPE, MOST, BadToken, token_of
from server.settings import Settings
from server.writer import Accept
from tests.server.door import Answer, Door, door, enrolled, identity, state_of

TEXT = b'rasoat_compliant{policy="office-baseline"} 0.0\n'


@pytest.fixture
def token(tmp_path: Path) -> Path:
    """A file that the collector makes."""
    return tmp_path / "metrics.token"


@pytest.fixture
def served(tmp_path: Path, token: Path) -> Iterator[Door]:
    with door(tmp_path / "data", limits(token)) as one:
        yield one


def limits(token: Path) -> Settings:
    """What `rasoat serve --metrics-token` makes."""
    return Settings(burst=10**9, metrics_token=token_of(token))


def scrape(one: Door, *pairs: tuple[bytes, bytes], method: str = "GET") -> Answer:
    """One scrape with these headers."""
    return one.ask(pairs, b"", "/metrics", method)


def bearer(file: Path) -> tuple[bytes, bytes]:
    """The header that Prometheus sends."""
    return b"authorization", b"Bearer " + file.read_bytes().strip()


def kept(one: Door, text: bytes = TEXT) -> Path:
    """What `rasoat metrics` leaves in the data folder."""
    file = one.folder / FILE
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(text)
    return file


def test_by_default_there_is_no_such_path(tmp_path: Path) -> None:
    with door(tmp_path / "data") as one:
        kept(one)
        plain = one.ask([], b"", "/nothing", "GET")
        answers = [scrape(one), scrape(one, (b"authorization", b"Bearer "))]
        assert [(each.status, each.code) for each in answers] == [(404, plain.code)] * 2


def test_with_the_token_it_is_what_was_kept_last(served: Door, token: Path) -> None:
    kept(served)
    found = scrape(served, bearer(token))
    assert (found.status, found.body) == (200, TEXT)
    assert found.headers["content-type"] == f"{CONTENT_TYPE}; charset=utf-8"
    kept(served, TEXT * 2)
    assert scrape(served, bearer(token)).body == TEXT * 2


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"Bearer",
        b"Bearer ",
        b"Bearer x",
        b"Basic {token}",
        b"{token}",
        b"Bearer {token}x",
        b"Bearer {TOKEN}",
        b"Bearer \xff\xfe",
        b"Bearer " + b"x" * 10_000,
    ],
)
def test_anything_else_is_refused_and_told_nothing(
    served: Door, token: Path, header: bytes
) -> None:
    text = token.read_bytes().strip()
    header = header.replace(b"{token}", text).replace(b"{TOKEN}", text.swapcase())
    without = scrape(served, (b"authorization", header))
    kept(served)
    found = scrape(served, (b"authorization", header))
    assert (found.status, found.body) == (401, without.body)
    assert found.headers["www-authenticate"] == "Bearer"
    assert TEXT not in found.body


def test_the_scheme_may_be_written_in_any_case(served: Door, token: Path) -> None:
    kept(served)
    name, text = bearer(token)
    assert scrape(served, (name, text.replace(b"Bearer", b"bearer"))).status == 200


def test_before_anything_was_judged_it_says_what_to_do(served: Door, token: Path) -> None:
    found = scrape(served, bearer(token))
    assert (found.status, found.code) == (503, "not_judged")
    assert "rasoat metrics" in found.message


def test_a_file_that_is_too_large_is_not_served(served: Door, token: Path) -> None:
    kept(served, b"#" * (MOST + 1))
    assert scrape(served, bearer(token)).status == 503


def test_it_is_only_read(served: Door, token: Path) -> None:
    kept(served)
    before = state_of(served.store)
    assert scrape(served, bearer(token), method="POST").status == 405
    assert scrape(served, bearer(token)).status == 200
    assert state_of(served.store) == before


def test_it_is_not_part_of_the_agents_protocol(served: Door) -> None:
    assert "/metrics" not in served.ask([], b"", "/schema/openapi.json", "GET").content["paths"]


def test_a_scrape_waits_for_no_report(tmp_path: Path, token: Path) -> None:
    """While the disk holds up every report, scrapes are answered all the same."""
    go_on = threading.Event()

    with door(tmp_path / "data", limits(token), held(go_on)) as one:
        enrolled(one.store, identity())
        kept(one)
        answers: list[Answer] = []
        sending = threading.Thread(target=lambda: answers.append(one.report(identity())))
        sending.start()
        scrapes = [scrape(one, bearer(token)).status for _ in range(50)]
        waited = list(answers)
        go_on.set()
        sending.join()
    assert scrapes == [200] * 50
    assert waited == []
    assert len(answers) == 1


def held(go_on: threading.Event) -> Accept:
    """A store that takes nothing in until it is told to, and then nothing either."""

    def accept(batch: object) -> list[object]:
        go_on.wait(20)
        raise OSError("the disk is gone")

    return accept  # type: ignore[return-value]


def test_an_unchanged_file_is_read_once(
    served: Door, token: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(served)
    reads: list[Path] = []
    from server import metrics

    real = metrics._read

    def counted(file: Path) -> bytes:
        reads.append(file)
        return real(file)

    monkeypatch.setattr(metrics, "_read", counted)
    assert {scrape(served, bearer(token)).status for _ in range(20)} == {200}
    assert len(reads) == 1


def test_the_token_is_never_written_anywhere(
    served: Door, token: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    kept(served)
    text = token.read_text().strip()
    assert scrape(served, bearer(token)).status == 200
    assert scrape(served, (b"authorization", f"Bearer {text}x".encode())).status == 401
    said = "".join(capfd.readouterr()) + caplog.text
    assert text not in said


def test_a_token_is_made_once_and_for_its_owner_alone(token: Path) -> None:
    first = token_of(token)
    assert token_of(token) == first
    assert len(token.read_text().strip()) == 43
    if os.name == "posix":
        assert token.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "32 to 512"),
        ("short", "32 to 512"),
        ("x" * 513, "32 to 512"),
        ("two words " * 5, "without blanks"),
        ("é" * 40, "one line"),
        (f"{'x' * 40}\n{'y' * 40}", "one line"),
    ],
)
def test_a_bad_token_is_refused(token: Path, text: str, says: str) -> None:
    token.write_text(text, encoding="utf-8")
    token.chmod(0o600)
    with pytest.raises(BadToken, match=says) as refused:
        token_of(token)
    assert str(token) in str(refused.value)
    assert refused.value.exit_code == 2


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")
def test_a_token_that_everybody_can_read_is_refused(token: Path) -> None:
    token_of(token)
    token.chmod(0o644)
    with pytest.raises(BadToken, match="chmod o="):
        token_of(token)
    token.chmod(0o640)  # Prometheus may run as another user of one group
    assert token_of(token)
