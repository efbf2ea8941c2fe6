"""HTTP Message Signatures (RFC 9421) with Ed25519, and Content-Digest (RFC 9530): the wire format.

Pure: bytes and texts in, bytes and texts out. A `Profile` names what one kind of message signs; a
signature that covers anything else, in another order or with other parameters, is refused, so two
texts that mean the same are never both right. The server imports this module too.
"""

from __future__ import annotations

import base64
import binascii
import re

from agents import ed25519
from agents.sha256 import sha256
from agents.words import SaidError, said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Mapping, Sequence

LABEL = "rasoat"  #: of our one signature, in Signature-Input and Signature
KEY_BYTES = 32  #: of an Ed25519 public key, and of a private key's seed (RFC 8032)
SIGNATURE_BYTES = 64  #: of an Ed25519 signature (RFC 8032)
KEYID_LENGTH = 26  #: characters of base32, 130 bits: ids do not collide by chance or by effort

_KEYID = re.compile(rf"[a-z2-7]{{{KEYID_LENGTH}}}")
_VALUE = re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?")
_PARAMETERS = re.compile(
    r'\(([^()]*)\);created=(0|[1-9][0-9]{0,14});keyid="([^"\\]*)";alg="ed25519";tag="([^"\\]*)"'
)


class SignatureRefused(SaidError):
    """A message is not signed as its profile demands, or not by that key; says which."""


class Profile:
    """What one kind of message signs: its tag, and the covered components in their order."""

    def __init__(self, tag: str, *components: str) -> None:
        self.tag = tag
        self.components = components

    @property
    def fields(self) -> tuple[str, ...]:
        """The covered components that are header fields."""
        return tuple(name for name in self.components if not name.startswith("@"))


REPORT = Profile(
    "rasoat-report",
    "@method",
    "@request-target",
    "content-digest",
    "content-type",
    "content-encoding",
    "rasoat-agent",
    "rasoat-epoch",
    "rasoat-sequence",
)
SIGHTINGS = Profile("rasoat-sightings", *REPORT.components)
ENROL = Profile("rasoat-enrol", "@method", "@request-target", "content-digest", "content-type")
ACKNOWLEDGEMENT = Profile("rasoat-ack", "@status", "content-digest", "content-type")


class Signature:
    """What a Signature-Input says beside its components: who signed, and when by their clock."""

    def __init__(self, created: int, keyid: str, parameters: str) -> None:
        self.created = created  #: seconds since 1970, the signer's clock
        self.keyid = keyid
        self.parameters = parameters  #: the text of @signature-params


def key_id(public_key: bytes) -> str:
    """The name of a key, and so of the agent that holds it: base32 of its SHA-256, cut to 26."""
    digest = sha256(public_key)
    return base64.b32encode(digest).decode("ascii").lower()[:KEYID_LENGTH]


def is_key_id(text: str) -> bool:
    """Whether ``text`` has the form that `key_id` gives."""
    return _KEYID.fullmatch(text) is not None


def public_key_of(seed: bytes) -> bytes:
    """The public key, 32 bytes, of a private key's 32-byte seed."""
    return ed25519.keypair(seed)[0]


def content_digest(body: bytes) -> str:
    """The Content-Digest of a body as it travels, compressed or not (RFC 9530 §2)."""
    return "sha-256=:" + _base64(sha256(body)) + ":"


def signature_base(values: Mapping[str, str], components: Sequence[str], parameters: str) -> bytes:
    """The bytes that are signed (RFC 9421 §2.5).

    ``values`` gives each component's value by its name; ``parameters`` is the text of
    @signature-params, as it stands in Signature-Input behind the label.

    Raises:
        SignatureRefused: a component has no value, or one that cannot stand in one line.
    """
    lines = []
    for name in components:
        value = values.get(name)
        if value is None:
            raise SignatureRefused(said("the signed header %s is missing", name))
        if _VALUE.fullmatch(value) is None:
            raise SignatureRefused(said("the signed header %s is not plain text", name))
        lines.append(f'"{name}": {value}')
    lines.append('"@signature-params": ' + parameters)
    return "\n".join(lines).encode("ascii")


def sign(profile: Profile, values: Mapping[str, str], seed: bytes, created: int) -> dict[str, str]:
    """The headers signature-input and signature, made with the private key of ``seed``.

    ``created`` is in seconds since 1970.
    """
    public, secret = ed25519.keypair(seed)
    covered = " ".join(f'"{name}"' for name in profile.components)
    who = f'keyid="{key_id(public)}";alg="ed25519";tag="{profile.tag}"'
    parameters = f"({covered});created={created};{who}"
    base = signature_base(values, profile.components, parameters)
    signature = ed25519.sign(base, secret)
    return {
        "signature-input": f"{LABEL}={parameters}",
        "signature": f"{LABEL}=:{_base64(signature)}:",
    }


def read_signature_input(profile: Profile, text: str) -> Signature:
    """Who signed and when, from the header Signature-Input.

    Raises:
        SignatureRefused: it is not one signature of ours, over exactly the profile's components.
    """
    label, equals, parameters = text.partition("=")
    match = _PARAMETERS.fullmatch(parameters)
    if (label, equals) != (LABEL, "=") or match is None:
        raise SignatureRefused(said("signature-input does not have the form of this protocol"))
    if match[1] != " ".join(f'"{name}"' for name in profile.components):
        raise SignatureRefused(said("signature-input does not cover exactly what must be signed"))
    if match[4] != profile.tag:
        raise SignatureRefused(
            said("the signature was made for another purpose: tag %s", match[4][:40])
        )
    return Signature(int(match[2]), match[3], parameters)


def verify(
    profile: Profile, values: Mapping[str, str], headers: Mapping[str, str], public_key: bytes
) -> Signature:
    """Check a message's signature by the key that is expected to have signed it.

    ``values`` gives the covered components, ``headers`` signature-input and signature. The body is
    bound through content-digest: `check_digest`.

    Raises:
        SignatureRefused: says what is wrong.
    """
    for name in ("signature-input", "signature"):
        if name not in headers:
            raise SignatureRefused(said("the header %s is missing", name))
    found = read_signature_input(profile, headers["signature-input"])
    if found.keyid != key_id(public_key):
        raise SignatureRefused(said("the signature names another key"))
    base = signature_base(values, profile.components, found.parameters)
    if not ed25519.verifies(base, _signature_bytes(headers["signature"]), public_key):
        raise SignatureRefused(said("the signature does not match the message"))
    return found


def check_digest(header: str, body: bytes) -> None:
    """Check that a body is the one that its Content-Digest names, in its one canonical form.

    Raises:
        SignatureRefused: it is not.
    """
    if header != content_digest(body):
        raise SignatureRefused(said("content-digest does not match the body"))


def _signature_bytes(header: str) -> bytes:
    start, end = LABEL + "=:", ":"
    text = header[len(start) : -len(end)]
    try:
        signature = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        signature = b""
    # Base64 has spare bits: the one canonical text, or it is not the text that was sent.
    if len(signature) != SIGNATURE_BYTES or header != start + _base64(signature) + end:
        raise SignatureRefused(said("the header signature does not have the form of this protocol"))
    return signature


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
