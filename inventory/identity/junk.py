"""Values that identify nothing, whoever reports them.

The texts are what board makers leave in SMBIOS fields, as users of inventory systems met them;
the MAC blocks are assigned to software and protocols, not to cards.
"""

from __future__ import annotations

_SHORTEST = 3  #: characters: shorter "serial numbers" are ordinals
TEXTS = frozenset(
    (
        *("", "TO BE FILLED BY O.E.M.", "TO BE FILLED BY O.E.M", "DEFAULT STRING", "O.E.M."),
        *("SYSTEM SERIAL NUMBER", "SYSTEM PRODUCT NAME", "CHASSIS SERIAL NUMBER", "BASE BOARD"),
        *("BASE BOARD SERIAL NUMBER", "NOT SPECIFIED", "NOT APPLICABLE", "NOT AVAILABLE", "NONE"),
        *("INVALID", "UNKNOWN", "N/A", "NA", "NULL", "OEM", "SERIAL", "SERIALNUMBER", "XXXXXXX"),
        *("123456789", "1234567890", "0123456789", "12345678", "1234567", "ASSET TAG", "NO ASSET"),
        *("NO ASSET TAG", "ASSET-1234567890", "KHÔNG CÓ", "KHÔNG", "CHƯA CÓ", "CHƯA RÕ"),
    )
)
UUIDS = frozenset(
    bytes.fromhex(text)
    for text in (
        "03000200040005000006000700080009",
        "00020003000400050006000700080009",
        "12345678123456781234567812345678",
        "fefefefefefefefefefefefefefefefe",
    )
)
#: Prefixes of addresses that many machines share: VRRP and HSRP (RFC 9568), VMware's adapters of
#: the host, Microsoft's loopback adapter, Bluetooth and dial-up adapters of Windows.
SHARED_MACS = tuple(
    bytes.fromhex(text)
    for text in (
        "00005e0001",
        "00005e0002",
        "00000c07ac",
        "005056c000",
        "02004c4f4f50",
        "444553540000",
        "204153594eff",
        "505054503030",
        "33503c3c3c3c",
    )
)
_LOCAL, _GROUP = 0x02, 0x01  #: bits of a MAC's first byte (IEEE 802)


def is_junk_text(folded: str) -> bool:
    """Whether a serial number or tag, in capitals, is no such thing."""
    plain = folded.replace("-", "").replace(" ", "").replace(".", "").replace("0", "")
    return (
        folded in TEXTS or len(folded) < _SHORTEST or len(set(plain)) <= 1 and len(plain) != 1  # noqa: RUF021 - one different character is a number such as 00012
    )


def is_junk_uuid(raw: bytes) -> bool:
    """Whether a hardware UUID is one that many boards have."""
    return raw in UUIDS or len(set(raw)) == 1


def is_junk_mac(raw: bytes) -> bool:
    """Whether a MAC says nothing of a card: made up by software, a group, or shared by design."""
    if raw[0] & (_LOCAL | _GROUP) or len(set(raw)) == 1:
        return True
    return raw.startswith(SHARED_MACS)
