"""What is kept of a signed request, so that years later anyone can check who signed it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from agents.message_signatures import (
    REPORT,
    SIGHTINGS,
    Profile,
    SignatureRefused,
    check_digest,
    verify,
)

_SIGNATURE = ("signature-input", "signature")


class Evidence(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The signed parts of a request beside its body."""

    method: str
    target: str
    headers: dict[str, str]


def packed(method: str, target: str, headers: Mapping[str, str]) -> bytes:
    """The evidence as JSON: method, target, the signed headers and those of the signature."""
    kept = {name: headers[name] for name in (*REPORT.fields, *_SIGNATURE)}
    return msgspec.json.encode(Evidence(method, target, kept))


def check_signature(public_key: bytes, signed: bytes, body: bytes) -> str | None:
    """What is wrong with the evidence of a report or a scan, or None: the key signed this body.

    The check of admission again, for `inventory.verify`.
    """
    try:
        evidence = msgspec.json.decode(signed, type=Evidence)
        values = evidence.headers | {
            "@method": evidence.method,
            "@request-target": evidence.target,
        }
        verify(_profile(evidence), values, evidence.headers, public_key)
        check_digest(values["content-digest"], body)
    except msgspec.MsgspecError as fault:
        return f"the signed headers cannot be read: {fault}"
    except SignatureRefused as fault:
        return str(fault)
    return None


def _profile(evidence: Evidence) -> Profile:
    """What kind of message it says it is; the signature then holds for that kind alone."""
    signed = evidence.headers.get("signature-input", "")
    return SIGHTINGS if f'tag="{SIGHTINGS.tag}"' in signed else REPORT
