"""The JSON Schema of the rule language, for editors.

Made from the same tables that the loader uses.
"""

from __future__ import annotations

from typing import Any

from inventory.catalogue import PLATFORMS, Fact, catalogue
from language.texts import LANGUAGES
from policies import keys, operators
from policies.operators import BOUNDS, LIST_OPERATORS, MISSING, OPERATORS, Operator
from policies.tree import POPULATIONS, SEVERITIES, WITNESSES
from policies.values import WORDS, element_type

Schema = dict[str, Any]
_VARIABLE: Schema = {"type": "string", "pattern": r"^\$[a-z][a-z0-9_]*$"}
_WORDS: Schema = {
    "oneOf": [
        {"type": "string", "minLength": 1},
        {
            "type": "object",
            "properties": {lang: {"type": "string"} for lang in LANGUAGES},
            "required": [*LANGUAGES],
            "additionalProperties": False,
        },
    ]
}
_SPAN: Schema = {"type": "string", "pattern": "^[0-9]+[smhdw]$"}
_AGO: Schema = {"type": "string", "pattern": "^(never|[0-9]+[smhdw]( ago)?)$"}
_SHARE: Schema = {"oneOf": [{"type": "string", "pattern": r"^[0-9.]+ ?%?$"}, {"type": "number"}]}


def policy_schema() -> Schema:
    """JSON Schema 2020-12 of a policy file."""
    known = catalogue()
    definitions = {f"fact:{fact.path}": _fact(fact) for fact in known.facts.values()}
    for prefix in ("", *(fact.path for fact in known.facts.values() if fact.children)):
        definitions[f"block:{prefix}"] = _block(prefix)
    definitions["rule"] = rule = _object("rule", keys.RULE, _rule_properties())
    definitions["change"] = rule | {"required": ["id"]}  # of a rule that is taken over
    definitions["test"] = _object("test", keys.TEST, _test_properties())
    top = _object("policy", keys.POLICY, _policy_properties())
    draft = "https://json-schema.org/draft/2020-12/schema"
    whole, part = ({"$ref": f"#/$defs/{name}"} for name in ("rule", "change"))
    top |= {
        "if": {"required": ["extends"]},
        "then": {"properties": {"rules": {"items": part}}, "required": [*_HEAD]},
        "else": {"properties": {"rules": {"items": whole}}, "required": [*_HEAD, "rules"]},
        "required": [*_HEAD],
    }
    return {"$schema": draft, "title": "A policy of Rà Soát", **top, "$defs": definitions}


def _object(what: str, table: dict[str, str], properties: dict[str, Schema]) -> Schema:
    """A closed mapping with a description for each key."""
    return {
        "type": "object",
        "properties": {
            key: {"description": line, **properties[key]} for key, line in table.items()
        },
        "required": list(keys.REQUIRED[what]),
        "additionalProperties": False,
    }


_HEAD = ("policy", "version", "title")


def _closed(properties: dict[str, Schema], required: list[str]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _policy_properties() -> dict[str, Schema]:
    return {
        "policy": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]*$"},
        "version": {"type": "integer", "minimum": 1},
        "title": _WORDS,
        "extends": {
            "anyOf": [
                {"type": "string", "minLength": 1},
                _closed({"policy": {"type": "string"}, "version": {"type": "integer"}}, ["policy"]),
            ]
        },
        "off": {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}},
        "vars": {"type": "object"},
        "vars_for": {"type": "object", "additionalProperties": {"type": "object"}},
        "rules": {"type": "array", "minItems": 1},
    }


def _rule_properties() -> dict[str, Schema]:
    block = {"$ref": "#/$defs/block:"}
    fleet = {"pass_at_least": _SHARE, "of": {"enum": list(keys.EXPECTED_ONLY)}}
    return {
        "id": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$"},
        "title": _WORDS,
        "severity": {"enum": list(SEVERITIES)},
        "applies_to": block,
        "require": block,
        "fresh": _SPAN,
        "fleet": {"type": "object", "properties": fleet, "additionalProperties": False},
        "fix": _WORDS,
        "why": _WORDS,
        "references": {"type": "array", "items": {"type": "string", "minLength": 1}},
        "for_each": {"enum": list(POPULATIONS)},
        "maps": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}, "minItems": 1},
        },
        "sources": {
            "type": "object",
            "properties": {name: {"enum": ["required", "optional"]} for name in WITNESSES},
            "additionalProperties": False,
        },
        "tests": {"type": "array", "items": {"$ref": "#/$defs/test"}},
    }


def _test_properties() -> dict[str, Schema]:
    return {
        "name": {"type": "string"},
        "facts": {"type": "object"},
        "unknown": {"type": "object", "additionalProperties": {"type": "string"}},
        "reported": _AGO,
        "seen": _AGO,
        "expect": {"enum": list(keys.RESULTS)},
        "says": {"type": "string"},
    }


def _block(prefix: str) -> Schema:
    """Conditions on the facts below ``prefix`` that are reached without entering another list."""
    facts = catalogue().facts
    base = facts[prefix] if prefix else None
    inside = (base.path if base.type == "list" else base.list_path) if base else None
    start = f"{prefix}." if prefix else ""
    properties: dict[str, Schema] = {
        path.removeprefix(start): {"$ref": f"#/$defs/fact:{path}"}
        for path, fact in facts.items()
        if path.startswith(start) and fact.list_path == inside
    }
    own = {"$ref": f"#/$defs/block:{prefix}"}
    several = {"type": "array", "items": own, "minItems": 1}
    properties |= {"all_of": several, "any_of": several, "not": own}
    if base is not None and base.type == "object":
        properties["exists"] = {"type": "boolean"}
    closed = {"additionalProperties": False, "minProperties": 1}
    return {"type": "object", "properties": properties, **closed}


def _fact(fact: Fact) -> Schema:
    """What may be said of one fact."""
    about = f"{fact.label_en} · {fact.label_vi}"
    if fact.platforms != PLATFORMS:
        about += f" ({', '.join(fact.platforms)})"
    if fact.type == "object":
        return {"description": about, "$ref": f"#/$defs/block:{fact.path}"}
    own = {"$ref": f"#/$defs/fact:{fact.path}"}
    several = {"type": "array", "items": own, "minItems": 1}
    said: dict[str, Schema] = {
        "exists": {"type": "boolean"},
        "missing": {"enum": list(MISSING)},
        "not": own,
        "all_of": several,
        "any_of": several,
    }
    said |= _list_words(fact) if fact.type == "list" else _operators(fact)
    mapping: Schema = {
        "type": "object",
        "properties": said,
        "additionalProperties": False,
        "minProperties": 1,
    }
    if fact.type == "list":
        return {"description": about, **mapping}
    return {"description": about, "anyOf": [_value(fact), mapping]}


def _operators(fact: Fact) -> dict[str, Schema]:
    kind = element_type(fact)
    return {
        row.name: {"description": f"Example: {row.example}", **_argument(row, fact)}
        for row in OPERATORS.values()
        if kind in row.fits
    }


def _list_words(fact: Fact) -> dict[str, Schema]:
    """Quantifiers, and the short forms on lists of plain values."""
    where: Schema = {"$ref": f"#/$defs/block:{fact.path}"}
    if not fact.children:
        plain = {"type": "object", "properties": _operators(fact) | {"not": True}}
        where = {"anyOf": [_value(fact), plain]}
    number: Schema = {"type": "integer", "minimum": 0}
    pair: Schema = {"type": "array", "items": number, "minItems": 2, "maxItems": 2}
    bounds = {word: pair if word == "between" else number for word in BOUNDS}
    counted = {
        "type": "object",
        "properties": {"where": where, **bounds},
        "additionalProperties": False,
    }
    words = {word: where for word in operators.QUANTIFIERS if word != "count"}
    words["count"] = {"anyOf": [number, counted]}
    if not fact.children:
        words |= {
            word: _argument(OPERATORS[operator], fact)
            for word, (_, operator) in LIST_OPERATORS.items()
        }
    return words


def _argument(row: Operator, fact: Fact) -> Schema:
    one: Schema = {"type": "string", "minLength": 1} if row.takes.startswith("pa") else _value(fact)
    if row.takes == "span":
        return _with_variable({"anyOf": [_SPAN, {"const": 0}]})
    if row.takes == "pair":
        return {"type": "array", "items": _value(fact), "minItems": 2, "maxItems": 2}
    if row.takes in ("values", "patterns"):
        return _with_variable({"type": "array", "items": one, "minItems": 1})
    return one


def _value(fact: Fact) -> Schema:
    """One value as it is typed into a file."""
    kind = element_type(fact)
    if kind == "boolean":
        return _with_variable({"enum": [True, False, *WORDS[fact.words or "yes_no"]]})
    if kind == "choice":
        return _with_variable({"enum": list(fact.values)})
    if kind in ("integer", "number"):
        units = {"type": "string", "pattern": "^-?[0-9.]+ ?[A-Za-z%/]+$"}
        return _with_variable({"anyOf": [{"type": "number"}, units]})
    return {"type": ["string", "number", "boolean"]}


def _with_variable(schema: Schema) -> Schema:
    return {"anyOf": [schema, _VARIABLE]}
