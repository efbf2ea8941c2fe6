"""Whether the kernel holds any nftables table, asked without the nft program.

A minimal machine has no nft; that alone does not say that nothing filters. nfnetlink, the interface
that nft itself uses, answers: linux/netfilter/nfnetlink.h and nf_tables.h of the kernel's headers.
"""

from __future__ import annotations

from agents.linux.netlink import dump

_NETFILTER = 12  #: NETLINK_NETFILTER
_GET_TABLES, _NEW_TABLE = 0x0A01, 0x0A00  #: subsystem nftables (10), GETTABLE and NEWTABLE
_ANY_FAMILY = b"\0\0\0\0"  #: nfgenmsg: family, version, resource


def tables() -> int:
    """How many nftables tables there are in this network namespace, over all families.

    Raises:
        Unknown: only an administrator may ask, or the kernel does not answer.
    """
    return len(dump(_NETFILTER, _GET_TABLES, _NEW_TABLE, _ANY_FAMILY))
