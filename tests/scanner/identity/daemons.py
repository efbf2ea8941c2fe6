"""Real daemons at one address of a made-up LAN: what Debian's own packages say on the wire.

OpenSSH, nginx with TLS, Samba, CUPS, net-snmp, vsftpd, dnsmasq, inetutils' telnetd, Avahi. All of
their files are in a folder of the test; nothing of theirs is read from or written to this machine.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.lab.namespaces import Namespace
from tests.scanner.identity import answers

LINK_LOCAL = "fe80::10"
IP, SCANNER, NETWORK = "10.66.0.10", "10.66.0.1", "10.66.0.0/24"
PROGRAMS = (
    *("/usr/sbin/sshd", "/usr/sbin/nginx", "/usr/sbin/smbd", "/usr/sbin/nmbd", "/usr/sbin/cupsd"),
    *("/usr/sbin/snmpd", "/usr/sbin/vsftpd", "/usr/sbin/dnsmasq", "/usr/sbin/telnetd"),
    "/usr/sbin/avahi-daemon",
)
TCP = (21, 22, 23, 53, 80, 139, 443, 445, 631)
UDP = (53, 137, 161, 5353)
COMMUNITY = "ubnd-doc"
_STARTS = 30.0  #: seconds that they may all take

_NGINX = """
daemon off; pid {folder}/nginx.pid; error_log stderr; events {{}}
http {{ access_log off; root {folder}/www;
  server {{ listen 80; }}
  ssl_certificate {folder}/tls.pem;
  ssl_certificate_key {folder}/tls.pem;
  server {{ listen 443 ssl; }}
}}
"""
_SAMBA = """
[global]
workgroup = UBND
netbios name = PC-VANTHU-09
interfaces = off0
disable spoolss = yes
lock directory = {folder}/samba
state directory = {folder}/samba
cache directory = {folder}/samba
private dir = {folder}/samba
ncalrpc dir = {folder}/samba
pid directory = {folder}/samba
log file = {folder}/samba.log
"""
_CUPS = """
Listen 0.0.0.0:631
ServerAlias *
<Location />
Order allow,deny
Allow all
</Location>
"""
_CUPS_FILES = """
SystemGroup root
ServerRoot {folder}/cups
StateDir {folder}/cups
CacheDir {folder}/cups
RequestRoot {folder}/cups
TempDir {folder}/cups
ErrorLog stderr
AccessLog {folder}/cups/access.log
PageLog {folder}/cups/page.log
"""
_PRINTERS = """
<DefaultPrinter may-in-tang-2>
Info May in tang 2
DeviceURI file:///dev/null
State Idle
Accepting Yes
</DefaultPrinter>
"""
_SNMP = (
    "agentAddress udp:161\nrocommunity ubnd-doc\nsysName SRV-TRUNGTAM\nsysDescr Simulated server\n"
)
_FTP = """\
listen=YES
background=NO
local_enable=YES
secure_chroot_dir={folder}/empty
"""
_AVAHI = """
[server]
host-name=may-in-avahi
use-ipv4=yes
use-ipv6=no
enable-dbus=no
allow-interfaces=off0
[publish]
publish-workstation=yes
"""
#: inetd's part for telnetd: a program for each connection, on its standard streams
_INETD = """
import socket, subprocess
with socket.create_server(("0.0.0.0", 23)) as door:
    while True:
        one = door.accept()[0]
        with one:
            subprocess.Popen(["/usr/sbin/telnetd"], stdin=one, stdout=one, stderr=one)
"""


def missing() -> list[str]:
    """The programs that this machine lacks."""
    return [one for one in PROGRAMS if not Path(one).exists()]


@contextmanager
def daemons() -> Iterator[Namespace]:
    """All of them up at `IP`; gives the scanner's side, from which nothing else can be reached."""
    folder = Path(tempfile.mkdtemp(prefix="rasoat-daemons-"))
    folder.chmod(0o755)
    with Namespace("scanner") as scanner, Namespace("office") as office:
        wire(scanner, office)
        logs = (folder / "daemons.log").open("wb")
        running = [
            subprocess.Popen(
                office.command(argv, {folder / "run": "/run"}),
                stdin=subprocess.DEVNULL,
                stdout=logs,
                stderr=logs,
                start_new_session=True,  # Samba ends its whole process group with itself
            )
            for argv in commands(folder)
        ]
        try:
            wait(office, folder)
            yield scanner
        finally:
            for one in running:
                one.terminate()
            for one in running:
                one.wait(20)
            for space in (scanner, office):
                leftover(space)
            logs.close()
            shutil.rmtree(folder)


def leftover(space: Namespace) -> None:
    """End what a daemon left behind (a login at a telnet door); all of it is in here."""
    for word in subprocess.run(
        ["ip", "netns", "pids", space.name], check=True, capture_output=True, text=True
    ).stdout.split():
        os.kill(int(word), signal.SIGKILL)


def wire(scanner: Namespace, office: Namespace) -> None:
    """One cable, two addresses, and no way out."""
    ends = ("type", "veth", "peer", "name", "off0", "netns", office.name)
    scanner.run("ip", "link", "add", "lan0", *ends)
    for space, card, ip in ((scanner, "lan0", SCANNER), (office, "off0", IP)):
        space.run("ip", "addr", "add", f"{ip}/24", "brd", "+", "dev", card)
        space.run("ip", "link", "set", card, "up")
    office.run("ip", "addr", "add", f"{LINK_LOCAL}/64", "dev", "off0", "nodad")
    office.run("ip", "route", "add", "224.0.0.0/4", "dev", "off0")


def commands(folder: Path) -> list[list[str]]:
    """The daemons' command lines, their files written."""
    for name in ("www", "samba", "cups", "empty"):
        (folder / name).mkdir()
    pem = b"".join(answers.certificate("web.ubnd.example", "web.ubnd.example"))
    (folder / "tls.pem").write_bytes(pem)
    page = "<html><head><title>Cổng nội bộ</title></head></html>"
    (folder / "www/index.html").write_text(page, "utf-8")
    texts = {"nginx.conf": _NGINX, "smb.conf": _SAMBA, "cups/cupsd.conf": _CUPS, "snmp.conf": _SNMP}
    texts |= {"cups/cups-files.conf": _CUPS_FILES, "cups/printers.conf": _PRINTERS}
    texts |= {"vsftpd.conf": _FTP, "avahi.conf": _AVAHI}
    for name, text in texts.items():
        (folder / name).write_text(text.format(folder=folder), "utf-8")
    key = folder / "hostkey"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    for name in ("sshd", "avahi-daemon", "samba"):  # rooms under /run that they insist on
        (folder / "run" / name).mkdir(parents=True)
    samba = ["-F", "--no-process-group", "-s", f"{folder}/smb.conf"]
    cups = ["-c", f"{folder}/cups/cupsd.conf", "-s", f"{folder}/cups/cups-files.conf"]
    return [
        ["/usr/sbin/sshd", "-D", "-e", "-f", "/dev/null", "-h", str(key), "-o", "PidFile=none"],
        ["/usr/sbin/nginx", "-c", f"{folder}/nginx.conf"],
        ["/usr/sbin/nmbd", *samba],
        ["/usr/sbin/smbd", *samba],
        ["/usr/sbin/cupsd", "-f", *cups],
        ["/usr/sbin/snmpd", "-f", "-Lo", "-C", "-c", f"{folder}/snmp.conf", "-p", f"{folder}/p"],
        ["/usr/sbin/vsftpd", f"{folder}/vsftpd.conf"],
        [
            *("/usr/sbin/dnsmasq", "-k", "-C", "/dev/null", "--no-resolv", "--no-hosts"),
            *(f"--host-record=srv.ubnd.example,{IP}", f"--pid-file={folder}/dns", "--user=root"),
        ],
        ["/usr/sbin/avahi-daemon", "--no-drop-root", "--no-chroot", "-f", f"{folder}/avahi.conf"],
        [sys.executable, "-c", _INETD],
    ]


def wait(office: Namespace, folder: Path) -> None:
    """Until every port is there."""
    wanted = {f":{port} " for port in (*TCP, *UDP)}
    ends = time.monotonic() + _STARTS
    while True:
        listening = office.run("ss", "-Hlntu").stdout
        lacking = {port for port in wanted if port not in listening}
        if not lacking:
            time.sleep(1.5)  # Avahi and nmbd claim their names before they answer to them
            return
        if time.monotonic() > ends:
            said = (folder / "daemons.log").read_text("utf-8", "replace")
            raise AssertionError(f"not listening on {lacking}: {said[-3000:]}")
        time.sleep(0.1)
