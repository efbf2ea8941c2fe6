"""The wire format against RFC 9421's own vector, and single changes (a peer: test_second_…)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping

import pytest
from nacl import bindings

from agents import message_signatures as ms

# RFC 9421 appendix B.1.4 (the public test key), B.2 (test-request) and B.2.6 (its signature).
RFC_PUBLIC = base64.b64decode("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=")
RFC_SIGNATURE = (
    "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
)
RFC_PARAMETERS = (
    '("date" "@method" "@path" "@authority" "content-type" "content-length")'
    ';created=1618884473;keyid="test-key-ed25519"'
)
RFC_VALUES = {
    "date": "Tue, 20 Apr 2021 02:07:55 GMT",
    "@method": "POST",
    "@path": "/foo",
    "@authority": "example.com",
    "content-type": "application/json",
    "content-length": "18",
}

SEED = hashlib.sha256(b"a key for tests").digest()
PUBLIC = ms.public_key_of(SEED)
BODY = b"what an agent sends"
VALUES = {
    "@method": "POST",
    "@request-target": "/api/v1/reports",
    "content-digest": ms.content_digest(BODY),
    "content-type": "application/json",
    "content-encoding": "gzip",
    "rasoat-agent": ms.key_id(PUBLIC),
    "rasoat-epoch": "1",
    "rasoat-sequence": "7",
}
CREATED = 1_795_000_000


def signed() -> dict[str, str]:
    return ms.sign(ms.REPORT, VALUES, SEED, CREATED)


def test_the_rfcs_ed25519_vector_verifies() -> None:
    base = ms.signature_base(RFC_VALUES, tuple(RFC_VALUES), RFC_PARAMETERS)
    bindings.crypto_sign_open(base64.b64decode(RFC_SIGNATURE) + base, RFC_PUBLIC)
    assert base.startswith(b'"date": Tue, 20 Apr 2021 02:07:55 GMT\n"@method": POST\n')
    broken = base.replace(b"/foo", b"/fop")
    with pytest.raises(Exception, match=r"forged|corrupt"):
        bindings.crypto_sign_open(base64.b64decode(RFC_SIGNATURE) + broken, RFC_PUBLIC)


def test_the_rfc_9530_example_digest() -> None:
    """RFC 9530 appendix D: the digest of the JSON ``{"hello": "world"}`` and a line feed."""
    expected = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"
    assert ms.content_digest(b'{"hello": "world"}\n') == expected


def test_what_we_sign_we_accept() -> None:
    found = ms.verify(ms.REPORT, VALUES, signed(), PUBLIC)
    assert (found.created, found.keyid) == (CREATED, ms.key_id(PUBLIC))
    ms.check_digest(VALUES["content-digest"], BODY)


def refusal(values: Mapping[str, str], headers: Mapping[str, str], key: bytes = PUBLIC) -> str:
    with pytest.raises(ms.SignatureRefused) as caught:
        ms.verify(ms.REPORT, values, headers, key)
    return str(caught.value)


def test_every_single_byte_of_what_is_signed_counts() -> None:
    headers = signed()
    flips = 0
    for name, value in [*VALUES.items(), *headers.items()]:
        for at in range(len(value)):
            for bit in range(7):
                other = value[:at] + chr(ord(value[at]) ^ (1 << bit)) + value[at + 1 :]
                where = headers if name in headers else VALUES
                changed = {**where, name: other}
                refusal(
                    VALUES if where is headers else changed,
                    changed if where is headers else headers,
                )
                flips += 1
    assert flips > 7 * 400


@pytest.mark.parametrize("at", range(1, len(ms.REPORT.components) + 1))
def test_a_component_left_out_moved_or_added_is_refused(at: int) -> None:
    names = list(ms.REPORT.components)
    left_out = ms.Profile(ms.REPORT.tag, *names[: at - 1], *names[at:])
    moved = ms.Profile(ms.REPORT.tag, *names[at:], *names[:at])
    added = ms.Profile(ms.REPORT.tag, *names[:at], "user-agent", *names[at:])
    values = {**VALUES, "user-agent": "x"}
    for profile in (left_out, added, *([moved] if at < len(names) else [])):
        headers = ms.sign(profile, values, SEED, CREATED)
        assert "cover exactly" in refusal(values, headers)


def test_a_signed_header_that_is_missing_is_named() -> None:
    for name in VALUES:
        others = {key: value for key, value in VALUES.items() if key != name}
        assert refusal(others, signed()) == f"the signed header {name} is missing"
    for name in signed():
        headers = {key: value for key, value in signed().items() if key != name}
        assert refusal(VALUES, headers) == f"the header {name} is missing"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('alg="ed25519"', 'alg="hmac-sha256"', "form"),
        (';alg="ed25519"', "", "form"),
        (";created=1795000000", "", "form"),
        ("created=1795000000", "created=01795000000", "form"),
        ("created=1795000000", "created=-1", "form"),
        (";tag=", ";expires=1;tag=", "form"),
        (';tag="rasoat-report"', "", "form"),
        ("rasoat-report", "rasoat-enrol", "another purpose"),
        ("rasoat=(", "sig1=(", "form"),
        ("rasoat=(", "other=(), rasoat=(", "form"),
        ('" "', '"  "', "cover exactly"),
        ('"@method"', '"@method";req', "cover exactly"),
        ('keyid="', 'keyid="a', "another key"),
    ],
)
def test_other_parameters_are_refused(old: str, new: str, says: str) -> None:
    headers = signed()
    assert old in headers["signature-input"]
    headers["signature-input"] = headers["signature-input"].replace(old, new, 1)
    assert says in refusal(VALUES, headers)


def test_another_key_is_refused() -> None:
    other = hashlib.sha256(b"another key").digest()
    assert "another key" in refusal(VALUES, signed(), ms.public_key_of(other))
    forged = ms.sign(ms.REPORT, VALUES, other, CREATED)
    forged["signature-input"] = signed()["signature-input"]
    assert "does not match" in refusal(VALUES, forged)


def test_the_spare_bits_of_base64_are_not_a_second_signature() -> None:
    headers = signed()
    text = headers["signature"]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = text[-4]
    twin = alphabet[alphabet.index(last) ^ 1]
    headers["signature"] = text[:-4] + twin + text[-3:]
    raw = (base64.b64decode(one[8:-1]) for one in (text, headers["signature"]))
    assert len(set(raw)) == 1, "the control: both texts decode to one signature"
    assert "form" in refusal(VALUES, headers)


@pytest.mark.parametrize("value", ["a\nb", "a\rb", " a", "a ", "", "é", "\x7f", "a\0"])
def test_a_value_that_could_forge_a_line_is_refused(value: str) -> None:
    with pytest.raises(ms.SignatureRefused, match="not plain text"):
        ms.signature_base({**VALUES, "rasoat-epoch": value}, ms.REPORT.components, "()")


def test_a_key_id_is_26_characters_and_never_two_keys() -> None:
    ids = {ms.key_id(bytes([n]) * 32) for n in range(256)}
    assert len(ids) == 256
    assert all(ms.is_key_id(one) for one in ids)
    assert not ms.is_key_id("A" * 26)
    assert not ms.is_key_id("a" * 26 + "\n")
