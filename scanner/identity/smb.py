"""SMB: dialect, signing, and who the host is, by negotiation and an NTLM challenge ([MS-SMB2]).

Nobody is logged in: the exchange ends before any password would be said.
"""

from __future__ import annotations

import struct
from dataclasses import replace

from scanner.heard import Heard, evidence, names, opened
from scanner.identity import ntlm
from scanner.wire.talks import Say, Talk

_SMB2, _SMB1 = b"\xfeSMB", b"\xffSMB"
#: Up to 3.0.2: a newer one wants more in the question, and every server speaks one of these.
_DIALECTS = {0x0202: "2.0.2", 0x0210: "2.1", 0x0300: "3.0", 0x0302: "3.0.2"}
_OLD_DIALECT = b"NT LM 0.12"
_SIGNING_REQUIRED = 2
_HEADER, _OLD_HEADER = 64, 32
_LONGEST = 16 << 10  #: bytes of one message that are read
_OLD_WORDS = 17  #: of the answer in that dialect


def talk() -> Talk:
    """Negotiate, then ask for the challenge."""
    received = bytearray()
    piece = yield Say(_negotiate())
    while not _whole(received := received + piece):
        piece = yield Say()
    if not _messages(bytes(received))[0].startswith(_SMB2):
        return
    piece = yield Say(_session_setup())
    while len(_messages(bytes(received := received + piece))) < 2:  # noqa: PLR2004 - two answers
        piece = yield Say()


def talk_old() -> Talk:
    """Negotiate as only SMB 1 does, with a host that would not speak newer."""
    received = bytearray()
    piece = yield Say(_negotiate_old())
    while not _whole(received := received + piece):
        piece = yield Say()


def _framed(message: bytes) -> bytes:
    return struct.pack(">I", len(message)) + message


def _header(command: int, number: int) -> bytes:
    return (
        _SMB2 + struct.pack("<HHIHHIIQIIQ", 64, 0, 0, command, 1, 0, 0, number, 0, 0, 0) + bytes(16)
    )


def _negotiate() -> bytes:
    dialects = struct.pack(f"<{len(_DIALECTS)}H", *_DIALECTS)
    body = struct.pack("<HHHHI16sQ", 36, len(_DIALECTS), 1, 0, 0, b"rasoat-identity-", 0)
    return _framed(_header(0, 0) + body + dialects)


def _session_setup() -> bytes:
    token = ntlm.spnego()
    body = struct.pack("<HBBIIHHQ", 25, 0, 1, 0, 0, _HEADER + 24, len(token), 0)
    return _framed(_header(1, 1) + body + token)


def _negotiate_old() -> bytes:
    header = _SMB1 + struct.pack("<BIBH12xHHHH", 0x72, 0, 0x18, 0xC001, 0, 0, 0, 0)
    dialect = b"\x02" + _OLD_DIALECT + b"\0"
    return _framed(header + struct.pack("<BH", 0, len(dialect)) + dialect)


def _messages(received: bytes) -> list[bytes]:
    """The whole messages in a stream; each has its length before it ([MS-SMB2] 2.1)."""
    found: list[bytes] = []
    while len(received) >= 4 and len(found) < 4:  # noqa: PLR2004 - bytes of a length; messages
        size = int.from_bytes(received[1:4], "big")
        if size > _LONGEST or len(received) < 4 + size:
            break
        found.append(received[4 : 4 + size])
        received = received[4 + size :]
    return found


def _whole(received: bytes | bytearray) -> bool:
    return bool(_messages(bytes(received)))


def read(port: int, received: bytes) -> Heard:
    """What the answers tell."""
    messages = _messages(received)
    if not messages:
        return Heard()
    first = messages[0]
    if first.startswith(_SMB1):
        return _read_old(port, first)
    if not first.startswith(_SMB2) or len(first) < _HEADER + 6:
        return Heard()
    mode, number = struct.unpack_from("<HH", first, _HEADER + 2)
    dialect = _DIALECTS.get(number, f"{number:#06x}")
    signing = "required" if mode & _SIGNING_REQUIRED else "optional"
    answer = b"".join(messages[1:])
    heard = ntlm.read(answer)
    product = "Windows" if heard.os_guess else "Samba" if ntlm.is_samba(answer) else ""
    found = opened(port, "smb", product, f"SMB {dialect}")
    return heard + Heard(
        ports=(found,), evidence=evidence(("smb_dialect", dialect), ("smb_signing", signing))
    )


def _read_old(port: int, message: bytes) -> Heard:
    """An answer in NT LM 0.12, which ends with the domain's and the server's name."""
    found = opened(port, "smb", version="SMB 1")
    heard = Heard(
        ports=(found,),
        evidence=evidence(("smb_dialect", _OLD_DIALECT)),
        flags=("smb1_only",),
    )
    if len(message) <= _OLD_HEADER or message[_OLD_HEADER] != _OLD_WORDS:
        return replace(heard, flags=())
    words = message[_OLD_HEADER + 1 : _OLD_HEADER + 1 + 2 * _OLD_WORDS]
    if len(words) < 2 * _OLD_WORDS:
        return heard
    behind = message[_OLD_HEADER + 3 + 2 * _OLD_WORDS :][words[-1] :]
    texts = behind[:1024].decode("utf-16-le", "replace").split("\0")
    return heard + Heard(
        names=names("smb", *texts[1:2]),
        evidence=evidence(*(("smb_domain", one) for one in texts[:1])),
    )
