"""The wire format against a second implementation of RFC 9421, which needs the present Pythons."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)
from nacl import bindings

from agents import message_signatures as ms
from tests.agents.test_message_signatures import BODY, CREATED, PUBLIC, SEED, VALUES, signed


class Keys(HTTPSignatureKeyResolver):
    """The one key of these tests, in the form the other implementation wants."""

    def resolve_public_key(self, key_id: str) -> Any:
        return Ed25519PrivateKey.from_private_bytes(SEED).public_key()

    def resolve_private_key(self, key_id: str) -> Any:
        return Ed25519PrivateKey.from_private_bytes(SEED)


def message(headers: Mapping[str, str]) -> Any:
    """A request as the other implementation reads one."""
    from http_message_signatures.structures import CaseInsensitiveDict

    fields = {name: value for name, value in VALUES.items() if not name.startswith("@")}
    return SimpleNamespace(
        method="POST",
        body=BODY,
        url="https://127.0.0.1/api/v1/reports",
        headers=CaseInsensitiveDict({**fields, **headers}),
    )


def test_another_implementation_accepts_our_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=Keys())
    # Our clock here is a constant.
    monkeypatch.setattr(verifier, "validate_created_and_expires", lambda *_, **__: None)
    (result,) = verifier.verify(message(signed()), expect_tag="rasoat-report")
    assert result.parameters["keyid"] == ms.key_id(PUBLIC)
    wrong = signed()
    wrong["signature"] = wrong["signature"].replace(wrong["signature"][12], "A", 1)
    with pytest.raises(InvalidSignature):
        verifier.verify(message(wrong), expect_tag="rasoat-report")


def test_we_accept_the_signature_of_another_implementation() -> None:
    """Ed25519 is deterministic: the same parameters in the same order give the same signature."""
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=Keys())
    request = message({})
    signer.sign(
        request,
        key_id=ms.key_id(PUBLIC),
        created=datetime.fromtimestamp(CREATED, UTC),
        label=ms.LABEL,
        tag="rasoat-report",
        include_alg=True,
        covered_component_ids=ms.REPORT.components,
        use_existing_digest=True,
    )
    theirs = {name.lower(): value for name, value in request.headers.items()}
    base = ms.signature_base(
        VALUES, ms.REPORT.components, theirs["signature-input"].partition("=")[2]
    )
    raw = base64.b64decode(theirs["signature"].partition(":")[2].rstrip(":"))
    bindings.crypto_sign_open(raw + base, PUBLIC)
