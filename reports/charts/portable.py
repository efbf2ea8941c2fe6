"""What lets-plot draws, as SVG for page and print: attributes instead of style sheets.

A page forbids styles that it did not bring, and in a style sheet every drawing would restyle the
whole page. The library's names of elements are of chance; none is kept, so that the same drawing
is the same bytes. Its texts know links and formulas: `guarded` keeps them from being either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from reports import fonts

#: The library measures by tables of its own; it has one for this family, whose widths ours has.
MEASURED = "Times New Roman"
_PLACES = ("x", "y", "x1", "x2", "y1", "y2", "dy", "cx", "cy", "r", "width", "height", "points")
_INK = ("fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray")
_KEPT = frozenset({"d", "transform", "font-size", "text-anchor", *_PLACES, *_INK})
_UNSEEN = frozenset({"defs", "style"})
_DEFAULTS = {"fill-opacity": "1.0", "stroke-opacity": "1.0", "y": "0.0"}
_RGB = re.compile(r"rgb\((\d+),(\d+),(\d+)\)")
_LONG = re.compile(r"\d+\.\d{3,}")
_GUARD = "\u2060"  #: the word joiner; `visible` leaves none in a text
_ACTIVE = re.compile(r"[<\\]")


def guarded(text: str) -> str:
    """A text in which the library finds neither a link nor a formula; `portable` undoes it."""
    return _ACTIVE.sub(lambda found: found[0] + _GUARD, text)


def portable(drawn: str) -> str:
    """The drawing by itself: no style, no script, no identifier, nothing to fetch.

    Raises:
        ValueError: the library drew what went wrong instead.
    """
    root = ET.fromstring(drawn)  # noqa: S314 - the library has just written it
    if "width" not in root.attrib:
        raise ValueError(" ".join("".join(root.itertext()).split()))
    width, height = (float(root.attrib[name]) for name in ("width", "height"))
    made = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "width": f"{width:g}",
            "height": f"{height:g}",
            "viewBox": f"0 0 {width:g} {height:g}",
            "font-family": fonts.FAMILY,
        },
    )
    made.extend(_inside(root))
    return ET.tostring(made, encoding="unicode")


def _inside(element: ET.Element) -> Iterator[ET.Element]:
    for one in element:
        name = one.tag.rpartition("}")[2]
        if name in _UNSEEN or (name == "path" and not one.get("d")):
            continue
        made = ET.Element(name, _attributes(one))
        if name == "text":
            made.text = "".join(part.strip() for part in one.itertext()).replace(_GUARD, "")
        else:
            made.extend(_inside(one))
        if name != "g" or len(made):
            yield made


def _attributes(element: ET.Element) -> dict[str, str]:
    style = (rule.partition(":") for rule in element.get("style", "").split(";"))
    told = element.attrib | {name.strip(): value.strip() for name, _, value in style}
    return {
        name: _value(value)
        for name, value in sorted(told.items())
        if name in _KEPT and value and _DEFAULTS.get(name) != value
    }


def _value(text: str) -> str:
    """Colours as ``#rrggbb``, and a hundredth of a pixel is enough."""
    text = _RGB.sub(lambda found: "#" + "".join(f"{int(one):02x}" for one in found.groups()), text)
    return _LONG.sub(lambda found: f"{float(found[0]):.2f}", text).strip()
