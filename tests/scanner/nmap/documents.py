"""nmap's XML as nmap 7.93 writes it; hosts and services are made up."""

from __future__ import annotations

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<?xml-stylesheet href="file:///usr/bin/../share/nmap/nmap.xsl" type="text/xsl"?>
<!-- Nmap 7.93 scan initiated Mon Nov 16 08:00:00 2026 as: nmap -sV -oX - 10.66.0.0/22 -->
<nmaprun scanner="nmap" args="nmap -sV -oX - 10.66.0.0/22" start="1794816000"
 startstr="Mon Nov 16 08:00:00 2026" version="7.93" xmloutputversion="1.05">
<scaninfo type="syn" protocol="tcp" numservices="3" services="22,80,631"/>
<verbose level="0"/>
<debugging level="0"/>
"""
HOST = """<host starttime="1794816001" endtime="{end}"><status state="up" reason="{reason}"
 reason_ttl="0"/>
<address addr="{ip}" addrtype="{family}"/>
<address addr="44:19:B6:00:00:{last:02X}" addrtype="mac" vendor="Hikvision"/>
<hostnames>
<hostname name="host-{last}.lan" type="PTR"/>
</hostnames>
<ports><extraports state="closed" count="997"><extrareasons reason="reset" count="997"
 proto="tcp" ports="1-21"/>
</extraports>
<port protocol="tcp" portid="22"><state state="open" reason="syn-ack" reason_ttl="64"/><service
 name="ssh" product="OpenSSH" version="9.2p1 Debian 2+deb12u3" extrainfo="protocol 2.0"
 ostype="Linux" method="probed" conf="10"><cpe>cpe:/a:openbsd:openssh:9.2p1</cpe></service><script
 id="banner" output="SSH-2.0-OpenSSH_9.2p1"/></port>
<port protocol="tcp" portid="80"><state state="open" reason="syn-ack" reason_ttl="64"/><service
 name="http" method="table" conf="3"/></port>
<port protocol="tcp" portid="631"><state state="filtered" reason="no-response" reason_ttl="0"/>
<service name="ipp" method="table" conf="3"/></port>
<port protocol="udp" portid="161"><state state="open|filtered" reason="no-response"
 reason_ttl="0"/></port>
</ports>
<os><portused state="open" proto="tcp" portid="22"/>
<osmatch name="Linux 5.0 - 5.14" accuracy="96" line="1"><osclass type="general purpose"
 vendor="Linux" osfamily="Linux" osgen="5.X" accuracy="96"><cpe>cpe:/o:linux:linux_kernel:5</cpe>
</osclass></osmatch></os>
<times srtt="192" rttvar="2870" to="100000"/>
</host>
"""
TAIL = """<runstats><finished time="1794816060" timestr="Mon Nov 16 08:01:00 2026"
 summary="Nmap done" elapsed="60.00" exit="success"/><hosts up="2" down="0" total="2"/>
</runstats>
</nmaprun>
"""


def host(
    last: int,
    ip: str = "",
    *,
    end: object = 1794816030,
    reason: str = "arp-response",
    family: str = "ipv4",
) -> str:
    """One host of a document."""
    where = ip or f"10.66.0.{last}"
    return HOST.format(ip=where, last=last, end=end, reason=reason, family=family)


def document(*hosts: str, head: str = HEAD, tail: str = TAIL) -> bytes:
    """A whole document of these hosts."""
    return (head + "".join(hosts) + tail).encode()
