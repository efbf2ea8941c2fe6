"""Remote desktop: which security it asks for, its certificate, its NTLM names ([MS-RDPBCGR])."""

from __future__ import annotations

from scanner.heard import Heard, evidence, opened
from scanner.identity import ntlm
from scanner.wire.talks import Say, Talk

#: X.224 connection request that offers TLS and CredSSP (2.2.1.1).
_REQUEST = bytes.fromhex("030000130ee000000000000100080003000000")
_ANSWER = 19  #: bytes of a confirm with its negotiation
_CONFIRM, _CHOSEN, _REFUSED = 0xD0, 2, 3  #: 2.2.1.2
_SECURITY = {0: "rdp", 1: "tls", 2: "credssp", 4: "rdstls", 8: "credssp"}
_WITH_NAMES = (2, 8)
_LONGEST = 4096


def talk() -> Talk:
    """Ask for a secured connection; where it is given, see the certificate and the challenge."""
    received = bytearray()
    piece = yield Say(_REQUEST)
    while len(received := received + piece) < int.from_bytes(received[2:4], "big"):
        piece = yield Say()
    chosen = security(bytes(received))
    if not chosen:
        return
    if chosen not in _WITH_NAMES:
        yield Say(tls=True, last=True)
        return
    before = len(received)
    piece = yield Say(ntlm.credssp(), tls=True)
    while len(received := received + piece) < before + 4 or len(received) > _LONGEST:
        piece = yield Say()


def security(received: bytes) -> int | None:
    """The number of the security that was chosen; None where none was said."""
    if len(received) < _ANSWER or received[0] != 3 or received[5] != _CONFIRM:  # noqa: PLR2004
        return None
    if received[11] != _CHOSEN:
        return None
    return int.from_bytes(received[15:19], "little")


def read(port: int, received: bytes) -> Heard:
    """What the answers tell; nothing where it is no remote desktop."""
    if len(received) < 11 or received[0] != 3 or received[5] != _CONFIRM:  # noqa: PLR2004 - X.224
        return Heard()
    chosen = security(received)
    word = _SECURITY.get(chosen, "") if chosen is not None else "rdp"
    if len(received) >= _ANSWER and received[11] == _REFUSED:
        word = "refused"
    heard = ntlm.read(received[_ANSWER:])
    found = opened(port, "rdp", "Windows" if heard.os_guess else "")
    return heard + Heard(ports=(found,), evidence=evidence(("rdp_security", word)))
