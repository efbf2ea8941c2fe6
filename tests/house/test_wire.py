"""The sockets of the scanner stand in scanner/wire/ alone, where destinations are checked."""

from __future__ import annotations

import ast
import re

from tests.conftest import ROOT

#: calls that make something which can send
MAKERS = re.compile(
    r"socket\.(socket|create_connection|create_server|socketpair|fromfd)"
    r"|asyncio\.open_connection|.*\.create_(connection|datagram_endpoint)"
    r"|urlopen|.*\.urlopen|http\.client\.\w+|(srp?1?|sendp?|sniff|arping|getmacbyip6?)"
)


def makers(text: str) -> list[str]:
    """The calls in this file that open a door to the network."""
    return [
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and MAKERS.fullmatch(ast.unparse(node.func))
    ]


def test_only_the_wire_makes_sockets() -> None:
    files = sorted((ROOT / "scanner").rglob("*.py"))
    assert len(files) >= 40
    found = {
        path.relative_to(ROOT / "scanner").as_posix(): calls
        for path in files
        if (calls := makers(path.read_text("utf-8")))
    }
    assert {name.partition("/")[0] for name in found} == {"wire"}
    assert {"wire/packets.py", "wire/datagrams.py", "wire/connection.py"} <= set(found)


def test_a_socket_elsewhere_would_be_seen() -> None:
    """The control."""
    for text in (
        "import socket\nsocket.socket()",
        "import socket\nsocket.create_connection(('10.0.0.1', 80))",
        "from urllib.request import urlopen\nurlopen('http://10.0.0.1/')",
        "from scapy.all import srp\nsrp(frames)",
    ):
        assert makers(text), text
    assert not makers("import socket\nx = socket.AF_INET")
