"""Whether a section has the shape that the catalogue gives it: one that has not stays here.

The collector of a whole office refuses a report with one wrong fact in it, as a whole. So what a
section's code got wrong is found here, and costs that section alone. `agents.shapes` is made from
the catalogue.
"""

from __future__ import annotations

import re

from agents.outcome import REASONS, Unknown
from agents.shapes import LONGEST, MOST_ELEMENTS, MOST_PROGRAMS, PATTERNS, SHAPES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Mapping

MOST_UNKNOWN = 1500  #: entries of one section; the collector takes 2,000 of all together
_LONGEST_PATH = 200  #: characters; as the collector's
_WHOLE = range(-(1 << 63), 1 << 63)
_INDEX = re.compile(r"\[[0-9]+\]")


def check(section: str, values: Any, unknown: Mapping[str, Unknown]) -> None:
    """Check the values of a section, and the full paths of what it lacks.

    Raises:
        Unknown: "failed", with the first path that is not as the catalogue has it.
    """
    if section not in SHAPES:
        raise _wrong(section, "is not in the catalogue")
    _fits(values, SHAPES[section], section)
    check_unknown(section, unknown)


def check_unknown(section: str, unknown: Mapping[str, Unknown]) -> None:
    """Check the full paths of what a section lacks.

    Raises:
        Unknown: "failed", with the first path that the catalogue does not have.
    """
    if len(unknown) > MOST_UNKNOWN:
        raise _wrong(section, "lacks more than %d facts one by one" % MOST_UNKNOWN)
    for path, why in unknown.items():
        if len(path) > _LONGEST_PATH or not _known(path) or why.reason not in REASONS:
            raise _wrong(path[:_LONGEST_PATH], "is named as unknown, and is not in the catalogue")


def _wrong(path: str, what: str) -> Unknown:
    return Unknown("failed", "%s %s" % (path, what))


def _known(path: str) -> bool:
    """Whether the catalogue has a path, indices left out."""
    shape: Any = SHAPES
    for word in _INDEX.sub("", path).split("."):
        shape = shape[0] if isinstance(shape, list) else shape
        if not isinstance(shape, dict) or word not in shape:
            return False
        shape = shape[word]
    return True


def _fits(value: Any, shape: Any, path: str) -> None:
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            raise _wrong(path, "is no object")
        for name, inside in value.items():
            if name not in shape:
                raise _wrong("%s.%s" % (path, str(name)[:50]), "is not in the catalogue")
            _fits(inside, shape[name], path + "." + name)
    elif isinstance(shape, list):
        most = MOST_PROGRAMS if path == "software" else MOST_ELEMENTS
        if not isinstance(value, list) or len(value) > most:
            raise _wrong(path, "is no list of at most %d" % most)
        for element in value:
            _fits(element, shape[0], path)
    elif not _is(value, shape):
        raise _wrong(path, "is no " + shape.partition("|")[0].lstrip("=") + ", as it should be")


def _is(value: Any, kind: str) -> bool:
    """Whether a value is of a kind: a type of the catalogue, or ``=`` and the choices."""
    if kind == "boolean":
        return value is True or value is False
    if kind == "integer":
        return type(value) is int and value in _WHOLE
    if kind == "number":
        if type(value) is int:
            return value in _WHOLE
        return type(value) is float and value - value == 0.0  # neither infinite nor NaN
    if not isinstance(value, str) or len(value) > LONGEST or not _sound(value):
        return False
    if kind.startswith("="):
        return value in kind[1:].split("|")
    pattern = PATTERNS.get(kind)
    return pattern is None or re.search(pattern, value) is not None


def _sound(text: str) -> bool:
    """Without half a character, which JSON cannot carry."""
    if text.isascii():
        return True
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
