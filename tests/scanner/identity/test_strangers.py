"""Whatever a service sends, talks go on or end and readers read: nothing raises, all is bounded."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.evidence import FLAGS, NAME_SOURCES, WORDS
from scanner.heard import LONGEST_EVIDENCE, MOST_OF_EACH, Heard
from scanner.identity import (
    certificates,
    greetings,
    http,
    ipp,
    rdp,
    resolvers,
    rtsp,
    smb,
    telnet,
    upnp,
    wsd_metadata,
)
from scanner.sighting import LONGEST_TEXT
from scanner.wire.talks import Talk
from tests.scanner.identity import answers
from tests.scanner.identity.test_descriptions import DESCRIPTION, METADATA

Reader = Callable[[int, bytes], Heard]
ROUNDS = 600  #: damaged answers of each reader
IP_ADDRESS = "10.66.0.7"

READERS: dict[str, tuple[Reader, bytes]] = {
    "ssh": (greetings.read, answers.SSH),
    "mysql": (greetings.read, answers.MYSQL),
    "smtp": (greetings.read, answers.SMTP),
    "telnet": (telnet.read, answers.TELNET),
    "http": (http.read, answers.PAGE),
    "rtsp": (rtsp.read, answers.RTSP),
    "ipp": (ipp.read, answers.ipp()),
    "upnp": (lambda _, data: upnp.read(data), DESCRIPTION),
    "wsd_metadata": (lambda _, data: wsd_metadata.read(data), METADATA),
    "smb": (smb.read, answers.smb()),
    "smb_old": (smb.read, answers.smb_old()),
    "dns": (resolvers.read, answers.resolver()),
    "rdp": (rdp.read, answers.rdp()),
    "certificate": (
        lambda _, data: certificates.read(data, own_name=True),
        answers.der("nas.ubnd.example", "nas.ubnd.example"),
    ),
}
TALKS: dict[str, tuple[Callable[[], Talk], bytes]] = {
    "greeting": (greetings.listen, answers.FTP),
    "ssh": (greetings.listen_ssh, answers.SSH),
    "mysql": (greetings.listen_mysql, answers.MYSQL),
    "telnet": (telnet.talk, answers.TELNET),
    "http": (partial(http.talk, IP_ADDRESS), answers.PAGE),
    "rtsp": (partial(rtsp.talk, IP_ADDRESS, 554), answers.RTSP),
    "ipp": (partial(ipp.talk, IP_ADDRESS, 631), answers.ipp()),
    "smb": (smb.talk, answers.smb()),
    "smb_old": (smb.talk_old, answers.smb_old()),
    "dns": (resolvers.talk, answers.resolver()),
    "rdp": (rdp.talk, answers.rdp()),
}


def check(heard: Heard) -> None:
    """The bounds that every reader keeps."""
    assert isinstance(heard, Heard)
    assert max(len(heard.names), len(heard.evidence), len(heard.ports)) <= MOST_OF_EACH
    texts = [text for _, text in heard.evidence] + [one.name for one in heard.names]
    texts += [text for port in heard.ports for text in (port.product, port.version, port.banner)]
    assert all(text.isprintable() and len(text) <= LONGEST_TEXT for text in texts)
    assert all(0 < len(text) <= LONGEST_EVIDENCE for _, text in heard.evidence)
    assert {what for what, _ in heard.evidence} <= set(WORDS)
    assert {one.source for one in heard.names} <= set(NAME_SOURCES)
    assert set(heard.flags) <= set(FLAGS)


def damaged(name: str, good: bytes) -> Iterator[bytes]:
    """The answer with bytes changed, cut, repeated; the same in every run."""
    chance = random.Random(name)
    for _ in range(ROUNDS):
        data = bytearray(good)
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.choice((0, 0xFF, 10, chance.randrange(256)))
        how = chance.random()
        if how < 0.4:
            data = data[: chance.randrange(len(data))]
        elif how < 0.6:
            data *= chance.randint(2, 20)
        yield bytes(data)


@pytest.mark.parametrize("name", READERS)
def test_damaged_answers_are_read_within_bounds(name: str) -> None:
    read, good = READERS[name]
    check(read(7, good))
    assert read(7, good)
    done = understood = 0
    for data in damaged(name, good):
        heard = read(7, data)
        check(heard)
        done += 1
        understood += bool(heard)
    assert done == ROUNDS
    assert understood >= 20, "nothing got past the first check"


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.binary(max_size=400))
def test_any_bytes_are_read_within_bounds(name: str, data: bytes) -> None:
    read, good = READERS[name]
    check(read(7, data))
    check(read(7, good[:8] + data))


def play(talk: Talk, data: bytes, chance: random.Random) -> int:
    """Hand a talk what came in pieces of chance; gives the bytes that it said."""
    said = len(next(talk).data)
    place = 0
    try:
        while place < len(data):
            size = chance.randint(1, 60)
            said += len(talk.send(data[place : place + size]).data)
            place += size
    except StopIteration:
        pass
    return said


@pytest.mark.parametrize("name", TALKS)
def test_talks_bear_any_pieces(name: str) -> None:
    make, good = TALKS[name]
    chance = random.Random(name)
    most = 0
    for data in damaged(name, good):
        most = max(most, play(make(), data, chance))
    assert most < 4096, "a talk says what is its own, however much it is told"


@pytest.mark.parametrize("name", TALKS)
def test_talks_end_with_a_good_answer(name: str) -> None:
    make, good = TALKS[name]
    talk = make()
    next(talk)
    with pytest.raises(StopIteration):
        for _ in [talk.send(good[:5]), talk.send(good[5:]), talk.send(good)]:
            pass


@pytest.mark.parametrize("name", TALKS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pieces=st.lists(st.binary(min_size=1, max_size=80), max_size=8))
def test_talks_bear_any_bytes(name: str, pieces: list[bytes]) -> None:
    talk = TALKS[name][0]()
    next(talk)
    try:
        for piece in pieces:
            talk.send(piece)
    except StopIteration:
        pass
