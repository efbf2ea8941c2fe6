"""Two judges of an OSCAL document, and what neither of them looks at: where its pointers lead.

compliance-trestle's models refuse every unknown field. Its package does not ship NIST's schema
file, so the second judge is another program (jsonschema) over the JSON Schema that those models
describe, made stricter: NIST's format has no nulls, and a text is a text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema
from trestle.oscal.assessment_results import Model


def judged(text: bytes) -> dict[str, Any]:
    """The document, which both judges find right and whose pointers all lead somewhere."""
    Model.model_validate_json(text)
    whole: dict[str, Any] = json.loads(text)
    validator().validate(whole)
    lost = sorted(pointers(whole) - identifiers(whole))
    assert lost == [], f"pointers that lead nowhere: {lost}"
    return dict(whole["assessment-results"])


@cache
def validator() -> jsonschema.Draft202012Validator:
    """The second judge."""
    schema = without_nulls(Model.model_json_schema(by_alias=True))
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


def without_nulls(schema: Any) -> Any:
    """A schema that lets null stand nowhere."""
    if isinstance(schema, list):
        return [without_nulls(one) for one in schema if one != {"type": "null"}]
    if isinstance(schema, dict):
        return {name: without_nulls(one) for name, one in schema.items()}
    return schema


def nodes(whole: Any) -> Iterator[dict[str, Any]]:
    """Every object of a document."""
    if isinstance(whole, dict):
        yield whole
    inside = whole.values() if isinstance(whole, dict) else whole if isinstance(whole, list) else ()
    for one in inside:
        yield from nodes(one)


def identifiers(whole: Any) -> set[str]:
    """Every UUID that something has; no two things share one."""
    found = [one["uuid"] for one in nodes(whole) if "uuid" in one]
    assert len(found) == len(set(found)), "two things have one UUID"
    return set(found)


def pointers(whole: Any) -> set[str]:
    """Every UUID that something points to."""
    names = ("subject-uuid", "observation-uuid", "risk-uuid")
    found = {one[name] for one in nodes(whole) for name in names if name in one}
    hrefs = {one["href"] for one in nodes(whole) if "href" in one}
    assert all(one.startswith("#") for one in hrefs), "an address outside of the document"
    return found | {one[1:] for one in hrefs}


def prop(node: dict[str, Any], name: str) -> str:
    """The value of one property."""
    (found,) = [one["value"] for one in node["props"] if one["name"] == name]
    return str(found)
