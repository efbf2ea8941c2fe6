"""The floor under any agent in Python: post a file over TLS by a raw socket, read the answer.

    python -I -S floor.pyc HOST PORT CA BODY TARGET

No JSON, no psutil, no HTTP module, nothing collected, nothing signed. `benchmarks/agent.py`
compiles it and starts it that way.
"""

from __future__ import annotations

import socket
import ssl
import sys

PIECE = 1 << 16  # bytes


def main(host: str, port: str, ca: str, body: str, target: str) -> int:
    """Post the file ``body`` once; 0 where any answer came."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(ca)
    with open(body, "rb") as file:  # noqa: PTH123 - pathlib is not on the floor
        content = file.read()
    head = f"POST {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n"
    head += f"content-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n"
    with (
        socket.create_connection((host, int(port)), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        secured.sendall(head.encode("ascii") + content)
        answer = secured.recv(PIECE)
    return 0 if answer.startswith(b"HTTP/1.1 ") else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
