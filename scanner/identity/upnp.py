"""UPnP descriptions: a device's maker, model and friendly name (Device Architecture 2.0, 2.3).

No parser of XML is asked, so none can be made to fetch or to expand anything.
"""

from __future__ import annotations

import html
import re

from scanner.heard import Heard, evidence, plain
from scanner.names import ssdp

#: elements of the device itself
_FIELDS = ("friendlyName", "manufacturer", "modelName", "modelNumber", "modelDescription")
_FIELD = re.compile(rf"<({'|'.join(_FIELDS)})>([^<>]{{1,300}})</")
_DEVICE = re.compile(r"<deviceType>([^<>]{1,200})</")
_LONGEST = 32 << 10  #: bytes of a description that are read


def read(received: bytes) -> Heard:
    """The device's own fields; those of the services and devices inside it come later."""
    text = plain(received.partition(b"\r\n\r\n")[2][:_LONGEST])
    fields: dict[str, str] = {}
    for name, value in _FIELD.findall(text):
        fields.setdefault(name, html.unescape(value))
    kind = _DEVICE.search(text)
    return Heard(
        evidence=evidence(
            *(("upnp_device", f"{name}={value}") for name, value in fields.items()),
            ("ssdp_type", ssdp.device_type(kind[1]) if kind else ""),
        )
    )
