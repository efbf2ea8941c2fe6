"""The words under which techniques keep what they heard: what a classifier may rest on.

A pair of a sighting's `evidence` is one of these words and a text; `ports` and `names` are apart.
"""

from __future__ import annotations

#: word → what its text is
WORDS: dict[str, str] = {
    "dhcp_client": "hostname that a DHCP client gives (options 12 and 81; RFC 2132, 4702)",
    "dhcp_fingerprint": "numbers that a DHCP client asks for, in its order: 1,3,6,15 (option 55)",
    "dhcp_vendor": "vendor class of a DHCP client: MSFT 5.0, android-dhcp-14 (option 60)",
    "ftp_greeting": "first line of an FTP server (RFC 959)",
    "http_realm": "realm that an HTTP server asks a password for (RFC 9110 section 11.5)",
    "http_redirect": "where an HTTP server sends a browser (Location)",
    "http_server": "Server header of HTTP, one for each server",
    "http_title": "title of the first page",
    "imap_greeting": "first line of an IMAP server (RFC 9051)",
    "ipp_model": "printer-make-and-model (RFC 8011 section 5.4.9)",
    "ipp_device": "printer-device-id: MFG:…;MDL:…; (PWG 5107.2)",
    "ipp_name": "printer-name, printer-info or printer-dns-sd-name",
    "llmnr": "name by LLMNR (RFC 4795)",
    "mdns_device": "entry of a TXT record that says what the device is: model=…, md=…, ty=…",
    "mdns_instance": "name of a service instance (RFC 6763): 'Front Office Laser'",
    "mdns_service": "service type announced by mDNS: _ipp._tcp",
    "mysql_version": "version in the greeting of MySQL or MariaDB",
    "netbios_group": "workgroup or domain by NetBIOS (RFC 1002)",
    "netbios_mac": "the card's address by the host's own word (node status)",
    "netbios_role": "suffix of a NetBIOS name: workstation, server, domain_controller, browser",
    "pop3_greeting": "first line of a POP3 server (RFC 1939)",
    "rdp_security": "what a remote desktop server asks for: rdp, tls, credssp, … ([MS-RDPBCGR])",
    "rtsp_realm": "realm that an RTSP server asks a password for",
    "rtsp_server": "Server header of RTSP (RFC 2326)",
    "smb_build": "version of Windows in an NTLM challenge: 10.0.19045 ([MS-NLMP] 2.2.2.10)",
    "smb_dialect": "highest dialect chosen by SMB: 3.0.2, 2.1, NT LM 0.12 (SMB 1)",
    "smb_domain": "domain or workgroup in an NTLM challenge",
    "smb_signing": "required or optional",
    "smtp_greeting": "first line of an SMTP server (RFC 5321)",
    "snmp_descr": "sysDescr.0 (RFC 3418)",
    "snmp_object": "sysObjectID.0: the vendor's own number of the model",
    "snmp_services": "sysServices.0: a sum of 2 bridge, 4 router, 8 and 64 host",
    "ssdp_location": "address of a UPnP description, by the device's word; on its own host alone",
    "ssdp_server": "SERVER header of SSDP (UPnP Device Architecture 2.0)",
    "ssdp_type": "device or service type of SSDP: InternetGatewayDevice:1",
    "ssh_greeting": "identification line of an SSH server (RFC 4253)",
    "telnet_greeting": "text before the login prompt, and the prompt",
    "tls_issuer": "issuer of a certificate, as RFC 4514 writes it",
    "tls_subject": "subject of a certificate, as RFC 4514 writes it",
    "tls_version": "TLS version that was agreed on: TLSv1.3",
    "upnp_device": "field of a UPnP description: modelName=…, manufacturer=…, friendlyName=…",
    "vnc_version": "protocol version of a VNC server (RFC 6143)",
    "wsd_address": "address of WS-Discovery's metadata, by the device's word; its own host alone",
    "wsd_computer": "name and workgroup or domain of a Windows PC, by its metadata ([MS-PBSD])",
    "wsd_device": "field of WS-Discovery's metadata: Manufacturer=…, ModelName=…",
    "wsd_id": "endpoint that a device calls itself: urn:uuid:…",
    "wsd_scope": "scope of WS-Discovery: onvif://www.onvif.org/hardware/…",
    "wsd_type": "type by WS-Discovery: Computer, PrintDeviceType, NetworkVideoTransmitter",
}

#: what stands for the source of a name (`Name.source`)
NAME_SOURCES = (
    *("mdns", "netbios", "llmnr", "dns", "snmp", "certificate", "smb", "dhcp"),
    *("smtp", "wsd"),
)
#: flags that these techniques raise, and when
FLAGS: dict[str, str] = {
    "snmp_public": "it answers SNMP to the community 'public'",
    "smb1_only": "it speaks no SMB newer than version 1",
    "tarpit": "a service trickled bytes until our time was over",
    "endless": "a service sent without end until our room was full",
    "malformed": "it sent an answer that its protocol does not allow",
}
