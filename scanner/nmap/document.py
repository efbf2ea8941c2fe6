"""nmap's XML read piece by piece: whole hosts come out, entities and endless things are refused.

nmap's own documents have a DOCTYPE without anything in it, so a reader that refuses every DOCTYPE
(defusedxml's strict mode) cannot read them; this one refuses what a DOCTYPE could carry.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement
from xml.parsers import expat

from language.said import said
from scanner.problems import BadFile

DEEPEST = 12  #: levels of elements; nmap's own documents have 6
LARGEST = 512 << 20  #: bytes of a document: a /16 with every port listed is below
LARGEST_HOST = 32 << 20  #: bytes of one host: 65,535 ports with their services are below
LONGEST_TOKEN = 4 << 20  #: bytes of one tag with its attributes; script output stands in one
_ROOT = "nmaprun"
_HOST_LEVEL = 2  #: a host stands right under the root
#: What is kept of a host, and with it python-nmap has all that it asks for.
_KEPT = frozenset(
    (
        *("status", "address", "hostnames", "hostname", "ports", "port", "state", "service"),
        *("cpe", "os", "osmatch", "osclass"),
    )
)


class Document:
    """One document as it comes; `hosts` are the whole ones so far, for the caller to take away."""

    def __init__(self) -> None:
        self.hosts: list[Element] = []
        self.started = 0.0  #: seconds since 1970, by the document's own word; 0: it does not say
        self.version = ""  #: of the nmap that wrote it
        self.percent = 0.0  #: how far the task under way is
        self.finished = False  #: nmap wrote its closing statistics
        self._open: list[Element | None] = []
        self._host_began = 0
        self._fed = 0
        self._parser = _parser(self)

    def feed(self, data: bytes, *, last: bool = False) -> None:
        """Read on.

        Raises:
            BadFile: it holds what no document of nmap's holds.
            expat.ExpatError: it is not well-formed, or ``last`` and it is not whole.
        """
        self._fed += len(data)
        if self._fed > LARGEST:
            raise BadFile(said("it is larger than {most} MB", most=LARGEST >> 20))
        try:
            self._parser.Parse(data, last)
        except (LookupError, ValueError):  # what expat says of an encoding that it has no table for
            raise BadFile(
                said("it says an encoding that no reader knows; nmap's is UTF-8")
            ) from None
        if self._fed - self._parser.CurrentByteIndex > LONGEST_TOKEN:
            raise BadFile(
                said(
                    "a piece of it is longer than {most} MB",
                    most=LONGEST_TOKEN >> 20,
                )
            )

    def doctype(self, name: str, system: str | None, public: str | None, inside: int) -> None:
        """nmap writes `<!DOCTYPE nmaprun>` and nothing more."""
        if name != _ROOT or system or public or inside:
            raise BadFile(said("its DOCTYPE declares something, which nmap's never does"))

    def refuse(self, *_: object) -> int:
        """Called for every declaration of an entity, and every call to the world outside."""
        raise BadFile(said("it declares or calls entities, which nmap's never does"))

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        level = len(self._open) + 1
        if level > DEEPEST:
            raise BadFile(said("its elements stand more than {most} deep", most=DEEPEST))
        if level == 1 and name != _ROOT:
            raise BadFile(
                said("it begins with {name!r}: nmap's XML begins with nmaprun", name=name[:40])
            )
        self._check_host_size()
        self._open.append(self._element(level, name, attributes))

    def text(self, text: str) -> None:
        """Text inside an element; only that of a cpe is ever used."""
        if self._open and (element := self._open[-1]) is not None and element.tag == "cpe":
            element.text = (element.text or "") + text

    def end(self, name: str) -> None:
        """An element is whole."""
        element = self._open.pop()
        if len(self._open) == _HOST_LEVEL - 1 and element is not None:
            self.hosts.append(element)

    def _element(self, level: int, name: str, attributes: dict[str, str]) -> Element | None:
        if level == 1:
            self.started = seconds(attributes.get("start", ""))
            self.version = attributes.get("version", "")[:20]
        elif level == _HOST_LEVEL:
            return self._of_root(name, attributes)
        elif name == "finished":
            self.finished = attributes.get("exit") == "success"
        elif name in _KEPT and (parent := self._open[-1]) is not None:
            return SubElement(parent, name, attributes)
        return None

    def _of_root(self, name: str, attributes: dict[str, str]) -> Element | None:
        if name == "host":
            self._host_began = self._parser.CurrentByteIndex
            return Element(name, attributes)
        if name == "taskprogress":
            self.percent = min(100.0, seconds(attributes.get("percent", "")))
        return None

    def _check_host_size(self) -> None:
        in_host = len(self._open) >= _HOST_LEVEL
        if in_host and self._parser.CurrentByteIndex - self._host_began > LARGEST_HOST:
            raise BadFile(
                said(
                    "one of its hosts is larger than {most} MB",
                    most=LARGEST_HOST >> 20,
                )
            )


def seconds(text: str) -> float:
    """A time or a share as nmap writes it: ASCII digits, maybe a fraction; anything else is 0."""
    plain = text[:20]
    return float(plain) if plain.isascii() and plain.replace(".", "", 1).isdigit() else 0.0


def _parser(document: Document) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = document.doctype
    parser.EntityDeclHandler = document.refuse
    parser.UnparsedEntityDeclHandler = document.refuse
    parser.ExternalEntityRefHandler = document.refuse
    parser.StartElementHandler = document.begin
    parser.CharacterDataHandler = document.text
    parser.EndElementHandler = document.end
    return parser
