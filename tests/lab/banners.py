"""What the simulated hosts say on their TCP ports; made up, in the form that such devices use."""

from __future__ import annotations

from tests.lab.hosts import Host

_TITLES = {
    "printer": ("{vendor} printer {name}", "Web-Server"),
    "camera": ("{vendor} IP Camera", "App-webs/"),
    "switch": ("{vendor} switch management", "switch-httpd"),
    "nas": ("{vendor} DiskStation {name}", "nginx"),
    "server": ("Welcome to nginx!", "nginx/1.22.1"),
    "phone": ("{vendor} VoIP phone", "phone-httpd"),
    "pc": ("{name}", "Microsoft-IIS/10.0"),
}
_WEB = {80, 443, 5000, 8000, 8080}


def greeting(host: Host, port: int) -> bytes:
    """What a service says before it is spoken to."""
    if port == 22:
        software = {"switch": "Cisco-1.25", "nas": "OpenSSH_8.2"}.get(host.kind, "OpenSSH_9.2p1")
        return f"SSH-2.0-{software}\r\n".encode()
    if port == 23:
        return f"\r\n{host.vendor} {host.name}\r\nUsername: ".encode()
    return b""


def answered(host: Host, port: int, request: bytes) -> bytes:
    """What a service answers; nothing where it does not understand."""
    if port in _WEB and request[:4] in (b"GET ", b"HEAD"):
        title, server = (text.format(**vars(host)) for text in _TITLES[host.kind])
        body = f"<html><head><title>{title}</title></head></html>".encode()
        head = f"HTTP/1.1 200 OK\r\nServer: {server}\r\nContent-Type: text/html\r\n"
        return head.encode() + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body
    if port == 554 and b"RTSP/1.0" in request:
        return f"RTSP/1.0 200 OK\r\nCSeq: 1\r\nServer: {host.vendor} Rtsp Server\r\n\r\n".encode()
    return b""
