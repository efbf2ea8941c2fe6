"""Replacing what names people and machines in a recording, one value by one stand-in everywhere.

Stand-ins keep their shape, so that the replayed facts still parse. Names are replaced only where
they stand as names (a user called "debian" must not change the operating system): in the files that
hold accounts, and the host's name in its own file. MAC addresses and serials are long enough to be
replaced wherever they occur.
"""

from __future__ import annotations

import json
import re

from agents.words import said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

    from agents.recording import Recording

_ACCOUNT_FILES = ("/etc/passwd", "/etc/shadow", "/etc/group")
_HOSTNAME = "/proc/sys/kernel/hostname"
_SERIAL_FILES = re.compile(
    r"/sys/class/dmi/id/(product_serial|product_uuid|board_serial|chassis_asset_tag|chassis_serial)$"
    r"|/sys/block/[^/]+/(device/serial|serial|device/vpd_pg80)$"
)
_MAC = re.compile(rb"(?<![0-9A-Fa-f:])(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}(?![0-9A-Fa-f:])")
_NO_MACS = (b"00:00:00:00:00:00", b"ff:ff:ff:ff:ff:ff")
_LOWEST_UID = 1000  #: people's accounts; those below are the system's and the same everywhere
_NOBODY = 65534
_SHORTEST_SERIAL = 4  #: characters; "0" or "1" are not serials
#: Lines of settings that name a user.
_USER_SETTINGS = re.compile(
    rb"(?im)^(\s*(?:AutomaticLogin|autologin-user|User|AllowUsers|DenyUsers)\s*[= ]\s*)(\S.*)$"
)
_USER_FILES = ("/etc/gdm", "/etc/lightdm/", "/etc/sddm", "/etc/ssh/")


def redact(recording: Recording) -> None:
    """Replace names, MAC addresses and serials; ``recording`` then lists what was replaced."""
    steps = [
        (said("user names"), _users),
        (said("host name"), _host),
        (said("serials"), _serials),
    ]
    if recording.platform == "macos":
        from agents.macos import redaction as mac

        steps = [
            (said("names"), mac.names),
            (said("host name"), mac.host),
            (said("serials"), mac.serials),
        ]
    for about, replace in (*steps, (said("MAC addresses"), _macs)):
        count = replace(recording)
        if count:
            recording.redacted.append(said("%s (%d)", about, count))


def _users(recording: Recording) -> int:
    """People's accounts in the account files, sudo's rules and the greeters' settings."""
    names: dict[bytes, bytes] = {}
    for row in recording.files.get("/etc/passwd", b"").splitlines():
        words = row.split(b":")
        uid = int(words[2]) if len(words) > 2 and words[2].isdigit() else 0  # noqa: PLR2004
        if uid >= _LOWEST_UID and uid != _NOBODY:
            names.setdefault(words[0], b"user-%d" % (len(names) + 1))
    for path in list(recording.files):
        if path in _ACCOUNT_FILES:
            recording.files[path] = _accounts(recording.files[path], names)
        elif path.startswith("/etc/sudoers"):
            recording.files[path] = _whole_words(recording.files[path], names)
        elif path.startswith(_USER_FILES):
            recording.files[path] = _USER_SETTINGS.sub(
                lambda match: match[1] + _whole_words(match[2], names), recording.files[path]
            )
    return len(names)


def _accounts(content: bytes, names: dict[bytes, bytes]) -> bytes:
    """Names in their column and in lists of members.

    The comment and the home folder go altogether.
    """
    rows = []
    for row in content.split(b"\n"):
        words = row.split(b":")
        if words[0] in names and len(words) == 7:  # noqa: PLR2004 - passwd(5)
            words[4], words[5] = b"", b"/home/" + names[words[0]]
        words[0] = names.get(words[0], words[0])
        if len(words) == 4:  # noqa: PLR2004 - group(5)
            words[3] = b",".join(names.get(one, one) for one in words[3].split(b","))
        rows.append(b":".join(words))
    return b"\n".join(rows)


def _whole_words(content: bytes, names: dict[bytes, bytes]) -> bytes:
    for name, stand_in in names.items():
        content = re.sub(rb"(?<![\w.-])%s(?![\w.-])" % re.escape(name), stand_in, content)
    return content


def _host(recording: Recording) -> int:
    if recording.platform == "windows":
        from agents.windows import registry_redaction
        from agents.windows.redaction import rename

        return rename(recording.values) + registry_redaction.redact(recording)
    name = recording.files.get(_HOSTNAME, b"").strip()
    if not name:
        return 0
    recording.files[_HOSTNAME] = b"host-1\n"
    return 1


def _serials(recording: Recording) -> int:
    """Serials, UUIDs and asset tags, wherever the bytes of one stand."""
    found: dict[bytes, bytes] = {}
    for path, content in recording.files.items():
        if _SERIAL_FILES.search(path):
            value = content[4:] if path.endswith("vpd_pg80") else content
            _stand_in(found, value.strip(b"\x00 \n\t"))
    if recording.platform == "windows":
        from agents.windows import registry_redaction
        from agents.windows.redaction import serials

        for value in [*serials(recording.values), *registry_redaction.serials(recording)]:
            _stand_in(found, value)
    if recording.smbios is not None:
        from agents.smbios_redaction import redacted, secrets

        for value in secrets(recording.smbios):
            _stand_in(found, value)
        recording.smbios = redacted(recording.smbios, found)
    _everywhere(recording, lambda content: _replaced(content, found))
    return len(found)


def _stand_in(found: dict[bytes, bytes], value: bytes) -> None:
    """A stand-in of the same length and shape, so that a UUID stays one."""
    if len(value) >= _SHORTEST_SERIAL and value not in found:
        mark = b"%d" % (len(found) + 1)
        zeros = re.sub(rb"[0-9A-Za-z]", b"0", value)
        found[value] = zeros[: -len(mark)] + mark


def _replaced(content: bytes, found: dict[bytes, bytes]) -> bytes:
    for value, stand_in in found.items():
        content = content.replace(value, stand_in)
    return content


def _macs(recording: Recording) -> int:
    """MAC addresses, and the IPv6 addresses that are made of them (RFC 4291, appendix A)."""
    macs: dict[bytes, bytes] = {}
    contents = [*recording.files.values(), json.dumps(recording.values).encode()]
    for content in contents:
        for mac in _MAC.findall(content):
            if mac.lower() not in _NO_MACS:
                macs.setdefault(mac.lower(), b"02:00:00:00:%02x:%02x" % divmod(len(macs) + 1, 256))
    plain = {_eui64(mac): _eui64(stand_in) for mac, stand_in in macs.items()}
    words = {_groups(mac): _groups(stand_in) for mac, stand_in in plain.items()}

    def replaced(content: bytes) -> bytes:
        content = _MAC.sub(lambda match: macs.get(match[0].lower(), match[0]), content)
        return _replaced(_replaced(content, plain), words)

    _everywhere(recording, replaced)
    return len(macs)


def _eui64(mac: bytes) -> bytes:
    """The interface id of an IPv6 address, as /proc writes it: 16 hexadecimal digits."""
    raw = bytes.fromhex(mac.decode().replace(":", ""))
    return (bytes([raw[0] ^ 2]) + raw[1:3] + b"\xff\xfe" + raw[3:]).hex().encode()


def _groups(digits: bytes) -> bytes:
    """The same as people write it: four groups without leading zeros."""
    return b":".join(b"%x" % int(digits[i : i + 4], 16) for i in range(0, len(digits), 4))


def _everywhere(recording: Recording, replaced: Callable[[bytes], bytes]) -> None:
    for path, content in recording.files.items():
        recording.files[path] = replaced(content)
    for argv, ran in recording.commands.values():
        del argv
        ran.stdout, ran.stderr = replaced(ran.stdout), replaced(ran.stderr)
    if recording.registry:
        from agents.windows import registry_redaction

        registry_redaction.replace(recording, replaced)
    recording.values = json.loads(replaced(json.dumps(recording.values).encode()))
    recording.notes = json.loads(replaced(json.dumps(recording.notes).encode()))
