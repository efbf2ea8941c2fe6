"""The floor under any agent in Python: post a file over TLS by a raw socket, read the answer.

    python -I -S floor.pyc HOST PORT CA REQUEST

The file is a whole request, signed beforehand. No JSON, no HTTP module, nothing collected, nothing
signed, nothing kept. `benchmarks/agent.py` compiles it and starts it that way.
"""

from __future__ import annotations

import socket
import ssl
import sys

PIECE = 1 << 16  # bytes


def main(host: str, port: str, ca: str, request: str) -> int:
    """Post the file once; 0 where the collector took the report."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(ca)
    with open(request, "rb") as file:  # noqa: PTH123 - pathlib is not on the floor
        content = file.read()
    with (
        socket.create_connection((host, int(port)), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        secured.sendall(content)
        answer = secured.recv(PIECE)
    return 0 if answer.startswith(b"HTTP/1.1 200 ") else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
